"""What the guards know of people: the recipient, and a stranger to everybody."""

from datetime import date

from tests import factories as make
from tests.kit.declared import Declared, Page, at, by
from tests.kit.world import World

from tirek.core.actors import Actor, Desk
from tirek.people.models import Consent, Representation


def _stranger(_world: World) -> Actor:
    other = make.person(place=make.district("751110000"), phone="+77017654321")
    make.agree(other)
    return make.recipient_of(other)


DECLARED = Declared(
    roles={Desk.RECIPIENT: lambda world: world.actor},
    strangers={Desk.RECIPIENT: _stranger},
    makes={
        "guardianship": lambda world: Representation.objects.create(
            representative=make.person(), represented=world.person, basis="guardian", since=date(2020, 1, 1)
        ),
        "consent": lambda world: Consent.objects.filter(person=world.person)[0],
    },
    pages={
        "people:phone": Page(),
        "people:agree": Page(keys=by("person"), post=True),
        "people:register": Page(),
        "people:needs": Page(keys=by("person")),
        "people:move": Page(keys=by("person")),
        "people:representative": Page(keys=by("person")),
        "people:end-representative": Page(
            keys=at(key=lambda world: world.person.pk, pair=lambda world: world.guardianship.pk)
        ),
        "people:disability": Page(keys=by("person")),
        "people:death": Page(keys=by("person")),
        "people:withdraw-consent": Page(
            keys=at(key=lambda world: world.person.pk, consent=lambda world: world.consent.pk)
        ),
    },
    big=frozenset(
        {
            "people_consent",
            "people_measurement",
            "people_person",
            "people_representation",
        }
    ),
    small=frozenset({"people_diagnosis", "people_disability", "people_needs", "people_personevent"}),
)
