"""A supplier's own figures: counted by night, own alone, beside a region in which nobody is recognised."""

from collections import Counter
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import factories as make
from tests.aftercare.declared import fault_draft, held
from tests.kit import pages
from tests.kit.sign_in import signed_in
from tests.kit.world import World

from tirek.aftercare.actions import report_fault
from tirek.core import clock
from tirek.core.case.workflow import sweep
from tirek.insight import actions, rules, suppliers
from tirek.insight.models import Pace, SupplierFigure
from tirek.insight.suppliers import Cell, Key, OfMonth, View
from tirek.insight.views.supplier import bars
from tirek.orders import actions as ordering


@pytest.mark.parametrize(
    ("counted", "nine_of_ten"),
    [([], None), ([(3, 1)], 3), ([(1, 9), (50, 1)], 1), ([(1, 8), (50, 2)], 50), ([(1, 5), (2, 4), (9, 1)], 2)],
)
def test_nine_of_ten__is_the_smallest_value_that_was_enough(
    counted: list[tuple[int, int]], nine_of_ten: int | None
) -> None:
    assert rules.reached_by(counted, 9, 10) == nine_of_ten


def test_figures__tell_no_median_and_no_share_of_a_few() -> None:
    few = Cell(sent=4, accepted=4, handed_over=4, faults=4, days=Counter({2: 4}))
    assert (few.median, few.ninety, few.faults_of_hundred, few.accepted_share) == (None, None, None, None)
    many = Cell(sent=8, accepted=6, handed_over=50, faults=3, days=Counter({2: 3, 5: 3}))
    assert (many.median, many.ninety, many.faults_of_hundred, many.accepted_share) == (2, 5, 6, 75)


def test_pace_of_a_region__is_told_of_three_suppliers_and_five_orders_at_least() -> None:
    def cells(sellers: int, orders: int) -> dict[Key, Cell]:
        return {
            Key(uuid4(), "GI-01", "750000000", date(2026, 1, 1)): Cell(days=Counter({3: orders}))
            for _ in range(sellers)
        }

    now = clock.now()
    assert not suppliers._paces(cells(2, 9), now)
    assert not suppliers._paces(cells(3, 1), now)
    assert [(one.median, one.ninety) for one in suppliers._paces(cells(3, 2), now)] == [(3, 3)]


def test_chart__grows_with_the_orders_and_begins_with_the_oldest_month() -> None:
    months = [OfMonth(date(2026, 2, 1), Cell(sent=10, accepted=5)), OfMonth(date(2026, 1, 1), Cell(sent=5))]
    drawn = bars(View(Cell(), months, [], (frozenset(), frozenset())))
    assert [(one["whole"], one["share"]) for one in drawn] == [(75, 0), (150, 75)]
    assert bars(View(Cell(), [], [], (frozenset(), frozenset()))) == []


@pytest.mark.django_db
def test_figures__are_a_suppliers_own_and_nobody_elses() -> None:
    with clock.at(make.MORNING):
        world = World()
        seller = signed_in(world.supplier_actor)
        assert "Nothing has been counted yet" in pages.text(seller, "/supply/figures")
        item = held(world)
        report_fault(actor=world.actor, draft_key=fault_draft(world, item).pk)
        ordering.decline_order(actor=world.supplier_actor, order=world.order(3), reason="capacity")
        late = ordering.accept_order(actor=world.supplier_actor, order=world.order(3), ready_on=clock.today())
        world.order(3)
    with clock.at(make.MORNING + timedelta(days=12)):
        # the fourth is not answered in time, the third is late
        sweep()
        assert actions.count_suppliers() == actions.count_suppliers()
        found = suppliers.view(world.supplier_actor).whole
        assert (found.sent, found.accepted, found.declined, found.unanswered) == (4, 2, {"capacity": 1}, 1)
        assert (found.handed_over, found.late, found.faults, found.days) == (1, 1, 1, {0: 1})
        assert late.state == "accepted"
        with CaptureQueriesContext(connection) as asked:
            suppliers.view(world.supplier_actor, kind=world.kind.code)
        assert len(asked) == 2
        page = pages.open_page(signed_in(world.supplier_actor), "/supply/figures")
        assert "No capacity" in page.main
        november = [row[1:] for row in page.rows if row[0] == "November 2026"]
        assert november == [["4", "2", "1", "1", "1"], ["1", "–", "–", "0", "–", "0"]]
        assert "Too few hand-overs to tell" in page.main
        other = make.supplier_actor(make.supplier())
        assert not suppliers.own(other).exists()
        assert not suppliers.own(world.officer).exists()
        assert "Nothing has been counted yet" in pages.text(signed_in(other), f"/supply/figures?kind={world.kind.code}")
        assert signed_in(world.officer).get("/supply/figures").status_code in {302, 403, 404}
        assert not Pace.objects.exists(), "one supplier would read itself as the region"
    with clock.at(make.MORNING + timedelta(days=450)):
        actions.count_suppliers()
        assert not SupplierFigure.objects.exists()
