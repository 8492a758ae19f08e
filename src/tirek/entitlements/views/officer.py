"""The officer's desk of entitlements: a line with its ledger."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tirek.core.case.words import listed
from tirek.entitlements import queries
from tirek.entitlements.case_types import CORRECTIONS
from tirek.ui.desks import DeskRequest, desk


@desk("officer")
@require_GET
def line(request: DeskRequest, key: UUID) -> HttpResponse:
    """One line of a person: what it gives, its term, every movement, and the corrections."""
    status = queries.opened_status(request.actor, key)
    found = status.line
    context = {
        "line": found,
        "status": status,
        "history": queries.history_of(found),
        "corrections": listed(CORRECTIONS, request.actor, queries.corrections_of_line(request.actor, found)),
    }
    return render(request, "entitlements/officer/line.html", context)
