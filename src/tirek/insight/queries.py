"""Reads of the journal for the ways of lines, counts over those, and the published figures."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby, product
from typing import Final
from uuid import UUID

from dateutil.relativedelta import relativedelta
from django.db import connection
from django.db.models import Count as Counted
from django.db.models import F, Max, Q, Value
from django.db.models.functions import Concat, Left

from tirek.core import clock
from tirek.core.disclosure import told
from tirek.entitlements.models import Line, Programme
from tirek.insight import rules
from tirek.insight.models import Count, Journey, Loaded, WaitingTime
from tirek.insight.rules import Cell, Fact, Wait, Way

#: Whose waits count: of those who became entitled in so many months.
MONTHS: Final = 12
#: Lines whose journal is read at once.
AT_ONCE: Final = 2_000
#: From the first day to the receipt, its two parts, and before the places of a line.
RECEIVED, ORDERED, DELIVERED, IN = "received", "ordered", "delivered", "in_"
MEASURES: Final = (RECEIVED, ORDERED, DELIVERED)
#: Key of a cell: kind, or what the codes of a group of kinds begin with ("" for all), region ("" for the republic),
#: measure.
Key = tuple[str, str, str]

_FACTS: Final = """
SELECT line_id, case_id, type, at, told #>> '{data,to}', told ->> 'desk', told ->> 'channel', told #>> '{data,since}'
FROM (
    SELECT one.line_id, event.case_id, event.type, event.at, event.n, event.canonical::jsonb AS told
    FROM entitlements_orderingterm AS one
    JOIN core_event AS event ON event.case_type = 'orderingterm' AND event.case_id = one.id
    WHERE one.line_id = ANY(%(lines)s) AND event.type IN ('orderingterm.open', 'orderingterm.close')
    UNION ALL
    SELECT one.line_id, event.case_id, event.type, event.at, event.n, event.canonical::jsonb
    FROM orders_order AS one
    JOIN core_event AS event ON event.case_type = 'order' AND event.case_id = one.id
    WHERE one.line_id = ANY(%(lines)s)
    UNION ALL
    SELECT one.line_id, event.case_id, event.type, event.at, event.n, event.canonical::jsonb
    FROM procurement_purchase AS one
    JOIN core_event AS event ON event.case_type = 'purchase' AND event.case_id = one.id
    WHERE one.line_id = ANY(%(lines)s)
) AS facts WHERE at <= %(before)s ORDER BY line_id, at, n, case_id
"""
#: Lines of which something was written since.
_TOUCHED: Final = """
SELECT one.line_id FROM core_event AS event
JOIN entitlements_orderingterm AS one ON one.id = event.case_id
WHERE event.at >= %(since)s AND event.case_type = 'orderingterm'
UNION
SELECT one.line_id FROM core_event AS event
JOIN orders_order AS one ON one.id = event.case_id
WHERE event.at >= %(since)s AND event.case_type = 'order'
UNION
SELECT unnest(ARRAY[one.line_id, (before.canonical::jsonb #>> '{data,line}')::uuid]) FROM core_event AS event
JOIN procurement_purchase AS one ON one.id = event.case_id
JOIN core_event AS before ON before.case_type = 'purchase' AND before.case_id = one.id
    AND before.type IN ('purchase.record', 'purchase.move_line')
WHERE event.at >= %(since)s AND event.case_type = 'purchase'
"""
#: Some of the lines that have, or had, a wait: those that a purchase has left behind are in what is kept.
_EVERY: Final = """
SELECT line_id FROM (
    (SELECT line_id FROM entitlements_orderingterm WHERE line_id > %(last)s ORDER BY line_id LIMIT %(most)s)
    UNION
    (SELECT line_id FROM procurement_purchase WHERE line_id > %(last)s ORDER BY line_id LIMIT %(most)s)
    UNION
    (SELECT line_id FROM insight_journey WHERE line_id > %(last)s ORDER BY line_id LIMIT %(most)s)
) AS lines ORDER BY line_id LIMIT %(most)s
"""
#: The place of a line is that of its term, which goes along with who moves; that of its newest purchase where it has
#: no term.
_OF_LINES: Final = """
FROM insight_journey AS way
JOIN entitlements_line AS line ON line.id = way.line_id
LEFT JOIN entitlements_orderingterm AS term ON term.line_id = way.line_id
LEFT JOIN (
    SELECT DISTINCT ON (line_id) line_id, territory_code FROM procurement_purchase ORDER BY line_id, created_at DESC
) AS bought ON bought.line_id = way.line_id
"""
_REGION: Final = "left(coalesce(term.territory_code, bought.territory_code), 2) || '0000000'"
_CELL: Final = f"line.kind_id, {_REGION}"
#: Waits by their length: the way as a whole, its two parts, and what a line spends in each place.
_WAITS: Final = f"""
SELECT {_CELL}, one.measure, way.opened_on >= %(since)s AS counts, one.days, one.how, count(*) {_OF_LINES}
CROSS JOIN LATERAL (
    SELECT measure, greatest(coalesce(ended, way.left_on, %(day)s) - began, 0) AS days,
        CASE WHEN ended IS NOT NULL THEN 'ended' WHEN way.left_on IS NOT NULL THEN 'left' ELSE 'lasts' END AS how
    FROM (VALUES
        ('{RECEIVED}', way.opened_on, way.received_on),
        ('{ORDERED}', way.opened_on, way.ordered_on),
        ('{DELIVERED}', way.ordered_on, way.received_on)
    ) AS measured (measure, began, ended) WHERE began IS NOT NULL
    UNION ALL
    SELECT '{IN}' || stay.key, stay.value::int, 'ended' FROM jsonb_each_text(way.stays) AS stay
    WHERE stay.key <> way.place
    UNION ALL
    SELECT '{IN}' || way.place,
        greatest(%(day)s - way.place_since, 0) + coalesce((way.stays ->> way.place)::int, 0), 'lasts'
    WHERE way.place NOT IN ('{rules.RECEIVED}', '{rules.LEFT}')
) AS one
WHERE way.opened_on >= %(since)s OR one.how = 'lasts'
GROUP BY 1, 2, 3, 4, 5, 6
"""  # noqa: S608 - our own names
#: People behind the waits of each cell: one who waits for several things is one.
_PEOPLE: Final = f"""
SELECT coalesce(kind, kinds), region, measure, how, count(DISTINCT person) FROM (
    SELECT line.kind_id AS kind, left(line.kind_id, {rules.PREFIX}) AS kinds, {_REGION} AS region, one.measure, one.how,
        line.person_id AS person {_OF_LINES}
    CROSS JOIN LATERAL (
        SELECT measure, CASE WHEN ended IS NOT NULL THEN 'ended' WHEN way.left_on IS NULL THEN 'lasts' END AS how
        FROM (VALUES
            ('{RECEIVED}', way.opened_on, way.received_on),
            ('{ORDERED}', way.opened_on, way.ordered_on),
            ('{DELIVERED}', way.ordered_on, way.received_on)
        ) AS measured (measure, began, ended) WHERE began IS NOT NULL
        UNION ALL
        SELECT '{IN}' || stay.key, 'ended' FROM jsonb_each_text(way.stays) AS stay WHERE stay.key <> way.place
        UNION ALL
        SELECT '{IN}' || way.place, 'lasts' WHERE way.place NOT IN ('{rules.RECEIVED}', '{rules.LEFT}')
    ) AS one
    WHERE how IS NOT NULL AND (how = 'lasts' OR way.opened_on >= %(since)s)
) AS told
GROUP BY GROUPING SETS (
    (kind, region, measure, how), (kinds, region, measure, how), (region, measure, how),
    (kind, measure, how), (kinds, measure, how), (measure, how)
)
"""  # noqa: S608 - our own names
_ACTS: Final = f"""
SELECT {_CELL}, way.steps, way.visits, count(*) {_OF_LINES}
WHERE way.received_on IS NOT NULL AND way.opened_on >= %(since)s GROUP BY 1, 2, 3, 4
"""


def ways_of(lines: Sequence[UUID], *, before: datetime) -> dict[UUID, Way]:
    """The ways of lines as their journal tells them, up to a moment (one query)."""
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, {"lines": list(lines), "before": before})
        rows = cursor.fetchall()
    found = {}
    for line, group in groupby(rows, key=lambda row: row[0]):
        one = rules.way(
            Fact(case, kind, _day(at, since), to or "", desk, channel)
            for _line, case, kind, at, to, desk, channel, since in group
        )
        if one is not None:
            found[line] = one
    return found


def _day(at: datetime, since: str | None) -> date:
    """The day of an event; of a need that was recorded, the one since which it waits."""
    return date.fromisoformat(since) if since else at.astimezone(clock.COUNTRY_ZONE).date()


def every_line() -> Iterator[list[UUID]]:
    """The lines that ever could be ordered or were to be bought, some at a time."""
    last = UUID(int=0)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_EVERY, {"last": last, "most": AT_ONCE})
            found = [row[0] for row in cursor.fetchall()]
        if not found:
            return
        yield found
        last = found[-1]


def touched(since: datetime) -> Iterator[list[UUID]]:
    """The lines of whose terms, orders or purchases something was written since a moment, some at a time; those from
    which a purchase has gone on to a newer programme, too.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED, {"since": since})
        found = [row[0] for row in cursor.fetchall()]
    for n in range(0, len(found), AT_ONCE):
        yield found[n : n + AT_ONCE]


def kept(lines: Sequence[UUID]) -> dict[UUID, Way]:
    """The ways of lines as they are kept."""
    return {
        one.line_id: Way(
            one.opened_on,
            one.place,
            one.place_since,
            one.ordered_on,
            one.received_on,
            one.left_on,
            one.stays,
            one.steps,
            one.visits,
        )
        for one in Journey.objects.filter(line__in=lines)
    }


def period(day: date) -> date:
    """The first day of the period that ends on a day."""
    return day - relativedelta(months=MONTHS)


def cells(*, since: date, day: date) -> dict[Key, Cell]:
    """What is counted of all ways that are kept, for each kind, each group of kinds and each region, and for all of
    them together (three queries).

    Args:
        since: first day of the period.
        day: as of which those who wait are counted.
    """
    found: dict[Key, Cell] = {}

    def each(kind: str, region: str, measure: str) -> list[Cell]:
        keys = product((kind, kind[: rules.PREFIX], ""), (region, ""))
        return [found.setdefault((*key, measure), Cell()) for key in keys]

    values = {"since": since, "day": day}
    with connection.cursor() as cursor:
        cursor.execute(_WAITS, values)
        for kind, region, measure, counts, days, how, n in cursor.fetchall():
            for cell in each(kind, region, measure):
                if counts:
                    cell.waits.append(Wait(days, how == "ended", n))
                if how == "lasts":
                    cell.lasting.append((days, n))
        cursor.execute(_PEOPLE, values)
        for kind, region, measure, how, people in cursor.fetchall():
            found.setdefault((kind or "", region or "", measure), Cell()).people[how] = people
        cursor.execute(_ACTS, values)
        for kind, region, steps, visits, n in cursor.fetchall():
            for cell in each(kind, region, RECEIVED):
                cell.steps.append((steps, n))
                cell.visits.append((visits, n))
    return found


def newest() -> Count | None:
    """What the published figures cover; nothing before the first count."""
    return Count.objects.order_by("-counted_at").first()


def published(kind: str = "", region: str = "") -> dict[Key, WaitingTime]:
    """The published figures of a kind in each region, and of each kind in a region; "" for all together (one query)."""
    rows = WaitingTime.objects.filter(Q(kind_code=kind) | Q(region_code=region))
    return {(one.kind_code, one.region_code, one.measure): one for one in rows}


def all_published(*, kind: str | None = None, region: str | None = None) -> Iterable[WaitingTime]:
    """Every published figure, or those of a kind or a region ("" for all together), in one order (one query)."""
    rows = WaitingTime.objects.order_by("kind_code", "region_code", "measure")
    rows = rows if kind is None else rows.filter(kind_code=kind)
    return rows if region is None else rows.filter(region_code=region)


def differences() -> Iterator[tuple[UUID, Way | None, Way | None]]:
    """Lines whose way is kept otherwise than the journal tells it, with what is kept and what it tells: up to the
    moment of the newest count.
    """
    last = newest()
    if last is None:
        return
    for lines in every_line():
        told: Mapping[UUID, Way] = ways_of(lines, before=last.counted_at)
        have = kept(lines)
        for line in lines:
            if told.get(line) != have.get(line):
                yield line, have.get(line), told.get(line)


def loaded(fewest: int) -> Iterator[Loaded]:
    """How many active programmes of each region there are, with what they grant, as it is published (two queries)."""
    region = Concat(Left("territory_code", 2), Value("0000000"))
    active = Programme.objects.filter(state=Programme.State.ACTIVE).annotate(region=region)
    lines = dict(
        Line.objects.filter(programme__state=Programme.State.ACTIVE)
        .annotate(region=Concat(Left(F("programme__territory_code"), 2), Value("0000000")))
        .values_list("region")
        .annotate(Counted("pk"))
        .order_by()
    )
    counted = active.values_list("region").annotate(Counted("pk"), Max("created_at")).order_by("region")
    for code, programmes, newest_at in counted:
        yield Loaded(
            region_code=code,
            programmes=told(programmes, fewest),
            lines=told(lines.get(code, 0), fewest) if programmes >= fewest else None,
            newest_on=newest_at.astimezone(clock.COUNTRY_ZONE).date(),
        )
