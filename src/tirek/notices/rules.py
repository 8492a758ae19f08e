"""When a delivery leaves, and when it is tried again."""

from datetime import datetime, time, timedelta
from typing import Final

MAX_TRIES: Final = 6
#: A claim this old belongs to a worker that is gone; whether it had sent is not known.
CLAIM_LASTS: Final = timedelta(minutes=10)
#: So few that a slow channel (20 s each) has taken them long before the claim is given up.
CLAIMED_AT_ONCE: Final = 10


def wait_after(tries: int) -> timedelta:
    """How long to wait after the channel said "not now" for the ``tries``-th time: 1, 2, 4 … minutes."""
    return timedelta(minutes=2 ** (tries - 1))


def next_waking(moment: datetime, *, first: timedelta, last: timedelta) -> datetime:
    """The first moment from ``moment`` (in the zone of the reader) on that lies between ``first`` and ``last`` after
    midnight.
    """
    midnight = datetime.combine(moment.date(), time(), moment.tzinfo)
    if midnight + first <= moment < midnight + last:
        return moment
    return midnight + first if moment < midnight + first else midnight + timedelta(days=1) + first


#: Signs of a short message, and of each part of a longer one: in the alphabet of telephones, and in any other (3GPP TS
#: 23.038 and 23.040).
_SIMPLE: Final = (160, 153)
_WIDE: Final = (70, 67)


def parts_of(sms: str) -> int:
    """In how many parts a short message travels; 0 for none. What is not ASCII counts as any other alphabet, though
    telephones know some more signs: it is never told as shorter than it is.
    """
    units = len(sms) if sms.isascii() else len(sms.encode("utf-16-le")) // 2
    whole, part = _SIMPLE if sms.isascii() else _WIDE
    return 0 if not units else 1 if units <= whole else -(-units // part)
