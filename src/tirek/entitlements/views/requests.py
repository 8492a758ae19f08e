"""The recipient asks for a correction, and sees what became of it."""

from typing import Final

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from tirek.core.case.words import listed, view_of
from tirek.core.errors import NotFound
from tirek.entitlements import queries
from tirek.entitlements.case_types import REQUESTS
from tirek.entitlements.draft_forms import REQUEST, key_of
from tirek.ui.desks import DeskRequest, desk

PER_PAGE: Final = 20


@desk("recipient")
@require_POST
def ask(request: DeskRequest) -> HttpResponse:
    """Begin a request, about a line or about the programme; one that was begun goes on."""
    subject, typed = request.actor.subject_id, request.POST.get("line", "")
    if subject is None:
        raise NotFound
    values = {"line": str(queries.line_for(request.actor, key_of(typed)).pk) if typed else ""}
    return redirect(REQUEST.url("form", REQUEST.begin(request.actor, values, subject_id=subject, again=True).pk))


@desk("recipient")
@require_GET
def receipt(request: DeskRequest, number: str) -> HttpResponse:
    """The receipt: number, what happens next, by when, whom to call."""
    found = REQUESTS.find(request.actor, number)
    context = {"asked": found, "view": view_of(REQUESTS, request.actor, found)}
    return render(request, "entitlements/recipient/request_receipt.html", context)


@desk("recipient")
@require_GET
def all_requests(request: DeskRequest) -> HttpResponse:
    """The person's requests, newest first."""
    rows = REQUESTS.visible_to(request.actor).order_by("-created_at")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "rows": listed(REQUESTS, request.actor, page.object_list)}
    return render(request, "entitlements/recipient/requests.html", context)
