"""How many cases stand where, and how long they took: figures that are kept as cases change, never counted anew.

Triggers of a case table write each change as a row of ``FigureChange`` in the same transaction, so that nobody waits
for anybody else's count; the worker folds them into ``Figure``. Reads add both, and are true at every moment. One
statement compares them with the tables (``differences``), one counts them anew (``count_anew``).

A case of the journey is counted once while it is open, by the term that it stands by, and once it has
ended by the month of its end and by how many days it took: from its beginning (``TOOK``), and from the day since which
the person has waited (``WAITED``; ``CaseRow.waits_since``), where there is one. Figures are kept for each district and
once more for each region as a whole: the country is read from a twelfth of them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import connection, models, transaction
from django.db.models import Q

from tirek.core import clock
from tirek.core.case.deadlines import Light
from tirek.core.case.registry import CaseType, all_types
from tirek.core.places import codes_within, prefix_of

#: More days than this are told as this many: half of the figures is what is read, not their end.
MOST_DAYS: Final = 400
#: Changes that one statement folds.
AT_ONCE: Final = 20_000
#: Key of the lock of PostgreSQL that those hold who fold or count anew.
_LOCK: Final = 0x746972656B01
OPEN: Final = "open"
TOOK: Final = "took"
WAITED: Final = "waited"
#: Before what is counted of a region as a whole.
_REGION: Final = "r_"
_KEY: Final = "case_type, what, territory_code, state, day, days, due_at, soon_at"


class _Counted(models.Model):
    """What is counted: cases of a type in a place and a state."""

    id = models.BigAutoField(primary_key=True)
    case_type = models.CharField(max_length=40)
    what = models.CharField(max_length=10, help_text="open, took or waited.")
    territory_code = models.CharField(max_length=9)
    state = models.CharField(max_length=32)
    day = models.DateField(
        null=True, help_text="Last day of the term of an open case; first day of the month in which the others ended."
    )
    days = models.PositiveSmallIntegerField(null=True, help_text="How long it took; 400 stands for more.")
    due_at = models.DateTimeField(null=True, help_text="End of the term of an open case.")
    soon_at = models.DateTimeField(null=True, help_text="From when that term is soon over; empty while it is paused.")

    class Meta:
        abstract = True


class Figure(_Counted):
    """How many cases there are of a kind that the other columns name."""

    count = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case_type", "what", "territory_code", "state", "day", "days", "due_at", "soon_at"],
                # a page reads ten thousand of them, from the index alone
                include=["count"],
                nulls_distinct=False,
                name="core_figure_of_light",
            )
        ]
        indexes = [models.Index(fields=["id"], name="core_figure_nothing", condition=Q(count=0))]


class FigureChange(_Counted):
    """By how many cases a figure has changed, until the worker folds it."""

    moved = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["case_type", "what", "territory_code"], name="core_figurechange_read")]


class FigureStart(models.Model):
    """Since when the figures of a case type are whole."""

    case_type = models.CharField(max_length=40, primary_key=True)
    counted_at = models.DateTimeField()


#: Every case of a table as it is counted; the functions are those of the migration ``core.0017_figures_of_lights``.
_CASES: Final = (
    "SELECT one.territory_code, one.state, counted.what, counted.day, counted.days, "
    "counted.until AS due_at, counted.soon AS soon_at FROM {table} AS one, tirek_counts_as("
    "one.state = ANY (%s::text[]), one.due_at, one.soon_at, one.created_at, one.state_since, one.waits_since"
    ") AS counted"
)


#: What is counted of a district, and the same once more of its region, for rows of such columns.
_LEVELS: Final = (
    "CROSS JOIN LATERAL (VALUES ({of}.what::text, {of}.territory_code::text), "
    f"('{_REGION}' || {{of}}.what, left({{of}}.territory_code, 2) || '0000000')) AS level (what, territory_code)"
)
_LEVELLED: Final = "level.what, level.territory_code, state, day, days, due_at, soon_at"


#: What a trigger sees of a statement.
_SEEN: Final = {
    "insert": "NEW TABLE AS new_rows",
    "update": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "OLD TABLE AS old_rows",
}


def keep() -> list[str]:
    """Give every case table its triggers, as the owner of the tables; returns the types that got new ones.

    Called when the tables have been brought up to date, so that a new app has figures for nothing. A table that has its
    triggers is not touched. One without rows is whole at once; the worker counts the others (``settle``), also where
    other states are ends now.
    """
    there = set(connection.introspection.table_names())
    if Figure._meta.db_table not in there:
        return []
    made = []
    for kind in all_types():
        table, ended = kind.model._meta.db_table, ",".join(sorted(kind.model.ENDED))
        if table in there and _keeps(table) != {f"{kind.code}\\000{ended}\\000"}:
            _keep(table, kind.code, ended)
            made.append(kind.code)
    return made


def _keeps(table: str) -> set[str]:
    """What the triggers of a table are told; empty when one is missing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT encode(tgargs, 'escape') FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid "
            "WHERE proname = 'tirek_keep_figures' AND tgrelid = to_regclass(%s)",
            [table],
        )
        found = [row[0] for row in cursor.fetchall()]
    return set(found) if len(found) == len(_SEEN) else set()


