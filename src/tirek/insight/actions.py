"""Counting how long people wait: the ways of lines from the journal, and the figures that are published of them."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from tirek.core import clock, reference
from tirek.insight import outcomes, prepared, queries, suppliers
from tirek.insight.models import (
    Count,
    Journey,
    Loaded,
    OutcomeFigure,
    Pace,
    PreparedFigure,
    SupplierFigure,
    WaitingTime,
)
from tirek.insight.rules import Way

#: The journal is read again for so long before the last count: who wrote then may have committed after it.
AGAIN: Final = timedelta(hours=1)
#: Key of the number of people below which nothing is published.
FEWEST: Final = "waiting.fewest"
#: Counts that are remembered.
COUNTS: Final = 400
_COLUMNS: Final = [one.name for one in fields(Way)]


def count() -> int:
    """Follow the lines of which something was written since the last count, and publish; returns how many lines."""
    last = queries.newest()
    return count_anew() if last is None else _count(queries.touched(last.counted_at - AGAIN))


def count_anew() -> int:
    """Tell every way anew from the whole journal, and publish; returns how many lines."""
    return _count(queries.every_line())


def _count(parts: Iterable[Sequence[UUID]]) -> int:
    moment, done = clock.now(), 0
    for lines in parts:
        ways = queries.ways_of(lines, before=moment)
        with transaction.atomic():
            Journey.objects.filter(line__in=[one for one in lines if one not in ways]).delete()
            Journey.objects.bulk_create(
                [Journey(line_id=line, **asdict(way)) for line, way in ways.items()],
                update_conflicts=True,
                unique_fields=["line"],
                update_fields=_COLUMNS,
            )
        done += len(lines)
    day = moment.astimezone(clock.COUNTRY_ZONE).date()
    fewest = int(reference.value(FEWEST, at=day).number)
    _publish(Count(counted_at=moment, since=queries.period(day), day=day, fewest=fewest))
    return done


def _publish(counted: Count) -> None:
    """Put new figures in the place of the old ones, all in one moment."""
    cells = queries.cells(since=counted.since, day=counted.day)
    rows = [
        WaitingTime(kind_code=kind, region_code=region, measure=measure, **asdict(cell.told(counted.fewest)))
        for (kind, region, measure), cell in sorted(cells.items())
    ]
    answered = prepared.figures(since=counted.since, fewest=counted.fewest)
    ended = outcomes.figures(since=counted.since, day=counted.day, fewest=counted.fewest)
    loaded = list(queries.loaded(counted.fewest))
    with transaction.atomic():
        Loaded.objects.all().delete()
        Loaded.objects.bulk_create(loaded)
        PreparedFigure.objects.all().delete()
        PreparedFigure.objects.bulk_create(answered, batch_size=queries.AT_ONCE)
        OutcomeFigure.objects.all().delete()
        OutcomeFigure.objects.bulk_create(ended, batch_size=queries.AT_ONCE)
        WaitingTime.objects.all().delete()
        WaitingTime.objects.bulk_create(rows, batch_size=queries.AT_ONCE)
        counted.save(force_insert=True)
        old = Count.objects.order_by("-counted_at").values_list("pk", flat=True)[COUNTS:]
        Count.objects.filter(pk__in=list(old)).delete()


def count_suppliers() -> int:
    """Count suppliers' own figures of the months that are told, and put them in the place of those of before, all in
    one moment; returns how many figures there are.
    """
    rows, paces = suppliers.figures(clock.today(), clock.now())
    with transaction.atomic():
        SupplierFigure.objects.all().delete()
        SupplierFigure.objects.bulk_create(rows, batch_size=queries.AT_ONCE)
        Pace.objects.all().delete()
        Pace.objects.bulk_create(paces, batch_size=queries.AT_ONCE)
    return len(rows)
