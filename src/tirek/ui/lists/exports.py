"""Cases as a table for a spreadsheet: CSV read piece by piece, or XLSX."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any, Final

import xlsxwriter
from django.db.models import QuerySet
from django.utils.translation import override

from tirek.core.actors import Actor
from tirek.core.case.registry import CaseType
from tirek.core.case.words import ListedCase, listed
from tirek.core.errors import Text
from tirek.core.languages import current

#: By this mark Excel knows the text for UTF-8.
BOM: Final = "\ufeff"
#: Spreadsheets run what begins with these as a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_AT_ONCE: Final = 500

Cell = str | int | Decimal | date | None
#: One column of a table: its head, and the value of a listed case for a reader.
Field = tuple[Text, Callable[[Actor, ListedCase], Cell]]


def column(head: Text, path: str) -> Field:
    """A column with what stands under a path of attributes of the case, joined by ``__``."""

    def value(_actor: Actor, one: ListedCase) -> Cell:
        found: Any = one.case
        for name in path.split("__"):
            found = getattr(found, name)
        return found  # type: ignore[no-any-return]  # a plain column

    return head, value


def cell(value: Cell) -> str:
    """A value as a cell of CSV: dates as in ISO 8601, amounts with the decimal mark of the language, text that is never
    a formula.
    """
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return str(value) if current() == "en" else str(value).replace(".", ",")
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _pieces(kind: CaseType[Any], actor: Actor, rows: QuerySet[Any]) -> Iterator[Sequence[ListedCase]]:
    source = rows.iterator(chunk_size=_AT_ONCE)
    while piece := list(islice(source, _AT_ONCE)):
        yield listed(kind, actor, piece)


def as_csv(
    kind: CaseType[Any], actor: Actor, rows: QuerySet[Any], fields: Sequence[Field], language: str
) -> Iterator[str]:
    """Cases line by line, in one language: a mark of UTF-8, the heads, a line per case. Read piece by piece, however
    many there are.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    text.write(BOM)
    with override(language):
        writer.writerow([str(head) for head, _value in fields])
    yield text.getvalue()
    for piece in _pieces(kind, actor, rows):
        text.seek(0)
        text.truncate()
        with override(language):
            for one in piece:
                writer.writerow([cell(value(actor, one)) for _head, value in fields])
        yield text.getvalue()


def as_xlsx(kind: CaseType[Any], actor: Actor, rows: QuerySet[Any], fields: Sequence[Field]) -> bytes:
    """Cases as a workbook of one sheet in the reader's language; numbers and days stay so, text is text."""
    target = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        bold, days = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet()
        for column, (head, _value) in enumerate(fields):
            sheet.write_string(0, column, str(head), bold)
        line = 0
        for piece in _pieces(kind, actor, rows):
            for one in piece:
                line += 1
                for column, (_head, value) in enumerate(fields):
                    _write(sheet, line, column, value(actor, one), days)
    return target.getvalue()


def _write(sheet: Any, line: int, column: int, value: Cell, days: Any) -> None:  # noqa: ANN401 - the library has no types
    match value:
        case None:
            pass
        case date():
            sheet.write_datetime(line, column, value, days)
        case int() | Decimal():
            sheet.write_number(line, column, value)
        case _:
            sheet.write_string(line, column, str(value))
