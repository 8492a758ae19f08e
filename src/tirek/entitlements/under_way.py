"""What is under way of lines of a programme: an app whose cases are about a line says which of them are open."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from tirek.core.actors import Actor
from tirek.entitlements.models import Line
from tirek.entitlements.queries import LineStatus


@dataclass(frozen=True, slots=True)
class UnderWay:
    """An open case about a line: its name with its number, in words, and its page; "" where the desk has none."""

    words: str
    url: str


Find = Callable[[Actor, Collection[UUID]], Iterable[tuple[UUID, UnderWay]]]
_finders: Final[list[Find]] = []


def finder(find: Find) -> Find:
    """Declare how an app finds its open cases about lines, by the lines' keys, of those that the actor may see; from
    its room ``panels``.
    """
    _finders.append(find)
    return find


def of_lines(actor: Actor, keys: Collection[UUID]) -> dict[UUID, list[UnderWay]]:
    """What is open of each of the lines with these keys, as far as the actor may see it."""
    found: dict[UUID, list[UnderWay]] = {key: [] for key in keys}
    for find in _finders if keys else ():
        for key, one in find(actor, keys):
            found[key].append(one)
    return found


def beside(actor: Actor, lines: Collection[Line]) -> list[tuple[Line, list[UnderWay]]]:
    """Lines, each with what is open of it."""
    found = of_lines(actor, [one.pk for one in lines])
    return [(one, found[one.pk]) for one in lines]


def held_by(actor: Actor, statuses: Sequence[LineStatus]) -> list[tuple[LineStatus, list[UnderWay]]]:
    """Lines, each with the open cases of earlier programmes that hold what it would give."""
    found = of_lines(actor, {key for one in statuses for key in one.held_on})
    return [(one, [case for key in one.held_on for case in found[key]]) for one in statuses]
