"""What became of orders: received of those registered and of those due, ended by the clock, declined, refused, and with
the person's own part (portal.md section 6); counted by night, told of nobody, published as a page and as CSV.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from django.db.models import Count, Q
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from tirek.core.disclosure import told
from tirek.core.places import region_of
from tirek.insight.models import OutcomeFigure
from tirek.insight.published import NAMES, Table, all_together, by_kind_and_region, csv_text, number_or_few, with_names
from tirek.orders.models import Order
from tirek.ui.text import percent_text

_State, _Why = Order.State, Order.CancelReason
#: Numbers of a figure, in the order of its columns.
TOLD: Final = ("registered", "due", "received", "lapsed", "declined", "refused", "with_own_part")
#: Fields of the open data.
FIELDS: Final[Sequence[str]] = (*NAMES, *TOLD)
_BY_THE_PERSON: Final = Q(state=_State.CANCELLED, cancel_reason=_Why.PERSON)


def _counted(since: date, day: date) -> dict[tuple[str, str], Counter[str]]:
    """Orders that were sent in the period, by kind alone, by region alone, and together (one query)."""
    sent = Order.objects.filter(placed_on__range=(since, day)).order_by().annotate(region=Left("territory_code", 2))
    ended = Q(state__in=Order.ENDED | {_State.MONEY_OWED}) & ~_BY_THE_PERSON
    numbers = {
        "registered": Count("pk"),
        "due": Count("pk", filter=ended | (~Q(state__in=Order.ENDED) & Q(ready_on__lte=day))),
        "received": Count("pk", filter=Q(state=_State.RECEIVED)),
        "lapsed": Count("pk", filter=Q(cancel_reason__in=[_Why.LAPSED, _Why.TOP_UP])),
        "declined": Count("pk", filter=Q(state=_State.DECLINED)),
        "refused": Count("pk", filter=~Q(refusal_reason="")),
        "with_own_part": Count("pk", filter=Q(person_part__gt=0)),
    }
    cells: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for kind, region, *found in sent.values_list("kind_code", "region").annotate(**numbers):
        for key in (("", ""), (kind, ""), ("", region_of(region))):
            cells[key] += Counter(dict(zip(TOLD, found, strict=True)))
    return cells


def figures(*, since: date, day: date, fewest: int) -> list[OutcomeFigure]:
    """Figures of what was sent in the period, ready to be written: nothing of fewer than ``fewest``."""
    return [
        OutcomeFigure(kind_code=kind, region_code=region, **{what: told(cell[what], fewest) for what in TOLD})
        for (kind, region), cell in sorted(_counted(since, day).items())
    ]


_HEADS: Final = (
    _("Orders sent"),
    _("Received"),
    _("Received of those due"),
    _("No answer or payment in time"),
    _("Declined by the supplier"),
    _("Refused by the recipient"),
    _("With an own part"),
)


def _share(part: int | None, whole: int | None) -> str:
    """A share of published numbers, so that it tells no more than they do."""
    if part is None or not whole:
        return number_or_few(None)
    return percent_text(min(round(100 * part / whole), 100))


def _cells(one: OutcomeFigure) -> list[str]:
    of_sent = (one.lapsed, one.declined, one.refused, one.with_own_part)
    return [
        number_or_few(one.registered),
        _share(one.received, one.registered),
        _share(one.received, one.due),
        *(_share(part, one.registered) for part in of_sent),
    ]


def tables() -> list[Table]:
    """The published figures by region with all together first, and by kind, in the reader's language (three queries);
    nothing of what is few.
    """
    found = list(OutcomeFigure.objects.filter(registered__isnull=False).order_by("kind_code", "region_code"))
    whole = [(all_together(), one) for one in found if not (one.kind_code or one.region_code)]
    kinds, places = by_kind_and_region(found)
    named = [(places[0], whole + places[1]), kinds]
    return [Table(title, _HEADS, [(name, _cells(one)) for name, one in rows]) for title, rows in named if rows]


def as_csv() -> Iterator[str]:
    """Comma-separated lines by RFC 4180, the names of the fields first."""
    listed = list(OutcomeFigure.objects.order_by("kind_code", "region_code"))
    yield csv_text([FIELDS, *([*names, *(getattr(one, what) for what in TOLD)] for one, names in with_names(listed))])
