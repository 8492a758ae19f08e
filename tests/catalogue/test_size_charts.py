"""Size charts: the two ends of what a size is made for are one column, one question and one fact."""

from collections.abc import Iterator
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from tests import factories as make
from tests.kit.pages import Page, open_page, read
from tests.kit.sign_in import for_years
from tests.kit.world import World

from tirek.catalogue import narrowing
from tirek.catalogue.actions.offers import put_size
from tirek.catalogue.deciding import WantedOffer, WantedSize, decide, ground, load
from tirek.catalogue.models import FitRule, Offer, OfferVersion, Parameter, Variant
from tirek.catalogue.narrowing import Narrowed
from tirek.catalogue.rules import VariantCard
from tirek.catalogue.showing import list_shown, side_by_side_shown
from tirek.catalogue.spans import Span, spans_of
from tirek.catalogue.words import MEASUREMENTS, Words
from tirek.core import clock, reference
from tirek.core.errors import RuleBroken
from tirek.demand import queries as demanded
from tirek.demand import rules
from tirek.demand.actions import keep_need

pytestmark = [pytest.mark.django_db, pytest.mark.mission("S0.13")]
WAIST = Span("waist_cm")


@pytest.fixture
def world() -> Iterator[World]:
    """An offer from 70 to 110, one from 100 to 150, and one that tells one end alone."""
    with clock.at(make.MORNING), translation.override("en"):
        made = World()
        called = {"narrow": made.offer}
        for name, parameters in (
            ("wide", {"waist_min_cm": 100, "waist_max_cm": 150, "type": "pants"}),
            ("half", {"waist_max_cm": 300}),
        ):
            called[name] = make.offer(make.supplier(), made.kind, parameters=parameters)
        for name, one in called.items():
            Offer.objects.filter(pk=one.pk).update(name_en=f"Offer {name}")
        yield made


def listed(world: World, query: str) -> Page:
    return open_page(world.client(world.actor), f"{reverse('orders:offers', args=[world.line.pk])}?{query}")


def names(page: Page) -> list[str]:
    return sorted(link.text.removeprefix("Offer ") for link in page.links if link.text.startswith("Offer "))


def test_span__is_of_two_parameters_that_are_both_there() -> None:
    codes = [
        "distance_max_km",
        "waist_max_cm",
        "waist_min_cm",
        "child_weight_min_kg",
        "child_weight_max_kg",
        "cuff_min_cm",
    ]
    assert spans_of(codes) == [WAIST, Span("child_weight_kg")]
    assert (WAIST.low, WAIST.high) == ("waist_min_cm", "waist_max_cm")
    size = {"waist_min_cm": 70, "waist_max_cm": "110.5"}
    held = [WAIST.holds(size, Decimal(measured)) for measured in ("69.9", "70", "110.5", "111")]
    assert held == [False, True, True, False]
    assert not WAIST.holds({"waist_max_cm": 110}, Decimal(80)), "what tells one end is not known to be made for it"
    assert WAIST.is_turned({"waist_min_cm": 110, "waist_max_cm": 70})
    assert not WAIST.is_turned({"waist_min_cm": 110})


def test_shipped_size_charts__are_compared_with_one_measurement_that_has_words() -> None:
    list(reference.load())
    found = 0
    for kind, codes in _codes_by_kind().items():
        for span in spans_of(codes):
            rows = FitRule.objects.filter(parameter__in=[span.low, span.high])
            measured = {one.measurement for one in rows}
            assert len(measured) == 1, (kind, span)
            assert measured < set(MEASUREMENTS), (kind, span)
            assert {one.relation for one in rows} == {"at_most", "at_least"}, (kind, span)
            assert span.code not in codes, (kind, span)
            found += 1
    assert found >= 4


def _codes_by_kind() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for kind, code in Parameter.objects.order_by("kind", "position").values_list("kind", "code"):
        found.setdefault(kind, []).append(code)
    return found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("p-waist_cm=90", ["narrow"]),
        ("p-waist_cm=105", ["narrow", "wide"]),
        ("p-waist_cm=105,5&p-type=pants", ["wide"]),
        ("p-waist_cm=160", []),
    ],
)
def test_one_question__leaves_sizes_that_are_made_for_the_measurement(
    world: World, query: str, found: list[str]
) -> None:
    page = listed(world, query)
    assert names(page) == found
    assert 'name="p-waist_min_cm_from"' not in page.html


