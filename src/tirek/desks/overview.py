"""Places side by side: what waits there, what is late, how long it takes. Figures of cases, nothing of people."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from dateutil.relativedelta import relativedelta

from tirek.core import clock
from tirek.core.case import figures
from tirek.core.case.figures import TOOK, WAITED, Ended, Span, Standing
from tirek.core.case.registry import CaseType, Overview, all_types
from tirek.core.errors import NotFound
from tirek.territory.models import Territory
from tirek.territory.queries import districts, regions
from tirek.territory.tiles import TILES, Tile

#: Months that the figures of ended cases cover, the present one among them.
MONTHS: Final = 12
#: Fewer ended cases than this have no middle that says something.
FEWEST: Final = 5
#: By how many shades a map tells places apart.
SHADES: Final = 4
_REGION_DIGITS: Final = 2
_CODE_DIGITS: Final = 9


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the table.

    Attributes:
        code: КАТО code; "" for all places together.
        name: in the reader's language.
        waiting: open cases.
        overdue: of them, those whose term ended before today.
        ended: cases that ended as they should in ``MONTHS``.
        took: days from their beginning within which half of them ended; nothing where they are fewer than ``FEWEST``.
        waited: the same from the day since which people waited.
    """

    code: str
    name: str
    waiting: int
    overdue: int
    ended: int
    took: int | None
    waited: int | None

    @property
    def late_share(self) -> int | None:
        """Per cent of what waits that is overdue; nothing where nothing waits."""
        return round(100 * self.overdue / self.waiting) if self.waiting else None


@dataclass(frozen=True, slots=True)
class Month:
    """What ended in a month: its first day, how many, within how many days half of them, and the length of its bar in
    per cent of the longest.
    """

    first: date
    ended: int
    took: int | None
    bar: int


@dataclass(frozen=True, slots=True)
class OnMap:
    """A region on the map.

    Attributes:
        tile: where it stands.
        place: its figures.
        shade: 1 (least) to ``SHADES``; 0 where there is no figure.
        value: the figure by which it is shaded.
    """

    tile: Tile
    place: Place
    shade: int
    value: int | None


#: By what the table is sorted and the map shaded: the figure of a place, nothing where it has none.
MEASURES: Final[Mapping[str, Callable[[Place], int | None]]] = {
    "overdue": lambda place: place.overdue,
    "share": lambda place: place.late_share,
    "waiting": lambda place: place.waiting,
    "ended": lambda place: place.ended,
    "took": lambda place: place.took,
    "waited": lambda place: place.waited,
}


@dataclass(frozen=True, slots=True)
class View:
    """One overview.

    Attributes:
        kind: of the cases.
        told: how they stand in it.
        region: whose districts are set side by side; nothing for the regions of the country.
        all: all its places together.
        places: sorted.
        on_map: the regions of the country.
        months: oldest first.
        is_whole: whether the figures have been counted once.
    """

    kind: CaseType[Any]
    told: Overview
    region: Territory | None
    all: Place
    places: Sequence[Place]
    on_map: Sequence[OnMap]
    months: Sequence[Month]
    is_whole: bool


def kinds() -> list[CaseType[Any]]:
    """Case types that have an overview, the one with the most to tell first."""
    found = [one for one in all_types() if one.overview is not None]
    return sorted(found, key=lambda one: (not one.overview or not one.overview.waited, one.code))


def overview(kind: CaseType[Any], region_code: str = "", *, by: str = "overdue") -> View:
    """Places side by side by the cases of a type (five queries at most, whatever the number of cases).

    Args:
        kind: of the cases, with an ``overview``.
        region_code: КАТО code of the region whose districts are compared; "" compares regions.
        by: key of ``MEASURES``; places with the most of it come first.

    Raises:
        NotFound: there is no such region.
    """
    if kind.overview is None:
        raise NotFound
    every = regions()
    region = next((one for one in every if one.code == region_code), None)
    if region_code and region is None:
        raise NotFound
    of_country = _read(kind, kind.overview, "")
    of_regions = [of_country.place(one) for one in every]
    read = _read(kind, kind.overview, region.code) if region else of_country
    return View(
        kind,
        kind.overview,
        region,
        read.together(),
        in_order((read.place(one) for one in districts(region.code)) if region else of_regions, by),
        _on_map(of_regions, by),
        _months(read.ended.by_month),
        figures.is_whole(kind),
    )


