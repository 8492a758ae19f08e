"""What a file may be: its columns, what names a row in it, and what is done with one."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Actor
from tirek.core.errors import Text
from tirek.core.typed import as_meant

#: A line of a file, read: what each column holds.
Cells = Mapping[str, Any]
_LANGUAGES: Final = ("kk", "ru", "en")
#: Signs of a cell that are said back.
_MOST_TOLD: Final = 40


class Outcome(StrEnum):
    """What became, or would become, of a row."""

    MADE = "made"
    CHANGED = "changed"
    SAME = "same"


class WordsField(forms.ChoiceField):
    """One of several choices, by its code or by its words in any language; ``cleaned_data`` holds the code."""

    default_error_messages = {"none_of": _("“%(typed)s” is none of: %(words)s.")}

    def clean(self, value: Any) -> str:  # noqa: ANN401 - as Django declares it
        """The code.

        Raises:
            ValidationError: nobody knows this word.
        """
        typed = " ".join(as_meant(str(value or "")).split())
        if not typed and not self.required:
            return ""
        for code, label in self._known():
            if typed.casefold() in {str(code).casefold(), *self._labels(label)}:
                return str(code)
        words = ", ".join(f"{code} ({label})" for code, label in self._known())
        raise ValidationError(
            self.error_messages["none_of"], code="none_of", params={"typed": typed[:_MOST_TOLD] or "—", "words": words}
        )

    def _known(self) -> list[tuple[str, Any]]:
        # the widget holds them as pairs, whatever they were given as
        return [(str(code), label) for code, label in self.widget.choices if code]

    @staticmethod
    def _labels(label: object) -> set[str]:
        found = set()
        for language in _LANGUAGES:
            with translation.override(language):
                found.add(str(label).casefold())
        return found


@lru_cache(maxsize=10_000)
def as_key(text: str) -> str:
    """What names a row, as names are compared: small letters, without blanks and marks that nobody sees."""
    return "".join(as_meant(text).casefold().split())


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        name: heading of the column; the same in every language.
        field: reads a cell as a page reads the answer; its label says what the column is.
        sample: what stands in the template.
    """

    name: str
    field: forms.Field
    sample: str = ""


@dataclass(frozen=True, slots=True)
class ImportTable:
    """A kind of file.

    Attributes:
        code: names it in addresses and in the record of imports; never changed.
        title: what it holds.
        columns: in the order of the template.
        key: columns that name a row; what stands there already is not made again.
        take: brings the lines of one key into the system, in the name of who imports and in the caller's transaction;
            the same lines again change nothing.
        order: a file that others lean on stands earlier.
        several: lines of one key belong together (the items of a programme); else a key stands once.
        alike: columns in which lines that belong together agree.
        once: the column that tells them apart; nothing stands in it twice.
        ahead: looks up for many entries at once what ``take`` asks for each; inside, ``take`` of the entries whose
            places it gives reads nothing that another of them writes (``core.database.rows.gathered``).
    """

    code: str
    title: Text
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    take: Callable[[Actor, Sequence[Cells]], Outcome]
    order: int
    several: bool = False
    alike: tuple[str, ...] = ()
    once: str = ""
    ahead: Callable[[Sequence[Sequence[Cells]]], AbstractContextManager[frozenset[int]]] | None = None

    @property
    def is_one_line(self) -> bool:
        """Whether no column holds text of several lines."""
        return not any(isinstance(one.field.widget, forms.Textarea) for one in self.columns)


_tables: dict[str, ImportTable] = {}


def register(table: ImportTable) -> ImportTable:
    """Make a kind of file known; once, from an app's room ``imports``.

    Raises:
        ValueError: the code is taken.
    """
    if table.code in _tables:
        raise ValueError(f"Import {table.code} is registered twice.")
    _tables[table.code] = table
    return table


def all_tables() -> list[ImportTable]:
    """Every kind of file, in the order in which an empty installation needs them."""
    return sorted(_tables.values(), key=lambda one: (one.order, one.code))


def table_of(code: str) -> ImportTable | None:
    """The kind of file with this code."""
    return _tables.get(code)
