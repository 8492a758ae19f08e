"""Signing by one-time code: what is signed, by whom, how often one may try."""

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import translation
from tests import factories as make
from tests.kit.world import World

from tirek.core import clock, signing
from tirek.core.actors import Actor
from tirek.core.errors import NotFound, RuleBroken, StaleState, TooMany
from tirek.core.keys import uuid7
from tirek.core.signing import Document, Signature, Signer, messaging
from tirek.orders import actions
from tirek.orders.queries import door_code_for

pytestmark = pytest.mark.django_db
CASE = uuid7()
WHERE = {"purpose": "order.receipt", "case_type": "order", "case_id": CASE}


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[messaging.ShortMessage]:
    """Messages that went to the telephone network."""
    out: list[messaging.ShortMessage] = []
    monkeypatch.setattr(messaging, "send", out.append)
    return out


@pytest.fixture
def who() -> Actor:
    return make.recipient_of(make.person())


def _ask(who: Actor, text: str = "Мен алдым") -> Signature:
    document = Document("order.receipt", "order", CASE, text, "1", "kk")
    return signing.request_code(
        who, document, Signer(user_id=who.account, phone="+77011234567", person_id=who.person_id)
    )


def _code(sent: list[messaging.ShortMessage]) -> str:
    found = re.search(r"\b\d{6}\b", sent[-1].text)
    assert found is not None
    return found.group()


def test_code__signs_exactly_the_stored_bytes(who: Actor, sent: list[messaging.ShortMessage]) -> None:
    asked = _ask(who)
    signed = signing.confirm(who, asked.pk, _code(sent), **WHERE)
    assert signed.state == Signature.State.SIGNED
    assert bytes(signed.text).decode() == "Мен алдым"
    assert bytes(signed.text_hash) == signing.digest("Мен алдым")
    assert signing.signed(asked.pk, purpose="order.receipt", case_id=CASE).pk == asked.pk
    assert _code(sent) not in str(vars(signed))


def test_signed__a_text_changed_afterwards_is_noticed(who: Actor, sent: list[messaging.ShortMessage]) -> None:
    asked = _ask(who)
    signing.confirm(who, asked.pk, _code(sent), **WHERE)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Signature.objects.filter(pk=asked.pk).update(text="Мен бәрін алдым".encode())
    with connection.cursor() as cursor:  # by whoever owns the database
        cursor.execute("ALTER TABLE core_signature DISABLE TRIGGER USER")
        Signature.objects.filter(pk=asked.pk).update(text="Мен бәрін алдым".encode())
        cursor.execute("ALTER TABLE core_signature ENABLE TRIGGER USER")
    with pytest.raises(RuleBroken):
        signing.signed(asked.pk, purpose="order.receipt", case_id=CASE)


def test_code__five_wrong_tries_end_it_even_for_the_right_one(who: Actor, sent: list[messaging.ShortMessage]) -> None:
    asked = _ask(who)
    right = _code(sent)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    for n in range(5):
        with pytest.raises(RuleBroken) as refused:
            signing.confirm(who, asked.pk, wrong, **WHERE)
        assert refused.value.code == ("code_wrong" if n < 4 else "code_failed")
    with pytest.raises(RuleBroken) as refused:
        signing.confirm(who, asked.pk, right, **WHERE)
    assert refused.value.code == "code_expired"


def test_code__lives_ten_minutes(who: Actor, sent: list[messaging.ShortMessage]) -> None:
    with clock.at(make.MORNING):
        asked = _ask(who)
    with clock.at(make.MORNING + timedelta(minutes=10)), pytest.raises(RuleBroken):
        signing.confirm(who, asked.pk, _code(sent), **WHERE)


def test_code__belongs_to_one_person_case_and_purpose(who: Actor, sent: list[messaging.ShortMessage]) -> None:
    asked = _ask(who)
    stranger = make.recipient_of(make.person())
    with pytest.raises(NotFound):
        signing.confirm(stranger, asked.pk, _code(sent), **WHERE)
    with pytest.raises(NotFound):
        signing.confirm(who, asked.pk, _code(sent), **{**WHERE, "purpose": "other"})
    with pytest.raises(NotFound):
        signing.confirm(who, asked.pk, _code(sent), **{**WHERE, "case_id": uuid7()})


