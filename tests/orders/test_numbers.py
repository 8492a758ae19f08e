"""Numbers of goods at the hand-over: read by one parser, kept with the items, on the act, on the pages."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from tests import factories as make
from tests.kit import pages
from tests.kit.sign_in import signed_in
from tests.kit.world import World

from tirek.core import clock
from tirek.core.errors import RuleBroken
from tirek.orders import actions, numbers
from tirek.orders.items import of_an_order
from tirek.orders.models import Batch, Delivery, Item, Order, Stop, StoppedNumber
from tirek.orders.numbers import Told
from tirek.orders.queries import door_code_for
from tirek.orders.signing import RECEIPT


@pytest.fixture
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("sn-00 17/a", "SN0017/A"),
        ("  АВ–12 ", "AB12"),
        ("х2.5", "X2.5"),
        ("Ж-7", "Ж7"),
        ("a" * 41, ""),
        ("<b>", ""),
        ("--", ""),
        ("\u200e1\u202e2\u2069", "12"),
        ("1\x002", ""),
        ("٣", "٣"),
    ],
)
def test_number__is_compared_without_case_spaces_and_dashes(typed: str, kept: str) -> None:
    assert numbers.normal(typed) == kept


@given(st.text(max_size=60))
def test_number__is_read_the_same_a_second_time(text: str) -> None:
    once = numbers.normal(text)
    assert numbers.normal(once) == once


@given(st.text(max_size=200), st.integers(1, 5))
def test_numbers__of_any_text_make_up_the_count_or_are_refused(text: str, count: int) -> None:
    for read in (numbers.serials, numbers.batches):
        try:
            told = read(text, count)
        except RuleBroken:
            continue
        assert sum(one.quantity for one in told) == count
        assert all(len(one.number) <= numbers.LONGEST for one in told)


def test_serials__are_as_many_as_pieces() -> None:
    assert numbers.serials("a-1, a-2;a-3\n\n", 3) == [Told("A1", 1), Told("A2", 1), Told("A3", 1)]
    for wrong in ("", "A1", "A1\nA2\nA3\nA4", "A1\nA2\na-1"):
        with pytest.raises(RuleBroken):
            numbers.serials(wrong, 3)


def test_batches__carry_quantity_and_last_day() -> None:
    assert numbers.batches("L-204", 60) == [Told("L204", 60)]
    assert numbers.batches("", 60) == [Told("", 60)]
    assert numbers.batches("L-204; 40; 31.12.2027\nL-205; 20", 60) == [
        Told("L204", 40, date(2027, 12, 31)),
        Told("L205", 20),
    ]
    for wrong in ("L1;10\nL2;20", "L1;30\nl-1;30", "L1\nL2", "L1;60;31.02.2027", "L1;60;soon", "L1;60;1.1.2027;x"):
        with pytest.raises(RuleBroken):
            numbers.batches(wrong, 60)


def _accepted(shop: make.Shop, quantity: int) -> Order:
    return actions.accept_order(actor=shop.supplier_actor, order=shop.order(quantity), ready_on=clock.today())


def _handed(shop: make.Shop, order: Order, typed: str, **more: Any) -> Order:
    code = door_code_for(shop.actor, order)
    return actions.hand_over(actor=shop.supplier_actor, order=order, code=code, numbers=typed, **more)


def _received(shop: make.Shop, order: Order) -> Order:
    officer = make.officer(shop.place)
    return actions.confirm_receipt(actor=officer, order=order, signature_id=RECEIPT.on_paper(officer, order).pk)


def _chairs(**more: Any) -> make.Shop:
    return make.Shop(kind_code="SM-01", quantity=4, months=None, **more)


@pytest.mark.django_db
def test_serial_numbers__stand_on_the_item_and_on_the_act() -> None:
    shop = _chairs()
    order = _handed(shop, _accepted(shop, 2), "wc-001\nwc-002")
    items = Item.objects.filter(delivery__order=order).order_by("number")
    assert [(one.number, one.quantity, one.person_id, one.warranty_until) for one in items] == [
        ("WC001", 1, shop.person.pk, None),
        ("WC002", 1, shop.person.pk, None),
    ]
    act = bytes(Delivery.objects.get(order=order).act).decode()
    assert "WC001, WC002" in act


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["", "wc-001", "wc-001\nwc-001", "wc-001\nwc-002\nwc-003", "wc-001\n<script>"])
def test_serial_numbers__that_are_not_those_of_the_pieces_hand_nothing_over(typed: str) -> None:
    shop = _chairs()
    order = _accepted(shop, 2)
    with pytest.raises(RuleBroken) as refused:
        _handed(shop, order, typed)
    assert refused.value.code == "numbers"
    order.refresh_from_db()
    assert (order.state, Item.objects.count(), Delivery.objects.count()) == (Order.State.ACCEPTED, 0, 0)


@pytest.mark.django_db
@pytest.mark.usefixtures("_english")
def test_serial_number__belongs_to_one_item_at_a_time() -> None:
    shop = _chairs()
    first = _handed(shop, _accepted(shop, 1), "wc-001")
    again = _accepted(shop, 1)
    with translation.override("en"), pytest.raises(RuleBroken, match="numbers") as refused:
        _handed(shop, again, "WC 001")
    assert "has not come back" in str(refused.value.message)
    actions.refuse_delivery(actor=shop.actor, order=first, reason="defect")
    _handed(shop, again, "WC 001")
    assert sorted(Item.objects.values_list("number", "ended_because")) == [("WC001", ""), ("WC001", "refused")]


@pytest.mark.django_db
def test_warranty__begins_with_the_receipt() -> None:
    shop = _chairs()
    shop.offer = make.offer(shop.supplier, shop.kind, price=shop.price, to=f"{shop.place.code[:2]}0000000", warranty=24)
    shop.version = make.version_of(shop.offer)
    order = _handed(shop, _accepted(shop, 1), "wc-001")
    with clock.at(clock.now() + timedelta(days=3)):
        order = _received(shop, order)
        item = Item.objects.get()
        assert item.warranty_until is not None
        assert (item.warranty_until.year, item.warranty_until.month) == (clock.today().year + 2, clock.today().month)


@pytest.mark.django_db
def test_batches__are_one_row_for_everybody() -> None:
    shop = make.Shop()
    _handed(shop, _accepted(shop, 30), "L-204; 20; 31.12.2027\nL-205; 10")
    _handed(shop, _accepted(shop, 10), "l 204")
    assert sorted(Batch.objects.values_list("kind", "number")) == [("GI-01", "L204"), ("GI-01", "L205")]
    assert Item.objects.filter(batch__number="L204").count() == 2


@pytest.mark.django_db
def test_officer__confirms_a_hand_over_without_knowing_the_numbers() -> None:
    shop = _chairs()
    officer = make.officer(shop.place)
    order = actions.confirm_hand_over(actor=officer, order=_accepted(shop, 2), reason="lost")
    assert list(Item.objects.filter(delivery__order=order).values_list("number", "quantity")) == [("", 2)]


@pytest.mark.django_db
def test_officer__has_to_know_the_serial_numbers_while_some_of_the_maker_are_on_hold() -> None:
    world = World(kind_code="SM-01", quantity=4)
    officer, order = world.client(make.officer(world.place)), _accepted(world, 2)
    address = reverse("orders:officer-order-act", args=[order.number, "confirm_hand_over"])
    assert "Serial numbers (optional)" in pages.text(officer, address)
    stop = Stop.objects.create(kind=world.kind, maker=of_an_order(order).maker, by=Stop.By.NUMBERS, state="held")
    StoppedNumber.objects.create(stop=stop, number="WC9")
    page = pages.text(officer, address)
    assert ("Serial numbers" in page, "Serial numbers (optional)" in page) == (True, False)
    sent = {"confirm_hand_over-reason": "lost", "confirm_hand_over-quantity": "2"}
    refused = " ".join(pages.read(officer.post(address, sent)).errors)
    assert "Without serial numbers these cannot be handed over. Type the serial number of each piece." in refused
    sent["confirm_hand_over-numbers"] = "wc-8\nwc-9"
    assert "Serial number WC9 is kept back" in " ".join(pages.read(officer.post(address, sent)).errors)
    assert officer.post(address, sent | {"confirm_hand_over-numbers": "wc-7\nwc-8"}).status_code == 302


@pytest.mark.django_db
@pytest.mark.usefixtures("_english")
def test_goods_that_made_somebody_ill__are_on_hold_in_the_same_moment() -> None:
    shop = make.Shop()
    order = _handed(shop, _accepted(shop, 30), "L-204")
    waiting = [_accepted(shop, 10) for _n in range(3)]
    actions.refuse_delivery(actor=shop.actor, order=order, reason="reaction")
    assert Batch.objects.get().state == Batch.State.HELD
    with translation.override("en"):
        check = pages.open_page(signed_in(shop.actor), reverse("orders:step", args=[shop.draft(5).pk, "check"]))
        door = pages.text(signed_in(shop.supplier_actor), reverse("orders:supplier-order", args=[waiting[0].number]))
    assert "Batch L204 of these goods is not handed over now. Another batch is brought." in check.main
    assert "Not handed over now: batch L204." in door
    for order, typed in ((waiting[0], "L 204"), (waiting[1], "")):
        with translation.override("en"):
            with pytest.raises(RuleBroken) as refused:
                _handed(shop, order, typed)
            assert (refused.value.code, "harm" in str(refused.value.message)) == ("numbers", bool(typed))
        order.refresh_from_db()
        assert order.state == Order.State.ACCEPTED
    _handed(shop, waiting[2], "L-205")


@pytest.mark.django_db
@pytest.mark.parametrize("reason", ["defect", "does_not_fit", "expired"])
def test_other_refusals__hold_nothing(reason: str) -> None:
    shop = make.Shop()
    order = _handed(shop, _accepted(shop, 30), "L-204")
    actions.refuse_delivery(actor=shop.actor, order=order, reason=reason)
    assert Batch.objects.get().state == Batch.State.FREE


@pytest.mark.django_db
def test_what_the_commission_gives_back__is_the_persons_again() -> None:
    shop = _chairs()
    order = _handed(shop, _accepted(shop, 1), "wc-001")
    order = actions.refuse_delivery(actor=shop.actor, order=order, reason="defect")
    order = actions.dispute_refusal(actor=shop.supplier_actor, order=order, words="It was whole.")
    conclusion = actions.Conclusion(number="7", day=clock.today(), reasons="As ordered.")
    officer = make.officer(shop.place)
    actions.decide_dispute(actor=officer, order=order, decision="for_supplier", conclusion=conclusion)
    assert Item.objects.get().ended_on is None


@pytest.mark.django_db
def test_what_somebody_else_has_got_meanwhile__is_not_given_back() -> None:
    shop = _chairs()
    refused = actions.refuse_delivery(
        actor=shop.actor, order=_handed(shop, _accepted(shop, 1), "wc-1"), reason="defect"
    )
    refused = actions.dispute_refusal(actor=shop.supplier_actor, order=refused, words="It was whole.")
    _handed(shop, _accepted(shop, 1), "wc-1")
    conclusion = actions.Conclusion(number="7", day=clock.today(), reasons="As ordered.")
    with pytest.raises(RuleBroken) as taken:
        actions.decide_dispute(
            actor=make.officer(shop.place), order=refused, decision="for_supplier", conclusion=conclusion
        )
    assert taken.value.code == "numbers"
    assert Item.objects.filter(ended_on__isnull=True).count() == 1


@pytest.mark.django_db
def test_numbers__are_typed_at_the_door_and_kept_when_something_is_wrong() -> None:
    world = World(kind_code="SM-01", quantity=4)
    order = _accepted(world, 2)
    seller = world.client(world.supplier_actor)
    address, code = f"/supply/orders/{order.number}/hand_over", door_code_for(world.actor, order)
    refused = seller.post(address, {"hand_over-code": code, "hand_over-numbers": "wc-1"})
    assert refused.status_code == 422
    assert "Pieces: 2" in " ".join(pages.read(refused).errors)
    assert "wc-1" in refused.content.decode()
    done = seller.post(address, {"hand_over-code": code, "hand_over-numbers": "wc-1\nwc-2"})
    assert done.status_code == 302
    for client, where in ((seller, "/supply/orders/"), (world.client(world.actor), "/orders/")):
        assert "serial number WC1" in pages.text(client, f"{where}{order.number}")
