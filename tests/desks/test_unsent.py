"""A form that could not be sent comes to the counter as a file: what is in it is taken, nothing else is believed."""

import json
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from tests import factories as make
from tests.kit.sign_in import for_years, signed_in

from tirek.catalogue.actions import add_sizes
from tirek.catalogue.models import Kind
from tirek.catalogue.rules import VariantCard
from tirek.core import clock, drafts
from tirek.core.actors import Actor
from tirek.core.drafts import Draft, HeldElsewhere, brought
from tirek.core.errors import NotAllowed, RuleBroken
from tirek.desks.views import offline
from tirek.orders.actions import submit_order

_MOMENT = int(make.MORNING.timestamp() * 1000)


@pytest.fixture
def _english() -> Iterator[None]:
    with translation.override("en"), clock.at(make.MORNING):
        yield


@pytest.fixture
def shop() -> make.Shop:
    return make.Shop()


@pytest.fixture
def clerk(shop: make.Shop) -> Actor:
    found = make.officer(shop.place)
    make.came(found, shop.person)
    return found


def _file(draft: Draft, **fields: Any) -> bytes:
    told = {
        "tirek": "unsent",
        "version": 1,
        "what": "answers",
        "title": "Delivery",
        "address": f"/drafts/{draft.pk}/fields",
        "at": make.MORNING.isoformat(),
        "fields": fields,
    }
    return json.dumps(told).encode()


def _answer(value: str, *, base: int = 1, at: int = _MOMENT) -> dict[str, object]:
    return {"value": value, "base": base, "at": at}


def _upload(client: Client, shop: make.Shop, content: bytes) -> Any:
    address = reverse("desks:officer-bring", args=[shop.person.pk])
    return client.post(address, {"file": SimpleUploadedFile("tirek-2026.json", content, "application/json")})


