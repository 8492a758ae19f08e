"""The supplier's desk: offers with stock and price."""

from datetime import date
from typing import Final, TypeVar
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tirek.catalogue.actions import StockAndPrice, update_variant
from tirek.catalogue.models import Variant
from tirek.catalogue.queries import offers_of_supplier, variant_of_supplier
from tirek.core import clock
from tirek.core.errors import RuleBroken
from tirek.orders import route_sheet
from tirek.orders.forms import VariantForm
from tirek.suppliers.queries import supplier_of
from tirek.ui.acts import told_at_field
from tirek.ui.desks import DeskRequest, desk

T = TypeVar("T")
OFFERS_PER_PAGE: Final = 20


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


@desk("supplier")
@require_GET
def offers(request: DeskRequest) -> HttpResponse:
    """The supplier's offers with sizes, stock and price."""
    supplier = supplier_of(request.actor)
    page = Paginator(offers_of_supplier(supplier.pk), OFFERS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "orders/supplier/offers.html", {"supplier": supplier, "offers": page, "page_obj": page})


@desk("supplier")
@require_http_methods(["GET", "POST"])
def variant(request: DeskRequest, key: UUID) -> HttpResponse:
    """Stock and price of a size; a new price is a new version, for new orders only."""
    supplier = supplier_of(request.actor)
    found = variant_of_supplier(supplier.pk, key)
    price = found.current.price if found.current else None
    now = {"stock": found.stock, "price": price}
    form = VariantForm(request.POST or None, initial=now | {f"shown_{name}": value for name, value in now.items()})
    if request.method == "POST" and form.is_valid() and _is_saved(request, found, form):
        messages.success(request, _("Saved. Orders that were placed before keep their price."))
        return redirect("orders:supplier-offers")
    return render(
        request, "orders/supplier/variant.html", {"form": form, "variant": found}, status=422 if form.errors else 200
    )


def _day_in(request: DeskRequest) -> date | None:
    """The day that the address names; nothing where it names none."""
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return None


def _or(sent: T | None, now: T) -> T:
    """What a page showed; one that was opened before it said so showed what is there now."""
    return now if sent is None else sent


def _is_saved(request: DeskRequest, found: Variant, form: VariantForm) -> bool:
    """Save what was changed; what changed meanwhile is told at its field, and saving once more goes from there."""
    typed = form.cleaned_data
    now = form.initial
    shown = StockAndPrice(_or(typed["shown_stock"], now["stock"]), _or(typed["shown_price"], now["price"]))
    wanted = StockAndPrice(typed["stock"], typed["price"])
    try:
        update_variant(actor=request.actor, variant=found, shown=shown, wanted=wanted)
    except RuleBroken as moved:
        present = variant_of_supplier(found.offer.supplier_id, found.pk)
        form.data = {
            **{name: str(form.data.get(name, "")) for name in form.data},
            "shown_stock": str(present.stock),
            "shown_price": str(present.current.price) if present.current else "",
        }
        return not told_at_field(form, moved, {"stock_moved": "stock", "price_moved": "price"})
    return True
