"""How long people wait, as the public page tells it: by kind, by region, by where they are, and in words."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tirek.catalogue.finding import all_kinds
from tirek.catalogue.models import Group
from tirek.core import clock, reference
from tirek.core.errors import NotFound
from tirek.core.reference import Unit, Value
from tirek.insight import queries, rules
from tirek.insight.models import Count, WaitingTime
from tirek.insight.queries import DELIVERED, IN, ORDERED, RECEIVED
from tirek.orders.models import Order
from tirek.procurement.models import Purchase
from tirek.territory.models import Territory
from tirek.territory.queries import regions
from tirek.territory.tiles import TILES, Tile
from tirek.ui.text import NO_BREAK, term_text

#: Days in a month, where a length is told in months.
_MONTH: Final = 30
_WEEK: Final = 7
#: By how many shades the map tells regions apart.
SHADES: Final = 4
#: The way as a whole and its parts, in words.
PARTS: Final[Mapping[str, Promise]] = {
    RECEIVED: _("From the right to order to the receipt"),
    ORDERED: _("Of it: to the first order"),
    DELIVERED: _("Of it: from the first order to the receipt"),
}


def _label(place: str) -> str | Promise:
    if not place.startswith(rules.BOUGHT):
        return Order.State(place).label
    # Translators: bought by the local body; what follows is the state of the purchase
    state = Purchase.State(place.removeprefix(rules.BOUGHT)).label
    return format_lazy(_("bought by the local body: {state}"), state=state)


#: Where somebody is who waits, in words.
PLACES: Final[Mapping[str, str | Promise]] = {
    rules.TO_ORDER: _("not ordered, or to be ordered again"),
    **{state: _label(state) for state in rules.PLACES if state != rules.TO_ORDER},
}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: what it is of, and its figures.

    Attributes:
        code: of the kind or region.
        name: in the reader's language.
        figures: nothing where nobody has waited.
    """

    code: str
    name: str
    figures: WaitingTime | None


def _figure(name: str) -> Callable[[Line], int | None]:
    return lambda line: getattr(line.figures, name) if line.figures else None


#: By what tables are sorted and the map is shaded.
SORTS: Final[Mapping[str, Callable[[Line], int | None]]] = {
    name: _figure(name) for name in ("median", "ninety", "reached", "waiting", "waiting_median", "waiting_longest")
}


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of the chart: within how long, how many per cent, and whether that is the target or what it took before.

    Attributes:
        words: "2 weeks".
        share: per cent; nothing where it is not known.
        mark: "target", "before" or "".
        y: its upper edge in the drawing.
        width: of it.
    """

    words: str
    share: int | None
    mark: str
    y: int
    width: int


@dataclass(frozen=True, slots=True)
class OnMap:
    """A region on the map, shaded from 1 (shortest) to ``SHADES``; 0 where it has no figure."""

    tile: Tile
    line: Line
    shade: int
    value: int | None


@dataclass(frozen=True, slots=True)
class Target:
    """What was promised, and how it was before: dated values with their source."""

    least: Value
    most: Value
    before: Value

    @property
    def weeks(self) -> tuple[int, int]:
        """The target in whole weeks: from, to."""
        return int(self.least.number) // _WEEK, int(self.most.number) // _WEEK

    @property
    def days_before(self) -> int:
        """How long it took before, in days."""
        n = int(self.before.number)
        return n * _MONTH if self.before.unit is Unit.MONTHS else n


@dataclass(frozen=True, slots=True)
class View:
    """The page for a kind and a region.

    Attributes:
        count: what the figures cover; nothing before the first count.
        name: of the kind, or of the group of kinds; "" for all kinds together.
        region: nothing for the republic.
        whole: figures of the way as a whole.
        parts: figures of the way and its parts.
        places: where people are now, and how long they stay there.
        by_region: of the kind, where somebody has waited for it.
        by_group: in the region, groups of kinds (for sight, for hearing, for movement …) for which somebody has waited.
        by_kind: in the region, kinds (of the group) for which somebody has waited.
        on_map: regions of the country.
        bars: the chart; empty where too few have received it.
        target: and what it took before.
    """

    count: Count | None
    name: str
    region: Territory | None
    whole: WaitingTime | None
    parts: Sequence[Line]
    places: Sequence[Line]
    by_region: Sequence[Line]
    by_group: Sequence[Line]
    by_kind: Sequence[Line]
    on_map: Sequence[OnMap]
    bars: Sequence[Bar]
    target: Target


def groups() -> dict[str, str]:
    """Groups of kinds, by what the codes of their kinds begin with, and their names: by what people need help with."""
    return {one.code[: rules.PREFIX]: str(Group(one.group).label) for one in all_kinds()}


def choices() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Groups of kinds, kinds, and regions to choose from, code and name."""
    together = [(code, str(_("%(group)s: all kinds") % {"group": name})) for code, name in groups().items()]
    kinds = [(one.code, capfirst(one.name)) for one in all_kinds()]
    return [*together, *kinds], [(one.code, one.name) for one in regions()]


