"""The lines of a file that one key holds together: read by the fields of their columns, and tried by the action of
their kind of file, piece by piece.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Final

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, transaction
from django.utils.formats import number_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tirek.core import numbers
from tirek.core.actors import CLOCK, Actor
from tirek.core.database import rows
from tirek.core.errors import DomainError
from tirek.core.imports.reading import BROKEN, read_table
from tirek.core.imports.tables import Cells, Column, ImportTable, Outcome, as_key

_PIECE: Final = 200
_DAY: Final = re.compile(r"(\d{1,2})([./])(\d{1,2})\2(\d{4})", re.ASCII)
#: Signs of a mistake: what was typed may be as long as a file.
MOST_TOLD: Final = 1000
#: What is said of a figure beyond its limit.
_LIMITS: Final = {"min_value": gettext_lazy("At least %(limit)s."), "max_value": gettext_lazy("At most %(limit)s.")}


@dataclass(frozen=True, slots=True)
class Mistake:
    """A line that cannot be taken, and why, in words."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """The lines of a file that one key holds together."""

    first: int
    lines: tuple[tuple[int, dict[str, str]], ...]


#: An entry with its lines as the fields read them.
Good = tuple[Entry, list[Cells]]


def elsewhere(piece: Sequence[Entry]) -> Mistake:
    """What is said where two writers waited for each other, or one for too long: the file can be checked again."""
    return Mistake(piece[0].first, _("The same is being changed elsewhere. Check the file again."))


def pieces(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """Entries, some hundreds at once."""
    rest = iter(entries)
    while piece := list(islice(rest, _PIECE)):
        yield piece


def entries_of(table: ImportTable, lines: Sequence[tuple[int, dict[str, str]]]) -> tuple[list[Entry], list[Mistake]]:
    """The lines by their keys, in the order of the file; a key that stands twice where it may not is a mistake."""
    grouped: dict[tuple[str, ...], list[tuple[int, dict[str, str]]]] = {}
    mistakes = []
    for number, cells in lines:
        key = _key(table, number, cells)
        before = grouped.setdefault(key, [])
        if before and not table.several:
            mistakes.append(Mistake(number, _("The same is in line %(line)s.") % {"line": before[0][0]}))
            continue
        before.append((number, cells))
    return [Entry(found[0][0], tuple(found)) for found in grouped.values()], mistakes


def tried(
    actor: Actor,
    table: ImportTable,
    entries: Sequence[Entry],
    counts: Counter[Outcome],
    mistakes: list[Mistake],
) -> None:
    """Take entries in the caller's transaction, each whole; what became of them is counted, what is wrong is noted."""
    good, known = list[Good](), dict[tuple[str, str], object]()
    for one in entries:
        wrong, read = _read(table, one, known)
        if wrong:
            mistakes += wrong
        else:
            good.append((one, read))
    with numbers.taken_ahead():
        if table.ahead is not None and len(good) > 1:
            good = _together(actor, table, good, counts, mistakes)
        for one, read in good:
            try:
                with transaction.atomic():
                    counts[table.take(actor, read)] += 1
            except DomainError as refused:
                mistakes.append(Mistake(one.first, str(refused.message)))
            except IntegrityError:
                told = _("Somebody entered the same in this moment. Check the file again.")
                mistakes.append(Mistake(one.first, told))


def _together(
    actor: Actor, table: ImportTable, good: list[Good], counts: Counter[Outcome], mistakes: list[Mistake]
) -> list[Good]:
    """Take those that have nothing to do with each other, their rows written together; returns the others."""
    made, told, left = Counter[Outcome](), list[Mistake](), list[Good]()
    look = table.ahead or _nothing_ahead
    try:
        looked = look([read for _one, read in good])
        with transaction.atomic(), looked as places, rows.gathered():
            for place, (one, read) in enumerate(good):
                if place not in places:
                    left.append((one, read))
                    continue
                try:
                    with rows.one_of_many():
                        made[table.take(actor, read)] += 1
                except DomainError as refused:
                    told.append(Mistake(one.first, str(refused.message)))
    except IntegrityError:
        # somebody entered one of them in this moment: one by one it shows which
        return good
    counts.update(made)
    mistakes += told
    return left


@contextmanager
def _nothing_ahead(_entries: Sequence[Sequence[Cells]]) -> Iterator[frozenset[int]]:
    yield frozenset()


