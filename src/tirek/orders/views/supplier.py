"""The supplier's desk: the sheet for the driver."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tirek.core import clock
from tirek.orders import route_sheet
from tirek.suppliers.queries import supplier_of
from tirek.ui.desks import DeskRequest, desk


@desk("supplier")
@require_GET
def route(request: DeskRequest) -> HttpResponse:
    """The route sheet of the ticked orders, or of those that were sent on their way on a day."""
    actor, numbers = request.actor, request.GET.getlist("case")[: route_sheet.MOST_ON_SHEET]
    days = [] if numbers else route_sheet.days_out(actor)
    day = _day_in(request) or (days[0].day if days else None)
    orders = route_sheet.ticked(actor, numbers) if numbers else route_sheet.sent_on(actor, day) if day else []
    context = {
        "districts": route_sheet.sheet(actor, orders),
        "loaded": route_sheet.to_load(orders),
        "supplier": supplier_of(actor),
        "days": days,
        "day": None if numbers else day,
        "made_at": clock.now(),
        "count": len(orders),
        "left_out": len(set(numbers)) - len(orders) if numbers else 0,
    }
    return render(request, "orders/supplier/route.html", context)


def _day_in(request: DeskRequest) -> date | None:
    """The day that the address names; nothing where it names none."""
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return None
