"""What the guards know of demand: a line that nobody offers."""

from tests.kit.declared import Declared, List, Page, at

from tirek.core.actors import Desk
from tirek.demand.actions import keep

DECLARED = Declared(
    makes={"demand": lambda world: keep(actor=world.actor, line=world.line, wants_notice=True)},
    pages={
        "demand:ask": Page(keys=at(line_key=lambda world: world.line.pk), post=True),
        "demand:list": Page(),
    },
    lists=(List("supplier's demand", Desk.SUPPLIER, "/demand"), List("officer's demand", Desk.OFFICER, "/demand")),
    small=frozenset({"demand_demand"}),
)
