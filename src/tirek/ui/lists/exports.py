"""Cases as a table for a spreadsheet: CSV read piece by piece, or XLSX."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any, Final, TextIO

from django.db.models import QuerySet
from django.utils.translation import override

from tirek.core.actors import Actor
from tirek.core.case.registry import CaseType
from tirek.core.case.words import ListedCase, listed
from tirek.core.errors import Text
from tirek.core.languages import current
from tirek.core.personal import viewlog
from tirek.core.sheets import guarded
from tirek.ui.lists.paging import by_keys

#: By this mark Excel knows the text for UTF-8.
BOM: Final = "\ufeff"
_AT_ONCE: Final = 500
#: What the name of a sheet may not hold, and how long it may be.
_SHEET: Final = re.compile(r"[\[\]:*?/\\]")
_LONGEST_SHEET: Final = 31
#: Characters of the widest column, and of a day.
_WIDEST: Final = 60
_DAY_WIDTH: Final = 10

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
    return str(value) if isinstance(value, int) else guarded(str(value))


def write_lines(target: TextIO, lines: Iterable[Sequence[Cell]], *, delimiter: str = ";") -> None:
    """Write lines of CSV (RFC 4180), each value as a ``cell``, all quoted: what a text holds ends no cell."""
    writer = csv.writer(target, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([cell(value) for value in line] for line in lines)


def _pieces(kind: CaseType[Any], actor: Actor, rows: QuerySet[Any]) -> Iterator[Sequence[ListedCase]]:
    keys = rows.values_list("pk", flat=True).iterator(chunk_size=_AT_ONCE)
    while piece := list(islice(keys, _AT_ONCE)):
        cases = by_keys(kind, piece)
        about = [(kind.scope.person_of(one), kind.code, one.pk) for one in cases]
        viewlog.record_many(actor, [(person, code, key) for person, code, key in about if person is not None])
        yield listed(kind, actor, cases)


def as_csv(
    kind: CaseType[Any], actor: Actor, rows: QuerySet[Any], fields: Sequence[Field], language: str
) -> Iterator[str]:
    """Cases line by line, in one language: a mark of UTF-8, the heads, a line per case. Read piece by piece, however
    many there are; whom they are about is written into the record of looks with each piece.
    """
    return csv_of([head for head, _value in fields], _lines(kind, actor, rows, fields), language)


def _lines(
    kind: CaseType[Any], actor: Actor, rows: QuerySet[Any], fields: Sequence[Field]
) -> Iterator[list[list[Cell]]]:
    for piece in _pieces(kind, actor, rows):
        yield [[value(actor, one) for _head, value in fields] for one in piece]


def csv_of(heads: Sequence[Text], pieces: Iterator[list[list[Cell]]], language: str) -> Iterator[str]:
    """A table line by line, in one language: a mark of UTF-8, the heads, then its lines, some at once."""
    text = io.StringIO()
    text.write(BOM)
    with override(language):
        write_lines(text, [[str(head) for head in heads]])
    yield text.getvalue()
    while True:
        text.seek(0)
        text.truncate()
        with override(language):
            piece = next(pieces, None)
            if piece is None:
                return
            write_lines(text, piece)
        yield text.getvalue()


def as_xlsx(
    kind: CaseType[Any], actor: Actor, rows: QuerySet[Any], fields: Sequence[Field], *, title: Text = ""
) -> bytes:
    """Cases as a workbook of one sheet in the reader's language; numbers and days stay so, text is text. The heads stay
    in sight, columns are as wide as what they hold, and each can be filtered. Whom they are about is written into the
    record of looks.
    """
    return workbook_of([head for head, _value in fields], _lines(kind, actor, rows, fields), title=title)


def workbook_of(heads: Sequence[Text], pieces: Iterator[list[list[Cell]]], *, title: Text = "") -> bytes:
    """A table as a workbook of one sheet, as ``as_xlsx`` makes it."""
    import xlsxwriter  # in memory only where somebody takes a workbook along

    target = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        looks = {
            "head": book.add_format({"bold": True}),
            "day": book.add_format({"num_format": "yyyy-mm-dd" if current() == "en" else "dd.mm.yyyy"}),
            "amount": book.add_format({"num_format": "#,##0.00"}),
        }
        sheet = book.add_worksheet(_SHEET.sub(" ", str(title)).strip("' ")[:_LONGEST_SHEET].rstrip("' ") or None)
        widths = [len(str(head)) for head in heads]
        for place, head in enumerate(heads):
            sheet.write_string(0, place, str(head), looks["head"])
        line = 0
        for piece in pieces:
            for values in piece:
                line += 1
                for place, value in enumerate(values):
                    widths[place] = max(widths[place], _write(sheet, line, place, value, looks))
        for place, width in enumerate(widths):
            sheet.set_column(place, place, min(width, _WIDEST) + 2)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, line, len(heads) - 1)
    return target.getvalue()


# the library has no types
def _write(sheet: Any, line: int, place: int, value: Cell, looks: Mapping[str, Any]) -> int:  # noqa: ANN401
    """Write a cell; returns how many characters wide it is."""
    match value:
        case None:
            return 0
        case date():
            sheet.write_datetime(line, place, value, looks["day"])
            return _DAY_WIDTH
        case Decimal():
            sheet.write_number(line, place, value, looks["amount"])
            return len(f"{value:,.2f}")
        case int():
            sheet.write_number(line, place, value)
        case _:
            sheet.write_string(line, place, str(value))
    return len(str(value))
