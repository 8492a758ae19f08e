"""What the guards know of prepared orders: one that waits, and the list of the person's."""

from datetime import date, timedelta

from tests.kit.declared import Declared, List, Page, at, by
from tests.kit.world import World

from tirek.core import clock
from tirek.core.actors import Desk
from tirek.prepared.models import Prepared


def _made(world: World, day: date, state: Prepared.State) -> Prepared:
    return Prepared.objects.create(
        person=world.person,
        line=world.line,
        kind=world.kind,
        territory_code=world.place.code,
        cause=Prepared.Cause.WINDOW,
        since=day,
        state=state,
        quantity=3,
        offered_on=day,
        open_until=day,
        ended_on=None if state == Prepared.State.OPEN else day,
    )


def waiting(world: World) -> Prepared:
    """One that waits for the answer, of the line of the shop: the person chooses the goods."""
    return _made(world, clock.today(), Prepared.State.OPEN)


def _grow(world: World) -> None:
    _made(world, clock.today() - timedelta(days=world.steps), Prepared.State.DECLINED)


_ONE = by("prepared")
DECLARED = Declared(
    makes={"prepared": waiting},
    grow=_grow,
    pages={
        "prepared:mine": Page(),
        "prepared:one": Page(keys=_ONE),
        "prepared:take": Page(keys=_ONE, post=True),
        "prepared:decline": Page(keys=_ONE, post=True),
        "prepared:form": Page(keys=_ONE, post=True),
        "prepared:wish": Page(keys=at(person_key=lambda world: world.person.pk), post=True),
    },
    lists=(List("recipient's prepared orders", Desk.RECIPIENT, "/prepared"),),
    big=frozenset({"prepared_prepared"}),
    small=frozenset({"prepared_unwanted"}),
)
