"""What parts put into home pages, into a person's file and beside each thing."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from tirek.aftercare import beside
from tirek.core.actors import Desk
from tirek.parts import queries
from tirek.parts.case_pages import LIST, OWN, PAGES
from tirek.parts.case_types import PART_ORDERS
from tirek.parts.draft_forms import find_page, page_of
from tirek.parts.models import PartOrder
from tirek.parts.task_pages import SUPPLIERS
from tirek.ui.desks import DeskRequest
from tirek.ui.finding import find_by_number
from tirek.ui.lists import counters_part, table_part
from tirek.ui.panels import panel

#: Open orders of parts at home.
MOST: Final = 3


@panel("home", Desk.RECIPIENT, "parts/panels/orders.html", 46)
def my_orders(request: DeskRequest, _nobody: object) -> Mapping[str, object] | None:
    """The open orders of parts, newest first, with the way to all of them."""
    rows = PART_ORDERS.visible_to(request.actor).filter(state__in=PartOrder.open_states())
    found = list(rows.order_by("-created_at")[:MOST])
    return {"cards": OWN.cards(request.actor, found)} if found else None


find_by_number(Desk.OFFICER, LIST, PAGES.noun)
for _desk in (Desk.SUPPLIER, Desk.OFFICER):
    counters_part(LIST, _desk, 19, title=_("Orders of parts"))
table_part(
    LIST,
    "person",
    Desk.OFFICER,
    24,
    title=_("Orders of parts"),
    rows=lambda actor, person: PART_ORDERS.visible_to(actor).filter(person=person).order_by("-created_at"),
    empty=_("No parts ordered."),
)
SUPPLIERS.declare()
beside.declare(
    beside.Beside(
        label=_("Spare parts and accessories"),
        counts=queries.counts,
        page=page_of,
        find_label=_("Find a thing by its serial or batch number"),
        find=find_page,
    )
)
