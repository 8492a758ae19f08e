"""Reads of programmes and entitlements."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _lazy

from tirek.catalogue.models import CarryOver, KindTerms
from tirek.catalogue.terms import terms_of
from tirek.catalogue.words import units_text
from tirek.core import clock, reference
from tirek.core.actors import Actor, Desk
from tirek.core.database.compiled import Compiled, CompiledObject
from tirek.core.errors import NotAllowed, NotFound, Text
from tirek.core.personal import viewlog
from tirek.entitlements import rules
from tirek.entitlements.case_types import CORRECTIONS, PROGRAMMES
from tirek.entitlements.models import Correction, CorrectionRequest, LedgerEntry, Line, OrderingTerm, Programme
from tirek.people.models import Person
from tirek.ui.text import day_text, term_text

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Amounts:
    """How much of a line there is, each number with the unit of its kind.

    Attributes:
        given: in one window.
        year: in a year, where windows are shorter; "" else.
        reserved: in open orders.
        received: in the present window.
        available: what is left in it.
        quantity: what can be ordered now.
    """

    given: str
    year: str
    reserved: str
    received: str
    available: str
    quantity: str


@dataclass(frozen=True, slots=True)
class LineStatus:
    """A line of the programme with what can be ordered of it now, the words for it, and its term to order."""

    line: Line
    availability: rules.Availability
    explanation: str
    term: OrderingTerm | None = None

    @property
    def for_office(self) -> str:
        """The words for it as an officer reads them."""
        return explain_to_office(self.line, self.availability, self.term)

    @property
    def amounts(self) -> Amounts:
        """How much there is of it, in words."""
        balance, unit = self.availability.balance, self.line.kind.unit
        return Amounts(
            given=units_text(self.line.quantity, unit),
            year=units_text(self.line.year_quantity, unit) if self.line.year_quantity else "",
            reserved=units_text(balance.reserved, unit),
            received=units_text(balance.received, unit),
            available=units_text(balance.available, unit),
            quantity=units_text(self.availability.quantity, unit),
        )

    @property
    def can_order(self) -> bool:
        """Whether something can be ordered now."""
        return self.availability.reason is rules.Reason.AVAILABLE

    @property
    def order_by(self) -> date | None:
        """Last day to order, while a term runs: the end of the term, or of the present window when that comes first."""
        return last_day_to_order(self.line, self.availability.window, self.term) if _runs(self.term) else None

    @property
    def term_for_office(self) -> date | None:
        """``order_by``, unless the words for an officer name it already."""
        told = self.order_by is not None and day_text(self.order_by) in self.for_office
        return None if told else self.order_by

    @property
    def written_off_after(self) -> date | None:
        """The last day to order, when what is left is written off after it, before the term itself has ended."""
        return self.order_by if self.term is not None and self.order_by != self.term.order_by else None

    @property
    def next_from(self) -> date | None:
        """First day of the window that follows, when the programme still holds then."""
        return next_window_from(self.line, self.availability.window)

    @property
    def term_passed(self) -> bool:
        """Whether the term to order has passed without an order."""
        return self.availability.reason is rules.Reason.TERM_PASSED


def _runs(term: OrderingTerm | None) -> bool:
    return term is not None and term.state == OrderingTerm.State.RUNNING


def last_day_to_order(line: Line, window: rules.Window, term: OrderingTerm | None) -> date | None:
    """The last day on which what is left can be ordered: of the window, the programme, or the running term, whichever
    comes first.

    ``None`` when none of them ends. At the end of a window its rest is written off, or carried on to the end of the
    year (``entitlements.expire_windows``).
    """
    ends = [
        _rest_ends(line, window),
        line.programme.valid_until,
        term.order_by if term is not None and _runs(term) else None,
    ]
    return min((day for day in ends if day is not None), default=None)


def _rest_ends(line: Line, window: rules.Window) -> date | None:
    """The last day for what is left of a window: its own, or that of its year where the rest is carried on."""
    if window.end is None or _terms(line, window.end).carry_over == CarryOver.NONE:
        return window.end
    return date(window.end.year, 12, 31)


def next_window_from(line: Line, window: rules.Window) -> date | None:
    """First day on which a new quota begins after what is left of a window has ended; ``None`` for a window without
    end, or when the programme has ended by then.
    """
    ended, last = _rest_ends(line, window), line.programme.valid_until
    if ended is None:
        return None
    following = ended + timedelta(days=1)
    return following if last is None or following <= last else None


def _may_see(actor: Actor, person_id: UUID, territory_code: str) -> bool:
    if actor.desk is Desk.RECIPIENT:
        return actor.subject_id == person_id
    return actor.desk is Desk.OFFICER and actor.covers(territory_code)


_LINE: Final[CompiledObject[Line]] = CompiledObject(
    lambda key: Line.objects.select_related("programme", "kind", "person__territory").filter(pk=key), key=UUID
)


def line_for(actor: Actor, key: UUID) -> Line:
    """The line with this key, with programme, kind and person, if it is the actor's to see.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    line = _LINE.get(key=key)
    if line is None or not _may_see(actor, line.person_id, line.person.territory_id):
        raise NotFound
    return line


