"""Prepared orders and two at one moment, with real threads; each story with its negative control."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from tests import factories as make
from tests.kit.together import FREE, KEPT_OUT, at_once, meeting
from tests.kit.world import World
from tests.prepared.test_prepared import JANUARY, measure, receive, seen

from tirek.core import clock
from tirek.core.case import effects
from tirek.core.errors import DomainError
from tirek.notices.models import Notice
from tirek.orders.actions import submit_order
from tirek.orders.models import Order
from tirek.prepared import actions, queries
from tirek.prepared.models import Prepared

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
State = Prepared.State


def _world() -> World:
    with clock.at(make.MORNING):
        world = World()
        measure(world, 90)
        receive(world)
        effects.run()
    return world


def _ready(world: World) -> Prepared:
    with clock.at(JANUARY):
        (made,) = actions.prepare([world.line.pk])
    return made


def _take(world: World, one: Prepared) -> Any:
    with clock.at(JANUARY):
        shown = seen(one)
    return lambda: actions.take(actor=world.actor, prepared=one, seen=shown)


def test_two_presses_at_once__give_one_order() -> None:
    world = _world()
    one = _ready(world)
    take = _take(world, one)
    results = at_once(take, take, at=JANUARY)
    assert {type(found) for found in results} == {Prepared}, results
    assert len({found.order_id for found in results}) == 1  # type: ignore[attr-defined]
    assert Order.objects.count() == 2, "the one that was received, and this one"


def test_two_presses_at_once__without_the_lock_give_two_orders(monkeypatch: pytest.MonkeyPatch) -> None:
    world = _world()
    one = _ready(world)
    take = _take(world, one)

    def unlocked(prepared: Prepared) -> Prepared:
        rows = Prepared.objects.select_related("line__programme", "line__kind", "line__person__territory", "version")
        return rows.get(pk=prepared.pk)

    monkeypatch.setattr(actions, "_locked", unlocked)
    with meeting(queries, "look_at", seconds=FREE):
        at_once(take, take, at=JANUARY)
    assert Order.objects.count() == 3


def test_taken_while_the_job_ends_it__is_taken() -> None:
    world = _world()
    one = _ready(world)
    take = _take(world, one)

    def end() -> int:
        # the clock of the job is past midnight already, that of the press is not
        with clock.at(JANUARY + timedelta(days=40)):
            return actions.expire()

    with meeting(queries, "look_at", seconds=KEPT_OUT):
        results = at_once(take, end, at=JANUARY)
    assert results[1] in {0, 1}
    one.refresh_from_db()
    if one.state == State.TAKEN:
        assert one.order_id is not None
    else:
        assert (one.state, isinstance(results[0], DomainError), Order.objects.count()) == (State.EXPIRED, True, 1)


def test_two_jobs_at_once__prepare_one_and_tell_once() -> None:
    world = _world()
    key: UUID = world.line.pk
    results = at_once(lambda: actions.prepare([key]), lambda: actions.prepare([key]), at=JANUARY)
    assert sorted(map(len, results)) == [0, 1], results  # type: ignore[arg-type]  # lists, or the test fails
    assert Notice.objects.filter(template="prepared.ready").count() == 1


def test_order_by_another_way_while_it_is_prepared__leaves_nothing_that_waits() -> None:
    world = _world()
    with clock.at(JANUARY):
        draft = world.draft(5)
    at_once(
        lambda: actions.prepare([world.line.pk]),
        lambda: submit_order(actor=world.actor, draft_key=draft.pk),
        at=JANUARY,
    )
    with clock.at(JANUARY):
        effects.run()
    assert not Prepared.objects.filter(state=State.OPEN).exists()
    assert Order.objects.count() == 2
