"""Files of the kinds that apps declare, line by line, and a workbook to fill in for each."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from django import forms
from django.utils.translation import gettext as _

from tirek.core.imports.tables import ImportTable
from tirek.core.sheets import Bounds, NoTable, lines_of

#: Bytes of a file that comes by a page.
MOST_BYTES: Final = 10_000_000
#: No sheet is larger, and no kind of file has so many columns: a cell far outside costs nothing.
_BOUNDS: Final = Bounds(
    lines=1_048_576,
    columns=200,
    cell=32_767,
    unpacked=200_000_000,
    results=True,
    encodings=("utf-16", "utf-8-sig", "cp1251"),
)
#: Names of columns that a message lists.
_MOST_NAMED: Final = 10
#: Under which name a line says why it cannot be read.
BROKEN: Final = ""
#: A line of a file with its number; the headings are line 1.
Line = tuple[int, dict[str, str]]


def read_table(table: ImportTable, content: bytes) -> Iterator[Line]:
    """The lines of a file, each by its columns; empty lines are passed over. One that cannot be read says so under
    ``BROKEN``; what stands in its columns is a guess.

    Raises:
        NoTable: it is none, or its first line lacks a column that must be there.
    """
    headings: list[str] = []
    days = {one.name for one in table.columns if isinstance(one.field, forms.DateField)}
    for line in lines_of(content, replace(_BOUNDS, one_line=table.is_one_line)):
        if line.is_empty:
            continue
        if line.broken and not headings:
            raise NoTable(line.broken)
        # an apostrophe keeps a spreadsheet from reading a number
        cells = [line.text(place).removeprefix("'") for place in range(max(len(line.values), len(headings)))]
        if not headings:
            headings = _headings(table, cells)
            continue
        for place, name in enumerate(headings):
            if name in days:
                cells[place] = line.day(place).removeprefix("'")
        read = {name: cells[place] for place, name in enumerate(headings) if name}
        yield line.n, read | ({BROKEN: str(line.broken)} if line.broken else {})
    if not headings:
        raise NoTable(_("The file is empty."))


def _headings(table: ImportTable, cells: Sequence[str]) -> list[str]:
    names = [cell.strip().lower() for cell in cells]
    missing = [one.name for one in table.columns if one.field.required and one.name not in names]
    if missing:
        raise NoTable(_("The first line lacks these columns: %(names)s.") % {"names": ", ".join(missing)})
    known = {one.name for one in table.columns}
    unknown = [name for name in names if name and name not in known]
    if unknown:
        raise NoTable(_("Nobody knows these columns: %(names)s.") % {"names": _named(unknown)})
    if len({name for name in names if name}) != len([name for name in names if name]):
        raise NoTable(_("A column is there twice."))
    return names


def _named(names: Sequence[str]) -> str:
    """Names for a message, no more and no longer than somebody reads."""
    told = [name[:40] for name in names[:_MOST_NAMED]]
    return ", ".join(told) + (" …" if len(names) > len(told) else "")


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
