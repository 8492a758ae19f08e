"""Who is told what happens to a person: the person, and who represents the person now."""

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from tirek.core import clock
from tirek.core.database.compiled import Compiled
from tirek.core.tables import Row
from tirek.notices.actions import notify
from tirek.people.models import Person, Representation
from tirek.people.queries import majority_months
from tirek.people.rules import of_age_born_by


def _accounts(person: UUID, first: date, last: date, of_age: date) -> QuerySet[Person, tuple[UUID | None]]:
    # two plain reads by key: an OR over the join would read everybody
    own = Person.objects.filter(pk=person, user__isnull=False).values_list("user_id")
    in_force = Q(represents__until__isnull=True) | Q(represents__until__gte=last)
    represents = Q(represents__represented=person, represents__since__lte=first, represents__revoked_at__isnull=True)
    still = ~Q(represents__basis=Representation.Basis.PARENT) | Q(represents__represented__birth_date__gt=of_age)
    representatives = Person.objects.filter(in_force, represents, still, user__isnull=False, deceased_on__isnull=True)
    return own.union(representatives.values_list("user_id"))


_ACCOUNTS = Compiled(_accounts, person=UUID, first=date, last=date, of_age=date)


def accounts_to_tell(person_id: UUID, on: date) -> list[UUID]:
    """Accounts that learn what happens to a person: the person's own, and those of who represents the person (one
    query).

    The rule is that of ``people.queries.representatives_of``.
    """
    of_age = of_age_born_by(on, majority_months=majority_months(on))
    return [key for (key,) in _ACCOUNTS.rows(person=person_id, first=on, last=on, of_age=of_age)]


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
    accounts = [one for one in accounts_to_tell(person_id, clock.today()) if one != but]
    notify(user_ids=accounts, template=template, context=context, case=case)