def opened_line(actor: Actor, key: UUID) -> Line:
    """The line with this key for a page of it; a stranger's look is recorded.

    Raises:
        NotFound: there is none, or not for this actor.
        ReasonNeeded: nothing of the person waits for the officer, who has given no reason.
    """
    line = line_for(actor, key)
    viewlog.look(actor, line.person_id)
    return line


def _terms(line: Line, on: date) -> KindTerms:
    """The terms of a line's kind in the region of its programme on a day."""
    return terms_of(line.kind_id, territory_code=line.programme.territory_code, on=on)


def circumstances(line: Line, on: date) -> rules.Circumstances:
    """What decides about a line on a day, as plain values (programme, kind and person are loaded)."""
    return rules.Circumstances(
        programme_state=line.programme.state,
        programme_start=line.programme.issued_on,
        programme_end=line.programme.valid_until,
        employer_pays=line.programme.employer_pays,
        channel=line.channel,
        orderable_from=line.kind.orderable_from,
        period=line.window,
        quantity=line.quantity,
        next_on=line.next_on,
        deceased=line.person.deceased_on is not None,
        term_passed_on=line.term_passed_on,
        year_quantity=line.year_quantity,
        per_order=_terms(line, on).max_per_order,
    )


def _window(line: Line, on: date) -> rules.Window:
    return rules.window_of(line.window, on, programme_start=line.programme.issued_on, next_on=line.next_on)


def window_now(line: Line) -> rules.Window:
    """The present window of a line (with its programme)."""
    return _window(line, clock.today())


_MOVEMENTS = Compiled(
    lambda line, first, start: (
        LedgerEntry.objects.filter(line_id=line, window_start__gte=first, window_start__lte=start)
        .order_by("at", "pk")
        .values_list("window_start", "kind", "amount", "reserved", "cause")
    ),
    line=UUID,
    first=date,
    start=date,
)


@dataclass(frozen=True, slots=True)
class Movements:
    """Movements of a line as the rules see them.

    Attributes:
        here: those of one window.
        taken: units of the year's norm that the windows before it in its year have taken; 0 for a line without such a
            norm.
    """

    here: list[rules.Movement]
    taken: int


def _first(line: Line, start: date) -> date:
    """Beginning of the first window that counts for the one that begins at ``start``."""
    return start if line.year_quantity is None else min(start, date(start.year, 1, 1))


def _movements(start: date, found: Iterable[tuple[date, rules.Movement]]) -> Movements:
    by_window: dict[date, list[rules.Movement]] = defaultdict(list)
    for window, one in found:
        by_window[window].append(one)
    here = by_window.pop(start, [])
    return Movements(here, rules.taken_of_year(by_window[before] for before in sorted(by_window)))


def movements_of(line: Line, *, on: date) -> Movements:
    """Movements of the window that holds ``on``, and what was taken of its year before (one query)."""
    start = _window(line, on).start
    found = _MOVEMENTS.rows(line=line.pk, first=_first(line, start), start=start)
    return _movements(start, [(window, rules.Movement(*row)) for window, *row in found])


