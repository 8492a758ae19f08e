"""Ordering the same again: an app that orders by a line of the programme says where it can be repeated by one press."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from tirek.entitlements.models import Line
from tirek.entitlements.queries import LineStatus


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


def with_repeats(found: Sequence[LineStatus]) -> list[tuple[LineStatus, Repeat | None]]:
    """Lines that can be ordered now, each with what can be ordered again by one press."""
    lines = [one.line for one in found]
    known = {key: one for find in _finders for key, one in find(lines).items()} if lines else {}
    return [(one, known.get(one.line.pk)) for one in found]
