"""Reads of programmes and entitlements."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet, Sum
from django.utils.translation import gettext

from tirek.catalogue.models import KindTerms, Period, ProvisionChannel
from tirek.catalogue.terms import terms_of
from tirek.catalogue.units import units_text
from tirek.core import clock, reference
from tirek.core.actors import Actor, Desk
from tirek.core.database.compiled import Compiled, CompiledObject
from tirek.core.errors import NotAllowed, NotFound
from tirek.core.personal import viewlog
from tirek.entitlements import reasons, rules
from tirek.entitlements.case_types import CORRECTIONS, PROGRAMMES
from tirek.entitlements.last_days import last_day_to_order, next_window_from, runs
from tirek.entitlements.models import Correction, CorrectionRequest, LedgerEntry, Line, OrderingTerm, Programme
from tirek.entitlements.provision import provided_of
from tirek.entitlements.reasons import Answer, Reader
from tirek.people.models import Person
from tirek.ui.text import day_text

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
    """A line of the programme with what can be ordered of it now, and its term to order; why, in words, on demand.

    Attributes:
        line: with programme, kind and person.
        availability: what can be ordered of it.
        term: its term to order.
        held_on: keys of lines of earlier programmes whose open orders hold what this one would give.
    """

    line: Line
    availability: rules.Availability
    term: OrderingTerm | None = None
    held_on: tuple[UUID, ...] = ()

    @property
    def answer(self) -> Answer:
        """What can be ordered of it or why nothing can, as the person reads it."""
        return reasons.of_line(self.line, self.availability, self.term)

    @property
    def answer_for_office(self) -> Answer:
        """The same as an officer reads it."""
        return reasons.of_line(self.line, self.availability, self.term, reader=Reader.OFFICE)

    @property
    def term_answer(self) -> Answer | None:
        """Until when it is to be ordered, while a term runs, as the person reads it."""
        return reasons.of_term(self.line, self.availability.window, self.term)

    @property
    def explanation(self) -> str:
        """The answer in words, as the person reads it."""
        return self.answer.sentence

    @property
    def for_office(self) -> str:
        """The answer in words, as an officer reads it."""
        return self.answer_for_office.sentence

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
        return last_day_to_order(self.line, self.availability.window, self.term) if runs(self.term) else None

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
    here = provided_of(line, on)
    return rules.Circumstances(
        programme_state=line.programme.state,
        programme_start=line.programme.issued_on,
        programme_end=line.programme.valid_until,
        employer_pays=line.channel == ProvisionChannel.EMPLOYER,
        channel=here.channel,
        orderable_from=here.orderable_from,
        period=line.window,
        quantity=line.quantity,
        next_on=line.next_on,
        deceased=line.person.deceased_on is not None,
        bought_here=here.conclusion is not None,
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
    """What can be ordered of one line (two queries, three where nothing is left of it)."""
    day = on or clock.today()
    movements = movements_of(line, on=day)
    state = rules.availability(circumstances(line, day), movements.here, on=day, taken=movements.taken)
    term = next(iter(_TERMS.all(lines=[line.pk])), None)
    [found] = _with_held([LineStatus(line, state, term)])
    return found


def _with_held(found: list[LineStatus]) -> list[LineStatus]:
    """Of lines of one person: where nothing is left since an open order of an earlier programme holds it, that is why
    (no query, or one).
    """
    kinds = {one.line.kind_id for one in found if one.availability.reason in rules.USED_UP}
    if not kinds:
        return found
    ended = LedgerEntry.objects.filter(line__person=found[0].line.person_id, line__kind__in=kinds)
    held = (
        ended.exclude(line__programme__state=Programme.State.ACTIVE)
        .values_list("line_id", "line__kind_id", "window_start")
        .annotate(sum=Sum("reserved"))
        .filter(sum__gt=0)
        .order_by("line_id")
    )
    return [_held_before(one, list(held)) if one.line.kind_id in kinds else one for one in found]


def _held_before(status: LineStatus, held: Iterable[tuple[UUID, str, date, int]]) -> LineStatus:
    line, state = status.line, status.availability
    if state.reason not in rules.USED_UP:
        return status
    since = date.min if line.window == Period.ONCE else _first(line, state.window.start)
    keys = tuple(dict.fromkeys(key for key, kind, start, _n in held if kind == line.kind_id and start >= since))
    if not keys:
        return status
    return replace(status, availability=replace(state, reason=rules.Reason.HELD_BEFORE), held_on=keys)


def availability_bought(line: Line, on: date) -> rules.Availability:
    """What the local body can buy of a line on a day, as if it were ordered (programme, kind and person are loaded; one
    query).
    """
    movements = movements_of(line, on=on)
    given = rules.as_bought(circumstances(line, on), on)
    return rules.availability(given, movements.here, on=on, taken=movements.taken)


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
    """Every line of the person's programmes that none has replaced, active programmes first (three queries, four where
    nothing is left of one, however many lines).
    """
    return _statuses(_LINES.all(person=person.pk), on or clock.today())


def replaced_of(person: Person, shown: Iterable[LineStatus]) -> list[LineStatus]:
    """The newest line of each kind that only programmes gave which newer ones have replaced: of no kind that is
    ``shown`` (three queries, one where there is none).
    """
    replaced = Line.objects.filter(person=person, programme__state=Programme.State.REPLACED)
    newest = (
        replaced.exclude(kind__in=[one.line.kind_id for one in shown])
        .order_by("kind_id", "-programme__issued_on", "-pk")
        .distinct("kind_id")
    )
    found = newest.select_related("programme", "kind", "person__territory")
    return _statuses(sorted(found, key=lambda one: one.kind.position), clock.today())


def _statuses(lines: Sequence[Line], day: date) -> list[LineStatus]:
    """What can be ordered of lines that are loaded with programme, kind and person."""
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
        found.append(LineStatus(line, state, term))
    return _with_held(found)


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
    """A movement of a line, with the correction behind it when two officers decided it; whether a newer programme has
    taken the place of the line's.
    """

    entry: LedgerEntry
    correction: Correction | None
    is_replaced: bool = False

    @property
    def words(self) -> str:
        """What happened, and why where it was no order and no decision."""
        match (self.entry.kind, self.entry.cause):
            case (LedgerEntry.Kind.EXPIRE, "programme") if self.is_replaced:
                return gettext("written off: a newer programme has taken the place of this one")
            case (LedgerEntry.Kind.EXPIRE, "programme"):
                return gettext("written off: the programme has ended")
            case (LedgerEntry.Kind.EXPIRE, "carried") | (LedgerEntry.Kind.GRANT, rules.COUNTED):
                return gettext("counted in another period, or by another programme")
            case (LedgerEntry.Kind.GRANT, "carried"):
                return gettext("carried over from another period, or from another programme")
            case _:
                return self.entry.get_kind_display()


def history_of(line: Line) -> list[Entry]:
    """All movements of a line (with its programme), newest first (two queries)."""
    entries = list(LedgerEntry.objects.filter(line=line).order_by("-at", "-pk"))
    decided = {one.pk: one for one in Correction.objects.filter(line=line)}
    is_replaced = line.programme.state == Programme.State.REPLACED
    return [Entry(one, decided.get(one.case_id) if one.case_id else None, is_replaced) for one in entries]


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


def has_active_programme(person_id: UUID) -> bool:
    """Whether some programme of a person is active, so that it can be corrected."""
    return Programme.objects.filter(person=person_id, state=Programme.State.ACTIVE).exists()


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


def line_instead(line: Line) -> UUID | None:
    """Where the programme of a line has ended: the key of the line of its kind in an active programme of the person;
    ``None`` where there is none (no query while it is active, else one).
    """
    if line.programme.state == Programme.State.ACTIVE:
        return None
    active = Line.objects.filter(person=line.person_id, kind=line.kind_id, programme__state=Programme.State.ACTIVE)
    return active.order_by("-created_at").values_list("pk", flat=True).first()


def days_to_answer() -> int:
    """Working days in which the department answers a request for a correction (reference
    ``entitlement.correction_answer``).
    """
    return reference.term("entitlement.correction_answer", at=clock.today()).amount
