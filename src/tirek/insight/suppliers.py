"""A supplier's own figures: counted by night from orders, hand-overs and faults, read by the supplier alone."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final, NamedTuple
from uuid import UUID

from dateutil.relativedelta import relativedelta
from django.db import connection
from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, QuerySet, Sum
from django.db.models.functions import Left, TruncDate, TruncMonth

from tirek.aftercare.models import Fault
from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.places import region_of
from tirek.insight import rules
from tirek.insight.models import Pace, SupplierFigure
from tirek.orders.models import Delivery, Order

#: Months that are told, the present one among them.
MONTHS: Final = 13
#: Fewer orders or hand-overs than this make no median and no share: chance would be told as a habit.
FEWEST: Final = 5
#: Fewer suppliers than this make no figure of a region: each would read the other's out of it.
FEWEST_SELLERS: Final = 3
#: Orders whose promised day has passed, by the month in which the clock told of it.
_LATE: Final = """
SELECT one.organisation_id, one.kind_code, left(one.territory_code, 2),
    date_trunc('month', event.at AT TIME ZONE %(zone)s)::date, count(DISTINCT one.id)
FROM core_event AS event JOIN orders_order AS one ON one.id = event.case_id
WHERE event.case_type = 'order' AND event.type = 'order.warn_late' AND event.at >= %(since)s
GROUP BY 1, 2, 3, 4
"""


class Key(NamedTuple):
    """Whose figure it is, of which kind, region and month."""

    organisation: UUID
    kind: str
    region: str
    month: date


@dataclass
class Cell:
    """What a supplier did with orders of a kind in a region in some time."""

    sent: int = 0
    accepted: int = 0
    unanswered: int = 0
    declined: Counter[str] = field(default_factory=Counter)
    handed_over: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    late: int = 0
    days: Counter[int] = field(default_factory=Counter)
    faults: int = 0
    days_away: int = 0

    def add(self, one: SupplierFigure) -> None:
        """Add what was counted of a month."""
        for name in ("sent", "accepted", "unanswered", "handed_over", "late", "faults", "days_away"):
            setattr(self, name, getattr(self, name) + getattr(one, name))
        self.declined += Counter(one.declined)
        self.refused += Counter(one.refused)
        self.days += Counter({int(days): n for days, n in one.days.items()})

    @property
    def declined_in_all(self) -> int:
        """Orders declined, for whatever reason."""
        return self.declined.total()

    @property
    def refused_in_all(self) -> int:
        """Hand-overs refused, for whatever reason."""
        return self.refused.total()

    @property
    def median(self) -> int | None:
        """Days from the order to the hand-over, of half of the orders at most; nothing of a few."""
        return rules.middle(self.days.items()) if self.days.total() >= FEWEST else None

    @property
    def ninety(self) -> int | None:
        """Days within which nine of ten were handed over; nothing of a few."""
        return rules.reached_by(self.days.items(), 9, 10) if self.days.total() >= FEWEST else None

    @property
    def faults_of_hundred(self) -> int | None:
        """Faults reported for a hundred hand-overs; nothing of a few hand-overs."""
        return round(100 * self.faults / self.handed_over) if self.handed_over >= FEWEST else None

    @property
    def accepted_share(self) -> int | None:
        """How many of a hundred orders were accepted; nothing of a few."""
        return round(100 * self.accepted / self.sent) if self.sent >= FEWEST else None


# --- counting


def first_month(today: date) -> date:
    """The first day of the oldest month that is told."""
    return today.replace(day=1) - relativedelta(months=MONTHS - 1)


_PLAIN: Final = (
    "sent", "accepted", "unanswered", "declined", "handed_over", "refused", "late", "days", "faults", "days_away",
)  # fmt: skip


def figures(today: date, now: datetime) -> tuple[list[SupplierFigure], list[Pace]]:
    """The figures of the months that are told, and the paces of regions, not stored (six queries, which read the orders
    of these months).
    """
    cells = _counted(first_month(today))
    rows = [
        SupplierFigure(
            organisation_id=key.organisation,
            kind_code=key.kind,
            region_code=key.region,
            month=key.month,
            **{name: getattr(cell, name) for name in _PLAIN},
        )
        for key, cell in cells.items()
    ]
    return rows, _paces(cells, now)


def _counted(since: date) -> Mapping[Key, Cell]:
    cells: dict[Key, Cell] = defaultdict(Cell)

    def at(organisation: UUID, kind: str, region: str, month: date) -> Cell:
        return cells[Key(organisation, kind, region_of(region), month)]

    placed = Order.objects.filter(placed_on__gte=since).order_by()
    placed = placed.annotate(region=Left("territory_code", 2), month=TruncMonth("placed_on"))
    of_order = ("organisation", "kind_code", "region", "month")
    counted = placed.values_list(*of_order, "state", "decline_reason", "cancel_reason")
    for *key, state, declined, cancelled, accepted, n in counted.annotate(
        accepted=Count("pk", filter=Q(ready_on__isnull=False)), n=Count("pk")
    ):
        cell = at(*key)
        cell.sent += n
        cell.accepted += accepted
        if state == Order.State.DECLINED:
            cell.declined[declined] += n
        elif cancelled == Order.CancelReason.LAPSED:
            cell.unanswered += n
    begin = datetime.combine(since, time(), clock.COUNTRY_ZONE)
    handed = Delivery.objects.filter(handed_over_at__gte=begin).order_by()
    handed = handed.annotate(
        region=Left("order__territory_code", 2), month=TruncMonth("handed_over_at", tzinfo=clock.COUNTRY_ZONE)
    )
    of_delivery = ("order__organisation", "order__kind_code", "region", "month")
    refused = Q(refused_at__isnull=False)
    for organisation, kind, region, month, reason, n, refusals in handed.values_list(
        *of_delivery, "order__refusal_reason"
    ).annotate(n=Count("pk"), refusals=Count("pk", filter=refused)):
        cell = at(organisation, kind, region, month.date())
        cell.handed_over += n
        if refusals:
            cell.refused[reason] += refusals
    day = TruncDate("handed_over_at", tzinfo=clock.COUNTRY_ZONE)
    took = ExpressionWrapper(day - F("order__placed_on"), output_field=DurationField())
    first = handed.filter(n=1).annotate(took=took)
    for organisation, kind, region, month, length, n in first.values_list(*of_delivery, "took").annotate(
        count=Count("pk")
    ):
        at(organisation, kind, region, month.date()).days[max(length.days, 0)] += n
    with connection.cursor() as cursor:
        cursor.execute(_LATE, {"zone": str(clock.COUNTRY_ZONE), "since": begin})
        for organisation, kind, region, month, n in cursor.fetchall():
            at(organisation, kind, region, month).late += n
    # of goods of orders alone: what a local body bought is no hand-over of these figures
    broken = Fault.objects.filter(
        created_at__gte=begin, organisation__isnull=False, item__offer__isnull=False
    ).order_by()
    broken = broken.annotate(
        region=Left("territory_code", 2), month=TruncMonth("created_at", tzinfo=clock.COUNTRY_ZONE)
    )
    for organisation, kind, region, month, n, away in broken.values_list(
        "organisation", "item__kind", "region", "month"
    ).annotate(n=Count("pk"), away=Sum("days_away", filter=Q(in_warranty=True))):
        cell = at(organisation, kind, region, month.date())
        cell.faults += n
        cell.days_away += away or 0
    return cells


def _paces(cells: Mapping[Key, Cell], now: datetime) -> list[Pace]:
    days: dict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    sellers: dict[tuple[str, str], set[UUID]] = defaultdict(set)
    for key, cell in cells.items():
        if cell.days:
            days[key.kind, key.region] += cell.days
            sellers[key.kind, key.region].add(key.organisation)
    found = []
    for (kind, region), counted in days.items():
        median, ninety = rules.middle(counted.items()), rules.reached_by(counted.items(), 9, 10)
        is_many = counted.total() >= FEWEST and len(sellers[kind, region]) >= FEWEST_SELLERS
        if is_many and median is not None and ninety is not None:
            found.append(Pace(kind_code=kind, region_code=region, median=median, ninety=ninety, counted_at=now))
    return found


# --- reading


def own(actor: Actor) -> QuerySet[SupplierFigure]:
    """The figures of the actor's own organisation; none at another desk."""
    if actor.desk is not Desk.SUPPLIER or actor.organisation_id is None:
        return SupplierFigure.objects.none()
    return SupplierFigure.objects.filter(organisation=actor.organisation_id)


