"""The inbox of every signed-in person."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from tirek.notices import actions, queries
from tirek.ui.desks import DeskRequest, desk, only_post
from tirek.ui.lists.paging import BoundedPaginator

EVERYBODY = ("recipient", "supplier", "officer", "operator", "inspector", "analyst", "admin")
PER_PAGE = 20


@desk(*EVERYBODY)
@require_GET
def inbox(request: DeskRequest) -> HttpResponse:
    """All notices, newest first; unread ones are marked in words."""
    page = BoundedPaginator(queries.inbox(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "entries": queries.in_words(list(page)),
        "unread": queries.unread_count(request.actor.user_id),
    }
    return render(request, "notices/inbox.html", context)


@desk(*EVERYBODY)
@require_GET
def notice(request: DeskRequest, key: UUID) -> HttpResponse:
    """One notice, and the way to its case. Opening it makes it read."""
    found = queries.notice_for(request.actor, key)
    actions.mark_read(actor=request.actor, notice=found)
    (entry,) = queries.in_words([found]) or (None,)
    return render(request, "notices/notice.html", {"entry": entry, "case_url": queries.case_url(request.actor, found)})


@desk(*EVERYBODY)
@only_post(lambda _request: reverse("notices:inbox"))
def read_all(request: DeskRequest) -> HttpResponse:
    """Mark every notice as read."""
    actions.mark_all_read(actor=request.actor)
    return redirect("notices:inbox")
