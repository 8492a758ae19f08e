"""What a person pays, in what is signed and in what is told of it: "free" is no amount."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation
from tests import factories as make
from tests.kit.pages import open_page
from tests.kit.world import World
from tests.orders.declared import handed_over, received

from tirek.catalogue.actions import change_price
from tirek.core import clock, signing
from tirek.notices.models import SentMessage
from tirek.orders import act_sheet, actions, acts
from tirek.orders.models import Delivery, Order
from tirek.orders.repeats import since_last
from tirek.orders.signing import AGREEMENT
from tirek.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.finding("J-free-said")]


@pytest.fixture
def world() -> Iterator[World]:
    """Diapers that cost less than the guaranteed amount."""
    with clock.at(make.MORNING):
        yield World(price=Decimal(180))


def costly(world: World) -> Order:
    """An order of which the person pays 20 of each."""
    change_price(actor=world.supplier_actor, variant=world.version.variant, price=Decimal(220))
    draft = world.draft(3, version=str(make.version_of(world.offer).pk))
    return actions.submit_order(actor=world.actor, draft_key=draft.pk)


def lines(text: str) -> list[str]:
    return text.replace("\u00a0", " ").split("\n")


@pytest.mark.parametrize(
    ("language", "free", "dear"),
    [
        ("en", "Free for the person", "The person pays 20 ₸ each, 60 ₸ for 3 pieces"),
        ("ru", "Для получателя бесплатно", "Доплата получателя: 20 ₸ за единицу, 60 ₸ за 3 шт."),
        ("kk", "Алушыға тегін", "Алушының қосымша төлемі: бір данасына 20 ₸, барлығы 60 ₸ (3 дана)"),
    ],
)
def test_signed_words__say_free_or_the_whole_price(world: World, language: str, free: str, dear: str) -> None:
    order, draft = handed_over(world), world.draft(3, actor=world.officer)
    delivery = Delivery.objects.get(order=order)
    with translation.override(language):
        agreed, _part = actions.words_to_agree_to(draft, {})
        for said in (acts.receipt_text(order, delivery), acts.supplier_act(order, delivery), agreed):
            assert free in lines(said)
            assert " 0 ₸" not in said.replace("\u00a0", " ")
        delivery.person_part = None  # as before parts of an order had a price of their own
        assert dear in lines(acts.receipt_text(costly(world), delivery))


@pytest.mark.parametrize(("price", "told"), [(180, "a new order. Free for you. Valid"), (220, "You pay 60 ₸. Valid")])
def test_code__says_what_is_paid_for_the_order_that_it_agrees_to(world: World, price: int, told: str) -> None:
    change_price(actor=world.supplier_actor, variant=world.version.variant, price=Decimal(price))
    Person.objects.filter(pk=world.person.pk).update(language="en")
    draft = world.draft(3, actor=world.officer, version=str(make.version_of(world.offer).pk))
    with translation.override("en"):
        AGREEMENT.ask(world.officer, (draft, {}))
    assert told in SentMessage.objects.get().text.replace("\u00a0", " ")


def test_old_signature__proves_and_shows_the_words_that_were_signed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = handed_over(world)
    told: list[dict[str, Any]] = []
    words = "АЛУДЫ РАСТАУ\nАлушының қосымша төлемі: 0\u00a0₸"
    document = signing.Document(actions.SIGN_RECEIPT, "order", order.pk, words, "receipt-2026-12-2", "kk")
    signature = signing.record_paper(world.officer, document, signing.Signer(user_id=make.user_of(world.actor)))
    order = actions.confirm_receipt(actor=world.actor, order=order, signature_id=signature.pk)
    monkeypatch.setattr(act_sheet, "pdf", lambda _template, about: told.extend(about["parts"]) or b"")
    act_sheet.signed_act(order)
    in_kazakh, in_russian = (part["documents"][1] for part in told)
    assert [in_kazakh["title"], *in_kazakh["lines"]] == words.split("\n")
    assert "Для получателя бесплатно" in in_russian["lines"]
    assert signing.digest(words).hex() in told[0]["signature"]["lines"][-1]


def test_what_one_pays__that_was_free_is_no_amount(world: World) -> None:
    last = received(world)
    change_price(actor=world.supplier_actor, variant=world.version.variant, price=Decimal(220))
    with translation.override("en"):
        said = since_last(world.line, make.version_of(world.offer), last.quantity, Decimal(20), last.number)
    told = "What you pay for one has changed: it was free, now it is 20 ₸."
    assert told in [one.replace("\u00a0", " ") for one in said]


def test_pages_of_staff__say_free(world: World) -> None:
    order = world.order(3)
    for actor, name in ((world.officer, "orders:officer-order"), (world.supplier_actor, "orders:supplier-order")):
        page = open_page(world.client(actor), reverse(name, args=[order.number]))
        assert "The person pays free" in page.main
