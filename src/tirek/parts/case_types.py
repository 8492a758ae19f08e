"""The case type of an order of a part."""

from typing import Final

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Desk
from tirek.core.case.registry import CaseType, register, route
from tirek.core.case.scope import Scope
from tirek.correspondence.talks import announce
from tirek.orders.items import SHOWN
from tirek.parts.models import PartOrder
from tirek.parts.words import PART_ORDER_WORDS
from tirek.parts.workflow import PART_ORDER

PART_ORDERS: Final = register(
    CaseType(
        code="partorder",
        model=PartOrder,
        process=PART_ORDER,
        scope=Scope(
            rows=lambda: PartOrder.objects.select_related(
                "person__territory",
                "organisation",
                "part__supplier",
                "price",
                "instead",
                *(f"item__{name}" for name in SHOWN),
            ),
            person="person_id",
            organisation="organisation_id",
        ),
        words=PART_ORDER_WORDS,
        pages={
            Desk.RECIPIENT: route("parts:recipient-order"),
            Desk.SUPPLIER: route("parts:supplier-order"),
            Desk.OFFICER: route("parts:officer-order"),
        },
        follows_residence=True,
        opens_file=True,
    )
)
announce(
    PART_ORDERS,
    title=lambda order: _now("Order of a part %(number)s") % {"number": order.number},
    topics={"part": _("Which part is right"), "fetching": _("When it is fetched or brought")},
)
