"""Ordering the same again: an app that orders by a line of the programme says where it can be repeated by one press."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from tirek.catalogue.queries import kinds_offered
from tirek.entitlements.models import Line
from tirek.entitlements.queries import LineStatus
from tirek.people.models import Person


@dataclass(frozen=True, slots=True)
class Repeat:
    """What can be ordered again: what it was, in words, and the address to press."""

    words: str
    url: str


Find = Callable[[Sequence[Line]], Mapping[UUID, Repeat]]
_finders: Final[list[Find]] = []


def finder(find: Find) -> Find:
    """Declare how an app finds what can be ordered again of lines that can be ordered now; from its room ``panels``."""
    _finders.append(find)
    return find


@dataclass(frozen=True, slots=True)
class Orderable:
    """A line that can be ordered now.

    Attributes:
        status: with its words.
        again: what can be ordered again by one press.
        is_offered: whether some offer reaches the district.
    """

    status: LineStatus
    again: Repeat | None
    is_offered: bool


def orderable(person: Person, found: Sequence[LineStatus]) -> list[Orderable]:
    """Lines of a person that can be ordered now, those that somebody offers first."""
    lines = [one.line for one in found]
    known = {key: one for find in _finders for key, one in find(lines).items()} if lines else {}
    offered = kinds_offered({one.kind_id for one in lines}, territory_code=person.territory_id)
    rows = [Orderable(one, known.get(one.line.pk), one.line.kind_id in offered) for one in found]
    return sorted(rows, key=lambda one: not one.is_offered)
