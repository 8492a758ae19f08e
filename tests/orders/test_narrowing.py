"""Offers are narrowed by what describes a kind; what is asked stands in the address, and nothing typed is lost."""

from collections.abc import Iterator
from decimal import Decimal
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import factories as make
from tests.kit.pages import Page, open_page
from tests.kit.world import World

from tirek.catalogue.models import GuaranteedAmount, Offer, OfferVersion, Parameter, Variant
from tirek.catalogue.narrowing import ALL, Narrowed, Range
from tirek.core import clock
from tirek.core.reference.snapshot import forget_all

pytestmark = [pytest.mark.django_db, pytest.mark.mission("S0.13")]


@pytest.fixture
def world() -> Iterator[World]:
    """Four offers: narrow and quick but dear, wide and slow, without a type, and sold out."""
    with clock.at(make.MORNING):
        shop = World(price=Decimal(220))
        called = {"narrow": shop.offer}
        called["wide"] = make.offer(
            make.supplier(),
            shop.kind,
            days=20,
            parameters={"waist_min_cm": 100, "waist_max_cm": 150, "type": "pants"},
        )
        called["plain"] = make.offer(
            make.supplier(), shop.kind, price=Decimal(205), days=9, parameters={"waist_max_cm": 90}
        )
        called["gone"] = make.offer(make.supplier(), shop.kind, stock=0, parameters={"type": "tabs"})
        for name, one in called.items():
            Offer.objects.filter(pk=one.pk).update(name_en=f"Offer {name}", maker=f"Works {name}")
        # one end alone is a number like others; a size chart is narrowed in catalogue/test_size_charts
        Parameter.objects.filter(code="waist_min_cm").delete()
        yield shop


@pytest.fixture
def client(world: World) -> Client:
    return world.client(world.actor)


def listed(client: Client, world: World, query: str = "") -> Page:
    return open_page(client, f"{reverse('orders:offers', args=[world.line.pk])}?{query}")


def names(page: Page) -> list[str]:
    """Offers in their order."""
    return [link.text.removeprefix("Offer ") for link in page.links if link.text.startswith("Offer ")]


def test_offers__without_conditions_stand_as_before_and_can_be_narrowed(client: Client, world: World) -> None:
    page = listed(client, world)
    assert sorted(names(page)) == ["gone", "narrow", "plain", "wide"]
    assert names(page)[-1] == "gone"
    assert "Narrow or sort the offers" in page.main
    assert "Found:" not in page.main


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("p-type=pants", ["wide"]),
        ("p-type=pants&p-type=tabs", ["wide", "gone"]),
        ("p-waist_max_cm_from=100", ["narrow", "wide"]),
        ("p-waist_max_cm_to=100", ["plain"]),
        ("p-waist_max_cm_from=90,0&p-waist_max_cm_to=110", ["narrow", "plain"]),
        ("p-waist_max_cm_from=100&p-type=tabs", []),
        ("only=free", ["wide", "gone"]),
        ("only=free&only=stock", ["wide"]),
        ("words=wide", ["wide"]),
        ("words=plian", ["plain"]),
        ("words=жөргек", ["narrow", "wide", "plain", "gone"]),
        ("words=zhorgek", ["narrow", "wide", "plain", "gone"]),
        ("words=экскаватор", []),
    ],
)
def test_conditions__leave_what_meets_them_all(client: Client, world: World, query: str, found: list[str]) -> None:
    page = listed(client, world, query)
    assert sorted(names(page)) == sorted(found)
    assert f"Found: {len(found)}" in page.main


def test_order__is_chosen_by_the_person_and_what_cannot_be_had_stays_last(client: Client, world: World) -> None:
    assert names(listed(client, world, "sort=days")) == ["narrow", "plain", "wide", "gone"]
    by_price = names(listed(client, world, "sort=pays"))
    assert by_price == ["wide", "plain", "narrow", "gone"]
    assert "comes last in every order" in listed(client, world, "sort=pays").main
    assert names(listed(client, world, "sort=cheapest")) == names(listed(client, world))


def test_condition__is_taken_away_by_its_link_and_the_others_stay(client: Client, world: World) -> None:
    page = listed(client, world, "p-waist_max_cm_from=100&p-type=pants&p-type=tabs&sort=days&page=1")
    links = {link.text: parse_qs(urlsplit(link.address).query) for link in page.links if "Take away" in link.text}
    assert len(links) == 3
    (of_range,) = [query for words, query in links.items() if "100 and more" in words]
    assert of_range == {"p-type": ["pants", "tabs"], "sort": ["days"]}
    assert {tuple(query.get("p-type", ())) for query in links.values()} == {("pants", "tabs"), ("tabs",), ("pants",)}


