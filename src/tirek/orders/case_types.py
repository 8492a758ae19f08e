"""The case type of orders."""

from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Desk
from tirek.core.case.registry import CaseType, Overview, register, route
from tirek.core.case.scope import Scope
from tirek.correspondence.talks import announce
from tirek.orders.models import Order
from tirek.orders.words import ORDER_WORDS
from tirek.orders.workflow import ORDER

_OFFER: Final = "version_of_offer__variant__offer"
#: Long texts of what an order points to, which no page of an order says.
_NOT_SHOWN: Final = (
    *(f"{_OFFER}__{name}_{language}" for name in ("description", "included") for language in ("kk", "ru", "en")),
    f"{_OFFER}__delivers_to",
    "version_of_offer__parameters",
    "line__recommended",
    "line__must_match",
)


def _listed() -> QuerySet[Order]:
    """Orders with the recipient, the kind and the goods: one table less for each that a list does not name."""
    return Order.objects.select_related("person__territory", "line__kind", _OFFER).defer(*_NOT_SHOWN)


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
                f"{_OFFER}__kind",
                "supplier",
                "organisation",
            ).defer(*_NOT_SHOWN),
            person="person_id",
            organisation="organisation_id",
            listed=_listed,
        ),
        words=ORDER_WORDS,
        pages={
            Desk.RECIPIENT: route("orders:recipient-order"),
            Desk.SUPPLIER: route("orders:supplier-order"),
            Desk.OFFICER: route("orders:officer-order"),
        },
        follows_residence=True,
        opens_file=True,
        overview=Overview(
            title=_("Orders"),
            open=_("Waiting"),
            reached=frozenset({Order.State.RECEIVED.value}),
            ended=_("Received in 12 months"),
            took=_("Days from order to receipt"),
            waited=_("Days from programme to receipt"),
        ),
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
