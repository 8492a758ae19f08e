"""The supplier answers an order, and makes it ready."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from tirek.catalogue import actions as stock
from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.case import deadlines
from tirek.core.case.workflow import perform
from tirek.core.database import locks
from tirek.core.errors import RuleBroken
from tirek.demand.actions import note_shortage
from tirek.orders import fittings
from tirek.orders.actions.ending import end, give_back
from tirek.orders.actions.fitting import begin_fitting
from tirek.orders.actions.telling import tell
from tirek.orders.models import Order
from tirek.orders.promises import check_acceptance
from tirek.orders.queries import MOMENT, last_day_of, next_n
from tirek.orders.workflow import ORDER
from tirek.suppliers.models import Supplier
from tirek.suppliers.queries import account_of

State = Order.State


@ORDER.action("accept")
def accept_order(*, actor: Actor, order: Order, ready_on: date) -> Order:
    """The supplier takes the order, promises a day, and the price is frozen. Whether a fitting goes first is kept as it
    is now; the promised day then moves by the days of the fitting.

    Raises:
        RuleBroken: the day is past, or later than the offer's term or reference ``order.delivery`` allows; the office
            first looks whether the order goes on.
    """
    check_acceptance(order, ready_on)
    order.ready_on = ready_on
    order.needs_fitting = fittings.is_demanded(order, on=clock.today())
    ready = State.FITTING if order.needs_fitting else State.ACCEPTED
    target = State.AWAITING_TOP_UP if order.person_part > Decimal(0) else ready
    changed = ["ready_on", "pay_by", "record_by", "pay_to", "needs_fitting"]
    if target == State.FITTING:
        changed += begin_fitting(order)
    if target == State.AWAITING_TOP_UP:
        order.pay_by = last_day_of(clock.now(), "order.top_up")
        order.record_by = last_day_of(deadlines.end_of_day(order.pay_by) - MOMENT, "order.top_up_record")
        # details that are entered meanwhile find the order waiting, or are read here
        locks.lock_rows(Supplier, [order.supplier_id])
        account = account_of(order.supplier_id)
        order.pay_to = account.pk if account else None
    told = {"ready_on": ready_on, **({"account": order.pay_to} if order.pay_to else {})}
    perform(order, to=target, data=told, changed=changed)
    if order.pay_by is not None:
        tell(
            order,
            "order.accepted_top_up" if order.pay_to else "order.accepted_top_up_ask",
            day=ready_on.isoformat(),
            amount=str(order.person_part),
            until=order.pay_by.isoformat(),
        )
    elif order.needs_fitting:
        tell(order, "order.accepted_fitting")
    else:
        tell(order, "order.accepted", day=ready_on.isoformat())
    return order


@ORDER.action("decline")
def decline_order(*, actor: Actor, order: Order, reason: str, note: str = "", left: int | None = None) -> Order:
    """The supplier does not take the order, with a reason from the closed list; the entitlement is free at once.

    Args:
        actor: of the supplier.
        order: the order.
        reason: one of the list.
        note: more in words.
        left: units that are really in stock, where the goods are not in stock: so many stay on offer.

    Raises:
        RuleBroken: the reason is not of the list; nothing is said of the stock, or as much as was ordered is there.
    """
    if reason not in Order.DeclineReason.values:
        raise RuleBroken(_("Choose a reason from the list."), code="reason")
    no_stock = reason == Order.DeclineReason.NO_STOCK
    if no_stock and (left is None or not 0 <= left < order.quantity):
        raise RuleBroken(
            _("Say how many are really in stock: fewer than the %(ordered)s that were ordered.")
            % {"ordered": order.quantity},
            next_step=_("If there are enough, accept the order or choose another reason."),
            code="left",
        )
    order.decline_reason = reason
    perform(order, data={"reason": reason}, note=note, changed=["decline_reason"])
    give_back(order, to_stock=0 if no_stock else order.quantity)
    if no_stock and left is not None:
        stock.set_stock(actor=actor, variant=order.version_of_offer.variant, stock=left)
        note_shortage(line=order.line, version_id=order.version_of_offer_id, wanted=order.quantity, left=left)
    tell(order, "order.declined", reason=reason)
    return order


@ORDER.action("lapse")
def lapse_order(*, actor: Actor, order: Order) -> Order:
    """The supplier did not answer in time: the order ends, the entitlement is free, the person is told and shown other
    offers.
    """
    return end(order, Order.CancelReason.LAPSED, tells="order.lapsed")


@ORDER.action("record_top_up")
def record_top_up(*, actor: Actor, order: Order, receipt: str) -> Order:
    """The supplier records that the person's part was paid, with the number of the fiscal receipt.

    The promised day moves by the days that the payment was awaited: it was promised for a paid order.
    """
    waited = clock.today() - order.state_since.astimezone(clock.COUNTRY_ZONE).date()
    if order.ready_on is not None:
        order.ready_on += waited
    told = {"receipt": bool(receipt.strip()), "amount": order.person_part, "ready_on": order.ready_on}
    target, changed = State.FITTING if order.needs_fitting else State.ACCEPTED, ["ready_on"]
    if order.needs_fitting:
        changed += begin_fitting(order)
    perform(order, to=target, data=told, note=receipt.strip(), changed=changed)
    if order.needs_fitting:
        tell(order, "order.top_up_paid_fitting")
        return order
    tell(order, "order.top_up_paid", day=order.ready_on.isoformat() if order.ready_on else "")
    return order


@ORDER.action("lapse_top_up")
def lapse_top_up(*, actor: Actor, order: Order) -> Order:
    """The person's part was not paid in time: the order ends and the entitlement is free."""
    return end(order, Order.CancelReason.TOP_UP, tells="order.top_up_lapsed")


@ORDER.action("prepare")
def prepare_order(*, actor: Actor, order: Order) -> Order:
    """The supplier has begun to prepare the order."""
    return perform(order)


@ORDER.action("dispatch")
def dispatch_order(*, actor: Actor, order: Order) -> Order:
    """The order is on the way; the person is reminded of the code for the door."""
    perform(order)
    day = order.ready_on.isoformat() if order.ready_on else ""
    tell(order, "order.on_the_way", day=day, n=str(next_n(order)))
    return order
