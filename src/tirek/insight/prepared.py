"""What became of the orders that were prepared: counted by night, told of nobody, published as a page and as CSV."""

import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median_low
from typing import Final

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from tirek.catalogue.finding import all_kinds
from tirek.core.disclosure import told
from tirek.core.places import region_of
from tirek.insight.models import PreparedFigure
from tirek.prepared.models import Prepared
from tirek.prepared.queries import Counted, counted
from tirek.territory.queries import names_in_all
from tirek.territory.queries import regions as all_regions
from tirek.ui.lists.exports import write_lines

_State = Prepared.State
#: Fields of the open data: name and what it is.
FIELDS: Final[Sequence[str]] = (
    "cause",
    "kind",
    "kind_kk",
    "kind_ru",
    "kind_en",
    "region",
    "region_kk",
    "region_ru",
    "region_en",
    "offered",
    "taken",
    "declined",
    "expired",
    "median_days_to_order",
)


@dataclass
class Cell:
    """Prepared orders of one cause, kind and region."""

    states: Counter[str] = field(default_factory=Counter)
    days: list[int] = field(default_factory=list)

    def add(self, one: Counted) -> None:
        """One more."""
        self.states[one.state] += 1
        if one.state == _State.TAKEN:
            self.days.append(one.days)

    def told(self, fewest: int) -> dict[str, int | None]:
        """As it is published: nothing of fewer than ``fewest``, other numbers rounded to it."""
        ended = self.states[_State.EXPIRED] + self.states[_State.ENDED]
        return {
            "offered": told(self.states.total(), fewest),
            "taken": told(self.states[_State.TAKEN], fewest),
            "declined": told(self.states[_State.DECLINED], fewest),
            "expired": told(ended, fewest),
            "days": median_low(self.days) if len(self.days) >= fewest else None,
        }


def cells(rows: Iterable[Counted]) -> dict[tuple[str, str, str], Cell]:
    """Each prepared order in the cells of its cause, of its kind, of its region, and in those of all together: by each
    of them alone, so that no cell can be had as the difference of others.
    """
    found: dict[tuple[str, str, str], Cell] = defaultdict(Cell)
    for one in rows:
        for key in (
            ("", "", ""),
            (one.cause, "", ""),
            ("", one.kind_code, ""),
            ("", "", region_of(one.territory_code)),
        ):
            found[key].add(one)
    return found


def figures(*, since: date, fewest: int) -> list[PreparedFigure]:
    """Figures of what was offered from a day on, ready to be written."""
    return [
        PreparedFigure(cause=cause, kind_code=kind, region_code=region, **cell.told(fewest))
        for (cause, kind, region), cell in sorted(cells(counted(since)).items())
    ]


@dataclass(frozen=True, slots=True)
class Row:
    """A published figure with its name."""

    name: str
    figure: PreparedFigure


@dataclass(frozen=True, slots=True)
class View:
    """The page: by cause with all together first, by kind, by region."""

    causes: Sequence[Row]
    kinds: Sequence[Row]
    regions: Sequence[Row]


def view() -> View:
    """The published figures with names in the reader's language (three queries)."""
    found = list(PreparedFigure.objects.order_by("cause", "kind_code", "region_code"))
    kinds = {one.code: capfirst(one.name) for one in all_kinds()}
    names = {one.code: one.name for one in all_regions()}
    return View(
        causes=[
            Row(capfirst(str(Prepared.Cause(one.cause).label)) if one.cause else _("All together"), one)
            for one in found
            if not (one.kind_code or one.region_code)
        ],
        kinds=[Row(kinds.get(one.kind_code, one.kind_code), one) for one in found if one.kind_code],
        regions=[Row(names.get(one.region_code, one.region_code), one) for one in found if one.region_code],
    )


def as_csv() -> Iterator[str]:
    """Comma-separated lines by RFC 4180, the names of the fields first."""
    kinds = {one.code: (one.name_kk, one.name_ru, one.name_en) for one in all_kinds()}
    listed = list(PreparedFigure.objects.order_by("cause", "kind_code", "region_code"))
    regions: Mapping[str, tuple[str, str, str]] = names_in_all({one.region_code for one in listed})
    none = ("", "", "")
    text = io.StringIO()
    lines = (
        [
            one.cause,
            one.kind_code,
            *kinds.get(one.kind_code, none),
            one.region_code,
            *regions.get(one.region_code, none),
            one.offered,
            one.taken,
            one.declined,
            one.expired,
            one.days,
        ]
        for one in listed
    )
    write_lines(text, [FIELDS, *lines], delimiter=",")
    yield text.getvalue()
