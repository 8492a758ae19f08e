"""The supplier's desk: home."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tirek.suppliers.queries import supplier_of
from tirek.ui import panels
from tirek.ui.desks import DeskRequest, desk


@desk("supplier")
@require_GET
def home(request: DeskRequest) -> HttpResponse:
    """What waits for the supplier."""
    context = {"supplier": supplier_of(request.actor), "panels": panels.shown(request, "home")}
    return render(request, "desks/supplier/home.html", context)
