"""The sheet that a person signs at the counter: who signs what, in which language, and what is asked before it is
recorded.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import translation
from tests import factories as make
from tests.kit.pages import on_paper, open_page, read, words
from tests.kit.sign_in import signed_in
from tests.kit.world import World

from tirek.core import clock
from tirek.core.identifiers import Iin
from tirek.core.signing import Signature
from tirek.orders.models import Order
from tirek.people.models import Needs, Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_english")]


@pytest.fixture
def _english() -> Iterator[None]:
    with translation.override("en"), clock.at(make.MORNING):
        yield


@pytest.fixture
def world() -> World:
    made = World()
    Person.objects.filter(pk=made.person.pk).update(language="en")
    return made


def confirm(order: Order, **query: object) -> str:
    address = reverse("orders:officer-order-act", args=[order.number, "confirm"])
    return f"{address}?paper=1" if query else address


@pytest.mark.finding("J-O1")
def test_sheet__says_who_signs_what_and_has_two_lines_for_a_signature(world: World) -> None:
    order = world.delivered
    page = open_page(signed_in(world.officer), confirm(order))
    signed = words(page.html.partition('<div class="signed-text')[2].partition("</div>")[0])
    sheet = page.html.partition('<div class="signed-sheet')[2].partition("</div>")[0]
    for told in (
        f"Order: {order.number}",
        f"Recipient: {world.person.full_name}",
        "I, the recipient or the representative, have received these goods",
    ):
        assert told in signed
    assert f"{world.person.full_name}, IIN {Iin(world.person.iin)}" in words(sheet)
    assert world.person.iin not in page.html
    for line in ("Signature", "Surname and given name", "Date"):
        assert words(sheet).count(line) == 2, "the person's, and the officer's"
    assert "data-print" in page.html
    assert "only the sheet is printed" in page.main, "without a script a sentence says how"


@pytest.mark.finding("J-O1")
@pytest.mark.parametrize(("language", "told"), [("kk", "Алушы"), ("ru", "Получатель"), ("en", "Recipient")])
def test_sheet__speaks_the_language_of_the_person_and_the_page_that_of_the_officer(
    world: World, language: str, told: str
) -> None:
    Needs.objects.update_or_create(person=world.person, defaults={"contact_language": language})
    client = signed_in(world.officer)
    page = open_page(client, confirm(world.delivered))
    assert f'<div class="signed-text" lang="{language}">' in page.html
    assert told in page.html.partition('<div class="signed-text')[2].partition("</div>")[0]
    assert told in page.html.partition('<div class="signed-sheet')[2].partition("</div>")[0]
    assert "Confirm the receipt" in page.headings
    assert client.post(confirm(world.delivered), on_paper()).status_code == 302
    signature = Signature.objects.get(purpose__contains="receipt")
    assert (signature.language, told in bytes(signature.text).decode()) == (language, True)


@pytest.mark.finding("J-O1")
def test_paper__is_recorded_after_a_question_only_with_what_the_sheet_says(world: World) -> None:
    order, client = world.delivered, signed_in(world.officer)
    page = open_page(client, confirm(order))
    assert 'name="filed"' not in page.html, "one press records nothing"
    page = open_page(client, confirm(order, paper=1))
    assert "What does the signed sheet say?" in page.headings
    today = clock.today()
    for wrong, said in (
        (on_paper(filed=""), "lies in the file"),
        (on_paper(day=""), "Day beside the signature"),
        (on_paper(day=f"{today + timedelta(days=1)}"), "must be on or before"),
        (on_paper(day=f"{today - timedelta(days=1)}"), "must be on or after"),
    ):
        page = read(client.post(confirm(order), wrong))
        assert page.status == 422
        assert len(page.errors) == 1
        assert said in page.main
    assert not Signature.objects.filter(purpose__contains="receipt").exists()
    with clock.at(make.MORNING + timedelta(days=2)):
        later = signed_in(world.officer)
        assert later.post(confirm(order), on_paper(day=f"{today + timedelta(days=1)}")).status_code == 302
    signature = Signature.objects.get(purpose__contains="receipt")
    assert signature.paper_day == today + timedelta(days=1)
    assert isinstance(signature.paper_day, date)


@pytest.mark.finding("J-O1")
def test_paper__of_an_order_asks_first_too(world: World) -> None:
    client, draft = signed_in(world.officer), world.officer_draft
    sign, check = reverse("orders:sign", args=[draft.pk]), reverse("orders:step", args=[draft.pk, "check"])
    assert client.post(sign, {"step": "paper"}).status_code == 422
    assert not Order.objects.exists()
    assert "What does the signed sheet say?" in open_page(client, f"{check}?paper=1").headings
    assert client.post(sign, on_paper()).status_code == 302
    assert Order.objects.count() == 1


@pytest.mark.finding("J-O3")
@pytest.mark.parametrize(
    ("needs", "said"),
    [
        ({}, ["Let the recipient read these words."]),
        ({"large_print": True}, ["read these words aloud"]),
        ({"easy_read": True}, ["Let the recipient read these words.", "explain each line in plain words"]),
        ({"sign_language": True}, ["Let the recipient read these words.", "ask a sign-language specialist to help"]),
        ({"no_voice_calls": True}, ["Let the recipient read these words.", "the recipient shows it to you"]),
        ({"large_print": True, "easy_read": True}, ["read these words aloud", "explain each line"]),
    ],
)
def test_needs__each_have_their_sentence_where_the_person_signs(
    world: World, needs: dict[str, bool], said: list[str]
) -> None:
    Needs.objects.update_or_create(person=world.person, defaults={**needs, "contact_language": "en"})
    draft = reverse("orders:step", args=[world.officer_draft.pk, "check"])
    for address in (confirm(world.delivered), draft):
        page = open_page(signed_in(world.officer), address)
        told = page.html.partition("govuk-list--bullet screen-only")[2].partition("</ul>")[0]
        assert all(one in words(told) for one in said)
        assert told.count("<li>") == len(said), "no other sentence"
        assert ("signed-text--large" in page.html) is needs.get("large_print", False)
