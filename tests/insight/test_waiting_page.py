"""The public page of waits, and its open data: nothing of few people, and the same figures in each."""

import csv
import io
import json
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client
from tests import factories as make
from tests.insight.test_counting import another, later, lived
from tests.kit.pages import open_page
from tests.kit.world import World

from tirek.catalogue.models import Kind
from tirek.core import clock
from tirek.core.places import region_of
from tirek.insight import actions, open_data, waiting
from tirek.insight.models import WaitingTime

pytestmark = [pytest.mark.django_db, pytest.mark.mission("S2.10")]


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(make.MORNING):
        yield World()


@pytest.fixture
def counted(world: World) -> World:
    """Six have received it after seven days, three wait."""
    lived(world)
    with later(20):
        actions.count()
    return world


@pytest.fixture
def anybody() -> Client:
    return Client(headers={"accept-language": "en"})


def body(client: Client, address: str) -> str:
    answer: Any = client.get(address)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode()


def test_page__is_open_to_everybody_before_anything_was_counted(anybody: Client, world: World) -> None:
    page = open_page(anybody, "/waiting")
    assert "Nothing has been counted yet" in page.main
    assert "Target: 1–2 weeks. The longest wait before the portal began: 8 months." in page.main
    assert anybody.get("/waiting/data.csv").status_code == 404


def test_page__tells_days_people_and_who_still_waits(anybody: Client, counted: World) -> None:
    page = open_page(anybody, "/waiting")
    rows = {row[0]: row[1:] for row in page.rows}
    few = "fewer than 5"
    assert rows["From the right to order to the receipt"] == ["7", "–", "5", few, "–", "–"]
    assert rows["Of it: to the first order"] == ["3", "–", "10", few, "–", "–"]
    assert rows["Accepted"] == ["2", "–", "5", "0", "–", "–"]
    assert "Steps of their own: 1. Visits to an office: 1." in page.main
    assert rows["2 weeks"] == ["85", "the target"], "six of the seven who have waited so long, to the nearest five"
    assert rows["8 months"] == ["–", "as long as before the portal"], "nobody has waited so long yet"
    assert [link.address for link in page.links if "data." in link.address] == [
        "/waiting/data.csv",
        "/waiting/data.json",
    ]


@pytest.mark.mission("S2.11")
def test_figures__are_cut_by_what_people_need_help_with(anybody: Client, counted: World) -> None:
    rows = {row[0]: row[1:] for row in open_page(anybody, "/waiting").rows}
    assert rows["Hygienic means"][:3] == ["7", "–", "5"]
    page = open_page(anybody, "/waiting?kind=GI&region=100000000")
    assert "Hygienic means," in page.main
    assert {row[0]: row[1] for row in page.rows}["Hygienic means"] == "7"
    kinds = page.rows[[row[0] for row in page.rows].index("Hygienic means") + 1 :]
    assert [row[0] for row in kinds if row[0] != "Kind"] == [counted.kind.name.capitalize()]
    assert anybody.get("/waiting?kind=XX").status_code == 404
    told = [one for one in csv.DictReader(io.StringIO(body(anybody, "/waiting/data.csv?kind=GI"))) if not one["region"]]
    assert {(one["kind_en"], one["kind_iso_9999"]) for one in told} == {("Hygienic means", "")}
    groups = {one.code[:2]: one.group for one in Kind.objects.all()}
    assert len(groups) == len({(one.code[:2], one.group) for one in Kind.objects.all()}), "two letters, one group"


def test_chart__is_a_drawing_that_is_named_and_tells_its_figures_in_words(anybody: Client, counted: World) -> None:
    html = open_page(anybody, "/waiting").html
    chart = html[html.index("<svg", html.index("Of 100 people, how many have received it")) :]
    chart = chart[: chart.index("</svg>")]
    assert 'role="img"' in chart
    assert "◀ the target" in chart
    assert "◀ as before" in chart
    assert "85\xa0%" in chart.replace("&nbsp;", "\xa0")


