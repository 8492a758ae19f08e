"""A page that answers a press is shown by a redirect: a reload asks for nothing anew and sends nothing twice."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from tests import factories as make
from tests.kit.world import World

from tirek.core import clock
from tirek.orders.draft_forms import FORM_OF_ORDER
from tirek.site import sessions
from tirek.site.answers import KEPT, LAID, MOST

BROWSER = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"


@pytest.fixture
def world(furnished_world: World) -> Iterator[World]:
    with clock.at(make.MORNING):
        yield furnished_world


@pytest.fixture
def client(world: World) -> Client:
    return world.client(world.actor)


def refuse(world: World, client: Client, number: str = "9999", **headers: str) -> tuple[str, str]:
    """A quantity that is refused: the address of its page, and where the answer leads."""
    address = FORM_OF_ORDER.url("step", world.draft(3).pk, "quantity")
    answer = client.post(address, {"quantity": number}, headers={"Accept": BROWSER, **headers})
    assert answer.status_code == 303
    return address, answer["Location"]


@pytest.mark.finding("J-M6", "J-M7")
def test_refusal__is_led_to_and_given_once(world: World, client: Client) -> None:
    address, led = refuse(world, client)
    assert led.startswith(f"{address}?answer=")
    shown = client.get(led, headers={"Accept": BROWSER})
    assert shown.status_code == 422
    assert shown["Cache-Control"] == "no-store"
    assert "govuk-error-summary" in shown.content.decode()
    assert 'value="9999"' in shown.content.decode()
    again = client.get(led, headers={"Accept": BROWSER})
    assert (again.status_code, again["Location"]) == (302, address)


@pytest.mark.finding("J-M6")
def test_reload_after_a_refusal__shows_what_was_saved_last(world: World, client: Client) -> None:
    address, led = refuse(world, client)
    client.get(led)
    draft = address.split("/")[-2]
    base = FORM_OF_ORDER.opened(world.actor, UUID(draft)).draft.versions()["quantity"]
    saved = client.post(
        f"/drafts/{draft}/fields",
        {"fields": {"quantity": {"value": "5", "base": base}}},
        content_type="application/json",
    )
    assert saved.status_code == 200
    page = client.get(led, follow=True).content.decode()
    assert 'value="5"' in page
    assert "9999" not in page


def test_answers_as_they_are_typed__are_kept_where_the_form_asks_them_and_the_rest_is_named(
    world: World, client: Client
) -> None:
    draft = world.draft(3)
    before = draft.values()
    saved = client.post(
        f"/drafts/{draft.pk}/fields",
        {"fields": {"comment": {"value": "Ring twice", "base": 1}, "street": {"value": "Abai 7", "base": 0}}},
        content_type="application/json",
    ).json()
    assert list(saved["fields"]) == ["comment"]
    assert "it was not kept: “Abai 7”." in saved["saved_label"]
    draft.refresh_from_db()
    assert draft.values() == before | {"comment": "Ring twice"}


def test_query__of_the_page_is_kept(world: World, client: Client) -> None:
    address = FORM_OF_ORDER.url("step", world.draft(3).pk, "quantity") + "?from=check"
    answer = client.post(address, {"quantity": "0"}, headers={"Accept": BROWSER})
    assert answer["Location"].startswith(f"{address}&answer=")
    twice = client.post(answer["Location"], {"quantity": "0"}, headers={"Accept": BROWSER})
    assert twice["Location"].count("answer=") == 1


def test_script__gets_the_answer_itself(world: World, client: Client) -> None:
    address = FORM_OF_ORDER.url("step", world.draft(3).pk, "quantity")
    assert client.post(address, {"quantity": "0"}, headers={"Accept": "*/*"}).status_code == 422


def test_visitor_without_a_session__gets_the_answer_itself(world: World) -> None:
    client = Client(headers={"Accept": BROWSER})
    answer = client.post(reverse("accounts:sign-in"), {"iin": "1"})
    assert answer.status_code == 422
    assert "sessionid" not in client.cookies


def test_page__of_another_address_is_not_given(world: World, client: Client) -> None:
    _address, led = refuse(world, client)
    other = client.get(f"{reverse('entrance:help')}?{led.partition('?')[2]}")
    assert (other.status_code, other["Location"]) == (302, reverse("entrance:help"))


def test_address_that_looks_like_another_site__is_not_led_to(world: World, client: Client) -> None:
    answer = client.get("/", {"answer": "x"}, PATH_INFO="//elsewhere.example/")
    assert answer["Location"].startswith("/%2F")


def test_invented_session__leaves_no_session_behind(world: World) -> None:
    client = Client(headers={"Accept": BROWSER})
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    answer = client.post(reverse("accounts:sign-in"), {"iin": "1"})
    assert answer.status_code == 422
    assert not Session.objects.exists()


def test_page_whose_key_is_gone__leads_to_the_fresh_page(world: World, client: Client) -> None:
    address, led = refuse(world, client)
    session = client.session
    (key,) = [one for one, _laid in session.items() if one.startswith(LAID)]
    session[key] = session[key] | {"page": "gAAAA"}
    session.save()
    assert client.get(led)["Location"] == address


def test_page_laid_ready__lies_sealed_in_the_session(world: World, client: Client) -> None:
    refuse(world, client)
    (laid,) = [value for key, value in client.session.items() if key.startswith(LAID)]
    assert laid["page"].startswith("gAAAA")
    assert "9999" not in str(laid)


def test_success__leads_on_as_ever(world: World, client: Client) -> None:
    address = FORM_OF_ORDER.url("step", world.draft(3).pk, "quantity")
    answer = client.post(address, {"quantity": "3"}, headers={"Accept": BROWSER})
    assert answer.status_code == 302
    assert "answer=" not in answer["Location"]


def refuse_message(world: World, client: Client, text: str) -> tuple[str, str]:
    """A message that is too long, of a form whose fields are not saved as they are typed."""
    address = reverse("correspondence:thread", args=["order", world.placed.pk])
    answer = client.post(address, {"text": text + "x" * 2001}, headers={"Accept": BROWSER})
    assert answer.status_code == 303
    return address, answer["Location"]


def test_what_was_typed_into_a_refused_form__is_there_after_a_reload(world: World, client: Client) -> None:
    _address, led = refuse_message(world, client, "once typed")
    for _reload in range(3):
        shown = client.get(led)
        assert shown.status_code == 422
        assert "once typed" in shown.content.decode()
    assert client.head(led).status_code == 422


def test_two_tabs__have_each_its_own_refused_form(world: World, client: Client) -> None:
    pages = [refuse_message(world, client, f"tab {n}.")[1] for n in range(MOST)]
    for n, led in enumerate(pages):
        assert f"tab {n}." in client.get(led).content.decode()


def test_refused_forms__are_kept_no_more_than_so_many_and_so_long(world: World, client: Client) -> None:
    address, first = refuse_message(world, client, "first")
    for n in range(MOST):
        _address, last = refuse_message(world, client, f"later {n}")
    assert client.get(first)["Location"] == address
    assert client.get(last).status_code == 422
    assert len([key for key, _laid in client.session.items() if key.startswith(LAID)]) == MOST
    with clock.at(make.MORNING + KEPT + timedelta(seconds=1)):
        _address, new = refuse_message(world, client, "new")
        assert client.get(last)["Location"] == address
        assert client.get(new).status_code == 422


def test_form_that_is_sent_with_success__leaves_nothing_of_its_refusals(world: World, client: Client) -> None:
    address, led = refuse_message(world, client, "too long")
    sent = client.post(address, {"text": "short", "readers": ["officer"], "topic": ""}, headers={"Accept": BROWSER})
    assert sent.status_code == 302
    assert client.get(led)["Location"] == address
    assert not [key for key, _laid in client.session.items() if key.startswith(LAID)]


def test_page_of_another_role__is_not_given_though_it_was_refused_in_this_browser(world: World, client: Client) -> None:
    address, led = refuse_message(world, client, "typed in one role")
    assert client.get(led).status_code == 422
    session = client.session
    session[sessions.BEHALF] = str(world.person.pk)
    session.save()
    assert client.get(led)["Location"] == address
