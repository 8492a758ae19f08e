"""Files as spreadsheets write them: CSV with its marks and separators, or the first sheet of a workbook."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext as _

from tirek.core.errors import RuleBroken
from tirek.core.imports.tables import ImportTable

#: Bytes of a file that comes by a page.
MOST_BYTES: Final = 10_000_000
#: Bytes of a workbook when it is unpacked.
_MOST_UNPACKED: Final = 200_000_000
#: No sheet is larger, and no kind of file has so many columns: a cell far outside costs nothing.
_MOST_ROWS: Final = 1_048_576
_MOST_COLUMNS: Final = 200
#: Names of columns that a message lists.
_MOST_NAMED: Final = 10
_ZIP: Final = b"PK\x03\x04"
#: A line of a file with its number; the headings are line 1.
Line = tuple[int, dict[str, str]]


class Unreadable(RuleBroken):
    """The file is no table that can be read, or not of this kind."""

    code = "unreadable"


def read_table(table: ImportTable, content: bytes) -> Iterator[Line]:
    """The lines of a file, each by its columns; empty lines are passed over.

    Raises:
        Unreadable: no table, or its first line lacks a column that must be there.
    """
    rows = _workbook(content) if content.startswith(_ZIP) else _text(content)
    headings: list[str] = []
    for number, cells in enumerate(rows, start=1):
        if not any(cells):
            continue
        if not headings:
            headings = _headings(table, cells)
            continue
        yield number, {name: cells[place] if place < len(cells) else "" for place, name in enumerate(headings) if name}
    if not headings:
        raise Unreadable(_("The file is empty."))


def _headings(table: ImportTable, cells: Sequence[str]) -> list[str]:
    names = [cell.strip().lower() for cell in cells]
    missing = [one.name for one in table.columns if one.field.required and one.name not in names]
    if missing:
        raise Unreadable(_("The first line lacks these columns: %(names)s.") % {"names": ", ".join(missing)})
    known = {one.name for one in table.columns}
    unknown = [name for name in names if name and name not in known]
    if unknown:
        raise Unreadable(_("Nobody knows these columns: %(names)s.") % {"names": _named(unknown)})
    if len({name for name in names if name}) != len([name for name in names if name]):
        raise Unreadable(_("A column is there twice."))
    return names


def _named(names: Sequence[str]) -> str:
    """Names for a message, no more and no longer than somebody reads."""
    told = [name[:40] for name in names[:_MOST_NAMED]]
    return ", ".join(told) + (" …" if len(names) > len(told) else "")


def _text(content: bytes) -> Iterator[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(
            _("This is no text in UTF-8. Save the table as “CSV UTF-8” or as a workbook (XLSX).")
        ) from error
    if "\0" in text:
        raise Unreadable(_("This is no table. Save it as “CSV UTF-8” or as a workbook (XLSX)."))
    first, _end, rest = text.partition("\n")
    if first.strip().lower().startswith("sep="):
        text, first = rest, rest.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            yield [_plain(cell) for cell in row]
    except csv.Error as error:
        raise Unreadable(_("A cell does not end: a quotation mark is open.")) from error


def _plain(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from reading a number or a formula."""
    return cell.strip().removeprefix("'")


def _workbook(content: bytes) -> Iterator[list[str]]:
    import openpyxl  # in memory only where somebody brings a workbook

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            too_large = sum(one.file_size for one in packed.infolist()) > _MOST_UNPACKED
        if not too_large:
            # row by row: a sheet as a whole takes as much memory as its farthest cell says
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False, data_only=True)
            sheet = book.worksheets[0]
            # what a file says of its own size is not believed
            sheet.reset_dimensions()
            before: object = None
            for row in sheet.iter_rows(max_row=_MOST_ROWS, max_col=_MOST_COLUMNS, values_only=True):
                # rows that the file leaves out are one object
                yield [] if row is before else [_cell(one) for one in row]
                before = row
    # hostile files break such a library in more ways than it names
    except Exception as error:
        raise Unreadable(_("This workbook cannot be read. Save it as XLSX or as “CSV UTF-8”.")) from error
    if too_large:
        raise Unreadable(_("The workbook is too large. Save it as CSV."))


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _plain(str(value))


def template(table: ImportTable) -> bytes:
    """A workbook to fill in: the headings, what each column holds, and an example."""
    import xlsxwriter  # in memory only where somebody takes a workbook along

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        head, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        sheet, told = book.add_worksheet(table.code[:31]), book.add_worksheet("i")
        for place, one in enumerate(table.columns):
            sheet.set_column(place, place, max(len(one.name), len(one.sample)) + 2, text)
            sheet.write_string(0, place, one.name, head)
            sheet.write_string(1, place, one.sample, text)
            told.write_string(place, 0, one.name, head)
            told.write_string(place, 1, f"{one.field.label}{'' if one.field.required else ' —'}")
        told.set_column(0, 1, 40)
        sheet.freeze_panes(1, 0)
    return target.getvalue()
