"""Tables that somebody sends: XLSX or CSV, read as plain values. Formulas are told, never worked out or followed."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from tirek.core.errors import RuleBroken

MAX_BYTES: Final = 5 * 1024 * 1024
#: Of a workbook: what it unpacks to, and how many parts it has.
MOST_UNPACKED: Final = 60 * 1024 * 1024
MOST_PARTS: Final = 200
MOST_LINES: Final = 10_000
MOST_COLUMNS: Final = 40
LONGEST_CELL: Final = 1000
_ZIP: Final = b"PK\x03\x04"
#: Parts that run or fetch something.
_ACTIVE: Final = ("vbaproject", "externallinks/", "activex/", "embeddings/", "connections.xml")
_MARKS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")

Value = str | int | float | None


class NoTable(RuleBroken):
    """The file cannot be read as a table; the message says why."""

    next_step = _("Download the table anew, change it in a spreadsheet, and save it as XLSX or CSV.")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table.

    Attributes:
        n: its number in the file, the heads are line 1.
        values: of its cells.
        formulas: places of cells that hold a formula, from 0.
    """

    n: int
    values: Sequence[Value]
    formulas: frozenset[int] = frozenset()

    def text(self, place: int) -> str:
        """A cell as text; "" where there is none."""
        value = self.values[place] if place < len(self.values) else None
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return "" if value is None else str(value).strip()


def read(content: bytes) -> list[Line]:
    """The lines of the first sheet, the heads among them; empty lines are left out.

    Raises:
        NoTable: it is empty, too large, no table, holds macros or links to other files, or more than ``MOST_LINES``.
    """
    if not content:
        raise NoTable(_("The file is empty."), code="empty")
    if len(content) > MAX_BYTES:
        raise NoTable(_("The file is larger than 5 MB."), code="too_large")
    lines = []
    for line in _of_workbook(content) if content.startswith(_ZIP) else _of_text(content):
        if any(value not in {None, ""} for value in line.values):
            lines.append(line)
        if len(lines) > MOST_LINES + 1:
            raise NoTable(_("The table has more than %(most)s lines.") % {"most": MOST_LINES}, code="too_long")
    if not lines:
        raise NoTable(_("The file is empty."), code="empty")
    return lines


def _check_parts(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _unreadable() from error
    names = [one.filename.lower() for one in parts]
    if any(mark in name for name in names for mark in _ACTIVE):
        raise NoTable(_("The file holds macros or links to other files."), code="active")
    if len(parts) > MOST_PARTS or sum(one.file_size for one in parts) > MOST_UNPACKED:
        raise NoTable(_("The file is too large when it is unpacked."), code="too_large")


def _unreadable() -> NoTable:
    return NoTable(_("This is no table in XLSX or CSV that we can read."), code="unreadable")


def _of_workbook(content: bytes) -> Iterator[Line]:
    import openpyxl  # in memory only where somebody sends a workbook

    _check_parts(content)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheet = book.worksheets[0]
        # what a file says of its own size is not believed
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_row=MOST_LINES + 2, max_col=MOST_COLUMNS)
        for n, cells in enumerate(rows, start=1):
            formulas = frozenset(place for place, cell in enumerate(cells) if cell.data_type == "f")
            yield Line(n, [_plain(cell.value) for cell in cells], formulas)
    # hostile files break such a library in more ways than it names
    except Exception as error:
        raise _unreadable() from error


def _plain(value: Any) -> Value:  # noqa: ANN401 - whatever the library found
    if value is None or isinstance(value, int | float):
        return value
    return str(value)[:LONGEST_CELL]


def _decoded(content: bytes) -> str:
    encodings = ["utf-16"] if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else ["utf-8-sig", "cp1251"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _unreadable()


def _of_text(content: bytes) -> Iterator[Line]:
    text = _decoded(content)
    heads = text.partition("\n")[0]
    mark = max(";,\t", key=heads.count)
    try:
        for n, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=mark), start=1):
            kept = cells[:MOST_COLUMNS]
            formulas = frozenset(place for place, cell in enumerate(kept) if cell.lstrip().startswith("="))
            yield Line(n, [_without_guard(cell)[:LONGEST_CELL] for cell in kept], formulas)
    except csv.Error as error:
        raise _unreadable() from error


def _without_guard(cell: str) -> str:
    """A cell without the apostrophe by which our own tables keep spreadsheets from running it."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_MARKS) else cell
