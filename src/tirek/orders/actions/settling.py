"""Verbs of orders at which somebody settles what an order left open: a payment to be returned, whether it goes on."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from tirek.core.actors import CLOCK, Actor
from tirek.core.case.workflow import perform
from tirek.core.errors import DomainError, RuleBroken, StaleState
from tirek.orders.actions.telling import tell
from tirek.orders.models import Order
from tirek.orders.workflow import ORDER


@ORDER.action("return_money")
def return_money(*, actor: Actor, order: Order, receipt: str) -> Order:
    """The supplier has returned what the person paid, with the number of the receipt."""
    order.office_task = ""
    told = {"receipt": bool(receipt.strip()), "amount": order.owed}
    perform(order, data=told, note=receipt.strip(), changed=["office_task"])
    tell(order, "order.money_returned", amount=str(order.owed))
    return order


@ORDER.action("call_about_money")
def call_about_money(*, actor: Actor, order: Order) -> Order:
    """The payment was not returned in time: the office is asked to see to it."""
    order.office_task = Order.OfficeTask.MONEY
    perform(order, changed=["office_task"])
    tell(order, "order.money_late", amount=str(order.owed))
    return order


@ORDER.action("ask_for_review")
def ask_for_review(*, actor: Actor, order: Order, cause: str) -> Order:
    """An officer is asked to look whether the order goes on (portal.md section 3, rule 6); ``cause`` is death or
    programme.
    """
    order.office_task = Order.OfficeTask.REVIEW
    return perform(order, data={"cause": cause}, changed=["office_task"])


@ORDER.action("come_of_age")
def come_of_age(*, actor: Actor, order: Order) -> Order:
    """The person of a running order has come of age: an officer asks who acts now."""
    # that it is late goes with the hand-over; who acts has to be known then
    if order.office_task in {"", Order.OfficeTask.LATE}:
        order.office_task = Order.OfficeTask.OF_AGE
    return perform(order, changed=["office_task"])


def ask_for_reviews(orders: Iterable[Order], *, cause: str) -> int:
    """Ask for a review of each of these orders that is still open; returns how many.

    Raises:
        DomainError: what one of them raised; the others have had their turn.
    """
    asked, failed = 0, None
    for order in orders:
        try:
            ask_for_review(actor=CLOCK, order=order, cause=cause)
        except StaleState:
            continue
        except DomainError as error:
            failed = error
        else:
            asked += 1
    if failed is not None:
        raise failed
    return asked


@ORDER.action("let_go_on")
def let_go_on(*, actor: Actor, order: Order, note: str = "") -> Order:
    """The officer has looked: the order goes on.

    Raises:
        RuleBroken: no review was asked for, or the person has died.
    """
    if order.office_task not in {Order.OfficeTask.REVIEW, Order.OfficeTask.OF_AGE}:
        raise RuleBroken(_("Nobody asked for a review of this order."), code="no_review")
    if order.person.deceased_on is not None:
        raise RuleBroken(
            _("The person has died: this order cannot go on."),
            next_step=_("Cancel the order, or record a refusal."),
            code="deceased",
        )
    order.office_task = ""
    return perform(order, note=note, changed=["office_task"])
