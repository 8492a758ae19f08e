"""What entitlements put into the home pages and into a person's file."""

from collections.abc import Mapping
from typing import Final

from tirek.core.actors import Desk
from tirek.entitlements import queries, repeats, under_way
from tirek.entitlements.case_pages import CORRECTION_LIST, CORRECTION_PAGES, REQUEST_LIST, REQUEST_PAGES, TASKS
from tirek.people.models import Person
from tirek.people.queries import person_for
from tirek.ui.desks import DeskRequest
from tirek.ui.finding import find_by_number
from tirek.ui.panels import panel

TASKS.declare()
find_by_number(Desk.OFFICER, REQUEST_LIST, REQUEST_PAGES.noun)
find_by_number(Desk.OFFICER, CORRECTION_LIST, CORRECTION_PAGES.noun)
#: Lines on the card of somebody one acts for; the rest stand on that person's page.
MOST_OF_WARD: Final = 3


@panel("home", Desk.RECIPIENT, "entitlements/panels/orderable.html", 30)
def orderable(request: DeskRequest, _nobody: object) -> Mapping[str, object] | None:
    """Lines of the programme that can be ordered now."""
    if request.actor.subject_id is None:
        return None
    person = person_for(request.actor, request.actor.subject_id)
    found = [one for one in queries.statuses_of(person) if one.can_order]
    return {"orderable": repeats.orderable(person, found), "waits": bool(found)}


@panel("ward", Desk.RECIPIENT, "entitlements/panels/ward.html", 20)
def orderable_for(_request: DeskRequest, person: Person) -> Mapping[str, object] | None:
    """Lines of somebody one acts for that can be ordered now."""
    found = [one for one in queries.statuses_of(person) if one.can_order]
    return {"orderable": repeats.orderable(person, found)[:MOST_OF_WARD], "person": person} if found else None


@panel("person", Desk.OFFICER, "entitlements/panels/programme.html", 10)
def programme(request: DeskRequest, person: Person) -> Mapping[str, object]:
    """A person's programmes, line by line."""
    return {
        "person": person,
        "programmes": queries.programmes_of(request.actor, person),
        "statuses": under_way.held_by(request.actor, queries.statuses_of(person)),
    }
