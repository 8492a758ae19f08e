"""A list of cases in other places than its own page: in the file of one person, without days, as a workbook."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation
from tests.core.made_up import Visit
from tests.kit.pages import Page, open_page
from tests.kit.sign_in import signed_in
from tests.ui import made_up_site as site
from tests.ui.made_up_site import LIST, VISITS

from tirek.core.actors import Actor, Desk
from tirek.ui.lists import Column
from tirek.ui.lists.exports import Field, as_xlsx

TODAY = date(2026, 11, 9)
OFFICE, SUPPLY = "/made-up/office/visits", "/made-up/supply/visits"
#: The list with a column that says whom a visit is about.
NAMED = replace(
    LIST,
    columns=(Column("Person", lambda case: case.person.full_name, names_person=True), *LIST.columns),
)


@pytest.fixture
def officer(db: None) -> Iterator[Actor]:
    with site.opened() as one:
        yield one


@pytest.fixture
def client(officer: Actor) -> Client:
    return signed_in(officer)


def shown(table: dict[str, object]) -> Page:
    """A table as a page includes it."""
    with translation.override("en"):
        return Page(200, render_to_string("ui/lists/table.html", {"table": table}))


def heads(table: dict[str, object]) -> list[str]:
    """Its columns; every row has as many."""
    first, *rows = shown(table).rows
    assert {len(row) for row in rows} <= {len(first)}
    return first


# --- whom it is about, and by when


def test_table__of_one_person_leaves_out_who_that_is(officer: Actor) -> None:
    visit = site.visit(officer, last_day=TODAY, remark="hello")
    common = ["Remark", "Last day", "State", "By"]
    assert heads(NAMED.table(officer, [visit])) == ["Number", "Person", *common]
    assert heads(NAMED.table(officer, [visit], of_person=True)) == ["Number", *common]
    name = visit.person.full_name
    assert name in shown(NAMED.table(officer, [visit])).text
    assert name not in shown(NAMED.table(officer, [visit], of_person=True)).text


def test_table__keeps_columns_that_name_nobody(officer: Actor) -> None:
    visit = site.visit(officer)
    assert heads(LIST.table(officer, [visit], of_person=True)) == heads(LIST.table(officer, [visit]))


def test_table__of_cases_that_owe_nothing_has_no_column_for_the_day(officer: Actor) -> None:
    free, owes = site.visit(officer), site.visit(officer, last_day=TODAY)
    assert "By" not in heads(LIST.table(officer, [free]))
    assert "By" not in heads(LIST.table(officer, []))
    page = shown(LIST.table(officer, [free, owes]))
    assert page.rows[0][-1] == "By"
    assert [row[-1].startswith("9 November 2026") for row in page.rows[1:]] == [False, True]
    assert page.rows[1][-1] == "–"


@pytest.mark.parametrize("query", ["", "state=done"])
def test_list__keeps_the_column_for_the_day_that_it_is_ordered_by(client: Client, officer: Actor, query: str) -> None:
    site.visit(officer)
    site.visit(officer, state="done")
    page = open_page(client, f"{OFFICE}?{query}")
    assert len(page.rows) == 2
    assert page.rows[0][-1].startswith("By")
    assert re.search(r'href="\?[^"]*sort=-?deadline', page.html)


# --- as a workbook

SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@dataclass(frozen=True)
class Sheet:
    """The one sheet of a workbook.

    Attributes:
        name: as its tab says.
        root: its XML.
        formats: of numbers, by the style of a cell.
    """

    name: str
    root: ET.Element
    formats: list[str]

    def format_of(self, cell: str) -> str:
        """How a cell shows its number."""
        (found,) = [one for one in self.root.iter(f"{SPACE}c") if one.get("r") == cell]
        return self.formats[int(found.get("s", "0"))]

    @property
    def widths(self) -> list[float]:
        """Widths of the columns, in characters."""
        found: list[float] = []
        for one in self.root.iter(f"{SPACE}col"):
            times = int(one.get("max", "0")) - int(one.get("min", "0")) + 1
            found += [float(one.get("width", "0"))] * times
        return found


def read(book: bytes) -> Sheet:
    with zipfile.ZipFile(io.BytesIO(book)) as files:
        parts = {name: files.read(f"xl/{name}.xml") for name in ("workbook", "styles")}
        # our own files
        inside = {name: ET.fromstring(part) for name, part in parts.items()}  # noqa: S314
        root = ET.fromstring(files.read("xl/worksheets/sheet1.xml"))  # noqa: S314
        assert len([name for name in files.namelist() if name.startswith("xl/worksheets/sheet")]) == 1
    (sheet,) = inside["workbook"].iter(f"{SPACE}sheet")
    own = {one.get("numFmtId"): one.get("formatCode", "") for one in inside["styles"].iter(f"{SPACE}numFmt")}
    (styles,) = inside["styles"].iter(f"{SPACE}cellXfs")
    # what is built in has a number only: 4 is #,##0.00
    formats = [own.get(one.get("numFmtId"), {"4": "#,##0.00"}.get(one.get("numFmtId", ""), "")) for one in styles]
    return Sheet(sheet.get("name", ""), root, formats)


def taken(client: Client) -> Sheet:
    """The workbook of the list's own page."""
    answer = client.get(f"{OFFICE}/export?as=xlsx&sort=day")
    assert answer.status_code == 200
    return read(answer.content)


