"""Rows that every submission writes, without the ceremony of ``Model.save``.

The statement of a table is made once per process; what Django does for a field's value (``get_db_prep_save``) is kept.
For tables with keys made in Python and without signals, which all of ours are. Measured in ``bench/orders.py``.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, Final, cast

import psycopg
from django.db import connection, models

_gathered: Final[ContextVar[list[models.Model] | None]] = ContextVar("tirek_rows_gathered", default=None)


@contextmanager
def gathered() -> Iterator[None]:
    """Rows that are inserted inside are written at its end, each table in one go, in the caller's transaction; nothing
    is written when it ends by an error. One inside another is part of it. For many acts one after the other, none of
    which reads what another wrote.

    Raises:
        django.db.IntegrityError: a constraint refuses, at the end.
    """
    if are_gathered():
        yield
        return
    kept: list[models.Model] = []
    token = _gathered.set(kept)
    try:
        yield
    finally:
        _gathered.reset(token)
    by_table: dict[type[models.Model], list[models.Model]] = {}
    for row in kept:
        by_table.setdefault(type(row), []).append(row)
    for rows in by_table.values():
        _copy(rows)


def are_gathered() -> bool:
    """Whether rows are gathered now, to be written later."""
    return _gathered.get() is not None


@contextmanager
def one_of_many() -> Iterator[None]:
    """One of the acts whose rows are gathered: an error takes its rows back and leaves those of the others."""
    kept = _gathered.get()
    mark = len(kept or ())
    try:
        yield
    except BaseException:
        del (kept or [])[mark:]
        raise


def _as_it_is(value: object) -> object:
    return value


def _as_text(value: object) -> object:
    # the member of a choice is its value
    return value if value is None or type(value) is str else str(value)


def _as_told(field: "models.Field[object, object]") -> Callable[[object], object]:
    """How a field's value goes to the database, without what Django asks of each value anew."""
    own = field.target_field if isinstance(field, models.ForeignKey) else field
    if type(own) in {models.CharField, models.TextField}:
        return _as_text
    if type(own) in {models.UUIDField, models.DateField, models.BooleanField, models.BinaryField}:
        return _as_it_is
    return lambda value: field.get_db_prep_save(value, connection)


def _copy(rows: Sequence[models.Model]) -> None:
    head, _place, fields = _statement(type(rows[0]))
    target = head.removeprefix("INSERT INTO ").removesuffix(" VALUES ")
    with connection.cursor() as wrapped, connection.wrap_database_errors:
        cursor = cast("psycopg.Cursor[Any]", wrapped)
        told = [(field.attname, _as_told(field)) for field in fields]
        with cursor.copy(f"COPY {target} FROM STDIN".encode()) as copy:
            for row in rows:
                copy.write_row([tell(getattr(row, name)) for name, tell in told])


@lru_cache(maxsize=64)
def _statement(model: type[models.Model]) -> tuple[str, str, tuple["models.Field[object, object]", ...]]:
    fields = tuple(model._meta.concrete_fields)
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    head = f"INSERT INTO {table} ({names}) VALUES "  # noqa: S608 - quoted names of our own tables
    return head, f"({', '.join(['%s'] * len(fields))})", fields


def insert(rows: Sequence[models.Model]) -> None:
    """Insert new rows of one table in one statement; nothing for an empty sequence.

    Raises:
        django.db.IntegrityError: a constraint of the table refuses.
    """
    if not rows:
        return
    kept = _gathered.get()
    if kept is not None:
        kept += rows
        for row in rows:
            row._state.adding, row._state.db = False, connection.alias  # noqa: SLF001 - as below
        return
    head, place, fields = _statement(type(rows[0]))
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(head + ", ".join([place] * len(rows)), values)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias  # noqa: SLF001 - what Django's own save sets


@lru_cache(maxsize=64)
def _change(
    model: type[models.Model], names: tuple[str, ...]
) -> tuple[str, tuple["models.Field[object, object]", ...]]:
    meta = model._meta
    by_name = {field.name: field for field in meta.concrete_fields}
    fields = [by_name[name] for name in names]
    places = ", ".join(f"{connection.ops.quote_name(str(field.column))} = %s" for field in fields)
    key = connection.ops.quote_name(str(meta.pk.column))
    table = connection.ops.quote_name(meta.db_table)
    return f"UPDATE {table} SET {places} WHERE {key} = %s", (*fields, meta.pk)  # noqa: S608


def update(row: models.Model, *names: str) -> bool:
    """Write these fields of a row that is there already, in one statement; false when it is there no more.

    Raises:
        django.db.IntegrityError: a constraint of the table refuses.
    """
    sql, fields = _change(type(row), names)
    with connection.cursor() as cursor:
        cursor.execute(sql, [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields])
        return bool(cursor.rowcount)