def status_of(line: Line, *, on: date | None = None) -> LineStatus:
    """What can be ordered of one line (two queries)."""
    day = on or clock.today()
    movements = movements_of(line, on=day)
    state = rules.availability(circumstances(line, day), movements.here, on=day, taken=movements.taken)
    term = next(iter(_TERMS.all(lines=[line.pk])), None)
    return LineStatus(line, state, explain(line, state, term), term)


def opened_status(actor: Actor, key: UUID) -> LineStatus:
    """What can be ordered of the line with this key, for a page of it.

    Raises:
        NotFound, ReasonNeeded: as ``opened_line``.
    """
    return status_of(opened_line(actor, key))


_LINES: Final[CompiledObject[Line]] = CompiledObject(
    lambda person: (
        Line.objects.filter(person_id=person)
        .exclude(programme__state=Programme.State.REPLACED)
        .select_related("programme", "kind", "person__territory")
        .order_by("programme__state", "kind__position")
    ),
    person=UUID,
)
_ENTRIES: Final = Compiled(
    lambda lines: (
        LedgerEntry.objects.filter(line__any_of=lines)
        .order_by("at", "pk")
        .values_list("line_id", "window_start", "kind", "amount", "reserved", "cause")
    ),
    lines=list,
)
_TERMS: Final[CompiledObject[OrderingTerm]] = CompiledObject(
    lambda lines: OrderingTerm.objects.filter(line__any_of=lines), lines=list
)


def statuses_of(person: Person, *, on: date | None = None) -> list[LineStatus]:
    """Every line of the person's programmes, active programmes first (three queries, however many lines)."""
    day = on or clock.today()
    lines = _LINES.all(person=person.pk)
    keys = [line.pk for line in lines]
    by_line: dict[UUID, list[tuple[date, rules.Movement]]] = defaultdict(list)
    for line_id, start, kind, amount, reserved, cause in _ENTRIES.rows(lines=keys) if keys else ():
        by_line[line_id].append((start, rules.Movement(kind, amount, reserved, cause)))
    terms = {term.line_id: term for term in _TERMS.all(lines=keys)} if keys else {}
    found = []
    for line in lines:
        start = _window(line, day).start
        movements = _movements(start, [one for one in by_line[line.pk] if _first(line, start) <= one[0] <= start])
        state = rules.availability(circumstances(line, day), movements.here, on=day, taken=movements.taken)
        term = terms.get(line.pk)
        found.append(LineStatus(line, state, explain(line, state, term), term))
    return found


def programmes_of(actor: Actor, person: Person) -> list[Programme]:
    """Programmes of a person, newest first.

    Raises:
        NotAllowed: the person's file is not the actor's to see.
    """
    if not _may_see(actor, person.pk, person.territory_id):
        raise NotAllowed
    return list(Programme.objects.filter(person=person).order_by("-issued_on"))


@dataclass(frozen=True, slots=True)
class Entry:
    """A movement of a line, with the correction behind it when two officers decided it."""

    entry: LedgerEntry
    correction: Correction | None


def history_of(line: Line) -> list[Entry]:
    """All movements of a line, newest first (two queries)."""
    entries = list(LedgerEntry.objects.filter(line=line).order_by("-at", "-pk"))
    decided = {one.pk: one for one in Correction.objects.filter(line=line)}
    return [Entry(one, decided.get(one.case_id) if one.case_id else None) for one in entries]


