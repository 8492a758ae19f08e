"""From the programme's line to the form of an order and its receipt: for the person, a representative, an officer."""

from typing import Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from tirek.catalogue.queries import Requirement, ranking
from tirek.catalogue.sheets import asked_for, list_for, sheet, side_by_side
from tirek.core.actors import Desk
from tirek.core.drafts import Draft
from tirek.core.errors import RuleBroken
from tirek.entitlements.models import Line
from tirek.entitlements.queries import opened_status
from tirek.orders.draft_forms import FORM_OF_ORDER, home_of
from tirek.orders.forms import ChooseForm
from tirek.ui.desks import DeskRequest, desk

MOST_COMPARED: Final = 4
#: Offers of a page: as many as a page of 15 kB on the wire holds.
OFFERS_PER_PAGE: Final = 20


def _required(line: Line) -> Requirement:
    return asked_for(line.kind_id, line.recommended)


@desk("recipient", "officer")
@require_GET
def offers(request: DeskRequest, line_key: UUID) -> HttpResponse:
    """Offers for a line: those that fit first, with the reasons, and what the person pays. Never cheapest first."""
    status, at_counter = opened_status(request.actor, line_key), request.actor.desk is Desk.OFFICER
    line = status.line
    asked = _required(line)
    page = Paginator(ranking(line.person, asked), OFFERS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "line": line,
        "at_counter": at_counter,
        "status": status,
        "rows": list_for(
            line.person, asked, list(page.object_list), quantity=status.availability.quantity, at_counter=at_counter
        ),
        "page_obj": page,
        "back": home_of(request.actor, line),
        "too_many": "too-many" in request.GET,
        "has_errors": "too-many" in request.GET,
    }
    return render(request, "orders/ordering/offers.html", context)


@desk("recipient", "officer")
@require_GET
def compare(request: DeskRequest, line_key: UUID) -> HttpResponse:
    """Up to four offers side by side."""
    status, chosen = opened_status(request.actor, line_key), request.GET.getlist("offer")
    line, at_counter = status.line, request.actor.desk is Desk.OFFICER
    if len(chosen) > MOST_COMPARED:
        return redirect(f"{reverse('orders:offers', args=[line.pk])}?too-many=1")
    listed, rows = side_by_side(
        line.person, _required(line), chosen, quantity=status.availability.quantity, at_counter=at_counter
    )
    context = {"line": line, "at_counter": at_counter, "listed": listed, "rows": rows}
    return render(request, "orders/ordering/compare.html", context)


@desk("recipient", "officer")
@require_http_methods(["GET", "POST"])
def offer(request: DeskRequest, line_key: UUID, offer_key: UUID) -> HttpResponse:
    """One offer with its sizes; choosing one begins the form."""
    status, at_counter = opened_status(request.actor, line_key), request.actor.desk is Desk.OFFICER
    line, most = status.line, status.availability.quantity
    shown = sheet(offer_key, line.person, _required(line), quantity=most, at_counter=at_counter)
    form = ChooseForm(request.POST or None, choices=shown.choices)
    if request.method == "POST" and form.is_valid():
        if not status.can_order:
            raise RuleBroken(status.explanation)
        return redirect("orders:form", _begin(request, line, form.cleaned_data["version"]).pk)
    context = {"line": line, "at_counter": at_counter, "status": status, "form": form, **vars(shown)}
    return render(request, "orders/ordering/offer.html", context, status=422 if form.errors else 200)


def _begin(request: DeskRequest, line: Line, version: str) -> Draft:
    person = line.person
    values = {
        "line": str(line.pk),
        "version": version,
        "address": person.address,
        "phone": person.user.phone if person.user else "",
    }
    return FORM_OF_ORDER.begin(request.actor, values, subject_id=person.pk)
