"""A country to measure on: staff, suppliers, offers, people and their orders, in any share of the real number."""

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from itertools import pairwise
from multiprocessing import get_context
from typing import Any, Final

import click
import psycopg
from django.apps import apps
from django.db import connection, transaction
from psycopg import sql
from rich.progress import Progress

from tirek.cli import addresses, embedded, mark
from tirek.cli.prepare import bring_tables_up_to_date, collect_files, load_demo_data
from tirek.cli.problems import Problem
from tirek.cli.progress import CONSOLE, bar, step_by_step
from tirek.cli.ready import as_owner, ready
from tirek.cli.supervisor import served
from tirek.config import config
from tirek.core import reference
from tirek.core.case import figures
from tirek.core.case.registry import all_types

#: the country stands on a floor above this one, with the demo
COUNTRY: Final = "tirek.site.demo.country"
#: From so many people on, indexes and keys are made after the rows, by several processes at a time.
MANY: Final = 20_000
#: Numbers of cases that one process gives.
NUMBERS_EACH: Final = 4_900_000
#: Of a connection that makes indexes: as many work at a time as there are processors for.
_BUILDING: Final = {"maintenance_work_mem": "512MB", "max_parallel_maintenance_workers": "0"}


_Statement = sql.SQL | sql.Composed


@click.group()
def scale() -> None:
    """A country of people to measure on (demo mode only)."""


@scale.command()
@click.option("--share", type=click.FloatRange(0, 1, min_open=True), default=1.0, help="Share of the country.")
@click.option("--processes", type=click.IntRange(1, 64), default=2, help="How many write at a time.")
def load(*, share: float, processes: int) -> None:
    """Fills an empty database with a share of the country: 743,000 people and about three million orders in all.

    Rows are copied from what the product's own actions write; the journal of each copy is hashed anew. Runs only in
    demo mode, and only where nobody is registered yet.
    """
    if not config().demo:
        raise Problem("A country of made-up people is for demo mode only.", command="TIREK_DEMO=1 tirek scale load")
    began = time.monotonic()
    with served(config(), waiting=CONSOLE.print, settings=embedded.LOADING):
        known = mark.read(addresses.owner(config()))
        mark.refuse_mixing(config(), known)
        bring_tables_up_to_date()
        refuse_people()
        collect_files()
        step_by_step("Reference data", reference.load())
        load_demo_data()
        people, orders = fill(share, processes=processes)
    click.echo(f"{people} people and {orders} orders in {time.monotonic() - began:.0f} s.")


def refuse_people() -> None:
    """Refuses a database in which somebody is registered.

    Raises:
        Problem: there is somebody.
    """
    if apps.get_model("people.Person")._default_manager.exists():
        raise Problem(
            "People are registered in this database: a country is made in an empty one only.",
            command="TIREK_VAR=./country TIREK_DEMO=1 tirek scale load --share 0.01",
        )


def _country() -> Any:  # noqa: ANN401 - a module, known by its name only
    return import_module(COUNTRY)


def fill(share: float, *, processes: int = 1) -> tuple[int, int]:
    """Make the country beside the demo's people; how many people and orders there are then."""
    country = _country()
    with as_owner():
        with transaction.atomic():
            *_steps, (_name, plan) = list(country.prepare(share))
            free = country.first_free_number()
        total = max(round(country.PEOPLE * share), 1)
        with bar() as progress:
            task = progress.add_task("People", total=total)
            if total < MANY:
                people = country.People(plan, first=0, last=total, numbers=free)
                with transaction.atomic():
                    for done in people.write(country.copy_here):
                        progress.update(task, completed=done)
                country.give_numbers_after(people.numbers.last)
                figures.settle()
            else:
                tables = [one._meta.db_table for one in country.models_of_lives()]
                with figures.counted_afterwards(), without_keys(tables, processes, partial(_step, progress)):
                    last = dict[str, int]()
                    for done, numbers in _by_processes(plan, total, processes, free):
                        progress.update(task, advance=done)
                        last |= {head: max(value, last.get(head, 0)) for head, value in numbers.items()}
                country.give_numbers_after(last)
        with CONSOLE.status("Statistics …"), connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
            cursor.execute("SELECT count(*) FROM people_person")
            (people_now,) = cursor.fetchone()
            cursor.execute("SELECT count(*) FROM orders_order")
            (orders_now,) = cursor.fetchone()
    return people_now, orders_now


def _step(progress: Progress, name: str, parts: int) -> Callable[[], None]:
    task = progress.add_task(name, total=parts)
    return partial(progress.advance, task)


