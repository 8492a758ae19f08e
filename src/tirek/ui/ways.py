"""Addresses that pages of lower apps need and upper apps own: named here, announced by who owns them (room ``menu``).

A template asks by ``{% way "person" person.pk as url %}``; a way that nobody announced leads nowhere ("").
"""

from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

#: Ways that exist, with what they lead to. A name that is not here is a mistake.
NAMES: Final = {
    "home": "public home page",
    "help": "help",
    "privacy": "how personal data are kept",
    "accessibility": "accessibility statement",
    "status": "state of the service",
    "sign-in": "sign-in of people",
    "sign-out": "end of the session",
    "inbox": "notices",
    "sent-messages": "messages that would have gone to telephones, in demo mode",
    "welcome": "what is asked at the first sign-in",
    "roles": "choice of the role to work in",
    "for-whom": "choice of the person to act for",
    "act-for": "acting for a person from now on (sends ``person`` and ``next``)",
    "recipient-home": "home of the recipient's desk",
    "supplier-home": "home of the supplier's desk",
    "officer-home": "home of the officer's desk",
    "admin-home": "home of the administrator's desk",
    "recipient-forms": "unfinished forms of the person",
    "officer-forms": "forms at the office",
    "person": "a person's file at the officer's desk, by key",
    "reason": "why a file is opened, by the person's key",
    "programme": "the recipient's programme, line by line",
    "join": "how one becomes a supplier, for everybody",
    "waiting": "how long people wait, for everybody",
    "unsent": "what waits on the device of somebody who is signed in",
    "my-things": "what a person got, and what can be done with it",
    "things-of": "what a person got, at the officer's desk, by the person's key",
    "things": "what can be ordered, for everybody",
    "order-line": "ordering of a line of the programme, by its key",
    "write": "messages about a case or a person, by code and key; nowhere about what nobody writes about",
    "write-office": "messages between a person and the department (takes ``topic`` and ``text``)",
    "ask-for-offer": "asking for an offer of a line of the programme, by its key",
    "tell-need": "saying what is needed and was not found among the offers of a line, by its key",
    "autosave": "where the fields of a draft are saved as they are typed, by its key",
}

_ways: dict[str, Callable[..., str]] = {}


def announce(name: str, route: str | Callable[..., str]) -> None:
    """Say which route a way leads to: its name, or a function of the way's arguments.

    Raises:
        KeyError: there is no such way.
        ValueError: it leads elsewhere already.
    """
    NAMES[name]
    if name in _ways:
        raise ValueError(f"The way {name!r} leads elsewhere already.")
    _ways[name] = (lambda *args: reverse(route, args=args)) if isinstance(route, str) else route


def way(name: str, *args: object) -> str:
    """The address of a way; "" where nobody announced it, or the installation has no such route.

    Raises:
        KeyError: there is no such way.
    """
    NAMES[name]
    if name not in _ways:
        return ""
    try:
        return _ways[name](*args)
    except NoReverseMatch:
        return ""


def came_from(request: HttpRequest, name: str, *, otherwise: str) -> str:
    """The address of a way, where a link on its page led here; else ``otherwise``.

    Raises:
        KeyError: there is no such way.
    """
    referer, address = urlsplit(request.headers.get("Referer", "")), way(name)
    return address if address and (referer.netloc, referer.path) == (request.get_host(), address) else otherwise
