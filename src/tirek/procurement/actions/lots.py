"""Lots: announced with all that was chosen or none, contracted, failed, terminated; purchases follow some at a time."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tirek.catalogue.models import Kind
from tirek.core import clock
from tirek.core.actors import CLOCK, Actor
from tirek.core.case.workflow import perform
from tirek.core.database import locks
from tirek.core.errors import RuleBroken
from tirek.core.keys import uuid7
from tirek.core.numbers import Series
from tirek.core.places import region_of
from tirek.entitlements.actions import ledger
from tirek.orders.queries import last_day_of
from tirek.organisations.models import Organisation
from tirek.procurement import queries
from tirek.procurement.actions.telling import tell, tell_department
from tirek.procurement.models import Appointment, Lot, Purchase
from tirek.procurement.rules import Contract
from tirek.procurement.workflow import LOT, PURCHASE

LOT_NUMBERS: Final = Series("ЛТ", "procurement_lot_number")
State, Why = Purchase.State, Purchase.Why
#: Purchases that follow their lot in one transaction.
AT_ONCE: Final = 50
#: Purchases of one lot at most.
MOST: Final = 10_000


class SomeGone(RuleBroken):
    """Of the needs that a page showed some are not free any more: nothing was put into a lot.

    Attributes:
        gone: which, and where they went.
    """

    code = "gone"

    def __init__(self, gone: Sequence[queries.Gone]) -> None:
        super().__init__(
            ngettext(
                "%(n)s of these needs is no longer free: a colleague has just put it into another lot, or it ended. "
                "No lot was made.",
                "%(n)s of these needs are no longer free: a colleague has just put them into another lot, or they "
                "ended. No lot was made.",
                len(gone),
            )
            % {"n": len(gone)},
            next_step=_("Look at the new count below, and announce the lot again."),
        )
        self.gone = gone


@LOT.action("announce")
def announce_lot(
    *,
    actor: Actor,
    kind: Kind,
    announcement: str,
    announced_on: date,
    planned: Decimal,
    count: int,
    places: Sequence[str],
    shown_at: datetime,
) -> Lot:
    """Put the needs of one kind in the actor's region into a lot, those that wait longest first: all that were chosen,
    or none.

    Args:
        actor: an officer of the region.
        kind: of the classifier.
        announcement: number of the announcement.
        announced_on: its day.
        planned: for the whole lot, tenge.
        count: how many purchases.
        places: codes of districts; none: the whole region.
        shown_at: when the officer was shown how many there are.

    Raises:
        SomeGone: some of those that were shown are not free any more.
        RuleBroken: ``count``: fewer than one, more than there are, or more than a lot takes.
    """
    with locks.bounded():
        rows = queries.free_of(actor, kind.code, places, shown_at).select_for_update(of=("self",))
        found = list(rows.values_list("pk", "quantity"))
    gone = queries.gone_since(actor, kind.code, places, shown_at)
    if gone:
        raise SomeGone(gone)
    if not 0 < count <= min(len(found), MOST):
        raise RuleBroken(
            _("A lot takes from 1 to %(most)s of the recorded needs.") % {"most": min(len(found), MOST)}, code="count"
        )
    chosen = found[:count]
    lot = Lot(
        number=LOT_NUMBERS.take(),
        territory_code=region_of(actor.territory),
        kind=kind,
        announcement=announcement.strip(),
        announced_on=announced_on,
        planned=planned,
        people=len(chosen),
        pieces=sum(quantity for _key, quantity in chosen),
        made_by=actor.account,
        moving=True,
    )
    perform(lot, data={"kind": kind.code, "people": lot.people, "pieces": lot.pieces})
    keys = [key for key, _quantity in chosen]
    Purchase.objects.filter(pk__in=keys).update(lot=lot)
    _follow(lot)
    return lot


@LOT.action("conclude")
def conclude_lot(*, actor: Actor, lot: Lot, contract: Contract) -> Lot:
    """The contract of a lot is concluded: its purchases follow, and of each the entitlement is held.

    Raises:
        RuleBroken: the delivery would end before the contract, or in the past; the contract is older than the
            announcement; the BIN is not known here, and no name is told.
    """
    known = Organisation.objects.filter(bin=contract.supplier.digits).first()
    if known is None and not contract.name.strip():
        raise RuleBroken(_("This BIN is not known here: type the name of the supplier."), code="supplier_name")
    if contract.concluded_on < lot.announced_on:
        raise RuleBroken(_("The contract cannot be older than the announcement."), code="concluded_on")
    if contract.deliver_until < max(contract.concluded_on, clock.today()):
        raise RuleBroken(_("The last day of delivery cannot lie in the past or before the contract."), code="until")
    lot.organisation, lot.supplier_bin, lot.supplier_phone = known, contract.supplier.digits, contract.phone.strip()
    lot.supplier_name = "" if known is not None else contract.name.strip()
    lot.contract_number, lot.contract_on = contract.number.strip(), contract.concluded_on
    lot.deliver_until, lot.price, lot.moving = contract.deliver_until, contract.price, True
    lot.maker, lot.model, lot.warranty_months = contract.maker.strip(), contract.model.strip(), contract.warranty_months
    perform(
        lot,
        data={"contract": lot.contract_number, "deliver_until": lot.deliver_until, "bin": lot.supplier_bin},
        changed=[
            "organisation",
            "supplier_bin",
            "supplier_name",
            "supplier_phone",
            "contract_number",
            "contract_on",
            "deliver_until",
            "price",
            "maker",
            "model",
            "warranty_months",
            "moving",
        ],
    )
    _follow(lot)
    return lot


@LOT.action("fail")
def fail_lot(*, actor: Actor, lot: Lot, failed: str, words: str = "") -> Lot:
    """The procurement did not succeed: its purchases wait for the next lot.

    Raises:
        RuleBroken: the reason is not of the list.
    """
    if failed not in Lot.Failed.values:
        raise RuleBroken(_("Choose a reason from the list."), code="failed")
    lot.moving = True
    perform(lot, data={"failed": failed}, note=words.strip(), changed=["moving"])
    _follow(lot)
    return lot


@LOT.action("terminate")
def terminate_lot(*, actor: Actor, lot: Lot, terminated: str, words: str = "") -> Lot:
    """The contract is terminated: what was not handed over waits for the next lot, and its entitlement is free.

    Raises:
        RuleBroken: the reason is not of the list.
    """
    if terminated not in Lot.Terminated.values:
        raise RuleBroken(_("Choose a reason from the list."), code="terminated")
    lot.moving = True
    perform(lot, data={"terminated": terminated}, note=words.strip(), changed=["moving"])
    _follow(lot)
    return lot


@LOT.action("finish")
def finish_lot(*, actor: Actor, lot: Lot) -> Lot:
    """Nothing of the lot is open any more."""
    return perform(lot)


@LOT.action("remind")
def remind_of_contract(*, actor: Actor, lot: Lot) -> Lot:
    """The term from the announcement to the contract has passed: the region is told."""
    perform(lot)
    tell_department(lot, "lot.contract_late")
    return lot


@LOT.action("warn")
def warn_of_delivery(*, actor: Actor, lot: Lot) -> Lot:
    """The last day of delivery has passed and something is open still: the region is told."""
    perform(lot)
    tell_department(lot, "lot.delivery_late")
    return lot


@PURCHASE.action("put_in_lot")
def put_in_lot(*, actor: Actor, purchase: Purchase) -> Purchase:
    """The purchase follows its lot: it is announced."""
    lot = _lot_of(purchase)
    perform(purchase, data={"lot": lot.number})
    if lot.state == Lot.State.ANNOUNCED:
        tell(purchase, "purchase.in_lot")
    return purchase


def _lot_of(purchase: Purchase) -> Lot:
    if purchase.lot is None:
        raise RuleBroken(_("This purchase is in no lot."), code="no_lot")
    return purchase.lot


@PURCHASE.action("contract")
def contract_purchase(*, actor: Actor, purchase: Purchase) -> Purchase:
    """The purchase follows its lot: the contract is concluded, and the entitlement is held from now on; where nothing
    is left of it, the purchase ends.
    """
    lot, today, hold = _lot_of(purchase), clock.today(), uuid7()
    line = ledger.lock_line(purchase.line_id)
    try:
        ledger.reserve(line, quantity=purchase.quantity, case_id=hold, on=today, bought=True)
    except RuleBroken:
        purchase.ended_why, purchase.lot = Why.NO_RIGHT, None
        told = {"lot": lot.number, "reason": Why.NO_RIGHT}
        perform(purchase, to=State.CANCELLED, data=told, changed=["ended_why", "lot"])
        tell(purchase, "purchase.closed_no_right")
        return purchase
    purchase.deliver_until, purchase.hold_id = lot.deliver_until, hold
    purchase.step_by = last_day_of(clock.now(), "purchase.fitting_step") if purchase.needs_fitting else None
    perform(purchase, data={"lot": lot.number}, changed=["hold_id", "deliver_until", "step_by"])
    template = "purchase.contracted_fitting" if purchase.needs_fitting else "purchase.contracted"
    tell(purchase, template, day=lot.deliver_until or today)
    return purchase


@PURCHASE.action("return_to_need")
def return_to_need(*, actor: Actor, purchase: Purchase) -> Purchase:
    """The lot came to nothing: the purchase waits for the next one, what it held is free, and the person is told."""
    lot = _lot_of(purchase)
    why = Why.LOT_FAILED if lot.state == Lot.State.FAILED else Why.CONTRACT_ENDED
    if purchase.hold_id is not None:
        ledger.release(case_id=purchase.hold_id, line_id=purchase.line_id)
        called_off = {"outcome": Appointment.Outcome.MOVED, "told_at": clock.now(), "told_desk": actor.desk.value}
        purchase.fittings.filter(outcome="").update(**called_off)
    purchase.lot = purchase.hold_id = purchase.deliver_until = None
    purchase.step_by = purchase.fitting_eve = purchase.fitting_by = None
    purchase.office_task = "" if purchase.office_task == Purchase.OfficeTask.FITTING else purchase.office_task
    perform(
        purchase,
        data={"lot": lot.number, "reason": why},
        changed=["lot", "hold_id", "deliver_until", "step_by", "fitting_eve", "fitting_by", "office_task"],
    )
    tell(purchase, f"purchase.returned_{why}")
    return purchase


@PURCHASE.action("remind_contract")
def remind_of_lots_contract(*, actor: Actor, purchase: Purchase) -> Purchase:
    """The term from the lot to the contract has passed: the person is told; the region learns it of the lot."""
    perform(purchase)
    tell(purchase, "purchase.late")
    return purchase


def _follow(lot: Lot) -> int:
    """Let some purchases of a locked lot follow its state; how many. The last of them ends the moving."""
    found = list(queries.lagging(lot).select_for_update(of=("self",))[:AT_ONCE])
    for purchase in found:
        _follow_one(lot, purchase)
    if len(found) < AT_ONCE:
        Lot.objects.filter(pk=lot.pk).update(moving=False)
        lot.moving = False
    return len(found)


def _follow_one(lot: Lot, purchase: Purchase) -> None:
    purchase.lot = lot
    if lot.state in Lot.GAVE_BACK:
        if purchase.state == State.NEEDED:
            # nobody was told of the lot yet
            Purchase.objects.filter(pk=purchase.pk).update(lot=None)
        else:
            return_to_need(actor=CLOCK, purchase=purchase)
        return
    if purchase.state == State.NEEDED:
        purchase = put_in_lot(actor=CLOCK, purchase=purchase)
    if lot.state == Lot.State.CONTRACTED:
        contract_purchase(actor=CLOCK, purchase=purchase)


def carry_on() -> int:
    """Let some more purchases follow the state of their lot, in one transaction; how many. 0: all have followed."""
    with locks.bounded(), transaction.atomic():
        moving = Lot.objects.select_for_update(skip_locked=True, of=("self",)).filter(moving=True)
        lot = moving.order_by("pk").first()
        return 0 if lot is None else _follow(lot) or 1


def finish_lots() -> int:
    """End the lots of which nothing is open any more (daily job); returns how many."""
    found = list(queries.done_lots())
    for lot in found:
        finish_lot(actor=CLOCK, lot=lot)
    return len(found)