@pytest.mark.django_db
@pytest.mark.usefixtures("_english")
class TestTakenIn:
    """At the counter."""

    def test_file__brings_what_was_typed_and_the_form_goes_on_here(self, shop: make.Shop, clerk: Actor) -> None:
        draft, client = shop.draft(30), for_years(clerk)
        later = _answer("Мира 5", at=_MOMENT + 1000)
        with clock.at(make.MORNING + timedelta(minutes=5)):
            answer = _upload(client, shop, _file(draft, address=later))
        assert answer["Location"] == reverse("orders:form", args=[draft.pk])
        draft.refresh_from_db()
        assert draft.values()["address"] == "Мира 5"
        assert (draft.holder_id, draft.territory_code) == (clerk.user_id, shop.person.territory_id)
        # the person sees who goes on with it, and nothing was sent
        check = reverse("orders:step", args=[draft.pk, "check"])
        assert "The office is filling it in now." in for_years(shop.actor).get(check).content.decode()
        assert "The person agrees to exactly these words" in client.get(check).content.decode()

    def test_file__of_a_press_alone_opens_the_form_and_believes_no_consent(self, shop: make.Shop, clerk: Actor) -> None:
        draft, client = shop.draft(30), for_years(clerk)
        told = json.loads(_file(draft)) | {"what": "press", "address": f"/order/form/{draft.pk}/submit"}
        assert _upload(client, shop, json.dumps(told).encode()).status_code == 302
        draft.refresh_from_db()
        assert draft.state == Draft.State.OPEN

    def test_file__of_a_press_for_several_orders_brings_each_of_them(self, shop: make.Shop, clerk: Actor) -> None:
        begun, client = [shop.draft(3), shop.draft(4)], for_years(clerk)
        told = json.loads(_file(begun[0])) | {
            "what": "press",
            "address": f"/order/together/{shop.person.pk}",
            "drafts": [str(one.pk) for one in begun],
        }
        assert _upload(client, shop, json.dumps(told).encode()).status_code == 302
        assert {one.holder_id for one in Draft.objects.all()} == {clerk.user_id}
        # one of somebody else among them brings none
        other = make.Shop(place=shop.place).draft(3)
        third = shop.draft(5)
        told["drafts"] = [str(third.pk), str(other.pk)]
        assert _upload(client, shop, json.dumps(told).encode()).status_code == 422
        third.refresh_from_db()
        assert third.holder_id == shop.actor.user_id

    def test_file__brings_only_what_the_form_asks_and_the_rest_is_named(self, shop: make.Shop, clerk: Actor) -> None:
        draft, client = shop.draft(3), for_years(clerk)
        other = make.Shop(place=shop.place)
        many = {f"invented{n}": _answer(f"word {n}", base=0) for n in range(drafts.MAX_FIELDS - 3)}
        many |= {"line": _answer(str(other.line.pk)), "address": _answer("Мира 5", at=_MOMENT + 1000)}
        with clock.at(make.MORNING + timedelta(minutes=5)):
            taken = _upload(client, shop, _file(draft, **many))
        assert taken["Location"] == reverse("orders:form", args=[draft.pk])
        before = draft.values()
        draft.refresh_from_db()
        assert draft.values() == before | {"address": "Мира 5"}
        page = client.get(taken["Location"], follow=True).content.decode()
        assert "This form does not ask what follows, so it was not kept: “word 0”, “word 1”" in page
        assert f"And {drafts.MAX_FIELDS - 7} more answers." in page
        drafts.save_fields(clerk, draft.pk, {"comment": drafts.Typed("Ring twice", 0)})

    def test_file__brings_an_answer_that_is_asked_only_after_another(self, shop: make.Shop, clerk: Actor) -> None:
        Kind.objects.filter(pk=shop.kind.pk).update(consumable=True)
        draft = shop.draft(1)
        later = {name: _answer(value, at=_MOMENT + 1000) for name, value in (("quantity", "30"), ("parts", "3"))}
        with clock.at(make.MORNING + timedelta(minutes=5)):
            _upload(for_years(clerk), shop, _file(draft, **later))
        draft.refresh_from_db()
        assert (draft.values()["quantity"], draft.values()["parts"]) == ("30", "3")

    def test_file__with_which_a_form_could_not_be_opened_is_refused(self, shop: make.Shop, clerk: Actor) -> None:
        add_sizes(actor=shop.supplier_actor, offer=shop.offer, cards=[VariantCard("XL", Decimal(180), 50, {})])
        draft = shop.draft(3)
        with clock.at(make.MORNING + timedelta(minutes=5)):
            broken = _file(draft, version=_answer("nothing", at=_MOMENT + 1000))
            assert _upload(for_years(clerk), shop, broken).status_code == 422
        before = draft.values()
        draft.refresh_from_db()
        assert (draft.values(), draft.holder_id) == (before, shop.actor.user_id)

    def test_file__older_than_what_is_with_us_changes_nothing(self, shop: make.Shop, clerk: Actor) -> None:
        draft = shop.draft(30)
        drafts.save_fields(shop.actor, draft.pk, {"address": drafts.Typed("Новый 1", 1)})
        older = _answer("Старый 2", base=1, at=_MOMENT - 3_600_000)
        _upload(for_years(clerk), shop, _file(draft, address=older))
        draft.refresh_from_db()
        assert draft.values()["address"] == "Новый 1"

    def test_file__of_somebody_else_is_refused(self, shop: make.Shop, clerk: Actor) -> None:
        other = make.Shop(place=shop.place)
        draft = other.draft(30)
        answer = _upload(for_years(clerk), shop, _file(draft, address=_answer("mine now")))
        assert answer.status_code == 422
        assert "about somebody else" in answer.content.decode()
        before = draft.values()
        draft.refresh_from_db()
        assert (draft.values(), draft.holder_id) == (before, other.actor.user_id)

    def test_file__of_a_form_that_was_sent_or_deleted_is_refused(self, shop: make.Shop, clerk: Actor) -> None:
        sent, deleted = shop.draft(3), shop.draft(4)
        submit_order(actor=shop.actor, draft_key=sent.pk)
        drafts.archive(shop.actor, deleted.pk)
        client = for_years(clerk)
        assert "already been sent" in _upload(client, shop, _file(sent)).content.decode()
        assert "was deleted" in _upload(client, shop, _file(deleted)).content.decode()

    def test_file__of_a_form_that_a_colleague_has_is_refused(self, shop: make.Shop, clerk: Actor) -> None:
        draft, colleague = shop.draft(3), make.officer(shop.place)
        drafts.hand_to_office(shop.actor, draft.pk, territory_code=shop.place.code)
        drafts.take(colleague, draft.pk)
        with pytest.raises(HeldElsewhere):
            brought.take_in(
                clerk,
                brought.read(_file(draft)),
                person_id=shop.person.pk,
                territory_code="",
                forms=frozenset({"order"}),
            )

    def test_file__of_a_form_that_is_the_persons_own_is_refused(self, shop: make.Shop, clerk: Actor) -> None:
        draft = shop.draft(3)
        with pytest.raises(RuleBroken) as refused:
            brought.take_in(
                clerk, brought.read(_file(draft)), person_id=shop.person.pk, territory_code="", forms=frozenset()
            )
        assert refused.value.code == "own_form"

    def test_file__is_taken_in_by_an_officer_alone(self, shop: make.Shop) -> None:
        draft = shop.draft(3)
        with pytest.raises(NotAllowed):
            brought.take_in(
                shop.actor, brought.read(_file(draft)), person_id=shop.person.pk, territory_code="", forms=frozenset()
            )
        assert signed_in(shop.actor).get(reverse("desks:officer-bring", args=[shop.person.pk])).status_code == 403

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"PK\x03\x04",
            b"[" * 100_000,
            b'{"tirek": "unsent", "version": 2}',
            b'{"tirek": "unsent", "version": 1, "address": "/drafts/1/fields", "fields": {}}',
            "\ufeff{}".encode("utf-16"),
            b"0" * (brought.LARGEST + 1),
        ],
        ids=["empty", "zip", "deep", "other version", "no key", "utf-16", "large"],
    )
    def test_file__that_is_none_of_ours_is_refused_in_words(
        self, shop: make.Shop, clerk: Actor, content: bytes
    ) -> None:
        answer = _upload(for_years(clerk), shop, content)
        assert answer.status_code == 422
        words = answer.content.decode()
        assert "no file of a form" in words or "empty" in words

    @pytest.mark.parametrize(
        "fields",
        [
            {"seen_answers": _answer("x")},
            {"a b": _answer("x")},
            {"address": "x"},
            {"address": _answer("x" * (drafts.MAX_FIELD + 1))},
            {"address": _answer("a\0b")},
            {"address": _answer("\ud800")},
            {"address": {"value": "x", "base": True, "at": 1}},
            {"address": {"value": "x", "base": -1, "at": 1}},
            {"address": {"value": "x", "base": 1, "at": 10**20}},
            {f"f{n}": _answer("x") for n in range(drafts.MAX_FIELDS + 1)},
        ],
    )
    def test_file__with_answers_that_no_page_has_typed_is_refused(
        self, shop: make.Shop, fields: dict[str, Any]
    ) -> None:
        with pytest.raises(RuleBroken):
            brought.read(_file(shop.draft(3), **fields))

    def test_page__of_what_waits_is_for_every_desk_and_says_what_it_is_without_scripts(self, shop: make.Shop) -> None:
        for actor in (shop.actor, shop.supplier_actor, make.officer(shop.place)):
            page = for_years(actor).get(reverse("desks:unsent")).content.decode()
            assert "data-unsent-page" in page
            assert "runs no scripts" in page


