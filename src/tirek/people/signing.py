"""Who may sign for a person: age and representation decide, and at the counter the officer says who is there.

At the recipient's desk it is who acts there. A minor never signs, nor somebody who has died. The phone that signs has
been on file long enough; an officer never witnesses a signature of somebody close.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tirek.accounts.queries import may_sign_with_phone
from tirek.core import clock, signing
from tirek.core.actors import Actor, Desk
from tirek.core.errors import NotAllowed, NotFound, RuleBroken
from tirek.core.identifiers import Iin
from tirek.people.models import Person
from tirek.people.queries import is_close_to, is_minor, may_act_for, needs_of, representatives_of
from tirek.people.words import reading_in_words
from tirek.ui.signing import Candidate, Reader, Signers


class NotOfAge(RuleBroken):
    """Somebody under the age of majority (reference ``people.majority``) sends or signs alone."""

    code = "minor"

    def __init__(self) -> None:
        super().__init__(
            _("Until you are of age, a parent or guardian sends and signs for you."),
            next_step=_(
                "Nothing is lost. Ask your parent or guardian to sign in here, or come to the office together."
            ),
        )


class NobodyToSign(RuleBroken):
    """A minor, or somebody who has died, has no representative in force."""

    code = "no_signer"

    def __init__(self) -> None:
        super().__init__(
            _("Nobody is entered who may sign for this person."),
            next_step=_("Enter a parent or guardian with the document first."),
        )


def signers_for(person: Person) -> list[Person]:
    """Everybody who may sign for a person now: first who can sign by a code, the person before those who represent the
    person.
    """
    own = [] if person.deceased_on is not None or is_minor(person, clock.today()) else [person]
    found = [*own, *(one.representative for one in representatives_of(person))]
    able = list({one.pk: one for one in found if one.user is not None}.values())
    # the order within both kinds stays
    return sorted(able, key=lambda one: not _can_sign_by_code(one))


def _can_sign_by_code(person: Person) -> bool:
    return person.user is not None and bool(person.user.phone) and may_sign_with_phone(person.user, clock.now())


def _signing_person(actor: Actor, person_id: UUID, chosen: UUID | None) -> Person:
    """Who signs: who acts at the recipient's desk; at the counter whom the officer chose, else the first who may.

    Raises:
        NotAllowed: the actor does not act for the person, or the one who was chosen may not sign.
        NotOfAge, NobodyToSign: nobody may sign.
        RuleBroken: there is no account.
    """
    person = Person.objects.select_related("user").filter(pk=person_id).first()
    if person is None:
        raise NotFound
    if actor.desk is Desk.RECIPIENT:
        own = Person.objects.select_related("user").filter(pk=actor.person_id).first() if actor.person_id else None
        if own is None or not may_act_for(actor, person, clock.now()):
            raise NotAllowed
        if is_minor(own, clock.today()):
            raise NotOfAge
        return own
    able = signers_for(person)
    if not able and person.user is None and not is_minor(person, clock.today()):
        raise RuleBroken(
            _("This person has no account yet."), next_step=_("Let the person sign on paper."), code="no_account"
        )
    if not able:
        raise NobodyToSign
    found = next((one for one in able if chosen is None or one.pk == chosen), None)
    if found is None:
        raise NotAllowed
    return found


def _signer(person: Person, person_id: UUID, phone: str = "") -> signing.Signer:
    if person.user is None:
        raise NotAllowed
    return signing.Signer(
        user_id=person.user.pk,
        phone=phone,
        person_id=person.pk,
        on_behalf_of=person_id if person.pk != person_id else None,
    )


def signer_of(actor: Actor, person_id: UUID, chosen: UUID | None = None) -> signing.Signer:
    """The signer for a person, with the phone that may sign now.

    Args:
        actor: the person, who represents the person, or an officer with one of them at the counter.
        person_id: for whom it is signed.
        chosen: who is at the counter and signs, by the key of the person; the first who may when not given.

    Raises:
        NotAllowed: the officer at the counter is the person, or one of the two ever represented the other; the chosen
            one may not sign; the actor does not act for the person.
        NotOfAge: a minor would sign.
        NobodyToSign: a minor without a representative.
        RuleBroken: the phone on file is too new to sign (reference ``accounts.phone_change_wait``), or there is no
            account.
    """
    if actor.desk is Desk.OFFICER and is_close_to(actor, person_id):
        raise NotAllowed
    person = _signing_person(actor, person_id, chosen)
    signer = _signer(person, person_id, person.user.phone if person.user else "")
    if person.user is not None and person.user.phone and not may_sign_with_phone(person.user, clock.now()):
        raise RuleBroken(
            _("The phone on file was changed less than a day ago and cannot sign yet."),
            next_step=_("Sign tomorrow, or on paper at the office."),
            code="phone_too_new",
        )
    return signer


def signer_on_paper(actor: Actor, person_id: UUID, chosen: UUID | None = None) -> signing.Signer:
    """The signer of a printed text at the counter; arguments and errors as for ``signer_of``."""
    if is_close_to(actor, person_id):
        raise NotAllowed
    return _signer(_signing_person(actor, person_id, chosen), person_id)


def candidates(person_id: UUID) -> list[Candidate]:
    """Who may sign for a person at the counter, for the officer to choose who is there."""
    person = Person.objects.select_related("user").get(pk=person_id)
    return [
        Candidate(
            key=one.pk,
            name=one.full_name,
            phone=one.user.masked_phone() if one.user is not None and one.user.phone else "",
            for_another=one.pk != person_id,
        )
        for one in signers_for(person)
    ]


def reader_of(person_id: UUID) -> Reader:
    """Whom a text is about: the sheet names the person, speaks the language in which the person is written to, and the
    officer is told how to let the person know the words.
    """
    person = Person.objects.get(pk=person_id)
    needs = needs_of(person)
    return Reader(
        name=person.full_name,
        iin=str(Iin(person.iin)),
        language=needs.contact_language,
        how=reading_in_words(needs),
        large=needs.large_print,
    )


def signers(person_of: Callable[[Any], UUID]) -> Signers:
    """Who signs a text about a person: ``person_of`` gives the key of the person from what is signed."""
    return Signers(
        by_code=lambda actor, what, chosen: signer_of(actor, person_of(what), chosen),
        on_paper=lambda actor, what, chosen: signer_on_paper(actor, person_of(what), chosen),
        present=lambda what: candidates(person_of(what)),
        reader=lambda what: reader_of(person_of(what)),
    )
