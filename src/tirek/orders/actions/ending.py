"""An order ends without a receipt of all of it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from tirek.catalogue import actions as stock
from tirek.core.actors import Actor, Desk
from tirek.core.case.workflow import perform
from tirek.core.database import ratelimit
from tirek.entitlements import actions as ledger
from tirek.orders.actions.telling import tell
from tirek.orders.models import Order
from tirek.orders.queries import last_delivery, money_back_by
from tirek.orders.workflow import ORDER

State = Order.State
#: Cancelled orders of a person; somebody who cannot decide is helped, and nobody plays with other people's stock.
CANCELS: Final = (
    ratelimit.Limit(times=5, within=timedelta(hours=1)),
    ratelimit.Limit(times=10, within=timedelta(days=1)),
)
#: Ends to which the clock's transition leads alone: nothing was paid yet.
_BEFORE_PAYMENT: Final = frozenset({Order.CancelReason.LAPSED, Order.CancelReason.TOP_UP})


def not_brought(order: Order) -> int:
    """Units of an order that never left the supplier: neither received nor refused."""
    refused = last_delivery(order) if order.state in Order.AFTER_REFUSAL else None
    return order.rest - (refused.quantity if refused else 0)


def end(
    order: Order,
    reason: Order.CancelReason,
    *,
    tells: str = "",
    note: str = "",
    data: Mapping[str, object] | None = None,
) -> Order:
    """The order ends: what is left of the entitlement is free, what never left the supplier is on sale again, the
    person is told; what the person paid for what has not come is owed.

    Args:
        order: the order.
        reason: why it ends.
        tells: template of the notice, "" for none.
        note: words for the journal.
        data: more facts for the journal.
    """
    to_stock, is_paid, owed = not_brought(order), order.is_paid, order.owed
    order.cancel_reason, order.office_task = reason, ""
    target = State.MONEY_OWED if is_paid else State.CANCELLED
    perform(
        order,
        to="" if reason in _BEFORE_PAYMENT else target,
        data={"reason": reason, **(data or {})},
        note=note,
        changed=["cancel_reason", "office_task"],
    )
    give_back(order, to_stock=to_stock)
    if tells:
        tell(order, tells)
    if is_paid:
        tell(order, "order.money_owed", amount=str(owed), until=money_back_by().isoformat())
    return order


def give_back(order: Order, *, to_stock: int) -> None:
    """What the order holds is free again: the entitlement, and the units that stay with the supplier."""
    # the line before the stock, as a submit takes them: in the other order the two would wait for each other
    ledger.release(case_id=order.pk, line_id=order.line_id)
    if to_stock:
        stock.return_stock(order.version_of_offer.variant_id, to_stock)


@ORDER.action("cancel")
def cancel_order(*, actor: Actor, order: Order, note: str = "") -> Order:
    """The person cancels before the hand-over, or what has not come yet; the entitlement is free.

    Raises:
        TooMany: five orders of this person were cancelled in an hour, or ten in a day; an officer may cancel more.
    """
    if actor.desk is Desk.RECIPIENT:
        ratelimit.hit("order.cancel", str(order.person_id), limits=CANCELS)
    end(order, Order.CancelReason.PERSON, note=note)
    if actor.person_id != order.person_id:
        tell(order, "order.cancelled_for_you", but=actor.user_id)
    return order
