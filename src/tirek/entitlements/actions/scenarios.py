"""Plays scenarios by the product's own verbs, and takes everything back: nothing of a scenario ever stays."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import partial
from typing import Final
from uuid import UUID

from dateutil.relativedelta import relativedelta
from django.db import DatabaseError, transaction

from tirek.catalogue.models import (
    CarryOver,
    GuaranteedAmount,
    Kind,
    KindProvision,
    KindTerms,
    OfKind,
    Period,
    ProvisionChannel,
)
from tirek.catalogue.queries import fit_for, guaranteed_amount
from tirek.catalogue.terms import terms_of
from tirek.core import clock, numbers, reference
from tirek.core.actors import CLOCK, Actor, Desk
from tirek.core.case import deadlines
from tirek.core.case.workflow import fire
from tirek.core.errors import DomainError, RuleBroken
from tirek.core.keys import uuid7
from tirek.core.places import region_of
from tirek.core.reference import DatedRow, Status, snapshot
from tirek.entitlements import reasons, rules
from tirek.entitlements.actions import corrections, ledger
from tirek.entitlements.actions.programmes import (
    LineGrant,
    cancel_programme,
    register_programme,
    replace_programme,
)
from tirek.entitlements.actions.terms import follow_orders, reopen_term
from tirek.entitlements.asking import Asked, read_asked, written
from tirek.entitlements.models import Line, OrderingTerm, Programme
from tirek.entitlements.queries import LineStatus, status_of
from tirek.entitlements.scenarios import (
    Expected,
    GivenProgramme,
    Plain,
    PriceAsked,
    Scenario,
    Step,
    Supposed,
    offer_name,
    split_name,
)
from tirek.people.actions import record_death
from tirek.people.models import Disability, Person
from tirek.ui.text import tenge_text

_NOON: Final = time(12)
_SUPPOSED: Final = "Supposed by a scenario"
#: Before any day that a scenario names.
_ALWAYS: Final = date(2000, 1, 1)
_NO_REGION: Final = "000000000"
_THROUGH: Final = "goes through"


@dataclass(frozen=True, slots=True)
class Difference:
    """What a scenario expects and what the rules say instead."""

    line: int
    what: str
    expected: Plain
    got: Plain

    @property
    def words(self) -> tuple[str, str]:
        """What was expected and what came out, as a file writes them."""
        return _written(self.expected), _written(self.got)


def _written(value: Plain) -> str:
    return "never" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Played:
    """What became of a scenario.

    Attributes:
        scenario: which one.
        differences: what is not as expected.
        said: by kind, what the person would read, in the present language.
    """

    scenario: Scenario
    differences: tuple[Difference, ...]
    said: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Order:
    case_id: UUID
    line: Line
    parts: list[int] = field(default_factory=list)


@contextmanager
def on_trial() -> Iterator[None]:
    """Whatever is written inside is taken back, no number is used, and nobody else reads its dated data."""
    with numbers.on_trial(), snapshot.apart(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def play(scenario: Scenario) -> Played:
    """Let a scenario happen and compare, and take everything back."""
    with on_trial():
        return _Play(scenario).run()


def _play_again(scenario: Scenario) -> Played:
    """``play`` inside a trial, whose dated data are the scenario's, too, where it supposes no others."""
    if scenario.suppose != Supposed():
        return play(scenario)
    with transaction.atomic():
        played = _Play(scenario).run()
        transaction.set_rollback(True)
    return played


@contextmanager
def _at(day: date) -> Iterator[None]:
    with clock.at(datetime.combine(day, _NOON, clock.COUNTRY_ZONE)):
        yield


