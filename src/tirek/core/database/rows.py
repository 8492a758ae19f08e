"""Rows that every submission writes, without the ceremony of ``Model.save``.

The statement of a table is made once per process; what Django does for a field's value (``get_db_prep_save``) is kept.
For tables with keys made in Python and without signals, which all of ours are. Measured in ``bench/orders.py``.
"""

from collections.abc import Sequence
from functools import lru_cache

from django.db import connection, models


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
