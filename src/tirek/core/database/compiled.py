"""Reads of the hot path whose statement is made once per process.

Django builds the SQL of a queryset anew each time; for a read that every submission makes that costs more than the read
itself. Here the queryset is written as ever, with slots in the place of keys, days and texts, built once, and run with
values::

    _ACCOUNTS = Compiled(lambda person: Person.objects.filter(pk=person).values_list("user_id"), person=UUID)
    _ACCOUNTS.rows(person=key)

Only the values change between runs, never the shape of the query. ``rows`` is for ``values_list`` queries;
``CompiledObject`` reads one row as the model's object, with what ``select_related`` and ``only`` of the queryset say.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators

Kind = type[UUID] | type[date] | type[datetime] | type[str]
Value = UUID | date | datetime | str
M = TypeVar("M", bound=Model)


class _KeySlot(UUID):
    """The place of a key."""


class _DaySlot(date):
    """The place of a day."""


class _MomentSlot(datetime):
    """The place of a moment."""


class _TextSlot(str):
    """The place of a text."""

    __slots__ = ()


def _slot(kind: Kind) -> Value:
    if kind is UUID:
        return _KeySlot("00000000-0000-0000-0000-000000000000")
    if kind is datetime:
        return _MomentSlot(1, 1, 1, tzinfo=UTC)
    return _TextSlot("slot") if kind is str else _DaySlot(1, 1, 1)


class Compiled:
    """A ``values_list`` query with named slots for keys, days, moments and texts."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], **slots: Kind) -> None:
        """``build`` takes the slots by position, in the order they are named here."""
        self._build = build
        self._slots = {name: _slot(kind) for name, kind in slots.items()}
        self._made: tuple[str, list[str | None], tuple[object, ...], Any, Any] | None = None

    def _statement(self) -> tuple[str, list[str | None], tuple[object, ...], Any, Any]:
        if self._made is None:
            query = self._build(*self._slots.values()).query
            compiler = query.get_compiler(connection=connection)
            sql, params = compiler.as_sql()
            places = [next((name for name, slot in self._slots.items() if slot is value), None) for value in params]
            missing = set(self._slots) - set(places)
            if missing:
                raise TypeError(f"The query does not use {missing} as it is.")
            converters = compiler.get_converters([one[0] for one in compiler.select[: compiler.col_count]])
            self._made = (sql, places, tuple(params), compiler, converters)
        return self._made

    def rows(self, **values: Value) -> list[tuple[Any, ...]]:
        """Run with these values; rows as ``values_list`` gives them."""
        sql, places, constants, compiler, converters = self._statement()
        params: list[Any] = [
            values[name] if name is not None else constant for name, constant in zip(places, constants, strict=True)
        ]
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        if converters:
            return [tuple(row) for row in compiler.apply_converters(found, converters)]
        return found


class CompiledObject(Compiled, Generic[M]):
    """A query for one object with named slots; also ``FOR UPDATE``, inside a transaction."""

    @cached_property
    def _shape(self) -> tuple[type[M], int, int, list[str], list[Any]]:
        _sql, _places, _constants, compiler, _converters = self._statement()
        klass, select = compiler.klass_info, compiler.select
        first, last = klass["select_fields"][0], klass["select_fields"][-1] + 1
        names = [one[0].target.attname for one in select[first:last]]
        # the stubs speak of a later Django
        populators = get_related_populators(klass, select, connection.alias)  # type: ignore[call-arg]
        return klass["model"], first, last, names, populators

    def get(self, **values: Value) -> M | None:
        """The object, as ``QuerySet.first`` would give it; ``None`` when there is none."""
        for row in self.rows(**values):
            model, first, last, names, populators = self._shape
            found = model.from_db(connection.alias, names, row[first:last])
            for populator in populators:
                populator.populate(row, found)
            return found
        return None
