"""Who takes part in cases: the person, the organisation and the office, by columns that all case types name alike.

A case has ``territory_code``; one about a person has ``person_id``, one for an organisation ``organisation_id``.
Parties that know more of a person stand in ``tirek.people.parties``.
"""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Actor, Desk
from tirek.core.case.workflow import Party


def is_person(actor: Actor, case: Any) -> bool:  # noqa: ANN401 - a case about a person
    """The person of the case, or who represents that person."""
    return actor.desk is Desk.RECIPIENT and actor.subject_id == case.person_id


def is_organisation(actor: Actor, case: Any) -> bool:  # noqa: ANN401 - a case for an organisation
    """Somebody of the organisation of the case."""
    return actor.desk is Desk.SUPPLIER and actor.organisation_id == case.organisation_id


def is_office(actor: Actor, case: Any) -> bool:  # noqa: ANN401 - a case of a place
    """An officer whose territory covers the place of the case."""
    return actor.desk is Desk.OFFICER and actor.covers(case.territory_code)


recipient: Final[Party[Any]] = Party(label=_("recipient"), desks=frozenset({Desk.RECIPIENT}), allows=is_person)
supplier: Final[Party[Any]] = Party(label=_("supplier"), desks=frozenset({Desk.SUPPLIER}), allows=is_organisation)
office: Final[Party[Any]] = Party(label=_("officer"), desks=frozenset({Desk.OFFICER}), allows=is_office)