def test_what_cannot_be_read__is_told_beside_its_field_kept_and_narrows_nothing(client: Client, world: World) -> None:
    page = listed(client, world, "p-waist_max_cm_from=wide&p-waist_max_cm_to=100&p-type=pants")
    assert names(page) == ["wide"]
    assert "must be numbers" in page.main
    assert 'value="wide"' in page.html
    assert "<details" in page.html.split("Narrow or sort")[0]
    turned = listed(client, world, "p-waist_max_cm_from=100&p-waist_max_cm_to=20")
    assert "must begin with the smaller number" in turned.main
    assert len(names(turned)) == 4


def test_nothing_like_that__leads_on(client: Client, world: World) -> None:
    page = listed(client, world, "p-waist_max_cm_from=500&words=Works")
    assert "No offer is like that" in page.main
    assert "Nobody delivers this" not in page.main
    (need,) = [link.address for link in page.links if link.text == "I cannot find what I need"]
    told = [parse_qs(urlsplit(link.address).query) for link in open_page(client, need).links]
    assert any("500" in query.get("text", [""])[0] for query in told), "what is needed is written down already"
    assert reverse("orders:offers", args=[world.line.pk]) in [link.address for link in page.links]


def test_size__that_meets_the_conditions_stands_for_its_offer(client: Client, world: World) -> None:
    large = Variant.objects.create(offer=world.offer, label="XXL", stock=5)
    version = OfferVersion.objects.create(
        variant=large,
        n=1,
        price=Decimal(260),
        parameters={"waist_min_cm": 140, "waist_max_cm": 170},
        warranty_months=0,
        delivery_days=7,
    )
    Variant.objects.filter(pk=large.pk).update(current=version)
    assert "You pay 20 ₸" in listed(client, world, "words=narrow").main.replace("\u00a0", " ")
    assert "You pay 60 ₸" in listed(client, world, "p-waist_max_cm_from=165").main.replace("\u00a0", " ")


def test_pages__keep_the_conditions(client: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tirek.orders.views.ordering.OFFERS_PER_PAGE", 1)
    page = listed(client, world, "only=free&sort=days")
    assert any("only=free" in link.address and "page=2" in link.address for link in page.links)
    assert names(listed(client, world, "only=free&sort=days&page=2")) == ["gone"]


def test_officer__narrows_in_the_persons_name(world: World) -> None:
    # whose case lies at the office is no stranger there
    world.order(1, actor=world.officer)
    page = listed(world.client(world.officer), world, "only=free")
    assert sorted(names(page)) == ["gone", "wide"]
    assert "free for the person" in page.main.lower()


def test_kind_without_an_amount__is_refused_with_a_way_out(client: Client, world: World) -> None:
    GuaranteedAmount.objects.all().delete()
    forget_all()
    page = open_page(client, reverse("orders:offers", args=[world.line.pk]), status=422)
    assert "not known yet what the state pays" in page.main
    assert "tel:1414" in page.html


FIELDS = ["words", "only", "sort", "page", "p-type", "p-waist_max_cm_from"]


@given(st.dictionaries(st.sampled_from(FIELDS), st.text(st.characters(exclude_categories=["Cs"]), max_size=30)))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_address__is_answered_with_the_offers(client: Client, world: World, asked: dict[str, str]) -> None:
    address = reverse("orders:offers", args=[world.line.pk])
    answer = client.get(f"{address}?{urlencode(asked)}")
    # a sign that no text has is refused before anything reads it
    unreadable = any("\0" in one for one in asked.values())
    assert answer.status_code == (422 if unreadable else 200), asked
    assert unreadable or address in answer.content.decode()


def test_narrowed__takes_what_is_asked() -> None:
    assert ALL.is_empty
    assert ALL.takes({})
    assert Range(Decimal(2)).holds("2,5".replace(",", "."))
    assert not Range(Decimal(2), Decimal(3)).holds(Decimal("3.1"))
    assert not Range().holds("wide")
    wanted = Narrowed(values={"foldable": frozenset({"True"})}, ranges={"width": Range(high=Decimal(60))})
    assert wanted.takes({"foldable": True, "width": 60})
    assert not wanted.takes({"foldable": False, "width": 60})
    assert not wanted.takes({"foldable": True})
