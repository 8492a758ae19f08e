"""Waits are counted from the journal, night by night, as a recount of the whole journal tells them."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from tests import factories as make
from tests.kit.world import World
from tests.orders.declared import handed_over, received
from tests.procurement import declared as bought

from tirek.core import clock
from tirek.core.actors import CLOCK
from tirek.core.case.journal import Event
from tirek.core.case.registry import follow_residence
from tirek.core.places import region_of
from tirek.entitlements.models import Line, OrderingTerm
from tirek.insight import actions, jobs, queries, rules
from tirek.insight.models import Count, Journey, WaitingTime
from tirek.orders.actions import accept_order, cancel_order, confirm_receipt, decline_order, hand_over
from tirek.orders.models import Order
from tirek.orders.queries import door_code_for
from tirek.orders.signing import RECEIPT
from tirek.procurement.actions import hand_over as hand_over_purchase
from tirek.procurement.actions import move_line, receive, record_need
from tirek.procurement.models import Purchase
from tirek.procurement.signing import RECEIPT as PURCHASE_RECEIPT

pytestmark = [pytest.mark.django_db, pytest.mark.mission("S2.9", "S2.10")]
DAY = make.MORNING.date()


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(make.MORNING):
        yield World()


def another(world: World) -> None:
    """Another person of the place is entitled, and is the one of the world from now on."""
    world.person = make.person(place=world.place)
    make.agree(world.person)
    world.actor = make.recipient_of(world.person)
    world.line = Line.objects.get(programme=make.programme(world.person, world.kind))


def later(days: float) -> Any:
    return clock.at(make.MORNING + timedelta(days=days))


def lived(world: World) -> None:
    """Lives of many sorts, one after another, with a count now and then."""
    for n in range(6):
        with later(n):
            another(world)
        with later(n + 3):
            order = world.order(3)
        with later(n + 4):
            order = accept_order(actor=world.supplier_actor, order=order, ready_on=clock.today() + timedelta(days=3))
        with later(n + 6):
            hand_over(actor=world.supplier_actor, order=order, code=door_code_for(world.actor, order))
            actions.count()
        with later(n + 7):
            order.refresh_from_db()
            signature = RECEIPT.on_paper(world.officer, order)
            confirm_receipt(actor=world.officer, order=order, signature_id=signature.pk)
    with later(14):
        another(world)
    with later(16):
        decline_order(actor=world.supplier_actor, order=world.order(3), reason="capacity")
        actions.count()
    with later(17):
        world.order(3)
    with later(18):
        another(world)
        cancel_order(actor=world.actor, order=world.order(3, actor=world.officer))


def told_by_tables() -> dict[UUID, tuple[date, date | None, date | None]]:
    """The days of each line by the tables of terms, orders and deliveries: another way than the product's."""
    found = {}
    for term in OrderingTerm.objects.select_related("line"):
        orders = list(Order.objects.filter(line=term.line).order_by("placed_on").prefetch_related("deliveries"))
        confirmed = [
            one.confirmed_at.astimezone(clock.COUNTRY_ZONE).date()
            for order in orders
            for one in order.deliveries.all()
            if one.confirmed_at
        ]
        found[term.line_id] = (
            term.created_at.astimezone(clock.COUNTRY_ZONE).date(),
            orders[0].placed_on if orders else None,
            min(confirmed, default=None),
        )
    return found


def acts_by_journal() -> dict[UUID, tuple[int, int]]:
    """Steps and visits of each line, counted by hand from every event of the journal."""
    lines = dict(Order.objects.values_list("pk", "line_id"))
    steps: dict[UUID, int] = defaultdict(int)
    visits: dict[UUID, set[date]] = defaultdict(set)
    for event in Event.objects.filter(case_type="order"):
        content = json.loads(event.canonical)
        if event.type.removeprefix("order.") in {"submit", "confirm", "refuse", "cancel"}:
            line = lines[event.case_id]
            steps[line] += content["desk"] == "recipient"
            if content["desk"] == "officer":
                visits[line].add(event.at.astimezone(clock.COUNTRY_ZONE).date())
    return {line: (steps[line], len(visits[line])) for line in set(lines.values())}


def test_count_night_by_night__is_what_a_recount_of_the_journal_tells(world: World) -> None:
    lived(world)
    with later(20):
        actions.count()
        assert list(queries.differences()) == []
        kept = {one.line_id: (one.opened_on, one.ordered_on, one.received_on) for one in Journey.objects.all()}
        assert kept == told_by_tables()
        acts = {one.line_id: (one.steps, one.visits) for one in Journey.objects.filter(ordered_on__isnull=False)}
        assert acts == acts_by_journal()
        night_by_night = list(WaitingTime.objects.order_by("kind_code", "region_code", "measure").values())
        Journey.objects.all().delete()
        WaitingTime.objects.all().delete()
        actions.count_anew()
        anew = list(WaitingTime.objects.order_by("kind_code", "region_code", "measure").values())
        assert [row | {"id": 0} for row in anew] == [row | {"id": 0} for row in night_by_night]


