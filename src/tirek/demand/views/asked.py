"""Asking to be told of an offer, and what offices and suppliers see of it."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tirek.catalogue.forms import NarrowForm
from tirek.catalogue.words import Words
from tirek.core.actors import Desk
from tirek.core.errors import RuleBroken
from tirek.demand import actions, queries, shortages
from tirek.demand.forms import NeedForm
from tirek.entitlements.queries import opened_line, opened_status
from tirek.ui.acts import told_at_field
from tirek.ui.desks import DeskRequest, desk, only_post
from tirek.ui.ways import way

#: Needs of a page.
PER_PAGE: Final = 50


def _offers(_request: DeskRequest, line_key: UUID) -> str:
    return way("order-line", line_key)


@desk("recipient", "officer")
@only_post(_offers)
def ask(request: DeskRequest, line_key: UUID) -> HttpResponse:
    """Tell the office that nobody offers a line, and be told when somebody does."""
    line = opened_line(request.actor, line_key)
    wants = request.POST.get("tell") == "yes"
    actions.keep(actor=request.actor, line=line, wants_notice=wants)
    messages.success(
        request,
        _("The department and the suppliers see what you need. We tell you when there is an offer.")
        if wants
        else _("The department and the suppliers see what you need."),
    )
    return redirect(way("order-line", line_key))


@desk("recipient", "officer")
@require_http_methods(["GET", "POST"])
def need(request: DeskRequest, line_key: UUID) -> HttpResponse:
    """Say what is needed and was not found: the conditions of the list come along in the address."""
    status, at_counter = opened_status(request.actor, line_key), request.actor.desk is Desk.OFFICER
    line = status.line
    conditions = NarrowForm(request.GET, Words(line.kind_id), at_counter=at_counter, asked=line.asked)
    sought = conditions.narrowed
    known = queries.open_of_line(line.pk)
    first = {"words": known.words if known else "", "tell": known.wants_notice if known else True}
    form = NeedForm(request.POST if request.method == "POST" else None, initial=first)
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.keep_need(
                actor=request.actor, line=line, sought=sought, words=given["words"], wants_notice=given["tell"]
            )
        except RuleBroken as refused:
            if not told_at_field(form, refused, {"words": "words"}):
                raise
        else:
            messages.success(request, _("The department sees what is needed; suppliers see how many people need it."))
            return redirect(way("order-line", line_key))
    context = {
        "form": form,
        "line": line,
        "at_counter": at_counter,
        "refused": None if actions.can_be_needed(status) else status.answer_for_office if at_counter else status.answer,
        "conditions": Words(line.kind_id).wanted(sought),
        "back": f"{way('order-line', line_key)}?{request.GET.urlencode()}".rstrip("?"),
        "letter": "; ".join([capfirst(line.kind.name), *Words(line.kind_id).wanted(sought)]),
    }
    return render(request, "demand/need.html", context, status=422 if form.errors else 200)


@desk("supplier", "officer")
@require_GET
def asked_for(request: DeskRequest) -> HttpResponse:
    """What people may order and nobody offers, the most wanted first; and what nobody offers as it is needed: for an
    office one by one, for suppliers by how many people need it; and what was short in stock.
    """
    page = Paginator(queries.needs(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "listed": queries.asked_for(request.actor),
        "fewest": queries.FEWEST_TOLD,
        "needs": queries.told_needs(page.object_list),
        "page_obj": page,
        "by_many": queries.sought_by_many(request.actor),
        "short_of_own": shortages.of_own(request.actor),
        "short": shortages.in_places(request.actor),
        "days": shortages.DAYS,
    }
    return render(request, "demand/list.html", context)


def _list(_request: DeskRequest, key: UUID) -> str:
    del key
    return reverse("demand:list")


@desk("officer")
@only_post(_list)
def settle(request: DeskRequest, key: UUID) -> HttpResponse:
    """The officer has helped: the need leaves the list."""
    actions.settle(actor=request.actor, key=key)
    messages.success(request, _("Done: it is off the list now."))
    return redirect("demand:list")
