"""The term to order a line: opened with the notice, reminded of, lapsed, called about, reopened; it follows the line's
orders.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tirek.catalogue.models import ProvisionChannel
from tirek.core import clock, reference
from tirek.core.actors import CLOCK, Actor
from tirek.core.case import deadlines
from tirek.core.case.workflow import perform
from tirek.core.errors import RuleBroken
from tirek.core.numbers import Series
from tirek.core.reference import workcalendar
from tirek.entitlements import rules
from tirek.entitlements.actions.ledger import lock_line, orders_of
from tirek.entitlements.messages import tell
from tirek.entitlements.models import Line, OrderingTerm, Programme
from tirek.entitlements.workflow import TERM

NUMBERS: Final = Series("МЗ", "entitlements_term_number")
State = OrderingTerm.State
_DAYS: Final = ("started_on", "order_by", "first_reminder", "second_reminder", "third_reminder")


def _fresh_days() -> rules.TermDays:
    today = clock.today()
    length = reference.term("entitlement.order_within", at=today)
    last = deadlines.due_at(clock.now(), length, workcalendar.calendar()) - timedelta(microseconds=1)
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


def can_be_ordered_here(programme: Programme, line: Line) -> bool:
    """Whether the person orders this line on the portal, so that a term runs (``line.kind`` is loaded)."""
    begins = line.kind.orderable_from
    return (
        line.channel == ProvisionChannel.PORTAL
        and not programme.employer_pays
        and begins is not None
        and begins <= clock.today()
    )


def open_terms(programme: Programme, lines: Iterable[Line]) -> None:
    """Give the person the notice of new lines; the term of those that can be ordered here begins."""
    ordered_here = [line for line in lines if can_be_ordered_here(programme, line)]
    opened = [open_term(actor=CLOCK, programme=programme, line=line) for line in ordered_here]
    if opened:
        last = opened[0].order_by
        tell(programme.person_id, "programme.on_portal", case=programme, number=programme.number, day=last)


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
    """A reminder, unless an order holds the line."""
    known = orders_of(lock_line(term.line_id), since=term.state_since)
    perform(term)
    if not known.holding:
        _tell(term, "term.reminder")
    return term


for _which in ("first", "second", "third"):
    TERM.action(f"remind_{_which}")(_remind)


@TERM.action("order")
def mark_ordered(*, actor: Actor, term: OrderingTerm) -> OrderingTerm:
    """An order holds the line: no more reminders."""
    return perform(term)


@TERM.action("lapse")
def lapse_term(*, actor: Actor, term: OrderingTerm) -> OrderingTerm:
    """The term has passed: the line stays and waits, an officer is asked to call, the person is told what to do.

    The line's lock decides between this and an order that comes at the same moment; an order that came and went before
    its effects ran gives the person the time that any order that comes to nothing gives.
    """
    line = lock_line(term.line_id)
    known = orders_of(line, since=term.state_since)
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


def restart_term(line_id: UUID) -> None:
    """The first offer reaches the district: a term that has passed meanwhile begins anew."""
    term = OrderingTerm.objects.filter(line=line_id, state=State.NOT_ORDERED).first()
    if term is not None:
        reopen_term(actor=CLOCK, term=term, reason=_OFFERED)


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
    if known.received:
        close_term(actor=CLOCK, term=term)
        return
    if term.state == State.RUNNING and (known.holding or known.came):
        term = mark_ordered(actor=CLOCK, term=term)
    if term.state == State.ORDERED and not known.holding:
        resume_term(actor=CLOCK, term=term)
