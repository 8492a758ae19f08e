"""The supplier's desk: offers with stock and price."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tirek.catalogue.actions import change_price, set_stock
from tirek.catalogue.queries import offers_of_supplier, variant_of_supplier
from tirek.orders.forms import VariantForm
from tirek.suppliers.queries import supplier_of
from tirek.ui.desks import DeskRequest, desk

OFFERS_PER_PAGE: Final = 20


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
    form = VariantForm(request.POST or None, initial={"stock": found.stock, "price": price})
    if request.method == "POST" and form.is_valid():
        set_stock(actor=request.actor, variant=found, stock=form.cleaned_data["stock"])
        if form.cleaned_data["price"] != price:
            change_price(actor=request.actor, variant=found, price=form.cleaned_data["price"])
        messages.success(request, _("Saved. Orders that were placed before keep their price."))
        return redirect("orders:supplier-offers")
    return render(
        request, "orders/supplier/variant.html", {"form": form, "variant": found}, status=422 if form.errors else 200
    )
