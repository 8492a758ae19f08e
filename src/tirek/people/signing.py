"""Who may sign for a person: at the recipient's desk who acts there, at the counter the person or a representative.

The phone that signs has been on file long enough; an officer never witnesses a signature of somebody close.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tirek.accounts.queries import may_sign_with_phone
from tirek.core import clock, signing
from tirek.core.actors import Actor, Desk
from tirek.core.errors import NotAllowed, RuleBroken
from tirek.people.models import Person
from tirek.people.queries import is_close_to, representatives_of
from tirek.ui.signing import Signers


def _signing_person(actor: Actor, person_id: UUID) -> Person:
    if actor.desk is Desk.RECIPIENT:
        found = Person.objects.select_related("user").filter(pk=actor.person_id).first() if actor.person_id else None
        if found is None:
            raise NotAllowed
        return found
    person = Person.objects.select_related("user").get(pk=person_id)
    if person.user is not None and person.user.phone:
        return person
    for one in representatives_of(person):
        if one.representative.user is not None:
            return one.representative
    return person


def _signer(person: Person, person_id: UUID, phone: str = "") -> signing.Signer:
    if person.user is None:
        raise RuleBroken(
            _("This person has no account yet."), next_step=_("Let the person sign on paper."), code="no_account"
        )
    return signing.Signer(
        user_id=person.user.pk,
        phone=phone,
        person_id=person.pk,
        on_behalf_of=person_id if person.pk != person_id else None,
    )


def signer_of(actor: Actor, person_id: UUID) -> signing.Signer:
    """The signer for a person, with the phone that may sign now.

    Raises:
        NotAllowed: the officer at the counter is the person, or one of the two ever represented the other.
        RuleBroken: the phone on file is too new to sign (reference ``accounts.phone_change_wait``), or there is no
            account.
    """
    if actor.desk is Desk.OFFICER and is_close_to(actor, person_id):
        raise NotAllowed
    person = _signing_person(actor, person_id)
    signer = _signer(person, person_id, person.user.phone if person.user else "")
    if person.user is not None and person.user.phone and not may_sign_with_phone(person.user, clock.now()):
        raise RuleBroken(
            _("The phone on file was changed less than a day ago and cannot sign yet."),
            next_step=_("Sign tomorrow, or on paper at the office."),
            code="phone_too_new",
        )
    return signer


def signer_on_paper(actor: Actor, person_id: UUID) -> signing.Signer:
    """The signer of a printed text at the counter.

    Raises:
        NotAllowed: the officer is the person, or one of the two ever represented the other.
        RuleBroken: there is no account.
    """
    if is_close_to(actor, person_id):
        raise NotAllowed
    return _signer(_signing_person(actor, person_id), person_id)


def phone_of(actor: Actor, person_id: UUID) -> str:
    """The phone, masked, that a code for a person would go to; "" when there is none."""
    user = _signing_person(actor, person_id).user
    return user.masked_phone() if user is not None and user.phone else ""


def signers(person_of: Callable[[Any], UUID]) -> Signers:
    """Who signs a text about a person: ``person_of`` gives the key of the person from what is signed."""
    return Signers(
        by_code=lambda actor, what: signer_of(actor, person_of(what)),
        on_paper=lambda actor, what: signer_on_paper(actor, person_of(what)),
        phone=lambda actor, what: phone_of(actor, person_of(what)),
    )
