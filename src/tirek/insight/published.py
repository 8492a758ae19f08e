"""Figures by kind and by region as they are published: tables of a page, and lines of open data."""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from tirek.catalogue.finding import all_kinds
from tirek.core.errors import Text
from tirek.territory.queries import names_in_all, regions
from tirek.ui.lists.exports import Cell, write_lines
from tirek.ui.text import number_text

#: Fields by which a figure is named in open data.
NAMES: Final = ("kind", "kind_kk", "kind_ru", "kind_en", "region", "region_kk", "region_ru", "region_en")


class Figure(Protocol):
    """A figure of a kind, of a region, or of all together; each code is "" where it is not told by it."""

    kind_code: str
    region_code: str


F = TypeVar("F", bound=Figure)


@dataclass(frozen=True, slots=True)
class Table:
    """Figures of a page.

    Attributes:
        title: by what they are told; also the head of the names.
        heads: of the further columns.
        rows: name, and a text for each head.
    """

    title: str
    heads: Sequence[Text]
    rows: Sequence[tuple[str, Sequence[str]]]

    @property
    def named_rows(self) -> list[tuple[str, list[tuple[Text, str]]]]:
        """Rows of which each cell stands with its head, for narrow pages."""
        return [(name, list(zip(self.heads, cells, strict=True))) for name, cells in self.rows]


def all_together() -> str:
    """How the figure of everything is called."""
    return _("All together")


def number_or_few(number: int | None) -> str:
    """A published number; where nothing is told, that they are few."""
    return _("few") if number is None else number_text(number)


def by_kind_and_region(found: Iterable[F]) -> list[tuple[str, list[tuple[str, F]]]]:
    """Figures told by a kind alone and by a region alone, with names in the reader's language (two queries)."""
    listed = list(found)
    kinds = {one.code: capfirst(one.name) for one in all_kinds()}
    names = {one.code: one.name for one in regions()}
    return [
        (_("By kind"), [(kinds.get(one.kind_code, one.kind_code), one) for one in listed if one.kind_code]),
        (_("By region"), [(names.get(one.region_code, one.region_code), one) for one in listed if one.region_code]),
    ]


def with_names(listed: Sequence[F]) -> Iterator[tuple[F, list[str]]]:
    """Figures with the texts of ``NAMES`` (two queries)."""
    kinds = {one.code: (one.name_kk, one.name_ru, one.name_en) for one in all_kinds()}
    places = names_in_all({one.region_code for one in listed})
    none = ("", "", "")
    for one in listed:
        kind, region = kinds.get(one.kind_code, none), places.get(one.region_code, none)
        yield one, [one.kind_code, *kind, one.region_code, *region]


def csv_text(lines: Iterable[Sequence[Cell]]) -> str:
    """Comma-separated lines by RFC 4180."""
    text = io.StringIO()
    write_lines(text, lines, delimiter=",")
    return text.getvalue()
