"""Goods come in parts: each is handed over, signed and consumed on its own, and the rest stays owed."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from tests import factories as make
from tests.kit.pages import open_page, pressed, read
from tests.kit.world import World

from tirek.catalogue.models import Kind, Variant
from tirek.core import clock, signing
from tirek.core.case import deadlines, effects, workflow
from tirek.core.errors import RuleBroken
from tirek.entitlements.models import LedgerEntry, Line, OrderingTerm
from tirek.entitlements.queries import status_of
from tirek.notices.models import Notice
from tirek.notices.templates import render_many
from tirek.orders import act_sheet, actions, price_list, queries, rules
from tirek.orders.draft_forms import reached
from tirek.orders.models import Delivery, Order
from tirek.orders.queries import door_code_for
from tirek.orders.requests import FORM_VERSION, parse
from tirek.orders.signing import RECEIPT

pytestmark = pytest.mark.django_db
State = Order.State


@pytest.fixture
def world() -> Iterator[World]:
    """A person pays 50 above the guaranteed amount for each."""
    with clock.at(make.MORNING), translation.override("en"):
        yield World(price=Decimal(250), stock=1000)


def accepted(world: World, quantity: int = 90) -> Order:
    order = actions.accept_order(
        actor=world.supplier_actor, order=world.order(quantity), ready_on=clock.today() + timedelta(days=5)
    )
    return actions.record_top_up(actor=world.supplier_actor, order=order, receipt="CHK-1")


def brought(world: World, order: Order, quantity: int | None = None) -> Order:
    code = door_code_for(world.actor, order)
    return actions.hand_over(actor=world.supplier_actor, order=order, code=code, quantity=quantity)


def confirmed(world: World, order: Order) -> Order:
    signature = RECEIPT.on_paper(world.officer, order)
    return actions.confirm_receipt(actor=world.officer, order=order, signature_id=signature.pk)


def stock() -> int:
    return Variant.objects.values_list("stock", flat=True).get()


def test_part__is_received_and_the_rest_stays_owed_until_it_comes(world: World) -> None:
    order = brought(world, accepted(world), 30)
    act = bytes(order.deliveries.get().act).decode().replace("\u00a0", " ")
    assert "Quantity: 30\nThis is a part: the order is 90, hand-over number 1." in act
    assert "The budget pays: 6 000 ₸" in act
    assert "50 ₸ each, 1 500 ₸ for 30" in act
    order = confirmed(world, order)
    assert (order.state, order.received, order.rest) == (State.IN_PREPARATION, 30, 60)
    held = status_of(world.line).availability.balance
    assert (held.received, held.reserved) == (30, 60)
    assert "hand_over" in {one.transition for one in deadlines.open_of(order)}, "the rest is due by the promised day"
    order = confirmed(world, brought(world, order))
    assert (order.state, order.received, order.rest) == (State.RECEIVED, 90, 0)
    held = status_of(world.line).availability.balance
    assert (held.received, held.reserved) == (90, 0)
    entries = LedgerEntry.objects.filter(case_id=order.pk, kind="consume").order_by("part")
    assert [(one.part, one.reserved) for one in entries] == [(1, -30), (2, -60)]
    assert sum(one.person_part or 0 for one in order.deliveries.all()) == order.person_part


def test_whole_order__says_nothing_of_parts(world: World) -> None:
    order = brought(world, accepted(world))
    assert "part" not in bytes(order.deliveries.get().act).decode()
    assert confirmed(world, order).state == State.RECEIVED


@pytest.mark.parametrize("quantity", [0, -1, 91, 10_000])
def test_more_than_is_owed__or_nothing_cannot_be_handed_over(world: World, quantity: int) -> None:
    order = accepted(world)
    with pytest.raises(RuleBroken) as refused:
        brought(world, order, quantity)
    assert refused.value.code == "delivered_quantity"
    assert not Delivery.objects.exists()
    order.refresh_from_db()
    assert order.state == State.ACCEPTED


def test_rest__is_owed_no_more_than_once(world: World) -> None:
    order = confirmed(world, brought(world, accepted(world), 89))
    with pytest.raises(RuleBroken):
        brought(world, order, 2)
    assert confirmed(world, brought(world, order, 1)).state == State.RECEIVED


def test_code_of_the_door__is_another_one_for_each_part(world: World) -> None:
    order = accepted(world)
    first = door_code_for(world.actor, order)
    order = confirmed(world, brought(world, order, 30))
    second = door_code_for(world.actor, order)
    assert first != second
    with pytest.raises(RuleBroken) as refused:
        actions.hand_over(actor=world.supplier_actor, order=order, code=first)
    assert refused.value.code == "door_code"
    told = Notice.objects.get(template="order.part_received")
    body = render_many(told.template, [told.context])[0].body
    assert second in body
    assert first not in body
    assert "30" in render_many(told.template, [told.context])[0].title
    order = actions.dispatch_order(actor=world.supplier_actor, order=order)
    told = Notice.objects.get(template="order.on_the_way")
    assert second in render_many(told.template, [told.context])[0].body


def test_receipt_of_one_part__signs_no_other(world: World) -> None:
    order = brought(world, accepted(world), 30)
    first = RECEIPT.on_paper(world.officer, order)
    document = RECEIPT.document(world.officer, order)
    early = signing.record_paper(world.officer, document, signing.Signer(user_id=make.user_of(world.actor)))
    order = actions.confirm_receipt(actor=world.officer, order=order, signature_id=first.pk)
    with clock.at(make.MORNING + timedelta(hours=1)):
        order = brought(world, order, 30)
        for signature in (first, early):
            with pytest.raises(RuleBroken) as refused:
                actions.confirm_receipt(actor=world.officer, order=order, signature_id=signature.pk)
            assert refused.value.code == "earlier_hand_over"
        assert confirmed(world, order).received == 60


def test_cancelled_after_a_part__gives_back_the_rest_alone(world: World) -> None:
    before = stock()
    order = confirmed(world, brought(world, accepted(world), 30))
    order = actions.cancel_order(actor=world.actor, order=order)
    assert order.state == State.MONEY_OWED
    assert order.owed == Decimal(60 * 50), "what was received stays paid"
    assert stock() == before - 30
    held = status_of(world.line).availability.balance
    assert (held.received, held.reserved) == (30, 0)
    effects.run()
    owed = Notice.objects.get(template="order.money_owed").context
    assert owed["amount"] == "3000.00"
    assert Notice.objects.filter(template="order.money_owed_for_supplier", context__amount="3000.00").exists()


def test_refused_part__ends_the_rest_and_its_goods_are_not_sold_again(world: World) -> None:
    before = stock()
    order = confirmed(world, brought(world, accepted(world), 30))
    order = actions.refuse_delivery(actor=world.actor, order=brought(world, order, 20), reason="defect")
    assert order.deliveries.get(n=2).refused_at is not None
    order = actions.take_back(actor=world.supplier_actor, order=order)
    assert order.owed == Decimal(60 * 50)
    assert stock() == before - 30 - 20, "40 never left the supplier"
    held = status_of(world.line).availability.balance
    assert (held.received, held.reserved) == (30, 0)


def test_late_rest__is_told_like_a_late_order(world: World) -> None:
    order = confirmed(world, brought(world, accepted(world), 30))
    with clock.at(make.MORNING + timedelta(days=8)):
        workflow.sweep()
        order.refresh_from_db()
        assert order.office_task == Order.OfficeTask.LATE
        assert actions.cancel_order(actor=world.actor, order=order).state == State.MONEY_OWED


def test_rest_of_a_late_order__is_late_again_once_a_part_was_received(world: World) -> None:
    order = accepted(world)
    with clock.at(make.MORNING + timedelta(days=8)):
        workflow.sweep()
        order = brought(world, order, 30)
        assert order.office_task == "", "the person is to answer now"
        order = confirmed(world, order)
        assert (order.state, order.office_task) == (State.IN_PREPARATION, Order.OfficeTask.LATE)
        assert order in queries.needing(world.officer)


def test_table_of_offers__counts_of_open_orders_what_has_not_been_handed_over(world: World) -> None:
    confirmed(world, brought(world, accepted(world), 30))
    (item,) = price_list.items([world.version.variant_id], on=clock.today())
    assert (item.reserved, item.together) == (60, 1000 - 30)


def test_term_to_order__ends_with_the_last_part(world: World) -> None:
    order = confirmed(world, brought(world, accepted(world), 30))
    effects.run()
    assert OrderingTerm.objects.get(line=world.line).state == OrderingTerm.State.ORDERED
    confirmed(world, brought(world, order))
    effects.run()
    assert OrderingTerm.objects.get(line=world.line).state == OrderingTerm.State.CLOSED


def test_message_with_the_code__names_the_price_of_the_part(world: World) -> None:
    order = brought(world, accepted(world), 30)
    assert "1 500" in str(RECEIPT.document(world.officer, order).named).replace("\u00a0", " ")


def test_agreement_at_the_counter__says_in_how_many_parts(world: World) -> None:
    Kind.objects.filter(pk=world.kind.pk).update(consumable=True)
    whole, _part = actions.words_to_agree_to(world.draft(90), {})
    parts, _part = actions.words_to_agree_to(world.draft(90, parts="3"), {})
    assert "In 3 parts, one a month" in parts
    assert "one a month" not in whole


def test_act__holds_every_part_that_was_received(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(act_sheet, "pdf", lambda _template, about: told.extend(about["parts"]) or b"")
    order = confirmed(world, brought(world, accepted(world), 30))
    act_sheet.signed_act(order)
    assert len(told) == 2, "one part in both languages"
    told.clear()
    order = confirmed(world, brought(world, order))
    act_sheet.signed_act(order)
    assert [one["language"] for one in told] == ["kk", "kk", "ru", "ru"]
    counts = [line for one in told for line in one["documents"][1]["lines"] if line.startswith(("Саны", "Количество"))]
    assert [line.rpartition(" ")[2] for line in counts] == ["30", "60", "30", "60"]


# --- pages


def test_pages__say_what_has_come_and_what_is_still_to_come(world: World) -> None:
    order = confirmed(world, brought(world, accepted(world), 30))
    for actor, page in (
        (world.actor, "orders"),
        (world.supplier_actor, "supply/orders"),
        (world.officer, "office/orders"),
    ):
        told = open_page(world.client(actor), f"/{page}/{order.number}").main.replace("\u00a0", " ")
        assert "Received: 30 pieces. Still to come: 60 pieces." in told


def test_part_that_was_handed_over__is_told_with_its_number_before_it_is_confirmed_or_refused(world: World) -> None:
    order, client = brought(world, accepted(world), 30), world.client(world.actor)
    address = f"/orders/{order.number}"
    assert "Handed over now: 30 pieces." in open_page(client, address).main.replace("\u00a0", " ")
    asked = open_page(client, f"{address}/refuse").main.replace("\u00a0", " ")
    assert ", 30 pieces" in asked, "the refusal is of what was handed over, not of the whole"
    whole = brought(world, accepted(world), 90)
    assert "Handed over now" not in open_page(client, f"/orders/{whole.number}").main


def test_door__asks_how_many_and_keeps_what_was_typed(world: World) -> None:
    order, client = accepted(world), world.client(world.supplier_actor)
    address = f"/supply/orders/{order.number}"
    page = open_page(client, address)
    assert re.search(r'name="hand_over-quantity"\s+value="90"', page.html)
    assert "Still to come: 90." in page.main
    sent = pressed(page, "Handed over")
    code = door_code_for(world.actor, order)
    wrong = client.post(
        reverse("orders:supplier-order-act", args=[order.number, "hand_over"]),
        sent | {"hand_over-code": code, "hand_over-quantity": "95"},
    )
    assert wrong.status_code == 422
    assert 'value="95"' in wrong.content.decode()
    assert "From 1 to 90 can be handed over" in read(wrong).main
    client.post(
        reverse("orders:supplier-order-act", args=[order.number, "hand_over"]),
        sent | {"hand_over-code": code, "hand_over-quantity": "40"},
    )
    assert order.deliveries.get().quantity == 40


def test_one_thing__is_handed_over_without_being_counted(world: World) -> None:
    order = accepted(world, 1)
    page = open_page(world.client(world.supplier_actor), f"/supply/orders/{order.number}")
    assert "hand_over-quantity" not in page.html
    assert confirmed(world, brought(world, order)).state == State.RECEIVED


# --- a part each month


def monthly(world: World, quantity: int, parts: int) -> Order:
    Kind.objects.filter(pk=world.kind.pk).update(consumable=True)
    draft = world.draft(quantity, parts=str(parts))
    order = actions.submit_order(actor=world.actor, draft_key=draft.pk)
    order = actions.accept_order(actor=world.supplier_actor, order=order, ready_on=clock.today() + timedelta(days=5))
    return actions.record_top_up(actor=world.supplier_actor, order=order, receipt="CHK-1")


def test_monthly_parts__come_a_month_apart(world: World) -> None:
    order = monthly(world, 100, 3)
    promised = order.ready_on
    assert promised == date(2026, 11, 14)
    counts, days = [], []
    while order.state != State.RECEIVED:
        days.append(order.ready_on)
        order = brought(world, order)
        counts.append(order.deliveries.order_by("-n")[0].quantity)
        order = confirmed(world, order)
    assert counts == [34, 33, 33]
    assert days == [date(2026, 11, 14), date(2026, 12, 14), date(2027, 1, 14)]


def test_first_part__says_by_which_day_the_next_one_is_due(world: World) -> None:
    order, client = monthly(world, 90, 3), world.client(world.supplier_actor)
    address = f"/supply/orders/{order.number}"
    told = open_page(client, address).main.replace("\u00a0", " ")
    assert "Still to come: 90. Due now: 30. The next part is due by 14 December 2026." in told
    order = confirmed(world, brought(world, order))
    assert order.ready_on == date(2026, 12, 14), "as the page has said"


def test_less_than_a_part__moves_the_promised_day_of_none(world: World) -> None:
    order = monthly(world, 90, 3)
    first = order.ready_on
    order = confirmed(world, brought(world, order, 20))
    assert order.ready_on == first
    order = confirmed(world, brought(world, order, 10))
    assert order.ready_on == date(2026, 12, 14)
    order = confirmed(world, brought(world, order, 59))
    assert order.ready_on == date(2027, 1, 14), "the second part is whole, the third is due"


def test_month__that_has_not_come_is_not_late(world: World) -> None:
    order = confirmed(world, brought(world, monthly(world, 90, 3)))
    with clock.at(make.MORNING + timedelta(days=20)):
        workflow.sweep()
        order.refresh_from_db()
        assert order.office_task == ""
    with clock.at(make.MORNING + timedelta(days=37)):
        workflow.sweep()
        order.refresh_from_db()
        assert order.office_task == Order.OfficeTask.LATE


def test_monthly_parts__are_asked_only_of_what_is_used_up(world: World) -> None:
    client, draft = world.client(world.actor), world.draft(90)
    address = reverse("orders:step", args=[draft.pk, "delivery"])
    assert "When do you want the goods?" not in open_page(client, address).main
    Kind.objects.filter(pk=world.kind.pk).update(consumable=True)
    page = open_page(client, address)
    assert "In 3 parts, one a month" in page.main
    typed = {"address": "Абай көшесі 1", "phone": "+77011234567", "parts": "3"}
    assert client.post(address, pressed(page, "Continue") | typed).status_code == 302
    check = client.get(reverse("orders:form", args=[draft.pk]), follow=True)
    assert "In 3 parts, one a month" in read(check).main


def test_parts__are_kept_when_the_item_is_ordered_again(world: World) -> None:
    Kind.objects.filter(pk=world.kind.pk).update(consumable=True)
    order = monthly(world, 90, 3)
    assert reached(world.actor, world.line, 90)["parts"] == "3"
    assert reached(world.actor, world.line, 50)["parts"] == "2", "no part is smaller for it than it was"
    assert "parts" not in reached(world.actor, world.line, 4)
    other = make.programme(world.person, make.kind("GI-02")).lines.get()
    assert "parts" not in reached(world.actor, other, 90), "another item has its own"
    Order.objects.filter(pk=order.pk).update(monthly_parts=1)
    assert "parts" not in reached(world.actor, world.line, 90)


def test_what_is_not_used_up__comes_at_once_whatever_was_sent(world: World) -> None:
    order = actions.submit_order(actor=world.actor, draft_key=world.draft(90, parts="3").pk)
    assert order.monthly_parts == 1


@pytest.mark.parametrize(("sent", "parts"), [("", 1), ("1", 1), ("3", 3), ("12", 12)])
def test_parts__are_read_from_the_form(world: World, sent: str, parts: int) -> None:
    values = make.answers(world.line, world.version) | {"parts": sent}
    assert parse(values, form_version=FORM_VERSION).monthly_parts == parts


@pytest.mark.parametrize("sent", ["0", "13", "-1", "2.5", "two", "1e3"])
def test_parts__that_nobody_offers_are_refused_at_their_step(world: World, sent: str) -> None:
    values = make.answers(world.line, world.version) | {"parts": sent}
    with pytest.raises(RuleBroken) as refused:
        parse(values, form_version=FORM_VERSION)
    assert "delivery" in refused.value.code


def test_parts__are_never_more_than_units(world: World) -> None:
    values = make.answers(world.line, world.version, 2) | {"parts": "3"}
    assert parse(values, form_version=FORM_VERSION).monthly_parts == 2


@pytest.mark.parametrize(("window", "most"), [("year", 12), ("quarter", 3), ("month", 1), ("once", 12)])
def test_monthly_supply__has_as_many_parts_as_the_window_has_months(world: World, window: str, most: int) -> None:
    Kind.objects.filter(pk=world.kind.pk).update(consumable=True)
    Line.objects.filter(pk=world.line.pk).update(window=window)
    client, draft = world.client(world.actor), world.draft(365, parts="12")
    page = open_page(client, reverse("orders:step", args=[draft.pk, "delivery"]))
    offered = [n for n in range(2, 14) if f"In {n} parts, one a month" in page.main]
    assert offered == list(range(2, most + 1))
    assert ("<select" in page.html) == (most > 4)
    order = actions.submit_order(actor=world.actor, draft_key=draft.pk)
    assert order.monthly_parts == most
    assert rules.next_part(365, parts=most, received=0) == -(-365 // most)


# --- numbers


@given(
    person_part=st.decimals(0, 10**7, places=2, allow_nan=False, allow_infinity=False),
    cuts=st.lists(st.integers(1, 400), min_size=1, max_size=12),
)
def test_shares_of_parts__add_up_and_none_is_negative(person_part: Decimal, cuts: list[int]) -> None:
    whole = sum(cuts)
    upto = [rules.person_share(person_part, of=whole, units=sum(cuts[:n])) for n in range(len(cuts) + 1)]
    assert upto[0] == 0
    assert upto[-1] == person_part
    assert all(later >= earlier for earlier, later in pairwise(upto))


@given(quantity=st.integers(1, 5000), parts=st.integers(1, 12))
def test_monthly_parts__are_alike_and_come_to_the_whole(quantity: int, parts: int) -> None:
    parts, received, counts = min(parts, quantity), 0, []
    while received < quantity:
        counts.append(rules.next_part(quantity, parts=parts, received=received))
        received += counts[-1]
    assert sum(counts) == quantity
    assert len(counts) == parts
    assert max(counts) - min(counts) <= 1


def test_quantity_due__is_what_is_left_where_other_numbers_came(world: World) -> None:
    order = confirmed(world, brought(world, monthly(world, 90, 3), 10))
    assert queries.next_quantity(order) == 20, "the first month is made up first"
