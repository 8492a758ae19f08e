"""What people were doing when something failed, in words: pages and presses by their routes."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Desk
from tirek.core.errors import Text
from tirek.ui import navigation

#: What people do most, and what hurts most when it fails.
_STEPS: Final[dict[str, Text]] = {
    "orders:submit": _("Sending an order"),
    "orders:step": _("Filling in an order"),
    "orders:offers": _("Looking at the offers"),
    "orders:offer": _("Looking at one offer"),
    "orders:recipient-order": _("A recipient's order"),
    "orders:supplier-order": _("An order at the supplier"),
    "orders:officer-order": _("An order at the office"),
    "orders:supplier-orders-bulk": _("Many orders together"),
    "entitlements:request-ask": _("Asking for a correction"),
    "entitlements:request-submit": _("Sending a request for a correction"),
    "accounts:sign-in": _("Signing in: the IIN"),
    "accounts:code": _("Signing in: the code"),
    "accounts:staff-sign-in": _("Signing in: the password"),
    "accounts:mfa": _("Signing in: the second step"),
    "accounts:new-password": _("Setting a password"),
    "draft-fields": _("Saving while somebody types"),
    "files:download": _("Opening a file"),
    "manage:import": _("Importing a file"),
}
#: The part of the portal, where a page has no words of its own.
_AREAS: Final[dict[str, Text]] = {
    "accounts": _("Signing in"),
    "correspondence": _("Messages between people and the office"),
    "demand": _("What is asked for and not offered"),
    "desks": _("Home pages and files"),
    "entitlements": _("Programmes and corrections"),
    "entrance": _("Public pages and own data"),
    "files": _("Files"),
    "manage": _("Administration"),
    "notices": _("Notices"),
    "orders": _("Orders"),
    "parts": _("Spare parts and accessories"),
    "people": _("What is entered at the counter"),
    "ui": _("Language and display"),
    "": _("Other pages"),
}


def _own_words(step: str) -> Text | None:
    """What is said of this very route; ``None`` where only its part of the portal has words."""
    known = _STEPS.get(step)
    if known is not None:
        return known
    called = [(item.url_name, item.label, desk) for desk in Desk for item in navigation.items_for(desk)]
    named = next(((label, desk) for route, label, desk in called if route == step), None)
    if named is None:
        return None
    label, desk = named
    # "Home" is a page of several desks
    is_shared = any(str(other) == str(label) and route != step for route, other, _desk in called)
    return f"{label} ({desk.label})" if is_shared else label


def _area_of(step: str) -> str:
    area = step.partition(":")[0] if ":" in step else ""
    return area if area in _AREAS else ""


def key_of_step(step: str) -> str:
    """By what steps are counted together: the route that has words of its own, else its part of the portal."""
    return step if _own_words(step) is not None else f"{_area_of(step)}:*"


def words_of_step(step: str) -> str:
    """What somebody was doing at a route; the part of the portal where nobody has said it, never a name of code."""
    known = _own_words(step)
    return str(_AREAS[_area_of(step)] if known is None else known)
