"""What people may choose and have not chosen yet, as suppliers see it: counted by night, nothing of a few."""

from decimal import Decimal

import pytest
from tests import factories as make
from tests.kit import pages
from tests.kit.sign_in import signed_in
from tests.kit.world import World

from tirek.catalogue.models import Variant
from tirek.catalogue.queries import parameters_of
from tirek.demand import open_needs, rules
from tirek.demand.actions import count_open, note_shortage
from tirek.demand.counting import cells_of
from tirek.demand.models import OpenNeed
from tirek.demand.rules import Cell, Group, Need, Sold, needs
from tirek.entitlements.models import Line, OrderingTerm

SMALL, LARGE, WIDE = Cell("size", "S"), Cell("size", "L"), Cell("width", "", Decimal(40), Decimal(45))
HERE, THERE, REGION = "751000000", "752000000", "750000000"


def _sold(offer: int, places: set[str], **parameters: object) -> Sold:
    return Sold(offer, f"seller {offer % 2}", parameters, frozenset(places))


@pytest.mark.parametrize(
    ("parameters", "cell", "met"),
    [
        ({"size": "S"}, SMALL, True),
        ({"size": "L"}, SMALL, False),
        ({"size": "any"}, SMALL, True),
        ({}, SMALL, True),
        ({"width": 44}, WIDE, True),
        ({"width": "45"}, WIDE, False),
        ({"width": "wide"}, WIDE, False),
    ],
)
def test_size__serves_a_wish_as_the_comparison_of_offers_sees_it(
    parameters: dict[str, object], cell: Cell, met: bool
) -> None:
    assert cell.is_met(parameters) is met


def test_needs__tell_whom_nobody_serves_by_district_and_by_all_wishes_together() -> None:
    groups = [
        Group(HERE, frozenset({SMALL, WIDE}), 6),
        Group(HERE, frozenset({LARGE}), 5),
        Group(THERE, frozenset({SMALL}), 7),
    ]
    sold = [
        _sold(1, {HERE}, size="S", width=50),
        _sold(2, {HERE}, size="M", width=42),
        _sold(3, {REGION}, size="L"),
        _sold(4, {"191000000"}, size="S"),
    ]
    found = needs(groups, sold)
    # six need small and wide in one size: each wish alone is served, both together are not
    assert found[REGION, rules.WHOLE] == Need(people=18, unserved=6 + 7, offers=3, sellers=2)
    assert found[REGION, SMALL] == Need(people=13, unserved=7, offers=1, sellers=1)
    assert found[REGION, WIDE] == Need(people=6, unserved=0, offers=2, sellers=2)
    assert found[REGION, LARGE] == Need(people=5, unserved=0, offers=1, sellers=1)


@pytest.mark.django_db
@pytest.mark.mission("S0.19")
def test_open_needs__are_counted_by_night_and_seen_by_suppliers_without_anybody_in_them() -> None:
    world = World()
    seller, office = signed_in(world.supplier_actor), signed_in(world.officer)
    assert "Nothing has been counted yet" in pages.text(seller, "/demand/open")
    people = [make.person(place=world.place) for _n in range(7)]
    lines = [make.programme(one, world.kind).lines.get() for one in people]
    choice = next(code for code, one in parameters_of(world.kind.code).items() if one.type == "choice")
    value, other = parameters_of(world.kind.code)[choice].choices[:2]
    Line.objects.filter(pk__in=[one.pk for one in lines[:6]]).update(recommended={choice: value})
    Line.objects.filter(pk=lines[6].pk).update(recommended={choice: other})
    assert cells_of({choice: value, "unheard": "1"}, parameters_of(world.kind.code)) == {Cell(choice, value)}
    for line in lines[:5]:
        note_shortage(line=line, version_id=world.version.pk, wanted=30, left=4)
    # who has ordered does not wait, who let the time pass does
    OrderingTerm.objects.filter(line=world.line).update(state="ordered")
    OrderingTerm.objects.filter(line=lines[0]).update(state="not_ordered")
    assert count_open() == count_open()
    whole = OpenNeed.objects.get(kind_code=world.kind.code, parameter="")
    assert (whole.people, whole.short, whole.offers, whole.sellers) == (5, 5, 1, 1)
    cell = OpenNeed.objects.get(parameter=choice)
    assert (cell.value, cell.people) == (value, 5), "the wish of one person is no row"
    page = pages.open_page(seller, f"/demand/open?kind={world.kind.code}")
    assert len(page.rows) >= 3
    assert "Make an offer" in page.main
    assert "Make an offer" not in pages.text(office, "/demand/open")
    make.kind("TI-09")
    assert "Nobody waits for this here" in pages.text(seller, "/demand/open?kind=TI-09")
    # nothing in stock: nobody serves them, and they stand first
    Variant.objects.update(stock=0)
    count_open()
    first = open_needs.listed(open_needs.Chosen())[0]
    assert (first.kind_code, first.unserved, first.offers) == (world.kind.code, 5, 0)
    assert all(one.full_name not in pages.text(office, "/demand/open") for one in people)
