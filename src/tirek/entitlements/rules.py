"""Pure rules of entitlement: windows, balances, why a line can or cannot be ordered, and who pays what."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from dateutil.relativedelta import relativedelta


@dataclass(frozen=True, slots=True)
class Window:
    """A quota window: first and last day; ``end`` is ``None`` when it has no end."""

    start: date
    end: date | None


def window_of(period: str, on: date, *, programme_start: date, next_on: date | None = None) -> Window:
    """The window of a period that holds a day, by the calendar of the person's place.

    A line without windows ("once") has one window from the programme's start, and a new one from the day on which the
    next issue is due (date of receipt + replacement term).
    """
    match period:
        case "day":
            return Window(on, on)
        case "month":
            start = on.replace(day=1)
            return Window(start, start + relativedelta(months=1, days=-1))
        case "quarter":
            start = date(on.year, (on.month - 1) // 3 * 3 + 1, 1)
            return Window(start, start + relativedelta(months=3, days=-1))
        case "year":
            return Window(date(on.year, 1, 1), date(on.year, 12, 31))
        case _:
            return Window(next_on if next_on is not None and next_on <= on else programme_start, None)


@dataclass(frozen=True, slots=True)
class Movement:
    """A ledger entry as the rules see it."""

    kind: str
    amount: int
    reserved: int
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Balance:
    """Sums over a window, in units of the kind.

    Attributes:
        granted: what the window gave, corrections and expiry included.
        available: what can still be ordered.
        reserved: what open orders hold.
        received: what was received.
    """

    granted: int
    available: int
    reserved: int
    received: int


def balance(movements: Iterable[Movement]) -> Balance:
    """Sum up the movements of one window."""
    granted = available = reserved = received = 0
    for one in movements:
        available += one.amount
        reserved += one.reserved
        if one.kind in {"grant", "correct", "expire"}:
            granted += one.amount
        elif one.kind == "consume":
            received -= one.reserved
    return Balance(granted=granted, available=available, reserved=reserved, received=received)


class Reason(StrEnum):
    """Why a line cannot be ordered now. ``HELD_BEFORE``: an open order of an earlier programme holds what is left."""

    AVAILABLE = "available"
    PROGRAMME_ENDED = "programme_ended"
    PROGRAMME_REPLACED = "programme_replaced"
    PROGRAMME_EXPIRED = "programme_expired"
    EMPLOYER_PAYS = "employer_pays"
    PROCUREMENT = "procurement"
    BOUGHT_HERE = "bought_here"
    NOT_ON_PORTAL_YET = "not_on_portal_yet"
    TERM_NOT_OVER = "term_not_over"
    TERM_PASSED = "term_passed"
    QUOTA_USED = "quota_used"
    QUOTA_RESERVED = "quota_held"
    YEAR_USED = "year_used"
    ALL_RECEIVED = "all_received"
    ALL_RESERVED = "all_held"
    HELD_BEFORE = "held_before"
    DECEASED = "deceased"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What decides whether a line can be ordered on a day."""

    programme_state: str
    programme_start: date
    programme_end: date | None
    employer_pays: bool
    channel: str
    orderable_from: date | None
    period: str
    quantity: int
    next_on: date | None
    deceased: bool
    bought_here: bool = False
    term_passed_on: date | None = None
    year_quantity: int | None = None
    per_order: int | None = None


#: Cause of a movement that only counts: units of the norm that an earlier programme gave beyond the window's own.
COUNTED: Final = "counted"


def taken_in(movements: Iterable[Movement]) -> int:
    """Units of the year's norm that one window has taken, by all its movements.

    What it gave and nobody ordered is not taken, whether the daily job has written it off yet or not. What was carried
    from one window to the next, and what officers corrected, is beside the norm.
    """
    moves = list(movements)
    given = sum(one.amount for one in moves if one.kind in {"grant", "expire"} and one.cause in {"window", COUNTED})
    return given - max(0, sum(one.amount for one in moves))


def taken_of_year(windows: Iterable[Iterable[Movement]]) -> int:
    """Units of the year's norm that its windows, from the first to the last, have taken.

    A window in which nobody ordered what came back from an earlier one gives that back to the norm; what came back from
    the year before never makes the norm larger.
    """
    taken = 0
    for movements in windows:
        taken = max(0, taken + taken_in(movements))
    return taken


def grant_of(quantity: int, *, year_quantity: int | None, taken: int) -> int:
    """Units that a new window gives: its quantity, and never more than is left of the year's norm (portal.md section
    3).
    """
    return quantity if year_quantity is None else min(quantity, max(0, year_quantity - taken))


def as_bought(given: Circumstances, on: date) -> Circumstances:
    """The circumstances of a line that the local body buys, as if it were ordered on ``on``: neither the channel nor a
    term to order stands in the way, everything else does.
    """
    return replace(given, channel="portal", bought_here=False, orderable_from=on, term_passed_on=None)


