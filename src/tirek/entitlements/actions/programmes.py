"""Programmes: registered, replaced, expired, ended."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tirek.catalogue.models import Kind, ProvisionChannel
from tirek.catalogue.terms import quota_of, terms_of
from tirek.core import clock
from tirek.core.actors import CLOCK, Actor
from tirek.core.case.workflow import perform
from tirek.core.database import locks, rows
from tirek.core.errors import RuleBroken
from tirek.core.imports.tables import as_key
from tirek.core.known import Known
from tirek.core.numbers import Series
from tirek.entitlements.actions import terms
from tirek.entitlements.actions.ledger import count_before, expire_rest, grant_fresh
from tirek.entitlements.asking import check_asked, check_channel, default_channel
from tirek.entitlements.models import Line, Programme
from tirek.entitlements.workflow import PROGRAMME
from tirek.people.models import Person
from tirek.ui.text import day_text

NUMBERS: Final = Series("ЖБ", "entitlements_programme_number")


@dataclass(frozen=True, slots=True)
class LineGrant:
    """One line of a programme as it is registered.

    Attributes:
        kind: kind of the classifier.
        quantity: units, in the programme's own period.
        recommended: parameter code → value.
        must: codes of those of them that must match.
        channel: how it is provided; when not given the employer pays where it pays for the programme, otherwise the
            kind's own channel.
        queue_on: date in the queue; when not given the one of the item that is replaced, or the day of the programme.
    """

    kind: Kind
    quantity: int
    recommended: Mapping[str, str | float | bool]
    channel: ProvisionChannel | None = None
    queue_on: date | None = None
    must: Collection[str] = ()


class EndsItems(RuleBroken):
    """A new programme ends items of older ones that nobody was shown; ``lines`` are all that it ends."""

    def __init__(self, lines: Collection[Line]) -> None:
        super().__init__(
            _("Nothing is entered yet: this programme ends items of an older one that it does not give itself."),
            next_step=_("Read which ones. If that is right, enter it once more."),
            code="ends_items",
        )
        self.lines = lines


@PROGRAMME.action("register")
def register_programme(
    *,
    actor: Actor,
    person: Person,
    issued_by: str,
    issued_on: date,
    valid_until: date | None,
    lines: Iterable[LineGrant],
    employer_pays: bool = False,
    ends_shown: Collection[UUID] | None = None,
) -> Programme:
    """Register an active programme with its lines and grant the present windows.

    Args:
        actor: who registers it.
        person: whose programme it is.
        issued_by: department of medical and social assessment.
        issued_on: day of issue.
        valid_until: last day; ``None`` without term.
        lines: its items.
        employer_pays: for all items that say nothing else (Social Code art. 162(4)).
        ends_shown: lines of which the actor has read that they end with it; ``None``: nobody is there to read it.

    Raises:
        EndsItems: it ends further lines.
        RuleBroken: no lines; issued after today or ended before; the person has died; it is registered already, where
            it is not the clock that enters it; a newer programme gives one of its kinds; a line asks for what its kind
            does not have, is provided in a way in which its kind is not, or has a date in the queue that is to come.
    """
    granted = list(lines)
    if not granted:
        raise RuleBroken(_("A programme has at least one item."))
    if issued_on > clock.today():
        raise RuleBroken(_("The day of issue is in the future."), code="issued_on")
    if valid_until is not None and valid_until < clock.today():
        raise RuleBroken(_("The programme ended before today."))
    if person.deceased_on is not None:
        raise RuleBroken(_("The person has died; no programme can begin."))
    programme = perform(
        Programme(
            number=NUMBERS.take(),
            person=person,
            territory_code=person.territory_id,
            issued_by=issued_by,
            issued_on=issued_on,
            valid_until=valid_until,
            employer_pays=employer_pays,
        ),
        data={"lines": [[one.kind.code, one.quantity] for one in granted]},
    )
    today = clock.today()
    made = [_line(programme, one, today) for one in granted]
    before = _lines_before(programme, made)
    if actor != CLOCK:
        _check_unknown(programme, made, before)
    _check_newest(programme, before)
    ends = _ended_by(made, before)
    if ends_shown is not None and {one.pk for one in ends} - frozenset(ends_shown):
        raise EndsItems(ends)
    _keep_place(made, granted, before)
    rows.insert(made)
    replaced = _replaced_by(programme, before)
    known = {one.kind_id for one in before}
    grant_fresh(row for row in made if row.kind_id not in known)
    for row in made:
        if row.kind_id in known:
            count_before(row, [one for one in replaced if one.kind_id == row.kind_id])
    terms.open_terms(programme, made, ended=[one.kind_id for one in ends])
    return programme


#: Kinds that people have had a line of, where those of many people were asked for at once.
_kinds_before: Final[Known[Mapping[UUID, Collection[str]]]] = Known("tirek_kinds_before")


@contextmanager
def kinds_known(people: Collection[UUID]) -> Iterator[Mapping[UUID, Collection[str]]]:
    """Inside, it is known which kinds these people have had a line of so far; given by person. None of them may get
    two programmes inside, and until the transaction ends nobody else registers one for them.
    """
    _hold(people)
    found: dict[UUID, set[str]] = {key: set() for key in people}
    for person, kind in Line.objects.filter(person__in=list(people)).values_list("person_id", "kind_id"):
        found[person].add(kind)
    with _kinds_before.within(found):
        yield found


def _lines_before(programme: Programme, lines: Iterable[Line]) -> list[Line]:
    """Lines of the kinds of a new programme that the person has had, whatever became of them."""
    kinds, known = [one.kind_id for one in lines], _kinds_before.get() or {}
    if programme.person_id not in known:
        _hold([programme.person_id])
    elif not set(known[programme.person_id]) & set(kinds):
        return []
    before = Line.objects.filter(person=programme.person, kind__in=kinds).exclude(programme=programme)
    return list(before.select_related("programme").order_by("pk"))


def _hold(people: Iterable[UUID]) -> None:
    """Whoever gives these people items does so one after the other: the second one sees what the first has given."""
    locks.lock_names(f"programmes of {key}" for key in people)


def _check_unknown(programme: Programme, made: Iterable[Line], before: Iterable[Line]) -> None:
    """One paper is registered once, also where it is entered at two desks, or pressed twice.

    Raises:
        RuleBroken: an active one of the same issuer and day gives the same.
    """
    gives = _given(made)
    alike = {
        one.programme_id: one.programme
        for one in before
        if one.programme.state == Programme.State.ACTIVE
        and one.programme.issued_on == programme.issued_on
        and one.programme.valid_until == programme.valid_until
        and as_key(one.programme.issued_by) == as_key(programme.issued_by)
    }
    for key, known in alike.items():
        if _given(Line.objects.filter(programme=key)) == gives:
            raise RuleBroken(
                _("This programme is registered already: %(number)s.") % {"number": known.number},
                next_step=_("Correct it in the person's file if something of it is wrong."),
                code="known",
            )


def _given(lines: Iterable[Line]) -> dict[str, tuple[object, ...]]:
    return {
        one.kind_id: (one.quantity, one.year_quantity, one.recommended, one.must_match, one.channel) for one in lines
    }


def _keep_place(made: Iterable[Line], granted: Iterable[LineGrant], before: Iterable[Line]) -> None:
    """Who has waited under the programme that is replaced, and has got nothing, keeps the place in the queue."""
    waiting: dict[str, date] = {}
    for one in before:
        if one.programme.state == Programme.State.ACTIVE and one.last_received_on is None:
            waiting[one.kind_id] = min(one.queue_on, waiting.get(one.kind_id, one.queue_on))
    for line, grant in zip(made, granted, strict=True):
        if grant.queue_on is None:
            line.queue_on = min(line.queue_on, waiting.get(line.kind_id, line.queue_on))


def _check_newest(programme: Programme, before: Iterable[Line]) -> None:
    """An older programme never takes the place of a newer one, in whatever order they are entered.

    Raises:
        RuleBroken: an active one that was issued later gives one of its kinds.
    """
    newer = [
        one.programme
        for one in before
        if one.programme.state == Programme.State.ACTIVE and one.programme.issued_on > programme.issued_on
    ]
    if newer:
        newest = max(newer, key=lambda one: one.issued_on)
        raise RuleBroken(
            _("A newer programme of %(day)s gives the same.") % {"day": day_text(newest.issued_on)},
            next_step=_("Check the day of issue. What the newer programme gives holds."),
            code="issued_on",
        )


def _ended_by(made: Iterable[Line], before: Iterable[Line]) -> list[Line]:
    """What else the programmes give that this one replaces: it ends with them."""
    replaced = {one.programme_id for one in before if one.programme.state == Programme.State.ACTIVE}
    if not replaced:
        return []
    others = Line.objects.filter(programme__in=replaced).exclude(kind__in=[one.kind_id for one in made])
    return list(others.select_related("kind", "programme").order_by("kind__position"))


def _replaced_by(programme: Programme, before: Iterable[Line]) -> list[Line]:
    """A new programme takes the place of those that give one of its kinds; returns the lines of these kinds."""
    found = [one for one in before if one.programme.state == Programme.State.ACTIVE]
    for one in {line.programme_id: line.programme for line in found}.values():
        replace_programme(actor=CLOCK, programme=one, by=programme)
    return found


def _line(programme: Programme, one: LineGrant, today: date) -> Line:
    check_asked(one.kind, one.recommended, one.must)
    if one.channel is not None:
        check_channel(one.kind, one.channel)
    if one.queue_on is not None and one.queue_on > today:
        raise RuleBroken(_("The date in the queue is in the future."), code="queue_on")
    terms_of_kind = terms_of(one.kind.code, territory_code=programme.territory_code, on=today)
    window, quantity, year = quota_of(terms_of_kind, one.quantity)
    return Line(
        programme=programme,
        person=programme.person,
        kind=one.kind,
        quantity=quantity,
        window=window,
        year_quantity=year,
        recommended=dict(one.recommended),
        must_match=sorted(one.must),
        channel=one.channel or default_channel(programme, one.kind),
        queue_on=one.queue_on or programme.issued_on,
    )


def add_missing_line(programme: Programme, one: LineGrant) -> Line:
    """Add a line that was left out of an active programme by a data error; its present window and its term to order
    begin.

    Called by a correction that two officers signed, inside its transaction.

    Raises:
        RuleBroken: the programme is no longer active, it or another active one has such a line, or its kind does not
            have what is asked for.
    """
    _hold([programme.person_id])
    with locks.bounded():
        now = Programme.objects.select_for_update().filter(pk=programme.pk).values_list("state", flat=True).get()
    if now != Programme.State.ACTIVE:
        raise RuleBroken(_("The programme is no longer active."), code="programme")
    of_kind = Line.objects.filter(person=programme.person_id, kind=one.kind)
    if of_kind.filter(programme__state=Programme.State.ACTIVE).exists():
        raise RuleBroken(
            _("The programme has an item of this kind already."),
            next_step=_("Correct its balance instead."),
            code="line",
        )
    today = clock.today()
    line = _line(programme, one, today)
    rows.insert([line])
    before = of_kind.filter(programme__state=Programme.State.REPLACED).select_related("programme")
    count_before(line, list(before.order_by("-pk")[:1]))
    terms.open_terms(programme, [line])
    return line


@PROGRAMME.action("expire")
def expire_programme(*, actor: Actor, programme: Programme) -> Programme:
    """The programme's term has passed: what was not ordered expires; open orders go on."""
    terms.close_terms(programme)
    expire_rest(programme, cause="programme")
    return perform(programme)


@PROGRAMME.action("replace")
def replace_programme(*, actor: Actor, programme: Programme, by: Programme) -> Programme:
    """A newer programme takes the place of this one."""
    terms.close_terms(programme)
    expire_rest(programme, cause="programme")
    return perform(programme, data={"by": by.pk})


@PROGRAMME.action("cancel")
def cancel_programme(*, actor: Actor, programme: Programme, basis: str) -> Programme:
    """A re-examination ended the programme; ``basis`` names the decision."""
    terms.close_terms(programme)
    expire_rest(programme, cause="programme")
    return perform(programme, data={"basis": bool(basis)}, note=basis)
