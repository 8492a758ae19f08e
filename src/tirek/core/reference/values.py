"""Dated reference data: every legal number with its term of validity, citation and status.

A rule asks for the value at a date. Values are loaded from ``<app>/reference/values.csv`` and are never edited in
place: a new version closes the one before. A process keeps what it read for a short time (``core.snapshot``): the
values themselves change by date, not by the moment of loading.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Final, Protocol

from django.apps import apps
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tirek.core.errors import RuleBroken
from tirek.core.reference.dated import DatedRow, Status
from tirek.core.reference.snapshot import Snapshot, forget_all


class Unit(models.TextChoices):
    """Units of reference values."""

    WORKING_DAYS = "working_days", _("working days")
    CALENDAR_DAYS = "calendar_days", _("calendar days")
    HOURS = "hours", _("hours")
    MINUTES = "minutes", _("minutes")
    MONTHS = "months", _("months")
    PIECES = "pieces", _("pieces")
    TENGE = "tenge", _("tenge")
    PERCENT = "percent", _("per cent")
    TEXT = "text", _("text")


class ReferenceValue(DatedRow):
    """One version of one value."""

    VERSION_OF = ("key", "scope")

    key = models.CharField(max_length=80)
    scope = models.CharField(
        max_length=80, blank=True, help_text="What it is limited to, for example kind:GI-01; empty for all."
    )
    value = models.CharField(max_length=200)
    unit = models.CharField(max_length=20, choices=Unit.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "scope", "effective_from"], name="core_reference_version"),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")),
                name="core_reference_term",
            ),
        ]


#: Units of which one may replace another in a new version: a term stays a term.
TERMS: Final = frozenset({Unit.WORKING_DAYS, Unit.CALENDAR_DAYS, Unit.HOURS, Unit.MINUTES, Unit.MONTHS})


@dataclass(frozen=True, slots=True)
class Term:
    """A length of time: ``amount`` of ``unit`` (days, hours, minutes or months)."""

    amount: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Value:
    """A reference value at a date."""

    key: str
    scope: str
    text: str
    unit: Unit
    effective_from: date
    effective_to: date | None
    citation: str
    status: Status

    @property
    def number(self) -> Decimal:
        """The value as a number, in ``unit``."""
        return Decimal(self.text)

    @property
    def term(self) -> Term:
        """The value as a length of time."""
        return Term(int(self.text), self.unit)


_NAMES: dict[str, Promise] = {}


def named(names: Mapping[str, Promise]) -> None:
    """Say in words what values are; each app does so for its own keys (``reference_names.py``)."""
    _NAMES.update(names)


def words_of(key: str) -> str:
    """What a value is, in the present language; the key itself where nobody has said it."""
    return str(_NAMES.get(key, key))


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between what a value may lie, both included, in its unit."""

    least: int
    most: int


#: What no value of a unit passes: beyond it rules would count past the end of the calendar, or nothing would ever end.
_BOUNDS_OF_UNIT: Final = {
    Unit.WORKING_DAYS: Bounds(1, 500),
    Unit.CALENDAR_DAYS: Bounds(1, 1100),
    Unit.HOURS: Bounds(1, 2160),
    Unit.MINUTES: Bounds(1, 10_080),
    Unit.MONTHS: Bounds(1, 360),
    Unit.PIECES: Bounds(0, 100_000),
    Unit.TENGE: Bounds(0, 100_000_000),
    Unit.PERCENT: Bounds(0, 100),
}
_bounds: dict[str, Bounds] = {}


def bounded(bounds: Mapping[str, Bounds]) -> None:
    """Say between what values may lie, whatever their unit of time; each app does so for its own keys
    (``reference_names.py``). The others have the bounds of their unit.
    """
    _bounds.update(bounds)


def bounds_of(key: str, unit: Unit) -> Bounds | None:
    """Between what a value may lie; ``None`` for texts."""
    return _bounds.get(key) or _BOUNDS_OF_UNIT.get(unit)


_spelled: dict[str, dict[str, Promise]] = {}


def spelled(words: Mapping[str, Iterable[tuple[str, Promise]]]) -> None:
    """Say which words the rules know for a value that is a text, and how people call each of them; each app does so for
    its own keys.
    """
    _spelled.update({key: dict(known) for key, known in words.items()})


def words_of_text(key: str, text: str) -> str:
    """What a value that is a text says, in the present language; the text itself where nobody has said it."""
    return str(_spelled.get(key, {}).get(text, text))


def is_spelled(key: str, text: str) -> bool:
    """Whether the rules know this text of a value; any text where nobody has said which."""
    return text in _spelled.get(key, (text,))


class MissingReference(LookupError):
    """No version of a value is in force at the date: the installation is incomplete (``tirek reference check``)."""


def versions() -> models.QuerySet[ReferenceValue]:
    """Every version, by key, scope and newest first."""
    return ReferenceValue.objects.order_by("key", "scope", "-effective_from")


