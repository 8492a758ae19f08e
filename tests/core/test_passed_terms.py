"""A term that has passed: who may still act, what is told, and how the deadline is remembered."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from tests import factories as make

from tirek.core import clock
from tirek.core.case import deadlines, workflow
from tirek.core.case.deadlines import Deadline, Outcome
from tirek.core.case.workflow import TermPassed
from tirek.entitlements.actions import follow_orders
from tirek.entitlements.models import OrderingTerm
from tirek.orders import actions, rules
from tirek.orders.models import Order

pytestmark = pytest.mark.django_db
LATER = timedelta(days=5)


@pytest.fixture
def shop() -> make.Shop:
    with clock.at(make.MORNING):
        return make.Shop()


def _accepted(shop: make.Shop) -> Order:
    with clock.at(make.MORNING):
        return actions.accept_order(
            actor=shop.supplier_actor, order=shop.order(10), ready_on=clock.today() + timedelta(days=3)
        )


def _outcome(order: Order, otherwise: str) -> list[str]:
    return list(
        Deadline.objects.filter(case_id=order.pk, otherwise=otherwise)
        .order_by("opened_at")
        .values_list("outcome", flat=True)
    )


def _hand_over(shop: make.Shop, order: Order) -> Order:
    return actions.hand_over(
        actor=shop.supplier_actor, order=order, code=rules.door_code(settings.SECRET_KEY, order.pk)
    )


def test_accept__in_time_is_met_with_one_statement_for_the_term(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        order = shop.order(10)
        (deadline,) = deadlines.open_of(order)
    with clock.at(deadline.due_at - timedelta(seconds=1)), CaptureQueriesContext(connection) as asked:
        actions.accept_order(actor=shop.supplier_actor, order=order, ready_on=clock.today())
    assert _outcome(order, "lapse") == [Outcome.MET]
    assert sum("core_deadline" in one["sql"] and one["sql"].startswith("SELECT") for one in asked) == 1


def test_accept__after_its_term_is_refused_with_a_way_out_and_the_clock_ends_it(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        order = shop.order(10)
        (deadline,) = deadlines.open_of(order)
    with clock.at(deadline.due_at + LATER):  # the sweep stood still
        with pytest.raises(TermPassed) as refused:
            actions.accept_order(actor=shop.supplier_actor, order=order, ready_on=clock.today())
        assert (refused.value.status, refused.value.code, refused.value.state) == (
            409,
            "term_passed",
            Order.State.SUBMITTED,
        )
        with translation.override("en"):
            assert "within minutes" in str(refused.value.next_step)
        order.refresh_from_db()
        assert order.state == Order.State.SUBMITTED
        assert workflow.sweep() >= 1
    order.refresh_from_db()
    assert order.state == Order.State.CANCELLED
    assert _outcome(order, "lapse") == [Outcome.PASSED]


def test_accept__a_term_that_stands_still_does_not_pass(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        order = shop.order(10)
        (deadline,) = deadlines.open_of(order)
        deadlines.pause(order)
    with clock.at(deadline.due_at + LATER):
        assert not workflow.fire("order", order.pk, "lapse")
        Order.objects.filter(pk=order.pk).update(placed_on=clock.today())
        order = actions.accept_order(actor=shop.supplier_actor, order=order, ready_on=clock.today())
    assert order.state == Order.State.ACCEPTED
    assert _outcome(order, "lapse") == [Outcome.MET]


def test_decline__has_no_term_of_its_own_and_goes_on(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        order = shop.order(10)
        (deadline,) = deadlines.open_of(order)
    with clock.at(deadline.due_at + LATER):
        order = actions.decline_order(actor=shop.supplier_actor, order=order, reason="capacity")
    assert order.state == Order.State.DECLINED
    assert _outcome(order, "lapse") == [Outcome.DROPPED]


def test_take_back__after_its_term_is_the_clocks(shop: make.Shop) -> None:
    order = _accepted(shop)
    with clock.at(make.MORNING):
        order = _hand_over(shop, order)
        order = actions.refuse_delivery(actor=shop.actor, order=order, reason="late")
        (deadline,) = deadlines.open_of(order)
    with clock.at(deadline.due_at), pytest.raises(TermPassed):
        actions.take_back(actor=shop.supplier_actor, order=order)


def test_hand_over__after_the_promised_day_goes_on_and_is_remembered_as_late(shop: make.Shop) -> None:
    order = _accepted(shop)
    (deadline,) = deadlines.open_of(order)
    with clock.at(deadline.due_at):
        order = _hand_over(shop, order)
    assert order.state == Order.State.AWAITING_CONFIRMATION
    assert _outcome(order, "warn_late") == [Outcome.LATE]


def test_hand_over__by_the_promised_day_is_met(shop: make.Shop) -> None:
    order = _accepted(shop)
    (deadline,) = deadlines.open_of(order)
    with clock.at(deadline.due_at - timedelta(seconds=1)):
        _hand_over(shop, order)
    assert _outcome(order, "warn_late") == [Outcome.MET]


def test_the_clock__is_never_late_itself(shop: make.Shop) -> None:
    term = OrderingTerm.objects.get(line=shop.line)
    with clock.at(make.MORNING):
        shop.order(10)
    with clock.at(deadlines.end_of_day(term.order_by) + LATER):
        follow_orders(shop.line)
    term.refresh_from_db()
    assert term.state == OrderingTerm.State.ORDERED


@pytest.mark.parametrize("step", ["prepare", "dispatch"])
def test_late__a_step_between_midnight_and_the_round_does_not_hide_it(shop: make.Shop, step: str) -> None:
    order = _accepted(shop)
    (deadline,) = deadlines.open_of(order)
    with clock.at(deadline.due_at + timedelta(seconds=20)):
        order = {"prepare": actions.prepare_order, "dispatch": actions.dispatch_order}[step](
            actor=shop.supplier_actor, order=order
        )
        (owed,) = deadlines.open_of(order)
        assert (owed.otherwise, owed.due_at) == ("warn_late", deadline.due_at)
        workflow.sweep()
    order.refresh_from_db()
    assert order.office_task == Order.OfficeTask.LATE
    assert _outcome(order, "warn_late") == [Outcome.DROPPED, Outcome.PASSED]


def test_late__is_told_once_whatever_the_supplier_does_after_it(shop: make.Shop) -> None:
    order = _accepted(shop)
    (deadline,) = deadlines.open_of(order)
    with clock.at(deadline.due_at + timedelta(minutes=1)):
        workflow.sweep()
        order.refresh_from_db()
        order = actions.prepare_order(actor=shop.supplier_actor, order=order)
        order = actions.dispatch_order(actor=shop.supplier_actor, order=order)
        assert deadlines.open_of(order) == []
    assert _outcome(order, "warn_late") == [Outcome.PASSED]


def test_late__an_order_whose_day_passed_while_the_payment_was_awaited_is_told_too(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        costly = make.Shop(price=shop.price * 2, kind_code="GI-02")
        order = actions.accept_order(
            actor=costly.supplier_actor, order=costly.order(10), ready_on=clock.today() + timedelta(days=3)
        )
        assert order.state == Order.State.AWAITING_TOP_UP
        Order.objects.filter(pk=order.pk).update(ready_on=clock.today() - timedelta(days=1))
        order = actions.record_top_up(actor=costly.supplier_actor, order=order, receipt="1")
        assert [(one.otherwise, one.due_at <= clock.now()) for one in deadlines.open_of(order)] == [("warn_late", True)]
        workflow.sweep()
    order.refresh_from_db()
    assert order.office_task == Order.OfficeTask.LATE


def test_late__a_new_promise_that_passes_is_told_again(shop: make.Shop) -> None:
    order = _accepted(shop)
    (deadline,) = deadlines.open_of(order)
    with clock.at(deadline.due_at):
        workflow.sweep()
    Order.objects.filter(pk=order.pk).update(ready_on=deadline.last_day + timedelta(days=1))
    order.refresh_from_db()
    with clock.at(deadline.due_at + timedelta(days=1)):
        order = actions.prepare_order(actor=shop.supplier_actor, order=order)
        assert [one.otherwise for one in deadlines.open_of(order)] == ["warn_late"]


def test_reminders__whose_day_passed_while_an_order_stood_are_not_sent_after_it(shop: make.Shop) -> None:
    term = OrderingTerm.objects.get(line=shop.line)
    with clock.at(make.MORNING):
        order = shop.order(10)
        follow_orders(shop.line)
    with clock.at(deadlines.end_of_day(term.first_reminder) + timedelta(days=1)):
        actions.cancel_order(actor=shop.actor, order=order)
        follow_orders(shop.line)
    term.refresh_from_db()
    assert term.state == OrderingTerm.State.RUNNING
    assert "remind_first" not in {one.otherwise for one in deadlines.open_of(term)}
