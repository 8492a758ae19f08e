"""A supplier's file of one kind, read: to which cards its lines belong, what they are to be, and what is wrong."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from itertools import chain, islice
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import override

from tirek.catalogue.deciding import Held, WantedOffer, WantedSize
from tirek.catalogue.file_columns import CODE, OF_CARD, OF_PARAMETER, OF_SIZE, WAS, FileColumn
from tirek.catalogue.models import Offer
from tirek.core.errors import Text
from tirek.core.imports import as_key, said_of
from tirek.core.keys import read_key
from tirek.core.languages import LANGUAGES
from tirek.core.sheets import Bounds, Line, NoTable, lines_of

#: Bytes of a file, lines and sizes of a card in it.
MOST_BYTES: Final = 10_000_000
MOST_LINES: Final = 100_000
MOST_SIZES: Final = 1_000
_BOUNDS: Final = Bounds(
    lines=1_048_576,
    columns=0,
    cell=4_000,
    unpacked=300_000_000,
    encodings=("utf-16", "utf-8-sig", "cp1251"),
)
#: Letters of all that is told apart in a file: what is beyond takes memory, and no supplier's table has it.
MOST_LETTERS: Final = 40_000_000
#: Columns beyond those of the kind that are looked at, to say that nobody knows them.
_BEYOND: Final = 10
#: Lines among which the codes of the columns are looked for.
_HEADS: Final = 5
#: Column that a file of mistakes has beside the others.
ERROR: Final = "error"
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
#: Letters of a mistake, and of a cell that is kept to be told with it.
_MOST_TOLD: Final = 500
_MOST_KEPT: Final = 1_000


@dataclass(slots=True)
class _Row:
    """A line with its cells as their fields read them."""

    n: int
    key: UUID | None
    values: dict[str, Any]
    was: str


@dataclass(slots=True)
class Parsed:
    """A file that was read.

    Attributes:
        names: of its columns.
        lines: how many there are below.
        rows: those that could be read.
        wrong: lines with what is wrong with them.
        cells: what was typed in lines, by their number: it is told with a mistake.
    """

    names: Sequence[str] = ()
    lines: int = 0
    rows: list[_Row] = field(default_factory=list)
    wrong: list[tuple[int, Text]] = field(default_factory=list)
    cells: dict[int, tuple[str, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class Read:
    """Cards as a file wants them, and lines with what is wrong with them."""

    wanted: list[WantedOffer] = field(default_factory=list)
    wrong: list[tuple[int, Text]] = field(default_factory=list)


def parse(content: bytes, columns: Sequence[FileColumn]) -> Parsed:
    """The lines of a file, each cell as its field reads it; what is in the database is not asked but for places.

    Raises:
        NoTable: it is none, its columns are not those of the kind, or it is too long.
    """
    # no wider than a file of this kind can be: each cell beyond costs time
    lines = lines_of(content, replace(_BOUNDS, columns=len(columns) + _BEYOND))
    names, left = _heads(lines, columns)
    found, known = Parsed(names=names), dict[tuple[str, str], tuple[object, str]]()
    by_name = {one.name: one for one in columns}
    told_apart, letters = dict[str, str](), 0
    for line in chain(left, lines):
        if line.is_empty:
            continue
        found.lines += 1
        if found.lines > MOST_LINES:
            raise NoTable(_("The file has more than %(most)s lines. Divide it.") % {"most": MOST_LINES}, code="long")
        texts = tuple(line.text(place) for place in range(len(names)))
        kept = []
        for one in texts:
            # a workbook has each text once, however many cells show it: so has what is kept of it
            short = told_apart.get(one)
            if short is None:
                letters += len(one)
                short = told_apart[one] = one[:_MOST_KEPT]
            kept.append(short)
        if letters > MOST_LETTERS:
            raise NoTable(_("The file holds too much text. Divide it."), code="too_large")
        found.cells[line.n] = tuple(kept)
        row, wrong = _row(line, names, texts, by_name, known)
        if wrong:
            found.wrong += [(line.n, one) for one in wrong]
        else:
            found.rows.append(row)
    if not found.lines:
        raise NoTable(_("The file has no lines below its headings."), code="empty")
    return found


def gather(parsed: Parsed, held: Mapping[UUID, Held]) -> Read:
    """The lines by the card they belong to, as it is now."""
    found = Read(wrong=list(parsed.wrong))
    _gather(found, parsed.rows, held)
    return found


def _heads(lines: Iterator[Line], columns: Sequence[FileColumn]) -> tuple[list[str], list[Line]]:
    """Names of the columns: from the line with the codes, else by their words in any language; and the lines that were
    read beyond them.
    """
    first = list(islice((one for one in lines if not one.is_empty), _HEADS))
    known = {one.name for one in columns} | {ERROR}
    for place, line in enumerate(first):
        names = [line.text(at).casefold() for at in range(len(line.values))]
        if "label" in names or {CODE, "price"} <= set(names):
            return _checked(names, known, names), first[place + 1 :]
    if not first:
        raise NoTable(_("The file is empty."))
    words = dict[str, str]()
    for language in LANGUAGES:
        with override(language):
            words |= {str(one.label).casefold(): one.name for one in columns} | {_("What is wrong").casefold(): ERROR}
    typed = [first[0].text(at) for at in range(len(first[0].values))]
    return _checked([words.get(one.casefold(), one) for one in typed], known, typed), first[1:]


def _checked(names: list[str], known: set[str], typed: Sequence[str]) -> list[str]:
    while names and not names[-1]:
        names.pop()
    unknown = [word for name, word in zip(names, typed, strict=False) if name and name not in known]
    if unknown:
        told = ", ".join(one[:40] for one in unknown[:10]) + (" …" if len(unknown) > 10 else "")  # noqa: PLR2004
        raise NoTable(_("Nobody knows these columns: %(names)s.") % {"names": told})
    named = [one for one in names if one]
    if len(set(named)) != len(named):
        raise NoTable(_("A column is there twice."))
    if CODE not in names and not {"name_ru", "label"} <= set(names):
        told = "name_ru, label"
        raise NoTable(_("The first line lacks these columns: %(names)s.") % {"names": told})
    return names


def _row(
    line: Line,
    names: Sequence[str],
    texts: Sequence[str],
    by_name: Mapping[str, FileColumn],
    known: dict[tuple[str, str], tuple[object, str]],
) -> tuple[_Row, list[str]]:
    row, wrong = _Row(line.n, None, {}, ""), list[str]()
    has_code = CODE in names and bool(texts[names.index(CODE)])
    for place, name in enumerate(names):
        if name not in by_name:
            continue
        column, text = by_name[name], texts[place].removeprefix("'")
        mistake = _wrong_cell(column, text, is_formula=place in line.formulas)
        if mistake:
            wrong.append(mistake)
        elif name == CODE:
            row.key = read_key(text) if text else None
        elif name == WAS:
            row.was = text
        elif text or not column.field.required or not has_code:
            # no size is without what is required: empty beside a code it stays
            if (name, text) not in known:
                known[name, text] = _cleaned(column, text)
            row.values[name], mistake = known[name, text]
            wrong += [mistake] if mistake else []
    return row, wrong


def _wrong_cell(column: FileColumn, text: str, *, is_formula: bool) -> str:
    """What a cell may not be, whatever its column holds; "" where it is well."""
    if is_formula:
        told = _("There is a formula here. Put the number or the word in its place.")
        return f"{column.label}: {told}"
    if column.name == CODE and text and read_key(text) is None:
        return _("There are no goods of yours with this code.")
    if column.name in {"label", "article"} and _DAY.fullmatch(text):
        told = _("A spreadsheet has made a day of this. Format the cell as text, then type it again.")
        return f"{column.label}: {told}"
    return ""


def _cleaned(column: FileColumn, text: str) -> tuple[object, str]:
    try:
        value = column.field.clean(text)
    except ValidationError as error:
        told = f"{column.label}: {' '.join(said_of(one) for one in error.error_list)}"
        return None, Truncator(told).chars(_MOST_TOLD)
    if column.name in {"warranty_months", "delivery_days"}:
        return value or 0, ""
    return " ".join(str(value).split()) if column.name == "label" else value, ""


def _gather(found: Read, rows: Sequence[_Row], held: Mapping[UUID, Held]) -> None:
    """The lines by the card they belong to, in the order of the file."""
    of_size = {key: one for one in held.values() for key in one.sizes}
    named: dict[str, list[Held]] = {}
    for one in held.values():
        if one.offer.state != Offer.State.ARCHIVED:
            named.setdefault(as_key(str(one.wanted_card["name_ru"])), []).append(one)
    cards: dict[object, list[_Row]] = {}
    for row in rows:
        if row.key is not None:
            if row.key not in of_size:
                found.wrong.append((row.n, _("There are no goods of yours with this code.")))
                continue
            cards.setdefault(of_size[row.key].offer.pk, []).append(row)
            continue
        name = as_key(str(row.values.get("name_ru") or ""))
        if not name:
            told = _("A new line needs the name in Russian: lines with the same name are one card.")
            found.wrong.append((row.n, told))
            continue
        those = named.get(name, [])
        if len(those) > 1:
            found.wrong.append((row.n, _("Several of your cards have this name. Change their names first.")))
            continue
        cards.setdefault(those[0].offer.pk if those else name, []).append(row)
    for key, lines in cards.items():
        found.wanted.append(_card(found, key if isinstance(key, UUID) else None, lines))


def _card(found: Read, key: UUID | None, rows: Sequence[_Row]) -> WantedOffer:
    card, by = dict[str, Any](), dict[str, int]()
    if len(rows) > MOST_SIZES:
        told = _("One card has at most %(most)s sizes in a file.") % {"most": MOST_SIZES}
        found.wrong.append((rows[MOST_SIZES].n, told))
    met: dict[object, int] = {}
    for row in rows:
        for name in OF_CARD:
            if name not in row.values or (row.key is None and row.values[name] in ("", 0, [])):
                continue  # in a new line an empty cell is what the card says
            if name in card and card[name] != row.values[name]:
                told = _("The column “%(name)s” differs from line %(first)s, which it belongs to.")
                found.wrong.append((row.n, told % {"name": name, "first": by[name]}))
            else:
                card[name], by[name] = row.values[name], row.n
        for what in {row.key, row.values.get("label")} - {None}:
            if what in met:
                found.wrong.append((row.n, _("The same is in line %(line)s.") % {"line": met[what]}))
            met[what] = row.n
    return WantedOffer(rows[0].n, key, card, [_size(row) for row in rows[:MOST_SIZES]])


def _size(row: _Row) -> WantedSize:
    values: dict[str, Any] = {name: row.values[name] for name in OF_SIZE if name in row.values}
    for name, shown in _as_downloaded(row.was).items():
        if row.key is not None and values.get(name) == shown:
            del values[name]
    parameters = {
        name.removeprefix(OF_PARAMETER): value for name, value in row.values.items() if name.startswith(OF_PARAMETER)
    }
    return WantedSize(row.n, row.key, values, parameters)


def as_downloaded(stock: int, price: Decimal) -> str:
    """Stock and price as a file keeps them."""
    return f"{stock} / {price}"


def _as_downloaded(text: str) -> dict[str, Any]:
    stock, _sign, price = (part.strip() for part in text.partition("/"))
    try:
        return {"stock": int(stock), "price": Decimal(price)}
    except (ValueError, InvalidOperation):
        return {}
