"""Who may do what with programmes, entitlements, terms and corrections."""

from typing import Any, Protocol
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Actor, Desk
from tirek.core.case.workflow import Party
from tirek.entitlements.models import Correction
from tirek.people.models import Person
from tirek.people.queries import is_close_to


class OfPerson(Protocol):
    """A case about a person of a territory."""

    @property
    def person_id(self) -> UUID:
        """The person."""

    @property
    def person(self) -> Person:
        """The person, whose place of residence says which office is responsible."""


def is_own(actor: Actor, case: OfPerson) -> bool:
    """The person of the case, or who represents that person."""
    return actor.desk is Desk.RECIPIENT and actor.subject_id == case.person_id


def is_office(actor: Actor, case: OfPerson) -> bool:
    """An officer in whose territory the person lives now, wherever the case was begun."""
    return actor.desk is Desk.OFFICER and actor.covers(case.person.territory_id)


def is_unrelated_office(actor: Actor, case: OfPerson) -> bool:
    """An officer of the territory who is neither the person nor ever represented, or was represented by, the person."""
    return is_office(actor, case) and not is_close_to(actor, case.person_id)


def is_second_officer(actor: Actor, correction: Correction) -> bool:
    """An unrelated officer of the territory who did not propose the correction."""
    return actor.user_id not in {None, correction.proposed_by} and is_unrelated_office(actor, correction)


recipient: Party[Any] = Party(label=_("recipient"), desks=frozenset({Desk.RECIPIENT}), allows=is_own)
office: Party[Any] = Party(
    label=_("officer of the person's territory"), desks=frozenset({Desk.OFFICER}), allows=is_office
)
unrelated_office: Party[Any] = Party(
    label=_("officer of the territory who is not close to the person"),
    desks=frozenset({Desk.OFFICER}),
    allows=is_unrelated_office,
)
second_officer: Party[Any] = Party(
    label=_("another officer of the territory who is not close to the person"),
    desks=frozenset({Desk.OFFICER}),
    allows=is_second_officer,
)
