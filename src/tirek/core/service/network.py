"""Where a request comes from, by the word of our own proxies."""

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final

from django.conf import settings
from django.http import HttpRequest

Network = IPv4Network | IPv6Network
#: Header by which each proxy tells whom it saw.
FORWARDED: Final = "X-Forwarded-For"


def client_address(*, forwarded: str, remote: str, proxies: int) -> str:
    """The address that the outermost of our proxies saw.

    Args:
        forwarded: what ``X-Forwarded-For`` says, all its lines joined by commas.
        remote: address at the other end of the connection.
        proxies: proxies of ours in front; without one nobody's word is believed.
    """
    seen = [part.strip() for part in forwarded.split(",") if part.strip()]
    if proxies and len(seen) >= proxies:
        return seen[-proxies]
    return remote


def address_of(request: HttpRequest) -> str:
    """Address of the net a request comes from; behind ``TIREK_PROXIES`` proxies of ours the one that the outermost
    saw.
    """
    return client_address(
        forwarded=request.headers.get(FORWARDED, ""),
        remote=str(request.META.get("REMOTE_ADDR", "")),
        proxies=int(settings.TIREK_PROXIES),
    )


def is_counter(request: HttpRequest) -> bool:
    """Whether the request comes from a counter's network (``TIREK_COUNTER_NETWORKS``): there a computer is shared, and
    a person sits in front of it.
    """
    try:
        address = ip_address(address_of(request))
    except ValueError:
        return False
    return any(address in network for network in _networks(tuple(settings.TIREK_COUNTER_NETWORKS)))


@lru_cache(maxsize=8)
def _networks(named: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(ip_network(one) for one in named)