class _Play:
    """One scenario on its way."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._place = scenario.place or _NO_REGION
        self._differences: list[Difference] = []
        self._orders: list[_Order] = []
        self._office = Actor(desk=Desk.OFFICER, user_id=uuid7(), organisation_id=uuid7(), territory=self._place)

    def run(self) -> Played:
        """What became of it."""
        one = self._scenario
        unknown = sorted(one.kinds - set(Kind.objects.filter(pk__in=one.kinds).values_list("pk", flat=True)))
        if unknown:
            return Played(one, (Difference(one.line, "kind", unknown[0], "no such kind"),), {})
        _suppose(one.suppose, self._place)
        person = self._person()
        before: date | None = None
        for day, happens in self._happens(person):
            self._keep_days(person, before, day)
            try:
                with _at(day), transaction.atomic():
                    happens()
            except DomainError as error:
                self._differences.append(Difference(one.line, f"{day}", _THROUGH, error.code))
            except DatabaseError as error:
                self._differences.append(Difference(one.line, f"{day}", _THROUGH, type(error).__name__))
            before = day
        self._keep_days(person, before, one.on)
        said = {}
        with _at(one.on):
            for expected in one.expect:
                said[expected.kind] = self._compare(person, expected)
        return Played(one, tuple(self._differences), said)

    def _person(self) -> Person:
        given = self._scenario.person
        person = Person.objects.create(
            # no month 00 is: the number of nobody
            iin=f"000000{uuid7().int % 10**6:06d}",
            surname="–",
            given_name="–",
            birth_date=given.born,
            sex=Person.Sex.FEMALE,
            territory_id=self._place,
        )
        if given.group:
            Disability.objects.create(person=person, group=given.group, reason=given.reason, since=given.born)
        return person

    def _happens(self, person: Person) -> list[tuple[date, Callable[[], object]]]:
        """Everything that happens, by day; what stands first in the file comes first on its day."""
        one, found = self._scenario, list[tuple[date, Callable[[], object]]]()
        for given in one.programmes:
            entered: list[Programme] = []
            found.append((given.entered, partial(self._enter, person, given, entered)))
            if given.cancelled is not None:
                found.append((given.cancelled, partial(self._cancel, entered)))
            if given.replaced is not None:
                found.append((given.replaced, partial(self._replace, entered)))
        found += [(step.on, partial(self._step, person, step)) for step in one.steps]
        if one.person.died is not None:
            died = one.person.died
            found.append((died, partial(record_death, actor=CLOCK, person=person, deceased_on=died)))
        return sorted((each for each in found if each[0] <= one.on), key=lambda each: each[0])

    def _enter(self, person: Person, given: GivenProgramme, entered: list[Programme]) -> None:
        kinds = Kind.objects.in_bulk([line.kind for line in given.lines])
        programme = register_programme(
            actor=CLOCK,
            person=person,
            issued_by="–",
            issued_on=given.issued,
            valid_until=given.until,
            employer_pays=given.employer_pays,
            lines=[
                LineGrant(
                    kind=kinds[line.kind],
                    quantity=line.quantity,
                    recommended=asked.recommended,
                    must=asked.must,
                    channel=ProvisionChannel(line.channel) if line.channel else None,
                )
                for line in given.lines
                for asked in (read_asked(line.kind, line.asks),)
            ],
        )
        entered.append(programme)

    def _cancel(self, entered: list[Programme]) -> None:
        for programme in entered:
            cancel_programme(actor=self._office, programme=programme, basis=_SUPPOSED)

    def _replace(self, entered: list[Programme]) -> None:
        for programme in Programme.objects.filter(pk__in=[one.pk for one in entered], state=Programme.State.ACTIVE):
            replace_programme(actor=CLOCK, programme=programme, by=programme)

    def _keep_days(self, person: Person, after: date | None, until: date) -> None:
        """What the clock does until a day: windows close and open, terms and programmes end."""
        if after is None:
            return
        for day in _days_of_clock(person, after, until):
            with _at(day):
                _fire_due(person)
                ledger.keep_days_of(person.pk)

    def _line(self, person: Person, kind: str) -> Line | None:
        rows = Line.objects.filter(person=person, kind=kind).select_related("programme", "kind", "person")
        standing = rows.exclude(programme__state=Programme.State.REPLACED)
        return standing.order_by("-created_at", "-pk").first() or rows.order_by("-created_at", "-pk").first()

    def _step(self, person: Person, step: Step) -> None:
        line = self._line(person, step.kind)
        if line is None:
            self._differences.append(Difference(step.line, step.what, step.kind, "no such line"))
            return
        refused = ""
        try:
            with transaction.atomic():
                self._do(line, step)
        except RuleBroken as error:
            refused = error.code
        if refused != step.refused:
            what = f"{step.kind} {step.what}"
            self._differences.append(Difference(step.line, what, step.refused or _THROUGH, refused or _THROUGH))

    def _do(self, line: Line, step: Step) -> None:
        match step.what:
            case "order":
                order = _Order(uuid7(), line)
                locked = ledger.lock_line(line.pk)
                ledger.reserve(locked, quantity=step.quantity, case_id=order.case_id, on=step.on)
                self._orders.append(order)
            case "receive":
                order = self._order(step)
                ledger.consume(
                    case_id=order.case_id,
                    line_id=order.line.pk,
                    quantity=step.quantity,
                    part=len(order.parts) + 1,
                    on=step.on,
                )
                order.parts.append(step.quantity)
            case "cancel":
                order = self._order(step)
                ledger.release(case_id=order.case_id, line_id=order.line.pk)
            case "correct":
                first, second = uuid7(), uuid7()
                ledger.correct(
                    ledger.lock_line(line.pk),
                    amount=step.quantity,
                    decided_by=first,
                    second_by=second,
                    case_id=uuid7(),
                )
                return
            case "earlier":
                corrections.allow_earlier(ledger.lock_line(line.pk))
                return
            case "provide":
                corrections.provide(ledger.lock_line(line.pk), step.channel)
                return
            case _:
                term = OrderingTerm.objects.get(line=line)
                reopen_term(actor=self._office, term=term, reason=_SUPPOSED)
                return
        follow_orders(order.line)

    def _order(self, step: Step) -> _Order:
        mine = self._orders if step.of else [one for one in self._orders if one.line.kind_id == step.kind]
        try:
            return mine[step.of - 1]
        except IndexError:
            raise RuleBroken("There is no such order.", code="no_order") from None

    def _compare(self, person: Person, expected: Expected) -> tuple[str, ...]:
        line = self._line(person, expected.kind)
        if line is None:
            self._differences.append(Difference(expected.line, expected.kind, "a line", "not in the programme"))
            return ()
        status = status_of(line)
        got = _values(status) | {
            name: value for asked in expected.prices for name, value in _split(status, asked, self._place).items()
        }
        got |= {offer_name(has): _fits(line, has) for has in expected.offers}
        self._differences += [
            Difference(expected.line, f"{expected.kind} {name}", value, got.get(name))
            for name, value in expected.values.items()
            if got.get(name) != value
        ]
        term = status.term_answer
        return (
            status.answer.sentence,
            *([status.answer.citation] if status.answer.citation else []),
            *([term.sentence] if term else []),
            *(_said(status, asked, self._place) for asked in expected.prices),
        )


def _days_of_clock(person: Person, after: date, until: date) -> Iterator[date]:
    """Days on which the clock has something to do: the last one, and, where what is left is carried on, each day on
    which a window begins.
    """
    lines = Line.objects.filter(person=person).select_related("programme")
    carried = {
        line.window
        for line in lines
        if terms_of(line.kind_id, territory_code=line.programme.territory_code, on=until).carry_over != CarryOver.NONE
    }
    step = relativedelta(days=1) if Period.DAY in carried else relativedelta(months=1, day=1)
    day = after + step
    while carried and day < until:
        yield day
        day += step
    yield until


def _fire_due(person: Person) -> None:
    cases = [*Programme.objects.filter(person=person), *OrderingTerm.objects.filter(person=person)]
    for case in cases:
        for one in deadlines.open_of(case):
            if one.due_at <= clock.now():
                fire(one.case_type, case.pk, one.otherwise)


def _replaced_by(row: DatedRow) -> None:
    """In place of every version of what a row is a version of, whatever its days."""
    row.versions().delete()
    row.effective_from, row.effective_to = _ALWAYS, None
    row.save(force_insert=True)
    reference.forget()


def _suppose(supposed: Supposed, place: str) -> None:
    stands = {"region_code": "", "effective_from": _ALWAYS, "citation": _SUPPOSED, "status": Status.DEMO}
    placed: list[OfKind] = [
        KindTerms(
            kind_id=one.kind,
            period=one.period,
            part=one.part,
            part_quantity=one.part_quantity,
            carry_over=one.carry_over,
            max_per_order=one.max_per_order,
            replacement_months=one.replacement_months,
            **stands,
        )
        for one in supposed.terms
    ]
    placed += [GuaranteedAmount(kind_id=kind, amount=amount, **stands) for kind, amount in supposed.amounts.items()]
    for row in placed:
        type(row)._default_manager.filter(kind=row.kind_id).delete()
        _replaced_by(row)
    KindProvision.objects.filter(kind__in=[*supposed.on_portal, *supposed.bought_here]).delete()
    for kind, last in supposed.bought_here.items():
        concluded = {"conclusion_number": _SUPPOSED[:60], "conclusion_on": _ALWAYS}
        bought = stands | concluded | {"region_code": region_of(place), "effective_to": last}
        KindProvision.objects.create(kind_id=kind, way=KindProvision.Way.PROCUREMENT, **bought)
    reference.forget()
    for kind, day in supposed.on_portal.items():
        Kind.objects.filter(pk=kind).update(orderable_from=day, channel=ProvisionChannel.PORTAL)


def _values(status: LineStatus) -> dict[str, Plain]:
    state, line, term = status.availability, status.line, status.term
    runs = term is not None and term.state == OrderingTerm.State.RUNNING
    reminders = [term.first_reminder, term.second_reminder, term.third_reminder] if term is not None and runs else []
    # a reminder is sent when the day before it has ended
    first, second, third = (day + relativedelta(days=1) for day in reminders) if reminders else (None, None, None)
    basis = status.answer.basis
    return {
        "rule": status.answer.rule,
        "article": basis.text if basis is not None and basis.unit is reference.Unit.TEXT else _article(basis),
        "quantity": state.quantity,
        "most": state.most,
        "from": state.from_day,
        "window_first": state.window.start,
        "window_last": state.window.end,
        "received": state.balance.received,
        "held": state.balance.reserved,
        "next": line.next_on,
        "order_by": status.order_by,
        "first_reminder": first,
        "second_reminder": second,
        "third_reminder": third,
        "term": term.state if term is not None else "none",
        "asks": written(Asked.of(line)),
    }


def _fits(line: Line, has: str) -> str:
    """Whether an offer with these parameters fits the person of a line, who was not measured."""
    try:
        parameters = read_asked(line.kind_id, has).recommended
    except RuleBroken as error:
        return error.code
    fit = fit_for(line.person, line.asked, parameters, on=clock.today())
    return "barred" if fit.barred else fit.verdict.value


def _article(basis: reference.Value | None) -> str:
    """The article that the source of a value names: "168(2)" of "Social Code art. 168(2): …"."""
    return basis.citation.partition(" art. ")[2].partition(":")[0] if basis is not None else ""


def _of(status: LineStatus, asked: PriceAsked, place: str) -> tuple[rules.PriceSplit, GuaranteedAmount] | None:
    try:
        limit = guaranteed_amount(status.line.kind_id, territory_code=place, on=clock.today())
    except DomainError:
        return None
    return rules.split_price(price=asked.price, quantity=asked.quantity, guaranteed=limit.amount), limit


def _split(status: LineStatus, asked: PriceAsked, place: str) -> dict[str, Plain]:
    found = _of(status, asked, place)
    said: Sequence[tuple[str, Plain]]
    if found is None:
        said = [("budget", None), ("person", None), ("rule", "no_amount")]
    else:
        split, limit = found
        said = [("budget", split.budget), ("person", split.person), ("rule", reasons.of_split(split, limit).rule)]
    return {split_name(asked, name): value for name, value in said}


def _said(status: LineStatus, asked: PriceAsked, place: str) -> str:
    found = _of(status, asked, place)
    if found is None:
        return "–"
    split, limit = found
    return f"{tenge_text(split.budget)} + {tenge_text(split.person)}. {reasons.of_split(split, limit).sentence}"


@dataclass(frozen=True, slots=True)
class Changed:
    """A scenario that would change: what the person reads now and would read then, where these differ."""

    scenario: Scenario
    kind: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def changed_by(row: DatedRow, scenarios: Iterable[Scenario]) -> list[Changed]:
    """What would change in scenarios if a proposed version held on their days; nothing of it stays."""
    found = []
    with on_trial():
        known = [(one, _play_again(one).said) for one in scenarios]
        trial = copy(row)
        trial.pk = uuid7()
        _replaced_by(trial)
        for one, before in known:
            after = _play_again(one).said
            for kind, said in before.items():
                then = after.get(kind, ())
                if said != then:
                    found.append(
                        Changed(
                            one,
                            kind,
                            tuple(each for each in said if each not in then),
                            tuple(each for each in then if each not in said),
                        )
                    )
    return found
