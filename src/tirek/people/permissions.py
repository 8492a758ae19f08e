"""Who may see and change a person's entry: predicates over actor and plain facts."""

from uuid import UUID

from tirek.core.actors import Actor, Desk


def is_self(actor: Actor, person_id: UUID) -> bool:
    """The actor is this person, at the recipient's desk."""
    return actor.desk is Desk.RECIPIENT and actor.person_id == person_id


def is_officer_for(actor: Actor, territory_code: str) -> bool:
    """The actor is an officer whose territory covers the place."""
    return actor.desk is Desk.OFFICER and actor.covers(territory_code)


def is_registrar_for(actor: Actor, territory_code: str) -> bool:
    """The actor may write a person's entry: an officer of the place, or the system (import, demo data)."""
    return actor.is_service or is_officer_for(actor, territory_code)