_NO_DAY: Final = {
    rules.Reason.DECEASED: _lazy("The person has died. Open orders are looked at by an officer."),
    rules.Reason.PROGRAMME_EXPIRED: _lazy(
        "Your programme ended on %(ended)s. Ask your clinic for a referral to a new examination."
    ),
    rules.Reason.PROGRAMME_ENDED: _lazy("This programme was ended by a re-examination. The newer programme counts."),
    rules.Reason.EMPLOYER_PAYS: _lazy(
        "Your employer pays for this, because the injury was by the employer's fault (Social Code, article 162)."
    ),
    rules.Reason.PROCUREMENT: _lazy(
        "This is made to your measure. The local department buys it for you; you do not need to order it here."
    ),
    rules.Reason.NOT_ON_PORTAL_YET: _lazy(
        "This cannot be ordered here yet. Your local department arranges it: write to it, call 1414 or come."
    ),
    rules.Reason.TERM_PASSED: _lazy(
        "The last day to order was %(passed)s (%(term)s, Social Code, article 168). The item stays yours: the "
        "office can give you more time."
    ),
    rules.Reason.QUOTA_USED: _lazy("You have received all that the programme gives."),
    rules.Reason.YEAR_USED: _lazy("You have received all that the programme gives."),
    rules.Reason.ALL_RECEIVED: _lazy("You have received all that the programme gives."),
    rules.Reason.QUOTA_RESERVED: _lazy("Your open order holds all that the programme gives."),
    rules.Reason.ALL_RESERVED: _lazy("Your open order holds all that the programme gives."),
}
_FROM_DAY: Final = {
    rules.Reason.NOT_ON_PORTAL_YET: _lazy(
        "This can be ordered here from %(day)s. Until then ask your local department."
    ),
    rules.Reason.TERM_NOT_OVER: _lazy("You received this already. The next one can be ordered from %(day)s."),
    rules.Reason.QUOTA_USED: _lazy(
        "You have received all that this period gives. The next part can be ordered from %(day)s."
    ),
    rules.Reason.YEAR_USED: _lazy(
        "You have received all that this year gives. The next part can be ordered from %(day)s."
    ),
    rules.Reason.QUOTA_RESERVED: _lazy(
        "Your open order holds all that this period gives. The next part can be ordered from %(day)s."
    ),
}


@dataclass(frozen=True, slots=True)
class _Told:
    """How a reader is told what can be ordered of a line: until a day, without one, and by the reason why not."""

    until: Callable[[int], str]
    now: Callable[[int], str]
    no_day: Mapping[rules.Reason, Text]
    from_day: Mapping[rules.Reason, Text]


_TO_PERSON: Final = _Told(
    lambda n: ngettext(
        "You can order up to %(quantity)s by %(end)s.", "You can order up to %(quantity)s by %(end)s.", n
    ),
    lambda n: ngettext("You can order %(quantity)s now.", "You can order up to %(quantity)s now.", n),
    _NO_DAY,
    _FROM_DAY,
)
_ALL_RECEIVED: Final = _lazy("The recipient has received all that the programme gives.")
_ALL_RESERVED: Final = _lazy("An open order of the recipient holds all that the programme gives.")
_TO_OFFICE: Final = _Told(
    lambda n: ngettext(
        "Up to %(quantity)s can be ordered by %(end)s.", "Up to %(quantity)s can be ordered by %(end)s.", n
    ),
    lambda n: ngettext("%(quantity)s can be ordered now.", "Up to %(quantity)s can be ordered now.", n),
    {
        **_NO_DAY,
        rules.Reason.PROGRAMME_EXPIRED: _lazy(
            "The recipient's programme ended on %(ended)s. The clinic refers to a new examination."
        ),
        rules.Reason.EMPLOYER_PAYS: _lazy(
            "The employer pays for this, because the injury was by the employer's fault (Social Code, article 162)."
        ),
        rules.Reason.PROCUREMENT: _lazy("This is made to measure. Your department buys it: it is not ordered here."),
        rules.Reason.NOT_ON_PORTAL_YET: _lazy("This cannot be ordered here yet. Your department arranges it."),
        rules.Reason.TERM_PASSED: _lazy(
            "The last day to order was %(passed)s (%(term)s, Social Code, article 168). The item stays in the "
            "programme: give more time when the recipient asks."
        ),
        rules.Reason.QUOTA_USED: _ALL_RECEIVED,
        rules.Reason.YEAR_USED: _ALL_RECEIVED,
        rules.Reason.ALL_RECEIVED: _ALL_RECEIVED,
        rules.Reason.QUOTA_RESERVED: _ALL_RESERVED,
        rules.Reason.ALL_RESERVED: _ALL_RESERVED,
    },
    {
        rules.Reason.NOT_ON_PORTAL_YET: _lazy(
            "This can be ordered here from %(day)s. Until then your department arranges it."
        ),
        rules.Reason.TERM_NOT_OVER: _lazy(
            "The recipient has received this already. The next one can be ordered from %(day)s."
        ),
        rules.Reason.QUOTA_USED: _lazy(
            "The recipient has received all that this period gives. The next part can be ordered from %(day)s."
        ),
        rules.Reason.YEAR_USED: _lazy(
            "The recipient has received all that this year gives. The next part can be ordered from %(day)s."
        ),
        rules.Reason.QUOTA_RESERVED: _lazy(
            "An open order of the recipient holds all that this period gives. The next part can be ordered from "
            "%(day)s."
        ),
    },
)


