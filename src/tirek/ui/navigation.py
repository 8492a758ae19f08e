"""What the menu of each desk holds. Apps announce their pages here, in their room ``menu``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Desk

if TYPE_CHECKING:
    from django.utils.functional import Promise

Count = Callable[[HttpRequest], int]
Shown = Callable[[HttpRequest], bool]


@dataclass(frozen=True, slots=True)
class Section:
    """Pages of a menu that belong together: one entry, which opens those of its pages that the reader has."""

    label: "str | Promise"


PEOPLE: Final = Section(_("People"))
GOODS: Final = Section(_("Orders and goods"))
OFFERS: Final = Section(_("Offers and parts"))
SUPPLIERS: Final = Section(_("Suppliers"))
COMPANY: Final = Section(_("Your organisation"))
LETTERS: Final = Section(_("Messages and letters"))
FIGURES: Final = Section(_("Figures"))


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a desk's menu.

    Attributes:
        label: translated lazily.
        url_name: name of the route, without arguments.
        order: smaller stands earlier.
        count: how many things wait there; 0 shows nothing.
        shown: whether the reader has anything to do there; ``None`` is everybody.
        section: with which others it stands together; ``None`` stands by itself.
    """

    label: "str | Promise"
    url_name: str
    order: int
    count: Count | None = None
    shown: Shown | None = None
    section: Section | None = None


@dataclass(frozen=True, slots=True)
class RoleLine:
    """In which role, and for whom, somebody acts: a line under the header.

    Attributes:
        text: "Officer, department of Semey", or "You act for Aiym S.".
        url: where to change it; "" when there is nothing to choose.
        link: words of that link.
    """

    text: str
    url: str = ""
    link: str = ""


TellRoleLine = Callable[[HttpRequest], RoleLine | None]

_items: dict[Desk, dict[str, Item]] = {}
#: More unread notices than this are not counted out in the head of a page.
MOST_SHOWN: Final = 99
_unread: list[Count] = []
_role_lines: list[TellRoleLine] = []


def register(
    desk: Desk,
    label: "str | Promise",
    url_name: str,
    order: int,
    *,
    count: Count | None = None,
    shown: Shown | None = None,
    section: Section | None = None,
) -> None:
    """Put a page into the menu of ``desk``; the same ``url_name`` again replaces the entry. A section stands where the
    first of its pages would.
    """
    _items.setdefault(Desk(desk), {})[url_name] = Item(label, url_name, order, count, shown, section)


def register_unread_count(count: Count) -> None:
    """Tell how many notices the signed-in person has not read; the header shows it beside the bell."""
    _unread[:] = [count]


def register_role_line(tell: TellRoleLine) -> None:
    """Tell in which role, and for whom, the signed-in person acts; ``None`` shows no line."""
    _role_lines[:] = [tell]


def role_line(request: HttpRequest) -> RoleLine | None:
    """The line under the header; ``None`` while nobody tells it."""
    return next((tell(request) for tell in _role_lines), None)


def items_for(desk: Desk) -> list[Item]:
    """Menu of ``desk`` in its order."""
    return sorted(_items.get(desk, {}).values(), key=lambda item: (item.order, item.url_name))


def unread(request: HttpRequest) -> int:
    """Unread notices of the person behind ``request``; 0 while nobody counts them."""
    return sum(count(request) for count in _unread)
