"""The officer's desk: the receipt at the counter."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from tirek.core.errors import StaleState
from tirek.orders.case_pages import LIST
from tirek.orders.case_types import ORDERS
from tirek.orders.models import Order
from tirek.orders.signing import RECEIPT
from tirek.ui.desks import DeskRequest, desk


@desk("officer")
@require_http_methods(["GET", "POST"])
def confirm(request: DeskRequest, number: str) -> HttpResponse:
    """Confirm with the person present: by a code to the person's phone, or by a signature on paper."""
    found = ORDERS.opened(request.actor, number)
    if found.state != Order.State.AWAITING_CONFIRMATION:
        raise StaleState(state=found.state)
    suffix = LIST.chosen(request.actor, request.GET).suffix
    return RECEIPT.answer(
        request,
        found,
        here=reverse("orders:officer-confirm", args=[number]) + suffix,
        back=ORDERS.url(found, request.actor.desk) + suffix,
    )
