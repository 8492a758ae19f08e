"""Who may do what with programmes and entitlements."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Actor, Desk
from tirek.core.workflow import Who
from tirek.entitlements.models import Programme


def is_own(actor: Actor, programme: Programme) -> bool:
    """The person of the programme, or who represents that person."""
    return actor.desk is Desk.RECIPIENT and actor.subject_id == programme.person_id


def is_office(actor: Actor, programme: Programme) -> bool:
    """An officer in whose territory the person lives."""
    return actor.desk is Desk.OFFICER and actor.covers(programme.territory_code)


office: Who[Any] = Who(label=_("officer of the person's territory"), desks=frozenset({Desk.OFFICER}), allows=is_office)
