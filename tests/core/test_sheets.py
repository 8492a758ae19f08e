"""What is read of a table that somebody brings: its bounds hold for texts and workbooks alike."""

import io
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from tirek.core import sheets, workbooks
from tirek.core.sheets import Bounds, Line, NoTable, lines_of

BOUNDS = Bounds(lines=3, columns=2, cell=5, unpacked=1_000_000)


def _workbook(*rows: list[str]) -> bytes:
    book, target = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"abcdefgh;ab;ab\n'=1+1+1+1;b", _workbook(["abcdefgh", "ab", "ab"], ["'=1+1+1+1", "b"])],
    ids=["text", "workbook"],
)
def test_long_cells_and_far_columns__are_cut(content: bytes) -> None:
    assert [list(line.values) for line in lines_of(content, BOUNDS)] == [["abcde", "ab"], ["=1+1+", "b"]]


def test_lines_of_a_workbook_beyond_the_most__are_not_read() -> None:
    assert len(list(lines_of(_workbook(*[["a"]] * 5), BOUNDS))) == 3


def test_workbook_of_very_many_parts__is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = _workbook(["a"])
    parts = len(zipfile.ZipFile(io.BytesIO(content)).infolist())
    monkeypatch.setattr(sheets, "_MOST_PARTS", parts)
    assert list(lines_of(content, BOUNDS))
    monkeypatch.setattr(sheets, "_MOST_PARTS", parts - 1)
    with pytest.raises(NoTable, match="too_large"):
        list(lines_of(content, BOUNDS))


@pytest.mark.finding("R-M6")
def test_cell_at_the_far_end__takes_no_memory_for_what_lies_between() -> None:
    book, target = openpyxl.Workbook(), io.BytesIO()
    book.active["A1"], book.active["XFD1048576"] = "near", "far"
    book.save(target)
    content = target.getvalue()
    assert len(content) < 10_000
    tracemalloc.start()
    try:
        lines = list(lines_of(content, Bounds(lines=100_000, columns=60, cell=100, unpacked=1_000_000)))
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [one.text(0) for one in lines if not one.is_empty] == ["near"]
    assert most < 20_000_000


_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_SHEET, _TEXTS, _STYLES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"
LARGE = Bounds(lines=1_048_576, columns=60, cell=4_000, unpacked=8_000_000)


def _with_shared_texts() -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        book.add_worksheet().write_row(0, 0, ["a", "b"])
    return target.getvalue()


def _with_part(name: str, xml: str) -> bytes:
    """A workbook in which one part is another one."""
    found, target = zipfile.ZipFile(io.BytesIO(_with_shared_texts())), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for one in found.namelist():
            packed.writestr(one, xml if one == name else found.read(one))
    return target.getvalue()


def _with_rows(xml: str, *, beside: str = "") -> bytes:
    return _with_part(_SHEET, f"<worksheet {_MAIN}>{beside}<sheetData>{xml}</sheetData></worksheet>")


def _with_texts(xml: str) -> bytes:
    return _with_part(_TEXTS, f"<sst {_MAIN}>{xml}</sst>")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(lambda: _with_rows(f'<row r="1">{"<c/>" * 300_000}</row>'), id="a wide row"),
        pytest.param(lambda: _with_rows("<row/>" * 1_001), id="many rows"),
        pytest.param(lambda: _with_rows(f"<row>{'<c/>' * 16_000}</row>" * 21), id="many cells"),
        pytest.param(lambda: _with_rows(f"<row><c>{'<f/>' * 200_000}</c></row>"), id="a cell of many parts"),
        pytest.param(lambda: _with_rows("", beside="<cols/>" * 200_000), id="much before the rows"),
        pytest.param(
            lambda: _with_rows(f'<row><c t="inlineStr"><is><t>{"ж" * 300_000}</t></is></c></row>'), id="an endless text"
        ),
        pytest.param(lambda: _with_rows(f'<row><c r="{"A" * 1_000_000}"/></row>'), id="an endless tag"),
        pytest.param(lambda: _with_texts("<si/>" * 1_001), id="many shared texts"),
        pytest.param(lambda: _with_texts(f"<si><t>{'ж' * 300_000}</t></si>"), id="an endless shared text"),
        pytest.param(lambda: _with_texts(f"<si><t>{'a' * 4_000}</t></si>" * 30), id="long shared texts"),
        pytest.param(
            lambda: _with_part(_STYLES, f"<styleSheet {_MAIN}><cellXfs>{'<xf/>' * 200_000}</cellXfs></styleSheet>"),
            id="many kinds of cells",
        ),
        pytest.param(lambda: _with_part("[Content_Types].xml", " " * 6_000_000), id="a long list of parts"),
    ],
)
def test_workbook_that_holds_more_than_a_table__is_refused_in_little_memory(
    monkeypatch: pytest.MonkeyPatch, content: Callable[[], bytes]
) -> None:
    monkeypatch.setattr(workbooks, "_MOST_ROWS", 1_000)
    monkeypatch.setattr(workbooks, "_MOST_TEXTS", 1_000)
    monkeypatch.setattr(workbooks, "_MOST_SIGNS", 100_000)
    brought = content()
    assert len(brought) < 50_000
    tracemalloc.start()
    try:
        with pytest.raises(NoTable) as refused:
            for _line in lines_of(brought, LARGE):
                pass
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert refused.value.code == "too_large"
    assert most < 20_000_000


