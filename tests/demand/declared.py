"""What the guards know of demand: a line that nobody offers."""

from tests.kit.declared import Declared, List, Page, at
from tests.kit.world import World

from tirek.core import clock
from tirek.core.actors import Desk
from tirek.demand.models import Demand


def _demand(world: World) -> Demand:
    """Asked for before the offers of the world were there."""
    return Demand.objects.create(
        person=world.person,
        line=world.line,
        kind=world.kind,
        territory_code=world.place.code,
        asked_on=clock.today(),
    )


DECLARED = Declared(
    makes={"demand": _demand},
    pages={
        "demand:ask": Page(keys=at(line_key=lambda world: world.line.pk), post=True),
        "demand:list": Page(),
    },
    lists=(List("supplier's demand", Desk.SUPPLIER, "/demand"), List("officer's demand", Desk.OFFICER, "/demand")),
    small=frozenset({"demand_demand"}),
)
