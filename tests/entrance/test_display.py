"""The display panel is remembered for a person, not for a computer."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from tests import factories as make

from tirek.accounts.actions import secrets
from tirek.notices.models import SentMessage
from tirek.people.models import Person
from tirek.site.privacy import PRIVACY_VERSION
from tirek.ui import display

pytestmark = pytest.mark.django_db
LARGE = {"size": "200", "contrast": "dark", "spacing": "usual", "pictures": "shown", "reading": "usual"}


@pytest.fixture
def person() -> Person:
    make.load_terms()
    one = make.person()
    one.consents.create(purpose="privacy", text_version=PRIVACY_VERSION, channel="web", given_at=make.MORNING)
    return one


def sign_in(client: Client, person: Person, *, shared: bool = False) -> Client:
    """Through the pages, with the code that the demo channel kept."""
    cache.clear()
    given = {"iin": person.iin, "next": "/help"} | ({"shared": "on"} if shared else {})
    client.post(reverse("accounts:sign-in"), given)
    secrets.hand_over()
    newest = SentMessage.objects.filter(address=person.user.phone if person.user else "").order_by("-at", "-pk").first()
    assert newest is not None
    code = next(word.strip(".,") for word in newest.text.split() if word.strip(".,").isdecimal() and len(word.strip(".,")) == 6)
    done = client.post(reverse("accounts:code"), {"code": code})
    assert done.status_code == 302, done.content.decode()[:300]
    return client


def look_of(client: Client) -> str:
    """Classes of the page."""
    html = client.get("/help", headers={"Accept-Language": "en"}).content.decode()
    return html.split('class="govuk-template', 1)[1].split('"', 1)[0].strip()


@pytest.mark.mission("S0.25")
def test_choice__of_somebody_signed_in_comes_back_on_another_device(person: Person) -> None:
    here, elsewhere = sign_in(Client(), person), Client()
    here.post("/display", LARGE)
    assert look_of(here) == "display-size-200 display-contrast-dark"
    assert look_of(elsewhere) == ""
    sign_in(elsewhere, person)
    assert look_of(elsewhere) == "display-size-200 display-contrast-dark"


def test_choice__of_somebody_signed_in_leaves_nothing_for_the_next_person(person: Person) -> None:
    computer = sign_in(Client(), person, shared=True)
    computer.post("/display", LARGE)
    assert not getattr(computer.cookies.get(display.COOKIE), "value", "")
    computer.post(reverse("accounts:sign-out"))
    assert look_of(computer) == ""
    sign_in(computer, make.person(phone="+77017654321"), shared=True)
    assert look_of(computer) == ""


def test_sign_out__puts_the_browser_back_to_the_usual_look(person: Person) -> None:
    browser = Client()
    browser.post("/display", LARGE)
    sign_in(browser, person)
    browser.post(reverse("accounts:sign-out"))
    assert look_of(browser) == ""


def test_choice__made_on_the_way_in_comes_along_on_ones_own_device(person: Person) -> None:
    browser = Client()
    browser.post("/display", LARGE)
    assert look_of(browser) == "display-size-200 display-contrast-dark"
    sign_in(browser, person)
    assert look_of(sign_in(Client(), person)) == "display-size-200 display-contrast-dark"


def test_choice__found_on_a_shared_computer_is_nobodys(person: Person) -> None:
    computer = Client()
    computer.post("/display", LARGE)
    sign_in(computer, person, shared=True)
    assert look_of(sign_in(Client(), person)) == ""


def test_choice__of_the_account_wins_over_that_of_the_browser(person: Person) -> None:
    sign_in(Client(), person).post("/display", {"usual": "1"})
    browser = Client()
    browser.post("/display", LARGE)
    assert look_of(sign_in(browser, person)) == ""


def test_large_print__is_set_at_first_and_a_choice_of_ones_own_stays(person: Person) -> None:
    client = sign_in(Client(), person)
    answers = {"language": "en", "large_print": "on", "privacy": "on"}
    said = client.post(reverse("entrance:welcome"), answers | {"next": "/help"}, follow=True).content.decode()
    assert "Pages now look as you need them" in said
    assert look_of(client) == "display-size-150"
    assert look_of(sign_in(Client(), person)) == "display-size-150"
    client.post("/display", {"usual": "1"})
    client.post(reverse("entrance:welcome"), answers)
    assert look_of(client) == ""
