"""How an announcement stands at a moment, and whom it concerns; what the state of a part is. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol


class Standing(StrEnum):
    """How an announcement stands."""

    PLANNED = "planned"
    PRESENT = "present"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Entered:
    """What somebody enters of an announcement.

    Attributes:
        kind: ``incident`` or ``news``.
        text_kk: its words in Kazakh; all three languages are needed.
        text_ru: in Russian.
        text_en: in English.
        parts: codes of parts.
        regions: КАТО codes of regions; none: the whole country.
        places: codes of the pages above which it is shown; none: the page of the state only.
        since: its beginning.
        expected: when it is expected to end.
    """

    kind: str
    text_kk: str
    text_ru: str
    text_en: str
    parts: tuple[str, ...]
    regions: tuple[str, ...]
    places: tuple[str, ...]
    since: datetime
    expected: datetime | None


class Told(Protocol):
    """What of an announcement decides how it stands."""

    @property
    def kind(self) -> str:
        """``incident`` or ``news``."""

    @property
    def since(self) -> datetime:
        """Its beginning."""

    @property
    def expected(self) -> datetime | None:
        """When it is expected to end."""

    @property
    def ended_at(self) -> datetime | None:
        """When it was ended."""


def standing(one: Told, *, now: datetime, withdrawn: bool = False) -> Standing:
    """How it stands: news ends by itself when its expected end comes, an incident never does."""
    if withdrawn:
        return Standing.WITHDRAWN
    end = ended(one, now=now)
    if end is not None:
        return Standing.ENDED
    return Standing.PLANNED if one.since > now else Standing.PRESENT


def ended(one: Told, *, now: datetime) -> datetime | None:
    """When it ended; ``None`` while it lasts."""
    if one.ended_at is not None:
        return one.ended_at
    return one.expected if one.kind == "news" and one.expected is not None and one.expected <= now else None


def concerns(regions: Iterable[str], reader: frozenset[str] | None) -> bool:
    """Whether an announcement of these regions concerns a reader of those.

    Args:
        regions: КАТО codes of regions; none is the whole country.
        reader: regions of the reader; ``None`` where nobody knows them: everything is told then.
    """
    named = frozenset(regions)
    return not named or reader is None or bool(named & reader)


#: What was checked longer ago is old: eight rounds were missed.
OLD_AFTER: Final = timedelta(minutes=2)
#: A job that waits so long, in seconds, makes the work in the background late.
LONGEST_WAIT: Final = 300.0
#: Messages of one way that were lost in an hour from which on the way itself is in doubt.
MANY_LOST: Final = 10


def is_old(checked_at: datetime | None, *, now: datetime) -> bool:
    """Whether what is known is too old to be called the present; a clock that was set back is no proof of freshness."""
    return checked_at is None or abs(now - checked_at) > OLD_AFTER


class State(StrEnum):
    """State of a part of the service."""

    WORKS = "works"
    LATE = "late"
    DOWN = "down"
    OFF = "off"
    UNKNOWN = "unknown"


def of_worker(*, silent: float | None, allowed: float, waits: float | None) -> State:
    """State of the work in the background.

    Args:
        silent: seconds since a worker's last sign of life; ``None`` when there was none.
        allowed: seconds for which a worker may be silent.
        waits: seconds for which the oldest job waits; ``None`` when none does.
    """
    if silent is None or silent > allowed:
        return State.DOWN
    return State.LATE if waits is not None and waits > LONGEST_WAIT else State.WORKS


def of_way(*, connected: bool, waits: bool, lost: int) -> State:
    """State of a way by which messages leave.

    Args:
        connected: whether the installation has this way.
        waits: whether a message waits longer than it should.
        lost: messages that did not leave, or may not have arrived, in the last hour.
    """
    if not connected:
        return State.OFF
    return State.LATE if waits or lost >= MANY_LOST else State.WORKS
