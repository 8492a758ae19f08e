"""How a wait is told from the journal, and how waits are counted, those that have not ended among them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import Final
from uuid import UUID

from tirek.core.disclosure import told

#: Where a line is besides the states of its order or of its purchase by the local body.
TO_ORDER: Final = "to_order"
RECEIVED: Final = "received"
LEFT: Final = "left"
#: Before a state of a purchase where it is a place: an order has states of the same names.
BOUGHT: Final = "bought_"
#: States of an order or a purchase on the way to the receipt, the farthest last: of several the farthest tells where a
#: line is. In other states it is over, and the line is to be ordered again.
ON_THE_WAY: Final = (
    "bought_needed",
    "bought_in_lot",
    "refused",
    "disputed",
    "replacing",
    "clarifying",
    "submitted",
    "awaiting_top_up",
    "fitting",
    "fitting_times",
    "fitting_agreed",
    "fitting_check",
    "accepted",
    "in_preparation",
    "bought_contracted",
    "bought_fitting",
    "bought_fitting_agreed",
    "bought_making",
    "on_the_way",
    "awaiting_confirmation",
    "bought_handed_over",
    RECEIVED,
)
#: Where a line can be while somebody waits for it, in the order of the process.
PLACES: Final = (
    TO_ORDER,
    "submitted",
    "clarifying",
    "awaiting_top_up",
    "fitting",
    "fitting_times",
    "fitting_agreed",
    "fitting_check",
    "accepted",
    "in_preparation",
    "on_the_way",
    "awaiting_confirmation",
    "refused",
    "disputed",
    "replacing",
    "bought_needed",
    "bought_in_lot",
    "bought_contracted",
    "bought_fitting",
    "bought_fitting_agreed",
    "bought_making",
    "bought_handed_over",
)
#: Where a purchase is when nothing is ordered of it yet: here, or before.
_LAST_BEFORE_CONTRACT: Final = "bought_in_lot"
#: With what a wait begins.
_BEGINS: Final = frozenset({"orderingterm.open", "purchase.record"})
#: What the person does, or an officer for the person: the rest of the process is the work of others.
ACTS: Final = frozenset(
    {
        "order.submit",
        "order.answer",
        "order.choose_time",
        "order.none_suits",
        "order.check_measurements",
        "order.confirm",
        "order.refuse",
        "order.cancel",
        "purchase.choose_time",
        "purchase.none_suits",
        "purchase.receive",
        "purchase.refuse",
        "purchase.withdraw",
    }
)
#: With so many letters the codes of the kinds of a group begin: "TI" of those for sight.
PREFIX: Final = 2
#: Days by which the chart says how many have received it.
MARKS: Final = (7, 14, 30, 60, 90, 120, 180, 240, 300, 365)
#: Shares of people that are exact up to here are the same share.
_NEAR: Final = 1e-9
#: Per cent of all.
_WHOLE: Final = 100
#: From how many times the fewest people on shares are told in whole per cent; below in steps of so many.
_MANY: Final = 20
_STEP: Final = 5


@dataclass(frozen=True, slots=True)
class Fact:
    """One event of a line's term, of one of its orders or of one of its purchases.

    Attributes:
        case: the term, the order or the purchase.
        type: of the event.
        day: in the country; where the need of a purchase is recorded, the day since which it waits.
        to: state of the case after it.
        desk: kind of user who acted.
        channel: way in.
    """

    case: UUID
    type: str
    day: date
    to: str
    desk: str
    channel: str


@dataclass(slots=True)
class Way:
    """The way of a line (the columns of ``Journey``)."""

    opened_on: date
    place: str
    place_since: date
    ordered_on: date | None = None
    received_on: date | None = None
    left_on: date | None = None
    stays: dict[str, int] = field(default_factory=dict)
    steps: int = 0
    visits: int = 0

    def move(self, place: str, day: date) -> None:
        """Leave the present place for another one. A stay that a line's end has cut short is not counted."""
        if place == self.place:
            return
        if LEFT not in {place, self.place}:
            self.stays[self.place] = self.stays.get(self.place, 0) + (day - self.place_since).days
        self.place, self.place_since = place, day