def view(kind_code: str = "", region_code: str = "", *, by: str = "median") -> View:
    """The figures of a kind in a region (four queries, whatever the size of the country).

    Args:
        kind_code: of a kind, or what those of a group begin with; "" for all kinds together.
        region_code: КАТО code; "" for the republic.
        by: key of ``SORTS``: what is most of it comes first.

    Raises:
        NotFound: there is no such kind, group or region.
    """
    kinds, every = {one.code: one for one in all_kinds()}, {one.code: one for one in regions()}
    names = groups() | {code: one.name for code, one in kinds.items()}
    if (kind_code and kind_code not in names) or (region_code and region_code not in every):
        raise NotFound
    count = queries.newest()
    found = queries.published(kind_code, region_code)
    target = _target(count)
    whole = found.get((kind_code, region_code, RECEIVED))
    of_regions = [Line(one.code, one.name, found.get((kind_code, one.code, RECEIVED))) for one in every.values()]
    of_groups = [Line(code, name, found.get((code, region_code, RECEIVED))) for code, name in groups().items()]
    of_kinds = [
        Line(code, capfirst(one.name), found.get((code, region_code, RECEIVED)))
        for code, one in kinds.items()
        if kind_code in kinds or code.startswith(kind_code)
    ]
    of_cell = [(measure, found.get((kind_code, region_code, measure))) for measure in PARTS]
    in_places = [(place, found.get((kind_code, region_code, f"{IN}{place}"))) for place in PLACES]
    return View(
        count,
        names.get(kind_code, ""),
        every.get(region_code),
        whole,
        [Line(measure, str(PARTS[measure]), one) for measure, one in of_cell if one is not None],
        [Line(place, str(PLACES[place]), one) for place, one in in_places if one is not None],
        in_order((one for one in of_regions if one.figures is not None), by),
        in_order((one for one in of_groups if one.figures is not None), by),
        in_order((one for one in of_kinds if one.figures is not None), by),
        _on_map(of_regions, by),
        _bars(whole, target),
        target,
    )


def in_order(lines: Iterable[Line], by: str) -> list[Line]:
    """What has most of a figure first; what has none last, as it comes."""
    found = [(SORTS[by](one), one) for one in lines]
    return [one for _value, one in sorted(found, key=lambda pair: (pair[0] is None, -(pair[0] or 0)))]


@dataclass(frozen=True, slots=True)
class Front:
    """What the first page tells: all kinds in the republic."""

    whole: WaitingTime
    target: Target


def front() -> Front | None:
    """The way of all kinds as a whole; nothing before the first count (two queries)."""
    count = queries.newest()
    whole = WaitingTime.objects.filter(kind_code="", region_code="", measure=RECEIVED).first()
    return Front(whole, _target(count)) if count and whole else None


def _target(count: Count | None) -> Target:
    keys = ("waiting.target_from", "waiting.target", "waiting.before")
    day = count.day if count else clock.today()
    return Target(*(reference.value(key, at=day) for key in keys))


def words_of_days(days: int) -> str:
    """Days of a mark of the chart in weeks or months: "2 weeks"."""
    if days < _MONTH:
        n = days // _WEEK
        return (ngettext("%(n)s week", "%(n)s weeks", n) % {"n": n}).replace(" ", NO_BREAK)
    return term_text(days // _MONTH, Unit.MONTHS)


_BAR, _FULL = 24, 130


def _bars(whole: WaitingTime | None, target: Target) -> list[Bar]:
    if whole is None or not whole.within:
        return []
    first, last = int(target.least.number), int(target.most.number)
    return [
        Bar(
            words_of_days(days),
            share,
            "target" if first <= days <= last else "before" if days == target.days_before else "",
            n * _BAR,
            _FULL * (share or 0) // 100,
        )
        for n, (days, share) in enumerate(zip(rules.MARKS, whole.within, strict=True))
    ]


def _on_map(lines: Iterable[Line], by: str) -> list[OnMap]:
    measure, named = SORTS[by], {one.code: one for one in lines}
    values = sorted(found for one in named.values() if (found := measure(one)) is not None)

    def shade(value: int | None) -> int:
        if value is None:
            return 0
        return 1 + min(SHADES - 1, SHADES * sum(other < value for other in values) // len(values))

    return [
        OnMap(tile, line, shade(value), value)
        for tile in TILES
        if (line := named.get(tile.code))
        for value in [measure(line)]
    ]
