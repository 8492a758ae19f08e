"""What became of orders, as it is published: by both definitions, and nothing of few."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import translation
from tests import factories as make
from tests.kit.pages import text
from tests.kit.sign_in import signed_in
from tests.kit.world import World

from tirek.core import clock
from tirek.insight import actions, outcomes
from tirek.insight.models import OutcomeFigure
from tirek.orders.models import Order

pytestmark = pytest.mark.django_db


def _orders(world: World, count: int, **columns: object) -> None:
    """Orders as they stand in the table after whatever became of them."""
    for _n in range(count):
        order = world.order(1)
        Order.objects.filter(pk=order.pk).update(**columns)


def _cancelled(reason: Order.CancelReason) -> dict[str, object]:
    return {"state": "cancelled", "cancel_reason": reason}


@pytest.fixture
def world() -> World:
    with clock.at(make.MORNING):
        return World(quantity=14600, stock=1000)


def test_figures__tell_both_shares_and_what_ended_the_others(world: World) -> None:
    with clock.at(make.MORNING):
        today = clock.today()
        _orders(world, 10, state="received", unit_price=Decimal(210), budget_part=Decimal(200), person_part=Decimal(10))
        _orders(world, 5, **_cancelled(Order.CancelReason.LAPSED))
        _orders(world, 5, **_cancelled(Order.CancelReason.TOP_UP))
        _orders(world, 10, **_cancelled(Order.CancelReason.PERSON))
        _orders(world, 5, state="declined", decline_reason="no_stock")
        _orders(world, 5, state="on_the_way", ready_on=today - timedelta(days=1))
        _orders(world, 5, state="on_the_way", ready_on=today + timedelta(days=1))
        _orders(world, 5, state="refused", refusal_reason="defect", ready_on=today - timedelta(days=1))
        [whole, *others] = outcomes.figures(since=today, day=today, fewest=5)
        told = {what: getattr(whole, what) for what in outcomes.TOLD}
        assert told == {
            "registered": 50, "due": 35, "received": 10, "lapsed": 10, "declined": 5, "refused": 5,
            "with_own_part": 10,
        }  # fmt: skip
        assert {(one.kind_code, one.region_code) for one in others} == {
            (world.kind.pk, ""),
            ("", f"{world.place.pk[:2]}0000000"),
        }
        assert outcomes.figures(since=today + timedelta(days=1), day=today + timedelta(days=2), fewest=5) == []


def test_figures__tell_nothing_of_few_and_no_share_of_them(world: World) -> None:
    with clock.at(make.MORNING):
        _orders(world, 20, state="received")
        _orders(world, 2, state="declined", decline_reason="no_stock")
        actions.count_anew()
        one = OutcomeFigure.objects.get(kind_code="", region_code="")
        assert (one.registered, one.received, one.declined) == (20, 20, None)
        with translation.override("en"):
            [first, *_rest] = outcomes.tables()
        (_name, cells), *_others = first.rows
        assert [cell.replace("\u00a0", " ") for cell in cells] == ["20", "100 %", "100 %", "0 %", "few", "0 %", "0 %"]


def test_page_and_open_data__tell_the_same_to_everybody(
    world: World, django_assert_max_num_queries: Callable[..., object]
) -> None:
    with clock.at(make.MORNING):
        officer = signed_in(world.officer)
        assert "Nothing has been counted yet" in text(officer, "/orders-in-figures")
        assert officer.get("/orders-in-figures/data.csv").status_code == 404
        _orders(world, 20, state="received")
        actions.count_anew()
        page = text(officer, "/orders-in-figures").replace("\u00a0", " ")
        assert "100 %" in page
        assert world.kind.name.capitalize() in page
        with django_assert_max_num_queries(4):
            outcomes.tables()
        lines = b"".join(officer.get("/orders-in-figures/data.csv").streaming_content).decode().splitlines()
        assert lines[0].replace('"', "").split(",") == list(outcomes.FIELDS)
        assert [line.replace('"', "").split(",")[-7:] for line in lines[1:]] == [
            ["20", "20", "20", "0", "0", "0", "0"]
        ] * 3
