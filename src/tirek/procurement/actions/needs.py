"""Needs: recorded by themselves or by an officer, moved to a newer programme, and ended before there is a contract."""

from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tirek.core import clock
from tirek.core.actors import CLOCK, Actor
from tirek.core.case.workflow import perform
from tirek.core.database import locks
from tirek.core.errors import Busy, RuleBroken, StaleState
from tirek.core.numbers import Series
from tirek.entitlements import reasons, rules
from tirek.entitlements.actions import ledger
from tirek.entitlements.models import Line
from tirek.entitlements.provision import provided_of
from tirek.entitlements.queries import availability_bought
from tirek.orders.actions import keeping
from tirek.orders.models import Item
from tirek.procurement import queries
from tirek.procurement.actions.telling import tell, tell_department, tell_district
from tirek.procurement.models import Purchase
from tirek.procurement.workflow import PURCHASE

PURCHASE_NUMBERS: Final = Series("СА", "procurement_purchase_number")
State, Why, Task = Purchase.State, Purchase.Why, Purchase.OfficeTask


@PURCHASE.action("record")
def record_need(*, actor: Actor, line_id: UUID) -> Purchase:
    """Record that something of a line is to be bought for the person: all that the present period gives.

    Args:
        actor: the clock, or an officer of the person's district.
        line_id: a line of an active programme.

    Raises:
        RuleBroken: ``not_bought``: the local body does not buy it; ``open_already``: it is being bought already;
            ``ended``: it was ended for this period, and the clock does not record it anew; or nothing is left of the
            line, with the reason.
    """
    line, today = ledger.lock_line(line_id), clock.today()
    if not provided_of(line, today).is_bought:
        raise RuleBroken(
            _("The local department does not buy this: it is ordered on the portal, or somebody else provides it."),
            code="not_bought",
        )
    if queries.open_of(line.person_id, line.kind_id) is not None:
        raise RuleBroken(
            _("This is being bought for the person already."),
            next_step=_("Open the purchase in the person's file."),
            code="open_already",
        )
    state = availability_bought(line, today)
    if state.reason is not rules.Reason.AVAILABLE:
        answer = reasons.of_line(line, state, reader=reasons.Reader.OFFICE)
        raise RuleBroken(answer.sentence, next_step=answer.next_step, code=answer.rule)
    before = Purchase.objects.filter(line=line.pk, window_start=state.window.start, state=State.CANCELLED)
    last = before.order_by("-created_at").first()
    if actor == CLOCK and last is not None and last.ended_why in Purchase.STAYS_ENDED:
        raise RuleBroken(_("It was ended for this period."), code="ended")
    purchase = Purchase(
        number=PURCHASE_NUMBERS.take(),
        territory_code=line.person.territory_id,
        person=line.person,
        line=line,
        kind=line.kind,
        quantity=state.quantity,
        window_start=state.window.start,
        waits_since=max(line.queue_on, line.next_on or line.queue_on),
        asked_by=actor.user_id,
        needs_fitting=line.kind.needs_fitting,
    )
    perform(purchase, data={"line": line.pk, "quantity": purchase.quantity, "since": purchase.waits_since})
    tell(purchase, "purchase.recorded")
    return purchase


@PURCHASE.action("move_line")
def move_line(*, actor: Actor, purchase: Purchase, line_id: UUID) -> Purchase:
    """A newer programme gives the same: the purchase goes on by its line, with its place in the queue."""
    line = ledger.lock_line(line_id)
    state = availability_bought(line, clock.today())
    purchase.line, purchase.window_start = line, state.window.start
    # what a lot was announced with stays: its contract is for so many pieces
    if purchase.lot_id is None and state.quantity:
        purchase.quantity = state.quantity
    return perform(purchase, data={"line": line.pk}, changed=["line", "window_start", "quantity"])


@PURCHASE.action("close")
def close_purchase(*, actor: Actor, purchase: Purchase, why: str) -> Purchase:
    """What the clock ends before there is a contract: the person is told what follows.

    Raises:
        StaleState: it would end because it is ordered on the portal now, and is in a lot.
    """
    if why == Why.ON_PORTAL and purchase.lot_id is not None:
        raise StaleState(state=purchase.state)
    purchase.ended_why, purchase.lot = why, None
    perform(purchase, data={"reason": why}, changed=["ended_why", "lot"])
    tell(purchase, f"purchase.closed_{why}")
    return purchase


@PURCHASE.action("withdraw")
def withdraw_purchase(*, actor: Actor, purchase: Purchase) -> Purchase:
    """The person does not need it any more, before there is a contract."""
    purchase.ended_why, purchase.lot = Why.NOT_NEEDED, None
    perform(purchase, data={"reason": Why.NOT_NEEDED}, changed=["ended_why", "lot"])
    tell_district(purchase, "purchase.withdrawn_for_office")
    return purchase


@PURCHASE.action("cancel")
def cancel_purchase(*, actor: Actor, purchase: Purchase, reason: str, words: str) -> Purchase:
    """An officer ends a purchase, with the reason in words that the person reads; what it holds of the entitlement is
    free again.

    Raises:
        RuleBroken: the reason is not of the list, or nothing is written.
    """
    if reason not in Purchase.BY_OFFICE:
        raise RuleBroken(_("Choose a reason from the list."), code="reason")
    if not words.strip():
        raise RuleBroken(_("Write it in your own words: the person reads them."), code="words")
    hold = purchase.hold_id
    purchase.ended_why, purchase.office_task, purchase.hold_id = reason, "", None
    if hold is None:
        purchase.lot = None
    changed = ["ended_why", "office_task", "hold_id", "lot"]
    perform(purchase, data={"reason": reason}, note=words.strip(), changed=changed)
    keeping.end_items(Item.objects.filter(case_id=purchase.pk), Item.Ended.TAKEN_BACK)
    if hold is not None:
        ledger.release(case_id=hold, line_id=purchase.line_id)
    tell(purchase, "purchase.cancelled", why=reason)
    return purchase


