"""From the programme's line to the form of an order and its receipt: for the person, a representative, an officer."""

from decimal import Decimal
from typing import Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from tirek.catalogue import queries as catalogue
from tirek.catalogue.rules import Verdict
from tirek.catalogue.words import Words
from tirek.core import clock
from tirek.core.actors import Desk
from tirek.core.drafts import Draft
from tirek.core.errors import RuleBroken
from tirek.core.personal import viewlog
from tirek.entitlements import queries as entitlements
from tirek.entitlements.models import Line
from tirek.orders.draft_forms import FORM_OF_ORDER, home_of
from tirek.orders.forms import ChooseForm
from tirek.ui.desks import DeskRequest, desk

MOST_COMPARED: Final = 4


def _line(request: DeskRequest, key: UUID) -> Line:
    line = entitlements.line_for(request.actor, key)
    viewlog.look(request.actor, line.person_id)
    return line


def _required(line: Line) -> catalogue.Requirement:
    return catalogue.Requirement(line.kind_id, line.recommended)


@desk("recipient", "officer")
@require_GET
def offers(request: DeskRequest, line_key: UUID) -> HttpResponse:
    """Offers for a line: those that fit first, with the reasons, and what the person pays. Never cheapest first."""
    line = _line(request, line_key)
    listed = catalogue.offers_that_fit(line.person, _required(line))
    words = Words(line.kind_id)
    context = {
        "line": line,
        "at_counter": request.actor.desk is Desk.OFFICER,
        "status": entitlements.status_of(line),
        "rows": [(one, words.reasons(one.fit)) for one in listed],
        "back": home_of(request.actor, line),
        "too_many": "too-many" in request.GET,
        "has_errors": "too-many" in request.GET,
    }
    return render(request, "orders/ordering/offers.html", context)


@desk("recipient", "officer")
@require_GET
def compare(request: DeskRequest, line_key: UUID) -> HttpResponse:
    """Up to four offers side by side."""
    line = _line(request, line_key)
    chosen = request.GET.getlist("offer")
    if len(chosen) > MOST_COMPARED:
        return redirect(f"{reverse('orders:offers', args=[line.pk])}?too-many=1")
    listed = [one for one in catalogue.offers_that_fit(line.person, _required(line)) if str(one.offer.pk) in chosen]
    words = Words(line.kind_id)
    rows = [
        (words.parameter(code), [words.value(code, one.version.parameters.get(code)) for one in listed])
        for code in words.parameters
    ]
    context = {
        "line": line,
        "at_counter": request.actor.desk is Desk.OFFICER,
        "listed": [(one, words.reasons(one.fit)) for one in listed],
        "rows": [(name, values) for name, values in rows if any(values)],
    }
    return render(request, "orders/ordering/compare.html", context)


@desk("recipient", "officer")
@require_http_methods(["GET", "POST"])
def offer(request: DeskRequest, line_key: UUID, offer_key: UUID) -> HttpResponse:
    """One offer with its sizes; choosing one begins the form."""
    line = _line(request, line_key)
    found = catalogue.offer_for_order(offer_key, territory_code=line.person.territory_id)
    rated = catalogue.rated_variants(found, line.person, _required(line))
    limit = catalogue.guaranteed_amount(line.kind_id, territory_code=line.person.territory_id, on=clock.today()).amount
    words = Words(line.kind_id)
    in_stock = [(variant, version, fit) for variant, version, fit in rated if variant.stock > 0]
    choices = [(str(version.pk), f"{variant.label}: {words.verdict(fit)}") for variant, version, fit in in_stock]
    form = ChooseForm(request.POST or None, choices=choices)
    status = entitlements.status_of(line)
    if request.method == "POST" and form.is_valid():
        if not status.can_order:
            raise RuleBroken(status.explanation)
        draft = _begin(request, line, form.cleaned_data["version"])
        return redirect("orders:form", draft.pk)
    best = min(rated, key=lambda one: (one[0].stock == 0, one[2].verdict is not Verdict.FITS), default=None)
    context = {
        "line": line,
        "at_counter": request.actor.desk is Desk.OFFICER,
        "offer": found,
        "status": status,
        "form": form,
        "variants": [
            (variant, version, words.reasons(fit), words.facts(version.parameters)) for variant, version, fit in rated
        ],
        "best": best[1] if best else None,
        "person_pays": max(best[1].price - limit, Decimal(0)) if best else None,
        "limit": limit,
    }
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
