"""What ends an order locks the line before the stock, as a submit does; in the other order the two would wait for each
other.
"""

import threading
from collections.abc import Callable
from typing import Any, Final

import pytest
from tests import factories as make
from tests.orders.test_races import at_once

from tirek.catalogue import actions as stock
from tirek.catalogue.models import Variant
from tirek.core import clock
from tirek.core.errors import Busy
from tirek.entitlements import actions as ledger
from tirek.entitlements.actions import ledger as ledger_room
from tirek.orders import actions
from tirek.orders.actions import ending
from tirek.orders.models import Order

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
FREE: Final = 20.0


def _submit_meets(monkeypatch: pytest.MonkeyPatch, end: Callable[[make.Shop, Order], object]) -> list[object]:
    """A submit that holds the line waits, before it takes from the stock, until who ends another order of the line is
    there for the line; returns what both end with.
    """
    with clock.at(make.MORNING):
        shop = make.Shop()
        order, draft = shop.order(10), shop.draft(10)
    has_line, is_there = threading.Event(), threading.Event()
    take, lock = stock.take_stock, ledger_room.lock_line

    def take_later(*given: Any) -> None:
        has_line.set()
        is_there.wait(FREE)
        take(*given)

    def lock_now(key: Any) -> Any:
        is_there.set()
        return lock(key)

    monkeypatch.setattr(stock, "take_stock", take_later)
    # a submit takes its lock by another name
    monkeypatch.setattr(ledger_room, "lock_line", lock_now)

    def ended() -> object:
        has_line.wait(FREE)
        return end(shop, order)

    results = at_once(lambda: actions.submit_order(actor=shop.actor, draft_key=draft.pk), ended)
    assert is_there.is_set()
    assert has_line.is_set()
    return results


def _cancel(shop: make.Shop, order: Order) -> object:
    return actions.cancel_order(actor=shop.actor, order=order)


def _decline(shop: make.Shop, order: Order) -> object:
    return actions.decline_order(actor=shop.supplier_actor, order=order, reason="capacity")


@pytest.mark.parametrize("end", [_cancel, _decline], ids=["cancelled", "declined"])
def test_end_of_an_order__does_not_stand_in_the_way_of_a_submit(
    monkeypatch: pytest.MonkeyPatch, end: Callable[[make.Shop, Order], object]
) -> None:
    submitted, ended = _submit_meets(monkeypatch, end)
    assert isinstance(submitted, Order), submitted
    assert isinstance(ended, Order), ended
    assert Variant.objects.get().stock == 1000 - 10, "one order has taken, the other has given back"


def test_end_of_an_order__with_the_stock_first_one_of_the_two_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def stock_first(order: Order, *, to_stock: int) -> None:
        stock.return_stock(order.version_of_offer.variant_id, to_stock)
        ledger.release(case_id=order.pk, line_id=order.line_id)

    monkeypatch.setattr(ending, "give_back", stock_first)
    results = _submit_meets(monkeypatch, _cancel)
    assert sum(isinstance(one, Busy) for one in results) == 1, results
