"""What can be written about people. Each act leaves a ``PersonEvent`` of codes and ids."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from dateutil.relativedelta import relativedelta
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from tirek.accounts import actions as accounts
from tirek.accounts.models import User
from tirek.core import clock, drafts, reference
from tirek.core.actors import CLOCK, Actor, Desk
from tirek.core.case import registry
from tirek.core.errors import NotAllowed, RuleBroken
from tirek.core.identifiers import Iin
from tirek.core.keys import uuid7
from tirek.notices import actions as notices
from tirek.notices.models import Route
from tirek.people import lives, rules
from tirek.people.lives import Turn
from tirek.people.models import Consent, Diagnosis, Disability, Measurement, Needs, Person, PersonEvent, Representation
from tirek.people.names import Born, Name
from tirek.people.permissions import is_registrar_for
from tirek.people.queries import children_of_parents, has_agreed, is_close_to, is_minor, majority_months, may_act_for
from tirek.people.telling import accounts_to_tell
from tirek.territory.models import Level
from tirek.territory.queries import in_force
from tirek.ui.display import Display, Size
from tirek.ui.text import day_text

#: What is written down once of each child.
_WARNED: Final = "majority_told"
_CAME_OF_AGE: Final = "came_of_age"


def _note(person: Person, kind: str, *, actor: Actor, details: dict[str, str] | None = None) -> None:
    PersonEvent.objects.create(
        person=person,
        kind=kind,
        at=clock.now(),
        actor_id=actor.user_id,
        desk=actor.desk.value,
        channel=actor.channel.value,
        details=details or {},
    )


def _require_registrar(actor: Actor, territory_code: str) -> None:
    if not is_registrar_for(actor, territory_code):
        raise NotAllowed(_("Only an officer of the place where the person lives may do this."))


def _require_unrelated(actor: Actor, *people: Person) -> None:
    """What gives rights or takes them, and who is reached where, is entered by an officer whom it does not concern."""
    if actor.desk is Desk.OFFICER and any(is_close_to(actor, one.pk) for one in people):
        raise NotAllowed(
            _("You cannot enter this about yourself, or about somebody whom you represent or who represented you."),
            next_step=_("Ask another officer of your department to enter it."),
        )


def _require_living(actor: Actor, person: Person) -> None:
    """A file of somebody who has died is closed; what a register brings late is taken."""
    if not actor.is_service and person.deceased_on is not None:
        raise RuleBroken(_("The person has died. Nothing more is entered here."), code="deceased")


def _require_district(territory_code: str) -> None:
    if not in_force().filter(pk=territory_code, level=Level.DISTRICT).exists():
        raise RuleBroken(_("Choose the district or city where the person lives."), code="district")


def _require_own_or_officer(actor: Actor, person: Person) -> None:
    own = actor.desk is Desk.RECIPIENT and may_act_for(actor, person, clock.now())
    if not own and not is_registrar_for(actor, person.territory_id):
        raise NotAllowed


def register_person(
    *,
    actor: Actor,
    iin: Iin,
    name: Name,
    territory_code: str,
    phone: str = "",
    address: str = "",
    language: str = "kk",
    born: Born | None = None,
) -> Person:
    """Enter a person and open the account that signs in by a code to ``phone``. Registration ends with the first
    sign-in.

    Birth date and sex are those that the identity card has; what the IIN tells of them is a hint.

    Args:
        actor: officer of the place, or the system.
        iin: checked IIN.
        name: as the identity card has it.
        territory_code: КАТО code of the district of residence.
        phone: phone on file as typed, "" for none: the person then cannot sign in by code.
        address: address of residence.
        language: kk, ru or en.
        born: as the identity card has it; what the IIN tells when it is not given.

    Raises:
        NotAllowed: the actor is no officer of the place.
        RuleBroken: the person is registered already, or phone, district, name, date of birth or sex cannot be.
    """
    _require_registrar(actor, territory_code)
    _require_district(territory_code)
    name = name.checked()
    if born is None and iin.born is not None and iin.sex is not None:
        born = Born(iin.born, iin.sex)
    if born is None:
        raise RuleBroken(
            _("This IIN tells no date of birth and no sex. Enter both as the identity card has them."), code="born"
        )
    if born.on > clock.today():
        raise RuleBroken(_("The date of birth lies in the future."), code="born")
    try:
        with transaction.atomic():
            user = accounts.open_account(actor=actor, iin=iin, phone=phone, language=language)
            person = Person.objects.create(
                user=user,
                iin=iin.digits,
                surname=name.surname,
                given_name=name.given_name,
                patronymic=name.patronymic,
                sort_key=name.sort_key,
                birth_date=born.on,
                sex=born.sex.value,
                territory_id=territory_code,
                address=address,
                language=language,
            )
            _set_contacts(user, language)
            _note(person, "registered", actor=actor)
    except IntegrityError as error:
        raise RuleBroken(
            _("A person with this IIN is registered already."),
            next_step=_("Find the person by the IIN."),
            code="already_registered",
        ) from error
    return person


def register_person_with_needs(
    *,
    actor: Actor,
    iin: Iin,
    name: Name,
    territory_code: str,
    phone: str,
    address: str,
    needs: "NeedsEntered",
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


def _set_contacts(user: User, language: str) -> None:
    notices.set_contact(user_id=user.pk, channel=Route.SMS, address=user.phone, language=language)
    notices.set_contact(user_id=user.pk, channel=Route.EMAIL, address=user.email, language=language)


def change_phone(*, actor: Actor, person: Person, phone: str) -> User:
    """Put a new phone on file for somebody who is at the counter with an identity card.

    Raises:
        NotAllowed: the actor is no officer of the place, or close to the person.
        RuleBroken: the person has died or has no account, or it is not a new telephone number.
    """
    _require_registrar(actor, person.territory_id)
    _require_unrelated(actor, person)
    _require_living(actor, person)
    if person.user is None:
        raise RuleBroken(_("This person has no account."), code="no_account")
    with transaction.atomic():
        user = accounts.change_phone(actor=actor, user=person.user, phone=phone)
        notices.set_contact(user_id=user.pk, channel=Route.SMS, address=user.phone, language=person.language)
        _note(person, "phone_changed", actor=actor)
    return user


def change_residence(*, actor: Actor, person: Person, territory_code: str, address: str) -> Person:
    """The person lives somewhere else now; an officer of the old or of the new place enters it. Cases and waiting forms
    go along.

    Raises:
        NotAllowed: the actor is an officer of neither, or close to the person.
        RuleBroken: there is no such district, or the person has died.
    """
    if not any(is_registrar_for(actor, place) for place in (person.territory_id, territory_code)):
        raise NotAllowed
    _require_unrelated(actor, person)
    _require_living(actor, person)
    _require_district(territory_code)
    with transaction.atomic():
        _note(person, "moved", actor=actor, details={"from": person.territory_id, "to": territory_code})
        Person.objects.filter(pk=person.pk).update(territory=territory_code, address=address)
        registry.follow_residence(person.pk, territory_code)
        drafts.follow_residence(person.pk, territory_code)
    person.refresh_from_db(fields=["territory", "address"])
    return person


def record_measurement(
    *,
    actor: Actor,
    person: Person,
    parameter: str,
    value: Decimal | str,
    measured_on: date,
    source: Measurement.Source = Measurement.Source.OFFICER,
    fitted_by: UUID | None = None,
) -> Measurement:
    """Enter a measured value; the newest of a parameter counts.

    Args:
        actor: the person, a representative, an officer of the place, or the system.
        person: who was measured.
        parameter: code with the unit at its end (``height_cm``), or a parameter in words (``skin``).
        value: number in that unit, or words.
        measured_on: day of measuring.
        source: who measured; what the person or family enters is always marked so.
        fitted_by: account of the supplier who measured it at a fitting, where the actor has only confirmed it.

    Raises:
        NotAllowed: not for this actor.
        RuleBroken: the day lies in the future, or nobody measures so much.
    """
    _require_own_or_officer(actor, person)
    if measured_on > clock.today():
        raise RuleBroken(_("The day of measuring lies in the future."), code="future")
    number = value if isinstance(value, Decimal) else None
    if number is not None and not rules.is_plausible(parameter, number):
        raise RuleBroken(_("This value cannot be right. Check the number and its unit."), code="implausible")
    if number is None and (rules.unit_of(parameter) or not str(value).strip()):
        raise RuleBroken(_("Enter a number."), code="not_a_number")
    with transaction.atomic():
        row = Measurement.objects.create(
            person=person,
            parameter=parameter,
            number=number,
            text="" if number is not None else str(value).strip(),
            measured_on=measured_on,
            measured_by=fitted_by or actor.user_id,
            source=Measurement.Source.SELF if actor.desk is Desk.RECIPIENT and fitted_by is None else source,
        )
        _note(person, "measured", actor=actor, details={"parameter": parameter})
    return row


def add_representation(
    *,
    actor: Actor,
    representative: Person,
    represented: Person,
    basis: Representation.Basis,
    document_number: str,
    since: date,
    until: date | None = None,
) -> Representation:
    """Enter that somebody acts for another person, on a document that the officer has seen.

    Raises:
        NotAllowed: the actor is no officer of the represented person's place, or close to one of the two.
        RuleBroken: somebody for themselves, a parent of somebody of age, one who has died or is a child; no document.
    """
    _require_registrar(actor, represented.territory_id)
    _require_unrelated(actor, represented, representative)
    _require_living(actor, represented)
    today = clock.today()
    if representative.pk == represented.pk:
        raise RuleBroken(_("Nobody represents themselves."), code="self")
    if representative.deceased_on is not None or is_minor(representative, today):
        raise RuleBroken(_("A representative must be alive and of age."), code="representative")
    if basis == Representation.Basis.PARENT and not is_minor(represented, today):
        raise RuleBroken(
            _("A parent acts for a child until the 18th birthday."),
            next_step=_("For an adult, enter a guardian with the court's decision, or a power of attorney."),
            code="of_age",
        )
    if until is not None and until < since:
        raise RuleBroken(_("The last day cannot lie before the first day."), code="term")
    if not document_number.strip():
        raise RuleBroken(
            _("Enter the number of the document: birth certificate, decision or power of attorney."), code="document"
        )
    try:
        with transaction.atomic():
            row = Representation.objects.create(
                representative=representative,
                represented=represented,
                basis=basis,
                document_number=document_number.strip(),
                since=since,
                until=until,
            )
            said = {"representation": str(row.pk), "basis": basis.value}
            _note(represented, "representation_added", actor=actor, details=said)
    except IntegrityError as error:
        raise RuleBroken(_("This representation is entered already."), code="already_entered") from error
    return row


def end_representation(*, actor: Actor, representation: Representation) -> Representation:
    """End a representation at this moment: by the office, by the represented adult, or by the representative.

    Raises:
        NotAllowed: the actor is none of them, or an officer close to one of the two.
    """
    represented = representation.represented
    parties = {representation.representative_id}
    if not is_minor(represented, clock.today()):
        parties.add(represented.pk)
    own = actor.desk is Desk.RECIPIENT and actor.person_id in parties
    if not own and not is_registrar_for(actor, represented.territory_id):
        raise NotAllowed
    _require_unrelated(actor, represented, representation.representative)
    with transaction.atomic():
        now = clock.now()
        if Representation.objects.filter(pk=representation.pk, revoked_at__isnull=True).update(revoked_at=now):
            representation.revoked_at = now
            _note(represented, "representation_ended", actor=actor, details={"representation": str(representation.pk)})
    return representation


#: One statement, because every order makes it: the consent, unless the same words are agreed to already, and its event.
_CONSENT_ONCE: Final = """
WITH given AS (
    INSERT INTO people_consent (id, created_at, person_id, purpose, text_version, channel, given_by, given_at)
    VALUES (%(id)s, %(at)s, %(person)s, %(purpose)s, %(text)s, %(channel)s, %(actor)s, %(at)s)
    ON CONFLICT (person_id, purpose, text_version) WHERE withdrawn_at IS NULL DO NOTHING
    RETURNING person_id
)
INSERT INTO people_personevent (id, created_at, person_id, kind, at, actor_id, desk, channel, details)
SELECT %(event)s, %(at)s, person_id, 'consent_given', %(at)s, %(actor)s, %(desk)s, %(channel)s,
    jsonb_build_object('purpose', %(purpose)s::text, 'text', %(text)s::text)
