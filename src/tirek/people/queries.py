"""Reads of people: the only way to a person's entry from untrusted input."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from dateutil.relativedelta import relativedelta
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from tirek.core import clock, reference
from tirek.core.actors import CLOCK, Actor, Desk
from tirek.core.database.compiled import Compiled, CompiledObject
from tirek.core.errors import NotAllowed, NotFound, RuleBroken
from tirek.core.identifiers import Iin
from tirek.core.personal import viewlog
from tirek.core.places import region_of
from tirek.people import rules
from tirek.people.models import (
    Consent,
    Diagnosis,
    Disability,
    Measurement,
    Needs,
    Person,
    PersonEvent,
    Representation,
)
from tirek.people.permissions import is_officer_for, is_self
from tirek.people.rules import PRIVACY_VERSION


class PersonNotFound(NotFound):
    """Nobody here has this IIN; from outside the same as somebody of another territory."""

    def __init__(self) -> None:
        super().__init__(
            _("There is no person with this IIN in your territory."),
            next_step=_(
                "Compare the number with the identity card. The file is kept in the district where the person lives. "
                "Where no register has brought the person, register the person here."
            ),
        )


def majority_months(day: date) -> int:
    """Age of majority in force on ``day``, in months (reference ``people.majority``)."""
    return int(reference.value("people.majority", at=day).number)


def age_on(person: Person, day: date) -> int:
    """Whole years of age on ``day``."""
    return rules.age_on(person.birth_date, day)


def is_minor(person: Person, day: date) -> bool:
    """Whether the person is under the age of majority on ``day``."""
    return rules.is_minor(person.birth_date, day, majority_months=majority_months(day))


def holds(representation: Representation, at: datetime) -> bool:
    """Whether a representation is in force at ``at``; it ends with the death of who is represented, a parent's with the
    18th birthday of the child.
    """
    day = at.astimezone(clock.COUNTRY_ZONE).date()
    if representation.revoked_at is not None and representation.revoked_at <= at:
        return False
    died = representation.represented.deceased_on
    return (died is None or died > day) and _covers(representation, day)


def _covers(representation: Representation, day: date) -> bool:
    if not rules.holds_on(day, since=representation.since, until=representation.until):
        return False
    return representation.basis != Representation.Basis.PARENT or is_minor(representation.represented, day)


def _representations(at: datetime) -> QuerySet[Representation]:
    return _in_force(at, at.astimezone(clock.COUNTRY_ZONE).date())


def _in_force(at: datetime, day: date) -> QuerySet[Representation]:
    return (
        Representation.objects.filter(since__lte=day, representative__deceased_on__isnull=True)
        .filter(Q(until__isnull=True) | Q(until__gte=day), Q(revoked_at__isnull=True) | Q(revoked_at__gt=at))
        .select_related("represented")
    )


def may_act_for(actor: Actor, person: Person, at: datetime) -> bool:
    """Whether the person behind ``actor`` is ``person`` or represents this person at ``at``."""
    if actor.person_id is None:
        return False
    if actor.person_id == person.pk:
        return True
    pairs = _representations(at).filter(representative=actor.person_id, represented=person)
    return any(holds(one, at) for one in pairs)


def acts_for(actor: Actor, person_id: UUID) -> bool:
    """Whether the person behind ``actor`` represents this person now; by the key of the person."""
    person = Person.objects.filter(pk=person_id).first()
    return person is not None and may_act_for(actor, person, clock.now())


def follows(actor: Actor, person_id: UUID, begun_at: datetime) -> bool:
    """Whether the person behind ``actor`` acted for this person when something began, and is still told of it: as a
    parent of a child who has come of age since (reference ``people.after_majority``), or until the person's death.
    """
    pairs = Representation.objects.filter(
        representative=actor.person_id,
        represented=person_id,
        representative__deceased_on__isnull=True,
        revoked_at__isnull=True,
        since__lte=clock.today(),
    ).select_related("represented")
    day = begun_at.astimezone(clock.COUNTRY_ZONE).date()
    return any(_outlasts(one, clock.today(), day) for one in pairs)


def _outlasts(representation: Representation, today: date, begun_on: date) -> bool:
    died = representation.represented.deceased_on
    if died is not None:
        return _covers(representation, died)
    is_parents = representation.basis == Representation.Basis.PARENT
    return is_parents and representation.represented.birth_date > of_age_for_telling(today, begun_on)


def of_age_for_telling(today: date, begun_on: date) -> date:
    """The last day of birth of children whose parents are told no more of what began on ``begun_on``: those of age
    then, or for longer than reference ``people.after_majority``.
    """
    months = int(reference.value("people.after_majority", at=today).number)
    counted = max(begun_on, today - relativedelta(months=months))
    return rules.of_age_born_by(min(counted, today), majority_months=majority_months(today))


def is_close_to(actor: Actor, person_id: UUID) -> bool:
    """Whether the human behind ``actor`` is this person, or one of the two ever represented the other."""
    if actor.person_id is None:
        return False
    pair = {actor.person_id, person_id}
    return len(pair) == 1 or Representation.objects.filter(representative__in=pair, represented__in=pair).exists()


_BY_REPRESENTATIVE: Final[CompiledObject[Representation]] = CompiledObject(
    lambda at, day, person: (
        _in_force(at, day).filter(representative_id=person).order_by("represented__sort_key", "represented_id")
    ),
    at=datetime,
    day=date,
    person=UUID,
)


def represented_by(actor: Actor) -> list[Person]:
    """The people for whom the person behind ``actor`` may act now, by name."""
    if actor.person_id is None:
        return []
    now = clock.now()
    rows = _BY_REPRESENTATIVE.all(at=now, day=now.astimezone(clock.COUNTRY_ZONE).date(), person=actor.person_id)
    return list({one.represented_id: one.represented for one in rows if holds(one, now)}.values())


def followed_by(actor: Actor) -> list[Person]:
    """People for whom the person behind ``actor`` acts no more, and of whom something may still be followed: grown
    children, and who has died, by name (one query). ``follows`` tells of what.
    """
    if actor.person_id is None:
        return []
    now = clock.now()
    rows = _BY_REPRESENTATIVE.all(at=now, day=now.astimezone(clock.COUNTRY_ZONE).date(), person=actor.person_id)
    return list({one.represented_id: one.represented for one in rows if not holds(one, now)}.values())


def wards_of(people: QuerySet[Person]) -> list[Representation]:
    """Representations by these people in force now, each with its ``represented`` and the place where that one lives,
    and its ``representative`` (one query, also where there is nobody).
    """
    now = clock.now()
    rows = (
        _representations(now)
        .filter(representative__in=people.values("pk"))
        .select_related("represented__territory", "representative")
    )
    return [one for one in rows.order_by("represented_id", "pk") if holds(one, now)]


def representatives_of(person: Person) -> list[Representation]:
    """Representations of ``person`` in force now, each with its ``representative``."""
    now = clock.now()
    rows = (
        _representations(now)
        .filter(represented=person)
        .select_related("representative__user", "represented")
        .order_by("since", "pk")
    )
    return [one for one in rows if holds(one, now)]


_PERSON: Final[CompiledObject[Person]] = CompiledObject(
    lambda key: Person.objects.select_related("territory", "user").filter(pk=key), key=UUID
)


def person_for(actor: Actor, person_id: UUID) -> Person:
    """A person's entry for somebody who may see it: the person, a representative, an officer of the place.

    An officer's look is recorded with its basis.

    Raises:
        NotFound: there is no such person, or not for this actor.
        ReasonNeeded: nothing of the person waits for the officer, who has given no reason.
    """
    person = _PERSON.get(key=person_id)
    if person is None:
        raise NotFound
    if actor == CLOCK or is_self(actor, person.pk):
        return person
    if actor.desk is Desk.RECIPIENT and may_act_for(actor, person, clock.now()):
        return person
    if is_officer_for(actor, person.territory_id):
        viewlog.look(actor, person.pk)
        return person
    raise NotFound


def moved_at(person: Person) -> datetime | None:
    """When the person last moved to another place; ``None`` for who never did (one query)."""
    rows = PersonEvent.objects.filter(person=person, kind="moved").order_by("-at")
    return rows.values_list("at", flat=True).first()


def give_reason(actor: Actor, person_id: UUID, reason: str) -> None:
    """An officer says why a person's file is opened in which nothing waits; it is recorded, and opens the file for the
    day.

    Raises:
        NotFound: there is no such person in the officer's territory.
    """
    if not is_in_reach(actor, person_id):
        raise NotFound
    viewlog.record(actor, subject_id=person_id, basis=viewlog.View.Basis.REASON, reason=reason)


def is_in_reach(actor: Actor, person_id: UUID) -> bool:
    """Whether an officer's territory covers where a person lives."""
    territory = Person.objects.filter(pk=person_id).values_list("territory_id", flat=True).first()
    return territory is not None and is_officer_for(actor, territory)