def _load_all() -> dict[str, list[Value]]:
    found: dict[str, list[Value]] = {}
    for row in versions():
        found.setdefault(row.key, []).append(plain(row))
    return found


_snapshot = Snapshot(_load_all)


def forget() -> None:
    """Drop what this process has kept of dated data: the next question reads the database."""
    forget_all()


def _kept(key: str) -> list[Value]:
    return _snapshot.get().get(key, [])


def plain(row: ReferenceValue) -> Value:
    """A row as the value it is."""
    return Value(
        key=row.key,
        scope=row.scope,
        text=row.value,
        unit=Unit(row.unit),
        effective_from=row.effective_from,
        effective_to=row.effective_to,
        citation=row.citation,
        status=Status(row.status),
    )


def value(key: str, *, at: date, scopes: Iterable[str] = ()) -> Value:
    """The version in force on ``at``, of the first of ``scopes`` that has one, else of the value without scope.

    Raises:
        MissingReference: no version is in force.
    """
    versions = _kept(key)
    for scope in (*scopes, ""):
        for one in versions:
            if one.scope == scope and one.effective_from <= at and (one.effective_to is None or at <= one.effective_to):
                return one
    raise MissingReference(f"No reference value {key} is in force on {at.isoformat()}.")


def term(key: str, *, at: date, scopes: Iterable[str] = ()) -> Term:
    """The length of time in force on ``at`` (see ``value``)."""
    return value(key, at=at, scopes=scopes).term


def all_versions() -> list[Value]:
    """Every version of every value, by key, scope and newest first, for the public page of terms."""
    return [plain(row) for row in versions()]


def history(key: str, scope: str) -> list[Value]:
    """Versions of one value, newest first, from the database; none when nobody has ever loaded it."""
    return [plain(row) for row in versions().filter(key=key, scope=scope)]


def lock(key: str, scope: str) -> None:
    """Hold the versions of one value until the transaction ends: two new versions at once come one after the other."""
    list(ReferenceValue.objects.select_for_update().filter(key=key, scope=scope).order_by("pk").values_list("pk"))


class Span(Protocol):
    """Days of a version."""

    @property
    def effective_from(self) -> date:
        """The first."""

    @property
    def effective_to(self) -> date | None:
        """The last; ``None`` while it is open."""


def check_place(one: Span, known: Iterable[Span]) -> None:
    """Is there room for a new version beside those that stand?

    Raises:
        RuleBroken: one of them has days of ``one``. An open version that begins earlier makes room.
    """
    for other in known:
        makes_room = other.effective_to is None and other.effective_from < one.effective_from
        begins_after = one.effective_to is not None and one.effective_to < other.effective_from
        ended_before = other.effective_to is not None and other.effective_to < one.effective_from
        if not (makes_room or begins_after or ended_before):
            until = date_format(other.effective_to) if other.effective_to else "…"
            raise RuleBroken(
                _(
                    "Another version is in force from %(since)s to %(until)s. Choose days that are free, or "
                    "withdraw that version before its day."
                )
                % {"since": date_format(other.effective_from), "until": until},
                code="overlap",
            )


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a reference file: file, line (from 2, below the heading) and what."""

    file: str
    line: int
    text: str


def files(name: str = "values.csv") -> Iterator[Path]:
    """``reference/<name>`` of each of our apps that has one."""
    for config in apps.get_app_configs():
        path = Path(config.path) / "reference" / name
        if config.name.startswith("tirek.") and path.exists():
            yield path


def read_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows of a CSV file with their line numbers."""
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        for row in reader:
            yield reader.line_num, {key: (cell or "").strip() for key, cell in row.items() if key}


def _parsed(path: Path, problems: list[Problem]) -> list[Value]:
    values: list[Value] = []
    for line, row in read_rows(path):
        try:
            one = Value(
                key=row["key"],
                scope=row["scope"],
                text=row["value"],
                unit=Unit(row["unit"]),
                effective_from=date.fromisoformat(row["effective_from"]),
                effective_to=date.fromisoformat(row["effective_to"]) if row["effective_to"] else None,
                citation=row["citation"],
                status=Status(row["status"]),
            )
            if one.unit is not Unit.TEXT:
                Decimal(one.text)
        except (KeyError, ValueError, ArithmeticError) as error:
            problems.append(Problem(str(path), line, f"{type(error).__name__}: {error}"))
            continue
        if not one.citation:
            problems.append(Problem(str(path), line, f"{one.key} has no citation"))
        values.append(one)
    return values


def check() -> list[Problem]:
    """Problems in the reference files of values and in the tables of the apps: unreadable rows, missing citations,
    overlaps.
    """
    problems: list[Problem] = []
    for path in files():
        seen: dict[tuple[str, str], list[Value]] = {}
        for one in _parsed(path, problems):
            seen.setdefault((one.key, one.scope), []).append(one)
        for versions in seen.values():
            versions.sort(key=lambda item: item.effective_from)
            for before, after in pairwise(versions):
                if before.effective_to is None or before.effective_to >= after.effective_from:
                    problems.append(
                        Problem(
                            str(path), 0, f"{before.key} {before.scope}: versions overlap on {after.effective_from}"
                        )
                    )
    for known in _tables:
        problems += known.problems()
    return problems