def _keep(table: str, code: str, ended: str) -> None:
    quoted = connection.ops.quote_name(table)
    with transaction.atomic(), connection.cursor() as cursor:
        for event, seen in _SEEN.items():
            cursor.execute(
                f"CREATE OR REPLACE TRIGGER {table}_figures_{event} AFTER {event} ON {quoted} REFERENCING {seen} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION tirek_keep_figures('{code}', '{ended}')"
            )
        cursor.execute("DELETE FROM core_figurestart WHERE case_type = %s", [code])
        cursor.execute(
            f"INSERT INTO core_figurestart (case_type, counted_at) SELECT %s, %s "  # noqa: S608 - our own names
            f"WHERE NOT EXISTS (SELECT FROM {quoted})",
            [code, clock.now()],
        )


def _cases(kind: CaseType[Any]) -> tuple[str, list[Any]]:
    """Every case of a type as it is counted, from its table; with the values of the statement."""
    table = connection.ops.quote_name(kind.model._meta.db_table)
    return _CASES.format(table=table), [sorted(kind.model.ENDED)]


def fold() -> int:
    """Fold what has changed into the figures; returns how many changes were folded. Nothing where another process does.

    One transaction for each ``AT_ONCE`` changes.
    """
    done = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
            if not cursor.fetchone()[0]:
                return done
            cursor.execute(
                f"""
                WITH taken AS (
                    DELETE FROM core_figurechange WHERE id IN (
                        SELECT id FROM core_figurechange ORDER BY id LIMIT %s
                    ) RETURNING {_KEY}, moved
                ), levelled AS (
                    SELECT case_type, {_LEVELLED}, moved FROM taken {_LEVELS.format(of="taken")}
                ), summed AS (
                    INSERT INTO core_figure ({_KEY}, count)
                    SELECT {_KEY}, sum(moved) FROM levelled GROUP BY {_KEY} HAVING sum(moved) <> 0
                    ON CONFLICT ({_KEY}) DO UPDATE SET count = core_figure.count + EXCLUDED.count
                )
                SELECT count(*) FROM taken
                """,  # noqa: S608 - our own names
                [AT_ONCE],
            )
            taken = int(cursor.fetchone()[0])
            cursor.execute("DELETE FROM core_figure WHERE count = 0")
        done += taken
        if taken < AT_ONCE:
            return done


def count_anew(kind: CaseType[Any]) -> None:
    """Forget the figures of a case type and count them from its table, while everybody works on: what others change
    meanwhile is added to the new count.

    One statement, so that figures, changes and cases are seen at one moment.
    """
    cases, values = _cases(kind)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(
            f"""
            WITH figures AS (DELETE FROM core_figure WHERE case_type = %s),
            changes AS (DELETE FROM core_figurechange WHERE case_type = %s)
            INSERT INTO core_figurechange ({_KEY}, moved)
            SELECT %s, what, territory_code, state, day, days, due_at, soon_at, count(*) FROM ({cases}) AS told
            GROUP BY what, territory_code, state, day, days, due_at, soon_at
            """,  # noqa: S608 - our own names
            [kind.code, kind.code, kind.code, *values],
        )
        cursor.execute(
            "INSERT INTO core_figurestart (case_type, counted_at) VALUES (%s, %s) "
            "ON CONFLICT (case_type) DO UPDATE SET counted_at = EXCLUDED.counted_at",
            [kind.code, clock.now()],
        )


@contextmanager
def counted_afterwards() -> Iterator[None]:
    """In the block nothing is counted, and at its end every case is, once: for a load of more rows than are ever
    changed at a time. The caller owns the tables, and nobody else writes to them.
    """
    tables = [kind.model._meta.db_table for kind in all_types()]
    _switch(tables, "DISABLE")
    try:
        yield
    finally:
        _switch(tables, "ENABLE")
    for kind in all_types():
        count_anew(kind)
    fold()


def _switch(tables: Iterable[str], how: str) -> None:
    with connection.cursor() as cursor:
        for table in tables:
            for event in _SEEN:
                cursor.execute(f"ALTER TABLE {connection.ops.quote_name(table)} {how} TRIGGER {table}_figures_{event}")


