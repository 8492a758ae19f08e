"""What people put into a person's file."""

from collections.abc import Mapping

from tirek.core.actors import Desk
from tirek.notices.models import Route
from tirek.notices.queries import refused_of
from tirek.people.models import Person
from tirek.people.queries import consents_of, has_agreed, representatives_of
from tirek.ui.desks import DeskRequest
from tirek.ui.panels import panel


@panel("person", Desk.OFFICER, "people/panels/agreement.html", 1)
def agreement(request: DeskRequest, person: Person) -> Mapping[str, object] | None:
    """Said where the agreement about personal data is missing: nothing can be begun before it is recorded."""
    return None if has_agreed(request.actor, person) else {"person": person}


@panel("person", Desk.OFFICER, "people/panels/unreached.html", 2)
def unreached(_request: DeskRequest, person: Person) -> Mapping[str, object] | None:
    """Said where a message to the phone or the e-mail on file was refused: who meets the person can ask for another."""
    refused = refused_of(person.user_id) if person.user_id is not None else None
    return {"refused": refused, "is_phone": refused.channel == Route.SMS} if refused is not None else None


@panel("person", Desk.OFFICER, "people/panels/entries.html", 95)
def entries(_request: DeskRequest, person: Person) -> Mapping[str, object]:
    """What can be entered for the person at the counter."""
    return {
        "person": person,
        "representatives": representatives_of(person),
        "consents": [one for one in consents_of(person) if one.withdrawn_at is None],
    }
