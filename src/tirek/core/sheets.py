"""Tables that somebody brings, line by line: the first sheet of a workbook (XLSX), or CSV with any of its separators.

Formulas are told, never worked out or followed; nothing that a file says of its own size is believed.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from tirek.core.errors import RuleBroken, Text
from tirek.core.typed import as_meant

_ZIP: Final = b"PK\x03\x04"
#: Parts of a workbook that run or fetch something.
_ACTIVE: Final = ("vbaproject", "externallinks/", "activex/", "embeddings/", "connections.xml")
_MOST_PARTS: Final = 200
#: Signs with which a spreadsheet begins to work something out.
_MARKS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
#: Such a sign behind an end of a cell; numbers, also of phones, work nothing out.
_ENDS, _BEGINS = r"([;,\t\r\n][ \"]{0,3})", r"(?=[=@]|[+\-](?![0-9 .()\-]*(?:[;,\t\r\n]|$)))"
_INSIDE: Final = re.compile(_ENDS + _BEGINS)
_GUARDED_INSIDE: Final = re.compile(f"{_ENDS}'{_BEGINS}")

#: Days that a workbook counts: from 1982 to 2119. A number beside them is something else.
_FIRST_DAY, _LAST_DAY = 30_000, 80_000

Value = str | int | float | None


class NoTable(RuleBroken):
    """The file cannot be read as a table; the message says why, and what to do."""

    code = "unreadable"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is read of a file.

    Attributes:
        lines: at most, those beyond are passed over.
        columns: likewise.
        cell: letters of a cell, likewise.
        unpacked: bytes to which a workbook may unpack.
        results: a cell with a formula holds the result that the spreadsheet has kept; else the formula, and the line
            tells that it is one.
        encodings: of a text, the first that fits; UTF-16 is known by its mark where it is named.
        one_line: no cell of a text goes on in the next line: a line that cannot be read spoils no other.
    """

    lines: int
    columns: int
    cell: int
    unpacked: int
    results: bool = False
    encodings: tuple[str, ...] = ("utf-8-sig",)
    one_line: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table.

    Attributes:
        n: its number in the file, the heads are line 1.
        values: of its cells.
        formulas: places of cells that hold a formula, from 0.
        epoch: the day from which the workbook counts days; ``None`` for a text, whose numbers count none.
        broken: why the line cannot be read; its values are a guess then.
    """

    n: int
    values: Sequence[Value]
    formulas: frozenset[int] = frozenset()
    epoch: date | None = None
    broken: Text = ""

    def day(self, place: int) -> str:
        """A cell that holds a day, as text: a number of a workbook is the day that it counts to, like 2027-03-22."""
        value = self.values[place] if place < len(self.values) else None
        if self.epoch is None or isinstance(value, str | bool) or value is None:
            return self.text(place)
        if not _FIRST_DAY <= value <= _LAST_DAY or value % 1:
            return self.text(place)
        return (self.epoch + timedelta(days=int(value))).isoformat()

    def text(self, place: int) -> str:
        """A cell as text, without marks that nobody sees; "" where there is none."""
        value = self.values[place] if place < len(self.values) else None
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, float):
            # never like 5e-05, which no field takes for a number
            return f"{Decimal(str(value)):f}"
        return "" if value is None else as_meant(str(value)).strip()

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it."""
        return not any(value not in {None, ""} for value in self.values)


def lines_of(content: bytes, bounds: Bounds) -> Iterator[Line]:
    """The lines of a file, the heads and most of the empty ones among them.

    Raises:
        NoTable: it is no table, does not fit into the bounds, or holds macros or links to other files.
    """
    return _of_workbook(content, bounds) if content.startswith(_ZIP) else _of_text(content, bounds)


def _no_workbook() -> NoTable:
    return NoTable(_("This workbook cannot be read. Save it as XLSX or as “CSV UTF-8”."))


def _too_large() -> NoTable:
    return NoTable(_("The workbook is too large. Save it as CSV."), code="too_large")


def _check_parts(content: bytes, bounds: Bounds) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _no_workbook() from error
    names = [one.filename.lower() for one in parts]
    if any(mark in name for name in names for mark in _ACTIVE):
        raise NoTable(_("The file holds macros or links to other files. Save it as CSV."), code="active")
    if len(parts) > _MOST_PARTS or sum(one.file_size for one in parts) > bounds.unpacked:
        raise _too_large()


def _of_workbook(content: bytes, bounds: Bounds) -> Iterator[Line]:
    from tirek.core import workbooks  # with a library that is in memory only where somebody brings a workbook

    _check_parts(content, bounds)
    rows = workbooks.rows_of(
        content, columns=bounds.columns, longest=bounds.cell + 1, unpacked=bounds.unpacked, results=bounds.results
    )
    at = 0
    try:
        for n, epoch, cells in islice(rows, bounds.lines):
            if n > bounds.lines:
                return
            # a row that comes after its place is none
            if n > at:
                at = n
                yield _line(n, epoch, cells, bounds)
    except workbooks.TooMuchError as error:
        raise _too_large() from error
    # hostile files break such a library in more ways than it names
    except Exception as error:
        raise _no_workbook() from error


def _line(n: int, epoch: date, cells: Sequence[Mapping[str, Any]], bounds: Bounds) -> Line:
    values: list[Value] = [None] * bounds.columns
    formulas = set[int]()
    for cell in cells:
        # from 1, and whatever a file says
        place = cell["column"] - 1
        if 0 <= place < bounds.columns:
            values[place] = _plain(cell["value"], bounds)
            (formulas.add if cell["data_type"] == "f" else formulas.discard)(place)
    return Line(n, values, frozenset(formulas), epoch)


