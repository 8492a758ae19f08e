"""What people put into a person's file."""

from collections.abc import Mapping

from tirek.core.actors import Desk
from tirek.people.models import Person
from tirek.people.queries import has_agreed
from tirek.ui.desks import DeskRequest
from tirek.ui.panels import panel


@panel("person", Desk.OFFICER, "people/panels/agreement.html", 1)
def agreement(request: DeskRequest, person: Person) -> Mapping[str, object] | None:
    """Said where the agreement about personal data is missing: nothing can be begun before it is recorded."""
    return None if has_agreed(request.actor, person) else {"person": person}
