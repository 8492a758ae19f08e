"""What the guards know of letters: an envelope that was posted, and the list of a day."""

from datetime import timedelta

from tests import factories as make
from tests.kit.declared import Declared, List, Page, at, by
from tests.kit.world import World

from tirek.core import clock
from tirek.core.actors import Desk
from tirek.letters.models import Envelope


def envelope(world: World, days: int = 0) -> Envelope:
    """One that was posted to the person of the world, so many days ago."""
    day = clock.today() - timedelta(days=days)
    return Envelope.objects.create(
        person=world.person,
        day=day,
        territory_code=world.place.code,
        address="Абай көшесі 1",
        language="kk",
        state=Envelope.State.POSTED,
        posted_on=day,
        posted_by=world.officer.account,
    )


def _grow(world: World) -> None:
    person = make.person(place=world.place, phone=f"+7701{world.steps:07d}")
    Envelope.objects.create(person=person, day=clock.today(), territory_code=world.place.code, language="kk")
    Envelope.objects.create(
        person=person,
        day=clock.today() - timedelta(days=1),
        territory_code=world.place.code,
        language="kk",
        state=Envelope.State.RETURNED,
        reason=Envelope.Reason.MOVED,
        returned_on=clock.today(),
    )


_ONE = by("envelope")
DECLARED = Declared(
    makes={"envelope": envelope},
    grow=_grow,
    pages={
        "letters:day": Page(),
        "letters:print": Page(post=True),
        "letters:envelopes": Page(),
        "letters:posted": Page(post=True),
        "letters:returned": Page(keys=_ONE),
        "letters:settle": Page(keys=_ONE, post=True),
        "letters:by-post": Page(keys=at(person_key=lambda world: world.person.pk), post=True),
    },
    lists=(List("officer's letters", Desk.OFFICER, "/office/letters"),),
    big=frozenset({"letters_envelope", "letters_letter"}),
    small=frozenset({"letters_bypost"}),
)
