"""Figures of cases are kept as orders change, and a recount proves them."""

import threading
from collections.abc import Callable, Iterator
from datetime import time, timedelta
from typing import Any

import pytest
from django.db import close_old_connections, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests import factories as make
from tests.kit.world import World
from tests.orders.declared import accepted, received
from tests.orders.test_races import at_once

from tirek.core import clock
from tirek.core.case import counting, deadlines, figures
from tirek.core.case.deadlines import Light
from tirek.core.case.figures import TOOK, WAITED, Figure, FigureChange, FigureStart, Span, Standing
from tirek.core.case.registry import all_types, follow_residence
from tirek.core.reference import Unit
from tirek.orders import actions
from tirek.orders.case_pages import LIST
from tirek.orders.case_types import ORDERS
from tirek.orders.models import Order
from tirek.ui.lists.filters import RUNNING
from tirek.ui.lists.lists import Counts

pytestmark = pytest.mark.finding("J-O7")

MONTH = make.MORNING.date().replace(day=1)


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with clock.at(make.MORNING):
        yield World()


def wrong() -> list[figures.Difference]:
    return [one for kind in all_types() for one in figures.differences(kind)]


def ended() -> figures.Ended:
    return figures.ended(ORDERS, [Order.State.RECEIVED], since=MONTH)


def spans(what: str) -> list[Span]:
    return list(ended().in_place(what, ""))


def test_every_case_type__keeps_figures_by_the_states_in_which_its_cases_have_ended(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, encode(tgargs, 'escape') FROM pg_trigger "
            "JOIN pg_proc ON pg_proc.oid = tgfoid WHERE proname = 'tirek_keep_figures'"
        )
        found = [(table, args.replace("\\000", "\0").rstrip("\0").split("\0")) for table, args in cursor.fetchall()]
    told = {kind.model._meta.db_table: [kind.code, ",".join(sorted(kind.model.ENDED))] for kind in all_types()}
    assert dict(found) == told
    assert len(found) == 3 * len(told), "new, changed and gone rows are told apart"
    assert all(figures.is_whole(kind) for kind in all_types()), "tables that began empty need no count"
    assert figures.keep() == [], "tables that have their triggers are not touched"


def test_case_type__whose_ends_have_changed_is_kept_and_counted_anew(world: World) -> None:
    world.order(3)
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER orders_order_figures_update ON orders_order")
    assert figures.keep() == ["order"]
    assert not figures.is_whole(ORDERS)
    figures.settle()
    assert figures.is_whole(ORDERS)
    assert wrong() == []


@pytest.mark.finding("P-scale")
def test_figures__of_a_load_are_counted_once_at_its_end(world: World) -> None:
    world.order(3)
    figures.fold()
    with connection.cursor() as cursor:
        # as a commit does, which a load does before
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with figures.counted_afterwards():
        accepted(world)
        assert not FigureChange.objects.exists()
        assert wrong() != []
    assert wrong() == []
    assert not FigureChange.objects.exists()
    received(world)
    assert FigureChange.objects.exists(), "from then on they follow again"
    assert wrong() == []


def test_figures__follow_orders_from_the_press_to_the_receipt(world: World) -> None:
    place = world.place.code
    order = world.order(3)
    accepted(world)
    assert figures.standing(ORDERS)[place] == Standing(2, 0)
    assert figures.standing(ORDERS, digits=2) == {place[:2]: Standing(2, 0)}
    assert figures.standing(ORDERS, "750000000") == {}
    with clock.at(make.MORNING + timedelta(days=60)):
        assert figures.standing(ORDERS)[place] == Standing(2, 2)
    actions.cancel_order(actor=world.actor, order=order)
    done = received(world)
    assert figures.standing(ORDERS)[place] == Standing(1, 0)
    assert ended().by_place == {(TOOK, place): [Span(0, 1)], (WAITED, place): [Span(0, 1)]}
    assert ended().by_month == {MONTH: [Span(0, 1)]}
    assert done.waits_since == world.line.created_at.astimezone(clock.COUNTRY_ZONE).date()
    assert wrong() == []


@pytest.mark.finding("P-G3")
def test_figures__are_read_from_their_index_alone(world: World) -> None:
    world.order(3)
    plans: list[str] = []

    def explained(execute: Callable[..., object], sql: str, params: object, many: bool, context: object) -> object:
        with context["connection"].connection.cursor() as cursor:  # type: ignore[index]
            # a table of a few rows is read whole
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        execute(f"EXPLAIN {sql}", params, many, context)
        plans.append("\n".join(line for (line,) in context["cursor"].fetchall()))  # type: ignore[index]
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explained):
        figures.standing(ORDERS)
        ended()
    assert len(plans) == 2
    assert all("Index Only Scan using core_figure_of_light" in plan for plan in plans), plans