@pytest.mark.django_db
class TestWithoutALink:
    """The page that the browser keeps, and the script by which it does."""

    @pytest.mark.parametrize("language", ["kk", "ru", "en"])
    def test_page__is_the_same_for_everybody_in_the_language_of_its_address(
        self, shop: make.Shop, language: str
    ) -> None:
        address = reverse("desks:offline", args=[language])
        own, nobodys = (client.get(address) for client in (for_years(shop.actor), Client()))
        for answer in (own, nobodys):
            assert f'<html lang="{language}"' in answer.content.decode()
            assert "default-src 'none'" in answer["Content-Security-Policy"]
            assert answer["X-Frame-Options"] == "DENY"
        words = nobodys.content.decode()
        assert ("data-sealed-list" in words, "csrfmiddlewaretoken" in words) == (True, False)
        assert not nobodys.cookies

    def test_script__names_one_page_and_reaches_no_further(self) -> None:
        answer = Client().get(reverse("desks:offline-worker", args=["ru"]))
        assert (answer["Service-Worker-Allowed"], answer["Content-Type"]) == (
            "/not-sent",
            "text/javascript; charset=utf-8",
        )
        assert "worker-src 'self'" in answer["Content-Security-Policy"]
        assert "no-cache" in answer["Cache-Control"]
        told = json.loads(answer.content.decode().split("\n")[0].removeprefix("self.OFFLINE = "))
        assert told["page"] == "/not-sent/ru"
        assert all(one.startswith("/static/tirek/") for one in told["files"])

    def test_version__has_another_name_when_a_file_has_another_address(self, monkeypatch: pytest.MonkeyPatch) -> None:
        address = reverse("desks:offline-worker", args=["kk"])
        before, again = (Client().get(address).content.decode() for _time in range(2))
        assert before == again
        monkeypatch.setattr(offline, "static", lambda name: f"/static/{name}?next")
        after = Client().get(address).content.decode()
        assert _name_of(after) != _name_of(before)

    def test_language__that_there_is_not_has_no_page(self) -> None:
        for name in ("desks:offline", "desks:offline-worker"):
            assert Client().get(reverse(name, args=["xx"])).status_code == 404


def _name_of(script: str) -> str:
    told: dict[str, str] = json.loads(script.split("\n", maxsplit=1)[0].removeprefix("self.OFFLINE = "))
    return told["name"]


@given(content=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_read__of_anything_refuses_or_reads_and_never_breaks(content: bytes) -> None:
    with pytest.raises(RuleBroken):
        brought.read(content)


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)


@given(fields=_JSON)
def test_read__of_any_answers_refuses_or_reads(fields: Any) -> None:
    told = {
        "tirek": "unsent",
        "version": 1,
        "address": "/drafts/01a21f59-f420-763c-a30e-e3ff3156dfe3/fields",
        "fields": fields,
    }
    try:
        found = brought.read(json.dumps(told).encode())
    except RuleBroken:
        return
    assert all(isinstance(one.value, str) for one in found.typed.values())