def settle() -> None:
    """Count the types whose figures are not whole yet, and fold what has changed."""
    whole = set(FigureStart.objects.values_list("case_type", flat=True))
    for kind in all_types():
        if kind.code not in whole:
            count_anew(kind)
    fold()


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that is not what the table says.

    Attributes:
        case_type: code.
        place: КАТО code.
        state: of the cases.
        what: ``OPEN``, ``TOOK`` or ``WAITED``; "r_" before it tells that it is counted of a region as a whole.
        kept: the figure.
        counted: the cases.
    """

    case_type: str
    place: str
    state: str
    what: str
    kept: int
    counted: int


def differences(kind: CaseType[Any]) -> list[Difference]:
    """Where the figures of a type differ from a recount of its table; empty when they are right (one statement, so
    that both are seen at one moment).
    """
    cases, values = _cases(kind)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH kept AS (
                SELECT what, territory_code, state, day, days, due_at, soon_at, count AS n
                FROM core_figure WHERE case_type = %s
                UNION ALL SELECT {_LEVELLED}, moved
                FROM core_figurechange AS one {_LEVELS.format(of="one")} WHERE case_type = %s
            ), sides AS (
                SELECT what, territory_code, state, day, days, due_at, soon_at, n AS kept, 0 AS counted FROM kept
                UNION ALL SELECT {_LEVELLED}, 0, 1 FROM ({cases}) AS told {_LEVELS.format(of="told")}
            )
            SELECT territory_code, state, what, sum(kept), sum(counted) FROM sides
            GROUP BY what, territory_code, state, day, days, due_at, soon_at HAVING sum(kept) <> sum(counted)
            ORDER BY territory_code, state, what
            """,  # noqa: S608 - our own names
            [kind.code, kind.code, *values],
        )
        return [
            Difference(kind.code, place, state, what, int(kept), int(told))
            for place, state, what, kept, told in cursor.fetchall()
        ]


@dataclass(frozen=True, slots=True)
class Standing:
    """Open cases of a place.

    Attributes:
        count: all of them.
        overdue: of them, those whose term ended before today.
    """

    count: int = 0
    overdue: int = 0


_DIGITS_OF_A_CODE: Final = 9


#: Digits that name a region.
_REGION_DIGITS: Final = 2


def _kept(
    kind: CaseType[Any],
    what: Iterable[str],
    territory: str,
    *,
    columns: str,
    by: str,
    of_regions: bool,
    where: str = "",
    values: Sequence[object] = (),
) -> tuple[str, list[Any]]:
    """Figures within a territory ("" for the country), and what has changed since, each summed as ``n`` by itself: a
    page reads thousands of rows and shows a hundred. A subquery, and its values.

    Args:
        kind: of the cases.
        what: ``OPEN``, ``TOOK``, ``WAITED``.
        territory: КАТО code.
        columns: that are read; "what" without its level.
        by: what they are grouped by.
        of_regions: whether figures of regions as a whole do.
        where: a further condition, that begins with AND.
        values: of it.
    """
    level, wanted, codes = _REGION if of_regions else "", list(what), codes_within(territory)
    parts = [
        f"SELECT {columns}, sum({number}) AS n FROM ("  # noqa: S608 - our own names
        f"SELECT {name} AS what, territory_code, state, day, days, due_at, soon_at, {number} FROM {table} "
        "WHERE case_type = %s AND what = ANY(%s) "
        f"AND territory_code BETWEEN %s AND %s {where}) AS one GROUP BY {by}"
        for table, number, name in (
            ("core_figure", "count", f"right(what, {-len(level)})" if level else "what"),
            ("core_figurechange", "moved", "what"),
        )
    ]
    bound = [[kind.code, [f"{before}{one}" for one in wanted], *codes, *values] for before in (level, "")]
    return f"({' UNION ALL '.join(parts)}) AS kept", [*bound[0], *bound[1]]


def standing(kind: CaseType[Any], territory: str = "", *, digits: int = _DIGITS_OF_A_CODE) -> dict[str, Standing]:
    """Open cases by place, within a territory ("" for the country; one query).

    Args:
        kind: of the cases.
        territory: КАТО code.
        digits: of the code that name a place: 2 for regions.
    """
    columns = f"left(territory_code, {digits:d}) AS place, day < DATE '{clock.today():%Y-%m-%d}' AS is_overdue"
    is_of_regions = digits == _REGION_DIGITS
    kept, values = _kept(kind, [OPEN], territory, columns=columns, by="1, 2", of_regions=is_of_regions)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT place, sum(n), coalesce(sum(n) FILTER (WHERE is_overdue), 0) "  # noqa: S608 - our own names
            f"FROM {kept} GROUP BY 1",
            values,
        )
        return {place: Standing(int(count), int(overdue)) for place, count, overdue in cursor.fetchall()}


