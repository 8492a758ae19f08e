"""The recipient's desk: home and unfinished forms."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tirek.core import drafts
from tirek.core.errors import NotFound
from tirek.desks import queries
from tirek.people.queries import person_for, represented_by
from tirek.ui import panels
from tirek.ui.desks import DeskRequest, desk

#: Unfinished forms of the home page.
MOST_AT_HOME = 5


@desk("recipient")
@require_GET
def home(request: DeskRequest) -> HttpResponse:
    """What waits for the person, what can be ordered, what is under way."""
    if request.actor.subject_id is None:
        raise NotFound
    context = {
        "person": person_for(request.actor, request.actor.subject_id),
        "for_another": request.actor.on_behalf_of is not None,
        "represents": bool(represented_by(request.actor)),
        "panels": panels.shown(request, "home"),
    }
    return render(request, "desks/recipient/home.html", context)


@desk("recipient")
@require_GET
def forms(request: DeskRequest) -> HttpResponse:
    """Unfinished forms: go on, take back, throw away."""
    rows = queries.begun(request.actor)
    left = drafts.left_lying([one.draft for one in rows])
    shown = [(one, one.draft.holder_id == request.actor.user_id, one.draft.pk in left) for one in rows]
    return render(request, "desks/recipient/forms.html", {"rows": shown})
