"""The display panel is remembered for a person, not for a computer."""

from dataclasses import fields
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from tests import factories as make
from tests.kit.sign_in import through_the_pages

from tirek.people.models import Person
from tirek.ui import display
from tirek.ui.views.display import DisplayForm

pytestmark = pytest.mark.django_db
LARGE = {"size": "200", "contrast": "dark", "spacing": "usual", "pictures": "shown"}


@pytest.fixture
def person() -> Person:
    one = make.person()
    make.agree(one)
    return one


def look_of(client: Client) -> str:
    """Classes of the page."""
    html = client.get("/help", headers={"Accept-Language": "en"}).content.decode()
    return html.split('class="govuk-template', 1)[1].split('"', 1)[0].strip()


@pytest.mark.mission("S0.25")
def test_choice__of_somebody_signed_in_comes_back_on_another_device(person: Person) -> None:
    here, elsewhere = through_the_pages(Client(), person), Client()
    here.post("/display", LARGE)
    assert look_of(here) == "display-size-200 display-contrast-dark"
    assert look_of(elsewhere) == ""
    through_the_pages(elsewhere, person)
    assert look_of(elsewhere) == "display-size-200 display-contrast-dark"


def test_choice__of_somebody_signed_in_leaves_nothing_for_the_next_person(person: Person) -> None:
    computer = through_the_pages(Client(), person, shared=True)
    computer.post("/display", LARGE)
    assert not getattr(computer.cookies.get(display.COOKIE), "value", "")
    computer.post(reverse("accounts:sign-out"))
    assert look_of(computer) == ""
    through_the_pages(computer, make.person(phone="+77017654321"), shared=True)
    assert look_of(computer) == ""


def test_sign_out__puts_the_browser_back_to_the_usual_look(person: Person) -> None:
    browser = Client()
    browser.post("/display", LARGE)
    through_the_pages(browser, person)
    browser.post(reverse("accounts:sign-out"))
    assert look_of(browser) == ""


def test_choice__made_on_the_way_in_comes_along_on_ones_own_device(person: Person) -> None:
    browser = Client()
    browser.post("/display", LARGE)
    assert look_of(browser) == "display-size-200 display-contrast-dark"
    through_the_pages(browser, person)
    assert look_of(through_the_pages(Client(), person)) == "display-size-200 display-contrast-dark"


def test_choice__found_on_a_shared_computer_is_nobodys(person: Person) -> None:
    computer = Client()
    computer.post("/display", LARGE)
    through_the_pages(computer, person, shared=True)
    assert look_of(through_the_pages(Client(), person)) == ""


def test_choice__of_the_account_wins_over_that_of_the_browser(person: Person) -> None:
    through_the_pages(Client(), person).post("/display", {"usual": "1"})
    browser = Client()
    browser.post("/display", LARGE)
    assert look_of(through_the_pages(browser, person)) == ""


def test_large_print__is_set_at_first_and_a_choice_of_ones_own_stays(person: Person) -> None:
    client = through_the_pages(Client(), person)
    answers = {"language": "en", "large_print": "on", "privacy": "on"}
    said = client.post(reverse("entrance:welcome"), answers | {"next": "/help"}, follow=True).content.decode()
    assert "Pages now look as you need them" in said
    assert look_of(client) == "display-size-150"
    assert look_of(through_the_pages(Client(), person)) == "display-size-150"
    client.post("/display", {"usual": "1"})
    client.post(reverse("entrance:welcome"), answers)
    assert look_of(client) == ""


@pytest.mark.finding("J-M21")
def test_every_choice__is_one_that_pages_keep() -> None:
    """What is offered changes how pages look; nothing is promised that no page has."""
    styles = Path(finders.find("tirek/tirek.css")).read_text(encoding="utf-8")
    for field in fields(display.Display):
        for value in type(field.default):
            if value not in {field.default, display.Pictures.HIDDEN}:
                assert f"display-{field.name}-{value.value}" in styles
    assert not display.Display(pictures=display.Pictures.HIDDEN).shows_pictures
    assert set(DisplayForm.base_fields) == {field.name for field in fields(display.Display)}
