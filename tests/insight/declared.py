"""What the guards know of insight: public pages of figures that have been counted."""

from tests.kit.declared import Declared, List, Page, at
from tests.kit.world import World

from tirek.core.actors import Desk
from tirek.core.places import region_of
from tirek.insight import actions


def _counted(_world: World) -> int:
    actions.count_suppliers()
    return actions.count_anew()


def _grow(_world: World) -> None:
    actions.count_suppliers()
    actions.count_anew()


DECLARED = Declared(
    makes={"counted": _counted},
    grow=_grow,
    pages={
        "insight:supplier": Page(),
        "insight:waiting": Page(),
        "insight:waiting-csv": Page(),
        "insight:waiting-json": Page(),
        "insight:waiting-schema": Page(),
        "insight:prepared": Page(),
        "insight:prepared-csv": Page(),
        "insight:outcomes": Page(),
        "insight:outcomes-csv": Page(),
        "insight:readiness": Page(),
        "insight:readiness-of": Page(keys=at(code=lambda world: region_of(world.place.code)), nobodys=True),
    },
    lists=(
        List("supplier's own figures", Desk.SUPPLIER, "/supply/figures"),
        List("how long people wait", Desk.RECIPIENT, "/waiting"),
        List("prepared orders", Desk.OFFICER, "/prepared-orders"),
        List("what became of orders", Desk.OFFICER, "/orders-in-figures"),
        List("what is ready", Desk.OFFICER, lambda world: f"/readiness/{region_of(world.place.code)}"),
    ),
    big=frozenset({"insight_journey"}),
    small=frozenset(
        {
            "insight_count",
            "insight_preparedfigure",
            "insight_outcomefigure",
            "insight_waitingtime",
            "insight_supplierfigure",
            "insight_pace",
            "insight_loaded",
        }
    ),
)
