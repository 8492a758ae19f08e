"""Lists of cases, over a made-up type: filter, sort, neighbours, counts, paging, kept filters, tables, many at once."""

import csv
import io
import itertools
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, cast
from urllib.parse import parse_qs, parse_qsl
from xml.etree import ElementTree as ET

import pytest
from django.template import Context
from django.template.base import Node
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from tests import factories as make
from tests.core import made_up
from tests.core.made_up import Visit
from tests.kit.pages import Page, open_page, read
from tests.kit.sign_in import signed_in
from tests.ui import made_up_site as site
from tests.ui.made_up_site import LIST, VISITS

from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.case import counting, deadlines, journal
from tirek.core.case.deadlines import Deadline
from tirek.core.errors import NotFound, RuleBroken
from tirek.core.keys import uuid7
from tirek.ui.lists import Chosen, bulk, lists, paging, saved
from tirek.ui.lists.exports import cell
from tirek.ui.lists.filters import LIGHTS
from tirek.ui.models import SavedFilter

DAY = timedelta(days=1)
TODAY = date(2026, 11, 9)
OFFICE, SUPPLY = "/made-up/office/visits", "/made-up/supply/visits"


@pytest.fixture
def officer(db: None) -> Iterator[Actor]:
    with site.opened() as one:
        yield one


@pytest.fixture
def client(officer: Actor) -> Client:
    return signed_in(officer)


def supplier() -> Actor:
    return make.staff("supplier", "supplier_manager")


def visits(officer: Actor, number: int, **columns: Any) -> list[Visit]:
    """So many visits, each an hour younger than the one before."""
    made = []
    for n in range(number):
        with clock.at(make.MORNING + timedelta(hours=n)):
            made.append(site.visit(officer, **columns))
    return made


def numbers(page: Page) -> list[str]:
    """The numbers in the table, in their order."""
    return [link.text for link in page.links if re.fullmatch(r"[0-9a-f-]{32}|ВЗ-\d{4}-\d{7}", link.text)]


# --- the filter in the address


chosen_ones = st.builds(
    Chosen,
    state=st.sampled_from(["", "open"]),
    light=st.sampled_from(["", *(light.value for light in LIGHTS)]),
    district=st.sampled_from(["", "101810000"]),
    number=st.text("ВЗ-0123456789 &=?%+", max_size=32).map(lambda typed: typed.strip().upper()[:32].strip()),
    sort=st.sampled_from(["-day", "day", "deadline", "-deadline", "number", "-number", "remark", "-remark"]),
)
CLERK = Actor(desk=Desk.OFFICER, territory="101810000")


@given(chosen_ones)
def test_filter__comes_back_from_its_own_address(one: Chosen) -> None:
    address = dict(parse_qsl(one.query, keep_blank_values=True))
    assert LIST.chosen(CLERK, address) == one
    assert one.is_empty is (one.query == "") is (one.suffix == "")


@given(st.dictionaries(st.sampled_from(["state", "light", "district", "number", "sort", "page"]), st.text(max_size=50)))
def test_filter__whatever_the_address_says_it_is_a_filter(values: dict[str, str]) -> None:
    one = LIST.chosen(CLERK, values)
    assert one.state in {"", *made_up.MadeUp.State.values}
    assert one.light in {"", *LIGHTS}
    assert one.district == "" or re.fullmatch(r"\d{9}", one.district)
    assert len(one.number) <= 32
    assert one.sort.removeprefix("-") in {way.name for way in LIST.sortings(Desk.OFFICER)}


@pytest.mark.parametrize(
    ("address", "one"),
    [
        ({"state": "unheard"}, Chosen()),
        ({"light": "blue"}, Chosen()),
        ({"district": "10181"}, Chosen()),
        ({"district": "10181000x"}, Chosen()),
        ({"district": "²²²²²²²²²"}, Chosen()),
        ({"sort": "person"}, Chosen()),
        ({"sort": "--day"}, Chosen()),
        ({"sort": ""}, Chosen()),
        ({"state": "done", "light": "red"}, Chosen(state="done")),
        ({"number": f"  вз-{'0' * 40}"}, Chosen(number=f"ВЗ-{'0' * 29}")),
    ],
)
def test_filter__what_is_unknown_falls_away(address: dict[str, str], one: Chosen) -> None:
    assert LIST.chosen(CLERK, address) == one


def test_filter__a_column_of_another_desk_orders_nothing() -> None:
    seller = Actor(desk=Desk.SUPPLIER)
    assert LIST.chosen(seller, {"sort": "last"}) == Chosen()
    assert LIST.chosen(CLERK, {"sort": "last"}) == Chosen(sort="last")
    assert [column.head for column in LIST.columns_of(Desk.SUPPLIER)] == ["Remark"]


