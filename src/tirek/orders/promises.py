"""Until when a supplier may promise an order, and why."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from tirek.core import clock, reference
from tirek.core.errors import RuleBroken, Text
from tirek.orders import fittings, rules
from tirek.orders.models import Order
from tirek.ui.text import day_text, term_text, until_text


def _longest(order: Order) -> reference.Term:
    """The longest time to deliver that is allowed: what is fitted is made to order, and takes longer."""
    is_made = fittings.is_demanded(order, on=clock.today())
    return reference.term("order.delivery_to_order" if is_made else "order.delivery", at=order.placed_on)


def last_promise(order: Order) -> date:
    """The last day the supplier may promise for an order that is accepted today."""
    return rules.last_promise(
        order.placed_on,
        delivery_days=order.version_of_offer.delivery_days,
        most_days=_longest(order).amount,
        accepted_on=clock.today(),
    )


def why_last_promise(order: Order) -> Text:
    """The last day the supplier may promise today, and what bounds it."""
    own, most = order.version_of_offer.delivery_days, _longest(order)
    told = {"day": day_text(last_promise(order)), "term": term_text(min(own, most.amount), "calendar_days")}
    if own <= most.amount:
        return _("The last day you can promise: %(day)s. Delivery time in your offer: %(term)s.") % told
    return _("The last day you can promise: %(day)s. The longest delivery time that is allowed: %(term)s.") % told


def check_acceptance(order: Order, ready_on: date) -> None:
    """Whether the supplier may accept an order with this promised day.

    Raises:
        RuleBroken: the office first looks whether the order goes on; the day is past, or later than the offer's term or
            reference ``order.delivery``, or ``order.delivery_to_order`` of what is fitted, allows.
    """
    if order.office_task == Order.OfficeTask.REVIEW or order.person.deceased_on is not None:
        raise RuleBroken(
            _("The office first looks whether this order goes on."),
            next_step=_("You do not need to do anything now: we will tell you. Nothing is counted against you."),
            code="review",
        )
    limit = last_promise(order)
    if ready_on < clock.today():
        raise RuleBroken(
            _("This day has passed."),
            next_step=_("Choose a day from today to %(limit)s.") % {"limit": until_text(limit)},
            code="promise",
        )
    if ready_on > limit:
        raise RuleBroken(
            why_last_promise(order),
            next_step=_("Choose an earlier day, or decline the order with a reason."),
            code="promise",
        )
