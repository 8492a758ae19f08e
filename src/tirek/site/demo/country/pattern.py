"""A pattern: rows that the product's own actions have written once, and how the same is written for somebody else.

What differs from one to the other (keys, moments, numbers of cases, names, places, the hashes of the journal) are slots
between pieces of text that stay; a row is a line of ``COPY``. So the rows have the shape that the product gives them,
whatever that is today, and a chain of the journal holds because it is hashed anew.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Final
from uuid import UUID

from django.db import connection, models

_KEY: Final = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_MOMENT: Final = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?\+00:00"
_DAY: Final = r"(?<![\d.-])\d{4}-\d\d-\d\d(?![\dT-])"
_NUMBER: Final = r"[А-ЯӘҒҚҢӨҰҮІ]{2}-\d{4}-\d{7}"
#: Days of a window of a year stay where they are.
_EDGES: Final = ("-01-01", "-12-31")
_EVENTS: Final = "core_event"
_HEADS: Final = "journal_head"
_HASH_BYTES: Final = 32

Piece = str | int


@dataclass(frozen=True, slots=True)
class Chain:
    """An event: where its hash goes, where the hash before it stands (nothing for the first), and its hashed text."""

    slot: int
    before: int | None
    text: tuple[Piece, ...]


@dataclass(slots=True)
class Pattern:
    """Rows with slots.

    Attributes:
        rows: a line of ``COPY`` for each, by table.
        columns: names, by table.
        outer: slots that the caller fills, by name.
        keys: slots of new keys.
        moments: slots of moments, with the moment of the rehearsal.
        days: slots of days, with the day of the rehearsal.
        numbers: slots of numbers of cases, with the letters and the year.
        chains: events in the order in which they are hashed.
        waits_until: the first end of a term that is open; nothing when none is.
        first_day: the earliest day.
    """

    rows: dict[str, tuple[Piece, ...]] = field(default_factory=dict)
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    outer: dict[str, int] = field(default_factory=dict)
    keys: list[int] = field(default_factory=list)
    moments: list[tuple[int, datetime]] = field(default_factory=list)
    days: list[tuple[int, date]] = field(default_factory=list)
    numbers: list[tuple[int, str]] = field(default_factory=list)
    chains: list[Chain] = field(default_factory=list)
    waits_until: datetime | None = None
    first_day: date = date.max
    slots: int = 0

    def filled(
        self, given: Mapping[str, str], *, shift: timedelta, random: Random, number: "Numbers"
    ) -> Iterator[tuple[str, str]]:
        """The rows for somebody else: table and lines of ``COPY``.

        Args:
            given: values of the outer slots.
            shift: whole days by which everything happened earlier.
            random: for keys.
            number: gives the next number of a series.
        """
        values = [""] * self.slots
        for name, slot in self.outer.items():
            values[slot] = given[name]
        for slot, moment in self.moments:
            values[slot] = (moment - shift).isoformat()
        for slot, day in self.days:
            values[slot] = (day - shift).isoformat()
        for slot, head in self.numbers:
            values[slot] = number.take(head)
        at = self.moments[0][1] - shift if self.moments else None
        stamp = int(at.timestamp() * 1000) if at else 0
        for place, slot in enumerate(self.keys):
            values[slot] = key(stamp + place, random)
        for one in self.chains:
            before = bytes.fromhex(values[one.before]) if one.before is not None else b""
            text = "".join([piece if isinstance(piece, str) else values[piece] for piece in one.text])
            values[one.slot] = sha256(before + text.encode()).hexdigest()
        for table, pieces in self.rows.items():
            yield table, "".join([piece if isinstance(piece, str) else values[piece] for piece in pieces])


def key(stamp: int, random: Random) -> str:
    """A key of version 7 of this millisecond, as text."""
    tail = random.getrandbits(74)
    text = f"{stamp:012x}7{tail >> 62:03x}{0x8000000000000000 | (tail & 0x3FFFFFFFFFFFFFFF):016x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


class Numbers:
    """Numbers of cases from a range that nobody else gives."""

    def __init__(self, first: int) -> None:
        self._next: dict[str, int] = {}
        self._first = first

    def take(self, head: str) -> str:
        """The next number of a series and a year, ``ТС-2026-``."""
        value = self._next.get(head, self._first)
        self._next[head] = value + 1
        return f"{head}{value:07d}"

    @property
    def last(self) -> dict[str, int]:
        """The greatest number given, by the beginning."""
        return {head: value - 1 for head, value in self._next.items()}


def _as_copy(value: object) -> str:
    match value:
        case None:
            return r"\N"
        case bool():
            return "t" if value else "f"
        case bytes() | memoryview():
            return rf"\\x{bytes(value).hex()}"
        case datetime() | date():
            return value.isoformat()
        case _:
            text = str(value).replace("\\", "\\\\")
            return text.replace("\t", r"\t").replace("\n", r"\n").replace("\r", r"\r")


@dataclass
class Rehearsal:
    """What is in the tables before something is rehearsed, so that afterwards only what is new is taken.

    Attributes:
        tables: models whose rows belong to what is rehearsed.
        shared: text of the rehearsal → name of the slot that the caller fills, longest first.
    """

    tables: Sequence[type[models.Model]]
    before: dict[str, set[object]] = field(default_factory=dict)

    def begin(self) -> None:
        """Remember what is there."""
        with connection.cursor() as cursor:
            for model in self.tables:
                name = model._meta.db_table
                cursor.execute(f'SELECT "{model._meta.pk.column}" FROM "{name}"')  # noqa: S608 - our own tables
                self.before[name] = {key for (key,) in cursor.fetchall()}

    def _new(self, model: type[models.Model]) -> list[tuple[object, ...]]:
        name, known = model._meta.db_table, self.before[model._meta.db_table]
        names = ", ".join(f'"{one.column}"' for one in model._meta.concrete_fields)
        place = [one.primary_key for one in model._meta.concrete_fields].index(True)
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT {names} FROM "{name}"')  # noqa: S608 - our own tables
            found = [row for row in cursor.fetchall() if row[place] not in known]
        order = {one.column: n for n, one in enumerate(model._meta.concrete_fields)}
        return sorted(found, key=lambda row: int(str(row[order["n"]]))) if name == _EVENTS else found

    def taken(self, shared: Mapping[str, str]) -> Pattern:
        """The pattern of what is new.

        Args:
            shared: text of the rehearsal → name of the slot that the caller fills.
        """
        rows = {model: self._new(model) for model in self.tables}
        return _Reading(rows, shared).pattern


class _Reading:
    def __init__(
        self, rows: Mapping[type[models.Model], Sequence[tuple[object, ...]]], shared: Mapping[str, str]
    ) -> None:
        self.pattern = Pattern()
        self._known: dict[str, int] = {}
        self._new = {
            str(row[[one.primary_key for one in model._meta.concrete_fields].index(True)])
            for model, found in rows.items()
            for row in found
            if isinstance(row[[one.primary_key for one in model._meta.concrete_fields].index(True)], UUID)
        }
        for text, name in shared.items():
            slot = self.pattern.outer.get(name)
            self._known[text] = slot if slot is not None else self._slot(text)
            self.pattern.outer[name] = self._known[text]
        words = "|".join(re.escape(text) for text in sorted(shared, key=len, reverse=True))
        self._search = re.compile("|".join(part for part in (words, _KEY, _MOMENT, _DAY, _NUMBER) if part))
        self._hashes = self._chains(rows)
        for model, found in rows.items():
            if found:
                self._read(model, found)

    def _slot(self, text: str) -> int:
        slot = self._known.get(text)
        if slot is None:
            slot = self._known[text] = self.pattern.slots
            self.pattern.slots += 1
        return slot

    def _pieces(self, text: str) -> list[Piece]:
        found: list[Piece] = []
        end = 0
        for match in self._search.finditer(text):
            slot = self._of(match[0])
            if slot is not None:
                found += [text[end : match.start()], slot]
                end = match.end()
        return [*found, text[end:]]

    def _of(self, text: str) -> int | None:
        """The slot of a text that was found; nothing when it stays as it is."""
        if text in self._known:
            return self._known[text]
        pattern = self.pattern
        if re.fullmatch(_KEY, text):
            if text not in self._new:
                return None
            pattern.keys.append(self._slot(text))
        elif re.fullmatch(_MOMENT, text):
            moment = datetime.fromisoformat(text)
            pattern.moments.append((self._slot(text), moment))
            pattern.first_day = min(pattern.first_day, moment.date())
        elif re.fullmatch(_DAY, text):
            if text.endswith(_EDGES):
                return None
            pattern.days.append((self._slot(text), date.fromisoformat(text)))
        else:
            pattern.numbers.append((self._slot(text), text[:-7]))
        return self._known[text]

    def _chains(self, rows: Mapping[type[models.Model], Sequence[tuple[object, ...]]]) -> dict[bytes, int]:
        """Slots of the hashes of the journal, by the hash of the rehearsal."""
        hashes: dict[bytes, int] = {}
        heads: dict[object, int] = {}
        for model, found in rows.items():
            if model._meta.db_table != _EVENTS:
                continue
            place = {one.column: n for n, one in enumerate(model._meta.concrete_fields)}
            for row in found:
                digest, case = bytes(row[place["hash"]]), row[place["case_id"]]  # type: ignore[call-overload]
                text = str(row[place["canonical"]])
                slot = self.pattern.slots
                self.pattern.slots += 1
                self.pattern.chains.append(Chain(slot, heads.get(case), tuple(self._pieces(text))))
                hashes[digest] = heads[case] = slot
        return hashes

    def _read(self, model: type[models.Model], found: Iterable[tuple[object, ...]]) -> None:
        table, fields = model._meta.db_table, model._meta.concrete_fields
        self.pattern.columns[table] = tuple(str(one.column) for one in fields)
        line: list[Piece] = []
        for row in found:
            for n, (one, value) in enumerate(zip(fields, row, strict=True)):
                if n:
                    line.append("\t")
                if isinstance(value, bytes | memoryview) and bytes(value) in self._hashes:
                    line += [r"\\x", self._hashes[bytes(value)]]
                elif isinstance(value, bytes | memoryview):
                    line.append(_as_copy(value))
                else:
                    line += self._pieces(_as_copy(value))
                if table == "core_deadline" and one.column == "due_at":
                    self._waits(model, row)
            line.append("\n")
        self.pattern.rows[table] = tuple(_joined(line))

    def _waits(self, model: type[models.Model], row: tuple[object, ...]) -> None:
        place = {one.column: n for n, one in enumerate(model._meta.concrete_fields)}
        due = row[place["due_at"]]
        if row[place["closed_at"]] is None and isinstance(due, datetime):
            self.pattern.waits_until = min(due, self.pattern.waits_until or due)


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    text = ""
    for one in pieces:
        if isinstance(one, str):
            text += one
        else:
            if text:
                yield text
            yield one
            text = ""
    if text:
        yield text
