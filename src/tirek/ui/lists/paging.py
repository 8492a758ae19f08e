"""A page of a list whose length does not tell on the time it takes: first the keys in their order, then what is shown.

What a row shows is joined from many tables; joined before the page is cut out, that is done for every case of a desk.
"""

from collections.abc import Callable, Sequence
from functools import cache, cached_property
from typing import Any, Final
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from tirek.core.case.registry import CaseType
from tirek.core.database.compiled import CompiledObject
from tirek.core.database.plans import for_these_values

#: Cases of a list that are counted and can be paged to; who looks for one among more narrows the list.
MOST_COUNTED: Final = 5_000


def by_keys(kind: CaseType[Any], keys: Sequence[UUID]) -> list[Any]:
    """Cases with what a list shows, in the order of their keys (one query)."""
    found = {one.pk: one for one in _listed(kind.scope.listed or kind.scope.rows).all(keys=keys)}
    return [found[key] for key in keys if key in found]


@cache
def _listed(rows: Callable[[], QuerySet[Any]]) -> CompiledObject[Any]:
    return CompiledObject(lambda keys: rows().filter(pk__any_of=keys), keys=list)


def taken(kind: CaseType[Any], rows: QuerySet[Any], first: int, last: int) -> list[Any]:
    """The cases from ``first`` up to ``last`` of visible rows in their order (two queries)."""
    with for_these_values():
        keys = list(rows.values_list("pk", flat=True)[first:last])
    return by_keys(kind, keys)


class BoundedPaginator(Paginator):  # type: ignore[type-arg]  # Django's own cannot be subscripted
    """Pages of rows that are counted as far as ``MOST_COUNTED``."""

    @cached_property
    def count(self) -> int:
        """How many there are, ``MOST_COUNTED`` at most."""
        rows: Any = self.object_list
        with for_these_values():
            return int(rows.order_by()[:MOST_COUNTED].count())


class CasePaginator(BoundedPaginator):
    """Pages of visible cases, each read by ``taken``."""

    def __init__(
        self,
        kind: CaseType[Any],
        rows: QuerySet[Any],
        per_page: int,
        *,
        filled: QuerySet[Any] | None = None,
        counted: int | None = None,
    ) -> None:
        """``filled`` are the first of the rows in the same order, as an index has them: those in which the column of
        the order is not empty. ``counted`` is how many rows there are, where that is known.
        """
        super().__init__(rows, per_page)
        if counted is not None:
            self.count = min(counted, MOST_COUNTED)
        self._kind = kind
        self._rows = rows
        self._filled = filled

    def page(self, number: int | str) -> Page[Any]:
        """The page of this number, with its cases read."""
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        last = min(first + self.per_page, self.count)
        found = []
        if self._filled is not None and self.count > self.per_page:
            found = taken(self._kind, self._filled, first, last)
        if len(found) < last - first:
            found = taken(self._kind, self._rows, first, last)
        return Page(found, number, self)
