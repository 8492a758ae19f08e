"""What is read of a table that somebody brings: its bounds hold for texts and workbooks alike."""

import io
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
