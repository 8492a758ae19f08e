"""What an upper app shows beside each thing that a person holds; declared in its room ``panels``."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from tirek.core.actors import Desk
from tirek.core.errors import Text
from tirek.orders.models import Item


@dataclass(frozen=True, slots=True)
class Beside:
    """A link beside each thing, with how much stands behind it, and a way to find a thing.

    Attributes:
        label: words of the link.
        counts: how many there are for each of some things, by key; a thing that is missing has none and no link.
        page: where the link leads at a desk, by the thing.
        find_label: words of the way to find a thing.
        find: where that leads at a desk, by the person's key.
    """

    label: Text
    counts: Callable[[Sequence[Item]], Mapping[UUID, int]]
    page: Callable[[Desk, Item], str]
    find_label: Text
    find: Callable[[Desk, UUID], str]


@dataclass(frozen=True, slots=True)
class Link:
    """A link beside a thing.

    Attributes:
        label: its words.
        count: how many there are.
        url: where it leads.
    """

    label: Text
    count: int
    url: str


_declared: list[Beside] = []


def declare(one: Beside) -> None:
    """Let something stand beside each thing."""
    _declared.append(one)


def links(found: Sequence[Item], at: Desk) -> dict[UUID, list[Link]]:
    """What stands beside some things at a desk, by their keys."""
    told: dict[UUID, list[Link]] = {}
    for one in _declared:
        counts = one.counts(found)
        for item in found:
            if count := counts.get(item.pk, 0):
                told.setdefault(item.pk, []).append(Link(one.label, count, one.page(at, item)))
    return told


def ways_to_find(at: Desk, person_id: UUID) -> list[tuple[Text, str]]:
    """Ways to find a thing of a person at a desk: words and address."""
    return [(one.find_label, one.find(at, person_id)) for one in _declared]