def test_filter__a_light_forgets_the_number_and_an_order_turns_round() -> None:
    one = Chosen(number="ВЗ-1", district="101810000")
    assert parse_qs(one.with_light("red")) == {"district": ["101810000"], "light": ["red"]}
    assert parse_qs(one.sorted_by("number"))["sort"] == ["number"]
    assert parse_qs(replace(one, sort="number").sorted_by("number"))["sort"] == ["-number"]
    assert (Chosen(sort="-day").direction("day"), Chosen(sort="day").direction("day")) == ("descending", "ascending")
    assert Chosen().direction("number") == ""


def test_page__of_an_address_with_nonsense_is_the_plain_list(officer: Actor, client: Client) -> None:
    (one,) = visits(officer, 1)
    page = open_page(client, f"{OFFICE}?state=x&light=y&district=z&sort=w&page=nonsense&unheard=1")
    assert numbers(page) == [one.number]


# --- what a filter finds


def test_list__shows_open_cases_of_the_desk_and_no_others(officer: Actor, client: Client) -> None:
    here, done = visits(officer, 2)
    made_up.act(done, "finish", actor=officer)
    far = site.visit(make.officer(make.district("311010000")))
    assert numbers(open_page(client, OFFICE)) == [here.number]
    assert numbers(open_page(client, f"{OFFICE}?state=done")) == [done.number]
    someone = supplier()
    Visit._default_manager.filter(pk=far.pk).update(organisation_id=someone.organisation_id)
    page = open_page(signed_in(someone), SUPPLY)
    assert numbers(page) == [far.number]
    assert "Our visits" in page.headings
    assert "Last day" not in page.rows[0]


def test_list__of_another_desk_is_not_opened(officer: Actor, client: Client) -> None:
    assert client.get(SUPPLY).status_code == 403
    assert signed_in(supplier()).get(OFFICE).status_code == 403
    assert Client().get(OFFICE).status_code == 302


def test_list__by_district_and_by_light(officer: Actor) -> None:
    region = make.officer(make.district("100000000"))
    late = site.visit(officer, last_day=TODAY - DAY)
    beside = site.visit(make.officer(make.district("101010000")))
    client = signed_in(region)
    assert set(numbers(open_page(client, OFFICE))) == {late.number, beside.number}
    assert numbers(open_page(client, f"{OFFICE}?district=101010000")) == [beside.number]
    assert numbers(open_page(client, f"{OFFICE}?district=311010000")) == []
    assert numbers(open_page(client, f"{OFFICE}?light=red")) == [late.number]
    assert numbers(open_page(client, f"{OFFICE}?light=green")) == []


def test_list__of_what_presses_begins_with_what_is_longest_overdue(officer: Actor, client: Client) -> None:
    less = site.visit(officer, last_day=TODAY - DAY)
    most = site.visit(officer, last_day=TODAY - 3 * DAY)
    least = site.visit(officer, last_day=TODAY - DAY)
    by_deadline = numbers(open_page(client, f"{OFFICE}?light=red"))
    assert by_deadline == [most.number, less.number, least.number]
    page = open_page(client, f"{OFFICE}?light=red&sort=-day")
    assert numbers(page) == [least.number, most.number, less.number], (
        "another order is asked for, and kept in the address"
    )
    # all of them stand newest first, as before
    assert numbers(open_page(client, OFFICE)) == [least.number, most.number, less.number]
    # the way to another light takes the order along only where it was asked for
    assert LIST.chosen(officer, dict(parse_qsl("light=red"))).with_light("green") == "light=green"
    assert LIST.chosen(officer, dict(parse_qsl("light=red&sort=-day"))).with_light("green") == "light=green"
    assert (
        LIST.chosen(officer, dict(parse_qsl("light=red&sort=number"))).with_light("green") == "light=green&sort=number"
    )


@pytest.mark.finding("J-O4")
def test_counters__at_zero_are_left_out_but_the_one_that_is_looked_at(officer: Actor, client: Client) -> None:
    site.visit(officer, last_day=TODAY - DAY)

    def lights(address: str) -> list[tuple[str, str]]:
        page = open_page(client, address)
        found = [link for link in page.links if "light=" in link.address and "sort" not in link.address]
        return [(link.text, link.address.partition("light=")[2].partition("&")[0]) for link in found]

    assert {light for _text, light in lights(OFFICE)} == {"red"}
    assert {light for _text, light in lights(f"{OFFICE}?light=green")} >= {"red", "green"}
    assert "yellow" not in {light for _text, light in lights(f"{OFFICE}?light=green")}


# --- a number, however it is typed


