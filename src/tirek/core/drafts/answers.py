"""What is typed into a draft, and what a save makes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Typed:
    """One field as a page sends it.

    Attributes:
        value: what was typed.
        base: the version of the field the page showed.
        age: how long ago it was typed (a page that was without a link sends later).
    """

    value: str
    base: int
    age: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two values for one field: the newest is kept, the other is offered."""

    kept: str
    other: str
    version: int


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save did.

    Attributes:
        at: the moment.
        versions: the new version of each field that was kept.
        conflicts: the fields of which there were two values.
        left_out: values that were not kept, because the form does not ask them.
    """

    at: datetime
    versions: dict[str, int]
    conflicts: dict[str, Conflict]
    left_out: Sequence[str] = ()
