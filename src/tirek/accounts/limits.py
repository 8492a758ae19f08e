"""Limits on tries to sign in, and the journal of sign-ins."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Address, ip_address, ip_network
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from tirek.accounts.models import SignInEvent
from tirek.config import config
from tirek.core import clock
from tirek.core.crypto import fingerprint
from tirek.core.database import ratelimit
from tirek.core.database.ratelimit import Limit
from tirek.core.errors import Text, TooMany
from tirek.core.signing import codes

Outcome = SignInEvent.Outcome

LINK_HOURS: Final = 1

#: From one address for one account the limits are tight; for an account from anywhere wider. Nobody locks others out: a
#: device that has signed in to the account before has a budget of its own, which no stranger can use up.
CODES_HERE: Final = (Limit(3, timedelta(minutes=10)),)
CODES_ANYWHERE: Final = codes.LIMITS
PASSWORDS_HERE: Final = (Limit(10, timedelta(minutes=15)),)
PASSWORDS_ANYWHERE: Final = (Limit(100, timedelta(days=1)),)
FACTORS: Final = (Limit(5, timedelta(minutes=5)), Limit(30, timedelta(days=1)))
CODES_KNOWN: Final = (Limit(3, timedelta(minutes=10)), Limit(20, timedelta(days=1)))
PASSWORDS_KNOWN: Final = (Limit(10, timedelta(minutes=15)), Limit(50, timedelta(days=1)))
#: One address may be a whole office, or a town behind its mobile operator: only tries without success count for long.
FROM_ONE_ADDRESS: Final = (Limit(config().sign_ins_from_one_address, timedelta(hours=1)),)
#: Wrong codes that one address may type, for whomever: guessing goes from person to person.
WRONG_FROM_ONE_ADDRESS: Final = (Limit(max(20, config().sign_ins_from_one_address // 10), timedelta(hours=1)),)
#: For how long a device is known to an account after it has signed in.
KNOWN_FOR: Final = timedelta(days=180)
_SIGNED_IN: Final = (Outcome.CODE_RIGHT, Outcome.PASSWORD_RIGHT)
#: Wrong codes and passwords of an hour, of all people together, from which on somebody should look.
MANY_WRONG: Final = 300


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a try comes from.

    Attributes:
        address: address of the net, for limits; stored nowhere in clear.
        device: hash of the device, "" when unknown.
    """

    address: str
    device: str


def identifier_of(typed: str) -> str:
    """What stands for a typed IIN or e-mail address in tables."""
    return fingerprint(f"sign-in:{typed.strip().lower()}")


def record(identifier: str, outcome: SignInEvent.Outcome, origin: Origin) -> None:
    """Write one step of a sign-in down."""
    SignInEvent.objects.create(at=clock.now(), identifier=identifier, outcome=outcome, device=origin.device)


def net_of(address: str) -> str:
    """What limits count as one place: an IPv4 address, or the network of 64 bits that one subscriber of IPv6 has
    whole.
    """
    try:
        seen = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(seen, IPv4Address):
        return str(seen)
    return str(seen.ipv4_mapped or ip_network((seen, 64), strict=False))


def is_known(identifier: str, origin: Origin) -> bool:
    """Whether the device has signed in to this account before, by its cookie that nobody can guess (one query)."""
    if not origin.device:
        return False
    seen = SignInEvent.objects.filter(identifier=identifier, at__gte=clock.now() - KNOWN_FOR, device=origin.device)
    return seen.filter(outcome__in=_SIGNED_IN).exists()


def count(
    name: str,
    identifier: str,
    origin: Origin,
    *,
    here: Sequence[Limit] = (),
    anywhere: Sequence[Limit] = (),
    known: Sequence[Limit] = (),
) -> None:
    """Count a try of one account and of one address, or of one account and a device that it knows.

    Args:
        name: what is tried.
        identifier: whose account, as ``identifier_of`` says it.
        origin: where the try comes from.
        here: for the account from this address.
        anywhere: for the account from all addresses together.
        known: in place of the others for a device that has signed in to the account before.

    Raises:
        TooMany: a limit is passed; it is written down.
    """
    place = net_of(origin.address)
    with _told_in_minutes(identifier, origin, ways=_WAYS.get(name)):
        if known and is_known(identifier, origin):
            ratelimit.hit(f"{name}.known", f"{identifier} {origin.device}", limits=known)
            return
        ratelimit.hit(f"{name}.address", place, limits=FROM_ONE_ADDRESS)
        if here:
            ratelimit.hit(f"{name}.here", f"{identifier} {place}", limits=here)
        if anywhere:
            ratelimit.hit(f"{name}.anywhere", identifier, limits=anywhere)


def succeeded(name: str, identifier: str, origin: Origin, *, tries: Sequence[Limit] = ()) -> None:
    """Whoever signs in has not been guessing: the try counts no more for the address, and where every single ``tries``
    is a try of this kind, for the account.
    """
    place = net_of(origin.address)
    ratelimit.give_back(f"{name}.address", place, limits=FROM_ONE_ADDRESS)
    if tries:
        ratelimit.give_back(f"{name}.here", f"{identifier} {place}", limits=tries)
        ratelimit.give_back(f"{name}.anywhere", identifier, limits=tries)
        ratelimit.give_back(f"{name}.known", f"{identifier} {origin.device}", limits=tries)


@contextmanager
def not_guessing(identifier: str, origin: Origin) -> Iterator[None]:
    """Around one typed code: it counts for its address until it was right.

    Raises:
        TooMany: so many wrong ones came from there that none is looked at any more for a while.
    """
    place = net_of(origin.address)
    with _told_in_minutes(identifier, origin, ways=_WAYS["sign_in.code"]):
        ratelimit.hit("sign_in.wrong.address", place, limits=WRONG_FROM_ONE_ADDRESS)
    yield
    ratelimit.give_back("sign_in.wrong.address", place, limits=WRONG_FROM_ONE_ADDRESS)


def wrong_of_the_last_hour() -> int:
    """Wrong codes and passwords of the last hour, of everybody (one query)."""
    wrong = SignInEvent.objects.filter(outcome__in=(Outcome.CODE_WRONG, Outcome.PASSWORD_WRONG))
    return wrong.filter(at__gte=clock.now() - timedelta(hours=1)).count()


#: What is left to somebody who has tried too many times.
_WAYS: Final = {
    "sign_in.code": _(
        "If a message with a code came, that code is still valid. You can also order at the office of your district "
        "with your identity card, or call 1414, free of charge."
    )
}


@contextmanager
def _told_in_minutes(identifier: str, origin: Origin, *, ways: Text | None) -> Iterator[None]:
    """A limit passed inside is written down, and said in minutes, with the ways that are left."""
    try:
        yield
    except TooMany as refused:
        record(identifier, Outcome.LIMITED, origin)
        minutes = -(-refused.retry_after // 60)
        raise TooMany(
            retry_after=refused.retry_after,
            message=ngettext_lazy(
                "This was tried too many times. Try again in %(minutes)s minute.",
                "This was tried too many times. Try again in %(minutes)s minutes.",
                minutes,
            )
            % {"minutes": minutes},
            next_step=ways,
        ) from refused