@pytest.mark.parametrize(
    "typed",
    [
        "ВЗ-2026-0000042",
        "вз 2026 42",
        "Bз-2026-0000042",
        "вз/2026/0000042",
        "ВЗ—2026—42",
        "42",
        "№ 42",
        "  0000042  ",
    ],
)
def test_number__is_found_in_any_spelling_and_any_state(officer: Actor, client: Client, typed: str) -> None:
    found, _other = visits(officer, 2)
    Visit._default_manager.filter(pk=found.pk).update(number="ВЗ-2026-0000042", state="done")
    page = read(client.get(OFFICE, {"number": typed, "light": "red", "state": "open"}))
    assert numbers(page) == ["ВЗ-2026-0000042"]


@pytest.mark.parametrize("typed", ["ВЗ-2026-0000043", "4", "%", "ВЗ-2026-000004_", "' OR 1=1 --", "2026"])
def test_number__that_is_none_of_the_list_finds_nothing(officer: Actor, client: Client, typed: str) -> None:
    (one,) = visits(officer, 1)
    Visit._default_manager.filter(pk=one.pk).update(number="ВЗ-2026-0000042")
    page = read(client.get(OFFICE, {"number": typed}))
    assert (page.status, numbers(page)) == (200, [])
    assert "Nothing here" in page.text


def test_number__of_somebody_else_is_not_found(officer: Actor, client: Client) -> None:
    far = site.visit(make.officer(make.district("311010000")))
    Visit._default_manager.filter(pk=far.pk).update(number="ВЗ-2026-0000042")
    assert numbers(read(client.get(OFFICE, {"number": "42"}))) == []


# --- order and neighbours


