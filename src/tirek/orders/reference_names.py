"""What the reference values of this app are, in words, and which open orders a new version still reaches."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tirek.core import reference
from tirek.core.reference import Bounds, bounded, named
from tirek.orders.models import Order
from tirek.orders.workflow import ORDER

named(
    {
        "order.acceptance": _("Time for the supplier to answer an order"),
        "order.confirmation": _("Time to confirm the receipt"),
        "order.delivery": _("Longest time to deliver"),
        "order.office_call": _("Time after which the office contacts who has not confirmed"),
        "order.refusal_answer": _("Time for the supplier to answer a refusal"),
        "order.money_back": _("Time for the supplier to return a payment"),
        "order.top_up": _("Time to pay the top-up"),
        "order.top_up_record": _("Time for the supplier to record a payment of the last day"),
        "retention.acts": _("Kept: acts of hand-over"),
        "retention.order_contacts": _("Kept: address and phone of an order"),
    }
)

bounded(
    {
        "order.acceptance": Bounds(1, 60),
        "order.confirmation": Bounds(1, 60),
        "order.delivery": Bounds(1, 365),
        "order.office_call": Bounds(1, 60),
        "order.refusal_answer": Bounds(1, 60),
        "order.top_up": Bounds(1, 60),
    }
)


def _orders(states: Collection[str]) -> reference.Reach:
    return reference.Reach(
        count=lambda: Order.objects.filter(state__in=states).count(),
        words=lambda n: ngettext("%(n)s open order", "%(n)s open orders", n) % {"n": n},
    )


reference.reaching(
    {
        "order.delivery": reference.NEW_CASES_ONLY,
        **{
            key: _orders(ORDER.before_term(key))
            for key in (
                "order.acceptance",
                "order.confirmation",
                "order.office_call",
                "order.refusal_answer",
                "order.money_back",
            )
        },
        **{key: _orders(ORDER.before(Order.State.AWAITING_TOP_UP)) for key in ("order.top_up", "order.top_up_record")},
    }
)
