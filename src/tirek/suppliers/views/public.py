"""How one joins the register, and the register itself, for everybody."""

from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from tirek.core import clock, reference
from tirek.core.actors import Desk
from tirek.suppliers import register
from tirek.suppliers.joining_forms import RegisterForm
from tirek.suppliers.models import Requirement, Supplier
from tirek.suppliers.queries import current_offer
from tirek.suppliers.words import supplies_text
from tirek.territory.queries import regions
from tirek.ui.desks import DeskRequest, desk

#: Terms that the page tells, in their order.
TERMS: Final = ("supplier.check", "supplier.commission", "supplier.correction", "supplier.acceptance")


@desk("public")
@require_GET
def join(request: DeskRequest) -> HttpResponse:
    """How one joins: steps, papers, terms, sources, and the way to begin."""
    today = clock.today()
    context = {
        "requirements": Requirement.objects.order_by("position"),
        "terms": [(reference.words_of(key), reference.value(key, at=today)) for key in TERMS],
        "can_begin": request.actor.desk is Desk.RECIPIENT and request.actor.on_behalf_of is None,
        "acts_for_another": request.actor.desk is Desk.RECIPIENT and request.actor.on_behalf_of is not None,
        "is_signed_in": request.actor.user_id is not None,
    }
    return render(request, "suppliers/public/join.html", context)


@desk("public")
@require_GET
def offer(request: DeskRequest) -> HttpResponse:
    """The public offer, to read before anything is signed."""
    return render(request, "suppliers/public/offer.html", {"offer": current_offer(clock.today())})


def told(supplier: Supplier) -> dict[str, object]:
    """An entry as lists show it."""
    place = supplier.organisation.territory
    region = place.parent if place is not None and place.parent is not None else place
    return {
        "entry": supplier,
        "name": supplier.organisation.name,
        "number": "" if supplier.is_individual else supplier.organisation.number_shown,
        "region": region.name if region is not None else "",
        "supplies": supplies_text(supplier.supplies),
        "is_removed": register.is_removed(supplier),
        "is_suspended": register.is_suspended(supplier),
    }


@desk("public")
@require_GET
def entries(request: DeskRequest) -> HttpResponse:
    """The register, newest first; looked through by name, BIN and region."""
    form = RegisterForm(request.GET, regions=[(one.code, one.name) for one in regions()])
    wanted = form.narrowed()
    rows = register.sought(register.everybody(), **wanted)
    page = register.part(rows, "registered_on", falls=True, after=request.GET.get("after", ""))
    context = {
        "filter": form,
        "is_narrowed": any(wanted.values()),
        "rows": [told(one) for one in page.rows],
        "page": page,
        "narrowing": urlencode({key: value for key, value in wanted.items() if value}),
    }
    return render(request, "suppliers/public/register.html", context)
