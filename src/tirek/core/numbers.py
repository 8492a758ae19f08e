"""Public numbers from PostgreSQL sequences. Gaps are allowed; each process has its own prefix."""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import count
from typing import Final

from django.db import connection, migrations

from tirek.core import clock
from tirek.core.keys import uuid7

_SEQUENCE = re.compile(r"^[a-z_]{3,50}$")
#: Latin letters that look like Cyrillic ones.
_LOOKALIKE: Final = str.maketrans("ABEKMHOPCTXYI", "АВЕКМНОРСТХУІ")
#: Dashes that keyboards and word processors write.
_DASHES: Final = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212/№#"), "-")
_YEAR_DIGITS: Final = 4
_MOST_DIGITS: Final = 9
#: Counts what is numbered on trial.
_trial: Final[ContextVar[Iterator[int] | None]] = ContextVar("tirek_numbers_on_trial", default=None)


@contextmanager
def on_trial() -> Iterator[None]:
    """Numbers that are taken inside belong to no year and to no series: what gets them is taken back, and none is
    missing in the series afterwards.
    """
    token = _trial.set(count(uuid7().int))
    try:
        yield
    finally:
        _trial.reset(token)


#: Numbers of series that were taken ahead.
_ahead: Final[ContextVar[dict[str, Iterator[int]] | None]] = ContextVar("tirek_numbers_ahead", default=None)
_BLOCK: Final = 200


@contextmanager
def taken_ahead() -> Iterator[None]:
    """Numbers inside are taken from the series many at a time; those that are left over are missing in it."""
    token = _ahead.set({})
    try:
        yield
    finally:
        _ahead.reset(token)


def _next(sequence: str) -> int:
    ahead = _ahead.get()
    if ahead is None:
        return _taken(sequence, 1)[0]
    value = next(ahead.get(sequence, iter(())), None)
    if value is None:
        ahead[sequence] = iter(_taken(sequence, _BLOCK))
        value = next(ahead[sequence])
    return value


def _taken(sequence: str, count: int) -> list[int]:
    with connection.cursor() as cursor:
        if count == 1:
            cursor.execute("SELECT nextval(%s)", [sequence])
        else:
            cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [sequence, count])
        return [value for (value,) in cursor.fetchall()]


def in_our_letters(number: str) -> str:
    """A public number as it is written here, when it came with Latin letters that look like ours, or in small ones."""
    return number.upper().translate(_LOOKALIKE)


@dataclass(frozen=True, slots=True)
class Series:
    """A series of public numbers.

    Attributes:
        prefix: letters before the number, for example ``ТС``.
        sequence: name of the PostgreSQL sequence.
    """

    prefix: str
    sequence: str

    def __post_init__(self) -> None:
        if not _SEQUENCE.match(self.sequence):
            raise ValueError(f"{self.sequence!r} is no name of a sequence.")

    def take(self) -> str:
        """The next number, for example ``ТС-2026-0000042``; never given twice."""
        trial = _trial.get()
        if trial is not None:
            return f"{self.prefix}-0000-{next(trial) % 10**_MOST_DIGITS:0{_MOST_DIGITS}d}"
        return f"{self.prefix}-{clock.today().year}-{_next(self.sequence):07d}"

    def read(self, typed: str, *, since: int) -> list[str]:
        """The numbers that somebody may mean, as exact values for a search by index; none when it is no number.

        A whole number is understood in any spelling: Latin letters in the place of Cyrillic ones that look alike, any
        case, with or without dashes, spaces, noughts and marks that nobody sees; in full also without the letters.
        Digits that begin with no year of the series, with the letters or without, are the end of a number of any year.

        Args:
            typed: what was typed.
            since: the first year in which numbers of this series were given.
        """
        seen = (one for one in typed.upper() if not one.isspace() and unicodedata.category(one)[0] != "C")
        plain = "".join(seen).translate(_LOOKALIKE)
        plain = plain.translate(_DASHES).replace("-", "")
        prefix = self.prefix.translate(_LOOKALIKE)
        has_prefix = plain.startswith(prefix)
        digits = plain.removeprefix(prefix)
        if not (digits.isascii() and digits.isdecimal()) or len(digits) > _YEAR_DIGITS + _MOST_DIGITS:
            return []
        years = range(clock.today().year, since - 1, -1)
        is_whole = has_prefix or len(digits) > _MOST_DIGITS
        if is_whole and len(digits) > _YEAR_DIGITS and int(digits[:_YEAR_DIGITS]) in years:
            return [f"{self.prefix}-{digits[:_YEAR_DIGITS]}-{int(digits[_YEAR_DIGITS:]):07d}"]
        return [] if len(digits) > _MOST_DIGITS else [f"{self.prefix}-{year}-{int(digits):07d}" for year in years]

    def migration(self) -> migrations.RunSQL:
        """The operation that makes the sequence."""
        return migrations.RunSQL(f'CREATE SEQUENCE "{self.sequence}"', f'DROP SEQUENCE "{self.sequence}"')
