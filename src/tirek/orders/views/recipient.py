"""The recipient's desk: the person's orders, and the receipt."""

from typing import Final

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tirek.core.case.words import listed
from tirek.core.errors import StaleState
from tirek.orders.case_types import ORDERS
from tirek.orders.models import Order
from tirek.orders.signing import RECEIPT
from tirek.ui.desks import DeskRequest, desk

PER_PAGE: Final = 20


@desk("recipient")
@require_GET
def orders(request: DeskRequest) -> HttpResponse:
    """All orders, newest first."""
    rows = ORDERS.visible_to(request.actor).order_by("-created_at")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "rows": listed(ORDERS, request.actor, page.object_list)}
    return render(request, "orders/recipient/orders.html", context)


@desk("recipient")
@require_http_methods(["GET", "POST"])
def confirm(request: DeskRequest, number: str) -> HttpResponse:
    """Read the text, get a code, sign."""
    found = ORDERS.opened(request.actor, number)
    if found.state != Order.State.AWAITING_CONFIRMATION:
        raise StaleState(state=found.state)
    return RECEIPT.answer(
        request,
        found,
        here=reverse("orders:recipient-confirm", args=[number]),
        back=ORDERS.url(found, request.actor.desk),
        other=_("Something is wrong: refuse"),
        other_url=reverse("orders:recipient-order-act", args=[number, "refuse"]),
    )