def latest(kind: CaseType[Any], region_code: str, most: int) -> tuple[Standing, list[Place]]:
    """What waits in a region, and the districts where most of it is overdue (three queries)."""
    open_ones = figures.standing(kind, region_code)
    found = [
        _place(one.code, one.name, open_ones[one.code], (), ())
        for one in districts(region_code)
        if one.code in open_ones and open_ones[one.code].overdue
    ]
    told = open_ones.values()
    return Standing(sum(one.count for one in told), sum(one.overdue for one in told)), in_order(found, "overdue")[:most]


def in_order(places: Iterable[Place], by: str) -> list[Place]:
    """Places with the most of a measure first, then those where more waits, then by name as they come; those without
    a figure last.
    """
    found = [(MEASURES[by](one), one) for one in places]
    return [one for _value, one in sorted(found, key=lambda pair: (pair[0] is None, -(pair[0] or 0), -pair[1].waiting))]


def _since() -> date:
    return clock.today().replace(day=1) - relativedelta(months=MONTHS - 1)


@dataclass(frozen=True, slots=True)
class _Read:
    """The figures of places whose codes begin with so many digits."""

    open_ones: Mapping[str, Standing]
    ended: Ended
    digits: int

    def place(self, one: Territory) -> Place:
        key = one.code[: self.digits]
        return self._told(one.code, one.name, self.open_ones.get(key, Standing()), key)

    def together(self) -> Place:
        """All places together, those that are not listed any more among them."""
        found = self.open_ones.values()
        return self._told("", "", Standing(sum(one.count for one in found), sum(one.overdue for one in found)), "")

    def _told(self, code: str, name: str, standing: Standing, key: str) -> Place:
        return _place(code, name, standing, self.ended.in_place(TOOK, key), self.ended.in_place(WAITED, key))


def _read(kind: CaseType[Any], told: Overview, region: str) -> _Read:
    digits = _CODE_DIGITS if region else _REGION_DIGITS
    return _Read(
        figures.standing(kind, region, digits=digits),
        figures.ended(
            kind,
            sorted(told.reached),
            since=_since(),
            what=(TOOK, WAITED) if told.waited else (TOOK,),
            territory=region,
            digits=digits,
        ),
        digits,
    )


def _place(code: str, name: str, standing: Standing, took: Sequence[Span], waited: Sequence[Span]) -> Place:
    return Place(
        code, name, standing.count, standing.overdue, sum(one.count for one in took), middle(took), middle(waited)
    )


def middle(found: Sequence[Span]) -> int | None:
    """Days within which half of the cases ended; nothing for fewer than ``FEWEST``."""
    return figures.median(found) if sum(one.count for one in found) >= FEWEST else None


def _months(found: Mapping[date, Sequence[Span]]) -> list[Month]:
    firsts = [_since() + relativedelta(months=n) for n in range(MONTHS)]
    counted = {first: sum(one.count for one in found.get(first, ())) for first in firsts}
    longest = max(counted.values()) or 1
    return [
        Month(first, counted[first], middle(found.get(first, ())), round(100 * counted[first] / longest))
        for first in firsts
    ]


def _on_map(places: Sequence[Place], by: str) -> list[OnMap]:
    """The regions where they lie, shaded by quarters of their figures."""
    measure, named = MEASURES[by], {one.code: one for one in places}
    values = sorted(found for one in places if (found := measure(one)) is not None)

    def shade(value: int | None) -> int:
        if value is None:
            return 0
        return 1 + min(SHADES - 1, SHADES * sum(other < value for other in values) // len(values))

    return [
        OnMap(tile, named[tile.code], shade(value), value)
        for tile in TILES
        if tile.code in named
        for value in [measure(named[tile.code])]
    ]
