"""Two at once at the door, over a question and over a refusal, with real threads: one of them happens, and units, stock
and money tell the same afterwards. The control goes on without lock and comparison: only the journal stops the second.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.db.models import QuerySet, Sum
from tests import factories as make
from tests.kit.together import FREE, KEPT_OUT, at_once, meeting

from tirek.catalogue.models import Variant
from tirek.core import clock
from tirek.core.case import journal, workflow
from tirek.core.errors import Busy, StaleState
from tirek.entitlements.models import LedgerEntry
from tirek.orders import actions
from tirek.orders.models import Order
from tirek.orders.queries import door_code_for
from tirek.orders.signing import RECEIPT

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
State = Order.State
#: What somebody hears who comes too late.
TOO_LATE = StaleState | Busy


def _part_received(shop: make.Shop) -> Order:
    """An order of 30 of which 10 were received."""
    with clock.at(make.MORNING):
        order = actions.accept_order(actor=shop.supplier_actor, order=shop.order(30), ready_on=clock.today())
        code, officer = door_code_for(shop.actor, order), make.officer(shop.place)
        order = actions.hand_over(actor=shop.supplier_actor, order=order, code=code, quantity=10)
        signature = RECEIPT.on_paper(officer, order)
        return actions.confirm_receipt(actor=officer, order=order, signature_id=signature.pk)


def _disputed(shop: make.Shop) -> Order:
    with clock.at(make.MORNING):
        order = actions.accept_order(actor=shop.supplier_actor, order=shop.order(30), ready_on=clock.today())
        code = door_code_for(shop.actor, order)
        order = actions.hand_over(actor=shop.supplier_actor, order=order, code=code)
        order = actions.refuse_delivery(actor=shop.actor, order=order, reason="defect")
        return actions.dispute_refusal(actor=shop.supplier_actor, order=order, words="It was whole.")


def _asked(shop: make.Shop) -> Order:
    with clock.at(make.MORNING):
        return actions.ask_question(
            actor=shop.supplier_actor, order=shop.order(30), field="address", words="Which entrance?"
        )


def _shop() -> make.Shop:
    with clock.at(make.MORNING):
        return make.Shop(stock=1000)


def _the_rest_against_cancel(shop: make.Shop, order: Order) -> list[Callable[[], object]]:
    with clock.at(make.MORNING):
        code = door_code_for(shop.actor, order)
    return [
        lambda: actions.hand_over(actor=shop.supplier_actor, order=order, code=code),
        lambda: actions.cancel_order(actor=shop.actor, order=order),
    ]


def test_rest_at_the_door_against_cancel__exactly_one_happens() -> None:
    shop = _shop()
    order = _part_received(shop)
    with meeting(journal, "append", seconds=KEPT_OUT, before=True):
        results = at_once(*_the_rest_against_cancel(shop, order))
    assert sorted(isinstance(one, TOO_LATE) for one in results) == [False, True], results
    order.refresh_from_db()
    came = order.state == State.AWAITING_CONFIRMATION
    assert came or order.state == State.CANCELLED
    assert order.deliveries.count() == (2 if came else 1)
    held = LedgerEntry.objects.filter(case_id=order.pk).aggregate(all=Sum("reserved"))["all"]
    assert held == (20 if came else 0)
    assert Variant.objects.get().stock == (1000 - 30 if came else 1000 - 10)


def test_rest_at_the_door_against_cancel__without_lock_and_comparison_only_the_journal_stops_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shop = _shop()
    order = _part_received(shop)
    jobs = _the_rest_against_cancel(shop, order)

    def written(case: Any, _state: str, _version: int, changed: Any) -> None:
        columns = {"state", "state_since", "version", "journal_head", *changed}
        Order.objects.filter(pk=case.pk).update(**{name: getattr(case, name) for name in columns})

    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_of: rows)
    monkeypatch.setattr(workflow, "_swap", written)
    with meeting(journal, "append", seconds=FREE, before=True):
        results = at_once(*jobs)
    assert sum(isinstance(one, IntegrityError) for one in results) == 1, results


def test_two_couriers__bring_the_rest_at_once_and_one_delivery_is_written() -> None:
    shop = _shop()
    order = _part_received(shop)
    bring, _cancel = _the_rest_against_cancel(shop, order)
    with meeting(journal, "append", seconds=KEPT_OUT, before=True):
        results = at_once(bring, bring)
    assert sorted(isinstance(one, TOO_LATE) for one in results) == [False, True], results
    assert order.deliveries.count() == 2


def test_two_officers__record_different_conclusions_and_one_counts() -> None:
    shop = _shop()
    order = _disputed(shop)
    with clock.at(make.MORNING):
        told = actions.Conclusion("12", clock.today(), "Looked at.")
        officers = [make.officer(shop.place), make.officer(shop.place)]

    def decide(n: int, decision: str) -> Callable[[], object]:
        return lambda: actions.decide_dispute(actor=officers[n], order=order, decision=decision, conclusion=told)

    with meeting(journal, "append", seconds=KEPT_OUT, before=True):
        results = at_once(decide(0, "for_person"), decide(1, "for_supplier"))
    assert sorted(isinstance(one, TOO_LATE) for one in results) == [False, True], results
    order.refresh_from_db()
    held = LedgerEntry.objects.filter(case_id=order.pk).aggregate(all=Sum("reserved"))["all"]
    assert (order.state, held) in {(State.CANCELLED, 0), (State.AWAITING_CONFIRMATION, 30)}
    assert [one.type for one in journal.events_of(order)].count("order.decide_dispute") == 1


def test_answer_against_decline__exactly_one_happens_and_the_address_is_of_who_was_first() -> None:
    shop = _shop()
    order = _asked(shop)
    before = order.address
    with meeting(journal, "append", seconds=KEPT_OUT, before=True):
        answered, declined = at_once(
            lambda: actions.answer_question(actor=shop.actor, order=order, given={"address": "Абай 7"}),
            lambda: actions.decline_order(actor=shop.supplier_actor, order=order, reason="capacity"),
        )
    order.refresh_from_db()
    if isinstance(declined, TOO_LATE):
        assert (order.state, order.address) == (State.SUBMITTED, "Абай 7"), answered
    else:
        # who declines after the answer declines what was answered; who declines before it ends the order as it was
        assert order.state == State.DECLINED
        assert order.address == (before if isinstance(answered, TOO_LATE) else "Абай 7")
    held = LedgerEntry.objects.filter(case_id=order.pk).aggregate(all=Sum("reserved"))["all"]
    assert held == (0 if order.state == State.DECLINED else 30)


def test_other_goods_against_the_end_of_their_term__exactly_one_happens() -> None:
    shop = _shop()
    with clock.at(make.MORNING):
        order = actions.accept_order(actor=shop.supplier_actor, order=shop.order(30), ready_on=clock.today())
        code = door_code_for(shop.actor, order)
        order = actions.hand_over(actor=shop.supplier_actor, order=order, code=code)
        order = actions.refuse_delivery(actor=shop.actor, order=order, reason="defect")
        order = actions.replace_goods(actor=shop.supplier_actor, order=order, replace_by=clock.today())
        code = door_code_for(shop.actor, order)
    late = make.MORNING + timedelta(days=1)

    def lapse() -> object:
        with clock.at(late):
            return workflow.fire("order", order.pk, "lapse_replacement")

    def bring() -> object:
        return actions.hand_over_replacement(actor=shop.supplier_actor, order=order, code=code)

    with meeting(journal, "append", seconds=KEPT_OUT, before=True):
        lapsed, brought = at_once(lapse, bring)
    order.refresh_from_db()
    came = order.state == State.AWAITING_CONFIRMATION
    assert came or order.state == State.CANCELLED
    assert isinstance(brought, Order) is came, brought
    assert lapsed is (not came) or isinstance(lapsed, TOO_LATE), lapsed
    held = LedgerEntry.objects.filter(case_id=order.pk).aggregate(all=Sum("reserved"))["all"]
    assert held == (30 if came else 0)