def test_published__are_days_of_each_part_steps_and_visits(world: World) -> None:
    lived(world)
    with later(20):
        jobs.count_waits(0)
    found = queries.published(world.kind.pk, region_of(world.place.code))
    key = (world.kind.pk, region_of(world.place.code))
    found |= queries.published() | queries.published(world.kind.pk[:2])
    for kind, region in (key, ("", ""), (key[0], ""), ("", key[1]), (key[0][:2], ""), (key[0][:2], key[1])):
        whole = found[kind, region, queries.RECEIVED]
        assert (whole.people, whole.reached, whole.waiting) == (10, 5, None), "nine began, six have it, three wait"
        assert (whole.median, whole.ninety, whole.steps, whole.visits) == (7, None, 1, 1)
        assert whole.waiting_longest is None, "of three nobody is told"
    assert found[*key, queries.ORDERED].median == 3
    assert found[*key, queries.DELIVERED].median == 4
    assert found[*key, "in_accepted"].median == 2
    assert found[*key, "in_submitted"].median == 1
    assert found[*key, "in_to_order"].waiting is None


def test_waits_that_began_before_the_period__count_among_those_who_wait_alone(world: World) -> None:
    for _ in range(4):
        another(world)
    with later(370):
        actions.count()
    told = queries.published()["", "", queries.RECEIVED]
    assert (told.people, told.reached, told.waiting) == (0, 0, 5)
    assert (told.waiting_median, told.waiting_longest) == (370, 370)
    count = queries.newest()
    assert count is not None
    assert (count.since, count.day) == (DAY + timedelta(days=5), DAY + timedelta(days=370))


def test_wait__goes_along_with_who_moves(world: World) -> None:
    for _ in range(4):
        another(world)
    other = make.district("311000000")
    for who in OrderingTerm.objects.values_list("person_id", flat=True):
        follow_residence(who, other.code)
    actions.count()
    assert queries.published()["", "310000000", queries.RECEIVED].waiting == 5
    assert ("", region_of(world.place.code), queries.RECEIVED) not in queries.published("", region_of(world.place.code))


def test_what_is_bought__is_counted_from_the_queue_to_the_receipt_and_goes_along_with_a_newer_programme(
    world: World,
) -> None:
    person, officer = make.person(place=world.place), make.officer(world.place)
    first = bought.line_of(person, bought.kind())
    actions.count()
    purchase = record_need(actor=CLOCK, line_id=first.pk)
    with later(0.5):
        actions.count()
    assert Journey.objects.get(line=first).place == "bought_needed"
    with later(2):
        second = bought.line_of(person, bought.kind())
        assert second != first
        purchase.refresh_from_db()
        if purchase.line_id != second.pk:
            move_line(actor=CLOCK, purchase=purchase, line_id=second.pk)
        actions.count()
        assert list(queries.differences()) == []
    assert not Journey.objects.filter(line=first).exists()
    since = purchase.waits_since
    assert since == first.queue_on < DAY
    assert Journey.objects.get(line=second).opened_on == since
    with later(3):
        bought.concluded(world, bought.announced(world, purchase))
        Purchase.objects.filter(pk=purchase.pk).update(needs_fitting=False)
        purchase.refresh_from_db()
        hand_over_purchase(actor=officer, purchase=purchase)
    with later(5):
        purchase.refresh_from_db()
        colleague = make.officer(world.place)
        receive(actor=colleague, purchase=purchase, signature_id=PURCHASE_RECEIPT.on_paper(colleague, purchase).pk)
        actions.count()
        assert list(queries.differences()) == []
        found = Journey.objects.get(line=second)
    assert (found.ordered_on, found.received_on) == (DAY + timedelta(days=3), DAY + timedelta(days=5))
    waited = (DAY + timedelta(days=3) - since).days
    stays = {"bought_needed": waited, "bought_in_lot": 0, "bought_contracted": 0, "bought_handed_over": 2}
    assert (found.stays, found.visits) == (stays, 1)
    cells = queries.cells(since=since, day=DAY + timedelta(days=5))
    whole = cells[purchase.kind_id, region_of(world.place.code), queries.RECEIVED]
    assert whole.waits == [rules.Wait(waited + 2, has_ended=True)]


def test_recount__finds_what_was_changed_by_hand(world: World) -> None:
    received(world)
    actions.count()
    assert list(queries.differences()) == []
    Journey.objects.update(received_on=DAY - timedelta(days=3))
    ((line, have, told),) = queries.differences()
    assert (line, have.received_on if have else None) == (world.line.pk, DAY - timedelta(days=3))
    assert told is not None
    assert told.received_on == DAY


def test_count__reads_the_last_hour_again(world: World) -> None:
    with later(1):
        actions.count()
    with later(0.98):  # half an hour before the count, and committed after it
        handed_over(world)
    with later(2):
        actions.count()
    assert Journey.objects.get().place == "awaiting_confirmation"


def test_counts__are_not_kept_for_ever(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "COUNTS", 2)
    for day in range(4):
        with later(day):
            actions.count()
    assert Count.objects.count() == 2