Cell = Callable[[str], object]


def filled(cell: str) -> str:
    """A cell that may not be empty.

    Raises:
        ValueError: it is.
    """
    if not cell:
        raise ValueError("empty")
    return cell


def one_of(*codes: str) -> Cell:
    """A cell that holds one of these codes."""

    def known(cell: str) -> str:
        if cell not in codes:
            raise ValueError(f"{cell or 'empty'} is none of {', '.join(codes)}")
        return cell

    return known


def or_empty(cell: Cell) -> Cell:
    """A cell that may be empty."""
    return lambda text: cell(text) if text else None


@dataclass(frozen=True, slots=True)
class Table:
    """How a reference table of an app has to look.

    Attributes:
        path: the CSV file.
        columns: each column with what reads its cell, or raises ``ValueError``.
        key: columns that name a row; with ``effective_from`` and ``effective_to`` versions of one key may not overlap.
        points_at: column → (file, column) in which its value must stand, when it is not empty.
    """

    path: Path
    columns: Mapping[str, Cell]
    key: tuple[str, ...]
    points_at: Mapping[str, tuple[Path, str]] = field(default_factory=dict)

    def problems(self) -> Iterator[Problem]:
        """Cells that cannot be read, rows that stand twice or overlap, values that point at nothing."""
        known = {
            column: {row[there] for _line, row in read_rows(path)} for column, (path, there) in self.points_at.items()
        }
        seen: dict[tuple[str, ...], list[tuple[str, str]]] = {}
        for line, row in read_rows(self.path):
            if set(row) != set(self.columns):
                yield Problem(str(self.path), line, f"columns: {', '.join(sorted(set(row) ^ set(self.columns)))}")
                return
            for column, cell in self.columns.items():
                try:
                    cell(row[column])
                except (ValueError, ArithmeticError) as error:
                    yield Problem(str(self.path), line, f"{column}: {error or type(error).__name__}")
            for column, values in known.items():
                if row[column] and row[column] not in values:
                    yield Problem(
                        str(self.path),
                        line,
                        f"{column}: {row[column]} stands nowhere in {self.points_at[column][0].name}",
                    )
            key = tuple(row[column] for column in self.key)
            first, last = row.get("effective_from", ""), row.get("effective_to", "") or "9999"
            if any(first <= end and begin <= last for begin, end in seen.get(key, ())):
                yield Problem(str(self.path), line, f"{' '.join(key)} stands twice, or its versions overlap")
            seen.setdefault(key, []).append((first, last))


_tables: list[Table] = []


def table(
    path: Path,
    *,
    columns: Mapping[str, Cell],
    key: tuple[str, ...],
    points_at: Mapping[str, tuple[Path, str]] | None = None,
) -> None:
    """Make a reference table of an app known to ``check``."""
    _tables.append(Table(path, columns, key, points_at or {}))


def tables() -> tuple[Path, ...]:
    """Files of the reference tables beside the values."""
    return tuple(one.path for one in _tables)


Loader = Callable[[], int]
_loaders: dict[str, Loader] = {}


def loader(name: str) -> Callable[[Loader], Loader]:
    """Register how an app loads its own reference tables: ``() -> number of rows``, repeatable."""

    def known(function: Loader) -> Loader:
        _loaders[name] = function
        return function

    return known


def load() -> Iterator[tuple[str, int]]:
    """Load all reference data; yields (what, rows) as it goes. Loading again changes nothing.

    Raises:
        ValueError: a file has problems (``check``).
    """
    problems = check()
    if problems:
        raise ValueError("; ".join(f"{one.file}:{one.line} {one.text}" for one in problems))
    for path in files():
        rows = _parsed(path, [])
        with transaction.atomic():
            for one in rows:
                add_version(one)
        yield f"{path.parent.parent.name} values", len(rows)
    for name, function in _loaders.items():
        with transaction.atomic():
            count = function()
        yield name, count
    forget()


def add_version(one: Value) -> ReferenceValue:
    """Add a version of a value; an open version before it ends the day before. The same version again changes nothing.

    Raises:
        ValueError: a different value stands already at the same key, scope and date: reference data are not edited in
            place.
    """
    known = ReferenceValue.objects.filter(key=one.key, scope=one.scope, effective_from=one.effective_from).first()
    if known is not None:
        if (known.value, known.unit) != (one.text, one.unit.value):
            raise ValueError(
                f"{one.key} {one.scope} from {one.effective_from} is {known.value}: add a later version instead."
            )
        return known
    row = row_of(one).place()
    forget()
    return row


def row_of(one: Value) -> ReferenceValue:
    """A version as a row that is not written yet."""
    return ReferenceValue(
        key=one.key,
        scope=one.scope,
        value=one.text,
        unit=one.unit,
        effective_from=one.effective_from,
        effective_to=one.effective_to,
        citation=one.citation,
        status=one.status,
    )
