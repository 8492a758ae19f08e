"""The officer's desk: the beginning of a correction."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from tirek.entitlements import queries
from tirek.entitlements.case_types import REQUESTS
from tirek.entitlements.draft_forms import CORRECTION, key_of
from tirek.entitlements.models import Line
from tirek.ui.desks import DeskRequest, desk


@desk("officer")
@require_POST
def begin(request: DeskRequest) -> HttpResponse:
    """Begin a correction of a line, or of the kind that a request is about; one that was begun goes on."""
    request_key = request.POST.get("request", "")
    if request.POST.get("line"):
        line: Line | None = queries.line_for(request.actor, key_of(request.POST["line"]))
    else:
        person = REQUESTS.by_key(request.actor, key_of(request_key)).person
        line = queries.line_of_kind(request.actor, person, request.POST.get("kind", ""))
    if line is not None:
        values = {"programme": str(line.programme_id), "line": str(line.pk), "kind": "", "request": request_key}
        subject = line.person_id
    else:
        programme = queries.active_programme(request.actor, person)
        kind = request.POST.get("kind", "")
        values = {"programme": str(programme.pk), "line": "", "kind": kind, "request": request_key}
        subject = programme.person_id
    return redirect(CORRECTION.url("form", CORRECTION.begin(request.actor, values, subject_id=subject, again=True).pk))
