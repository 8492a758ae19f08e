"""What the guards know of demand: a line that nobody offers, and one for which too little is in stock."""

from decimal import Decimal

from tests import factories as make
from tests.kit.declared import Declared, List, Page, at
from tests.kit.world import World

from tirek.catalogue.narrowing import Narrowed, Range
from tirek.core import clock
from tirek.core.actors import Desk
from tirek.demand.actions import keep_need, note_shortage
from tirek.demand.models import Demand, Shortage


def _demand(world: World) -> Demand:
    """Asked for before the offers of the world were there."""
    return Demand.objects.create(
        person=world.person,
        line=world.line,
        kind=world.kind,
        territory_code=world.place.code,
        asked_on=clock.today(),
    )


def _need(world: World) -> Demand:
    """Told by another person, of whose line the offers of the world are not wide enough."""
    person = make.person(place=world.place)
    line = make.programme(person, world.kind).lines.get()
    sought = Narrowed(ranges={"waist_max_cm": Range(Decimal(150), None)})
    return keep_need(actor=make.recipient_of(person), line=line, sought=sought, words="Wider", wants_notice=True)


def _shortage(world: World) -> Shortage:
    note_shortage(line=world.line, version_id=world.version.pk, wanted=30, left=4)
    return Shortage.objects.latest("pk")


def _grow(world: World) -> None:
    _need(world)
    line = make.programme(make.person(place=world.place), world.kind).lines.get()
    note_shortage(line=line, version_id=world.version.pk, wanted=30, left=4)


DECLARED = Declared(
    makes={"demand": _demand, "need": _need, "shortage": _shortage},
    grow=_grow,
    pages={
        "demand:ask": Page(keys=at(line_key=lambda world: world.line.pk), post=True),
        "demand:need": Page(keys=at(line_key=lambda world: world.line.pk)),
        "demand:list": Page(),
        "demand:open": Page(query=lambda world: f"kind={world.kind.code}"),
        "demand:settle": Page(keys=at(key=lambda world: world.need.pk), post=True),
    },
    lists=(
        List("supplier's demand", Desk.SUPPLIER, "/demand"),
        List("open needs", Desk.SUPPLIER, "/demand/open"),
        List("officer's demand", Desk.OFFICER, "/demand"),
    ),
    big=frozenset({"demand_shortage"}),
    small=frozenset({"demand_demand", "demand_openneed"}),
)