def way(facts: Iterable[Fact]) -> Way | None:
    """What the events of a line tell, oldest first; nothing where no term to order it ever began and nothing of it was
    to be bought.

    The wait goes on when an order is declined, cancelled or taken back, or when the local body begins to buy what was
    ordered before, and the other way about: the person still has nothing. It ends with the first order that is
    received, in all its parts, or the first purchase; what comes later is another wait. A line that ends without one
    (the programme has ended, the person has died, the person needs it no more) has left; where it is received all the
    same, it was received.
    """
    found: Way | None = None
    states: dict[UUID, str] = {}
    visited: set[date] = set()
    can_be_ordered = False
    for one in facts:
        if one.type.startswith("orderingterm."):
            can_be_ordered = one.type == "orderingterm.open"
        else:
            states[one.case] = _state(one)
        place = _place(states, can_be_ordered=can_be_ordered)
        if one.type in _BEGINS:
            found = found or Way(one.day, place, one.day)
            found.opened_on = min(found.opened_on, one.day)
        if found is None:
            continue
        found.steps += one.type in ACTS and one.desk == "recipient"
        if one.type in ACTS and one.desk == "officer" and one.channel == "counter":
            visited.add(one.day)
        if _is_ordered(one):
            found.ordered_on = found.ordered_on or one.day
        if place != found.place:
            found.left_on = one.day if place == LEFT else None
        found.move(place, max(one.day, found.place_since))
        if place == RECEIVED:
            found.received_on = one.day
            break
    if found is not None:
        found.visits = len(visited)
    return found


def _state(one: Fact) -> str:
    """Where a case stands after an event, as a place."""
    return f"{BOUGHT}{one.to}" if one.type.startswith("purchase.") and one.to != RECEIVED else one.to


def _is_ordered(one: Fact) -> bool:
    """Whether something of the line is ordered by this event at the latest: an order, or the contract of a purchase."""
    if one.type.startswith("order."):
        return True
    return one.type.startswith("purchase.") and _rank(_state(one)) > _rank(_LAST_BEFORE_CONTRACT)


def _place(states: Mapping[UUID, str], *, can_be_ordered: bool) -> str:
    """Where a line is: where the farthest of its orders and purchases is. Where the term to order has ended, orders say
    no more than that it was received.
    """
    said = (state for state in states.values() if can_be_ordered or state == RECEIVED or state.startswith(BOUGHT))
    farthest = max(said, key=_rank, default="")
    if _rank(farthest) >= 0:
        return farthest
    return TO_ORDER if can_be_ordered else LEFT


def _rank(state: str) -> int:
    return ON_THE_WAY.index(state) if state in ON_THE_WAY else -1


@dataclass(frozen=True, slots=True)
class Wait:
    """So many waits of one length.

    Attributes:
        days: until it ended, or so far.
        has_ended: whether it has.
        count: people.
    """

    days: int
    has_ended: bool
    count: int = 1


def still_waiting(waits: Iterable[Wait]) -> list[tuple[int, float]]:
    """The share of people who still wait after so many days, for each day on which it falls: the estimate of Kaplan
    and Meier (1958). Who still waits counts as one of those who may receive it for as long as the wait has lasted;
    leaving such people out would tell only of the quick.
    """
    ordered = sorted(waits, key=lambda one: one.days)
    at_risk, share, found = sum(one.count for one in ordered), 1.0, []
    for days, group in groupby(ordered, key=lambda one: one.days):
        alike = list(group)
        ended = sum(one.count for one in alike if one.has_ended)
        if ended:
            share *= 1 - ended / at_risk
            found.append((days, share))
        at_risk -= sum(one.count for one in alike)
    return found


def days_for(curve: Sequence[tuple[int, float]], share: float) -> int | None:
    """Days within which the wait ends for a share of the people; nothing where it has not come so far."""
    return next((days for days, waiting in curve if waiting <= 1 - share + _NEAR), None)


def within(curve: Sequence[tuple[int, float]], longest: int, marks: Iterable[int] = MARKS) -> list[int | None]:
    """Per cent of the people for whom it ends within so many days, for each mark.

    Args:
        curve: of ``still_waiting``.
        longest: days that anybody of them has waited: nothing is known of later ones, as long as somebody waits.
        marks: days.
    """
    found: list[int | None] = []
    for mark in marks:
        waiting = min((share for days, share in curve if days <= mark), default=1.0)
        found.append(round(100 * (1 - waiting)) if mark <= longest or waiting < _NEAR else None)
    return found


def middle(counted: Iterable[tuple[int, int]]) -> int | None:
    """The middle value of ``(value, how often)``, the lower one of an even number; nothing of nothing."""
    ordered = sorted(counted)
    half, so_far = (sum(n for _value, n in ordered) + 1) // 2, 0
    for value, n in ordered:
        so_far += n
        if so_far >= half > 0:
            return value
    return None


