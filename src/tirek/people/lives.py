"""What follows when somebody dies or comes of age: apps say what they do, in the same transaction; people calls them.

Declared in the room ``subscriptions`` of an app.
"""

from collections.abc import Callable
from enum import StrEnum
from uuid import UUID

Follow = Callable[[UUID], object]


class Turn(StrEnum):
    """A turn in somebody's life."""

    DIED = "died"
    CAME_OF_AGE = "came_of_age"


_followers: dict[Turn, list[Follow]] = {turn: [] for turn in Turn}


def when(turn: Turn) -> Callable[[Follow], Follow]:
    """Have a function called with the key of the person, when it happens."""

    def keep(follow: Follow) -> Follow:
        _followers[turn].append(follow)
        return follow

    return keep


def follow(turn: Turn, person_id: UUID) -> None:
    """It has happened: every app does what it has to do. The caller is in a transaction."""
    for one in _followers[turn]:
        one(person_id)
