"""Every process: one action per transition; what a table refuses; the sweep; the tables as documents."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import models
from django.utils import translation
from tests import factories as make

from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.case import deadlines, registry, workflow
from tirek.core.case.deadlines import Deadline
from tirek.core.case.workflow import NEW, SAME, Party, Workflow, clock_only, term, transition
from tirek.core.errors import RuleBroken
from tirek.orders import actions
from tirek.orders.models import Order
from tirek.orders.workflow import ORDER

PROCESSES = workflow.all_workflows()


def test_processes__are_known() -> None:
    assert {one.name for one in PROCESSES} >= {"order", "programme"}


@pytest.mark.parametrize("process", PROCESSES, ids=lambda one: one.name)
def test_process__has_exactly_one_action_per_transition(process: Workflow[Any]) -> None:
    assert set(process.actions) == {one.name for one in process.transitions}


@pytest.mark.parametrize("process", PROCESSES, ids=lambda one: one.name)
def test_process__every_state_is_reached_and_every_open_state_is_left(process: Workflow[Any]) -> None:
    reached = {state for one in process.transitions for state in one.target} - {SAME}
    assert reached == set(process.states.values)
    for state in set(process.states.values) - process.end:
        assert [one for one in process.leaving(state) if not one.stays], state
    for state in process.end:
        assert not process.leaving(state), state


@pytest.mark.parametrize("process", PROCESSES, ids=lambda one: one.name)
def test_process__is_a_registered_case_type(process: Workflow[Any]) -> None:
    assert registry.case_type(process.name).model._meta.model_name == process.name


def test_workflow__refuses_a_table_that_does_not_hold() -> None:
    class Light(models.TextChoices):
        RED = "red"
        GREEN = "green"

    nobody = clock_only()
    with pytest.raises(ValueError, match="unknown state"):
        Workflow("one", Light, (transition("go", NEW, "blue", by=nobody),), frozenset(), "x")
    with pytest.raises(ValueError, match="belong together"):
        Workflow("two", Light, (transition("go", NEW, "red", by=nobody, within=term("x")),), frozenset(), "x")
    with pytest.raises(ValueError, match="two transitions"):
        Workflow(
            "three",
            Light,
            (transition("go", NEW, "red", by=nobody), transition("go", "red", "green", by=nobody)),
            frozenset(),
            "x",
        )
    with pytest.raises(ValueError, match="nothing is called"):
        Workflow(
            "four",
            Light,
            (transition("go", NEW, "red", by=nobody, within=term("x"), otherwise="stop"),),
            frozenset(),
            "x",
        )
    with pytest.raises(ValueError, match="does not start from red"):
        Workflow(
            "five",
            Light,
            (
                transition("go", "red", "green", by=nobody, within=term("x"), otherwise="stop"),
                transition("stop", "green", "red", by=nobody),
            ),
            frozenset(),
            "x",
        )
    somebody: Party[Any] = Party(label="somebody", desks=frozenset({Desk.OFFICER}), allows=lambda _actor, _case: True)
    with pytest.raises(ValueError, match="the clock may not perform stop"):
        Workflow(
            "six",
            Light,
            (
                transition("go", "red", "green", by=nobody, within=term("x"), otherwise="stop"),
                transition("stop", "red", "green", by=somebody),
            ),
            frozenset(),
            "x",
        )
    assert "one" not in {known.name for known in workflow.all_workflows()}


@pytest.mark.django_db
def test_perform__outside_an_action_is_refused() -> None:
    with clock.at(make.MORNING):
        order = make.Shop().order(10)
    with pytest.raises(RuntimeError):
        workflow.perform(order)


@pytest.mark.django_db
def test_perform__without_required_data_is_refused_and_leaves_nothing() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
        order = shop.order(10)
        with pytest.raises(RuleBroken):
            actions.decline_order(actor=shop.supplier_actor, order=order, reason="")
    order.refresh_from_db()
    assert (order.state, order.version) == (Order.State.SUBMITTED, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "error", [RuleBroken("no"), ValueError("no"), LookupError("no"), KeyError("no")], ids=lambda one: type(one).__name__
)
def test_sweep__an_action_that_fails_is_tried_again_later_and_does_not_stop_the_others(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
        broken, sound = shop.order(10), shop.order(10)
    real = ORDER.actions["lapse"]

    def lapse(*, actor: Actor, order: Order) -> Order:
        if order.pk == broken.pk:
            raise error
        result: Order = real(actor=actor, order=order)
        return result

    monkeypatch.setitem(ORDER.actions, "lapse", lapse)
    (deadline,) = deadlines.open_of(broken)
    with clock.at(deadline.due_at):
        Deadline.objects.filter(case_id=broken.pk).update(
            due_at=deadline.due_at - timedelta(seconds=1)
        )  # the first in every round
        assert workflow.sweep() == 1
        assert workflow.sweep() == 0
        assert deadlines.stuck() == 1
    with clock.at(deadline.due_at + timedelta(minutes=2)):
        assert workflow.sweep() == 0
    sound.refresh_from_db()
    assert sound.state == Order.State.CANCELLED
    deadline.refresh_from_db()
    assert deadline.tries == 2
    assert deadline.try_after == deadline.due_at + timedelta(seconds=1, minutes=2 + 2)
    with clock.at(make.MORNING):
        assert deadlines.stuck() == 0, "only what has passed is stuck"


@pytest.mark.django_db
def test_sweep__a_case_in_a_foreign_state_is_put_off_and_the_round_ends() -> None:
    with clock.at(make.MORNING):
        order = make.Shop().order(10)
    Order.objects.filter(pk=order.pk).update(state=Order.State.ACCEPTED)  # not by an action
    (deadline,) = deadlines.open_of(order)
    with clock.at(deadline.due_at):
        assert workflow.sweep() == 0
        assert workflow.sweep() == 0
    deadline.refresh_from_db()
    assert (deadline.tries, deadline.closed_at) == (1, None)


@pytest.mark.django_db
def test_sweep__what_somebody_closed_meanwhile_is_not_counted() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
        order = shop.order(10)
        (deadline,) = deadlines.open_of(order)
        assert not workflow.fire("order", order.pk, "lapse"), "the term still runs"
        actions.decline_order(actor=shop.supplier_actor, order=order, reason="capacity")
    with clock.at(deadline.due_at):
        assert not workflow.fire("order", order.pk, "lapse")
        assert deadlines.sweep_with(lambda *_: False) == 0
    order.refresh_from_db()
    assert order.state == Order.State.DECLINED


def test_tables__rows_and_diagram_tell_the_same() -> None:
    drawn = ORDER.mermaid()
    for state, name, targets, *_rest in ORDER.rows():
        for target in targets.split(" | "):
            assert f"{state or '[*]'} --> {target}: {name}" in drawn


CYRILLIC = re.compile("[\u0400-\u04ff]")


def test_who__is_said_in_the_readers_language_also_where_several_may_act() -> None:
    label = ORDER.transition("submit").by.label
    with translation.override("en"):
        assert str(label) == "recipient, officer"
    for language in ("kk", "ru"):
        with translation.override(language):
            assert CYRILLIC.search(str(label))
            assert "officer" not in str(label)


def test_documents__of_the_processes_are_in_one_language() -> None:
    pages = sorted((Path(__file__).parents[2] / "docs" / "reference" / "processes").glob("*.md"))
    assert len(pages) > len(PROCESSES)
    for page in pages:
        found = CYRILLIC.search(page.read_text(encoding="utf-8"))
        assert found is None, f"{page.name}: {found}"