def test_question__is_told_taken_away_and_kept_where_it_cannot_be_read(world: World) -> None:
    page = listed(world, "p-waist_cm=105&p-type=pants")
    links = {link.text: parse_qs(urlsplit(link.address).query) for link in page.links if "Take away" in link.text}
    assert [query for words, query in links.items() if "105" in words] == [{"p-type": ["pants"]}]
    assert any("Waist, cm: 105" in words for words in links)
    wrong = listed(world, "p-waist_cm=wide")
    assert 'value="wide"' in wrong.html
    assert len(names(wrong)) == 3


def test_need__is_kept_told_and_answered_by_a_size_that_is_made_for_it(world: World) -> None:
    sought = Narrowed(spans={"waist_cm": Decimal(160)})
    assert narrowing.read(narrowing.kept(sought)) == sought
    for _n in range(5):
        person = make.person(place=world.place)
        line = make.programme(person, world.kind).lines.get()
        kept = keep_need(actor=make.recipient_of(person), line=line, sought=sought, words="", wants_notice=False)
    assert kept.by_parameters
    assert "Waist: 160\u00a0cm" in Words(world.kind.pk).wanted(narrowing.read(kept.sought))
    (told,) = demanded.sought_by_many(world.supplier_actor)
    assert (told.count, told.condition.replace("\u2060", "").replace("\u00a0", " ")) == (5, "Waist: 160–170 cm")
    (cell,) = rules.cells(sought)
    assert cell.is_met({"waist_min_cm": 150, "waist_max_cm": 170})
    assert not cell.is_met({"waist_min_cm": 70, "waist_max_cm": 110})
    assert not cell.is_met({"waist_max_cm": 300}), "one end alone is not known to serve"
    assert cell.is_met({"type": "pants"}), "what a size does not tell is not compared"


def test_turned_size__is_refused_at_its_field_in_a_file_and_by_the_rule(world: World) -> None:
    turned = {"waist_min_cm": 110, "waist_max_cm": 70}
    said = "“waist” is smaller than “waist”."
    with pytest.raises(RuleBroken) as refused:
        make.offer(world.supplier, world.kind, parameters=turned)
    assert (refused.value.code, str(refused.value.message)) == ("span", said)
    put_size(world.offer, VariantCard("S", Decimal(180), 10, {"waist_min_cm": 60, "waist_max_cm": 80}), None)
    size = Variant.objects.get(offer=world.offer, label="S")
    desk = for_years(world.supplier_actor)
    answer = desk.post(
        f"/supply/cards/{world.offer.pk}/sizes/{size.pk}",
        {"label": "S", "article": "", "price": "180", "stock": "10", "p-waist_min_cm": "90", "p-waist_max_cm": "80"},
    )
    assert answer.status_code == 422
    page = read(answer)
    assert page.errors[-1].removeprefix("Error: ") == said
    assert 'value="90"' in page.html
    held = load(world.supplier, world.kind)
    wanted = WantedOffer(3, world.offer.pk, {}, [WantedSize(4, size.pk, {}, {"waist_min_cm": 90})])
    assert [
        (line, str(text))
        for line, text in decide(held[world.offer.pk], wanted, ground(world.supplier, world.kind)).wrong
    ] == [(4, said)]
    assert OfferVersion.objects.get(variant=size).parameters == {"waist_min_cm": 60, "waist_max_cm": 80}


def test_pages__show_the_chart_with_a_column_for_each_measurement(world: World) -> None:
    page = open_page(world.client(world.actor), f"/things/offers/{world.offer.pk}")
    assert 'data-label="Waist, cm"' in page.html
    assert "70–110 cm" in page.main.replace("\u2060", "").replace("\u00a0", " ")
    assert "Features" not in page.main, "a column without a word is none"
    other = Offer.objects.get(name_en="Offer wide")
    told = open_page(world.client(world.actor), f"/things/offers/{other.pk}").main
    assert "Features" in told
    facts = Words(world.kind.pk).facts({"waist_min_cm": 100, "waist_max_cm": 150, "type": "pants"})
    assert [(name, value.replace("\u2060", "").replace("\u00a0", " ")) for name, value in facts] == [
        ("Waist", "100–150 cm"),
        ("waist", "pants"),
    ]
    assert Words(world.kind.pk).facts({"waist_max_cm": 150}) == [("waist", "150\u00a0cm")]


