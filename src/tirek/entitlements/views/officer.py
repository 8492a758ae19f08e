"""The officer's desk of entitlements: what waits, and a line with its ledger."""

from typing import Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tirek.core.case.words import listed
from tirek.core.personal import viewlog
from tirek.entitlements import queries
from tirek.entitlements.case_pages import CALL_LIST, CORRECTION_LIST, REQUEST_LIST
from tirek.entitlements.case_types import CORRECTIONS
from tirek.ui.desks import DeskRequest, desk

PER_PAGE: Final = 50


@desk("officer")
@require_GET
def tasks(request: DeskRequest) -> HttpResponse:
    """Whom to call, what to sign, which requests to answer."""
    actor = request.actor
    context = {
        "counts": queries.office_tasks(actor),
        "requests": REQUEST_LIST.table(actor, queries.open_requests(actor)[:PER_PAGE]),
        "proposed": CORRECTION_LIST.table(actor, queries.proposed(actor)[:PER_PAGE]),
        "calls": CALL_LIST.table(actor, queries.calls(actor)[:PER_PAGE]),
    }
    return render(request, "entitlements/officer/tasks.html", context)


@desk("officer")
@require_GET
def line(request: DeskRequest, key: UUID) -> HttpResponse:
    """One line of a person: what it gives, its term, every movement, and the corrections."""
    found = queries.line_for(request.actor, key)
    viewlog.look(request.actor, found.person_id)
    context = {
        "line": found,
        "status": queries.status_of(found),
        "history": queries.history_of(found),
        "corrections": listed(CORRECTIONS, request.actor, queries.corrections_of_line(request.actor, found)),
    }
    return render(request, "entitlements/officer/line.html", context)