def made(officer: Actor, title: str, *, fields: list[Field] | None = None) -> Sheet:
    """A workbook of every visit under a title."""
    with translation.override("en"):
        rows = Visit._default_manager.order_by("pk")
        assert LIST.export is not None
        return read(as_xlsx(VISITS, officer, rows, fields or LIST.export.fields, title=title))


def test_workbook__names_its_sheet_by_the_list(officer: Actor, client: Client) -> None:
    site.visit(officer)
    assert taken(client).name == str(LIST.title[Desk.OFFICER]) == "Visits here"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Тапсырыстар", "Тапсырыстар"),
        ("x" * 31, "x" * 31),
        ("x" * 32, "x" * 31),
        ("Visits: here/there [old] what? yes*no\\maybe", "Visits  here there  old  what"),
        ("'quoted'", "quoted"),
        ("", "Sheet1"),
        ("[]", "Sheet1"),
    ],
)
def test_workbook__has_a_name_that_spreadsheets_take(officer: Actor, title: str, name: str) -> None:
    found = made(officer, title).name
    assert found.strip() == name
    assert len(found) <= 31
    assert not set(found) & set("[]:*?/\\")
    assert not found.startswith("'")
    assert not found.endswith("'")


@pytest.mark.parametrize("mark", ["'", " "], ids=["apostrophe", "space"])
def test_workbook__has_a_name_that_spreadsheets_take_also_where_it_is_cut(officer: Actor, mark: str) -> None:
    found = made(officer, f"{'a' * 30}{mark}b").name
    assert found.strip() == "a" * 30
    assert not found.endswith("'")


@pytest.mark.parametrize("number", [0, 1, 3])
def test_workbook__keeps_its_heads_in_sight_and_lets_each_column_be_filtered(
    officer: Actor, client: Client, number: int
) -> None:
    for _n in range(number):
        site.visit(officer)
    root = taken(client).root
    (pane,) = root.iter(f"{SPACE}pane")
    assert (pane.get("ySplit"), pane.get("xSplit"), pane.get("state")) == ("1", None, "frozen")
    assert pane.get("topLeftCell") == "A2"
    (filtered,) = root.iter(f"{SPACE}autoFilter")
    assert filtered.get("ref") == f"A1:G{1 + number}", "the heads and every case"


def test_workbook__writes_days_and_amounts_as_the_reader_does(officer: Actor, client: Client) -> None:
    site.visit(officer, last_day=TODAY)
    sheet = taken(client)
    assert {cell: sheet.format_of(f"{cell}2") for cell in "DEFG"} == {
        "D": "yyyy-mm-dd",
        "E": "#,##0.00",
        "F": "",
        "G": "yyyy-mm-dd",
    }
    sheet = taken(signed_in(officer, language="ru"))
    assert (sheet.format_of("D2"), sheet.format_of("E2")) == ("dd.mm.yyyy", "#,##0.00")


def test_workbook__is_as_wide_as_what_it_holds(officer: Actor) -> None:
    for remark in ("hello", "x" * 20, ""):
        site.visit(officer, remark=remark, last_day=TODAY)

    def says(length: int) -> Any:
        return lambda _actor, one: one.case.remark * length

    fields: list[Field] = [
        ("Of a head that is longer than a cell", says(1)),
        ("Short", says(1)),
        ("Long", says(9)),
        ("Day", lambda _actor, one: one.case.last_day),
        ("Empty", lambda _actor, _one: None),
        ("N", lambda _actor, _one: 1234567),
    ]
    widths = made(officer, "Wide", fields=fields).widths
    assert len(widths) == len(fields)
    head, short, long, day, empty, number = (round(one) for one in widths)
    assert head >= len("Of a head that is longer than a cell")
    assert short in range(20, 25)
    assert long in range(60, 65), "what is very long is cut in sight"
    assert day in range(10, 15)
    assert empty in range(5, 10)
    assert number in range(7, 12)
