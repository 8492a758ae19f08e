"""Heads and analysts see places side by side, by figures that are kept."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import factories as make
from tests.kit.pages import open_page
from tests.kit.sign_in import signed_in
from tests.kit.world import World
from tests.orders.declared import received

from tirek.core import clock
from tirek.core.case.figures import Figure
from tirek.core.places import region_of
from tirek.desks import overview
from tirek.desks.overview import Place
from tirek.orders.case_types import ORDERS
from tirek.orders.models import Order
from tirek.territory.models import Territory
from tirek.territory.queries import regions
from tirek.territory.tiles import COLUMNS, TILES

pytestmark = [pytest.mark.django_db, pytest.mark.finding("J-O7"), pytest.mark.mission("S2.10")]


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(make.MORNING):
        yield World()


def place(code: str, waiting: int, overdue: int, took: int | None = None) -> Place:
    return Place(code, code, waiting, overdue, 0, took, None)


def test_head__sees_the_districts_of_the_region_side_by_side(world: World) -> None:
    for _ in range(5):
        received(world)
    late = world.order(3)
    yesterday = make.MORNING - timedelta(days=1)
    Order.objects.filter(pk=late.pk).update(due_at=yesterday, soon_at=yesterday)
    region = region_of(world.place.code)
    client = signed_in(make.staff("local_body_region", "head_officer", Territory.objects.get(pk=region)))
    home = open_page(client, "/office")
    assert f"/overview/{region}" in [link.address for link in home.links]
    assert f"{world.place.name}: 1 / 1" in home.main
    assert f"/overview/{region}" not in [
        link.address for link in open_page(signed_in(world.officer), "/office").links
    ], "an officer's home is about what waits for the officer"
    page = open_page(client, f"/overview/{region}")
    (row,) = (one for one in page.rows if one[:2] == [world.place.name, "1"])
    assert [cell.replace("\xa0", " ") for cell in row[1:]] == ["1", "1", "100 %", "5", "0", "–"]
    assert "November 2026" in page.main


def test_all_places_together__are_told_with_what_is_overdue_there(world: World) -> None:
    late, _in_time = world.order(3), world.order(3)
    yesterday = make.MORNING - timedelta(days=1)
    Order.objects.filter(pk=late.pk).update(due_at=yesterday, soon_at=yesterday)
    for region in ("", region_of(world.place.code)):
        told = overview.overview(ORDERS, region).all
        assert (told.waiting, told.overdue, told.late_share) == (2, 1, 50)


def test_middle__of_few_cases_is_not_told(world: World) -> None:
    for _ in range(overview.FEWEST - 1):
        received(world)
    found = overview.overview(ORDERS, region_of(world.place.code))
    assert (found.all.ended, found.all.took) == (overview.FEWEST - 1, None)
    received(world)
    assert overview.overview(ORDERS, region_of(world.place.code)).all.took == 0


def test_analyst__begins_with_the_regions_and_every_measure_sorts_them(world: World) -> None:
    world.order(3)
    client = signed_in(make.staff("ministry", "analyst"))
    assert client.get("/").url == "/overview"  # type: ignore[attr-defined]
    for by in overview.MEASURES:
        page = open_page(client, f"/overview?by={by}")
        assert len(page.rows) == 1 + len(regions()) + 1 + overview.MONTHS, by
    open_page(client, "/overview?of=correctionrequest")
    open_page(client, "/overview?of=nothing&by=nothing")
    open_page(client, "/overview/999999999", status=404)


def test_order__is_by_the_most_then_by_what_waits_and_ends_with_what_has_no_figure() -> None:
    places = [place("a", 1, 0), place("b", 9, 0, 4), place("c", 2, 2, 9)]
    assert [one.code for one in overview.in_order(places, "overdue")] == ["c", "b", "a"]
    assert [one.code for one in overview.in_order(places, "took")] == ["c", "b", "a"]
    assert place("d", 0, 0).late_share is None
    assert place("e", 3, 1).late_share == 33


def test_map__has_every_region_once_and_none_over_another(world: World) -> None:
    assert {one.code for one in regions()} <= {tile.code for tile in TILES}
    assert len({(tile.column, tile.row) for tile in TILES}) == len(TILES)
    assert {tile.column for tile in TILES} == set(range(1, COLUMNS + 1))


def test_shades__tell_quarters_apart() -> None:
    listed = [place(tile.code, 10, n) for n, tile in enumerate(TILES)]
    shades = [one.shade for one in overview._on_map(listed, "overdue")]
    assert [shades.count(n) for n in range(1, 5)] == [5, 5, 5, 5]
    assert {one.shade for one in overview._on_map([place(one.code, 0, 0) for one in TILES], "overdue")} == {1}
    assert {one.shade for one in overview._on_map([place(one.code, 0, 0) for one in TILES], "share")} == {0}


def test_page__reads_figures_and_no_case(world: World) -> None:
    world.order(3)
    client = signed_in(world.officer)
    open_page(client, "/overview")
    with CaptureQueriesContext(connection) as told:
        open_page(client, f"/overview/{region_of(world.place.code)}")
    said = [one["sql"] for one in told.captured_queries]
    assert any(Figure._meta.db_table in one for one in said)
    assert not any("orders_order" in one for one in said)


@pytest.mark.parametrize("desk", ["recipient", "supplier"])
def test_overview__is_for_staff_of_the_state(world: World, desk: str) -> None:
    who = world.person if desk == "recipient" else world.supplier_actor
    assert signed_in(who).get("/overview").status_code == 403


def test_figures_of_ended_cases__are_those_of_twelve_months_the_present_one_among_them(world: World) -> None:
    received(world)
    this_month = clock.today().replace(day=1)
    for passed, ended in ((0, 1), (11, 1), (12, 0)):
        with clock.at(make.MORNING + relativedelta(months=passed)):
            view = overview.overview(ORDERS)
        months = [one.first for one in view.months]
        assert (months[-1], len(months)) == (this_month + relativedelta(months=passed), overview.MONTHS)
        assert (view.all.ended, sum(one.ended for one in view.months)) == (ended, ended)
