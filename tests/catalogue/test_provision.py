"""How a kind is provided by region and day: on the portal, bought by the local body, or not yet; what people read."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from tests import factories as make
from tests.kit.pages import open_page
from tests.kit.world import World

from tirek.catalogue.models import Kind, KindProvision
from tirek.catalogue.provision import PROVISIONS, by_region, can_be_ordered, opened_between, provided
from tirek.catalogue.showing import list_shown
from tirek.core import clock, reference
from tirek.core.actors import CLOCK
from tirek.core.errors import RuleBroken
from tirek.core.places import region_of
from tirek.insight import readiness

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 9)
NEXT_YEAR = date(2027, 1, 1)
ABAI, ELSEWHERE = "100000000", "310000000"


@pytest.fixture(autouse=True)
def regions() -> Iterator[None]:
    with clock.at(make.MORNING):
        make.district()
        make.district("311000000")
        yield


def told(kind: Kind, place: str, on: date = TODAY) -> tuple[str, date | None]:
    here = provided(kind, territory_code=place, on=on)
    return here.channel, here.orderable_from


@pytest.mark.mission("S2.14")
def test_kind__is_bought_in_one_region_for_the_time_of_a_conclusion() -> None:
    kind = make.kind()
    make.provision(kind, "procurement", since=TODAY, until=date(2026, 12, 31), region=ABAI)
    assert told(kind, "101810000") == ("procurement", NEXT_YEAR), "it is known when it opens again"
    assert told(kind, "311000000") == ("portal", date(2020, 1, 1))
    assert told(kind, "101810000", TODAY - timedelta(days=1)) == ("portal", date(2020, 1, 1))
    assert told(kind, "101810000", NEXT_YEAR) == ("portal", date(2020, 1, 1)), "the classifier counts again"
    here = provided(kind, territory_code=ABAI, on=TODAY)
    assert here.conclusion is not None
    assert here.conclusion.conclusion_number == "7-2026"
    assert [one.region_code for one in by_region(kind, on=TODAY)] == [ABAI]


def test_region__goes_before_the_country_and_both_before_the_classifier() -> None:
    shut, bought = make.kind("SM-09", orderable_from=None), make.kind("PO-01", channel="procurement")
    make.provision(shut, "portal", since=NEXT_YEAR, region=ABAI)
    assert told(shut, ABAI) == ("portal", NEXT_YEAR), "the coming day is known"
    assert told(shut, ELSEWHERE) == ("portal", None)
    assert not can_be_ordered(shut, on=TODAY)
    assert can_be_ordered(shut, on=NEXT_YEAR), "somewhere in the country"
    assert not can_be_ordered(shut, on=NEXT_YEAR, place=ELSEWHERE)
    make.provision(bought, "portal", since=TODAY)
    assert told(bought, ABAI) == ("portal", TODAY)
    make.provision(bought, "closed", since=TODAY, region=ABAI)
    assert told(bought, ABAI) == ("portal", None)
    assert told(bought, ELSEWHERE) == ("portal", TODAY)


def test_programme__that_names_another_way_is_not_changed_by_a_region() -> None:
    kind = make.kind()
    make.provision(kind, "closed", since=TODAY, region=ABAI)
    here = provided(kind, territory_code=ABAI, on=TODAY, channel="employer")
    assert (here.channel, here.version) == ("employer", None)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("conclusion_number", {"conclusion_number": " "}),
        ("conclusion_on", {"conclusion_on": None}),
        ("conclusion_on", {"conclusion_on": TODAY + timedelta(days=1)}),
        ("region", {"region_code": ""}),
        ("region", {"region_code": "999999999"}),
        ("term", {"effective_to": TODAY - timedelta(days=1)}),
        ("way", {"way": "closed"}),
        ("citation", {"citation": ""}),
    ],
)
def test_version__says_what_is_wrong(code: str, said: dict[str, object]) -> None:
    kind = make.kind()
    facts: dict[str, object] = {
        "way": "procurement",
        "region_code": ABAI,
        "conclusion_number": "7",
        "conclusion_on": TODAY,
        "effective_from": TODAY,
        "citation": "Decision 7",
        "status": reference.Status.APPROVED,
    }
    with pytest.raises(RuleBroken) as refused:
        PROVISIONS.amend(actor=CLOCK, row=KindProvision(kind=kind, **(facts | said)))
    assert refused.value.code == code


@pytest.mark.parametrize(
    "said",
    [
        {"way": "procurement", "region_code": ABAI},
        {"way": "procurement", "conclusion_number": "7", "conclusion_on": TODAY},
        {"way": "portal", "conclusion_number": "7", "conclusion_on": TODAY},
    ],
)
def test_database__refuses_what_is_bought_without_a_region_and_its_conclusion(said: dict[str, object]) -> None:
    facts = {"effective_from": TODAY, "citation": "test", "status": "demo"}
    with pytest.raises(IntegrityError), transaction.atomic():
        KindProvision.objects.create(kind=make.kind(), **facts, **said)


def test_opened__names_kinds_that_begin_or_are_chosen_again_in_a_region() -> None:
    shut = make.kind("SM-09", orderable_from=None)
    bought, since = make.kind("SU-06"), make.kind("GI-03", orderable_from=TODAY)
    make.provision(shut, "portal", since=TODAY, region=ABAI)
    make.provision(bought, "procurement", since=date(2026, 10, 1), until=TODAY - timedelta(days=1), region=ELSEWHERE)
    week = TODAY - timedelta(days=7)
    found = [(kind.code, place) for kind, place in opened_between(week, TODAY)]
    assert [one for one in found if one[0] != since.code] == [(shut.code, ABAI), (bought.code, ELSEWHERE)]
    assert {(since.code, ABAI), (since.code, ELSEWHERE)} <= set(found), "the classifier's own day counts, too"
    assert opened_between(week - timedelta(days=30), week) == []


def test_pages__say_how_a_kind_is_provided_in_each_place() -> None:
    world = World()
    make.provision(world.kind, "procurement", since=TODAY, until=date(2026, 12, 31), region=region_of(world.place.code))
    anybody = Client(headers={"accept-language": "en"})
    code = world.kind.code
    words = "Conclusion of the commission: No 7-2026, 9 November 2026."
    for address in (
        f"/things/{code}",
        f"/things/{code}/offers?place={world.place.code}",
        f"/readiness/{region_of(world.place.code)}?state=bought",
    ):
        page = open_page(anybody, address).main.replace("\xa0", " ")
        assert words in page, address
        assert "It can be ordered on the portal from 1 January 2027." in page, address
    assert "All other regions" in open_page(anybody, f"/things/{code}").main
    assert "You choose and order it here" in open_page(anybody, f"/things/{code}").main
    assert "Sign in or register" not in open_page(anybody, f"/things/{code}/offers?place={world.place.code}").main
    assert list_shown(world.kind, ELSEWHERE).provision == ""
    assert readiness.view(region_of(world.place.code)).counts["bought"] == 1
