"""Who is told what happens to a person: the person, and who represents the person now."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from tirek.core import clock, drafts
from tirek.core.actors import Actor
from tirek.core.database.compiled import Compiled
from tirek.core.drafts import Draft
from tirek.core.drafts import forms as draft_forms
from tirek.core.known import Known
from tirek.core.tables import Row
from tirek.notices.actions import notify
from tirek.people.models import Person, Representation
from tirek.people.queries import of_age_for_telling
from tirek.people.signing import signers_for


def _accounts(person: UUID, first: date, last: date, of_age: date) -> QuerySet[Person, tuple[UUID | None]]:
    # two plain reads by key: an OR over the join would read everybody
    own = Person.objects.filter(pk=person, user__isnull=False, deceased_on__isnull=True).values_list("user_id")
    in_force = Q(represents__until__isnull=True) | Q(represents__until__gte=last)
    represents = Q(represents__represented=person, represents__since__lte=first, represents__revoked_at__isnull=True)
    still = ~Q(represents__basis=Representation.Basis.PARENT) | Q(represents__represented__birth_date__gt=of_age)
    representatives = Person.objects.filter(in_force, represents, still, user__isnull=False, deceased_on__isnull=True)
    return own.union(representatives.values_list("user_id"))


_ACCOUNTS = Compiled(_accounts, person=UUID, first=date, last=date, of_age=date)


#: Accounts that are told, by person, where many people are told of what begins today.
_known: Final[Known[dict[UUID, list[UUID]]]] = Known("tirek_accounts_to_tell")


@contextmanager
def accounts_known(people: Iterable[Person]) -> Iterator[None]:
    """Inside, who is told of what begins today about one of these people is known without a further question."""
    today, found = clock.today(), {one.pk: set[UUID]() for one in people}
    for one in people:
        if one.user_id is not None and one.deceased_on is None:
            found[one.pk].add(one.user_id)
    of_age = of_age_for_telling(today, today)
    represents = Representation.objects.filter(
        Q(until__isnull=True) | Q(until__gte=today),
        ~Q(basis=Representation.Basis.PARENT) | Q(represented__birth_date__gt=of_age),
        represented__in=list(found),
        since__lte=today,
        revoked_at__isnull=True,
        representative__user__isnull=False,
        representative__deceased_on__isnull=True,
    )
    for person, user in represents.values_list("represented_id", "representative__user_id"):
        found[person].add(user)
    with _known.within({key: sorted(users) for key, users in found.items()}):
        yield


def accounts_to_tell(person_id: UUID, on: date, begun_on: date | None = None) -> list[UUID]:
    """Accounts that learn what happens to a person: the person's own, unless the person has died, and those of who
    represents the person (one query).

    The rule is that of ``people.queries.representatives_of``; who was told as a parent when something began
    (``begun_on``) is told of it for a while after the child has come of age (reference ``people.after_majority``), and
    who represented a person who has died learns how it ends.
    """
    known = _known.get()
    if known is not None and on == (begun_on or on) == clock.today() and person_id in known:
        return known[person_id]
    of_age = of_age_for_telling(on, begun_on or on)
    return [key for (key,) in _ACCOUNTS.rows(person=person_id, first=on, last=on, of_age=of_age)]


def account_at_home(draft: Draft) -> UUID | None:
    """The account that finishes a form of the office at home: who began it, where that one may still send it; else the
    person, or a representative, who can sign in; ``None`` when nobody can.
    """
    if draft.subject_id is None:
        return None
    person = Person.objects.select_related("user").filter(pk=draft.subject_id).first()
    if person is None:
        return None
    able = [one.user for one in signers_for(person) if one.user is not None and one.user.phone and one.user.is_active]
    return next((one.pk for one in able if one.pk == draft.owner_id), able[0].pk if able else None)


@drafts.moved
def tell_of_form(draft: Draft, what: str, actor: Actor) -> None:
    """The person, and who represents the person, learn what became of a form at the office."""
    if draft.subject_id is not None and draft.form in draft_forms.known():
        more = {"why": draft.ended_because} if draft.ended_because else {}
        tell_person(draft.subject_id, f"draft.{what}", case=draft, but=actor.user_id, form=draft.form, **more)


def tell_person(
    person_id: UUID, template: str, *, case: Row, but: UUID | None = None, **context: str | int | date
) -> None:
    """Put a notice into the inboxes of the person and of who represents the person now (two statements).

    Args:
        person_id: whom it is about.
        template: code of a registered kind of notice.
        case: the case (or draft) it is about, to open from the inbox.
        but: an account that is not told, because it did what the notice tells.
        context: facts for the placeholders.
    """
    begun_on = case.created_at.astimezone(clock.COUNTRY_ZONE).date()
    accounts = [one for one in accounts_to_tell(person_id, clock.today(), begun_on) if one != but]
    notify(user_ids=accounts, template=template, context=context, case=case, about=person_id)