def test_everybody__narrows_and_sorts_what_reaches_a_place_without_signing_in(world: World) -> None:
    place = world.place.code

    def shown(query: str = "") -> Page:
        return open_page(Client(headers={"Accept-Language": "en"}), f"/things/GI-01/offers?place={place}&{query}")

    page = shown()
    assert names(page) == ["half", "narrow", "wide"]
    assert "what fits" not in page.main, "nobody is known whom it could fit"
    assert f'name="place" value="{place}"' in page.html
    page = shown("p-waist_cm=105&p-type=pants")
    assert names(page) == ["wide"]
    assert "Found: 1" in page.main
    links = [parse_qs(urlsplit(link.address).query) for link in page.links if "Take away" in link.text]
    assert {"place": [place], "p-type": ["pants"]} in links
    nothing = shown("p-waist_cm=500")
    assert "No offer is like that" in nothing.main
    assert "Nobody delivers it here yet" not in nothing.main
    wrong = shown("p-waist_cm=wide")
    assert 'value="wide"' in wrong.html
    assert len(names(wrong)) == 3


def test_price_of_a_list__is_that_of_the_sizes_that_are_wanted(world: World) -> None:
    put_size(world.offer, VariantCard("XL", Decimal(300), 5, {"waist_min_cm": 111, "waist_max_cm": 140}), None)
    place = world.place.code
    (before,) = [one for one in list_shown(world.kind, place).offers if one.offer == world.offer]
    (after,) = list_shown(world.kind, place, Narrowed(spans={"waist_cm": Decimal(112)}, words="narrow")).offers
    assert (before.price, before.own, after.price, after.own) == (180, 0, 300, 100)
    assert list_shown(world.kind, place, Narrowed(spans={"waist_cm": Decimal(112)}, free=True)).offers == [
        one for one in list_shown(world.kind, place, Narrowed(spans={"waist_cm": Decimal(112)})).offers if not one.own
    ]


def test_everybody__puts_up_to_four_side_by_side_without_signing_in(world: World) -> None:
    put_size(world.offer, VariantCard("XL", Decimal(300), 5, {"waist_min_cm": 111, "waist_max_cm": 140}), None)
    place, nobody = world.place.code, Client(headers={"Accept-Language": "en"})
    listed = open_page(nobody, f"/things/GI-01/offers?place={place}")
    assert listed.html.count('name="offer"') == len(names(listed))
    keys = [str(one.pk) for one in Offer.objects.filter(kind=world.kind, state=Offer.State.ACTIVE)]
    query = "&".join(f"offer={one}" for one in keys)
    page = open_page(nobody, f"/things/GI-01/compare?place={place}&{query}&offer=no-key")
    told = page.main.replace("\u2060", "").replace("\u00a0", " ")
    for wanted in ("70–110 cm, 111–140 cm", "100–150 cm", "Waist", "Supplier", "The person pays from", "pants"):
        assert wanted in told, wanted
    assert [one.address for one in page.links if one.text.startswith("Look at it")] == [
        f"/things/offers/{one.offer.pk}" for one in list_shown(world.kind, place).offers if str(one.offer.pk) in keys
    ]
    assert "does it fit" not in told.lower(), "nobody is known whom it could fit"
    fewer = open_page(nobody, f"/things/GI-01/compare?place={place}&{query}&differences=1").main
    _listed, facts = side_by_side_shown(world.kind, place, keys)
    alike = {str(one.name) for one in facts if not one.differs}
    assert "Days to deliver" in alike
    assert "Days to deliver" not in fewer
    assert "Waist" in fewer
    for chosen in ("", f"&offer={uuid4()}"):
        assert "Nothing chosen yet" in open_page(nobody, f"/things/GI-01/compare?place={place}{chosen}").main
    assert nobody.get(f"/things/GI-01/compare?{query}").status_code == 404
    many = nobody.get(f"/things/GI-01/compare?place={place}&" + "&".join(f"offer={uuid4()}" for _n in range(5)))
    assert many.url == f"/things/GI-01/offers?place={place}&too-many=1"
    assert "Choose at most four offers to compare" in open_page(nobody, many.url).main


def test_side_by_side__of_many_sizes_tells_how_many_more_there_are(world: World) -> None:
    for n in range(8):
        bounds = {"waist_min_cm": 20 + n, "waist_max_cm": 40 + n}
        put_size(world.offer, VariantCard(f"n{n}", Decimal(180), 5, bounds), None)
    _listed, facts = side_by_side_shown(world.kind, world.place.code, [str(world.offer.pk)])
    (cell,) = next(one.values for one in facts if "aist" in str(one.name))
    assert cell.endswith(" and 3 more")
    assert cell.count("cm") == 6
