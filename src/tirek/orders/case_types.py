"""The case type of orders."""

from typing import Final

from tirek.core.actors import Desk
from tirek.core.case.registry import CaseType, register, route
from tirek.core.case.scope import Scope
from tirek.orders.models import Order
from tirek.orders.words import ORDER_WORDS
from tirek.orders.workflow import ORDER

#: Long texts of what an order points to, which no page of an order says.
_NOT_SHOWN: Final = (
    *(
        f"version_of_offer__variant__offer__{name}_{language}"
        for name in ("description", "included")
        for language in ("kk", "ru", "en")
    ),
    "version_of_offer__variant__offer__delivers_to",
    "version_of_offer__parameters",
    *(f"organisation__sort_{language}" for language in ("kk", "ru", "en")),
    *(
        f"{kind}__sort_key_{language}"
        for kind in ("line__kind", "version_of_offer__variant__offer__kind")
        for language in ("kk", "ru")
    ),
    "line__recommended",
)
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
            ).defer(*_NOT_SHOWN),
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
