"""Hypothesis walks orders and ledger in any order: the balance is never negative, every reservation ends, replay
changes nothing.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests import factories as make

from tirek.catalogue.models import Variant
from tirek.core import clock, signing
from tirek.core.case import proof, workflow
from tirek.core.case.journal import Event
from tirek.core.errors import DomainError
from tirek.entitlements import actions as ledger
from tirek.entitlements.models import LedgerEntry
from tirek.notices.models import Notice
from tirek.orders import actions
from tirek.orders.models import Delivery, Order
from tirek.orders.queries import door_code_for, last_delivery
from tirek.orders.signing import RECEIPT

pytestmark = pytest.mark.django_db


State = Order.State
STOCK = 2000
#: Whose act it is; the supplier's where nothing stands here.
_SIDES = {
    "cancel": "recipient",
    "refuse": "recipient",
    "confirm": "recipient",
    "answer": "recipient",
    "decide_dispute": "office",
}


def _out(order: Order) -> int:
    """Units of an order that are not on the shelf: held for it, given to the person, or what was refused last and is
    not sold again.
    """
    if order.state not in Order.ENDED or order.state == Order.State.RECEIVED:
        return order.quantity
    last = last_delivery(order)
    return order.received + (last.quantity if last is not None and last.refused_at is not None else 0)


def _on(*states: str) -> Callable[[Any], Any]:
    """A rule that is tried where an order stands in one of these states."""
    return precondition(lambda self: bool(self._in(*states)))


class OrdersAndLedger(RuleBasedStateMachine):
    """One person, one line of diapers, one supplier; the clock moves on."""

    @initialize()
    def begin(self) -> None:
        self._block = transaction.atomic()
        self._block.__enter__()
        self.now = make.MORNING
        with clock.at(self.now):
            self.shop = make.Shop(stock=STOCK)
            self.officer = make.officer(self.shop.place)
            for steps in range(3):
                self._begun(steps)

    def _begun(self, steps: int) -> None:
        """An order that is accepted; after one step more a part of it was brought, after two the part was refused."""
        order = self.shop.order(20)
        order = actions.accept_order(actor=self.shop.supplier_actor, order=order, ready_on=clock.today())
        if steps:
            code = door_code_for(self.shop.actor, order)
            order = actions.hand_over(actor=self.shop.supplier_actor, order=order, code=code, quantity=12)
        if steps > 1:
            actions.refuse_delivery(actor=self.shop.actor, order=order, reason="defect")

    def teardown(self) -> None:
        if hasattr(self, "_block"):
            transaction.set_rollback(True)
            self._block.__exit__(None, None, None)

    def _try(self, verb: str, order: Order, **given: object) -> None:
        order.refresh_from_db()
        who = {"recipient": self.shop.actor, "supplier": self.shop.supplier_actor, "office": self.officer}
        side = _SIDES.get(verb, "supplier")
        act = workflow.workflow("order").actions[verb]
        with clock.at(self.now):
            try:
                act(actor=who[side], order=order, **given)
            except DomainError:
                return
            before = self._everything()
            # the same once more: a click that came twice
            with pytest.raises(DomainError):
                act(actor=who[side], order=order, **given)
        assert self._everything() == before, verb

    def _everything(self) -> list[object]:
        """Whatever a replay could have changed."""
        return [
            list(Order.objects.order_by("pk").values_list("pk", "state", "version")),
            list(LedgerEntry.objects.order_by("pk").values_list("pk", "kind", "amount", "reserved")),
            list(Delivery.objects.order_by("pk").values_list("pk", "confirmed_at", "signature_id")),
            Variant.objects.values_list("stock", flat=True).get(),
            Event.objects.count(),
            Notice.objects.count(),
        ]

    def _one(self, data: st.DataObject, *states: str) -> Order:
        """One of the orders in these states."""
        return data.draw(st.sampled_from(self._in(*states)))

    def _in(self, *states: str) -> list[Order]:
        """Orders in these states, oldest first."""
        return list(Order.objects.filter(state__in=states).order_by("pk")) if hasattr(self, "shop") else []

    @rule(quantity=st.integers(1, 400))
    def submit(self, quantity: int) -> None:
        with clock.at(self.now):
            draft = self.shop.draft(quantity)
            try:
                order = actions.submit_order(actor=self.shop.actor, draft_key=draft.pk)
            except DomainError:
                return
            before = self._everything()
            assert actions.submit_order(actor=self.shop.actor, draft_key=draft.pk).pk == order.pk
            assert self._everything() == before

    @_on(State.SUBMITTED)
    @rule(data=st.data())
    def accept(self, data: st.DataObject) -> None:
        with clock.at(self.now):
            self._try("accept", self._one(data, State.SUBMITTED), ready_on=clock.today())

    @_on(State.SUBMITTED)
    @rule(data=st.data())
    def ask(self, data: st.DataObject) -> None:
        self._try("ask", self._one(data, State.SUBMITTED), field="address", words="Which entrance?")

    @_on(State.CLARIFYING)
    @rule(data=st.data())
    def answer(self, data: st.DataObject) -> None:
        self._try("answer", self._one(data, State.CLARIFYING), given={"address": "Абай 1"})

    @_on(*Order.CAN_BE_HANDED_OVER)
    @rule(data=st.data(), share=st.sampled_from([None, 1, 2, 3]))
    def hand_over(self, data: st.DataObject, share: int | None) -> None:
        order = self._one(data, *Order.CAN_BE_HANDED_OVER)
        part = None if share is None else max(order.rest // share, 1)
        self._try("hand_over", order, code=door_code_for(self.shop.actor, order), quantity=part)

    @_on(State.REPLACING)
    @rule(data=st.data())
    def hand_over_replacement(self, data: st.DataObject) -> None:
        order = self._one(data, State.REPLACING)
        self._try("hand_over_replacement", order, code=door_code_for(self.shop.actor, order))

    @_on(State.AWAITING_CONFIRMATION)
    @rule(data=st.data())
    def confirm(self, data: st.DataObject) -> None:
        order = self._one(data, State.AWAITING_CONFIRMATION)
        with clock.at(self.now):
            document = RECEIPT.document(self.shop.actor, order)
            signer = signing.Signer(user_id=make.user_of(self.shop.actor))
            signature = signing.record_paper(self.shop.actor, document, signer)
            self._try("confirm", order, signature_id=signature.pk)

    @_on(State.AWAITING_CONFIRMATION)
    @rule(data=st.data())
    def refuse(self, data: st.DataObject) -> None:
        self._try("refuse", self._one(data, State.AWAITING_CONFIRMATION), reason="defect")

    @_on(State.REFUSED)
    @rule(data=st.data(), verb=st.sampled_from(["take_back", "replace", "dispute"]))
    def answer_a_refusal(self, data: st.DataObject, verb: str) -> None:
        with clock.at(self.now):
            given = {"take_back": {}, "replace": {"replace_by": clock.today()}, "dispute": {"words": "Whole."}}[verb]
            self._try(verb, self._one(data, State.REFUSED), **given)

    @_on(State.DISPUTED)
    @rule(data=st.data(), decision=st.sampled_from(Order.Decision.values))
    def decide(self, data: st.DataObject, decision: str) -> None:
        with clock.at(self.now):
            told = actions.Conclusion("12", clock.today(), "Looked at.")
            self._try("decide_dispute", self._one(data, State.DISPUTED), decision=decision, conclusion=told)

    @_on(*Order.CAN_BE_CANCELLED)
    @rule(data=st.data(), verb=st.sampled_from(["cancel", "decline"]))
    def give_up(self, data: st.DataObject, verb: str) -> None:
        given = {"reason": "capacity"} if verb == "decline" else {}
        self._try(verb, self._one(data, *Order.CAN_BE_CANCELLED), **given)

    @_on(*State.values)
    @rule(data=st.data(), verb=st.sampled_from(["accept", "hand_over", "confirm", "refuse", "take_back", "cancel"]))
    def press_an_old_page(self, data: st.DataObject, verb: str) -> None:
        """What a page that is no longer true would send: it is carried out rightly, or refused with nothing changed."""
        order = self._one(data, *State.values)
        given = {
            "accept": {"ready_on": self.now.date()},
            "hand_over": {"code": "000000"},
            "confirm": {"signature_id": order.pk},
            "refuse": {"reason": "defect"},
        }
        self._try(verb, order, **given.get(verb, {}))

    @_on(*Order.ENDED)
    @rule(data=st.data())
    def release_again(self, data: st.DataObject) -> None:
        """A release that comes again changes nothing once the order has ended."""
        order = self._one(data, *Order.ENDED)
        before = LedgerEntry.objects.count()
        with clock.at(self.now):
            ledger.release(case_id=order.pk, line_id=order.line_id)
        assert LedgerEntry.objects.count() == before

    @rule(days=st.sampled_from([1, 2, 3, 6, 12, 40]))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)
        with clock.at(self.now):
            self._clock_acts()
            before = self._everything()
            self._clock_acts()
            assert self._everything() == before

    def _clock_acts(self) -> None:
        while workflow.sweep():
            pass
        ledger.open_windows()
        ledger.expire_windows()

    @invariant()
    def balance_is_never_negative(self) -> None:
        if not hasattr(self, "shop"):
            return
        for row in LedgerEntry.objects.values("line_id", "window_start").annotate(
            rest=Sum("amount"), reserved=Sum("reserved")
        ):
            assert row["rest"] >= 0, row
            assert row["reserved"] >= 0, row

    @invariant()
    def every_reservation_ends_with_its_order(self) -> None:
        if not hasattr(self, "shop"):
            return
        held = dict(
            LedgerEntry.objects.filter(case_id__isnull=False).values_list("case_id").annotate(reserved=Sum("reserved"))
        )
        for order in Order.objects.all():
            expected = 0 if order.state in Order.ENDED else order.rest
            assert held.get(order.pk, 0) == expected, (order.state, held)

    @invariant()
    def stock_is_what_was_counted_less_what_is_out(self) -> None:
        if hasattr(self, "shop"):
            out = sum(_out(order) for order in Order.objects.all())
            assert Variant.objects.values_list("stock", flat=True).get() == STOCK - out

    @invariant()
    def what_was_received_is_what_was_signed(self) -> None:
        """Deliveries, the order and the ledger tell the same number, and none was confirmed and refused."""
        if not hasattr(self, "shop"):
            return
        for order in Order.objects.all():
            signed = sum(one.quantity for one in order.deliveries.filter(confirmed_at__isnull=False))
            used = LedgerEntry.objects.filter(case_id=order.pk, kind="consume").aggregate(all=Sum("reserved"))["all"]
            assert (signed, -(used or 0)) == (order.received, order.received), order.state
            numbers = list(order.deliveries.filter(signature_id__isnull=False).values_list("signature_id", flat=True))
            assert len(numbers) == len(set(numbers)), "one signature for two hand-overs"

    @invariant()
    def journal_holds(self) -> None:
        if hasattr(self, "shop"):
            assert list(proof.verify()) == []


def test_orders_and_ledger__in_any_order() -> None:
    quick = settings(
        max_examples=15, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
    )
    run_state_machine_as_test(OrdersAndLedger, settings=quick)