@dataclass(frozen=True, slots=True)
class Availability:
    """What a person can order of a line on a day.

    Attributes:
        reason: "available", or why not.
        quantity: units that can be ordered now.
        window: the present window.
        balance: sums of the present window.
        from_day: first day on which it becomes available, when that is known.
        per_order: units that one order takes at most; ``None`` without such a bound.
    """

    reason: Reason
    quantity: int
    window: Window
    balance: Balance
    from_day: date | None = None
    per_order: int | None = None

    @property
    def most(self) -> int:
        """Units that the next order can take."""
        return self.quantity if self.per_order is None else min(self.quantity, self.per_order)


def availability(given: Circumstances, movements: Iterable[Movement], *, on: date, taken: int = 0) -> Availability:
    """What can be ordered of a line on ``on``, and if nothing, why not and from when. (portal.md section 3, rule 3)

    ``movements`` are those of the present window, ``taken`` is what the other windows of its year have taken of the
    year's norm. A window that has begun and has no grant yet counts as granted: the grant is written with the first
    reservation or by the daily job, whichever comes first.
    """
    window = window_of(given.period, on, programme_start=given.programme_start, next_on=given.next_on)
    moves = list(movements)
    if not any(one.kind == "grant" and one.cause == "window" for one in moves):
        moves.append(
            Movement("grant", grant_of(given.quantity, year_quantity=given.year_quantity, taken=taken), 0, "window")
        )
    sums = balance(moves)
    blocked, from_day = _blocked(given, on)
    if blocked is None and sums.available <= 0:
        year_used = given.year_quantity is not None and taken + taken_in(moves) >= given.year_quantity
        blocked, from_day = _used_up(given, window, sums, year_used=year_used)
    if blocked is not None:
        return Availability(blocked, 0, window, sums, from_day)
    return Availability(Reason.AVAILABLE, sums.available, window, sums, per_order=given.per_order)


def _blocked(given: Circumstances, on: date) -> tuple[Reason | None, date | None]:
    expired = given.programme_state == "expired" or (given.programme_end is not None and on > given.programme_end)
    tests: tuple[tuple[bool, Reason, date | None], ...] = (
        (given.deceased, Reason.DECEASED, None),
        (given.programme_state == "replaced", Reason.PROGRAMME_REPLACED, None),
        (expired, Reason.PROGRAMME_EXPIRED, None),
        (given.programme_state != "active", Reason.PROGRAMME_ENDED, None),
        (given.employer_pays, Reason.EMPLOYER_PAYS, None),
        (given.bought_here, Reason.BOUGHT_HERE, given.orderable_from),
        (given.channel == "procurement", Reason.PROCUREMENT, None),
        (given.orderable_from is None or on < given.orderable_from, Reason.NOT_ON_PORTAL_YET, given.orderable_from),
        (given.term_passed_on is not None, Reason.TERM_PASSED, None),
        (given.next_on is not None and on < given.next_on, Reason.TERM_NOT_OVER, given.next_on),
    )
    return next(((reason, day) for holds, reason, day in tests if holds), (None, None))


def _used_up(given: Circumstances, window: Window, sums: Balance, *, year_used: bool) -> tuple[Reason, date | None]:
    if given.period == "once":
        return (Reason.ALL_RESERVED if sums.reserved > 0 else Reason.ALL_RECEIVED), None
    following = window.end + timedelta(days=1) if window.end else None
    if year_used:
        following = date(window.start.year + 1, 1, 1)
    if following is not None and given.programme_end is not None and following > given.programme_end:
        following = None
    if sums.reserved > 0:
        return Reason.QUOTA_RESERVED, following
    return (Reason.YEAR_USED if year_used else Reason.QUOTA_USED), following


#: Reasons by which all of a line, as its own movements tell, is gone for good.
USED_UP: Final = frozenset({Reason.QUOTA_USED, Reason.YEAR_USED, Reason.ALL_RECEIVED})


@dataclass(frozen=True, slots=True)
class PriceSplit:
    """Who pays what, tenge."""

    total: Decimal
    budget: Decimal
    person: Decimal


def split_price(*, price: Decimal, quantity: int, guaranteed: Decimal) -> PriceSplit:
    """The budget pays up to the guaranteed amount of the whole quantity, the person the rest. (Social Code art. 168(3))

    Args:
        price: tenge per unit.
        quantity: units.
        guaranteed: guaranteed amount per unit, tenge.
    """
    total = price * quantity
    limit = guaranteed * quantity
    return PriceSplit(total=total, budget=min(total, limit), person=max(total - limit, Decimal(0)))


@dataclass(frozen=True, slots=True)
class TermDays:
    """The days of a term to order: the last one, and those with whose end the three reminders are sent."""

    order_by: date
    reminders: tuple[date, date, date]


def term_days(started_on: date, *, order_by: date, remind_after: tuple[int, int, int]) -> TermDays:
    """Days of a fresh term; ``remind_after`` counts calendar days from its beginning (portal.md section 3, rule 2)."""
    first, second, third = (started_on + timedelta(days=days - 1) for days in remind_after)
    return TermDays(order_by, (first, second, third))


def prolonged(term: TermDays, *, least: date) -> TermDays:
    """What is left of a term after an order came to nothing: at least until ``least``; reminders move along with the
    last day.
    """
    if least <= term.order_by:
        return term
    shift = least - term.order_by
    first, second, third = (day + shift for day in term.reminders)
    return TermDays(least, (first, second, third))
