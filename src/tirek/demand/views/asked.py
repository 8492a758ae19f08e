"""Asking to be told of an offer, and what offices and suppliers see of it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tirek.demand import actions, queries
from tirek.entitlements.queries import opened_line
from tirek.ui.desks import DeskRequest, desk, only_post
from tirek.ui.ways import way


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


@desk("supplier", "officer")
@require_GET
def asked_for(request: DeskRequest) -> HttpResponse:
    """What people may order and nobody offers, the most wanted first."""
    context = {"listed": queries.asked_for(request.actor), "fewest": queries.FEWEST_TOLD}
    return render(request, "demand/list.html", context)
