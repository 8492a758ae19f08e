"""The term to order a line: opened with the notice, reminded of, lapsed, called about, reopened; it follows the line's
orders.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.provision import opened_between
from tirek.core import clock, reference
from tirek.core.actors import CLOCK, Actor
from tirek.core.case import deadlines
from tirek.core.case.workflow import perform
from tirek.core.database import rows
from tirek.core.errors import RuleBroken
from tirek.core.numbers import Series
from tirek.core.places import covered
from tirek.core.reference import workcalendar
from tirek.entitlements import rules
from tirek.entitlements.actions.ledger import lock_line, orders_of
from tirek.entitlements.messages import tell, tell_of_terms
from tirek.entitlements.models import Line, OrderingTerm, Programme
from tirek.entitlements.provision import provided_of
from tirek.entitlements.workflow import TERM

NUMBERS: Final = Series("МЗ", "entitlements_term_number")
State = OrderingTerm.State
_DAYS: Final = ("started_on", "order_by", "first_reminder", "second_reminder", "third_reminder")


def _fresh_days(begins: date | None = None) -> rules.TermDays:
    today = begins or clock.today()
    length = reference.term("entitlement.order_within", at=today)
    opened = clock.now() if begins is None else datetime.combine(begins, time(), clock.COUNTRY_ZONE)
    last = deadlines.due_at(opened, length, workcalendar.calendar()) - timedelta(microseconds=1)
    first, second, third = (
        reference.term(f"entitlement.remind_{which}", at=today).amount for which in ("first", "second", "third")
    )
    return rules.term_days(
        today, order_by=last.astimezone(clock.COUNTRY_ZONE).date(), remind_after=(first, second, third)
    )


def _set_days(term: OrderingTerm, days: rules.TermDays) -> None:
    term.order_by = days.order_by
    term.first_reminder, term.second_reminder, term.third_reminder = days.reminders


def _present_days(term: OrderingTerm) -> rules.TermDays:
    return rules.TermDays(term.order_by, (term.first_reminder, term.second_reminder, term.third_reminder))


def can_be_ordered_here(line: Line) -> bool:
    """Whether the person orders this line on the portal, so that a term runs (programme and kind are loaded)."""
    today = clock.today()
    return provided_of(line, today).can_be_ordered(today)


def open_terms(
    programme: Programme,
    lines: Iterable[Line],
    *,
    template: str = "programme.on_portal",
    ended: Iterable[str] = (),
    **context: str,
) -> None:
    """Give the person the notice of new lines; the term of those that can be ordered here begins.

    Args:
        programme: of the lines.
        lines: the new ones, or those that can be ordered from now on.
        template: of the notice.
        ended: codes of kinds that an earlier programme gave and this one has ended: the notice names them, also where
            nothing can be ordered here.
        context: further facts for the notice.
    """
    ordered_here = []
    for line in lines:
        line.programme = programme
        if can_be_ordered_here(line):
            ordered_here.append(line)
    with rows.gathered():
        opened = [open_term(actor=CLOCK, programme=programme, line=line) for line in ordered_here]
    if named := " ".join(ended):
        context["ended"] = named
    if opened:
        for term, line in zip(opened, ordered_here, strict=True):
            term.line = line
        last = opened[0].order_by
        tell_of_terms(
            programme.person_id, template, opened, case=programme, number=programme.number, day=last, **context
        )
    elif named:
        tell(programme.person_id, "programme.replaced", case=programme, number=programme.number, ended=named)


#: Lines of which the terms begin in one transaction when a kind opens.
AT_ONCE: Final = 200
#: How far the nightly job looks back: a night on which it did not run is made up for.
_BACK: Final = timedelta(days=7)


def open_terms_of_opened(*, limit: int = AT_ONCE) -> int:
    """Where a kind has opened on the portal in a region: the terms of lines without one begin, those that passed while
    nothing could be ordered begin anew, and people are told. Returns of how many lines; 0 when nothing is left to do.

    However often it is called, a line gets its term once.
    """
    today = clock.today()
    for kind, region_code in opened_between(today - _BACK, today):
        lines = Line.objects.filter(
            covered(region_code, "programme__territory_code"),
            kind=kind,
            channel=kind.channel,
            last_received_on__isnull=True,
            programme__state=Programme.State.ACTIVE,
            person__deceased_on__isnull=True,
        )
        with transaction.atomic():
            done = _open_some(lines, limit) + _reopen_some(lines, limit)
        if done:
            return done
    return 0


def _locked(lines: QuerySet[Line], limit: int) -> QuerySet[Line]:
    """Some of the lines; one in somebody's hands has its turn at the next call."""
    return lines.order_by("pk").select_for_update(of=("self",), skip_locked=True)[:limit]


