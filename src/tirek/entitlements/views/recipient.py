"""The recipient's programme: line by line, what is available, when, and why not."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tirek.core.errors import NotFound
from tirek.entitlements import queries, under_way
from tirek.entitlements.asking import Asked, words_of
from tirek.entitlements.repeats import orderable
from tirek.people.queries import person_for
from tirek.ui import panels
from tirek.ui.desks import DeskRequest, desk


@desk("recipient")
@require_GET
def programme(request: DeskRequest) -> HttpResponse:
    """The person's programmes and each of their lines."""
    if request.actor.subject_id is None:
        raise NotFound
    person = person_for(request.actor, request.actor.subject_id)
    statuses = queries.statuses_of(person)
    replaced = queries.replaced_of(person, statuses)
    context = {
        "person": person,
        "programmes": queries.programmes_of(request.actor, person),
        "orderable": orderable(person, [one for one in statuses if one.can_order]),
        "others": under_way.held_by(request.actor, [one for one in statuses if not one.can_order]),
        "replaced": under_way.beside(request.actor, [one.line for one in replaced]),
        "why_replaced": replaced[0].answer if replaced else None,
        "answer_days": queries.days_to_answer(),
        "panels": panels.shown(request, "programme", person),
    }
    return render(request, "entitlements/recipient/programme.html", context)


@desk("recipient")
@require_GET
def line(request: DeskRequest, key: UUID) -> HttpResponse:
    """One line: what it gives, what was used, every movement in words."""
    status = queries.opened_status(request.actor, key)
    context = {
        "status": status,
        "line": status.line,
        "newer": queries.line_instead(status.line),
        "held_by": under_way.held_by(request.actor, [status])[0][1],
        "asked": words_of(status.line.kind_id, Asked.of(status.line)),
        "history": queries.history_of(status.line),
        "answer_days": queries.days_to_answer(),
        "panels": panels.shown(request, "line", status.line),
    }
    return render(request, "entitlements/recipient/line.html", context)
