"""What is written at once when somebody is registered at the counter."""

from django.db import transaction

from tirek.core.actors import Actor
from tirek.core.identifiers import Iin
from tirek.people.actions import Born, Name, NeedsEntered, register_person, set_needs
from tirek.people.models import Person


def register_person_with_needs(
    *,
    actor: Actor,
    iin: Iin,
    name: Name,
    territory_code: str,
    phone: str,
    address: str,
    needs: NeedsEntered,
    born: Born | None = None,
) -> Person:
    """Enter a person together with how to reach and serve the person, both or neither.

    Raises:
        NotAllowed, RuleBroken: as for ``register_person``.
    """
    with transaction.atomic():
        person = register_person(
            actor=actor,
            iin=iin,
            name=name,
            territory_code=territory_code,
            phone=phone,
            address=address,
            language=needs.contact_language,
            born=born,
        )
        set_needs(actor=actor, person=person, needs=needs)
    return person
