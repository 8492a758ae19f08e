"""Addresses that pages of lower apps need and upper apps own."""

from collections.abc import Iterator

import pytest
from django.template import Context, Template
from django.test import override_settings
from django.urls import NoReverseMatch, reverse

from tirek.core.keys import uuid7
from tirek.ui import ways
from tirek.ui.ways import NAMES, announce, way

KEY = uuid7()


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody has announced anything."""
    monkeypatch.setattr(ways, "_ways", {})
    return


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize("name", ["", "Home", "persons", "home "])
def test_way__that_does_not_exist_is_refused(name: str) -> None:
    with pytest.raises(KeyError):
        announce(name, "entrance:home")
    with pytest.raises(KeyError):
        way(name)
    assert ways._ways == {}


@pytest.mark.usefixtures("fresh")
def test_way__without_an_owner_leads_nowhere() -> None:
    assert {way(name) for name in NAMES} == {""}
    assert way("person", KEY) == ""
    rendered = Template('{% way "person" key as url %}[{{ url }}]').render(Context({"key": KEY}))
    assert rendered == "[]"


@pytest.mark.usefixtures("fresh")
def test_way__leads_to_the_route_that_was_announced() -> None:
    announce("home", "entrance:home")
    announce("person", "desks:officer-person")
    assert way("home") == reverse("entrance:home")
    assert way("person", KEY) == reverse("desks:officer-person", args=[KEY])
    rendered = Template('{% way "person" key as url %}{{ url }}').render(Context({"key": KEY}))
    assert rendered == way("person", KEY)


@pytest.mark.usefixtures("fresh")
def test_way__may_be_a_function_and_leads_to_one_place() -> None:
    announce("person", lambda key: f"/people/{key}#file")
    assert way("person", KEY) == f"/people/{KEY}#file"
    with pytest.raises(ValueError, match="leads elsewhere already"):
        announce("person", "desks:officer-person")
    assert way("person", KEY) == f"/people/{KEY}#file"


@pytest.mark.usefixtures("fresh")
def test_way__to_a_route_that_the_installation_does_not_have_leads_nowhere() -> None:
    announce("home", "nowhere:at-all")
    announce("person", "desks:officer-person")
    assert way("home") == ""
    assert way("person") == "", "without its key there is no address either"
    assert way("person", "not a key") == ""
    with pytest.raises(NoReverseMatch):
        reverse("nowhere:at-all")


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_way__is_announced_by_the_product_and_leads_somewhere(name: str) -> None:
    assert name in ways._ways
    assert way(name) or way(name, KEY) or way(name, "order", KEY), NAMES[name]


def test_ways__of_a_bare_site_lead_nowhere() -> None:
    class Bare:
        urlpatterns: tuple[object, ...] = ()

    with override_settings(ROOT_URLCONF=Bare):
        assert {way(name, *args) for name in NAMES for args in ((), (KEY,)) if name != "person"} <= {""}
