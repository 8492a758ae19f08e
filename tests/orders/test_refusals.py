"""What an order is not sent for, and what a receipt is not signed with."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests import factories as make

from tirek.accounts.actions import change_phone
from tirek.accounts.models import User
from tirek.catalogue.models import Variant
from tirek.core import clock, signing
from tirek.core.errors import RuleBroken
from tirek.core.signing import messaging
from tirek.entitlements.models import LedgerEntry
from tirek.orders import actions
from tirek.orders.models import Order
from tirek.orders.queries import door_code_for
from tirek.orders.signing import RECEIPT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.at(make.MORNING):
        yield


def _submit(shop: make.Shop, reach: str) -> Order:
    """Send an order of an offer that is delivered to ``reach``, as a form that was filled in before the reach
    changed.
    """
    version = make.version_of(make.offer(shop.supplier, shop.kind, stock=70, to=reach))
    return actions.submit_order(actor=shop.actor, draft_key=shop.draft(30, version=str(version.pk)).pk)


@pytest.mark.parametrize("reach", ["750000000", "101820000"], ids=["another region", "another district"])
def test_order__of_an_offer_that_is_not_delivered_here_is_not_sent_and_holds_nothing(reach: str) -> None:
    shop = make.Shop()
    with pytest.raises(RuleBroken) as refused:
        _submit(shop, reach)
    assert refused.value.code == "place"
    assert not Order.objects.exists()
    assert not LedgerEntry.objects.filter(kind="reserve").exists()
    assert set(Variant.objects.exclude(pk=shop.version.variant_id).values_list("stock", flat=True)) == {70}


@pytest.mark.parametrize("reach", ["100000000", "101810000"], ids=["the whole region", "this district"])
def test_order__of_an_offer_that_is_delivered_here_is_sent(reach: str) -> None:
    shop = make.Shop()
    assert _submit(shop, reach).state == Order.State.SUBMITTED


def test_receipt__is_not_signed_by_a_phone_that_was_changed_an_hour_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = list[messaging.ShortMessage]()
    monkeypatch.setattr(messaging, "send", sent.append)
    shop = make.Shop()
    order = actions.accept_order(actor=shop.supplier_actor, order=shop.order(10), ready_on=clock.today())
    order = actions.hand_over(actor=shop.supplier_actor, order=order, code=door_code_for(shop.actor, order))
    user = User.objects.get(pk=make.user_of(shop.actor))
    new = change_phone(actor=make.officer(shop.place), user=user, phone="+7 702 555 44 33").phone
    sent.clear()
    for wait in (timedelta(hours=1), timedelta(hours=23, minutes=59)):
        with clock.at(make.MORNING + wait), pytest.raises(RuleBroken) as refused:
            RECEIPT.ask(shop.actor, order)
        assert refused.value.code == "phone_too_new"
    assert sent == []
    assert not signing.Signature.objects.exists()
    with clock.at(make.MORNING + timedelta(hours=24)):
        RECEIPT.ask(shop.actor, order)
    assert [one.address for one in sent] == [new]
