"""Reads of the hot path whose statement is made once per process.

Django builds the SQL of a queryset anew each time; for a read that every submission makes that costs more than the read
itself. Here the queryset is written as ever, with slots in the place of keys, days and texts, built once, and run with
values::

    _ACCOUNTS = Compiled(lambda person: Person.objects.filter(pk=person).values_list("user_id"), person=UUID)
    _ACCOUNTS.rows(person=key)

Only the values change between runs, never the shape of the query: a slot of many keys or texts stands in a condition
``__any_of``, which takes any number of them. ``rows`` is for ``values_list`` queries; ``CompiledObject`` reads the
model's objects, with what ``select_related``, ``only`` and ``defer`` of the queryset say (not ``prefetch_related``).
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Field, ForeignObject, Lookup, Model, QuerySet
from django.db.models.query import get_related_populators

Kind = type[UUID] | type[date] | type[datetime] | type[str] | type[list[Any]]
Value = UUID | date | datetime | str | Sequence[UUID] | Sequence[str]
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


class _ManySlot:
    """The place of a list."""


@ForeignObject.register_lookup
@Field.register_lookup
class AnyOf(Lookup):
    """``pk__any_of=[…]``: what ``pk__in`` is, as one value however many there are."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:  # noqa: ANN401 - Django's own types
        """A condition on an array."""
        left, params = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s)", [*params, self.rhs]


def _slot(kind: Kind) -> Value | _ManySlot:
    if kind is list:
        return _ManySlot()
    if kind is UUID:
        return _KeySlot("00000000-0000-0000-0000-000000000000")
    if kind is datetime:
        return _MomentSlot(1, 1, 1, tzinfo=UTC)
    return _TextSlot("slot") if kind is str else _DaySlot(1, 1, 1)


class Compiled:
    """A ``values_list`` query with named slots for keys, days, moments, texts, and lists of keys or texts."""

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
            _plain(values[name]) if name is not None else constant
            for name, constant in zip(places, constants, strict=True)
        ]
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        if converters:
            return [tuple(row) for row in compiler.apply_converters(found, converters)]
        return found


def _plain(value: Value) -> object:
    """A value as the driver takes it: what is no list of several is itself."""
    return value if isinstance(value, UUID | date | str) else list(value)


class CompiledObject(Compiled, Generic[M]):
    """A query for objects with named slots; also ``FOR UPDATE``, inside a transaction."""

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
        return next(iter(self._objects(self.rows(**values)[:1])), None)

    def all(self, **values: Value) -> list[M]:
        """The objects in the order of the queryset."""
        return self._objects(self.rows(**values))

    def _objects(self, rows: Sequence[tuple[Any, ...]]) -> list[M]:
        found = []
        for row in rows:
            model, first, last, names, populators = self._shape
            one = model.from_db(connection.alias, names, row[first:last])
            for populator in populators:
                populator.populate(row, one)
            found.append(one)
        return found