def find_by_iin(
    actor: Actor, iin: Iin, *, basis: viewlog.View.Basis = viewlog.View.Basis.PRESENT, reason: str = ""
) -> Person:
    """The person with this IIN, for an officer of the place; the look is recorded.

    Raises:
        PersonNotFound: there is no such person in the officer's territory.
    """
    person = Person.objects.select_related("territory", "user").filter(iin=iin.digits).first()
    if person is None or not is_officer_for(actor, person.territory_id):
        raise PersonNotFound
    viewlog.record(actor, subject_id=person.pk, basis=basis, reason=reason)
    return person


def representative_by_iin(actor: Actor, iin: Iin) -> Person:
    """The person with this IIN, wherever in the country, for an officer who enters that this person acts for another
    one, on a document.

    Raises:
        NotAllowed: the actor is no officer.
        RuleBroken: nobody with it is registered.
    """
    if actor.desk is not Desk.OFFICER:
        raise NotAllowed
    found = Person.objects.select_related("user").filter(iin=iin.digits).first()
    if found is None:
        raise RuleBroken(
            _("Nobody with this IIN is registered."),
            next_step=_("Register the representative first."),
            code="not_found",
        )
    return found


_OF_USER: Final[CompiledObject[Person]] = CompiledObject(
    lambda user: Person.objects.filter(user_id=user).order_by("pk"), user=UUID
)
_NAMES: Final[CompiledObject[Person]] = CompiledObject(
    lambda keys: Person.objects.filter(pk__any_of=keys).only("surname", "given_name", "patronymic"), keys=list
)
_NAMES_OF_USERS: Final[CompiledObject[Person]] = CompiledObject(
    lambda users: Person.objects.filter(user__any_of=users).only("user_id", "surname", "given_name", "patronymic"),
    users=list,
)