def furnished(officer: Actor) -> list[Visit]:
    """Open visits whose columns are equal, different, and empty."""
    made = []
    for n, (last_day, remark) in enumerate(
        [(TODAY + DAY, "b"), (None, "a"), (TODAY, ""), (TODAY + DAY, "b"), (None, "c"), (TODAY + 9 * DAY, "a")]
    ):
        with clock.at(make.MORNING + timedelta(hours=n // 2)):
            made.append(site.visit(officer, last_day=last_day, remark=remark))
    return made


SORTS = ["day", "deadline", "number", "remark", "last"]


@pytest.mark.parametrize("name", SORTS)
@pytest.mark.parametrize("way", ["", "-"], ids=["rising", "falling"])
def test_sort__goes_both_ways_and_what_has_nothing_stands_last(officer: Actor, name: str, way: str) -> None:
    made = furnished(officer)
    standing = deadlines.standing_of("visit", made)
    value = {
        "day": lambda one: one.created_at,
        "deadline": lambda one: standing[one.pk].due_at if one.pk in standing else None,
        "number": lambda one: one.number,
        "remark": lambda one: one.remark,
        "last": lambda one: one.last_day,
    }[name]
    found = list(LIST.rows(officer, Chosen(sort=f"{way}{name}")))
    assert len(found) == len(made)
    filled = [value(one) for one in found if value(one) is not None]
    assert filled == sorted(filled, reverse=bool(way))
    assert [value(one) for one in found[len(filled) :]] == [None] * (len(found) - len(filled))
    for before, after in itertools.pairwise(found):
        newest_first = before.pk > after.pk
        assert value(before) != value(after) or newest_first is bool(way), "equal ones stand in the same direction"


@pytest.mark.finding("P-G1")
@pytest.mark.parametrize("name", SORTS)
@pytest.mark.parametrize("way", ["", "-"], ids=["rising", "falling"])
def test_pages__hold_the_whole_list_in_its_order(officer: Actor, name: str, way: str) -> None:
    furnished(officer)
    one = Chosen(sort=f"{way}{name}")
    expected = [row.number for row in LIST.rows(officer, one)]
    client = signed_in(officer)
    usual = LIST.per_page
    object.__setattr__(LIST, "per_page", 2)
    try:
        pages = [numbers(open_page(client, f"{OFFICE}?sort={way}{name}&page={n}")) for n in (1, 2, 3)]
    finally:
        object.__setattr__(LIST, "per_page", usual)
    assert pages == [expected[:2], expected[2:4], expected[4:]]


@pytest.mark.parametrize("name", SORTS)
@pytest.mark.parametrize("way", ["", "-"], ids=["rising", "falling"])
@pytest.mark.parametrize("light", ["", "green"])
def test_neighbours__lead_through_the_whole_list_and_back(officer: Actor, name: str, way: str, light: str) -> None:
    furnished(officer)
    one = Chosen(sort=f"{way}{name}", light=light)
    rows = list(LIST.rows(officer, one))
    assert rows
    expected = ["", *(row.number for row in rows), ""]
    for place, row in enumerate(rows, 1):
        assert LIST.neighbours(officer, row, one) == (expected[place - 1], expected[place + 1])


@pytest.mark.parametrize("name", SORTS)
@pytest.mark.parametrize("way", ["", "-"], ids=["rising", "falling"])
def test_neighbours__of_a_case_that_has_left_the_list_are_those_where_it_stood(
    officer: Actor, name: str, way: str
) -> None:
    furnished(officer)
    one = Chosen(sort=f"{way}{name}")
    rows = list(LIST.rows(officer, one))
    for place, row in enumerate(rows):
        if name == "deadline" and row.last_day is not None:
            continue  # by ending it loses its deadline, and with it its place
        Visit._default_manager.filter(pk=row.pk).update(state="done")
        row.refresh_from_db()
        left = ["", *(other.number for other in rows if other != row), ""]
        assert LIST.neighbours(officer, row, one) == (left[place], left[place + 1])
        Visit._default_manager.filter(pk=row.pk).update(state="open")


def test_neighbours__stand_on_the_page_with_the_filter(officer: Actor, client: Client) -> None:
    old, middle, young = visits(officer, 3)
    page = open_page(client, f"{OFFICE}/{middle.number}?sort=day")
    links = {link.text: link.address for link in page.links}
    assert links["Previous in the list"] == f"{OFFICE}/{old.number}?sort=day"
    assert links["Next in the list"] == f"{OFFICE}/{young.number}?sort=day"
    assert links["Back"] == f"{OFFICE}?sort=day"
    page = open_page(client, f"{OFFICE}/{old.number}?sort=day")
    assert "Previous in the list" not in {link.text for link in page.links}


# --- counts and paging


def recount(officer: Actor, one: Chosen) -> tuple[dict[str, int], dict[str, int]]:
    rows = [case for case in VISITS.visible_to(officer) if case.state not in case.ENDED]
    rows = [case for case in rows if not one.district or case.territory_code == one.district]
    standing = deadlines.standing_of("visit", rows)
    states, lights = dict[str, int](), dict.fromkeys(("red", "yellow", "green"), 0)
    for case in rows:
        states[case.state] = states.get(case.state, 0) + 1
        if case.pk in standing:
            light = standing[case.pk].present_light.value
            lights[light] = lights.get(light, 0) + 1
    return states, lights


def test_counts__are_what_a_recount_finds(officer: Actor) -> None:
    region = make.officer(make.district("100000000"))
    furnished(officer)
    beside = make.officer(make.district("101010000"))
    for last_day in (TODAY - DAY, TODAY + 2 * DAY, None):
        site.visit(beside, last_day=last_day)
    ended = site.visit(officer, last_day=TODAY - DAY)
    Visit._default_manager.filter(pk=ended.pk).update(state="passed")
    for later in range(12):
        with clock.at(make.MORNING + later * DAY):
            for one in (Chosen(), Chosen(district="101010000"), Chosen(sort="number")):
                counts = LIST.counts(region, one)
                assert (counts.by_state, counts.by_light) == recount(region, one), later


def test_counts__say_a_pause_only_where_there_is_one(officer: Actor) -> None:
    (one,) = visits(officer, 1, last_day=TODAY)
    assert set(LIST.counts(officer).by_light) == {"red", "yellow", "green"}
    deadlines.pause(one)
    assert LIST.counts(officer).by_light == {"red": 0, "yellow": 0, "green": 0, "paused": 1}


def test_counts__each_leads_to_as_many_rows(officer: Actor) -> None:
    furnished(officer)
    for light, count in LIST.counts(officer).by_light.items():
        assert LIST.rows(officer, Chosen(light=light)).count() == count


def test_counts__ask_figures_and_rows_once(officer: Actor, django_assert_num_queries: Any) -> None:
    """Nothing keeps figures of made-up cases."""
    furnished(officer)
    with django_assert_num_queries(2):
        LIST.counts(officer)


def test_pages__keep_the_filter_and_hold_every_case_once(officer: Actor, client: Client) -> None:
    made = visits(officer, 7, remark="x")
    seen: list[str] = []
    address = f"{OFFICE}?sort=number"
    for _n in range(3):
        page = open_page(client, address)
        seen += numbers(page)
        further = [link.address for link in page.links if "Next" in link.text]
        if not further:
            break
        address = f"{OFFICE}{further[0]}" if further[0].startswith("?") else further[0]
        assert parse_qs(address.partition("?")[2])["sort"] == ["number"]
    assert seen == sorted(one.number for one in made)
    assert "7 visits in the list" in page.text


@pytest.mark.parametrize("asked", ["0", "99", "-1", "x"])
def test_pages__beyond_the_end_is_a_page_of_the_list(officer: Actor, client: Client, asked: str) -> None:
    visits(officer, 4)
    assert numbers(open_page(client, f"{OFFICE}?page={asked}"))


# --- kept filters


def test_saved_filter__is_of_the_account_the_desk_and_the_list(officer: Actor) -> None:
    kept = saved.save_filter(actor=officer, code="visit", name="late", chosen=Chosen(light="red"))
    assert list(saved.saved_filters(officer, "visit")) == [kept]
    for other, code in (
        (make.officer(), "visit"),
        (replace(officer, desk=Desk.SUPPLIER), "visit"),
        (officer, "well"),
    ):
        assert list(saved.saved_filters(other, code)) == []
        with pytest.raises(NotFound):
            saved.saved_filter(other, code, kept.pk)
        with pytest.raises(NotFound):
            saved.delete_filter(actor=other, code=code, key=kept.pk)
    assert SavedFilter.objects.count() == 1
    saved.delete_filter(actor=officer, code="visit", key=kept.pk)
    assert not SavedFilter.objects.exists()


def test_saved_filter__the_same_name_again_means_the_new_filter(officer: Actor) -> None:
    first = saved.save_filter(actor=officer, code="visit", name="mine", chosen=Chosen(light="red"))
    again = saved.save_filter(actor=officer, code="visit", name="mine", chosen=Chosen(light="green"))
    assert (first.pk, again.query) == (again.pk, "light=green")


def test_saved_filter__twenty_and_no_more_of_a_list(officer: Actor) -> None:
    for n in range(saved.MOST_FILTERS):
        saved.save_filter(actor=officer, code="visit", name=f"{n}", chosen=Chosen())
    with pytest.raises(RuleBroken) as refused:
        saved.save_filter(actor=officer, code="visit", name="one more", chosen=Chosen())
    assert refused.value.code == "most_filters"
    saved.save_filter(actor=officer, code="visit", name="7", chosen=Chosen(light="red"))
    saved.save_filter(actor=officer, code="well", name="one more", chosen=Chosen())
    saved.save_filter(actor=replace(officer, desk=Desk.SUPPLIER), code="visit", name="one more", chosen=Chosen())
    assert saved.saved_filters(officer, "visit").count() == saved.MOST_FILTERS


def test_saved_filter__is_kept_shown_and_deleted_on_the_page(officer: Actor, client: Client) -> None:
    visits(officer, 1)
    kept = client.post(f"{OFFICE}/filters", {"name": "late ones", "query": "light=red&sort=number&unheard=1"})
    assert (kept.status_code, kept["Location"]) == (302, f"{OFFICE}?light=red&sort=number")
    (row,) = SavedFilter.objects.all()
    assert row.query == "light=red&sort=number"
    page = open_page(client, OFFICE)
    assert ("late ones", "?light=red&sort=number") in {(link.text, link.address) for link in page.links}
    delete = reverse("made_up:officer-visits-filter", args=[row.pk])
    assert signed_in(make.officer()).get(delete).status_code == 404
    assert signed_in(make.officer()).post(delete).status_code == 404
    assert "Delete the filter “late ones”?" in open_page(client, delete).text
    assert SavedFilter.objects.exists(), "the question deletes nothing"
    assert client.post(delete)["Location"] == OFFICE
    assert not SavedFilter.objects.exists()


def test_saved_filter__without_a_name_or_one_too_many_stays_on_the_page(officer: Actor, client: Client) -> None:
    refused = read(client.post(f"{OFFICE}/filters", {"name": "", "query": "light=red"}))
    assert (refused.status, len(refused.errors)) == (422, 1)
    assert 'value="light=red"' in refused.html
    for n in range(saved.MOST_FILTERS):
        saved.save_filter(actor=officer, code="visit", name=f"{n}", chosen=Chosen())
    refused = read(client.post(f"{OFFICE}/filters", {"name": "mine", "query": "light=red"}))
    assert refused.status == 422
    assert "no more can be kept" in refused.errors[0]
    assert 'value="mine"' in refused.html


# --- tables to take along


FORMULAS = ["=1+1", "+7", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C x'!A"]


def _csv(client: Client, query: str = "") -> list[list[str]]:
    answer = client.get(f"{OFFICE}/export?{query}")
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:]), delimiter=";"))


