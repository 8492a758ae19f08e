"""The recipient's desk: home and unfinished forms."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tirek.core import drafts
from tirek.core.errors import NotFound
from tirek.desks import queries
from tirek.people.queries import names_of, person_for, represented_by
from tirek.ui import panels
from tirek.ui.desks import DeskRequest, desk

#: Unfinished forms of the home page.
MOST_AT_HOME = 5
#: People one acts for whose cards tell what can be ordered.
MOST_TOLD = 5
#: People one acts for who have a card on the home page; who acts for more finds them in the list.
MOST_WARDS = 50


@desk("recipient")
@require_GET
def home(request: DeskRequest) -> HttpResponse:
    """What waits for the person, what can be ordered, what is under way; the children and wards as cards. Who has
    something to do or to order stands first.
    """
    if request.actor.subject_id is None:
        raise NotFound
    for_another = request.actor.on_behalf_of is not None
    wards = [] if for_another else represented_by(request.actor)
    if len(wards) > MOST_TOLD:
        wards = queries.waiting_first(wards)
    own = panels.shown(request, "home")
    context = {
        "person": person_for(request.actor, request.actor.subject_id),
        "for_another": for_another,
        "wards": [
            (one, panels.shown(request, "ward", one) if place < MOST_TOLD else [])
            for place, one in enumerate(wards[:MOST_WARDS])
        ],
        "more_wards": len(wards) > MOST_WARDS,
        "own_first": any(one.values.get("waits") for one in own),
        "panels": own,
    }
    return render(request, "desks/recipient/home.html", context)


@desk("recipient")
@require_GET
def forms(request: DeskRequest) -> HttpResponse:
    """Unfinished forms: go on, take back, throw away."""
    actor, rows = request.actor, queries.begun(request.actor)
    left = drafts.left_lying([one.draft for one in rows])
    others = {one.draft.subject_id for one in rows if one.draft.subject_id} - {actor.subject_id}
    names = names_of(others) if others else {}
    shown = [
        {
            "form": one,
            "is_mine": one.draft.holder_id == actor.user_id,
            "left_lying": one.draft.pk in left,
            "in_family": drafts.is_at_home(one.draft),
            "of_another": names.get(one.draft.subject_id or one.draft.pk, ""),
        }
        for one in rows
    ]
    # counted only where not all of them may stand on the page
    count = queries.count_begun(actor) if len(rows) == queries.MOST_FORMS else len(rows)
    return render(request, "desks/recipient/forms.html", {"rows": shown, "all": count})