@pytest.mark.finding("P-G3")
def test_counters_of_an_office__are_those_of_its_rows_at_every_moment(world: World) -> None:
    """Figures tell the light of each case as its row does, for a district and for the whole region."""
    other = make.district("103230000")
    head = make.officer(make.district(f"{world.place.code[:2]}0000000"))
    paused, moved = world.order(1), accepted(world)
    accepted(world)
    with clock.at(make.MORNING + timedelta(days=2)):
        figures.fold()
        deadlines.pause(paused)
        Order.objects.filter(pk=moved.pk).update(territory_code=other.code)
        world.order(2)
        received(world)
    seen = set()
    for hours in range(0, 40 * 24, 7):
        with clock.at(make.MORNING + timedelta(hours=hours)):
            for actor in (world.officer, head, make.officer(make.district("750000000"))):
                for filters in ({}, {"state": "accepted"}, {"district": other.code}, {"state": "received"}):
                    one = LIST.chosen(actor, filters)
                    kept, counted = LIST.counts(actor, one), Counts({}, dict.fromkeys(RUNNING, 0))
                    for state, light, count in counting.by_light(LIST._narrowed(actor, one)):
                        counted.by_state[state] = counted.by_state.get(state, 0) + count
                        if light is not None:
                            counted.by_light[light] = counted.by_light.get(light, 0) + count
                    assert kept == counted, (hours, actor.territory, filters)
                    seen |= {light for light, count in kept.by_light.items() if count}
    assert seen == {light.value for light in Light}


@pytest.mark.finding("P-G3")
def test_counters_of_an_office__read_figures_and_no_order(world: World) -> None:
    accepted(world)
    told = LIST.counts(world.officer)
    with CaptureQueriesContext(connection) as asked:
        assert LIST.counts(world.officer) == told
    assert len(asked) == 1
    assert [one["sql"] for one in asked if "orders_order" in one["sql"]] == []
    FigureStart.objects.filter(case_type="order").delete()
    FigureChange.objects.all().delete()
    rows = LIST.counts(world.officer)
    assert (rows.by_state, rows.by_light) == (told.by_state, told.by_light), "until figures are whole, rows are counted"


def test_term_of_days__is_soon_over_from_the_beginning_of_a_day() -> None:
    due = deadlines.end_of_day(make.MORNING.date() + timedelta(days=4))
    soon = deadlines.soon_at(make.MORNING, due, Unit.CALENDAR_DAYS)
    assert soon.astimezone(clock.COUNTRY_ZONE).time() == time()
    assert soon == deadlines.soon_at(make.MORNING + timedelta(hours=1), due, Unit.WORKING_DAYS)
    exact = deadlines.soon_at(make.MORNING, make.MORNING + timedelta(hours=4), Unit.HOURS)
    assert exact == make.MORNING + timedelta(hours=3)


def test_wait__is_counted_from_the_line_for_what_comes_first_only(world: World) -> None:
    with clock.at(make.MORNING + timedelta(days=9)):
        received(world)
        world.line.refresh_from_db()
        received(world)
    assert spans(WAITED) == [Span(9, 1)]
    assert spans(TOOK) == [Span(0, 2)]


def test_fold__changes_no_figure(world: World) -> None:
    world.order(3)
    received(world)
    before = (figures.standing(ORDERS), spans(TOOK))
    assert FigureChange.objects.exists()
    assert figures.fold() > 0
    assert not FigureChange.objects.exists()
    assert Figure.objects.filter(case_type="order").exists()
    assert (figures.standing(ORDERS), spans(TOOK)) == before
    received(world)
    figures.fold()
    assert not Figure.objects.filter(count=0).exists()
    assert wrong() == []


def test_person_who_moves__takes_the_figures_along(world: World) -> None:
    world.order(3)
    other = make.district("630000000"[:4] + "10000")
    follow_residence(world.person.pk, other.code)
    assert set(figures.standing(ORDERS)) - {other.code} == {
        place for place, one in figures.standing(ORDERS).items() if place != other.code and one.count == 0
    }
    assert figures.standing(ORDERS)[other.code].count == 1
    assert wrong() == []


@pytest.mark.parametrize("folded", [False, True])
def test_recount__finds_a_figure_that_is_wrong_and_mends_it(world: World, folded: bool) -> None:
    world.order(3)
    if folded:
        figures.fold()
        Figure.objects.filter(case_type="order").update(count=7)
    else:
        FigureChange.objects.filter(case_type="order").update(moved=7)
    found = {one.what: one for one in figures.differences(ORDERS)}
    assert set(found) == {"open", "r_open"}, "of the district, and of the region as a whole"
    assert found["r_open"].place == f"{world.place.code[:2]}0000000"
    one = found["open"]
    assert (one.place, one.state, one.kept, one.counted) == (world.place.code, "submitted", 7, 1)
    figures.count_anew(ORDERS)
    assert wrong() == []
    assert figures.standing(ORDERS)[world.place.code] == Standing(1, 0)


def test_types_that_were_never_counted__are_counted_by_the_worker(world: World) -> None:
    world.order(3)
    FigureStart.objects.filter(case_type="order").delete()
    FigureChange.objects.filter(case_type="order").delete()
    assert not figures.is_whole(ORDERS)
    figures.settle()
    assert figures.is_whole(ORDERS)
    assert wrong() == []


