"""A batch is put on hold while it is handed over, and one serial number is handed over twice at a time, with real
threads: the order of the two is what counts. The control takes the lock away, and the harmful goods are out.
"""

from collections.abc import Callable

import pytest
from django.db import transaction
from tests import factories as make
from tests.kit.together import KEPT_OUT, at_once, meeting

from tirek.core import clock
from tirek.core.database import locks
from tirek.core.errors import Busy, RuleBroken
from tirek.orders import actions, numbers
from tirek.orders.actions import delivering, keeping
from tirek.orders.models import Batch, Item, Order
from tirek.orders.queries import door_code_for

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def _accepted(shop: make.Shop, quantity: int) -> Order:
    with clock.at(make.MORNING):
        return actions.accept_order(actor=shop.supplier_actor, order=shop.order(quantity), ready_on=clock.today())


def _hand_over(shop: make.Shop, order: Order, typed: str) -> Callable[[], object]:
    with clock.at(make.MORNING):
        code = door_code_for(shop.actor, order)
    return lambda: actions.hand_over(actor=shop.supplier_actor, order=order, code=code, numbers=typed)


def _shop(kind: str) -> make.Shop:
    with clock.at(make.MORNING):
        return make.Shop(stock=1000, kind_code=kind)


def _hold() -> list[Item]:
    """Put the batch on hold; who has goods of it then."""
    with transaction.atomic():
        batch = keeping.locked_batch(Batch.objects.get().pk)
        keeping.hold(batch)
        return list(batch.items.all())


def _batch(shop: make.Shop) -> None:
    offer = shop.offer
    Batch.objects.create(kind=shop.kind, maker=numbers.maker_key(offer.maker, offer.pk), number="L204")


def test_hold_against_hand_over__the_goods_are_kept_back_or_their_receiver_is_known() -> None:
    shop = _shop("GI-01")
    order = _accepted(shop, 30)
    _batch(shop)
    # both stand before their last step, with the lock or without
    with (
        meeting(keeping, "_to", seconds=KEPT_OUT, before=True),
        meeting(delivering, "keep_items", seconds=KEPT_OUT, before=True),
    ):
        handed, warned = at_once(_hand_over(shop, order, "L-204"), _hold)
    assert isinstance(warned, list), warned
    order.refresh_from_db()
    if isinstance(handed, RuleBroken | Busy):
        assert (order.state, warned, Item.objects.count()) == (Order.State.ACCEPTED, [], 0)
    else:
        assert order.state == Order.State.AWAITING_CONFIRMATION
        assert [one.person_id for one in warned] == [shop.person.pk]
    assert Batch.objects.get().state == Batch.State.HELD


def test_control__without_the_lock_harmful_goods_are_out_and_nobody_is_warned(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = _shop("GI-01")
    order = _accepted(shop, 30)
    _batch(shop)
    real = locks.lock_rows
    monkeypatch.setattr(
        locks,
        "lock_rows",
        lambda model, keys: model.objects.in_bulk(list(keys)) if model is Batch else real(model, keys),
    )
    reached, held = [], []

    def hand_over() -> object:
        return _hand_over(shop, order, "L-204")()

    def hold_in_between(*given: object, **more: object) -> object:
        reached.append(1)
        held.extend(at_once(_hold))
        return real_keep(*given, **more)  # type: ignore[arg-type]

    real_keep = keeping.keep_items
    monkeypatch.setattr(delivering, "keep_items", hold_in_between)
    [handed] = at_once(hand_over)
    assert isinstance(handed, Order), handed
    assert (reached, held) == ([1], [[]])
    assert Item.objects.get().batch == Batch.objects.get(state=Batch.State.HELD)


def test_one_serial_number_at_two_doors__is_handed_over_once() -> None:
    shop = _shop("SM-01")
    first, second = _accepted(shop, 1), _accepted(shop, 1)
    with meeting(delivering, "keep_items", seconds=KEPT_OUT, before=True):
        results = at_once(_hand_over(shop, first, "wc-1"), _hand_over(shop, second, "WC1"))
    assert sorted(isinstance(one, RuleBroken | Busy) for one in results) == [False, True], results
    assert Item.objects.count() == 1