def reached_by(counted: Iterable[tuple[int, int]], share: int, of: int) -> int | None:
    """The smallest value of ``(value, how often)`` that ``share`` of ``of`` do not exceed; nothing of nothing."""
    ordered = sorted(counted)
    need, so_far = -(-sum(n for _value, n in ordered) * share // of), 0
    for value, n in ordered:
        so_far += n
        if so_far >= need > 0:
            return value
    return None


def longest_of(counted: Iterable[tuple[int, int]], fewest: int) -> int | None:
    """Days that at least ``fewest`` of ``(days, how many)`` have reached: the longest of all would be those of one."""
    so_far = 0
    for days, n in sorted(counted, reverse=True):
        so_far += n
        if so_far >= fewest:
            return days
    return None


def blurred(shares: Iterable[int | None], people: int, fewest: int) -> list[int | None]:
    """Per cent of people as they are published: none that stands for fewer than ``fewest`` of them, and in steps of
    five where they are not many, so that no number of single people follows from a share.
    """
    step = 1 if people >= _MANY * fewest else _STEP
    return [
        None if share is None or 0 < share * people < _WHOLE * fewest else step * ((2 * share + step) // (2 * step))
        for share in shares
    ]


@dataclass(frozen=True, slots=True)
class Told:
    """The published figures of one cell (the columns of ``WaitingTime``)."""

    people: int | None
    reached: int | None
    waiting: int | None
    median: int | None
    ninety: int | None
    waiting_median: int | None
    waiting_longest: int | None
    within: list[int | None]
    steps: int | None
    visits: int | None


@dataclass(slots=True)
class Cell:
    """What is counted for a kind in a place: waits that began in the period, those that last, steps and visits."""

    waits: list[Wait] = field(default_factory=list)
    #: People behind the waits that have ended ("ended") and that last ("lasts"): one may wait for several things.
    people: dict[str, int] = field(default_factory=dict)
    lasting: list[tuple[int, int]] = field(default_factory=list)
    steps: list[tuple[int, int]] = field(default_factory=list)
    visits: list[tuple[int, int]] = field(default_factory=list)

    def told(self, fewest: int) -> Told:
        """As it is published: whatever is told of fewer than ``fewest`` people is left out. The ninetieth percentile
        takes twice as many: of fewer it would be the wait of one of them.
        """
        people = sum(one.count for one in self.waits)
        reached = sum(one.count for one in self.waits if one.has_ended)
        waiting = sum(n for _days, n in self.lasting)
        curve = still_waiting(self.waits)
        ended_for, lasts_for = self.people.get("ended", 0), self.people.get("lasts", 0)
        is_told, lasts = ended_for >= fewest, lasts_for >= fewest
        acted = is_told and sum(n for _steps, n in self.steps) >= fewest
        return Told(
            people=told(people, fewest) if ended_for + lasts_for >= fewest or not people else None,
            reached=told(reached, fewest) if is_told or not reached else None,
            waiting=told(waiting, fewest) if lasts or not waiting else None,
            median=days_for(curve, 0.5) if is_told else None,
            ninety=days_for(curve, 0.9) if ended_for >= 2 * fewest else None,
            waiting_median=middle(self.lasting) if lasts else None,
            waiting_longest=longest_of(self.lasting, fewest) if lasts else None,
            within=blurred(within(curve, max(one.days for one in self.waits)), people, fewest) if is_told else [],
            steps=middle(self.steps) if acted else None,
            visits=middle(self.visits) if acted else None,
        )


class Lack(StrEnum):
    """What is missing for a kind to be ready in a region, the gravest first."""

    NOT_SWITCHED_ON = "not_switched_on"
    LATER = "later"
    AMOUNT = "amount"
    OFFER = "offer"
    DISTRICTS = "districts"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Supply:
    """How a kind is supplied in a region.

    Attributes:
        is_bought: the local body buys it, nobody chooses it on the portal.
        since: first day on which it can be ordered; nothing when it is not switched on.
        has_amount: whether the guaranteed amount is known.
        offers: that reach the region or a part of it.
        suppliers: who make them.
        without: codes of the districts that no offer reaches.
    """

    is_bought: bool
    since: date | None
    has_amount: bool
    offers: int
    suppliers: int
    without: frozenset[str]


def lacks(supply: Supply, today: date) -> list[Lack]:
    """What is missing for people of each district to choose and order a kind; nothing for what the local body buys.

    One supplier is as little a choice as none (portal.md, section 11, story 3): it is told, too.
    """
    if supply.is_bought:
        return []
    found = []
    if supply.since is None:
        found.append(Lack.NOT_SWITCHED_ON)
    elif supply.since > today:
        found.append(Lack.LATER)
    if not supply.has_amount:
        found.append(Lack.AMOUNT)
    if not supply.offers:
        return [*found, Lack.OFFER]
    if supply.without:
        found.append(Lack.DISTRICTS)
    if supply.suppliers == 1:
        found.append(Lack.CHOICE)
    return found