def _open_some(lines: QuerySet[Line], limit: int) -> int:
    by_programme: dict[UUID, list[Line]] = {}
    for line in _locked(lines.filter(term__isnull=True).select_related("programme", "kind"), limit):
        by_programme.setdefault(line.programme_id, []).append(line)
    for found in by_programme.values():
        kind = found[0].kind_id
        open_terms(found[0].programme, found, template="programme.opened", kind=kind)
    return sum(map(len, by_programme.values()))


def _reopen_some(lines: QuerySet[Line], limit: int) -> int:
    # a term that passed while it could be ordered has left its day on the line, and waits for the office
    passed = lines.filter(term__state=State.NOT_ORDERED, term_passed_on__isnull=True)
    found = list(_locked(passed.select_related("term"), limit))
    for line in found:
        reopen_term(actor=CLOCK, term=line.term, reason=_OPENED)
    return len(found)


@TERM.action("open")
def open_term(*, actor: Actor, programme: Programme, line: Line) -> OrderingTerm:
    """The term of a line begins today."""
    term = OrderingTerm(
        number=NUMBERS.take(),
        territory_code=programme.territory_code,
        line=line,
        person_id=line.person_id,
        started_on=clock.today(),
    )
    _set_days(term, _fresh_days())
    return perform(term, data={"line": line.pk, "order_by": term.order_by})


def _tell(term: OrderingTerm, template: str) -> None:
    kind = Line.objects.values_list("kind_id", flat=True).get(pk=term.line_id)
    tell(term.person_id, template, case=term, kind=kind, day=term.order_by)


def _remind(*, actor: Actor, term: OrderingTerm) -> OrderingTerm:
    """A reminder, unless an order holds the line, or it cannot be ordered now where the person lives."""
    line = lock_line(term.line_id)
    known = orders_of(line, since=term.state_since)
    perform(term)
    if not known.holding and can_be_ordered_here(line):
        _tell(term, "term.reminder")
    return term


for _which in ("first", "second", "third"):
    TERM.action(f"remind_{_which}")(_remind)


@TERM.action("begin_by_letter")
def begin_by_letter(*, actor: Actor, term: OrderingTerm, received_on: date) -> OrderingTerm:
    """The notice of the term went by post: the term counts from the day on which the letter counts as received."""
    term.started_on = received_on
    _set_days(term, _fresh_days(received_on))
    return perform(term, data={"order_by": term.order_by}, changed=_DAYS)


def count_from_letter(programme_id: UUID, received_on: date) -> None:
    """The notice of a programme was posted: its running terms that began earlier begin when the letter counts as
    received; none becomes shorter.
    """
    rows = OrderingTerm.objects.filter(line__programme=programme_id, state=State.RUNNING, started_on__lt=received_on)
    for term in rows.order_by("pk"):
        begin_by_letter(actor=CLOCK, term=term, received_on=received_on)


@TERM.action("order")
def mark_ordered(*, actor: Actor, term: OrderingTerm) -> OrderingTerm:
    """An order holds the line: no more reminders."""
    return perform(term)


@TERM.action("lapse")
def lapse_term(*, actor: Actor, term: OrderingTerm) -> OrderingTerm:
    """The term has passed: the line stays and waits, an officer is asked to call, the person is told what to do.

    The line's lock decides between this and an order that comes at the same moment; an order that came and went before
    its effects ran gives the person the time that any order that comes to nothing gives. While it cannot be ordered
    where the person lives (the local body buys it there), nobody has missed anything: nobody is called or told, and the
    full term begins anew when it opens (``open_terms_of_opened``).
    """
    line = lock_line(term.line_id)
    known = orders_of(line, since=term.state_since)
    if not can_be_ordered_here(line) and not known.holding and not known.received:
        return perform(term, to=State.NOT_ORDERED)
    if known.holding or known.received or known.came:
        perform(term, to=State.ORDERED)
        if not (known.holding or known.received):
            resume_term(actor=CLOCK, term=term)
        return term
    line.term_passed_on = term.order_by
    line.save(update_fields=["term_passed_on"])
    term.call_waits, term.call_result = True, ""
    perform(term, to=State.NOT_ORDERED, changed=["call_waits", "call_result"])
    _tell(term, "term.passed")
    return term