def test_median__is_the_day_by_which_half_had_ended() -> None:
    def of(*counted: tuple[int, int]) -> int | None:
        return figures.median(Span(days, count) for days, count in counted)

    assert of() is None
    assert of((5, 1)) == 5
    assert of((9, 1), (3, 1)) == 3
    assert of((3, 1), (400, 2)) == 400
    assert of((3, 2), (7, 1), (3, 1)) == 3


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_folding_and_counting_anew_while_orders_change__loses_nothing() -> None:
    with clock.at(make.MORNING):
        world = World()
        keys = [world.order(1).pk for _ in range(6)]

    def change() -> None:
        try:
            for _ in range(12):
                for key in keys:
                    with transaction.atomic():
                        Order.objects.filter(pk=key).update(state="accepted")
                    with transaction.atomic():
                        Order.objects.filter(pk=key).update(state="submitted")
        finally:
            close_old_connections()

    def fold() -> None:
        for _ in range(25):
            figures.fold()

    def count() -> None:
        for _ in range(12):
            figures.count_anew(ORDERS)

    assert at_once(change, change, fold, count) == [None] * 4
    assert wrong() == []
    assert figures.standing(ORDERS)[world.place.code].count == 6


def _order_each(count: int) -> World:
    """A world with orders whose changes nobody has folded yet."""
    with clock.at(make.MORNING):
        world = World()
        for _ in range(count):
            world.order(1)
    return world


def _anew() -> None:
    figures.count_anew(ORDERS)


def _in_the_middle(first: Callable[[], object], second: Callable[[], object]) -> list[object]:
    """What ``first`` and ``second`` return, and "ended" or "waited": the second comes when the statement of the first
    is done and its transaction open, and the first goes on when the second has ended or waits for it.
    """
    reached, go_on, ended_, told = threading.Event(), threading.Event(), threading.Event(), threading.Event()
    process: list[int] = []

    def stop(execute: Callable[..., object], sql: str, *rest: Any) -> object:
        found = execute(sql, *rest)
        if "core_figurechange" in sql and not reached.is_set():
            reached.set()
            go_on.wait(timeout=20)
        return found

    def one() -> object:
        with connection.execute_wrapper(stop):
            return first()

    def other() -> object:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            process.append(cursor.fetchone()[0])
        told.set()
        try:
            assert reached.wait(timeout=20)
            return second()
        finally:
            ended_.set()

    def watch() -> str:
        try:
            assert told.wait(timeout=20)
            while not ended_.is_set():
                with connection.cursor() as cursor:
                    cursor.execute("SELECT wait_event_type FROM pg_stat_activity WHERE pid = %s", process)
                    found = cursor.fetchone()
                if found and found[0] == "Lock":
                    return "waited"
            return "ended"
        finally:
            go_on.set()

    return at_once(one, other, watch)


@pytest.mark.race
@pytest.mark.finding("T-figures")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("other", [figures.fold, _anew])
def test_fold__leaves_all_to_who_folds_or_counts_already_and_waits_for_nobody(other: Callable[[], object]) -> None:
    world = _order_each(3)
    *done, how = _in_the_middle(other, figures.fold)
    assert (done[1], how) == (0, "ended")
    assert wrong() == []
    assert figures.standing(ORDERS)[world.place.code].count == 3


@pytest.mark.race
@pytest.mark.finding("T-figures")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("folded", [False, True])
@pytest.mark.parametrize("other", [figures.fold, _anew])
def test_count_anew__waits_for_who_folds_or_counts_and_counts_nothing_twice(
    other: Callable[[], object], folded: bool
) -> None:
    world = _order_each(3)
    if folded:
        figures.fold()
        with clock.at(make.MORNING):
            world.order(1)
    *done, how = _in_the_middle(other, _anew)
    assert not [one for one in done if isinstance(one, Exception)]
    assert how == "waited"
    assert wrong() == []
    assert figures.standing(ORDERS)[world.place.code].count == 3 + folded


@pytest.mark.race
@pytest.mark.finding("T-figures")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("work", [figures.fold, _anew])
def test_order_that_changes_before_each_statement_of_a_count__is_counted_once(work: Callable[[], object]) -> None:
    """Changes are committed between any two statements, and one is left open over the whole of it."""
    world = _order_each(2)
    moved, open_all_along = Order.objects.order_by("number")
    states = iter(["accepted", "submitted"] * 20)
    changes: list[object] = []

    def change() -> None:
        Order.objects.filter(pk=moved.pk).update(state=next(states))

    def changed_first(execute: Callable[..., object], sql: str, *rest: Any) -> object:
        changes.extend(at_once(change))
        return execute(sql, *rest)

    begun, finished = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Order.objects.filter(pk=open_all_along.pk).update(state="accepted")
            begun.set()
            assert finished.wait(timeout=20)

    def count() -> None:
        assert begun.wait(timeout=20)
        try:
            with connection.execute_wrapper(changed_first):
                work()
        finally:
            finished.set()

    assert at_once(hold, count) == [None, None]
    assert len(changes) >= 2
    assert set(changes) == {None}
    assert wrong() == []
    assert figures.standing(ORDERS)[world.place.code].count == 2