def region_of_person(actor: Actor) -> str:
    """КАТО code of the region in which the person behind the account lives; "" for nobody (one query)."""
    found = Person.objects.filter(pk__in=[actor.person_id]).values_list("territory_id", flat=True).first()
    return region_of(found or "")


def person_of_user(user_id: UUID) -> Person | None:
    """The person behind an account."""
    return _OF_USER.get(user=user_id)


def names_of_users(user_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Full names by account (one query), for pages that name who acted."""
    people = _NAMES_OF_USERS.all(users=list(set(user_ids)))
    return {person.user_id: person.full_name for person in people if person.user_id}


def names_of(person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Full names by person (one query), for lists."""
    return {person.pk: person.full_name for person in _NAMES.all(keys=list(set(person_ids)))}


def children_of_parents(first: date, last: date, *, without: str) -> list[UUID]:
    """People born in these days for whom a parent is entered, and of whom an event is not written down yet."""
    pairs = Representation.objects.filter(
        basis=Representation.Basis.PARENT,
        revoked_at__isnull=True,
        represented__birth_date__range=(first, last),
        represented__deceased_on__isnull=True,
    )
    pairs = pairs.exclude(represented__events__kind=without)
    return list(pairs.order_by("represented").values_list("represented", flat=True).distinct())


def given_names_for(pairs: Sequence[tuple[UUID, UUID]]) -> list[str]:
    """Given name of each person ``(account, person)`` that is another than the holder of the account (one query)."""
    rows = Person.objects.filter(pk__in={person for _account, person in pairs}).only("user_id", "given_name", "surname")
    known = {one.pk: one for one in rows}
    found = [(account, known.get(person)) for account, person in pairs]
    return ["" if one is None or one.user_id == account else one.given_name or one.surname for account, one in found]


def measurements(person: Person) -> dict[str, Measurement]:
    """The newest measurement of each parameter, by its code (one query)."""
    rows = (
        Measurement.objects.filter(person=person)
        .order_by("parameter", "-measured_on", "-created_at", "-pk")
        .distinct("parameter")
    )
    return {row.parameter: row for row in rows}


def is_fresh(measurement: Measurement, person: Person, day: date) -> bool:
    """Whether a measurement need not be asked again on ``day`` (reference ``people.measured_within``)."""
    scopes = ["child"] if is_minor(person, day) else []
    months = int(reference.value("people.measured_within", at=day, scopes=scopes).number)
    return rules.is_fresh_on(day, measured_on=measurement.measured_on, within_months=months)


def needs_of(person: Person) -> Needs:
    """What to obey when reaching and serving a person; nothing special when nothing is recorded."""
    return Needs.objects.filter(person=person).first() or Needs(person=person, contact_language=person.language)


def needs_of_all(people: Sequence[Person]) -> dict[UUID, Needs]:
    """What to obey when reaching and serving each of the people, by key (one query)."""
    recorded = Needs.objects.in_bulk([one.pk for one in people])
    return {one.pk: recorded.get(one.pk) or Needs(person=one, contact_language=one.language) for one in people}


def not_to_be_called(person_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the people who asked to be written to instead of called (one query), for lists."""
    return set(
        Needs.objects.filter(person__in=set(person_ids), no_voice_calls=True).values_list("person_id", flat=True)
    )


_EASY_READERS: Final[Compiled] = Compiled(
    lambda users: Needs.objects.filter(person__user__any_of=users, easy_read=True).values_list("person__user"),
    users=list,
)


def easy_readers(user_ids: Collection[UUID]) -> set[UUID]:
    """Those of the accounts whose holder asked for short, simple sentences (one query)."""
    return {key for (key,) in _EASY_READERS.rows(users=list(user_ids))}


def has_consented(person: Person, purpose: Consent.Purpose, text_version: str) -> bool:
    """Whether a consent to this version of the text stands."""
    return Consent.objects.filter(
        person=person, purpose=purpose, text_version=text_version, withdrawn_at__isnull=True
    ).exists()


#: What was said of the present text about personal data, taken back or not.
_SAID_OF_DATA: Final = Compiled(
    lambda people: Consent.objects.filter(
        person__any_of=people, purpose=Consent.Purpose.PRIVACY, text_version=PRIVACY_VERSION
    ).values_list("person_id", "withdrawn_at"),
    people=list,
)


def has_agreed(actor: Actor, person: Person) -> bool:
    """Whether something may be begun for ``person``: the present text about personal data was agreed to, and still is.

    The person's own word comes first, also where it was taken back. Where there is none, as for a child, it is the word
    of who represents the person: of the actor at the recipient's desk, of anybody in force at the counter (one query,
    two at the counter).
    """
    others = {actor.person_id} if actor.person_id else set()
    if actor.desk is Desk.OFFICER:
        others = {one.representative_id for one in representatives_of(person)}
    said = _SAID_OF_DATA.rows(people=[person.pk, *others])
    own = [withdrawn for key, withdrawn in said if key == person.pk]
    if own:
        return None in own
    return any(withdrawn is None for _key, withdrawn in said)


def consents_of(person: Person) -> list[Consent]:
    """Every consent of a person, newest first, withdrawn ones too (one query)."""
    return list(Consent.objects.filter(person=person).order_by("-given_at", "-pk"))


def consent_for(actor: Actor, key: UUID) -> Consent:
    """A consent of the person the actor acts for at the recipient's desk.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    found = Consent.objects.select_related("person").filter(pk=key).first()
    if found is None or actor.desk is not Desk.RECIPIENT or not may_act_for(actor, found.person, clock.now()):
        raise NotFound
    return found


def disability_on(person: Person, day: date) -> Disability | None:
    """The disability recognised on ``day``."""
    rows = Disability.objects.filter(person=person, since__lte=day).filter(Q(until__isnull=True) | Q(until__gte=day))
    return rows.order_by("-since", "-pk").first()


def diagnosis_for(actor: Actor, person: Person) -> str:
    """Diagnosis in words for the person, a representative or the entitled officer, "" when none is recorded.

    Raises:
        NotFound: not for this actor.
    """
    allowed = (actor.desk is Desk.RECIPIENT and may_act_for(actor, person, clock.now())) or is_officer_for(
        actor, person.territory_id
    )
    if not allowed:
        raise NotFound
    viewlog.look(actor, person.pk)
    known = Diagnosis.objects.filter(person=person).first()
    return "" if known is None or known.text is None else known.text


_MEASURED = Compiled(
    lambda person: (
        Measurement.objects.filter(person_id=person)
        .order_by("measured_on", "created_at")
        .values_list("parameter", "number", "text")
    ),
    person=UUID,
)


def measured(person_id: UUID) -> dict[str, Decimal | str]:
    """The newest value of each parameter (number in the code's unit, or words), in one lean query."""
    return {
        parameter: text if number is None else number for parameter, number, text in _MEASURED.rows(person=person_id)
    }