def _length_of_term(line: Line, term: OrderingTerm | None) -> str:
    """The length of the term to order in words, as it was on the day the term began."""
    began = term.started_on if term is not None else line.term_passed_on or clock.today()
    length = reference.term("entitlement.order_within", at=began)
    return term_text(length.amount, length.unit)


def explain(line: Line, state: rules.Availability, term: OrderingTerm | None = None) -> str:
    """In words for the person: what can be ordered now and until when, or why not and from when; ``term`` is the line's
    term to order.
    """
    return _told(_TO_PERSON, line, state, term)


def explain_to_office(line: Line, state: rules.Availability, term: OrderingTerm | None = None) -> str:
    """What ``explain`` says, in words for an officer, who reads of the recipient."""
    return _told(_TO_OFFICE, line, state, term)


def _told(told: _Told, line: Line, state: rules.Availability, term: OrderingTerm | None) -> str:
    if state.reason is rules.Reason.AVAILABLE:
        last, units = last_day_to_order(line, state.window, term), units_text(state.quantity, line.kind.unit)
        at_once = ""
        if state.most < state.quantity:
            most = units_text(state.most, line.kind.unit)
            at_once = " " + gettext("At most %(most)s in one order.") % {"most": most}
        if state.window.end is not None and last is not None:
            return told.until(state.quantity) % {"quantity": units, "end": day_text(last)} + at_once
        return told.now(state.quantity) % {"quantity": units} + at_once
    if state.from_day is not None:
        return str(told.from_day[state.reason]) % {"day": day_text(state.from_day)}
    ended, passed = line.programme.valid_until, line.term_passed_on
    return str(told.no_day[state.reason]) % {
        "ended": day_text(ended) if ended else "",
        "passed": day_text(passed) if passed else "",
        "term": _length_of_term(line, term) if state.reason is rules.Reason.TERM_PASSED else "",
    }


def _found(rows: QuerySet[M]) -> M:
    found = rows.first()
    if found is None:
        raise NotFound
    return found


def corrections_of(actor: Actor, request: CorrectionRequest) -> list[Correction]:
    """Corrections that answer a request and that the actor may see, newest first."""
    return list(CORRECTIONS.visible_to(actor).filter(request=request).order_by("-created_at", "-pk"))


def corrections_of_line(actor: Actor, line: Line) -> list[Correction]:
    """Corrections of a line that the actor may see, newest first."""
    return list(CORRECTIONS.visible_to(actor).filter(line=line).order_by("-created_at", "-pk"))


def active_programme(actor: Actor, person: Person) -> Programme:
    """The newest active programme of a person, if it is the actor's to see.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    return _found(
        PROGRAMMES.visible_to(actor).filter(person=person, state=Programme.State.ACTIVE).order_by("-issued_on", "-pk")
    )


def line_of_kind(actor: Actor, person: Person, kind_code: str) -> Line | None:
    """The line of a kind in the person's active programmes; ``None`` when there is none.

    Raises:
        NotFound: the line is not the actor's to see.
    """
    found = (
        Line.objects.filter(person=person, kind=kind_code, programme__state=Programme.State.ACTIVE)
        .order_by("-created_at")
        .first()
    )
    return line_for(actor, found.pk) if found else None


def days_to_answer() -> int:
    """Working days in which the department answers a request for a correction (reference
    ``entitlement.correction_answer``).
    """
    return reference.term("entitlement.correction_answer", at=clock.today()).amount