def test_code__is_used_once(who: Actor, sent: list[messaging.ShortMessage]) -> None:
    asked = _ask(who)
    signing.confirm(who, asked.pk, _code(sent), **WHERE)
    with pytest.raises(StaleState):
        signing.confirm(who, asked.pk, _code(sent), **WHERE)


def test_code__six_an_hour_and_no_more(who: Actor, sent: list[messaging.ShortMessage]) -> None:
    with clock.at(make.MORNING):
        for _ in range(6):
            _ask(who)
        with pytest.raises(TooMany):
            _ask(who)
    with clock.at(make.MORNING + timedelta(hours=1, seconds=1)):
        _ask(who)
    assert len(sent) == 7


def _refuse(_message: messaging.ShortMessage) -> None:
    raise messaging.Undeliverable("no network")


def test_code__that_cannot_leave_is_said_in_words_and_not_counted(
    who: Actor, sent: list[messaging.ShortMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    with clock.at(make.MORNING):
        for _ in range(5):
            _ask(who)
        with monkeypatch.context() as broken:
            broken.setattr(messaging, "send", _refuse)
            for _ in range(3):
                with pytest.raises(RuleBroken) as refused:
                    _ask(who)
                assert refused.value.code == "code_not_sent"
        with translation.override("en"):
            assert "on paper" in str(refused.value.next_step)
        assert Signature.objects.filter(state=Signature.State.FAILED).count() == 3
        _ask(who)
        with pytest.raises(TooMany):
            _ask(who)
    assert len(sent) == 6


def test_code__that_cannot_leave_is_a_page_that_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with clock.at(make.MORNING):
        world = World()
        order = actions.accept_order(actor=world.supplier_actor, order=world.order(3), ready_on=clock.today())
        actions.hand_over(actor=world.supplier_actor, order=order, code=door_code_for(world.actor, order))
        monkeypatch.setattr(messaging, "send", _refuse)
        answer = world.client(world.actor).post(
            reverse("orders:recipient-order-act", args=[order.number, "confirm"]), {"step": "ask"}
        )
    assert answer.status_code == 422
    assert b"The code could not be sent." in answer.content
    assert b"sign on paper at the office" in answer.content


def test_code__without_a_phone_says_what_to_do(who: Actor) -> None:
    with pytest.raises(RuleBroken) as refused:
        signing.request_code(who, Document("p", "order", CASE, "t", "1", "kk"), Signer(user_id=who.account))
    assert refused.value.code == "no_phone"


def test_paper__is_recorded_with_its_own_strength(who: Actor) -> None:
    clerk = make.officer()
    signature = signing.record_paper(clerk, Document("p", "order", CASE, "t", "1", "kk"), Signer(user_id=who.account))
    assert (signature.strength, signature.recorded_by, signature.signer_user_id) == (
        "paper",
        clerk.user_id,
        who.user_id,
    )


@pytest.mark.finding("I-24")
def test_code_of_an_earlier_message__is_named_so_and_is_no_try(who: Actor, sent: list[messaging.ShortMessage]) -> None:
    with clock.at(make.MORNING):
        _ask(who)
        first = _code(sent)
    with clock.at(make.MORNING + timedelta(minutes=1)):
        second = _ask(who)
        for _time in range(6):
            with pytest.raises(RuleBroken) as refused:
                signing.confirm(who, second.pk, first, **WHERE)
            assert refused.value.code == "code_older"
        given = signing.confirm(who, second.pk, f" {_code(sent)} ", **WHERE)
    assert given.state == Signature.State.SIGNED


@pytest.mark.finding("I-23")
def test_what_is_no_code__is_no_try(who: Actor, sent: list[messaging.ShortMessage]) -> None:
    asked = _ask(who)
    for _time in range(6):
        with pytest.raises(RuleBroken) as refused:
            signing.confirm(who, asked.pk, "12345б", **WHERE)
        assert refused.value.code == "code_wrong"
    code = _code(sent)
    assert signing.confirm(who, asked.pk, f"{code[:3]}-{code[3:]}", **WHERE).state == Signature.State.SIGNED