def _read(table: ImportTable, one: Entry, known: dict[tuple[str, str], object]) -> tuple[list[Mistake], list[Cells]]:
    """The cells of an entry as its fields read them; ``known`` keeps what was read in the same piece."""
    wrong, read = list[Mistake](), list[Cells]()
    for number, cells in one.lines:
        if BROKEN in cells:
            wrong.append(Mistake(number, cells[BROKEN]))
            continue
        line: dict[str, object] = {}
        for column in table.columns:
            place = column.name, cells.get(column.name, "")
            if place not in known:
                try:
                    known[place] = column.field.clean(_typed(column, place[1]))
                except ValidationError as error:
                    told = f"{column.name}: {' '.join(map(said_of, error.error_list))}"
                    wrong.append(Mistake(number, Truncator(told).chars(MOST_TOLD)))
                    continue
            line[column.name] = known[place]
        read.append(line)
    return wrong or _not_together(table, one, read), read


def _not_together(table: ImportTable, one: Entry, read: Sequence[Cells]) -> list[Mistake]:
    """What keeps lines of one key from belonging together."""
    wrong, met = list[Mistake](), set[object]()
    for (number, cells), line in zip(one.lines, read, strict=True):
        for name in table.alike:
            if line[name] != read[0][name]:
                told = {"first": one.first, "name": name}
                words = _("The column “%(name)s” differs from line %(first)s, which it belongs to.") % told
                wrong.append(Mistake(number, words))
        if table.once:
            value = line[table.once]
            key = as_key(value) if isinstance(value, str) else value
            if key in met:
                told = {"value": cells[table.once], "name": table.once}
                words = _("“%(value)s” is there twice in the column “%(name)s”.") % told
                wrong.append(Mistake(number, Truncator(words).chars(MOST_TOLD)))
            met.add(key)
    return wrong


def said_of(error: ValidationError) -> str:
    """A mistake of a cell in words; Django's own sentences of limits are not what people say."""
    words = _LIMITS.get(error.code or "")
    if words is None:
        return " ".join(map(str, error.messages))
    return str(words) % {"limit": number_format((error.params or {})["limit_value"])}


def _typed(column: Column, cell: str) -> str:
    """A cell as the field of a page reads it: a day also as spreadsheets of this country write it
    (22.03.2027, 22/03/2027).
    """
    if isinstance(column.field, forms.DateField) and (found := _DAY.fullmatch(cell)):
        return f"{found[4]}-{found[3]:0>2}-{found[1]:0>2}"
    return cell


def take_all(table: ImportTable, content: bytes) -> Iterator[tuple[int, Counter[Outcome], list[Mistake]]]:
    """Bring a file of any length in, piece by piece, each piece whole; for the command of the first filling, which has
    no account.

    The file is read twice and never held as a whole: first for where the lines of a key end. Lines with mistakes are
    left out; the same file again changes nothing and takes what was put right.

    Yields:
        Lines worked on in a piece, what became of them, and the mistakes met.
    """
    mistakes: list[Mistake] = []
    for piece in pieces(_as_they_end(table, content, mistakes)):
        counts = Counter[Outcome]()
        found, mistakes[:] = list(mistakes), []
        for last_try in (False, True):
            done, told = Counter[Outcome](), list[Mistake]()
            try:
                with transaction.atomic():
                    tried(CLOCK, table, piece, done, told)
            except OperationalError:
                # two writers waited for each other, or one for too long: once more
                found += [elsewhere([one]) for one in piece] if last_try else []
                continue
            counts, found = done, found + told
            break
        yield sum(len(one.lines) for one in piece), counts, found
    if mistakes:
        yield 0, Counter(), mistakes


def _key(table: ImportTable, number: int, cells: dict[str, str]) -> tuple[str, ...]:
    """What holds lines together; a line that cannot be read stands alone where each line is an entry."""
    if BROKEN in cells and not table.several:
        return (BROKEN, str(number))
    return tuple(as_key(cells.get(name, "")) for name in table.key)


def _as_they_end(table: ImportTable, content: bytes, mistakes: list[Mistake]) -> Iterator[Entry]:
    """The entries of a file, each as soon as its last line is read."""
    first, last = dict[int, int](), dict[int, int]()
    for number, cells in read_table(table, content):
        key = hash(_key(table, number, cells))
        first.setdefault(key, number)
        last[key] = number
    open_ones: dict[tuple[str, ...], list[tuple[int, dict[str, str]]]] = {}
    for number, cells in read_table(table, content):
        key_of = _key(table, number, cells)
        before = first[hash(key_of)]
        if not table.several:
            if before == number:
                yield Entry(number, ((number, cells),))
            else:
                mistakes.append(Mistake(number, _("The same is in line %(line)s.") % {"line": before}))
            continue
        open_ones.setdefault(key_of, []).append((number, cells))
        if last[hash(key_of)] == number:
            lines = open_ones.pop(key_of)
            yield Entry(lines[0][0], tuple(lines))
    # a key whose hash another one shares may end later than it seemed
    for lines in open_ones.values():
        yield Entry(lines[0][0], tuple(lines))
