"""What payments put into the worklists and into the pages of orders."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Desk
from tirek.orders.models import Order
from tirek.reimbursements import queries
from tirek.reimbursements.case_pages import LIST, PAGES
from tirek.reimbursements.case_types import CLAIMS
from tirek.reimbursements.task_pages import OFFICERS, SUPPLIERS
from tirek.ui.desks import DeskRequest
from tirek.ui.finding import find_by_number
from tirek.ui.lists import counters_part
from tirek.ui.panels import panel

#: States of an order of which something may have been received.
_WITH_RECEIPTS: Final = frozenset({Order.State.RECEIVED, Order.State.IN_PREPARATION, Order.State.ON_THE_WAY})


def _of_order(request: DeskRequest, it: object) -> Mapping[str, object] | None:
    """The payments of what was received of an order."""
    if not isinstance(it, Order) or not (it.received or it.state in _WITH_RECEIPTS):
        return None
    found = queries.of_order(request.actor, it.pk)
    return {"claims": [(one, CLAIMS.url(one, request.actor.desk)) for one in found]} if found else None


for _desk in (Desk.SUPPLIER, Desk.OFFICER):
    panel("case", _desk, "reimbursements/panels/of_order.html", 60)(_of_order)
    counters_part(LIST, _desk, 21, title=_("Payments"))
find_by_number(Desk.OFFICER, LIST, PAGES.noun)
SUPPLIERS.declare()
OFFICERS.declare()