@dataclass(frozen=True, slots=True)
class OfMonth:
    """What was done in a month."""

    first: date
    cell: Cell


@dataclass(frozen=True, slots=True)
class OfKind:
    """What was done with a kind in a region in all months, beside the pace of all suppliers; nothing where those are
    few.
    """

    kind: str
    region: str
    cell: Cell
    pace: Pace | None


@dataclass(frozen=True, slots=True)
class View:
    """A supplier's own figures.

    Attributes:
        whole: of all months together.
        months: the newest first.
        kinds: by kind and region, the most orders first.
        known: codes of kinds and regions that can be chosen.
    """

    whole: Cell
    months: Sequence[OfMonth]
    kinds: Sequence[OfKind]
    known: tuple[frozenset[str], frozenset[str]]


def view(actor: Actor, *, kind: str = "", region: str = "") -> View:
    """The actor's own figures of a kind in a region; "" for all together (two queries)."""
    every = list(own(actor).order_by("month"))
    known = frozenset(one.kind_code for one in every), frozenset(one.region_code for one in every)
    rows = [one for one in every if (not kind or one.kind_code == kind) and (not region or one.region_code == region)]
    months, kinds, whole = defaultdict[date, Cell](Cell), defaultdict[tuple[str, str], Cell](Cell), Cell()
    for one in rows:
        for cell in (months[one.month], kinds[one.kind_code, one.region_code], whole):
            cell.add(one)
    paces = {(one.kind_code, one.region_code): one for one in _paces_of(kinds)}
    most = sorted(kinds.items(), key=lambda one: (-one[1].sent, one[0]))
    return View(
        whole,
        [OfMonth(month, cell) for month, cell in sorted(months.items(), reverse=True)],
        [OfKind(code, place, cell, paces.get((code, place))) for (code, place), cell in most],
        known,
    )


def _paces_of(keys: Iterable[tuple[str, str]]) -> Iterator[Pace]:
    kinds = {kind for kind, _region in keys}
    yield from Pace.objects.filter(kind_code__in=kinds)
