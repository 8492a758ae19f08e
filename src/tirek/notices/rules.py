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