@PURCHASE.action("remind_lot")
def remind_of_lot(*, actor: Actor, purchase: Purchase) -> Purchase:
    """The term to put a need into a lot has passed: the region and the person are told."""
    perform(purchase)
    tell_department(purchase, "purchase.lot_late_for_region")
    tell(purchase, "purchase.late")
    return purchase


@PURCHASE.action("ask_review")
def ask_review(*, actor: Actor, purchase: Purchase, cause: str) -> Purchase:
    """Death, or another programme, while something is made: an officer says whether it goes on."""
    purchase.office_task = Task(cause)
    perform(purchase, data={"cause": cause}, changed=["office_task"])
    tell_district(purchase, "purchase.review_for_office")
    return purchase


@PURCHASE.action("go_on")
def go_on(*, actor: Actor, purchase: Purchase, note: str = "") -> Purchase:
    """The officer has looked at it: the purchase goes on as it stands."""
    purchase.office_task = ""
    return perform(purchase, note=note.strip(), changed=["office_task"])


def record_needs() -> int:
    """Record the needs that are to be bought and of which no purchase is open (daily job); each by itself.

    Returns:
        How many were recorded.
    """
    return sum(_recorded_now(line.pk) for line in queries.lines_to_buy())


def _recorded_now(line_id: UUID) -> int:
    """As ``_recorded``; a line in somebody's hands has its turn on the next day."""
    try:
        return _recorded(line_id)
    except Busy:
        return 0


def _recorded(line_id: UUID) -> int:
    try:
        record_need(actor=CLOCK, line_id=line_id)
    except RuleBroken:
        # nothing is left of the line, or somebody came first
        return 0
    return 1


def close_opened() -> int:
    """Where people order a kind on the portal again: its needs in no lot end (daily job). Returns how many."""
    done = 0
    for purchase in queries.opened_on_portal():
        try:
            close_purchase(actor=CLOCK, purchase=purchase, why=Why.ON_PORTAL)
        except (StaleState, Busy):
            # somebody has just put it into a lot, ended it, or has it in hand
            continue
        done += 1
    return done


def follow_registered(programme_id: UUID) -> int:
    """A programme was registered: what the local body buys of it is recorded at once, and what is being bought for the
    person already goes on by the new line. Returns how many purchases that concerns.
    """
    done = 0
    for line in queries.lines_of_programme(programme_id):
        found = queries.open_of(line.person_id, line.kind_id)
        if found is None:
            done += _recorded(line.pk)
        elif found.state in Purchase.BEFORE_CONTRACT and found.line_id != line.pk:
            move_line(actor=CLOCK, purchase=found, line_id=line.pk)
            done += 1
    return done


def follow_corrected(correction_id: UUID) -> None:
    """A correction was signed: what the local body buys by it now is recorded at once, and a need in no lot ends where
    it is ordered on the portal. What is in a lot goes on. The caller is in a transaction.
    """
    line = Line.objects.filter(corrections=correction_id).select_related("programme", "kind").first()
    if line is None:
        return
    today = clock.today()
    here = provided_of(line, today)
    if here.is_bought and queries.open_of(line.person_id, line.kind_id) is None:
        _recorded(line.pk)
    elif here.can_be_ordered(today):
        for purchase in _held_still(queries.free().filter(person=line.person_id, kind=line.kind_id)):
            close_purchase(actor=CLOCK, purchase=purchase, why=Why.ON_PORTAL)


def _held_still(found: QuerySet[Purchase]) -> list[Purchase]:
    """Purchases as they are now and stay until the transaction ends, by key: their lot waits meanwhile."""
    with locks.bounded():
        return list(found.order_by("pk").select_for_update(of=("self",)))


def follow_ended(programme_id: UUID) -> None:
    """A programme has ended or was replaced: what is not under contract goes on by the newer line, or ends; of the rest
    an officer says whether it goes on. The caller is in a transaction.
    """
    opened = Purchase.objects.filter(line__programme=programme_id, state__in=Purchase.open_states())
    for purchase in _held_still(opened):
        if purchase.state in Purchase.HOLDS:
            ask_review(actor=CLOCK, purchase=purchase, cause=Task.PROGRAMME)
            continue
        line = queries.line_that_gives(purchase.person_id, purchase.kind_id)
        if line is not None:
            move_line(actor=CLOCK, purchase=purchase, line_id=line.pk)
        else:
            close_purchase(actor=CLOCK, purchase=purchase, why=Why.NO_RIGHT)


def follow_death(person_id: UUID) -> None:
    """The person has died: what is not under contract ends; of the rest an officer says what becomes of it. The caller
    is in a transaction.
    """
    for purchase in _held_still(Purchase.objects.filter(person=person_id, state__in=Purchase.open_states())):
        if purchase.state in Purchase.HOLDS:
            ask_review(actor=CLOCK, purchase=purchase, cause=Task.DEATH)
        else:
            close_purchase(actor=CLOCK, purchase=purchase, why=Why.DIED)
