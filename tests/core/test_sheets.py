"""What is read of a table that somebody brings: its bounds hold for texts and workbooks alike."""

import io
import tracemalloc
import zipfile

import openpyxl
import pytest

from tirek.core import sheets
from tirek.core.sheets import Bounds, NoTable, lines_of

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
