"""Orders that are prepared in the demo, as the nightly job would: one is answered with “not now”, the others wait."""

from tirek.core.actors import Actor, Desk
from tirek.people.models import Person
from tirek.prepared import actions, queries
from tirek.prepared.models import Prepared


def load() -> int:
    """Prepare what can be prepared; returns how many."""
    key = None
    while (key := actions.prepare_after(key)) is not None:
        pass
    found = list(Prepared.objects.order_by("pk"))
    # somebody who has several says not now to one
    people = [one.person_id for one in found]
    for one in found:
        if people.count(one.person_id) > 1 and one.version_id is None:
            person = Person.objects.get(pk=one.person_id)
            actor = Actor(desk=Desk.RECIPIENT, user_id=person.user_id, person_id=person.pk, role="recipient")
            actions.decline(actor=actor, prepared=queries.prepared_for(actor, one.pk))
            break
    return len(found)
