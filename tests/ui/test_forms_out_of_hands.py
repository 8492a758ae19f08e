"""The last page of a form that somebody else holds, or that is not right."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from tests import factories as make
from tests.core.made_up import Visit
from tests.kit.pages import Page, open_page, read
from tests.kit.sign_in import registered, signed_in
from tests.ui import made_up_site as site
from tests.ui.made_up_site import VISIT_FORM

from tirek.core import drafts
from tirek.core.actors import Actor
from tirek.core.drafts import Draft, Typed
from tirek.core.signing import Signature
from tirek.notices.models import SentMessage
from tirek.people.models import Person
from tirek.ui.draftform import CHECK

FULL = {"times": "2", "comment": "hello"}


@pytest.fixture
def officer(db: None) -> Iterator[Actor]:
    with site.opened() as one:
        yield one


@pytest.fixture
def person(officer: Actor) -> Person:
    return make.person()


@pytest.fixture
def who(person: Person) -> Actor:
    return make.recipient_of(person)


@pytest.fixture
def client(person: Person) -> Client:
    return registered(person)


def begin(actor: Actor, person: Person, **values: str) -> Draft:
    return VISIT_FORM.begin(actor, values, subject_id=person.pk)


def url(draft: Draft, part: str = CHECK) -> str:
    return f"/made-up/ask/{draft.pk}/{part}"


def fresh(draft: Draft) -> Draft:
    return Draft.objects.get(pk=draft.pk)


def presses(page: Page, draft: Draft) -> set[str]:
    """What the buttons of the page do with the form."""
    return set(re.findall(rf'action="/made-up/ask/{draft.pk}/([a-z]+)"', page.html))


def only_read(page: Page, draft: Draft, *, offers: set[str]) -> None:
    """The answers can be read; nothing is filled in, changed, signed, sent or handed on."""
    assert page.status == 200
    assert "Times: 2." in page.main
    assert presses(page, draft) == offers
    assert not re.search(r'name="(agreed|code|step)"', page.html)
    assert "The sheet is signed: record it" not in page.main
    assert "Send the recipient a code" not in page.main
    assert "Change times" not in page.main


# --- held by somebody else


def test_check__of_a_form_that_waits_offers_the_person_to_take_it_back_and_nothing_else(
    who: Actor, person: Person, client: Client
) -> None:
    draft = begin(who, person, **FULL)
    assert presses(open_page(client, url(draft)), draft) == {"submit", "hand"}
    client.post(url(draft, "hand"))
    page = open_page(client, url(draft))
    only_read(page, draft, offers={"take"})
    assert "The office will finish it. You can take it back until then." in page.main
    assert "Take it back" in page.main
    assert client.get(url(draft, "times"))["Location"] == url(draft), "a step leads to what can be read"


def test_check__of_a_form_that_an_officer_fills_in_offers_the_person_nothing(
    officer: Actor, who: Actor, person: Person, client: Client
) -> None:
    draft = begin(who, person, **FULL)
    client.post(url(draft, "hand"))
    drafts.take(officer, draft.pk)
    page = open_page(client, url(draft))
    only_read(page, draft, offers=set())
    assert "The office is filling it in now." in page.main


def test_check__of_a_form_that_waits_offers_an_officer_to_take_it_up_and_nothing_else(
    officer: Actor, who: Actor, person: Person, client: Client
) -> None:
    draft, clerk = begin(who, person, **FULL), signed_in(officer)
    client.post(url(draft, "hand"))
    page = open_page(clerk, url(draft))
    only_read(page, draft, offers={"take"})
    assert "This form waits for the office." in page.main
    assert "Take it up" in page.main
    clerk.post(url(draft, "take"))
    assert presses(open_page(clerk, url(draft)), draft) == {"sign", "hand"}


def test_check__of_a_form_that_was_handed_to_the_person_offers_the_officer_nothing(
    officer: Actor, person: Person
) -> None:
    draft, clerk = begin(officer, person, **FULL), signed_in(officer)
    assert presses(open_page(clerk, url(draft)), draft) == {"sign", "hand"}
    clerk.post(url(draft, "hand"))
    page = open_page(clerk, url(draft))
    only_read(page, draft, offers=set())
    assert "This form was handed over" in page.main


@pytest.mark.parametrize("place", ["with the person", "waiting"])
@pytest.mark.parametrize("step", ["ask", "paper", "sign", "send"])
def test_code__for_a_form_out_of_hands_is_refused_and_none_is_sent(
    officer: Actor, who: Actor, person: Person, client: Client, place: str, step: str
) -> None:
    draft, clerk = begin(officer, person, **FULL), signed_in(officer)
    clerk.post(url(draft, "hand"))
    if place == "waiting":
        client.post(url(draft, "hand"))
    answer = clerk.post(url(draft, "sign"), {"step": step, "code": "123456"})
    assert answer.status_code == 409
    assert "Somebody else is filling in this form now." in read(answer).text
    assert not SentMessage.objects.exists()
    assert not Signature.objects.exists()
    assert fresh(draft).state == ("waiting" if place == "waiting" else "open")


def test_changed_form__is_looked_through_anew_by_its_holder_only(
    officer: Actor, who: Actor, person: Person, client: Client
) -> None:
    draft, clerk = begin(officer, person, **FULL), signed_in(officer)
    clerk.post(url(draft, "hand"))
    Draft.objects.filter(pk=draft.pk).update(form_version=1)
    only_read(open_page(clerk, url(draft)), draft, offers=set())
    assert fresh(draft).form_version == 1, "the officer has read what the person fills in now"
    client.post(url(draft, "hand"))
    only_read(open_page(clerk, url(draft)), draft, offers={"take"})
    assert fresh(draft).form_version == 1
    clerk.post(url(draft, "take"))
    open_page(clerk, url(draft))
    assert fresh(draft).form_version == 2


# --- what is not right


@pytest.mark.parametrize("code", ["", "12345", "12345678"])
def test_code__that_cannot_be_one_is_refused_at_the_counter_and_costs_no_try(
    officer: Actor, person: Person, code: str
) -> None:
    draft, clerk = begin(officer, person, **FULL), signed_in(officer)
    clerk.post(url(draft, "sign"), {"step": "ask"})
    asked = Signature.objects.get()
    page = read(clerk.post(url(draft, "sign"), {"step": "sign", "asked": str(asked.pk), "code": code}))
    assert (page.status, len(page.errors)) == (422, 1)
    assert "Code from the message" in page.errors[0]
    assert f'name="asked" value="{asked.pk}"' in page.html, "the code that was sent can still be given"
    asked.refresh_from_db()
    assert (asked.tries, asked.state) == (0, Signature.State.REQUESTED)
    assert not Visit._default_manager.exists()


def test_check__what_is_answered_and_wrong_is_not_called_missing(who: Actor, person: Person, client: Client) -> None:
    draft = begin(who, person, times="77", why="x" * 21)
    page = open_page(client, url(draft))
    assert "missing" not in page.main
    assert "Send it" in page.main
    refused = read(client.post(url(draft, "submit"), {"agreed": "on"}))
    assert refused.status == 422
    assert "missing" not in refused.main
    assert "Times" in refused.main, "what is wrong is said by what it is"
    drafts.save_fields(who, draft.pk, {"why": Typed("", 1)})
    page = open_page(client, url(draft))
    assert "Something is still missing: Why" in page.main
    assert "How many times" not in page.main.partition("missing")[2]


def test_check__at_the_counter_says_what_is_wrong_instead_of_what_is_missing(officer: Actor, person: Person) -> None:
    draft = begin(officer, person, times="77", why="ill")
    page = open_page(signed_in(officer), url(draft))
    assert "missing" not in page.main
    assert re.search(r"“Times” must be .*9", page.main)
    assert "The sheet is signed: record it" not in page.main