def _by_processes(plan: object, total: int, processes: int, free: int) -> Iterator[tuple[int, dict[str, int]]]:
    """Write people in processes, with numbers from ``free`` on: how many more there are, and the numbers given."""
    bounds = [total * n // (processes * 8) for n in range(processes * 8 + 1)]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=ready) as pool:
        parts = [
            pool.submit(_write, plan, first, last, free + NUMBERS_EACH * 2 * n // (processes * 8))
            for n, (first, last) in enumerate(pairwise(bounds))
        ]
        for part in as_completed(parts):
            yield part.result()


def _write(plan: object, first: int, last: int, numbers: int) -> tuple[int, dict[str, int]]:
    country = _country()
    with as_owner():
        people = country.People(plan, first=first, last=last, numbers=numbers)
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")
        for _done in people.write(country.copy_here):
            pass
    return last - first, people.numbers.last


@contextmanager
def without_keys(tables: list[str], processes: int, told: Callable[[str, int], Callable[[], None]]) -> Iterator[None]:
    """In the block these tables have no keys, references and indexes; afterwards they have them again, checked.

    Args:
        tables: their names.
        processes: of the database that make them again, side by side.
        told: takes the name of a step and how many parts it has; what it gives is called after each of them.
    """
    with psycopg.connect(addresses.owner(config()), autocommit=True) as owner:
        found = owner.execute(_CONSTRAINTS, [tables, tables]).fetchall()
        indexes = owner.execute(_INDEXES, [tables]).fetchall()
        # references first: they need the keys of what they name
        references = [one for one in found if one[3]]
        keys = [one for one in found if not one[3]]
        for table, name, _definition, _refers in [*references, *keys]:
            owner.execute(
                sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(sql.Identifier(table), sql.Identifier(name))
            )
        for _table, name, _definition in indexes:
            owner.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
        try:
            yield
        finally:
            sizes: dict[str, int] = dict(owner.execute(_SIZES, [tables]).fetchall())
            largest = sorted(sizes, key=lambda table: -sizes[table])
            rows = _Parts(largest)
            for table in {one.model._meta.db_table for one in all_types()} & set(tables):
                index = sql.Identifier(f"{table}_in_time")
                for statement in _IN_TIME:
                    rows.add(table, sql.SQL(statement).format(table=sql.Identifier(table), index=index))
            for table in tables:
                # what is seen by everybody is said so once, not by the first to read each row
                rows.add(table, sql.SQL("VACUUM {}").format(sql.Identifier(table)))
            for table, name, definition, _refers in keys:
                rows.add(table, _constraint(table, name, definition))
            made = [(table, sql.SQL(definition)) for table, _name, definition in indexes]
            _side_by_side([*rows.whole, *_Parts(largest, made).single], processes, partial(told, "Keys and indexes"))
            checks = _Parts(largest)
            for table, name, definition, _refers in references:
                owner.execute(_constraint(table, name, f"{definition} NOT VALID"))
                checks.add(
                    table,
                    sql.SQL("ALTER TABLE {} VALIDATE CONSTRAINT {}").format(
                        sql.Identifier(table), sql.Identifier(name)
                    ),
                )
            _side_by_side(checks.whole, processes, partial(told, "References"))


def _constraint(table: str, name: str, definition: str) -> sql.Composed:
    return sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {}").format(
        sql.Identifier(table), sql.Identifier(name), sql.SQL(definition)
    )


class _Parts:
    """Statements by table, those of the largest tables first."""

    def __init__(self, largest: list[str], statements: Iterable[tuple[str, _Statement]] = ()) -> None:
        self._by_table: dict[str, list[_Statement]] = {table: [] for table in largest}
        for table, statement in statements:
            self.add(table, statement)

    def add(self, table: str, statement: _Statement) -> None:
        self._by_table.setdefault(table, []).append(statement)

    @property
    def whole(self) -> list[list[_Statement]]:
        """All of a table one after the other: each waits for the lock of the one before."""
        return [part for part in self._by_table.values() if part]

    @property
    def single(self) -> list[list[_Statement]]:
        """Each by itself."""
        return [[one] for part in self._by_table.values() for one in part]


def _side_by_side(parts: list[list[_Statement]], processes: int, told: Callable[[int], Callable[[], None]]) -> None:
    """Run statements over several connections, each part over one."""
    done = told(len(parts))

    def run(part: list[_Statement]) -> None:
        with psycopg.connect(addresses.owner(config()), autocommit=True) as owner:
            for setting, value in _BUILDING.items():
                owner.execute(sql.SQL("SET {} = {}").format(sql.Identifier(setting), sql.Literal(value)))
            for statement in part:
                owner.execute(statement)

    with ThreadPoolExecutor(processes) as pool:
        for one in as_completed([pool.submit(run, part) for part in parts]):
            one.result()
            done()


#: A table of cases is written in the order of their beginnings, as life does it, not person by person.
_IN_TIME: Final = (
    "CREATE INDEX {index} ON {table} (created_at)",
    "CLUSTER {table} USING {index}",
    "DROP INDEX {index}",
)
#: Keys and references of tables, and references to them: table, name, definition, whether it is a reference.
_CONSTRAINTS: Final = """
SELECT conrelid::regclass::text, conname::text, pg_get_constraintdef(oid), contype = 'f'
FROM pg_constraint
WHERE contype IN ('p', 'u', 'f') AND (
    conrelid::regclass::text = ANY(%s) OR (contype = 'f' AND confrelid::regclass::text = ANY(%s))
)
ORDER BY contype = 'f', conrelid, conname
"""
#: Indexes of tables that belong to no constraint: table, name and definition.
_INDEXES: Final = """
SELECT indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid)
FROM pg_index
WHERE indrelid::regclass::text = ANY(%s)
  AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)
ORDER BY 1, 2
"""
_SIZES: Final = "SELECT name, pg_table_size(name::regclass) FROM unnest(%s::text[]) AS name"
