"""No page and no submit reads a table that grows with the country from end to end (20 million citizens)."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from psycopg import ClientCursor
from tests import factories as make
from tests.kit import declared
from tests.kit.sign_in import signed_in
from tests.kit.world import World

from tirek.core import clock
from tirek.core.actors import Desk
from tirek.core.case.deadlines import Deadline
from tirek.core.drafts import Draft

BIG = declared.big_tables()
#: From this version on statistics can be set, and forgotten.
CLEARS_STATISTICS = 180_000
READS = {"Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Heap Scan"}


@pytest.fixture(autouse=True)
def _known_by_their_own_size(db: None) -> None:
    pack()


def pack() -> None:
    """Tables as large as their rows: what other tests left in the files of a table, or told the planner of it, outlives
    their transactions. Called before a test has touched them.
    """
    if connection.pg_version < CLEARS_STATISTICS:
        # there a packed table is known to be empty for good
        return
    beside = connection.copy()
    try:
        with beside.cursor() as cursor:
            # a small table, too, looks large when other tests have left many pages in its file
            cursor.execute(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' "
                "AND pg_relation_size(oid) > 65536"
            )
            left = {name for (name,) in cursor.fetchall()}
            cursor.execute(f"VACUUM (FULL) {', '.join(sorted(BIG | left))}")
            cursor.execute(
                "SELECT pg_clear_relation_stats('public', one.relname::text) FROM pg_class AS one "
                "WHERE one.relnamespace = 'public'::regnamespace AND one.relkind IN ('r', 'i')"
            )
    finally:
        beside.close()


class Caught(list[tuple[str, Any]]):
    """Statements that were run, with their values."""


@contextmanager
def catching() -> Iterator[Caught]:
    """The statements that are run in the block."""
    caught = Caught()

    def keep(execute: Callable[..., object], sql: str, params: Any, many: bool, context: object) -> object:
        if sql.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE", "(SELECT", "WITH")):
            caught.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        yield caught


def _bitmaps(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for below in node.get("Plans", []):
        if below["Node Type"] == "Bitmap Index Scan":
            yield below
        yield from _bitmaps(below)


def walks(node: dict[str, Any], *, limited: bool = False) -> Iterator[str]:
    """Big tables that a plan reads from end to end; an ordered read that stops at a limit is none."""
    limited = limited or node["Node Type"] == "Limit"
    if node["Node Type"] in READS and node["Relation Name"] in BIG:
        by_key = "Index Cond" in node or (
            node["Node Type"] == "Bitmap Heap Scan" and all("Index Cond" in one for one in _bitmaps(node))
        )
        ordered = limited and node["Node Type"].startswith("Index")
        if not by_key and not ordered:
            yield f"{node['Node Type']} of {node['Relation Name']}"
    for below in node.get("Plans", []):
        yield from walks(below, limited=limited and node["Node Type"] not in {"Sort", "Hash", "Aggregate"})


def whole_reads(caught: Caught) -> list[str]:
    """What is read from end to end although an index may be used everywhere."""
    found = []
    with transaction.atomic(), connection.cursor() as cursor:
        # a small table is always read whole: here that is told to cost much
        cursor.execute("SET LOCAL enable_seqscan = off")
        # joined by key, as a page of a large table is: which join a planner takes for three rows changes with its
        # statistics
        cursor.execute("SET LOCAL enable_mergejoin = off")
        cursor.execute("SET LOCAL enable_hashjoin = off")
        # and that only the number of rows read counts, as in a large table
        for cost in ("cpu_tuple_cost", "cpu_index_tuple_cost", "cpu_operator_cost"):
            cursor.execute(f"SET LOCAL {cost} = 1000")
        for sql, params in caught:
            # with the values in the text: an index of open rows only is seen to hold them
            cursor.execute(
                "EXPLAIN (FORMAT JSON) " + (ClientCursor(connection.connection).mogrify(sql, params) if params else sql)
            )
            (plan,) = cursor.fetchone()
            plan = json.loads(plan) if isinstance(plan, str) else plan
            found += [f"{what}: {sql[:2000]}" for what in walks(plan[0]["Plan"])]
    return found


def _drafts_of_others(count: int) -> None:
    """Where two conditions are joined by "or", the planner takes two small reads only when the table is larger than
    both.
    """
    keys = [uuid4() for _ in range(count)]
    Draft.objects.bulk_create(
        Draft(
            form="order",
            form_version=1,
            owner_id=key,
            holder_id=key,
            subject_id=key,
            channel="web",
            version=1,
            expires_at=clock.now(),
        )
        for key in keys
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE core_draft")


def _deadlines_of_others(count: int) -> None:
    """Of two indexes of open rows the planner takes the one by day only where many deadlines lie ahead."""
    later = clock.now() + timedelta(days=30)
    Deadline.objects.bulk_create(
        Deadline(
            case_type="order",
            case_id=uuid4(),
            transition="accept",
            otherwise="lapse",
            opened_at=clock.now(),
            due_at=later,
            unit="calendar_days",
        )
        for _one in range(count)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE core_deadline")


@pytest.mark.django_db
def test_big_tables__are_there() -> None:
    assert set(connection.introspection.table_names()) >= BIG


@pytest.mark.django_db
@pytest.mark.mission("S0.2")
def test_submit__reads_no_big_table_whole() -> None:
    with clock.at(make.MORNING):
        world = World()
        world.grow()
        with catching() as caught:
            world.order(3)
    assert len(caught) > 5
    assert whole_reads(caught) == []


@pytest.mark.django_db
@pytest.mark.mission("S0.2")
@pytest.mark.parametrize("desk", sorted({one.desk for one in declared.lists()}))
def test_pages_of_a_desk__read_no_big_table_whole(desk: Desk) -> None:
    if connection.pg_version < CLEARS_STATISTICS:
        pytest.skip("what a planner thinks of a nearly empty table can be set right from PostgreSQL 18 on")
    found, known = {}, {}
    with clock.at(make.MORNING):
        world = World()
        world.grow()
        _drafts_of_others(300)
        _deadlines_of_others(300)
        client = signed_in(world.at(desk))
        for page in (one for one in declared.lists() if one.desk == desk):
            client.get(page.address(world))
            with catching() as caught:
                assert client.get(page.address(world)).status_code == 200, page.name
            assert caught
            reads = whole_reads(caught)
            found[page.name] = {
                table for table in BIG for read in reads if read.partition(":")[0].endswith(f" {table}")
            }
            known[page.name] = set(page.reads_whole)
    assert found == known


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sql", "is_whole"),
    [
        ("SELECT id FROM people_person WHERE given_name = 'A'", True),
        ("SELECT count(*) FROM people_person", True),
        (
            (
                "SELECT p.id FROM people_person p LEFT JOIN people_representation r ON p.id = r.representative_id "
                "WHERE p.iin = '1' OR r.basis = 'x'"
            ),
            True,
        ),
        ("SELECT id FROM people_person WHERE id = '00000000-0000-7000-8000-000000000000'", False),
        ("SELECT id FROM people_person ORDER BY id LIMIT 3", False),
    ],
)
def test_guard__sees_what_it_forbids(sql: str, is_whole: bool) -> None:
    assert bool(whole_reads(Caught([(sql, None)]))) is is_whole
