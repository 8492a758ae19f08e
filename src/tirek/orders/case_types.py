"""The case type of orders."""

from typing import Final

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Desk
from tirek.core.case.registry import CaseType, register, route
from tirek.core.case.scope import Scope
from tirek.correspondence.talks import announce
from tirek.orders.models import Order
from tirek.orders.words import ORDER_WORDS
from tirek.orders.workflow import ORDER

ORDERS: Final = register(
    CaseType(
        code="order",
        model=Order,
        process=ORDER,
        scope=Scope(
            rows=lambda: Order.objects.select_related(
                "person__territory",
                "line__kind",
                "line__programme",
                "version_of_offer__variant__offer__kind",
                "supplier",
                "organisation",
            ),
            person="person_id",
            organisation="organisation_id",
        ),
        words=ORDER_WORDS,
        pages={
            Desk.RECIPIENT: route("orders:recipient-order"),
            Desk.SUPPLIER: route("orders:supplier-order"),
            Desk.OFFICER: route("orders:officer-order"),
        },
        follows_residence=True,
        opens_file=True,
    )
)
announce(
    ORDERS,
    title=lambda order: _now("Order %(number)s") % {"number": order.number},
    topics={
        "delivery": _("Delivery"),
        "payment": _("Payment"),
        "broken": _("It broke or does not work"),
    },
)