FROM given
"""


def _consent_once(actor: Actor, person: Person, purpose: Consent.Purpose, text_version: str) -> None:
    facts: dict[str, str | UUID | datetime | None] = {
        "id": uuid7(),
        "event": uuid7(),
        "at": clock.now(),
        "person": person.pk,
        "purpose": purpose.value,
        "text": text_version,
        "channel": actor.channel.value,
        "desk": actor.desk.value,
        "actor": actor.user_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CONSENT_ONCE, facts)


def give_consent(*, actor: Actor, person: Person, purpose: Consent.Purpose, text_version: str) -> Consent:
    """Agree to a purpose in the words of one version of its text. Agreeing again changes nothing.

    Raises:
        NotAllowed: the actor is neither the person, nor a representative, nor an officer of the place.
    """
    _require_own_or_officer(actor, person)
    _consent_once(actor, person, purpose, text_version)
    return Consent.objects.get(person=person, purpose=purpose, text_version=text_version, withdrawn_at__isnull=True)


def require_agreement(actor: Actor, person: Person) -> None:
    """Nothing is begun for somebody who has not agreed, or agrees no more, to the text about personal data.

    Asked by what begins something, not by a page on the way to it: a second device, a form sent by hand and the counter
    are asked as well.

    Raises:
        RuleBroken: there is no such agreement now; the next step says where it is given.
    """
    if has_agreed(actor, person):
        return
    if actor.desk is Desk.OFFICER:
        step = _("Show the person the page about personal data. If the person agrees, record it in the person's file.")
    else:
        step = _("Open “My data” and agree, then send again. What you typed is kept.")
    raise RuleBroken(
        _("There is no agreement to the processing of personal data now."), next_step=step, code="no_agreement"
    )


def record_consent(*, actor: Actor, person: Person, purpose: Consent.Purpose, text_version: str) -> None:
    """Record the consent that came with something the person sent, in the sender's transaction: one statement, nothing
    read.

    The account of the actor stands in the row: the person's own, the representative's, or that of the officer at the
    counter.

    Raises:
        NotAllowed: the actor acts neither for this person nor as an officer of the place.
    """
    own = actor.desk is Desk.RECIPIENT and actor.subject_id == person.pk
    if not own and not is_registrar_for(actor, person.territory_id):
        raise NotAllowed
    _consent_once(actor, person, purpose, text_version)


def withdraw_consent(*, actor: Actor, consent: Consent) -> Consent:
    """Withdraw a consent. What was done under it stays done; withdrawing twice changes nothing.

    Raises:
        NotAllowed: the actor is neither the person, nor a representative, nor an unrelated officer of the place.
    """
    person = consent.person
    _require_own_or_officer(actor, person)
    _require_unrelated(actor, person)
    with transaction.atomic():
        now = clock.now()
        if Consent.objects.filter(pk=consent.pk, withdrawn_at__isnull=True).update(withdrawn_at=now):
            consent.withdrawn_at = now
            said = {"purpose": consent.purpose, "text": consent.text_version}
            _note(person, "consent_withdrawn", actor=actor, details=said)
    return consent


@dataclass(frozen=True, slots=True)
class NeedsEntered:
    """How a person wants to be reached and served."""

    no_voice_calls: bool
    large_print: bool
    easy_read: bool
    sign_language: bool
    contact_language: str


def _look_for(needs: NeedsEntered) -> Display:
    """How pages look at first to somebody with these needs."""
    return Display(size=Size.LARGER if needs.large_print else Size.USUAL)


def set_needs(*, actor: Actor, person: Person, needs: NeedsEntered) -> Needs:
    """Enter how to reach and serve a person; notices use the language from now on.

    Somebody who needs large print and has not used the display panel yet finds it set so.

    Raises:
        NotAllowed: as for ``give_consent``.
        RuleBroken: the person has died.
    """
    _require_own_or_officer(actor, person)
    _require_living(actor, person)
    with transaction.atomic():
        row, _is_new = Needs.objects.update_or_create(
            person=person,
            defaults={
                "no_voice_calls": needs.no_voice_calls,
                "large_print": needs.large_print,
                "easy_read": needs.easy_read,
                "sign_language": needs.sign_language,
                "contact_language": needs.contact_language,
            },
        )
        if person.user_id is not None:
            notices.set_language(user_id=person.user_id, language=needs.contact_language)
        if person.user is not None and _look_for(needs) != Display():
            accounts.suggest_display(user=person.user, display=_look_for(needs).stored())
        _note(person, "needs_set", actor=actor)
    return row


def set_language(*, actor: Actor, person: Person, language: str) -> None:
    """The language of pages and notices, as the person chose it.

    Raises:
        NotAllowed: as for ``give_consent``.
    """
    _require_own_or_officer(actor, person)
    with transaction.atomic():
        Person.objects.filter(pk=person.pk).update(language=language)
        if person.user is not None:
            accounts.set_language(user=person.user, language=language)
            notices.set_language(user_id=person.user.pk, language=language)
    person.language = language


def record_death(*, actor: Actor, person: Person, deceased_on: date) -> Person:
    """Enter a death: the account closes at once. What runs for the person is ended by those who run it.

    Raises:
        NotAllowed: the actor is no officer of the place, or close to the person.
        RuleBroken: the day lies in the future or before the birth, or a death is entered already.
    """
    _require_registrar(actor, person.territory_id)
    _require_unrelated(actor, person)
    if not person.birth_date <= deceased_on <= clock.today():
        raise RuleBroken(
            _("The day of death must lie between the birth (%(day)s) and today.")
            % {"day": day_text(person.birth_date)},
            code="day",
        )
    with transaction.atomic():
        if not Person.objects.filter(pk=person.pk, deceased_on__isnull=True).update(deceased_on=deceased_on):
            raise RuleBroken(_("A death is entered for this person already."), code="already_entered")
        if person.user is not None:
            accounts.close_account(actor=actor, user=person.user)
            notices.forget_account(user_id=person.user.pk)
        _note(person, "death_recorded", actor=actor)
        lives.follow(Turn.DIED, person.pk)
    person.deceased_on = deceased_on
    return person


def tell_of_majority(*, limit: int = 1000) -> int:
    """The family of each child who comes of age soon, or came of age, is told, and apps do what they have to do; each
    once. Returns how many people it was (daily job).
    """
    today = clock.today()
    months = int(reference.value("people.warn_of_majority", at=today).number)
    born_by = rules.of_age_born_by(today, majority_months=majority_months(today))
    soon = born_by + relativedelta(months=months)
    done = 0
    for kind, first, last in (
        (_WARNED, born_by + timedelta(days=1), soon),
        # a day on which the job did not run is made up for
        (_CAME_OF_AGE, born_by - relativedelta(months=1), born_by),
    ):
        for person_id in children_of_parents(first, last, without=kind)[:limit]:
            with transaction.atomic():
                person = Person.objects.select_for_update().get(pk=person_id)
                if person.events.filter(kind=kind).exists():
                    continue
                _note(person, kind, actor=CLOCK)
                if kind == _CAME_OF_AGE:
                    lives.follow(Turn.CAME_OF_AGE, person.pk)
                else:
                    day = person.birth_date + relativedelta(months=majority_months(today))
                    notices.notify(
                        user_ids=accounts_to_tell(person.pk, today),
                        template="person.soon_of_age",
                        context={"day": day},
                        about=person.pk,
                    )
            done += 1
    return done


def record_disability(
    *, actor: Actor, person: Person, group: Disability.Group, since: date, until: date | None, reason: Disability.Reason
) -> Disability:
    """Enter a term of disability from the conclusion of the medical-social expertise.

    Raises:
        NotAllowed, RuleBroken: the actor is no officer of the place or close; the person has died, the days cannot be.
    """
    _require_registrar(actor, person.territory_id)
    _require_unrelated(actor, person)
    _require_living(actor, person)
    if until is not None and until < since:
        raise RuleBroken(_("The last day cannot lie before the first day."), code="term")
    if since < person.birth_date:
        raise RuleBroken(_("The first day lies before the birth."), code="since")
    with transaction.atomic():
        row = Disability.objects.create(person=person, group=group, since=since, until=until, reason=reason)
        _note(person, "disability_recorded", actor=actor, details={"disability": str(row.pk)})
    return row


def record_diagnosis(*, actor: Actor, person: Person, text: str) -> None:
    """Enter the diagnosis; it is stored encrypted.

    Raises:
        NotAllowed: the actor is no officer of the place.
    """
    _require_registrar(actor, person.territory_id)
    with transaction.atomic():
        Diagnosis.objects.update_or_create(
            person=person, defaults={"text": text, "recorded_at": clock.now(), "recorded_by": actor.user_id}
        )
        _note(person, "diagnosis_recorded", actor=actor)
