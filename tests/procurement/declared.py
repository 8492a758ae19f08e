"""What the guards know of purchases and lots: pages of two desks, lists, and a case of each sort."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests import factories as make
from tests.kit.declared import (
    RECIPIENT,
    THE_CLOCK,
    UNRELATED,
    Declared,
    Keys,
    List,
    Page,
    at,
    numbered,
)
from tests.kit.world import World

from tirek.catalogue.models import Kind
from tirek.core import clock
from tirek.core.actors import CLOCK, Actor, Desk
from tirek.core.identifiers import Bin
from tirek.entitlements.models import Line
from tirek.orders.fittings import Place, Time
from tirek.orders.models import Item
from tirek.people.models import Person
from tirek.procurement import actions
from tirek.procurement.models import Lot, Purchase
from tirek.procurement.rules import Contract
from tirek.ui.models import SavedFilter

#: A BIN with the right check digit that nobody has here.
BIN = "220140000058"
DAY = timedelta(days=1)
REGION = frozenset({"officer of the region"})
_REGIONS = "lots are made by the department of the region; the officer of the world is of a district"


def kind(*, fitted: bool = True, code: str = "") -> Kind:
    """A kind that local bodies buy everywhere."""
    code = code or ("PO-01" if fitted else "SU-03")
    made = make.kind(code, channel="procurement", needs_fitting=fitted, months=24)
    Kind.objects.filter(pk=made.pk).update(channel="procurement", needs_fitting=fitted)
    made.refresh_from_db()
    return made


def region_of(world: make.Shop) -> Actor:
    """An officer of the region of the shop."""
    return make.officer(make.district(f"{world.place.code[:2]}0000000"))


def line_of(who: Person, what: Kind, quantity: int = 1) -> Line:
    """A line of a programme by which something is bought; nothing is recorded of it yet."""
    return Line.objects.get(programme=make.programme(who, what, quantity=quantity))


def needed(world: make.Shop, *, fitted: bool = True, who: Person | None = None, code: str = "") -> Purchase:
    """A need that waits for a lot."""
    person = who or make.person(place=world.place)
    return actions.record_need(actor=CLOCK, line_id=line_of(person, kind(fitted=fitted, code=code)).pk)


def announced(world: make.Shop, *found: Purchase, count: int | None = None) -> Lot:
    """A lot with some needs of one kind."""
    taken = found or (needed(world),)
    # who waits longest goes in first, whatever else waits in the world
    Purchase.objects.filter(pk__in=[one.pk for one in taken]).update(waits_since=date(2020, 1, 1))
    return actions.announce_lot(
        actor=region_of(world),
        kind=taken[0].kind,
        announcement="12345-1",
        announced_on=clock.today(),
        planned=Decimal(900_000),
        count=count or len(taken),
        places=[],
        shown_at=clock.now(),
    )


def concluded(world: make.Shop, lot: Lot, **changes: Any) -> Lot:
    """A lot with its contract."""
    said = {
        "supplier": Bin.parse(BIN),
        "name": "Протез орталығы",
        "phone": "+77172000001",
        "number": "77",
        "concluded_on": clock.today(),
        "deliver_until": clock.today() + 90 * DAY,
        "price": Decimal(450_000),
        "maker": "Orto Pro",
        "model": "Motus 2",
        "warranty_months": 24,
    }
    return actions.conclude_lot(actor=region_of(world), lot=lot, contract=Contract(**(said | changes)))


def contracted(world: make.Shop, *, fitted: bool = True, who: Person | None = None) -> Purchase:
    """A purchase under contract."""
    purchase = needed(world, fitted=fitted, who=who)
    concluded(world, announced(world, purchase))
    purchase.refresh_from_db()
    return purchase


def times(days: int = 2) -> list[Time]:
    """Two times of a fitting."""
    first = clock.now() + days * DAY
    return [
        Time(first, Place.SUPPLIER, "Абай көшесі 5", "Ramp, door 90 cm"),
        Time(first + timedelta(hours=2), Place.HOME),
    ]


def choosing(world: make.Shop, *, who: Person | None = None) -> Purchase:
    """A purchase whose times of the fitting are named."""
    return actions.propose_times(actor=make.officer(world.place), purchase=contracted(world, who=who), times=times())


def handed_over(world: make.Shop, *, who: Person | None = None) -> Purchase:
    """A purchase that waits for the signature."""
    return actions.hand_over(
        actor=make.officer(world.place),
        purchase=contracted(world, fitted=False, who=who),
        numbers=f"S-{Item.objects.count()}",
    )


def _grow(world: World) -> None:
    needed(world, fitted=False)
    # one purchase of a kind is open for a person
    needed(world, who=world.person, code=f"PO-1{world.steps}")
    choosing(world)
    contracted(world, fitted=False)
    lot = announced(world, needed(world, fitted=False))
    assert lot.state == Lot.State.ANNOUNCED


def _filter(actor: Actor, name: str) -> SavedFilter:
    return SavedFilter.objects.create(user_id=actor.account, desk=actor.desk, list=name, name="Mine", query="")


def _act(attribute: str, verb: str) -> Keys:
    return at(number=lambda world: getattr(world, attribute).number, verb=lambda _world: verb)


DECLARED = Declared(
    makes={
        "purchase": lambda world: choosing(world, who=world.person),
        "need_line": lambda world: line_of(make.person(place=world.place), kind()),
        "lot": announced,
        "purchases_filter": lambda world: _filter(world.officer, "purchase"),
        "lots_filter": lambda world: _filter(world.officer, "lot"),
    },
    cases={"purchase": lambda world: world.purchase, "lot": lambda world: world.lot},
    may={
        "lot": {
            "announce": REGION,
            "conclude": REGION,
            "fail": REGION,
            "terminate": REGION,
            "finish": THE_CLOCK,
            "remind": THE_CLOCK,
            "warn": THE_CLOCK,
        },
        "purchase": {
            "record": UNRELATED | THE_CLOCK,
            **dict.fromkeys(
                (
                    "move_line",
                    "put_in_lot",
                    "remind_lot",
                    "contract",
                    "remind_contract",
                    "return_to_need",
                    "remind_day_before",
                    "remind_fitting",
                    "warn_late",
                    "remind_receipt",
                    "ask_review",
                    "close",
                ),
                THE_CLOCK,
            ),
            **dict.fromkeys(
                ("propose_times", "replace_times", "hold_fitting", "fit_again", "hand_over", "go_on", "cancel"),
                UNRELATED,
            ),
            **dict.fromkeys(
                ("choose_time", "none_suits", "move_fitting", "miss_fitting", "receive", "refuse"),
                RECIPIENT | UNRELATED,
            ),
            "withdraw": RECIPIENT,
        },
    },
    grow=_grow,
    pages={
        "procurement:recipient-purchases": Page(),
        "procurement:recipient-purchase": Page(keys=numbered("purchase")),
        "procurement:recipient-purchase-act": Page(keys=_act("purchase", "none_suits")),
        "procurement:officer-tasks": Page(),
        "procurement:region-tasks": Page(),
        "procurement:needs": Page(closed=_REGIONS),
        "procurement:new-lot": Page(keys=at(kind=lambda _world: "PO-01"), nobodys=True, closed=_REGIONS),
        "procurement:record": Page(keys=at(key=lambda world: world.need_line.pk)),
        "procurement:officer-purchases": Page(),
        "procurement:officer-purchases-filters": Page(post=True),
        "procurement:officer-purchases-filter": Page(keys=at(key=lambda world: world.purchases_filter.pk)),
        "procurement:officer-purchase": Page(keys=numbered("purchase")),
        "procurement:officer-purchase-act": Page(keys=_act("purchase", "none_suits")),
        "procurement:officer-lots": Page(),
        "procurement:officer-lots-filters": Page(post=True),
        "procurement:officer-lots-filter": Page(keys=at(key=lambda world: world.lots_filter.pk)),
        "procurement:officer-lot": Page(keys=numbered("lot")),
        "procurement:officer-lot-act": Page(keys=_act("lot", "conclude")),
    },
    lists=(
        List("recipient's purchases", Desk.RECIPIENT, "/purchases"),
        List("officer's purchases", Desk.OFFICER, "/office/purchases?state=needed&sort=deadline"),
        List("officer's purchases to carry on", Desk.OFFICER, "/office/purchases-waiting"),
        List("officer's needs and lots", Desk.OFFICER, "/office/lots-waiting"),
        List("officer's lots", Desk.OFFICER, "/office/lots"),
    ),
    big=frozenset({"procurement_purchase"}),
    small=frozenset({"procurement_lot", "procurement_appointment"}),
)
