"""Hypothesis walks orders and ledger in any order: the balance is never negative, every reservation ends, replay
changes nothing.
"""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
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
from tirek.orders import actions, acts
from tirek.orders.models import Delivery, Order
from tirek.orders.queries import door_code_for, last_delivery

pytestmark = pytest.mark.django_db


STOCK = 2000


def _is_out(order: Order) -> bool:
    """Whether the units of an order are not on the shelf: held for it, given to the person, or what came back and is
    not sold again.
    """
    if order.state == Order.State.DECLINED:
        return order.decline_reason == Order.DeclineReason.NO_STOCK
    return order.cancel_reason not in {Order.CancelReason.PERSON, Order.CancelReason.LAPSED, Order.CancelReason.TOP_UP}


class OrdersAndLedger(RuleBasedStateMachine):
    """One person, one line of diapers, one supplier; the clock moves on."""

    orders = Bundle("orders")

    @initialize()
    def begin(self) -> None:
        self._block = transaction.atomic()
        self._block.__enter__()
        self.now = make.MORNING
        with clock.at(self.now):
            self.shop = make.Shop(stock=STOCK)

    def teardown(self) -> None:
        if hasattr(self, "_block"):
            transaction.set_rollback(True)
            self._block.__exit__(None, None, None)

    def _try(self, verb: str, order: Order, **given: object) -> None:
        order.refresh_from_db()
        who = {"recipient": self.shop.actor, "supplier": self.shop.supplier_actor}
        side = "recipient" if verb in {"cancel", "refuse", "confirm"} else "supplier"
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

    @rule(target=orders, quantity=st.integers(1, 400))
    def submit(self, quantity: int) -> Order | None:
        with clock.at(self.now):
            draft = self.shop.draft(quantity)
            try:
                order = actions.submit_order(actor=self.shop.actor, draft_key=draft.pk)
            except DomainError:
                return None
            before = self._everything()
            assert actions.submit_order(actor=self.shop.actor, draft_key=draft.pk).pk == order.pk
            assert self._everything() == before
            return order

    @rule(order=orders)
    def accept(self, order: Order | None) -> None:
        if order:
            with clock.at(self.now):
                day = clock.today()
            self._try("accept", order, ready_on=day)

    @rule(order=orders, reason=st.sampled_from(["no_stock", "capacity"]))
    def decline(self, order: Order | None, reason: str) -> None:
        if order:
            self._try("decline", order, reason=reason)

    @rule(order=orders)
    def hand_over(self, order: Order | None) -> None:
        if order:
            order.refresh_from_db()
            self._try("hand_over", order, code=door_code_for(self.shop.actor, order) or "000000")

    @rule(order=orders)
    def confirm(self, order: Order | None) -> None:
        if order and (delivery := last_delivery(order)) is not None:
            document = signing.Document(
                actions.SIGN_RECEIPT, "order", order.pk, acts.receipt_text(order, delivery), "1", "kk"
            )
            signature = signing.record_paper(
                self.shop.actor, document, signing.Signer(user_id=make.user_of(self.shop.actor))
            )
            self._try("confirm", order, signature_id=signature.pk)

    @rule(order=orders)
    def refuse(self, order: Order | None) -> None:
        if order:
            self._try("refuse", order, reason="defect")

    @rule(order=orders)
    def take_back(self, order: Order | None) -> None:
        if order:
            self._try("take_back", order)

    @rule(order=orders)
    def cancel(self, order: Order | None) -> None:
        if order:
            self._try("cancel", order)

    @rule(order=consumes(orders))
    def release_again(self, order: Order | None) -> None:
        """A release that comes again changes nothing once the order has ended."""
        if order:
            order.refresh_from_db()
            if order.state in Order.ENDED:
                before = LedgerEntry.objects.count()
                with clock.at(self.now):
                    ledger.release(case_id=order.pk, line_id=order.line_id)
                assert LedgerEntry.objects.count() == before

    @rule(days=st.integers(1, 40))
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
            expected = 0 if order.state in Order.ENDED else order.quantity
            assert held.get(order.pk, 0) == expected, (order.state, held)

    @invariant()
    def stock_is_what_was_counted_less_what_is_out(self) -> None:
        if hasattr(self, "shop"):
            out = sum(order.quantity for order in Order.objects.all() if _is_out(order))
            assert Variant.objects.values_list("stock", flat=True).get() == STOCK - out

    @invariant()
    def journal_holds(self) -> None:
        if hasattr(self, "shop"):
            assert list(proof.verify()) == []


def test_orders_and_ledger__in_any_order() -> None:
    quick = settings(
        max_examples=15, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
    )
    run_state_machine_as_test(OrdersAndLedger, settings=quick)
