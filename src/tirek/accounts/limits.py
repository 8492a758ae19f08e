"""Limits on tries to sign in, and the journal of sign-ins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Address, ip_address, ip_network
from typing import Final

from django.utils.translation import ngettext_lazy

from tirek.accounts.models import SignInEvent
from tirek.core import clock
from tirek.core.crypto import fingerprint
from tirek.core.database import ratelimit
from tirek.core.database.ratelimit import Limit
from tirek.core.errors import TooMany
from tirek.core.signing import codes

Outcome = SignInEvent.Outcome

LINK_HOURS: Final = 1
INVITATION_DAYS: Final = 3

#: From one address for one account the limits are tight; for an account from anywhere wider, so that nobody locks
#: others out.
CODES_HERE: Final = (Limit(3, timedelta(minutes=10)),)
CODES_ANYWHERE: Final = codes.LIMITS
PASSWORDS_HERE: Final = (Limit(10, timedelta(minutes=15)),)
PASSWORDS_ANYWHERE: Final = (Limit(100, timedelta(days=1)),)
FACTORS: Final = (Limit(5, timedelta(minutes=5)), Limit(30, timedelta(days=1)))
#: One address may be a whole office behind one router.
FROM_ONE_ADDRESS: Final = (Limit(200, timedelta(hours=1)),)


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


def count(
    name: str, identifier: str, origin: Origin, *, here: Sequence[Limit] = (), anywhere: Sequence[Limit] = ()
) -> None:
    """Count a try of one account and of one address.

    Raises:
        TooMany: a limit is passed; it is written down.
    """
    place = net_of(origin.address)
    try:
        ratelimit.hit(f"{name}.address", place, limits=FROM_ONE_ADDRESS)
        if here:
            ratelimit.hit(f"{name}.here", f"{identifier} {place}", limits=here)
        if anywhere:
            ratelimit.hit(f"{name}.anywhere", identifier, limits=anywhere)
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
        ) from refused