def lights(
    kind: CaseType[Any], territory: str, *, place: str = "", state: str = ""
) -> list[tuple[str, str | None, int]] | None:
    """Open cases within a territory by their state and the light of their deadline now, as the rows of the table would
    be counted (one query); nothing where they have not been counted yet.

    Args:
        kind: of the cases.
        territory: КАТО code of an office.
        place: КАТО code of one district of it; "" for all of them.
        state: of the cases; "" for every state in which they are open.
    """
    now = clock.now()
    columns = "state, due_at, soon_at"
    kept, values = _kept(
        kind,
        [OPEN],
        territory,
        columns=columns,
        by=columns,
        of_regions=not place and len(prefix_of(territory)) == _REGION_DIGITS,
        where="AND territory_code = coalesce(%s, territory_code) AND state = coalesce(%s, state)",
        values=[place or None, state or None],
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state, CASE WHEN due_at IS NULL THEN NULL WHEN soon_at IS NULL THEN %s "  # noqa: S608 - ours
            "WHEN due_at <= %s THEN %s WHEN soon_at <= %s THEN %s ELSE %s END, sum(n) "
            f"FROM core_figurestart LEFT JOIN {kept} ON true "
            "WHERE core_figurestart.case_type = %s GROUP BY 1, 2",
            [
                *(Light.PAUSED.value, now, Light.RED.value, now, Light.YELLOW.value, Light.GREEN.value),
                *values,
                kind.code,
            ],
        )
        rows = cursor.fetchall()
    # one row of nothing tells that there is nothing
    return [(state, light, int(count)) for state, light, count in rows if count] if rows else None


@dataclass(frozen=True, slots=True)
class Span:
    """How many ended cases took how many days."""

    days: int
    count: int


@dataclass(frozen=True, slots=True)
class Ended:
    """How long ended cases took.

    Attributes:
        by_place: by ``TOOK`` or ``WAITED`` and the beginning of the КАТО code of their place.
        by_month: by the first day of the month in which they ended, all places as one: ``TOOK``.
    """

    by_place: Mapping[tuple[str, str], Sequence[Span]]
    by_month: Mapping[date, Sequence[Span]]

    def in_place(self, what: str, place: str) -> Sequence[Span]:
        """Of cases whose place begins so; "" for all places together."""
        if place:
            return self.by_place.get((what, place), ())
        return [span for (told, _place), spans in self.by_place.items() if told == what for span in spans]


def ended(
    kind: CaseType[Any],
    states: Iterable[str],
    *,
    since: date,
    what: Iterable[str] = (TOOK, WAITED),
    territory: str = "",
    digits: int = _DIGITS_OF_A_CODE,
) -> Ended:
    """How long cases took that ended in some states since a month, within a territory (one query, which reads each
    figure once).

    Args:
        kind: of the cases.
        states: in which they ended.
        since: first day of the first month.
        what: ``TOOK``, ``WAITED`` or both.
        territory: КАТО code; "" for the country.
        digits: of the code that name a place: 2 for regions.
    """
    place = f"left(territory_code, {digits:d})"
    kept, values = _kept(
        kind,
        what,
        territory,
        columns=f"what, {place} AS place, day, days",
        by=f"GROUPING SETS ((what, {place}, days), (what, day, days))",
        of_regions=digits == _REGION_DIGITS,
        where="AND state = ANY(%s) AND day >= %s",
        values=[list(states), since],
    )
    by_place: dict[tuple[str, str], list[Span]] = {}
    by_month: dict[date, list[Span]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT what, place, day, days, sum(n) FROM {kept} "  # noqa: S608 - our own names
            "GROUP BY what, place, day, days HAVING sum(n) <> 0 AND (day IS NULL OR what = %s)",
            [*values, TOOK],
        )
        for measure, where, day, days, count in cursor.fetchall():
            spans = by_place.setdefault((measure, where), []) if day is None else by_month.setdefault(day, [])
            spans.append(Span(days, int(count)))
    return Ended(by_place, by_month)


def median(found: Iterable[Span]) -> int | None:
    """Days within which half of the cases ended (the lower middle of an even number); nothing without cases."""
    counted: dict[int, int] = {}
    for one in found:
        counted[one.days] = counted.get(one.days, 0) + one.count
    half, so_far = (sum(counted.values()) + 1) // 2, 0
    for days in sorted(counted):
        so_far += counted[days]
        if so_far >= half > 0:
            return days
    return None


def is_whole(kind: CaseType[Any]) -> bool:
    """Whether the figures of a type have been counted once."""
    return FigureStart.objects.filter(case_type=kind.code).exists()