def _plain(value: Any, bounds: Bounds) -> Value:  # noqa: ANN401 - whatever the library found
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, datetime):
        value = value.date()
    text = value.isoformat() if isinstance(value, date) else str(value)
    return _without_guard(text)[: bounds.cell]


_UTF_16: Final = {b"\xff\xfe", b"\xfe\xff"}


def _decoded(content: bytes, bounds: Bounds) -> str:
    has_mark = content[:2] in _UTF_16
    for encoding in bounds.encodings:
        if has_mark is not (encoding == "utf-16"):
            continue
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError as error:
            if encoding == "utf-8-sig" and (line := _broken_line(content)):
                raise NoTable(_BROKEN % {"line": line}) from error
            if encoding == bounds.encodings[-1] and len(bounds.encodings) > 1:
                raise NoTable(_BROKEN % {"line": content.count(b"\n", 0, error.start) + 1}) from error
            continue
        if "\0" not in text:
            return text
    raise NoTable(_("This is no text in UTF-8. Save the table as “CSV UTF-8” or as a workbook (XLSX)."))


_BROKEN: Final = _(
    "Line %(line)s holds a sign that cannot be read. Save the table as “CSV UTF-8” or as a workbook (XLSX)."
)


_UNREAD: Final = _("A sign cannot be read. Save the table as “CSV UTF-8” or as a workbook (XLSX).")


def _broken_line(content: bytes) -> int:
    """The first line that is no UTF-8 in a text that is UTF-8 for the rest; 0 in a text of another encoding, whose
    lines hardly ever look like UTF-8.
    """
    broken, has_good = 0, False
    for n, line in enumerate(content.split(b"\n"), start=1):
        if line.isascii():
            continue
        try:
            line.decode()
        except UnicodeDecodeError:
            broken = broken or n
        else:
            has_good = True
    return broken if has_good else 0


def _likeliest(content: bytes, bounds: Bounds) -> str:
    """In which encoding a text was written of which some signs cannot be read."""
    try:
        content.decode()
    except UnicodeDecodeError:
        return "utf-8" if _broken_line(content) else bounds.encodings[-1]
    return "utf-8"


def _said(error: csv.Error) -> Text:
    """Why a line is none, in words."""
    if "limit" in str(error):
        return _("A cell is too long.")
    return _("A quotation mark is open, or is in the middle of a cell.")


def _separator(heads: str) -> str:
    return max(";,\t", key=heads.count)


def _of_text(content: bytes, bounds: Bounds) -> Iterator[Line]:
    if bounds.one_line:
        yield from _line_by_line(content, bounds)
        return
    text = _decoded(content, bounds)
    first, _end, rest = text.partition("\n")
    if _tells_separator(first):
        text, first = rest, rest.partition("\n")[0]
    begun = 1
    try:
        found = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(first), strict=True)
        for n, cells in enumerate(found, start=1):
            begun = found.line_num + 1
            yield _of_cells(n, cells, bounds)
    except csv.Error as error:
        raise NoTable(_("Line %(line)s: %(text)s") % {"line": begun, "text": _said(error)}) from error


def _tells_separator(line: str) -> bool:
    return line.strip().lower().startswith("sep=")


def _of_cells(n: int, cells: Sequence[str], bounds: Bounds, *, broken: Text = "") -> Line:
    kept = cells[: bounds.columns]
    formulas = frozenset(place for place, cell in enumerate(kept) if cell.lstrip().startswith("="))
    return Line(n, [_without_guard(cell)[: bounds.cell] for cell in kept], formulas, broken=broken)


def _line_by_line(content: bytes, bounds: Bounds) -> Iterator[Line]:
    """Each line of a text by itself: what cannot be read of one spoils no other."""
    separator, before = "", 0
    for place, (line, unread) in enumerate(_raw_lines(content, bounds), start=1):
        if not separator:
            if _tells_separator(line):
                before = place
                continue
            if not line.strip():
                continue
            if unread:
                raise NoTable(_BROKEN % {"line": place})
            separator = _separator(line)
        cells, broken = [one.strip('"') for one in line.split(separator)], unread
        try:
            cells = cells if unread else next(csv.reader([line], delimiter=separator, strict=True), [])
        except csv.Error as error:
            broken = _said(error)
        yield _of_cells(place - before, cells, bounds, broken=broken)


def _raw_lines(content: bytes, bounds: Bounds) -> Iterator[tuple[str, Text]]:
    """The lines of a text, and what cannot be read of a line."""
    try:
        text = _decoded(content, bounds)
    except NoTable:
        encoding = _likeliest(content, bounds)
        heads = content.partition(b"\n")[0]
        if content[:2] in _UTF_16 or b"\0" in heads:
            raise
    else:
        yield from ((line, "") for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
        return
    lines = content.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    for line in lines:
        told = line.decode(encoding, errors="replace").replace("\0", "\ufffd")
        yield told, _UNREAD if "\ufffd" in told else ""


def guarded(text: str) -> str:
    """A text as a cell of CSV that no spreadsheet works out: an apostrophe stands before a sign with which it would
    begin to, also where such a sign follows one that another spreadsheet takes for the end of a cell.
    """
    inside = _INSIDE.sub(r"\1'", text)
    return f"'{inside}" if text.startswith(_MARKS) else inside


def _without_guard(cell: str) -> str:
    """A cell without the apostrophes by which tables keep spreadsheets from working it out."""
    whole = cell[1:] if cell.startswith("'") and cell[1:].startswith(_MARKS) else cell
    return _GUARDED_INSIDE.sub(r"\1", whole)