def _xlsx(client: Client, query: str = "") -> list[dict[str, tuple[str, str]]]:
    """Rows of the first sheet: kind and value of each cell, by its column."""
    answer = client.get(f"{OFFICE}/export?as=xlsx&{query}")
    assert answer.status_code == 200
    main, texts = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}", "xl/sharedStrings.xml"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        assert book.testzip() is None
        names = book.namelist()
        shared = (
            ["".join(one.itertext()) for one in ET.fromstring(book.read(texts))]  # noqa: S314 - our own file
            if texts in names
            else []
        )
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - as above
    assert not list(sheet.iter(f"{main}f")), "nothing is a formula"
    assert not list(sheet.iter(f"{main}hyperlink")), "and nothing a link"
    rows = []
    for row in sheet.iter(f"{main}row"):
        found = {}
        for one in row.iter(f"{main}c"):
            kind, text = one.get("t", "n"), "".join(one.itertext())
            value = shared[int(text)] if kind == "s" else text
            found[re.sub(r"\d", "", one.get("r", ""))] = ("text" if kind in {"s", "inlineStr"} else "number", value)
        rows.append(found)
    return rows


def test_csv__has_what_the_filter_finds_with_plain_days_and_amounts(officer: Actor, client: Client) -> None:
    first, second = visits(officer, 2, last_day=TODAY, remark="a;b\n«c»")
    heads, *rows = _csv(client, "sort=day")
    assert heads == ["Number", "State", "Remark", "Day", "Price", "Pieces", "By"]
    shared = ["open", "a;b\n«c»", "2026-11-09", "12.50", "3", "2026-11-09"]
    assert rows == [[first.number, *shared], [second.number, *shared]]
    assert _csv(client, "light=red")[1:] == []
    Visit._default_manager.filter(pk=first.pk).update(number="ВЗ-2026-0000042")
    assert [row[0] for row in _csv(client, "number=42")[1:]] == ["ВЗ-2026-0000042"]


