"""A question about an order: one thing is asked, exactly that is answered, nothing else moves."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from tests import factories as make
from tests import pdfs
from tests.kit.pages import open_page, read
from tests.kit.world import World

from tirek.core import clock
from tirek.core.case import deadlines, effects, workflow
from tirek.core.errors import RuleBroken
from tirek.correspondence.models import Message
from tirek.entitlements.queries import status_of
from tirek.notices.models import Notice
from tirek.orders import actions, queries
from tirek.orders.models import Order
from tirek.people.models import Measurement

pytestmark = pytest.mark.django_db
State, Asked = Order.State, Order.Asked
#: Columns that an answer must leave alone.
KEPT = ("quantity", "unit_price", "budget_part", "person_part", "ready_on", "version_of_offer_id", "line_id")


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(make.MORNING), translation.override("en"):
        yield World()


def asked(world: World, field: str = "address", words: str = "Which entrance?") -> Order:
    return actions.ask_question(actor=world.supplier_actor, order=world.order(30), field=field, words=words)


def columns(order: Order) -> dict[str, object]:
    return {name: getattr(order, name) for name in (*KEPT, "address", "phone", "comment")}


@pytest.mark.parametrize(
    ("field", "answer"),
    [
        (Asked.ADDRESS, "Абай көшесі 1, 2-кіреберіс"),
        (Asked.PHONE, "+77021112233"),
        (Asked.COMMENT, "Екі рет соғыңыз"),
        (Asked.COMMENT, ""),
    ],
)
def test_answer__changes_what_was_asked_and_nothing_else(world: World, field: str, answer: str) -> None:
    order = asked(world, field)
    before = columns(order)
    assert (order.state, queries.question_of(order)) == (State.CLARIFYING, "Which entrance?")
    order = actions.answer_question(actor=world.actor, order=order, given={field: answer, "quantity": 999})
    order.refresh_from_db()
    assert columns(order) == before | {field: answer}
    assert (order.state, order.asked_about, queries.question_of(order)) == (State.SUBMITTED, "", "")
    assert status_of(world.line).availability.balance.reserved == 30
    assert Notice.objects.filter(template="order.answered_for_supplier").exists()


def test_time_to_accept__stands_still_and_begins_anew(world: World) -> None:
    order = world.order(30)
    with clock.at(make.MORNING + timedelta(days=9)):
        order = actions.ask_question(actor=world.supplier_actor, order=order, field="words", words="Left or right?")
        assert {one.transition for one in deadlines.open_of(order)} == {"answer"}
    with clock.at(make.MORNING + timedelta(days=20)):
        workflow.sweep()
        order.refresh_from_db()
        assert order.state == State.CLARIFYING, "nobody loses an order because of a question"
        order = actions.answer_question(actor=world.actor, order=order, given={"words": "Left"})
        [due] = deadlines.open_of(order)
        assert (due.transition, due.last_day) == ("accept", date(2026, 12, 9))
    assert "Left" in open_page(world.client(world.supplier_actor), f"/supply/orders/{order.number}").main


def test_question__that_nobody_answers_is_a_task_of_the_office(world: World) -> None:
    order = asked(world)
    with clock.at(make.MORNING + timedelta(days=16)):
        workflow.sweep()
        order.refresh_from_db()
        assert (order.state, order.office_task) == (State.CLARIFYING, Order.OfficeTask.QUESTION)
        assert Notice.objects.filter(template="order.question_reminder", user_id=world.actor.account).exists()
        assert order in queries.needing(world.officer)
        order = actions.answer_question(actor=world.officer, order=order, given={"address": "Абай 3"})
        assert (order.state, order.office_task) == (State.SUBMITTED, "")
        assert Notice.objects.filter(template="order.answered_for_you", user_id=world.actor.account).exists()


def test_words_that_the_office_records__reach_the_supplier_and_the_person(world: World) -> None:
    order = asked(world, Asked.WORDS, "Left or right?")
    order = actions.answer_question(actor=world.officer, order=order, given={"words": "The left one"})
    for actor, page in ((world.supplier_actor, "supply/orders"), (world.actor, "orders")):
        assert "The left one" in open_page(world.client(actor), f"/{page}/{order.number}").main


def test_sizes__are_recorded_with_the_person(world: World) -> None:
    order = asked(world, Asked.SIZES)
    with pytest.raises(RuleBroken) as refused:
        actions.answer_question(actor=world.actor, order=order, given={"waist_cm": None})
    assert refused.value.code == "sizes"
    with pytest.raises(RuleBroken) as refused:
        actions.answer_question(actor=world.actor, order=order, given={"waist_cm": Decimal(9000)})
    assert refused.value.code == "waist_cm"
    assert not Measurement.objects.filter(person=world.person).exists()
    actions.answer_question(actor=world.actor, order=order, given={"waist_cm": Decimal(84)})
    kept = Measurement.objects.get(person=world.person)
    assert (kept.parameter, kept.number, kept.source) == ("waist_cm", Decimal(84), Measurement.Source.SELF)


def test_fourth_question__is_not_asked(world: World) -> None:
    order = world.order(30)
    for _ in range(3):
        order = actions.ask_question(actor=world.supplier_actor, order=order, field="words", words="And now?")
        order = actions.answer_question(actor=world.actor, order=order, given={"words": "Yes"})
    with pytest.raises(RuleBroken) as refused:
        actions.ask_question(actor=world.supplier_actor, order=order, field="words", words="And now?")
    assert refused.value.code == "questions"
    order.refresh_from_db()
    assert order.state == State.SUBMITTED


@pytest.mark.parametrize(
    ("field", "words", "code"), [("diagnosis", "What?", "field"), ("", "What?", "field"), ("phone", " ", "words")]
)
def test_question__names_one_thing_and_says_something(world: World, field: str, words: str, code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        actions.ask_question(actor=world.supplier_actor, order=world.order(3), field=field, words=words)
    assert refused.value.code == code


@pytest.mark.parametrize("field", [Asked.ADDRESS, Asked.PHONE, Asked.WORDS])
def test_answer__that_says_nothing_is_none(world: World, field: str) -> None:
    order = asked(world, field)
    with pytest.raises(RuleBroken) as refused:
        actions.answer_question(actor=world.actor, order=order, given={field: "  "})
    assert refused.value.code == field


def test_supplier__may_still_decline_and_the_person_cancel(world: World) -> None:
    declined = actions.decline_order(actor=world.supplier_actor, order=asked(world), reason="capacity")
    assert declined.state == State.DECLINED
    cancelled = actions.cancel_order(actor=world.actor, order=asked(world))
    assert cancelled.state == State.CANCELLED
    assert status_of(world.line).availability.balance.reserved == 0


# --- pages


def test_person__opens_exactly_what_is_asked_with_the_question_beside_it(world: World) -> None:
    order, client = asked(world, words="Which entrance, and is there a lift?"), world.client(world.actor)
    page = open_page(client, f"/orders/{order.number}")
    assert "You are asked: “Which entrance, and is there a lift?”" in page.main
    assert order.address in page.main
    assert 'name="answer-address"' in page.html
    for other in ("phone", "comment", "words", "document", "quantity", "parts"):
        assert f'name="answer-{other}"' not in page.html
    address = reverse("orders:recipient-order-act", args=[order.number, "answer"])
    empty = client.post(address, {"answer-address": "А"})
    assert empty.status_code == 422
    assert "Which entrance" in empty.content.decode()
    assert client.post(address, {"answer-address": "Абай 1, 2-кіреберіс"}).status_code == 302
    order.refresh_from_db()
    assert (order.state, order.address) == (State.SUBMITTED, "Абай 1, 2-кіреберіс")


def test_wrong_phone__stands_in_the_field_with_its_reason(world: World) -> None:
    order, client = asked(world, Asked.PHONE), world.client(world.actor)
    address = reverse("orders:recipient-order-act", args=[order.number, "answer"])
    answer = client.post(address, {"answer-phone": "12"})
    assert answer.status_code == 422
    assert 'value="12"' in answer.content.decode()


def test_document__goes_to_the_supplier_as_a_message(world: World) -> None:
    order, client = asked(world, Asked.DOCUMENT, "A photo of the doorway, please"), world.client(world.actor)
    address = reverse("orders:recipient-order-act", args=[order.number, "answer"])
    page = open_page(client, f"/orders/{order.number}")
    assert 'enctype="multipart/form-data"' in page.html
    bad = client.post(address, {"answer-document": SimpleUploadedFile("door.pdf", b"no picture")})
    assert bad.status_code == 422
    order.refresh_from_db()
    assert order.state == State.CLARIFYING
    with pytest.raises(RuleBroken):
        actions.answer_with_file(actor=world.actor, order=order)
    sent = client.post(address, {"answer-document": SimpleUploadedFile("door.pdf", pdfs.GOOD)})
    assert sent.status_code == 302
    message = Message.objects.get(about_id=order.pk)
    assert message.file is not None
    assert "A photo of the doorway, please" in message.text
    order.refresh_from_db()
    assert order.state == State.SUBMITTED


def test_size_that_cannot_be_right__is_told_at_its_field(world: World) -> None:
    order, client = asked(world, Asked.SIZES), world.client(world.actor)
    address = reverse("orders:recipient-order-act", args=[order.number, "answer"])
    for typed, told in (("9000", "This value cannot be right"), ("", "Type at least one size")):
        answer = client.post(address, {"answer-waist_cm": typed})
        assert answer.status_code == 422
        assert told in read(answer).main
    assert client.post(address, {"answer-waist_cm": "84"}).status_code == 302


def test_supplier__asks_on_the_page_of_the_order(world: World) -> None:
    order, client = world.order(30), world.client(world.supplier_actor)
    address = reverse("orders:supplier-order-act", args=[order.number, "ask"])
    assert address in open_page(client, f"/supply/orders/{order.number}").html
    assert "The sizes of the recipient" in open_page(client, address).main
    wrong = client.post(address, {"ask-words": "Which entrance?"})
    assert wrong.status_code == 422
    assert "Which entrance?" in wrong.content.decode()
    assert client.post(address, {"ask-field": "address", "ask-words": "Which entrance?"}).status_code == 302
    order.refresh_from_db()
    assert order.state == State.CLARIFYING
    effects.run()
    home = open_page(world.client(world.actor), "/home")
    assert order.number in home.main


def test_officer__asks_too(world: World) -> None:
    order, client = world.order(30), world.client(world.officer)
    address = reverse("orders:officer-order-act", args=[order.number, "ask"])
    assert address in open_page(client, f"/office/orders/{order.number}").html
    assert client.post(address, {"ask-field": "phone", "ask-words": "Who answers it?"}).status_code == 302
    assert "Who answers it?" in open_page(world.client(world.actor), f"/orders/{order.number}").main
