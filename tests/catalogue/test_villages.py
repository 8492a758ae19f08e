"""Who does not know the district finds it by the town or village."""

from datetime import date

import pytest
from django.test import Client
from tests.kit.pages import open_page
from tests.kit.world import World
from tests.territory.excerpt import changed, written

from tirek.territory.reference_data import load_classifier

pytestmark = pytest.mark.django_db
FIELD = "Or a town or village: the first letters of its name"


@pytest.fixture
def world() -> World:
    """A kind with an offer."""
    return World()


@pytest.fixture
def nobody(world: World) -> Client:
    """Somebody who has not signed in, in a country whose villages are known."""
    twin = ("113835100", "settlement", "2", "с.Архат", "Арқат а.")
    load_classifier(written(changed(twin)), since=date(2026, 1, 1), ends=1)
    return Client(headers={"Accept-Language": "ru"})


@pytest.mark.parametrize("typed", ["орда", "Орд", "с. орда", "орда а."])
def test_only_one_village__leads_at_once_to_the_offers_of_its_district(nobody: Client, typed: str) -> None:
    answer = nobody.get("/things/GI-01/offers", {"village": typed})
    assert (answer.status_code, answer.url) == (302, "/things/GI-01/offers?place=103200000")


def test_villages_of_one_name__are_told_with_their_districts(nobody: Client) -> None:
    page = open_page(nobody, "/things/GI-01/offers?village=арк")
    found = [(one.text, one.address) for one in page.links if one.address.startswith("/things/GI-01/offers?place=")]
    assert found == [
        ("с.Архат", "/things/GI-01/offers?place=103200000"),
        ("с.Архат", "/things/GI-01/offers?place=113800000"),
    ]
    assert "Абайский район, область Абай" in page.main
    assert "Атбасарский район, Акмолинская область" in page.main
    assert 'value="арк"' in page.html, "what was typed stands there still"


@pytest.mark.parametrize("typed", ["ыыы", "о"])
def test_village_that_nobody_knows__is_said_with_a_way_on(nobody: Client, typed: str) -> None:
    page = open_page(nobody, f"/things/GI-01/offers?village={typed}")
    assert page.status == 200
    assert "Введите хотя бы две буквы названия или выберите район выше." in page.main


def test_place_that_is_chosen__goes_before_what_is_typed(nobody: Client) -> None:
    answer = nobody.get("/things/GI-01/offers", {"village": "орда", "place": "113800000"})
    assert answer.status_code == 200


def test_without_the_classifier__no_village_is_asked_for(world: World) -> None:
    page = open_page(Client(headers={"Accept-Language": "en"}), "/things/GI-01/offers?village=орда")
    assert page.status == 200
    assert FIELD not in page.main
