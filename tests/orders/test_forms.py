"""What a form of orders takes, how it shows it again, and where it says what is wrong."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from tests import factories as make
from tests.kit.pages import words
from tests.kit.world import World
from tests.markup import folded

from tirek.core import clock
from tirek.core.database import ratelimit
from tirek.core.drafts import Draft
from tirek.orders import actions
from tirek.orders.models import Order
from tirek.orders.queries import door_code_for
from tirek.people.models import Measurement
from tirek.people.queries import measurements

pytestmark = pytest.mark.django_db
State = Order.State


@pytest.fixture
def world() -> World:
    with clock.at(make.MORNING):
        return World()


def value_of(html: str, name: str) -> str:
    """What a text field shows."""
    (found,) = re.findall(rf'<input [^>]*name="{name}"[^>]*>', folded(html))
    shown = re.search(r' value="([^"]*)"', found)
    return shown.group(1) if shown else ""


def refused_at(html: str, control: str) -> str:
    """The sentence at a field, which the summary links to and the field's description names."""
    assert "<title>Error:" in html
    assert f'<a href="#{control}">' in html
    field = control.removesuffix("_0")
    (sentence,) = re.findall(rf'<p class="govuk-error-message" id="{field}-error">(.*?)</p>', html, re.DOTALL)
    assert re.search(rf'aria-describedby="[^"]*{field}-error"', html)
    return words(sentence)


def speaking(client: Client, language: str) -> Client:
    client.cookies["tirek_language"] = language
    return client


def size_page(world: World) -> str:
    return reverse("orders:step", args=[world.draft(3).pk, "size"])


def day_parts(days: int) -> dict[str, str]:
    day = clock.today() + timedelta(days=days)
    return {f"accept-ready_on_{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


# --- numbers


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize(
    ("typed", "kept"), [("98,5", "98.5"), ("98.5", "98.5"), ("98", "98"), (" 98,50\u00a0", "98.5")]
)
def test_measurement__is_taken_with_comma_or_point_in_every_language(
    world: World, language: str, typed: str, kept: str
) -> None:
    with clock.at(make.MORNING):
        answer = speaking(world.client(world.actor), language).post(size_page(world), {"waist_cm": typed})
    assert answer.status_code == 302
    assert measurements(world.person)["waist_cm"].number == Decimal(kept)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("4 900,50", "4900.5"),
        ("4\u00a0900,50", "4900.5"),
        ("4\u202f900.50", "4900.5"),
        ("4900", "4900"),
        ("98,5", "98.5"),
    ],
)
def test_price__is_taken_as_it_is_written_in_every_language(world: World, language: str, typed: str, kept: str) -> None:
    with clock.at(make.MORNING):
        page = reverse("orders:supplier-variant", args=[world.version.variant_id])
        answer = speaking(world.client(world.supplier_actor), language).post(
            page, {"stock": "7", "price": typed, "step": "do"}
        )
    assert answer.status_code == 302
    assert make.version_of(world.offer).price == Decimal(kept)


@pytest.mark.parametrize(("language", "shown"), [("kk", "98,5"), ("ru", "98,5"), ("en", "98.5")])
def test_known_number__is_shown_in_the_languages_form_without_needless_zeros(
    world: World, language: str, shown: str
) -> None:
    with clock.at(make.MORNING):
        Measurement.objects.create(
            person=world.person, parameter="waist_cm", number=Decimal("98.50"), measured_on=clock.today(), source="self"
        )
        form = speaking(world.client(world.actor), language).get(size_page(world)).content.decode()
        page = reverse("orders:supplier-variant", args=[world.version.variant_id])
        price = speaking(world.client(world.supplier_actor), language).get(page).content.decode()
    assert value_of(form, "waist_cm") == shown
    assert value_of(price, "price") == "180"


