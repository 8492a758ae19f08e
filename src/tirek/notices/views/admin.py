"""Messages that did not leave, for administrators; and what the demo channels kept."""

from itertools import groupby
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tirek.notices import actions, preview, queries
from tirek.notices.templates import is_known
from tirek.notices.words import problem_in_words
from tirek.ui.desks import DeskRequest, desk, only_post
from tirek.ui.lists.paging import BoundedPaginator

PER_PAGE = 50


@desk("admin")
@require_GET
def undelivered(request: DeskRequest) -> HttpResponse:
    """Messages that failed, or of which it is not known whether they arrived."""
    page = BoundedPaginator(queries.undelivered(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        (one, preview.named(one.notice.template), is_known(one.notice.template), problem_in_words(one.problem))
        for one in page.object_list
    ]
    return render(request, "notices/undelivered.html", {"page": page, "rows": rows})


@desk("admin")
@only_post(lambda _request, **_key: reverse("notices:undelivered"))
def send_again(request: DeskRequest, key: UUID) -> HttpResponse:
    """Send one of them once more, to where its account is reached now."""
    actions.send_again(actor=request.actor, delivery=queries.delivery_for(request.actor, key))
    messages.success(request, _("The message goes out once more, to the phone or e-mail that is on file now."))
    return redirect("notices:undelivered")


@desk("admin", "analyst")
@require_GET
def texts(request: DeskRequest) -> HttpResponse:
    """All kinds of notices, by what they are about."""
    groups = {head: list(some) for head, some in groupby(preview.kinds(), lambda one: one.code.partition(".")[0])}
    rows = {head: [(one.code, preview.sample(str(one.title))) for one in some] for head, some in groups.items()}
    return render(request, "notices/texts.html", {"groups": rows.items()})


@desk("admin", "analyst")
@require_GET
def text(request: DeskRequest, code: str) -> HttpResponse:
    """One kind of notice as it is read in every language: in the inbox, by e-mail, by short message."""
    return render(request, "notices/text.html", {"code": code, "shown": preview.shown(code)})


@desk("public")
@require_GET
def sent(request: DeskRequest) -> HttpResponse:
    """Demo mode: the text messages and e-mails that would have left, newest first, one-time codes too."""
    if not settings.DEMO:
        raise Http404
    page = BoundedPaginator(queries.sent_messages(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "notices/sent.html", {"page": page})
