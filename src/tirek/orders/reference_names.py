"""What the reference values of this app are, in words, and which open orders a new version still reaches."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tirek.core import reference
from tirek.core.reference import Bounds, bounded, named, spelled
from tirek.orders.models import Order
from tirek.orders.workflow import ORDER

named(
    {
        "order.acceptance": _("Time for the supplier to answer an order"),
        "order.confirmation": _("Time to confirm the receipt"),
        "order.clarification": _("Time to answer a question about an order"),
        "order.delivery": _("Longest time to deliver"),
        "order.delivery_to_order": _("Longest time to deliver what is made to order"),
        "order.dispute": _("Time for the commission to decide on a refusal"),
        "order.fitting": _("Time after which the office asks about a fitting"),
        "order.fitting_ahead": _("How far ahead a fitting may be proposed"),
        "order.fitting_demanded": _("Whether goods that need a fitting are fitted before they are made"),
        "order.fitting_record": _("Time for the supplier to record a fitting"),
        "order.fitting_step": _("Time for each step of a fitting"),
        "order.numbers": _("How one piece is known from another"),
        "order.office_call": _("Time after which the office contacts who has not confirmed"),
        "order.refusal_answer": _("Time for the supplier to answer a refusal"),
        "order.money_back": _("Time for the supplier to return a payment"),
        "order.replacement": _("Longest time to bring other goods for refused ones"),
        "order.top_up": _("Time to pay the top-up"),
        "order.top_up_record": _("Time for the supplier to record a payment of the last day"),
        "retention.acts": _("Kept: acts of hand-over"),
        "retention.order_contacts": _("Kept: address and phone of an order"),
    }
)

spelled(
    {
        "order.fitting_demanded": [("yes", _("yes")), ("no", _("no"))],
        "order.numbers": [
            ("serial", _("a serial number for each piece")),
            ("batch", _("the batch on the package")),
            ("none", _("no number")),
        ],
    }
)
bounded(
    {
        "order.acceptance": Bounds(1, 60),
        "order.clarification": Bounds(1, 60),
        "order.confirmation": Bounds(1, 60),
        "order.delivery": Bounds(1, 365),
        "order.delivery_to_order": Bounds(1, 365),
        "order.dispute": Bounds(1, 60),
        "order.fitting": Bounds(1, 60),
        "order.fitting_ahead": Bounds(1, 180),
        "order.fitting_record": Bounds(1, 30),
        "order.fitting_step": Bounds(1, 60),
        "order.office_call": Bounds(1, 60),
        "order.refusal_answer": Bounds(1, 60),
        "order.replacement": Bounds(1, 90),
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
        "order.delivery_to_order": reference.NEW_CASES_ONLY,
        "order.fitting_ahead": reference.NEW_CASES_ONLY,
        "order.fitting_demanded": _orders(ORDER.before(Order.State.FITTING) - Order.BEING_FITTED),
        "order.fitting_record": _orders(ORDER.before(Order.State.FITTING_AGREED)),
        "order.numbers": reference.NEW_CASES_ONLY,
        **{
            key: _orders(ORDER.before_term(key))
            for key in (
                "order.acceptance",
                "order.clarification",
                "order.confirmation",
                "order.dispute",
                "order.fitting",
                "order.fitting_step",
                "order.office_call",
                "order.refusal_answer",
                "order.money_back",
            )
        },
        "order.replacement": _orders(ORDER.before(Order.State.REPLACING)),
        **{key: _orders(ORDER.before(Order.State.AWAITING_TOP_UP)) for key in ("order.top_up", "order.top_up_record")},
    }
)
