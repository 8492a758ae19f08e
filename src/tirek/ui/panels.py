"""Parts that apps put into pages of the desks: declared in an app's room ``panels``, shown by who owns the page.

Places: ``home`` of a desk, a person's file (``person``), the card of somebody one acts for (``ward``), a case
(``case``), the recipient's programme (``programme``, of a person), a line of it (``line``). The owner asks each panel
for what it shows; a panel that has nothing to say gives ``None``.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tirek.core.actors import Desk
from tirek.ui.desks import DeskRequest

PLACES: Final = frozenset({"front", "home", "person", "ward", "case", "programme", "line"})
#: ``(request, subject) -> context of the template``; ``subject`` is the person of a file or card, the case, or nothing.
Fill = Callable[[DeskRequest, Any], Mapping[str, object] | None]


@dataclass(frozen=True, slots=True)
class Panel:
    """One part of a page.

    Attributes:
        template: of the part.
        order: smaller stands earlier.
        fill: values for the template, or nothing to show nothing.
    """

    template: str
    order: int
    fill: Fill


@dataclass(frozen=True, slots=True)
class Shown:
    """A part with its values, ready for ``{% panels %}``."""

    template: str
    values: Mapping[str, object]


_panels: dict[tuple[str, Desk], dict[int, Panel]] = {}


def panel(place: str, at: Desk, template: str, order: int) -> Callable[[Fill], Fill]:
    """Declare a part of a place at a desk.

    Raises:
        ValueError: there is no such place, or another part has this order there.
    """
    if place not in PLACES:
        raise ValueError(f"{place!r} is no place for panels.")

    def declare(fill: Fill) -> Fill:
        taken = _panels.setdefault((place, at), {})
        if order in taken:
            raise ValueError(f"{place!r} of {at} has a part with order {order} already: {taken[order].template}.")
        taken[order] = Panel(template, order, fill)
        return fill

    return declare


def shown(request: DeskRequest, place: str, subject: object = None) -> list[Shown]:
    """The parts of a place for the reader's desk, in order, with their values."""
    return _filled(request, _panels.get((place, request.actor.desk), {}).values(), subject)


def _filled(request: DeskRequest, known: Iterable[Panel], subject: object) -> list[Shown]:
    filled = [(one.template, one.fill(request, subject)) for one in sorted(known, key=lambda one: one.order)]
    return [Shown(template, values) for template, values in filled if values is not None]


def shown_to_all(request: DeskRequest, place: str) -> list[Shown]:
    """The parts of a place that everybody sees, whoever reads: those of ``Desk.PUBLIC``."""
    return _filled(request, _panels.get((place, Desk.PUBLIC), {}).values(), None)
