"""What of a recall is still out, page by page, and what came back; the same for the supplier and the office."""

from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tirek.aftercare import queries
from tirek.aftercare.actions import bring_back
from tirek.aftercare.case_pages import out_words
from tirek.aftercare.case_types import HARMS
from tirek.aftercare.forms import FindOutForm
from tirek.aftercare.models import Harm
from tirek.core.errors import NotFound, RuleBroken
from tirek.orders.numbers import normal
from tirek.ui.cases import with_query
from tirek.ui.desks import DeskRequest, desk


def _out(request: DeskRequest, number: str) -> HttpResponse:
    actor = request.actor
    harm = HARMS.opened(actor, number)
    if harm.state not in {Harm.State.RECALLED, Harm.State.CLOSED}:
        raise NotFound
    name = f"aftercare:{actor.desk.value}-harm"
    address, refusal = reverse(f"{name}-out", args=[harm.number]), None
    form = FindOutForm(request.GET)
    typed = form.cleaned_data["number"].strip() if form.is_valid() else ""
    if request.method == "POST":
        try:
            bring_back(actor=actor, harm=harm, item=request.POST.get("item", ""))
        except RuleBroken as refused:
            refusal = refused
        else:
            messages.success(request, _("Recorded. The recipient and the department have been told."))
            kept = {key: request.GET[key] for key in ("number", "page") if request.GET.get(key)}
            return redirect(with_query(address, **kept) if kept else address)
    found = queries.out_for(actor, harm).select_related("person", "batch")
    if typed:
        found = found.filter(Q(number=normal(typed) or "-") | Q(case_number=typed.upper()))
    page = Paginator(found, queries.MOST_OUT).get_page(request.GET.get("page"))
    context = {
        "case": harm,
        "rows": [(one, out_words(one)) for one in page.object_list],
        "page_obj": page,
        "form": form,
        "is_asked": bool(typed),
        "is_open": harm.state == Harm.State.RECALLED,
        "back_url": reverse(name, args=[harm.number]),
        "refusal": refusal,
        "has_errors": refusal is not None or bool(form.errors),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if context["has_errors"] else HTTPStatus.OK
    return render(request, "aftercare/out.html", context, status=status)


@desk("supplier")
@never_cache
@require_http_methods(["GET", "POST"])
def out_for_supplier(request: DeskRequest, number: str) -> HttpResponse:
    """The supplier's own goods of a recall that people still have."""
    return _out(request, number)


@desk("officer")
@never_cache
@require_http_methods(["GET", "POST"])
def out_for_officer(request: DeskRequest, number: str) -> HttpResponse:
    """All goods of a recall that people still have."""
    return _out(request, number)
