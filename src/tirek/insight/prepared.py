"""What became of the orders that were prepared: counted by night, told of nobody, published as a page and as CSV."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median_low
from typing import Final

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from tirek.core.disclosure import told
from tirek.core.places import region_of
from tirek.insight.models import PreparedFigure
from tirek.insight.published import NAMES, Table, all_together, by_kind_and_region, csv_text, number_or_few, with_names
from tirek.prepared.models import Prepared
from tirek.prepared.queries import Counted, counted

_State = Prepared.State
#: Fields of the open data: name and what it is.
FIELDS: Final[Sequence[str]] = (
    "cause",
    *NAMES,
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


_HEADS: Final = (
    _lazy("Prepared"),
    _lazy("Ordered"),
    _lazy("No, not now"),
    _lazy("Not answered or ended"),
    _lazy("Days to the order, median"),
)
_TOLD: Final = ("offered", "taken", "declined", "expired", "days")


def tables() -> list[Table]:
    """The published figures by cause with all together first, by kind and by region, in the reader's language (three
    queries).
    """
    found = list(PreparedFigure.objects.order_by("cause", "kind_code", "region_code"))
    causes = [
        (capfirst(str(Prepared.Cause(one.cause).label)) if one.cause else all_together(), one)
        for one in found
        if not (one.kind_code or one.region_code)
    ]
    named = [(_("By cause"), causes), *by_kind_and_region(found)]
    return [
        Table(title, _HEADS, [(name, [number_or_few(getattr(one, what)) for what in _TOLD]) for name, one in rows])
        for title, rows in named
        if rows
    ]


def as_csv() -> Iterator[str]:
    """Comma-separated lines by RFC 4180, the names of the fields first."""
    listed = list(PreparedFigure.objects.order_by("cause", "kind_code", "region_code"))
    lines = ([one.cause, *names, *(getattr(one, what) for what in _TOLD)] for one, names in with_names(listed))
    yield csv_text([FIELDS, *lines])