def test_draft__keeps_a_number_as_it_was_typed_and_shows_it_so_again(world: World) -> None:
    with clock.at(make.MORNING):
        client, page = speaking(world.client(world.actor), "ru"), size_page(world)
        client.post(page, {"waist_cm": "98,50"})
        again = client.get(page).content.decode()
        in_english = speaking(client, "en").get(page).content.decode()
    assert Draft.objects.get().values()["waist_cm"] == "98,50"
    assert value_of(again, "waist_cm") == "98,50"
    assert value_of(in_english, "waist_cm") == "98,50"


def test_word_for_a_number__is_refused_at_the_field_and_stays(world: World) -> None:
    with clock.at(make.MORNING):
        answer = world.client(world.actor).post(size_page(world), {"waist_cm": "98,5,1"})
    assert answer.status_code == 422
    assert "must be a number" in refused_at(answer.content.decode(), "id_waist_cm")
    assert value_of(answer.content.decode(), "waist_cm") == "98,5,1"


# --- refusals by a rule, at the field


@pytest.mark.parametrize("typed", ["5000", "0"])
def test_implausible_measurement__is_refused_at_its_field_in_the_form(world: World, typed: str) -> None:
    with clock.at(make.MORNING):
        answer = world.client(world.actor).post(size_page(world), {"waist_cm": typed})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert (
        refused_at(html, "id_waist_cm").strip().endswith("This value cannot be right. Check the number and its unit.")
    )
    assert value_of(html, "waist_cm") == typed
    assert Draft.objects.get().values()["waist_cm"] == typed
    assert not Measurement.objects.exists()


def test_wrong_day__is_refused_at_the_day_and_stays(world: World) -> None:
    with clock.at(make.MORNING):
        order = world.order(3)
        answer = world.client(world.supplier_actor).post(f"/supply/orders/{order.number}/accept", day_parts(90))
        year = str((clock.today() + timedelta(days=90)).year)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "The last day you can promise: 16 November 2026. Delivery time in your offer: 7 calendar days." in words(
        html
    )
    assert '<a href="#id_accept-ready_on_0">' in html
    assert "id_accept-ready_on-error" in html
    assert value_of(html, "accept-ready_on_year") == year
    order.refresh_from_db()
    assert order.state == State.SUBMITTED


def delivered(world: World) -> Order:
    order = actions.accept_order(actor=world.supplier_actor, order=world.order(3), ready_on=clock.today())
    return actions.hand_over(actor=world.supplier_actor, order=order, code=door_code_for(world.actor, order))


def test_wrong_door_code__is_refused_at_the_code_and_too_many_tries_too(world: World) -> None:
    with clock.at(make.MORNING):
        order = actions.accept_order(actor=world.supplier_actor, order=world.order(3), ready_on=clock.today())
        wrong = "000000" if door_code_for(world.actor, order) != "000000" else "111111"
        client, address = world.client(world.supplier_actor), f"/supply/orders/{order.number}/hand_over"
        answers = [client.post(address, {"hand_over-code": wrong}) for _ in range(6)]
    assert {one.status_code for one in answers} == {422}
    first, last = answers[0].content.decode(), answers[-1].content.decode()
    assert "This is not the code of the order." in refused_at(first, "id_hand_over-code")
    assert "too many times" in refused_at(last, "id_hand_over-code")
    assert value_of(first, "hand_over-code") == wrong


def asked(client: Client, address: str) -> str:
    """The key of the code that was asked for."""
    return client.post(address, {"step": "ask"})["Location"].rpartition("=")[2]


@pytest.mark.parametrize("at_counter", [False, True])
def test_wrong_signing_code__is_refused_at_the_code(
    world: World, monkeypatch: pytest.MonkeyPatch, *, at_counter: bool
) -> None:
    monkeypatch.setattr("tirek.core.signing.codes.secrets.randbelow", lambda _below: 123456)
    with clock.at(make.MORNING):
        order = delivered(world)
        actor, desk = (world.officer, "officer") if at_counter else (world.actor, "recipient")
        client, address = world.client(actor), reverse(f"orders:{desk}-order-act", args=[order.number, "confirm"])
        key = asked(client, address)
        answers = [client.post(address, {"step": "sign", "asked": key, "code": "000000"}) for _ in range(5)]
    first, last = answers[0].content.decode(), answers[-1].content.decode()
    assert answers[0].status_code == 422
    assert "This is not the code we sent." in refused_at(first, "id_code")
    assert value_of(first, "code") == "000000"
    assert "The code was wrong five times." in words(last)
    assert 'name="code"' not in last


