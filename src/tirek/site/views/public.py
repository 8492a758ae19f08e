"""Pages for everybody: state of the service, help, privacy, accessibility, terms."""

import logging
import sys
from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe
from django.views.defaults import server_error
from psycopg.errors import DiskFull

from tirek.core import clock, reference
from tirek.core.actors import Desk
from tirek.core.service import health as core_health
from tirek.core.service.admission import unavailable
from tirek.site.state_page import shown
from tirek.site.told_values import groups, terms_of_kinds
from tirek.status.keeping import MEMORY
from tirek.ui import panels
from tirek.ui.desks import DeskRequest, desk
from tirek.ui.text import term_text

log = logging.getLogger(__name__)

HOMES = {
    Desk.RECIPIENT: "desks:recipient-home",
    Desk.SUPPLIER: "desks:supplier-home",
    Desk.OFFICER: "desks:officer-home",
    Desk.ADMIN: "manage:home",
    Desk.ANALYST: "desks:overview",
}


@desk("public")
@require_GET
def home(request: DeskRequest) -> HttpResponse:
    """The first page; a signed-in person goes to the home of the active desk."""
    if request.actor.user_id is not None and request.actor.desk in HOMES and "stay" not in request.GET:
        return redirect(HOMES[request.actor.desk])
    context = {"panels": panels.shown_to_all(request, "front"), "accepts_within": _accepts_within()}
    return render(request, "site/home.html", context)


def _accepts_within() -> str:
    """How long a supplier has to answer, in words; "" where no term is loaded yet."""
    try:
        term = reference.term("order.acceptance", at=clock.today())
    except reference.MissingReference:
        return ""
    return term_text(term.amount, term.unit)


@desk("public")
@require_GET
def help_page(request: DeskRequest) -> HttpResponse:
    """How to order, in plain words."""
    return render(request, "site/help.html")


@desk("public")
@require_GET
def accessibility(request: DeskRequest) -> HttpResponse:
    """Accessibility statement."""
    return render(request, "site/accessibility.html")


@desk("public")
@require_GET
def terms(request: DeskRequest) -> HttpResponse:
    """Every term and quantity the system uses, with its source and whether it is a demo value."""
    return render(request, "site/terms.html", {"groups": groups([*reference.all_versions(), *terms_of_kinds()])})


@desk("public")
@require_safe
@never_cache
def status(request: DeskRequest) -> HttpResponse:
    """State of the service in words, from what is known of it; asks the database nothing (S0.10)."""
    found = shown(MEMORY.known(), is_broken=MEMORY.is_broken, now=clock.now())
    return render(request, "site/status.html", {"shown": found})


@desk("public")
@require_GET
def health(_request: DeskRequest) -> HttpResponse:
    """State of the service for those who watch it: 200 once database, disk, worker and tables are ready, else 503."""
    state = core_health.state()
    return JsonResponse(state, status=200 if state["ready"] else 503)


@desk("public")
@require_GET
def web_health(_request: DeskRequest) -> HttpResponse:
    """State of this web server for a balancer: 200 while it can answer pages, else 503."""
    state = core_health.state()
    return JsonResponse(state, status=200 if state["web"] else 503)


def failed(request: HttpRequest) -> HttpResponse:
    """An error that nobody expected (500); where the database is away for a while, the request to come back (503)."""
    error = sys.exc_info()[1]
    if not isinstance(error, OperationalError | InterfaceError):
        return server_error(request)
    if isinstance(error.__cause__, DiskFull):
        core_health.note_full_disk()
    return unavailable()


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without a valid token: the session ended, or another tab signed in. What was typed is in the
    draft.
    """
    log.info("csrf failure: %s", reason)
    context = {
        "message": _("This page was open too long, or you signed in again in another window."),
        "next_step": _("Go back, open the page again and press the button once more. What you typed is kept."),
        "back_url": request.path if request.method == "GET" else "",
    }
    return render(request, "ui/error.html", context, status=403)


def unreadable(_request: HttpRequest, exception: Exception) -> HttpResponse:
    """What came cannot be read (400), or is more than we take at once (413). Asks nothing of the request: that is what
    is broken.
    """
    if isinstance(exception, RequestDataTooBig):
        return HttpResponse(render_to_string("413.html"), status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return HttpResponse(render_to_string("400.html"), status=HTTPStatus.BAD_REQUEST)
