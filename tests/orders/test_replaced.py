"""After a refusal: other goods in exchange, the commission's conclusion, and what each of them leaves behind."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation
from tests import factories as make
from tests.kit.pages import open_page, read
from tests.kit.world import World

from tirek.catalogue.models import Variant
from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.case import deadlines, effects, workflow
from tirek.core.case.words import view_of
from tirek.core.errors import NotAllowed, RuleBroken, StaleState
from tirek.entitlements.queries import status_of
from tirek.notices.models import Notice
from tirek.notices.templates import render_many
from tirek.orders import actions, queries
from tirek.orders.actions import Conclusion, refusing
from tirek.orders.actions.refusing import last_replacement
from tirek.orders.case_types import ORDERS
from tirek.orders.models import Order
from tirek.orders.queries import door_code_for
from tirek.orders.signing import RECEIPT

pytestmark = pytest.mark.django_db
State = Order.State


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(make.MORNING), translation.override("en"):
        yield World(stock=1000)


def refused(world: World, *, by: Actor | None = None, quantity: int = 30) -> Order:
    order = world.order(quantity, actor=by)
    order = actions.accept_order(actor=world.supplier_actor, order=order, ready_on=clock.today() + timedelta(days=5))
    if order.state == State.AWAITING_TOP_UP:
        order = actions.record_top_up(actor=world.supplier_actor, order=order, receipt="CHK-1")
    code = door_code_for(world.actor, order)
    order = actions.hand_over(actor=world.supplier_actor, order=order, code=code)
    return actions.refuse_delivery(actor=world.actor, order=order, reason="defect", note="Torn")


def replacing(world: World) -> Order:
    day = clock.today() + timedelta(days=3)
    return actions.replace_goods(actor=world.supplier_actor, order=refused(world), replace_by=day)


def disputed(world: World, **given: object) -> Order:
    return actions.dispute_refusal(actor=world.supplier_actor, order=refused(world, **given), words="It was whole.")


def conclusion(**given: object) -> Conclusion:
    return Conclusion(**({"number": "12", "day": clock.today(), "reasons": "Looked at."} | given))


def stock() -> int:
    return Variant.objects.values_list("stock", flat=True).get()


def said(template: str) -> str:
    told = Notice.objects.get(template=template)
    return render_many(template, [told.context])[0].body


# --- other goods


def test_other_goods__come_with_a_new_code_and_the_entitlement_is_used_once(world: World) -> None:
    first = None
    order = refused(world)
    before = stock()
    first = order.deliveries.get()
    order = actions.replace_goods(actor=world.supplier_actor, order=order, replace_by=clock.today() + timedelta(days=3))
    assert (order.state, order.replace_by) == (State.REPLACING, date(2026, 11, 12))
    assert status_of(world.line).availability.balance.reserved == 30
    code = door_code_for(world.actor, order)
    assert code in said("order.replacing")
    with pytest.raises(RuleBroken) as wrong:
        actions.hand_over_replacement(actor=world.supplier_actor, order=order, code="123456")
    assert wrong.value.code == "door_code"
    order = actions.replace_at_door(actor=world.supplier_actor, order=order, code=code)
    assert order.state == State.AWAITING_CONFIRMATION
    signature = RECEIPT.on_paper(world.officer, order)
    order = actions.confirm_receipt(actor=world.officer, order=order, signature_id=signature.pk)
    assert order.state == State.RECEIVED
    held = status_of(world.line).availability.balance
    assert (held.received, held.reserved) == (30, 0)
    assert stock() == before, "what was torn is not sold again, and what replaced it was counted by the supplier"
    first.refresh_from_db()
    assert (first.refused_at is not None, first.confirmed_at) == (True, None)
    assert order.deliveries.get(n=2).confirmed_at is not None


def test_code_of_the_first_goods__does_not_open_the_door_for_others(world: World) -> None:
    order = world.order(30)
    order = actions.accept_order(actor=world.supplier_actor, order=order, ready_on=clock.today())
    first = door_code_for(world.actor, order)
    order = actions.hand_over(actor=world.supplier_actor, order=order, code=first)
    order = actions.refuse_delivery(actor=world.actor, order=order, reason="defect")
    assert door_code_for(world.actor, order) == ""
    order = actions.replace_goods(actor=world.supplier_actor, order=order, replace_by=clock.today())
    with pytest.raises(RuleBroken):
        actions.hand_over_replacement(actor=world.supplier_actor, order=order, code=first)


def test_other_goods__that_do_not_come_in_time_end_the_order_for_the_person(world: World) -> None:
    order, before = replacing(world), stock()
    with clock.at(make.MORNING + timedelta(days=4)):
        workflow.sweep()
        order.refresh_from_db()
        assert (order.state, order.cancel_reason) == (State.CANCELLED, "not_replaced")
        assert status_of(world.line).availability.balance.reserved == 0
        assert stock() == before
        assert "You keep your full entitlement" in said("order.not_replaced")
        effects.run()
        assert Notice.objects.filter(template="order.cancelled_for_supplier").exists()


@pytest.mark.parametrize("days", [-1, 40])
def test_day_of_other_goods__is_within_the_term(world: World, days: int) -> None:
    order = refused(world)
    with pytest.raises(RuleBroken) as told:
        actions.replace_goods(actor=world.supplier_actor, order=order, replace_by=clock.today() + timedelta(days=days))
    assert told.value.code == "replace_by"
    assert last_replacement() == date(2026, 11, 30), "fifteen working days"


def test_person__may_rather_end_the_order_than_wait_for_other_goods(world: World) -> None:
    order, before = replacing(world), stock()
    order = actions.cancel_order(actor=world.actor, order=order)
    assert order.state == State.CANCELLED
    assert stock() == before, "the torn goods are not sold again"


def test_other_goods__are_as_many_as_were_refused(world: World) -> None:
    order = replacing(world)
    with pytest.raises(RuleBroken) as told:
        actions.confirm_hand_over(actor=world.officer, order=order, reason="lost", quantity=29)
    assert told.value.code == "delivered_quantity"
    order = actions.confirm_hand_over(actor=world.officer, order=order, reason="lost")
    assert order.deliveries.get(n=2).quantity == 30


def test_supplier__promises_other_goods_on_the_page_of_the_order(world: World) -> None:
    order, client = refused(world), world.client(world.supplier_actor)
    page = open_page(client, f"/supply/orders/{order.number}")
    assert "The last day that you can promise: 30 November 2026." in page.main.replace("\u00a0", " ")
    address = reverse("orders:supplier-order-act", args=[order.number, "replace"])
    late = client.post(address, {"replace-replace_by": "2027-03-01"})
    assert late.status_code == 422
    assert "Choose a day from today to" in read(late).main
    assert client.post(address, {"replace-replace_by": "2026-11-20"}).status_code == 302
    order.refresh_from_db()
    assert order.replace_by == date(2026, 11, 20)
    assert "Other goods by" in open_page(world.client(world.actor), f"/orders/{order.number}").main


# --- the commission


def test_dispute__waits_for_the_commission_and_nothing_is_decided_by_the_clock(world: World) -> None:
    order = disputed(world)
    assert order.state == State.DISPUTED
    assert order in queries.needing(world.officer)
    assert order not in queries.needing(world.supplier_actor)
    [due] = deadlines.open_of(order)
    assert due.last_day == date(2026, 11, 23), "ten working days"
    with clock.at(make.MORNING + timedelta(days=16)):
        workflow.sweep()
        order.refresh_from_db()
        assert (order.state, order.office_task) == (State.DISPUTED, Order.OfficeTask.DISPUTE)
        assert "We told the regional department" in said("order.decision_late")
    page = open_page(world.client(world.actor), f"/orders/{order.number}")
    assert "The supplier writes: It was whole." in page.main


def test_region__is_told_that_a_conclusion_is_late(world: World) -> None:
    region = make.officer(world.place.parent)
    disputed(world)
    with clock.at(make.MORNING + timedelta(days=16)):
        workflow.sweep()
        assert Notice.objects.filter(template="order.decision_late_for_region", user_id=region.account).exists()


@pytest.mark.parametrize(
    ("decision", "state", "template", "for_supplier"),
    [
        ("for_person", State.CANCELLED, "order.decided_for_person", "order.cancelled_for_supplier"),
        ("replace", State.REPLACING, "order.decided_replace", "order.replacing_for_supplier"),
        ("for_supplier", State.AWAITING_CONFIRMATION, "order.decided_for_supplier", "order.decided_for_supplier_too"),
    ],
)
def test_conclusion__is_carried_out_and_told_to_both(
    world: World, decision: str, state: str, template: str, for_supplier: str
) -> None:
    order = actions.decide_dispute(
        actor=world.officer, order=disputed(world), decision=decision, conclusion=conclusion()
    )
    assert order.state == state
    assert said(template)
    effects.run()
    assert Notice.objects.filter(template=for_supplier).exists()
    held = status_of(world.line).availability.balance.reserved
    assert held == (0 if state == State.CANCELLED else 30)
    last = view_of(ORDERS, world.actor, order).newest_first[0]
    assert last.note == "№ 12, 09.11.2026. Looked at."
    if state == State.AWAITING_CONFIRMATION:
        assert (order.deliveries.get().refused_at, order.refusal_reason) == (None, "")
        signature = RECEIPT.on_paper(world.officer, order)
        assert actions.confirm_receipt(actor=world.officer, order=order, signature_id=signature.pk).state == "received"


def test_goods_found_right__can_be_refused_again_for_another_reason(world: World) -> None:
    order = actions.decide_dispute(
        actor=world.officer, order=disputed(world), decision="for_supplier", conclusion=conclusion()
    )
    order = actions.refuse_delivery(actor=world.actor, order=order, reason="reaction")
    assert order.state == State.REFUSED


def test_what_was_paid__is_returned_by_a_conclusion_for_the_person() -> None:
    with clock.at(make.MORNING):
        world = World(price=Decimal(250))
        order = actions.decide_dispute(
            actor=world.officer, order=disputed(world), decision="for_person", conclusion=conclusion()
        )
        assert (order.state, order.owed) == (State.MONEY_OWED, Decimal(1500))


@pytest.mark.parametrize(
    ("decision", "given", "code"),
    [
        ("both", {}, "decision"),
        ("", {}, "decision"),
        ("replace", {"number": " "}, "number"),
        ("replace", {"reasons": "\n"}, "reasons"),
        ("replace", {"day": date(2026, 11, 10)}, "day"),
        ("replace", {"day": date(2026, 11, 8)}, "day"),
    ],
)
def test_conclusion__that_is_none_decides_nothing(
    world: World, decision: str, given: dict[str, object], code: str
) -> None:
    order = disputed(world)
    with pytest.raises(RuleBroken) as told:
        actions.decide_dispute(actor=world.officer, order=order, decision=decision, conclusion=conclusion(**given))
    assert told.value.code == code
    order.refresh_from_db()
    assert order.state == State.DISPUTED


def test_conclusion__is_not_recorded_by_who_entered_the_order_or_is_close_to_the_person(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, colleague = disputed(world, by=world.officer), make.officer(world.place)
    with pytest.raises(RuleBroken) as told:
        actions.decide_dispute(actor=world.officer, order=order, decision="replace", conclusion=conclusion())
    assert told.value.code == "two_persons"
    monkeypatch.setattr(refusing, "is_close_to", lambda actor, key: (actor, key) == (colleague, world.person.pk))
    with pytest.raises(NotAllowed):
        actions.decide_dispute(actor=colleague, order=order, decision="replace", conclusion=conclusion())
    monkeypatch.undo()
    stranger = make.officer(make.district("351000000"))
    with pytest.raises(NotAllowed):
        actions.decide_dispute(actor=stranger, order=order, decision="replace", conclusion=conclusion())
    assert (
        actions.decide_dispute(actor=colleague, order=order, decision="replace", conclusion=conclusion()).state
        == State.REPLACING
    )


def test_officer__records_the_conclusion_on_the_page_of_the_order(world: World) -> None:
    order, client = disputed(world), world.client(world.officer)
    page = open_page(client, f"/office/orders/{order.number}")
    assert "What has the commission decided?" in page.main
    address = reverse("orders:officer-order-act", args=[order.number, "decide_dispute"])
    empty = client.post(address, {"decide_dispute-reasons": "Looked at."})
    assert empty.status_code == 422
    assert "Looked at." in empty.content.decode()
    sent = {"decision": "for_person", "number": "12", "day": "2026-11-09", "reasons": "Looked at."}
    assert client.post(address, {f"decide_dispute-{name}": value for name, value in sent.items()}).status_code == 302
    order.refresh_from_db()
    assert order.state == State.CANCELLED


def test_supplier__says_why_before_the_commission_is_asked(world: World) -> None:
    order, client = refused(world), world.client(world.supplier_actor)
    address = reverse("orders:supplier-order-act", args=[order.number, "dispute"])
    assert "The commission decides on it. Time for it: 10" in open_page(client, address).main.replace("\u00a0", " ")
    assert client.post(address, {"dispute-words": "  "}).status_code == 422
    with pytest.raises(RuleBroken):
        actions.dispute_refusal(actor=world.supplier_actor, order=order, words="  ")
    assert client.post(address, {"dispute-words": "It was whole."}).status_code == 302
    order.refresh_from_db()
    assert order.state == State.DISPUTED


def test_dispute__cannot_be_taken_back_silently(world: World) -> None:
    order = disputed(world)
    for act in (actions.take_back, actions.cancel_order):
        actor = world.supplier_actor if act is actions.take_back else world.actor
        with pytest.raises(StaleState):
            act(actor=actor, order=order)