def test_too_many_codes__leave_the_code_that_was_sent_before(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tirek.core.signing.codes.LIMITS", (ratelimit.Limit(times=1, within=timedelta(hours=1)),))
    with clock.at(make.MORNING):
        order = delivered(world)
        client, address = (
            world.client(world.actor),
            reverse("orders:recipient-order-act", args=[order.number, "confirm"]),
        )
        key = asked(client, address)
        page = client.get(f"{address}?asked={key}").content.decode()
        assert page.count(f'name="asked" value="{key}"') == 2
        answer = client.post(address, {"step": "ask", "asked": key})
    assert answer.status_code == 429
    assert 'name="code"' in answer.content.decode()


# --- what is asked, and in which state


@pytest.mark.parametrize("desk", ["recipient", "officer"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_refusal__opens_only_while_the_confirmation_is_awaited(world: World, desk: str, method: str) -> None:
    with clock.at(make.MORNING):
        client = world.client(world.actor if desk == "recipient" else world.officer)
        early = reverse(f"orders:{desk}-order-act", args=[world.order(3).number, "refuse"])
        ready = reverse(f"orders:{desk}-order-act", args=[delivered(world).number, "refuse"])
        assert getattr(client, method)(early).status_code == 409
        assert client.get(ready).status_code == 200
        assert client.post(ready, {"refuse-reason": "does_not_fit", "refuse-note": ""}).status_code == 302
        assert getattr(client, method)(ready).status_code == 409


def refused(world: World) -> Order:
    return actions.refuse_delivery(actor=world.actor, order=delivered(world), reason="does_not_fit", note="")


def test_decline__is_asked_first_and_keeps_the_reason(world: World) -> None:
    with clock.at(make.MORNING):
        order = world.order(3)
        client, page = world.client(world.supplier_actor), reverse("orders:supplier-order", args=[order.number])
        shown = client.get(f"{page}?state=submitted").content.decode()
        assert f'href="{page}/decline?state=submitted"' in shown
        assert f'action="{page}/decline' not in shown
        asks = client.get(f"{page}/decline?state=submitted").content.decode()
        assert "Decline this order?" in words(asks)
        assert f'href="{page}?state=submitted"' in asks
        order.refresh_from_db()
        assert order.state == State.SUBMITTED
        missing = client.post(f"{page}/decline", {"decline-note": "We move house."})
        assert missing.status_code == 422
        assert "We move house." in missing.content.decode()
        assert "Decline this order?" in words(missing.content.decode())
        assert (
            client.post(
                f"{page}/decline", {"decline-reason": "no_stock", "decline-left": "0", "decline-note": ""}
            ).status_code
            == 302
        )
        order.refresh_from_db()
        assert order.state == State.DECLINED
        assert client.get(f"{page}/decline").status_code == 409


def test_taking_back__is_asked_first(world: World) -> None:
    with clock.at(make.MORNING):
        order = refused(world)
        client, page = world.client(world.supplier_actor), reverse("orders:supplier-order", args=[order.number])
        assert f'href="{page}/take_back"' in client.get(page).content.decode()
        assert "Take the goods back?" in words(client.get(f"{page}/take_back").content.decode())
        order.refresh_from_db()
        assert order.state == State.REFUSED
        assert client.post(f"{page}/take_back").status_code == 302
        order.refresh_from_db()
        assert order.state == State.CANCELLED


def test_verb_that_needs_no_question__leads_to_the_order(world: World) -> None:
    with clock.at(make.MORNING):
        page = reverse("orders:supplier-order", args=[world.order(3).number])
        assert world.client(world.supplier_actor).get(f"{page}/accept")["Location"] == page
