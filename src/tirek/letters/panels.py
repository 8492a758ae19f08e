"""What letters put into a person's file and into the officer's home page."""

from collections.abc import Mapping

from tirek.core.actors import Desk
from tirek.letters import queries
from tirek.people.models import Person
from tirek.ui.desks import DeskRequest
from tirek.ui.panels import panel


@panel("person", Desk.OFFICER, "letters/panels/by_post.html", 94)
def by_post(_request: DeskRequest, person: Person) -> Mapping[str, object] | None:
    """Whether notices go by post, and the person's wish."""
    if person.deceased_on is not None:
        return None
    return {
        "person": person,
        "is_wanted": queries.wants_post(person.pk),
        "is_reached": queries.is_reached_otherwise(person),
    }


@panel("home", Desk.OFFICER, "letters/panels/came_back.html", 62)
def came_back(request: DeskRequest, _nobody: object) -> Mapping[str, object] | None:
    """How many letters came back, of people who are to be reached in another way."""
    count = queries.came_back(request.actor).count()
    return {"count": count} if count else None