@TERM.action("record_call")
def record_call(*, actor: Actor, term: OrderingTerm, result: str, note: str = "") -> OrderingTerm:
    """An officer called the person; the task is done, whatever was said.

    Raises:
        RuleBroken: the result is not of the list.
    """
    if result not in OrderingTerm.CallResult.values:
        raise RuleBroken(_("Choose a result from the list."), code="result")
    term.call_waits, term.call_result = False, result
    return perform(term, data={"result": result}, note=note, changed=["call_waits", "call_result"])


@TERM.action("reopen")
def reopen_term(*, actor: Actor, term: OrderingTerm, reason: str) -> OrderingTerm:
    """An officer lets the full term begin anew, with a reason; the person is told."""
    line = lock_line(term.line_id)
    line.term_passed_on = None
    line.save(update_fields=["term_passed_on"])
    term.started_on, term.call_waits = clock.today(), False
    _set_days(term, _fresh_days())
    perform(
        term,
        data={"reason": bool(reason.strip()), "order_by": term.order_by},
        note=reason.strip(),
        changed=[*_DAYS, "call_waits"],
    )
    _tell(term, "term.reopened")
    return term


#: Kept with the event, in both languages of the journal.
_OFFERED: Final = "Ұсыныс пайда болды / Появилось предложение"
_BY_DECISION: Final = "Берілу тәсілі шешіммен өзгертілді / Способ предоставления изменён решением"
_OPENED: Final = "Порталда тапсырыс беру ашылды / Заказ на портале открыт"


def restart_term(line_id: UUID) -> None:
    """The first offer reaches the district: a term that has passed meanwhile begins anew."""
    term = OrderingTerm.objects.filter(line=line_id, state=State.NOT_ORDERED).first()
    if term is not None:
        reopen_term(actor=CLOCK, term=term, reason=_OFFERED)


def follow_channel(line: Line) -> None:
    """Two officers changed how a locked line is provided: a term that ran for what is not ordered on the portal any
    more stops, and where it is ordered there now the full term begins.
    """
    term = OrderingTerm.objects.filter(line=line).first()
    if not can_be_ordered_here(line):
        if term is not None and term.state == State.RUNNING:
            lapse_term(actor=CLOCK, term=term)
    elif term is None:
        open_terms(line.programme, [line])
    elif term.state == State.NOT_ORDERED:
        reopen_term(actor=CLOCK, term=term, reason=_BY_DECISION)


@TERM.action("resume")
def resume_term(*, actor: Actor, term: OrderingTerm) -> OrderingTerm:
    """The order came to nothing: what is left of the term runs on, at least ``entitlement.order_again``."""
    least = deadlines.due_at(
        clock.now(), reference.term("entitlement.order_again", at=clock.today()), workcalendar.calendar()
    )
    last = (least - timedelta(microseconds=1)).astimezone(clock.COUNTRY_ZONE).date()
    _set_days(term, rules.prolonged(_present_days(term), least=last))
    perform(term, data={"order_by": term.order_by}, changed=_DAYS)
    _tell(term, "term.runs_on")
    return term


@TERM.action("close")
def close_term(*, actor: Actor, term: OrderingTerm) -> OrderingTerm:
    """The line was received, or its programme has ended: no term runs any more."""
    term.call_waits = False
    return perform(term, changed=["call_waits"])


def close_terms(programme: Programme) -> None:
    """The programme has ended: so have the terms of its lines."""
    for term in OrderingTerm.objects.filter(line__programme=programme).exclude(state=State.CLOSED):
        close_term(actor=CLOCK, term=term)


def close_terms_of(person_id: UUID) -> None:
    """The person has died: no term runs any more, and nobody is called."""
    for term in OrderingTerm.objects.filter(person=person_id).exclude(state=State.CLOSED):
        close_term(actor=CLOCK, term=term)


def follow_orders(line: Line) -> None:
    """Bring the term of a line to where its orders are, by the ledger alone: however often and in whatever order it is
    called.
    """
    term = OrderingTerm.objects.filter(line=line).first()
    if term is None or term.state == State.CLOSED:
        return
    known = orders_of(line, since=term.state_since)
    if known.received and not known.holding:
        close_term(actor=CLOCK, term=term)
        return
    if term.state == State.RUNNING and (known.holding or known.came):
        term = mark_ordered(actor=CLOCK, term=term)
    if term.state == State.ORDERED and not known.holding:
        resume_term(actor=CLOCK, term=term)
