"""Begun orders of one person, and which of them are complete."""

from uuid import UUID

from django.db.models import QuerySet

from tirek.core import drafts
from tirek.core.actors import Actor
from tirek.core.drafts import Draft
from tirek.core.errors import RuleBroken
from tirek.orders.forms.person import CONSENT_VERSION
from tirek.orders.requests import FORM, FORM_VERSION, parse


def of_person(actor: Actor, person_id: UUID) -> QuerySet[Draft]:
    """Begun orders for a person that the actor fills in now, in the order in which they were begun."""
    mine = drafts.open_of(actor).filter(form=FORM, state=Draft.State.OPEN)
    return mine.filter(holder_id=actor.user_id, subject_id=person_id).order_by("pk")


def is_complete(draft: Draft) -> bool:
    """Whether nothing but the agreement is missing, by the parser that reads the order when it is sent."""
    try:
        parse({**draft.values(), "consent": CONSENT_VERSION}, form_version=FORM_VERSION)
    except RuleBroken:
        return False
    return True