def test_csv__writes_amounts_as_the_readers_language_does(officer: Actor) -> None:
    visits(officer, 1)
    _heads, row = _csv(signed_in(officer, language="ru"))
    assert row[4] == "12,50"
    assert row[3] == row[6] == ""


@pytest.mark.parametrize("text", FORMULAS)
def test_tables__never_hold_a_formula(officer: Actor, client: Client, text: str) -> None:
    visits(officer, 1, remark=text)
    told = _csv(client)[1][2]
    assert (told[0], told.replace("'", "")) == ("'", text.replace("'", ""))
    assert _xlsx(client)[1]["C"] == ("text", text)


@given(st.text())
def test_cell__of_a_text_never_begins_as_a_formula(text: str) -> None:
    assert not cell(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert cell(text).replace("'", "") == text.replace("'", ""), "nothing but apostrophes is added"


def test_xlsx__has_numbers_and_days_as_such(officer: Actor, client: Client) -> None:
    old, young = visits(officer, 2, last_day=TODAY, remark="http://example.kz/")
    heads, first, second = _xlsx(client, "sort=day")
    assert [value for _kind, value in heads.values()] == ["Number", "State", "Remark", "Day", "Price", "Pieces", "By"]
    assert first["A"] == ("text", old.number)
    assert first["C"] == ("text", "http://example.kz/")
    days = (TODAY - date(1899, 12, 30)).days
    assert {name: (kind, float(value)) for name, (kind, value) in first.items() if kind == "number"} == {
        "D": ("number", days),
        "E": ("number", 12.5),
        "F": ("number", 3),
        "G": ("number", days),
    }
    assert second["A"] == ("text", young.number)


def test_xlsx__leaves_empty_what_is_empty(officer: Actor, client: Client) -> None:
    visits(officer, 1)
    row = _xlsx(client)[1]
    assert row.get("D", ("number", ""))[1] == ""


def test_xlsx__is_bounded_and_csv_takes_all(officer: Actor, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    visits(officer, 4)
    monkeypatch.setattr(lists, "MOST_IN_WORKBOOK", 2)
    answer = client.get(f"{OFFICE}/export?as=xlsx&sort=day", follow=True)
    assert answer.redirect_chain == [(f"{OFFICE}?sort=day", 302)]
    assert "at most 2 cases" in answer.content.decode()
    assert len(_csv(client)) == 1 + 4
    monkeypatch.setattr(lists, "MOST_IN_WORKBOOK", 4)
    assert len(_xlsx(client)) == 1 + 4


def test_export__is_a_file_of_the_day_that_nobody_keeps(officer: Actor, client: Client) -> None:
    for ending, query in (("csv", ""), ("xlsx", "as=xlsx")):
        answer = client.get(f"{OFFICE}/export?{query}")
        assert answer["Content-Disposition"] == f'attachment; filename="visits-2026-11-09.{ending}"'
        assert answer["Cache-Control"] == "no-store"


def test_export__is_only_at_the_desks_that_may_take_it_along(officer: Actor) -> None:
    seller = signed_in(supplier())
    assert seller.get(f"{SUPPLY}/export").status_code == 404
    assert seller.get(f"{OFFICE}/export").status_code == 403
    assert "as a table" not in open_page(seller, SUPPLY).text


# --- many at once


def snapshot() -> list[tuple[Any, ...]]:
    rows = Visit._default_manager.order_by("pk").values_list("pk", "state", "version", "remark")
    return [*rows, journal.Event.objects.count(), Deadline.objects.filter(closed_at__isnull=False).count()]


def test_bulk__without_a_tick_leads_back_to_what_can_be_ticked(officer: Actor, client: Client) -> None:
    answer = client.get(f"{OFFICE}/bulk/finish")
    assert (answer.status_code, answer["Location"]) == (302, OFFICE)


def test_bulk__without_words_of_its_own_is_called_by_its_title(
    officer: Actor, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    visits(officer, 1)
    button = re.compile(r"<button\b[^>]*>\s*(Finish[^<]*?)\s*</button>")
    assert button.findall(open_page(client, OFFICE).html) == ["Finish what is ticked"]
    assert "Tick what you want to carry on." in read(client.get(f"{OFFICE}/bulk/finish", follow=True)).text
    other = replace(LIST.bulk[Desk.OFFICER][0], button="Finish them")
    monkeypatch.setitem(cast("dict[Desk, tuple[bulk.Bulk, ...]]", LIST.bulk), Desk.OFFICER, (other,))
    assert button.findall(open_page(client, OFFICE).html) == ["Finish them"]


def test_bulk__says_what_will_happen_changes_nothing_then_does_just_that(officer: Actor, client: Client) -> None:
    good, stuck, done = visits(officer, 3)
    Visit._default_manager.filter(pk=stuck.pk).update(remark="stuck")
    made_up.act(done, "finish", actor=officer)
    far = site.visit(make.officer(make.district("311010000")))
    ticked = [good.number, stuck.number, good.number, done.number, far.number]
    before = snapshot()
    shown = open_page(client, f"{OFFICE}/bulk/finish?" + "&".join(f"case={one}" for one in ticked[:3]))
    assert "This will be done: 1" in shown.text, "nothing is to be filled in: the first page is that of the check"
    check = read(client.post(f"{OFFICE}/bulk/finish", {"case": ticked[:3]}))
    assert "This will be done: 1" in check.text
    assert "This will not be done: 1" in check.text
    assert "The door is stuck." in check.text
    assert snapshot() == before, "looking changes nothing"
    pressed = client.post(f"{OFFICE}/bulk/finish", {"case": ticked[:3], "step": "do"})
    assert pressed["Location"] == f"{OFFICE}/bulk/finish?done"
    outcome = open_page(client, pressed["Location"])
    assert "Done: 1" in outcome.text
    assert "Not done: 1" in outcome.text
    assert "They are finished." in outcome.text
    good.refresh_from_db()
    stuck.refresh_from_db()
    assert (good.state, stuck.state) == ("done", "open")
    before = snapshot()
    assert open_page(client, pressed["Location"]).main == outcome.main, "asked for anew, it does nothing"
    assert snapshot() == before


def test_bulk__form_names_no_case_of_another_district(officer: Actor, client: Client) -> None:
    (mine,) = visits(officer, 1, remark="mine")
    far = site.visit(make.officer(make.district("311010000")), remark="far away")
    shown = open_page(client, f"{OFFICE}/bulk/finish?case={far.number}&case={mine.number}")
    assert (mine.number in shown.text, "visit of mine" in shown.text) == (True, True)
    assert "visit of far away" not in shown.text
    assert f'href="{OFFICE}/{far.number}"' not in shown.html


def test_bulk__the_plan_is_the_outcome(officer: Actor) -> None:
    good, stuck, done = visits(officer, 3)
    Visit._default_manager.filter(pk=stuck.pk).update(remark="stuck")
    made_up.act(done, "finish", actor=officer)
    far = site.visit(make.officer(make.district("311010000")))
    ticked = [far.number, good.number, "none", stuck.number, good.number, done.number]
    what = LIST.bulk[Desk.OFFICER][0]
    before = snapshot()
    planned = bulk.plan(VISITS, what, actor=officer, numbers=ticked, given={})
    assert snapshot() == before
    carried = bulk.carry_out(VISITS, what, actor=officer, numbers=ticked, given={})
    assert [one.number for one in planned] == [far.number, good.number, "none", stuck.number, done.number]
    assert [(one.number, one.refusal and one.refusal.code) for one in planned] == [
        (one.number, one.refusal and one.refusal.code) for one in carried
    ]
    assert [one.refusal and one.refusal.code for one in carried] == [
        "not_found",
        None,
        "not_found",
        "stuck",
        "stale_state",
    ]
    far.refresh_from_db()
    assert far.state == "open"


def test_bulk__leaves_what_the_act_is_not_offered_for(officer: Actor) -> None:
    (one,) = visits(officer, 1, remark="not yet")
    for answer in (bulk.plan, bulk.carry_out):
        (said,) = answer(VISITS, LIST.bulk[Desk.OFFICER][0], actor=officer, numbers=[one.number], given={})
        assert said.refusal is not None
        assert said.refusal.code == "stale_state"
    one.refresh_from_db()
    assert one.state == "open"


def test_bulk__pressed_twice_carries_each_on_once(officer: Actor, client: Client) -> None:
    made = visits(officer, 2)
    given = {"case": [one.number for one in made], "step": "do"}
    assert "Done: 2" in read(client.post(f"{OFFICE}/bulk/finish", given, follow=True)).text
    before = snapshot()
    again = read(client.post(f"{OFFICE}/bulk/finish", given, follow=True))
    assert (again.status, snapshot()) == (200, before)
    assert "Not done: 2" in again.text


def test_bulk__one_that_fails_stops_no_other(officer: Actor, client: Client) -> None:
    first, stuck, last = visits(officer, 3)
    Visit._default_manager.filter(pk=stuck.pk).update(remark="stuck")
    client.post(f"{OFFICE}/bulk/finish", {"case": [first.number, stuck.number, last.number], "step": "do"})
    assert set(Visit._default_manager.filter(state="done")) == {first, last}


def test_bulk__takes_no_more_than_a_page_holds(officer: Actor, client: Client) -> None:
    made = visits(officer, 4)
    client.post(f"{OFFICE}/bulk/finish", {"case": [one.number for one in made], "step": "do"})
    assert Visit._default_manager.filter(state="done").count() == LIST.per_page


def test_bulk__is_only_at_the_desks_that_have_it(officer: Actor) -> None:
    seller = signed_in(supplier())
    assert seller.get(f"{SUPPLY}/bulk/finish").status_code == 404
    assert seller.post(f"{OFFICE}/bulk/finish", {"case": "x"}).status_code == 403


def test_ticks__stand_where_the_process_lets_the_act_begin(officer: Actor, client: Client) -> None:
    visits(officer, 2)
    page = open_page(client, f"{OFFICE}?all=1")
    assert page.html.count('name="case"') == 2
    assert page.html.count("checked") >= 2
    made_up.act(Visit._default_manager.order_by("pk")[0], "finish", actor=officer)
    assert 'name="case"' not in open_page(client, f"{OFFICE}?state=done").html


def test_list__asks_the_same_whatever_its_length(
    officer: Actor, client: Client, django_assert_max_num_queries: Any
) -> None:
    visits(officer, 1, last_day=TODAY)
    open_page(client, OFFICE)
    counted = []
    for _n in range(2):
        # places that are remembered would hide a statement
        counting._known_places.clear()
        with django_assert_max_num_queries(40) as asked:
            open_page(client, OFFICE)
        counted.append(len(asked.captured_queries))
        visits(officer, 2, last_day=TODAY)
    assert counted[0] == counted[1]


@pytest.mark.finding("P-reads")
def test_list__runs_no_more_of_its_template_however_many_rows_there_are(
    officer: Actor, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    visits(officer, 1, last_day=TODAY)
    nodes, render = [0], Node.render_annotated

    def counting(self: Node, context: Context) -> str:
        nodes[0] += 1
        return render(self, context)

    monkeypatch.setattr(Node, "render_annotated", counting)
    counted = []
    for _n in range(2):
        nodes[0] = 0
        open_page(client, OFFICE)
        counted.append(nodes[0])
        visits(officer, 2, last_day=TODAY)
    assert 0 < counted[0] == counted[1]


@pytest.mark.finding("P-G1")
def test_list__joins_what_it_shows_for_its_page_only(
    officer: Actor, client: Client, django_assert_max_num_queries: Any
) -> None:
    visits(officer, 3, last_day=TODAY)
    with django_assert_max_num_queries(40) as asked:
        open_page(client, f"{OFFICE}?sort=deadline")
    paged = [one["sql"] for one in asked.captured_queries if "made_up_visit" in one["sql"] and "LIMIT" in one["sql"]]
    assert paged
    assert [sql for sql in paged if " JOIN " in sql or '"made_up_visit"."remark"' in sql] == []


@pytest.mark.finding("P-G5")
def test_list__counts_no_further_than_anybody_pages(
    officer: Actor, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "MOST_COUNTED", 3)
    monkeypatch.setattr(lists, "MOST_COUNTED", 3)
    visits(officer, 4)
    page = open_page(client, OFFICE)
    assert "There are more: narrow the list with the filter." in page.text
    assert len(numbers(page)) == 3
    made_up.act(Visit._default_manager.order_by("pk")[0], "finish", actor=officer)
    made_up.act(Visit._default_manager.order_by("pk")[1], "finish", actor=officer)
    assert "There are more" not in open_page(client, OFFICE).text


def test_unknown_number__in_the_address_of_a_case_is_not_found(officer: Actor, client: Client) -> None:
    assert client.get(f"{OFFICE}/{uuid7()}").status_code == 404
