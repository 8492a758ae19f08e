"""At the counter an officer types and the person decides: by a code to the phone on file, or by a signature on the
printed page.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from tests import factories as make
from tests.kit.pages import on_paper
from tests.kit.sign_in import for_years
from tests.orders.test_defences import handed_over

from tirek.catalogue.actions import change_price
from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.case import journal
from tirek.core.drafts import Draft
from tirek.core.errors import NotAllowed, RuleBroken
from tirek.core.personal import retention
from tirek.core.signing import Signature, messaging
from tirek.orders import actions, signing
from tirek.orders.models import Order
from tirek.people.actions import add_representation, end_representation
from tirek.people.models import Person, Representation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_english")]


@pytest.fixture
def _english() -> Iterator[None]:
    with translation.override("en"), clock.at(make.MORNING):
        yield


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[messaging.ShortMessage]:
    """What went to phones."""
    messages: list[messaging.ShortMessage] = []
    monkeypatch.setattr(messaging, "send", messages.append)
    return messages


@pytest.fixture
def shop() -> make.Shop:
    made = make.Shop()
    Person.objects.filter(pk=made.person.pk).update(language="en")  # what is signed at the counter is in the person's
    return made


@pytest.fixture
def clerk(shop: make.Shop) -> Actor:
    return make.officer(shop.place)


def _code(sent: list[messaging.ShortMessage]) -> str:
    found = re.search(r"\b\d{6}\b", sent[-1].text)
    assert found is not None
    return found.group()


def _pages(draft: Draft) -> tuple[str, str]:
    return reverse("orders:step", args=[draft.pk, "check"]), reverse("orders:sign", args=[draft.pk])


def _shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.mission("S0.6", "S0.7")
def test_counter__the_person_agrees_by_a_code_and_the_record_says_who_typed_and_who_decided(
    shop: make.Shop, clerk: Actor, sent: list[messaging.ShortMessage]
) -> None:
    draft, client = shop.draft(30, actor=clerk, consent=""), for_years(clerk)
    check, agree = _pages(draft)
    page = _shown(client, check)
    assert "The person agrees to exactly these words" in page
    assert "consent" not in page.partition("<main")[2]
    assert page.count("I order these goods in this quantity.") == 1
    asked = client.post(agree, {"step": "ask"})["Location"]
    assert asked.startswith(f"{check}?asked=")
    assert sent[-1].address == "+77011234567"
    key = asked.rpartition("=")[2]
    assert (
        client.post(
            agree, {"step": "sign", "asked": key, "code": "000000" if _code(sent) != "000000" else "000001"}
        ).status_code
        == 422
    )
    assert not Order.objects.exists()
    answer = client.post(agree, {"step": "sign", "asked": key, "code": _code(sent)})
    order = Order.objects.get()
    assert answer["Location"] == reverse("orders:receipt", args=[order.number])
    [event] = journal.events_of(order)
    signature = Signature.objects.get()
    assert (event.data["typed_by"], event.data["decided_by"]) == (str(clerk.user_id), str(shop.actor.user_id))
    assert event.data["signature"] == str(signature.pk)
    words = bytes(signature.text).decode()
    for told in (shop.person.full_name, "Quantity: 30", "The budget pays", "No diagnosis is passed on"):
        assert told in words
    # the same press again leads to the same order
    again = client.post(agree, {"step": "sign", "asked": key, "code": _code(sent)})
    assert again["Location"] == answer["Location"]
    assert Order.objects.count() == 1


def test_counter__the_person_agrees_on_paper(shop: make.Shop, clerk: Actor) -> None:
    draft, client = shop.draft(30, actor=clerk, consent=""), for_years(clerk)
    client.post(_pages(draft)[1], on_paper())
    assert Order.objects.get().consent_version
    signature = Signature.objects.get()
    assert (signature.strength, signature.recorded_by) == (Signature.Strength.PAPER, clerk.user_id)


def test_counter__without_the_person_nothing_is_sent(shop: make.Shop, clerk: Actor) -> None:
    draft, client = shop.draft(30, actor=clerk), for_years(clerk)
    with pytest.raises(RuleBroken) as refused:
        actions.submit_order(actor=clerk, draft_key=draft.pk)
    assert refused.value.code == "not_agreed"
    for step in ("send", "sign", "", "anything"):
        assert client.post(_pages(draft)[1], {"step": step, "code": "123456"}).status_code == 422
    # the recipient's own way is not open to an officer
    assert client.post(reverse("orders:submit", args=[draft.pk]), {"consent": "on"}).status_code == 403
    assert not Order.objects.exists()


def test_counter__an_agreement_holds_for_its_words_and_its_draft_only(shop: make.Shop, clerk: Actor) -> None:
    draft, other = shop.draft(30, actor=clerk), shop.draft(31, actor=clerk)
    signature = signing.AGREEMENT.on_paper(clerk, (draft, {}))
    with pytest.raises(RuleBroken) as refused:
        actions.submit_order(actor=clerk, draft_key=other.pk, signature_id=signature.pk)
    assert refused.value.code == "not_signed"
    change_price(actor=shop.supplier_actor, variant=shop.version.variant, price=Decimal(190))
    draft.fields["version"]["value"] = str(make.version_of(shop.offer).pk)
    draft.save()
    with pytest.raises(RuleBroken) as refused:
        actions.submit_order(actor=clerk, draft_key=draft.pk, signature_id=signature.pk)
    assert refused.value.code == "agreed_to_other_words"
    page = for_years(clerk).post(_pages(draft)[1], {"step": "send"}).content.decode()
    assert "Ask for a new code" in page


def test_counter__what_was_agreed_is_not_asked_for_twice_when_the_order_could_not_go(
    shop: make.Shop, clerk: Actor
) -> None:
    draft, client = shop.draft(30, actor=clerk), for_years(clerk)
    variant = shop.version.variant
    type(variant).objects.filter(pk=variant.pk).update(stock=5)
    answer = client.post(_pages(draft)[1], on_paper())
    assert answer.status_code == 422
    type(variant).objects.filter(pk=variant.pk).update(stock=500)
    assert "These words are signed already." in _shown(client, _pages(draft)[0])
    assert client.post(_pages(draft)[1], {"step": "send"}).status_code == 302
    assert Signature.objects.count() == 1
    assert Order.objects.count() == 1


@pytest.mark.finding("R-signer-left")
@pytest.mark.parametrize("by_code", [True, False])
def test_counter__who_may_not_sign_any_more_has_agreed_to_nothing(
    shop: make.Shop, clerk: Actor, sent: list[messaging.ShortMessage], by_code: bool
) -> None:
    guardian, draft, client = make.person(place=shop.place), shop.draft(30, actor=clerk), for_years(clerk)
    right = add_representation(
        actor=make.officer(shop.place),
        representative=guardian,
        represented=shop.person,
        basis=Representation.Basis.ATTORNEY,
        document_number="АА 1",
        since=clock.today(),
    )
    check, agree = _pages(draft)
    if by_code:
        asked = client.post(agree, {"step": "ask", "signer": str(guardian.pk)})["Location"]
        press = {"step": "sign", "asked": asked.rpartition("=")[2], "code": _code(sent)}
    else:
        variant = shop.version.variant
        type(variant).objects.filter(pk=variant.pk).update(stock=5)
        assert client.post(agree, on_paper(signer=str(guardian.pk))).status_code == 422
        type(variant).objects.filter(pk=variant.pk).update(stock=500)
        press = {"step": "send"}
        assert "These words are signed already." in _shown(client, check)
    end_representation(actor=make.officer(shop.place), representation=right)
    assert "These words are signed already." not in _shown(client, check)
    answer = client.post(agree, press)
    assert (answer.status_code, Order.objects.count()) == (422, 0)
    assert "The code is no longer valid." in answer.content.decode()
    assert client.post(agree, on_paper()).status_code == 302
    assert Signature.objects.order_by("-pk")[0].on_behalf_of is None


def test_counter__an_officer_close_to_the_person_asks_for_no_agreement(shop: make.Shop, clerk: Actor) -> None:
    close = type(clerk)(**{name: getattr(clerk, name) for name in clerk.__slots__} | {"person_id": shop.person.pk})
    draft = shop.draft(30, actor=clerk)
    for ask in (signing.AGREEMENT.ask, signing.AGREEMENT.on_paper):
        with pytest.raises(NotAllowed):
            ask(close, (draft, {}))
    assert not Signature.objects.exists()


def test_counter__without_a_phone_on_file_only_paper_is_offered(shop: make.Shop, clerk: Actor) -> None:
    user = shop.person.user
    assert user is not None
    type(user).objects.filter(pk=user.pk).update(phone="")
    draft, client = shop.draft(30, actor=clerk), for_years(clerk)
    page = _shown(client, _pages(draft)[0])
    assert 'value="ask"' not in page
    assert f'href="{_pages(draft)[0]}?paper=1"' in page
    assert client.post(_pages(draft)[1], {"step": "ask"}).status_code == 422


def test_counter__what_is_missing_is_said_instead_of_the_words(shop: make.Shop, clerk: Actor) -> None:
    draft, client = shop.draft(30, actor=clerk, address="x"), for_years(clerk)
    page = _shown(client, _pages(draft)[0])
    assert "must be 2 characters or more" in page
    assert "signed-text" not in page
    assert client.post(_pages(draft)[1], on_paper()).status_code == 422


def test_counter__a_form_that_was_changed_meanwhile_is_looked_through_and_sent(shop: make.Shop, clerk: Actor) -> None:
    draft, client = shop.draft(30, actor=clerk), for_years(clerk)
    type(draft).objects.filter(pk=draft.pk).update(form_version=0)
    assert "The person agrees to exactly these words" in _shown(client, _pages(draft)[0])
    assert client.post(_pages(draft)[1], on_paper()).status_code == 302
    assert Order.objects.count() == 1


def test_counter__the_words_that_name_the_address_are_forgotten_with_the_address(shop: make.Shop, clerk: Actor) -> None:
    order = actions.cancel_order(actor=shop.actor, order=shop.order(3, actor=clerk))
    kept = Signature.objects.get()
    assert order.address in bytes(kept.text).decode()
    with clock.at(make.MORNING + timedelta(days=800)):
        retention.run()
    order.refresh_from_db()
    forgotten = Signature.objects.get()
    assert (order.address, bytes(forgotten.text)) == ("", b"")
    assert bytes(forgotten.text_hash) == bytes(kept.text_hash)


@pytest.mark.finding("J-O2")
def test_second_officer__is_asked_for_only_of_who_may_not_record_the_paper(shop: make.Shop, clerk: Actor) -> None:
    """The order itself is signed before the officer who entered it; the receipt is not."""
    said, record, client = "Another officer records the paper signature", "The sheet is signed", for_years(clerk)
    check, _agree = _pages(shop.draft(30, actor=clerk, consent=""))
    page = _shown(client, check)
    assert (record in page, said in page) == (True, False)
    order = handed_over(shop)
    receipt = reverse("orders:officer-order-act", args=[order.number, "confirm"])
    page = _shown(client, receipt)
    assert (record in page, said in page) == (True, False), "this officer is the second one"
    Order.objects.filter(pk=order.pk).update(placed_by=clerk.user_id)
    page = _shown(client, receipt)
    assert (record in page, said in page) == (False, True)
    assert client.post(receipt, on_paper()).status_code == 422
    make.agree(shop.person)
    page = _shown(for_years(shop.actor), reverse("orders:recipient-order-act", args=[order.number, "confirm"]))
    assert (record in page, said in page) == (False, False)
