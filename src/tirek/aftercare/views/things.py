"""What a person got, and what can be done with each thing; the same at the counter."""

from typing import Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tirek.aftercare import beside, queries
from tirek.core.actors import Desk
from tirek.core.errors import NotFound
from tirek.people.queries import person_for
from tirek.ui.desks import DeskRequest, desk

#: Things of a page.
PER_PAGE: Final = 20


def _page(request: DeskRequest, person_id: UUID) -> HttpResponse:
    person = person_for(request.actor, person_id)
    page = Paginator(queries.of_person(person.pk), PER_PAGE).get_page(request.GET.get("page"))
    found, at = list(page.object_list), request.actor.desk
    links = beside.links(found, at)
    context = {
        "person": person,
        "at_counter": at is Desk.OFFICER,
        "things": [(one, links.get(one.item.pk, [])) for one in queries.things(found)],
        "ways_to_find": beside.ways_to_find(at, person.pk),
        "page_obj": page,
    }
    return render(request, "aftercare/things.html", context)


@desk("recipient")
@require_GET
def things(request: DeskRequest) -> HttpResponse:
    """Everything that the person got, newest first."""
    if request.actor.subject_id is None:
        raise NotFound
    return _page(request, request.actor.subject_id)


@desk("officer")
@require_GET
def things_of(request: DeskRequest, person_key: UUID) -> HttpResponse:
    """Everything that a person of the territory got, newest first."""
    return _page(request, person_key)
