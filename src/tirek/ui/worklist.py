"""The worklist of a desk: what waits there, of every app, in one list and most urgent first.

An app announces its parts in its room ``panels``: a list of tasks does so by itself (``ui.lists.tasks``).
"""

from collections import Counter as Counted
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.case.deadlines import Deadline, Light, light_of
from tirek.core.database.plans import for_these_values
from tirek.core.errors import Text
from tirek.ui.text import number_text

#: Things to do on a home page; all of them stand in the lists behind the counters.
MOST: Final = 20
#: Of one part before those of others.
MOST_OF_ONE: Final = 5
#: What waits in one part is counted up to so many: who has that much to do works off the first.
MOST_COUNTED: Final = 1_000
#: What is overdue goes first, then what is soon due, what has no term (longest waiting first), and what has time.
_RANKS: Final = {Light.RED: 0, Light.YELLOW: 1, None: 2, Light.GREEN: 3, Light.PAUSED: 4}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do.

    Attributes:
        action: what is to be done, in the words of a button.
        url: where it is done.
        about: about whom, or what.
        since: since when it waits.
        number: of the case; "" where there is none.
        note: a tag beside it; "" for none.
        deadline: the term that runs, or has passed.
        nth: which of several that are called the same; 0 for the first.
    """

    action: Text
    url: str
    about: Text
    since: datetime
    number: str = ""
    note: Text = ""
    deadline: Deadline | None = None
    nth: int = 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """By what a thing to do takes its place among those of other lists, before the rest of it is read.

    Attributes:
        key: of the row.
        since: since when it waits.
        due_at: end of its term; nothing where it has none.
        soon_at: from when that is soon over; nothing while it is paused.
    """

    key: UUID
    since: datetime
    due_at: datetime | None = None
    soon_at: datetime | None = None

    @property
    def urgency(self) -> tuple[int, datetime]:
        """What is smaller is done first."""
        if self.due_at is None:
            return _RANKS[None], self.since
        return _RANKS[light_of(self.due_at, self.soon_at, clock.now())], self.due_at


@dataclass(frozen=True, slots=True)
class Work:
    """A part of a worklist.

    Attributes:
        count: how many wait for the actor, ``MOST_COUNTED`` at most (one query; ``bounded``).
        first: ``(actor, most)``: the most urgent of them, by their keys (two queries at most).
        items: ``(actor, keys)``: what is to be done with these, in this order (a bounded number of queries); what
            is gone meanwhile is left out.
        counted: the words after a count.
        url: the page with all of them.
    """

    count: Callable[[Actor], int]
    first: Callable[[Actor, int], Sequence[Waiting]]
    items: Callable[[Actor, Sequence[UUID]], Sequence[Item]]
    counted: Callable[[int], str]
    url: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Counter:
    """How many wait in one part, and the page with all of them."""

    count: int
    words: str
    url: str

    @property
    def told(self) -> str:
        """The count as people read it."""
        return counted_text(self.count)


@dataclass(frozen=True, slots=True)
class Worklist:
    """What waits at a desk.

    Attributes:
        items: the most urgent, ``MOST`` at most.
        total: how many wait in all, as far as they are counted.
        counters: of each part in which something waits, in the order of the parts.
    """

    items: Sequence[Item]
    total: int
    counters: Sequence[Counter]

    @property
    def told_total(self) -> str:
        """The total as people read it."""
        return counted_text(self.total, has_more=any(one.count >= MOST_COUNTED for one in self.counters))


def bounded(rows: QuerySet[Any]) -> int:
    """How many rows there are, ``MOST_COUNTED`` at most (one query)."""
    with for_these_values():
        return rows.order_by()[:MOST_COUNTED].count()


def counted_text(count: int, *, has_more: bool = False) -> str:
    """A count in the digits of the present language; "1 000+" where counting ended."""
    return f"{number_text(count)}{'+' if has_more or count >= MOST_COUNTED else ''}"


_works: dict[Desk, dict[int, Work]] = {}


def announce(at: Desk, place: int, work: Work) -> Work:
    """Make a part of the worklist of a desk known; ``place`` orders the counters.

    Raises:
        ValueError: another part has this place.
    """
    taken = _works.setdefault(at, {})
    if place in taken:
        raise ValueError(f"The worklist of {at} has a part at place {place} already.")
    taken[place] = work
    return work


def worklist(actor: Actor) -> Worklist:
    """What waits for the actor, most urgent first: a bounded read of each part, whatever its length, and of what is
    shown alone all that is told.
    """
    waiting: list[tuple[Work, int]] = []
    heads: list[tuple[Waiting, int]] = []
    for _place, work in sorted(_works.get(actor.desk, {}).items()):
        first = work.first(actor, MOST)
        if first:
            heads += [(one, len(waiting)) for one in first]
            waiting.append((work, work.count(actor) if len(first) == MOST else len(first)))
    shown = _shared(sorted(heads, key=lambda head: head[0].urgency))
    found = {
        part: iter(work.items(actor, [one.key for one, of in shown if of == part]))
        for part, (work, _count) in enumerate(waiting)
    }
    items = [item for _one, part in shown if (item := next(found[part], None)) is not None]
    return Worklist(
        items=_told_apart(items),
        total=sum(count for _work, count in waiting),
        counters=[Counter(count, work.counted(count), work.url()) for work, count in waiting],
    )


def _shared(heads: Sequence[tuple[Waiting, int]]) -> list[tuple[Waiting, int]]:
    """``MOST`` of the heads, which are in the order of urgency: ``MOST_OF_ONE`` of each part come before the others, so
    that no part hides the rest of the day; shown in the order of urgency.
    """
    met = Counted[int]()
    first, later = list[int](), list[int]()
    for place, (_waiting, part) in enumerate(heads):
        met[part] += 1
        (first if met[part] <= MOST_OF_ONE else later).append(place)
    return [heads[place] for place in sorted([*first, *later][:MOST])]


def _told_apart(items: Sequence[Item]) -> list[Item]:
    """The items, numbered where several are called the same: two forms about one thing of one person."""
    seen = Counted[tuple[str, str, str]]()
    told = []
    for one in items:
        called = (str(one.action), str(one.about), one.number)
        seen[called] += 1
        told.append(one if seen[called] == 1 else replace(one, nth=seen[called]))
    return told
