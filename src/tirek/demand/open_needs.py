"""Reads of what people may choose and have not chosen yet, for suppliers and offices: as it was counted last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.utils.text import capfirst

from tirek.catalogue.finding import all_kinds
from tirek.catalogue.models import Kind
from tirek.catalogue.words import Words
from tirek.demand.models import OpenNeed
from tirek.demand.queries import in_words
from tirek.demand.rules import Cell
from tirek.territory.queries import regions


@dataclass(frozen=True, slots=True)
class Chosen:
    """By what the list is narrowed; what an address says wrongly counts as not said.

    Attributes:
        kind: code; "" for all, of which each is told as a whole.
        region: КАТО code; "" for all.
    """

    kind: str = ""
    region: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is narrowed."""
        return self == Chosen()


@dataclass(frozen=True, slots=True)
class Shown:
    """One figure as a page shows it.

    Attributes:
        figure: as it was counted.
        kind: of goods.
        region: name.
        condition: the parameter with its value in words; "" for the kind as a whole.
    """

    figure: OpenNeed
    kind: Kind
    region: str
    condition: str


def choices() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Kinds and regions to choose from, code and name (two queries at most)."""
    return [(one.code, capfirst(one.name)) for one in all_kinds()], [(one.code, one.name) for one in regions()]


def chosen(values: Mapping[str, str]) -> Chosen:
    """The filter of an address."""
    kinds, places = choices()
    kind, region = values.get("kind", ""), values.get("region", "")
    return Chosen(kind if kind in dict(kinds) else "", region if region in dict(places) else "")


def listed(one: Chosen) -> QuerySet[OpenNeed]:
    """Figures of a filter: those first by whom most people are served by nobody, then those that most people wait for.
    Of all kinds each is told as a whole; of one, with each value of its parameters.
    """
    rows = OpenNeed.objects.filter(**({"kind_code": one.kind} if one.kind else {"parameter": ""}))
    rows = rows.filter(region_code=one.region) if one.region else rows
    # a few are more than nobody, and fewer than those whose number is told
    most = (Coalesce(F(name), 1).desc() for name in ("unserved", "people"))
    return rows.order_by(*most, "kind_code", "region_code", "parameter", "value", "low")


def shown(figures: Sequence[OpenNeed]) -> list[Shown]:
    """Figures of a page in words (two queries for each kind of which parameters are among them, at most)."""
    kinds, places = {one.code: one for one in all_kinds()}, {one.code: one.name for one in regions()}
    words = {code: Words(code) for code in {one.kind_code for one in figures if one.parameter}}
    return [
        Shown(
            one,
            kinds[one.kind_code],
            places.get(one.region_code, one.region_code),
            in_words(words[one.kind_code], Cell(one.parameter, one.value, one.low, one.high)) if one.parameter else "",
        )
        for one in figures
        if one.kind_code in kinds
    ]


def counted_on() -> date | None:
    """The day of the last count; nothing before the first one (one query)."""
    return OpenNeed.objects.values_list("counted_on", flat=True).first()
