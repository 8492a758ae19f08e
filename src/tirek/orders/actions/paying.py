"""Where the person of an order that waits for the own part pays to."""

from tirek.core.actors import Actor
from tirek.core.case import journal
from tirek.core.database import locks
from tirek.orders.actions.telling import tell
from tirek.orders.models import Order
from tirek.suppliers.models import BankAccount


def follow_account(actor: Actor, account: BankAccount) -> None:
    """The supplier has new bank details: an order that waits without any gets them; one whose person was shown others
    keeps those, and the person is told to ask before paying. The caller is in a transaction.
    """
    waiting = Order.objects.filter(supplier=account.supplier_id, state=Order.State.AWAITING_TOP_UP)
    for order in locks.lock_rows(Order, waiting.values_list("pk", flat=True)).values():
        if order.state != Order.State.AWAITING_TOP_UP:
            continue
        is_first = order.pay_to is None
        told = {"account": account.pk, "shown": order.pay_to}
        journal.record(order, "order.account_named" if is_first else "order.account_changed", actor=actor, data=told)
        if is_first:
            order.pay_to = account.pk
            order.save(update_fields=["pay_to"])
        pay_by = order.pay_by.isoformat() if order.pay_by else ""
        template = "order.where_to_pay" if is_first else "order.account_changed"
        tell(order, template, amount=str(order.person_part), until=pay_by)