def test_rows_of_a_workbook__take_no_memory_after_they_are_read() -> None:
    content = _with_rows('<row s="1"><c><v>1</v></c></row>' * 50_000)
    tracemalloc.start()
    try:
        found = sum(line.values[0] == 1 for line in lines_of(content, LARGE))
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found == 50_000
    assert most < 10_000_000


@pytest.mark.parametrize("part", [_SHEET, _TEXTS, _STYLES, "xl/workbook.xml", "[Content_Types].xml"])
@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>',
        '<!DOCTYPE a SYSTEM "https://example.org/a.dtd">',
        "<!DOCTYPE a>",
    ],
)
def test_part_with_a_document_type__is_refused(part: str, declared: str) -> None:
    xml = zipfile.ZipFile(io.BytesIO(_with_shared_texts())).read(part).decode()
    begun = xml.index("?>") + 2 if xml.startswith("<?xml") else 0
    with pytest.raises(NoTable) as refused:
        list(lines_of(_with_part(part, xml[:begun] + declared + xml[begun:]), LARGE))
    assert refused.value.code == "unreadable"


def test_workbook_of_a_spreadsheet__is_read_as_before() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"constant_memory": False}) as book:
        book.add_chartsheet("chart")
        sheet = book.add_worksheet("first")
        sheet.write_row(0, 0, ["name", "same", "number", "day", "share", "is"])
        sheet.write_rich_string(1, 0, "plain ", book.add_format({"bold": True}), "bold")
        for row in range(1, 3000):
            sheet.write(row, 1, "same")
            sheet.write(row, 2, row)
        sheet.write_datetime(1, 3, date(2027, 3, 22), book.add_format({"num_format": "dd.mm.yyyy"}))
        sheet.write(1, 4, 0.5)
        sheet.write(1, 5, True)
        sheet.write_formula(2, 0, "=1+1", value=2)
        sheet.write(1, 300, "far")
        sheet.merge_range(5, 4, 6, 5, "merged")
        sheet.set_column(0, 200, 20)
        book.add_worksheet("second").write(0, 0, "other")
    first, second, third, *rest = lines_of(target.getvalue(), LARGE)
    assert list(first.values[:7]) == ["name", "same", "number", "day", "share", "is", None]
    assert list(second.values[:6]) == ["plain bold", "same", 1, "2027-03-22", 0.5, True]
    assert (third.text(0), third.formulas) == ("=1+1", frozenset({0}))
    assert (rest[2].text(4), len(rest), rest[-1].n) == ("merged", 2997, 3000)
    results = list(lines_of(target.getvalue(), replace(LARGE, results=True)))
    assert (results[2].text(0), results[2].formulas) == ("2", frozenset())


def test_rows_out_of_their_order__are_passed_over() -> None:
    rows = "".join(f'<row r="{n}"><c t="str"><v>{text}</v></c></row>' for n, text in ((2, "a"), (1, "b"), (5, "c")))
    assert [(line.n, line.text(0)) for line in lines_of(_with_rows(rows), LARGE)] == [(2, "a"), (5, "c")]


def test_small_number_of_a_workbook__is_text_as_people_write_it() -> None:
    rows = "".join(f'<row r="{n}"><c><v>{one}</v></c></row>' for n, one in enumerate(("5e-05", "1E3", "0.5", "-7"), 1))
    assert [line.text(0) for line in lines_of(_with_rows(rows), LARGE)] == ["0.00005", "1000", "0.5", "-7"]


@pytest.mark.parametrize("value", [10**400, -(10**400), 1e300, float("inf"), float("nan"), 44_000.5, True, None, "x"])
def test_day__of_what_counts_none_is_told_as_it_stands(value: Any) -> None:
    assert Line(1, [value], epoch=date(1899, 12, 30)).day(0) == Line(1, [value]).text(0)
    assert Line(1, [44_000], epoch=date(1899, 12, 30)).day(0) == "2020-06-18"
