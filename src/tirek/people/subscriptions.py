"""What the family is told on the turns of a child's life."""

from uuid import UUID

from tirek.core import clock
from tirek.notices.actions import notify
from tirek.people.lives import Turn, when
from tirek.people.models import Person
from tirek.people.telling import accounts_to_tell


@when(Turn.CAME_OF_AGE)
def tell_family(person_id: UUID) -> None:
    """The child acts for itself from today; the parents still learn what becomes of what runs."""
    today = clock.today()
    birth_date = Person.objects.values_list("birth_date", flat=True).get(pk=person_id)
    accounts = accounts_to_tell(person_id, today, birth_date)
    notify(user_ids=accounts, template="person.of_age", context={"day": today}, about=person_id)
