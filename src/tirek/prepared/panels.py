"""What prepared orders put into the home page and into a person's file."""

from collections.abc import Mapping

from tirek.core.actors import Desk
from tirek.people.models import Person
from tirek.prepared import queries
from tirek.ui.desks import DeskRequest
from tirek.ui.panels import panel


@panel("home", Desk.RECIPIENT, "prepared/panels/waiting.html", 15)
def waiting(request: DeskRequest, _nobody: object) -> Mapping[str, object] | None:
    """Orders that are prepared and wait for the person."""
    person = request.actor.subject_id
    found = list(queries.open_of(person)[: queries.MOST]) if person else []
    return {"prepared": found, "waits": True} if found else None


@panel("ward", Desk.RECIPIENT, "prepared/panels/ward.html", 15)
def waiting_for(_request: DeskRequest, person: Person) -> Mapping[str, object] | None:
    """How many prepared orders wait for somebody one acts for."""
    count = queries.open_of(person.pk).count()
    return {"count": count, "person": person} if count else None


@panel("person", Desk.OFFICER, "prepared/panels/of_person.html", 18)
def of_person(_request: DeskRequest, person: Person) -> Mapping[str, object]:
    """The newest prepared orders of a person, and whether the person wants any."""
    return {
        "person": person,
        "prepared": list(queries.of_person(person.pk)[: queries.MOST]),
        "is_unwanted": queries.is_unwanted(person.pk),
    }
