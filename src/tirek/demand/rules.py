"""How what single people seek is told without telling of single people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from tirek.catalogue.narrowing import Narrowed, Range
from tirek.catalogue.rules import as_number
from tirek.catalogue.spans import Span
from tirek.core.places import region_of

#: Fewer people than this are no cell: neither their number nor what they seek is told.
FEWEST: Final = 5
#: Up to which number a step of ranges is how wide.
_STEPS: Final = (
    (Decimal(10), Decimal(1)),
    (Decimal(100), Decimal(5)),
    (Decimal(1_000), Decimal(10)),
    (Decimal(10_000), Decimal(100)),
)
_WIDEST: Final = Decimal(1_000)
#: Values of an offer that serve every wish.
_EVERYBODY: Final = frozenset({"any", "both"})


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """One thing that people seek: a parameter, and a value of it or numbers from one to another.

    Attributes:
        parameter: code; of a column of the size chart, that of the column.
        value: of a parameter of choice; "" for numbers.
        low: the range begins with it.
        high: and ends before it.
    """

    parameter: str
    value: str = ""
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)

    def is_met(self, parameters: Mapping[str, object]) -> bool:
        """Whether a size with these parameters serves who seeks this, as the comparison of offers sees it: what a size
        does not tell is not compared, "any" and "both" serve everybody.
        """
        span = Span(self.parameter)
        if not self.value and (span.low in parameters or span.high in parameters):
            return span.holds(parameters, self.low)
        offered = parameters.get(self.parameter)
        if offered is None or str(offered) in _EVERYBODY:
            return True
        if self.value:
            return str(offered) == self.value
        number = as_number(offered)
        return number is not None and self.low <= number < self.high

    @property
    def range(self) -> Range | None:
        """The numbers; nothing for a value."""
        return None if self.value else Range(self.low, self.high)


def step(one: Range) -> tuple[Decimal, Decimal] | None:
    """The step of round numbers in which the middle of a range lies; an end that is missing is the other one."""
    ends = [end for end in (one.low, one.high) if end is not None]
    if not ends:
        return None
    middle = sum(ends, Decimal(0)) / len(ends)
    width = next((wide for up_to, wide in _STEPS if abs(middle) < up_to), _WIDEST)
    low = middle // width * width
    return low, low + width


def cells(narrowed: Narrowed) -> set[Cell]:
    """What one person seeks, in cells in which others may be, too."""
    found = {Cell(code, value) for code, wanted in narrowed.values.items() for value in wanted}
    asked = {**narrowed.ranges, **{code: Range(measured, measured) for code, measured in narrowed.spans.items()}}
    for code, one in asked.items():
        if (within := step(one)) is not None:
            found.add(Cell(code, "", *within))
    return found


def counted(sought: Iterable[tuple[str, str, Narrowed]]) -> Mapping[tuple[str, str, Cell], int]:
    """How many people seek each cell of a kind in a region; those of too few are left out.

    Args:
        sought: kind, region and what is sought, of one person each.
    """
    found: dict[tuple[str, str, Cell], int] = {}
    for kind, region, narrowed in sought:
        for cell in cells(narrowed):
            found[kind, region, cell] = found.get((kind, region, cell), 0) + 1
    return {key: n for key, n in found.items() if n >= FEWEST}


@dataclass(frozen=True, slots=True)
class Group:
    """People of a district with the same wish who have not chosen yet.

    Attributes:
        district: КАТО code.
        cells: what their programmes ask for.
        people: how many.
    """

    district: str
    cells: frozenset[Cell]
    people: int


@dataclass(frozen=True, slots=True)
class Sold:
    """A size in stock: of which offer and seller, with which parameters, and the places that it reaches."""

    offer: object
    seller: object
    parameters: Mapping[str, object]
    places: frozenset[str]

    def reaches(self, district: str) -> bool:
        """Whether it is brought to a district, itself or with its whole region."""
        return district in self.places or region_of(district) in self.places


@dataclass
class Need:
    """What is counted of one cell in a region: people, those whom nobody serves, offers and their sellers."""

    people: int = 0
    unserved: int = 0
    offers: int = 0
    sellers: int = 0


#: The kind as a whole.
WHOLE: Final = Cell("")


def needs(groups: Iterable[Group], sold: Iterable[Sold]) -> Mapping[tuple[str, Cell], Need]:
    """People who have not chosen a kind yet and what is offered to them, by region and cell; ``WHOLE`` has everybody
    of the region, and among them as not served whom no size meets in all that the programme asks for.

    Args:
        groups: of one kind.
        sold: sizes of this kind.
    """
    listed, found = list(sold), dict[tuple[str, Cell], Need]()
    here: dict[str, list[Sold]] = {}
    for group in groups:
        if group.district not in here:
            here[group.district] = [one for one in listed if one.reaches(group.district)]
        near, region = here[group.district], region_of(group.district)
        whole = any(all(cell.is_met(one.parameters) for cell in group.cells) for one in near)
        served = {WHOLE: whole} | {cell: any(cell.is_met(one.parameters) for one in near) for cell in group.cells}
        for cell, is_served in served.items():
            need = found.setdefault((region, cell), Need())
            need.people += group.people
            need.unserved += 0 if is_served else group.people
    of_region: dict[str, list[Sold]] = {}
    for (region, cell), need in found.items():
        if region not in of_region:
            of_region[region] = [one for one in listed if any(region_of(place) == region for place in one.places)]
        fitting = [one for one in of_region[region] if cell == WHOLE or cell.is_met(one.parameters)]
        need.offers, need.sellers = len({one.offer for one in fitting}), len({one.seller for one in fitting})
    return found