def test_filter__stands_in_the_address_and_what_is_unknown_is_not_found(anybody: Client, counted: World) -> None:
    region = region_of(counted.place.code)
    page = open_page(anybody, f"/waiting?kind={counted.kind.pk}&region={region}")
    assert "Adult diapers, Region" in page.main
    assert ["Region", "7"] in [row[:2] for row in page.rows]
    make.district("711110000")
    assert "Nobody has waited for this here." in open_page(anybody, "/waiting?region=710000000").main
    for address in ("/waiting?kind=XX-99", "/waiting?region=999999999"):
        assert anybody.get(address).status_code == 404


def test_tables__are_sorted_by_each_figure(anybody: Client, counted: World) -> None:
    WaitingTime.objects.create(kind_code="GI-02", measure="received", median=3, waiting=50, people=60, reached=10)
    make.kind("GI-02", name_en="other diapers")
    for by, first in (("median", "Adult diapers"), ("waiting", "Other diapers")):
        page = open_page(anybody, f"/waiting?by={by}")
        named = [row[0] for row in page.rows if row[0] in {"Adult diapers", "Other diapers"}]
        assert named[0] == first
        assert page.html.count('aria-sort="descending"') == 3, "each table says by what they are sorted"
    assert set(waiting.SORTS) == {"median", "ninety", "reached", "waiting", "waiting_median", "waiting_longest"}


def test_open_data__is_the_same_in_both_forms_and_as_the_schema_says(anybody: Client, counted: World) -> None:
    told = json.loads(body(anybody, "/waiting/data.json"))
    lines = list(csv.DictReader(io.StringIO(body(anybody, "/waiting/data.csv"))))
    assert lines == [{name: "" if value is None else str(value) for name, value in row.items()} for row in told["rows"]]
    assert len(lines) == WaitingTime.objects.count() > 0
    schema = json.loads(anybody.get("/waiting/schema.json").content)
    types = {"string": str, "integer": int, "null": type(None)}
    fields = schema["properties"]["rows"]["items"]["properties"]
    for row in told["rows"]:
        assert set(row) == set(fields) == set(open_data.FIELDS)
        for name, value in row.items():
            assert type(value) in {types[one] for one in fields[name]["type"]}, (name, value)
    assert (told["since"], told["day"], told["fewest"]) == ("2025-11-29", "2026-11-29", 5)
    only = json.loads(body(anybody, f"/waiting/data.json?kind={counted.kind.pk}&region="))["rows"]
    assert {(row["kind"], row["region"]) for row in only} == {(counted.kind.pk, "")}
    assert len(only) < len(lines)


def test_open_data__tell_nothing_of_few_people(anybody: Client, world: World) -> None:
    for _ in range(3):
        another(world)
    with later(30):
        actions.count()
    for row in json.loads(body(anybody, "/waiting/data.json"))["rows"]:
        figures = {name: value for name, value in row.items() if not name.startswith(("kind", "region", "measure"))}
        assert set(figures.values()) <= {None, 0}, row
    page = open_page(anybody, "/waiting")
    assert "fewer than 5" in page.main
    assert "30" not in [cell for row in page.rows for cell in row]


def test_first_page__leads_there_and_tells_the_middle(anybody: Client, counted: World) -> None:
    page = open_page(anybody, "/")
    assert "Half of the people receive what their programme gives within 7 days." in page.main
    assert "/waiting" in [link.address for link in page.links]


def test_page__asks_the_same_few_queries_however_many_wait(
    anybody: Client, counted: World, django_assert_max_num_queries: Any
) -> None:
    waiting.view()
    guard: AbstractContextManager[object] = django_assert_max_num_queries(4)
    with guard:
        waiting.view(counted.kind.pk, region_of(counted.place.code))


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["kind=%00", "region=%00", "kind=NO-01", "region=1", "kind=GI-01&region=%00"])
def test_open_data__of_what_is_not_there_is_not_found(anybody: Client, counted: World, asked: str) -> None:
    for ending in ("csv", "json"):
        assert anybody.get(f"/waiting/data.{ending}?{asked}").status_code in {404, 422}
        assert anybody.get(f"/waiting/data.{ending}?kind=&region=").status_code == 200
