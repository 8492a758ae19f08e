"""Reads of the register as lists: what is looked for, and the next rows after one; each from an index."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from tirek.core import clock
from tirek.core.keys import read_key
from tirek.core.places import covered
from tirek.core.typed import without_separators
from tirek.suppliers.models import Supplier, SupplierWord
from tirek.suppliers.rules import words_in

M = TypeVar("M", bound=Model)
PER_PAGE: Final = 50
_BIN_DIGITS: Final = 12
#: Words that are looked for; more are no name.
_MOST_WORDS: Final = 6
_BETWEEN: Final = "~"


@dataclass(frozen=True, slots=True)
class Part(Generic[M]):
    """Some rows of a list, and where the next ones begin.

    Attributes:
        rows: of this page.
        after: mark of the last row, where more follow; "" at the end.
        is_first: whether nothing stands before.
    """

    rows: Sequence[M]
    after: str
    is_first: bool


def part(rows: QuerySet[M], column: str, *, falls: bool, after: str, size: int = PER_PAGE) -> Part[M]:
    """The next rows after a mark, in the order of a day and the key; from the beginning where the mark is none."""
    sign = "lt" if falls else "gt"
    order = [f"-{column}", "-pk"] if falls else [column, "pk"]
    mark = _mark(after)
    if mark is not None:
        day, key = mark
        rows = rows.filter(
            Q(**{f"{column}__{sign}e": day}), Q(**{f"{column}__{sign}": day}) | Q(**{column: day, f"pk__{sign}": key})
        )
    found = list(rows.order_by(*order)[: size + 1])
    shown, last = found[:size], found[size - 1] if len(found) > size else None
    told = f"{getattr(last, column).isoformat()}{_BETWEEN}{last.pk}" if last is not None else ""
    return Part(shown, told, mark is None)


def _mark(after: str) -> tuple[date, UUID] | None:
    day, _sep, key = after.partition(_BETWEEN)
    found = read_key(key)
    try:
        return (date.fromisoformat(day), found) if found is not None else None
    except ValueError:
        return None


def sought(rows: QuerySet[Supplier], *, name: str, region: str) -> QuerySet[Supplier]:
    """Those of the entries whose name has words that begin so, or that have this BIN; within a region. An individual
    is not found by the number, which is an IIN.
    """
    if region:
        rows = rows.filter(covered(region, "organisation__territory__code"))
    digits = without_separators(name)
    if len(digits) == _BIN_DIGITS and digits.isascii() and digits.isdecimal():
        return rows.filter(organisation__bin=digits, is_individual=False)
    words = words_in(name)[:_MOST_WORDS]
    if name.strip() and not words:
        return rows.none()
    for word in words:
        begins: dict[str, Any] = {"word__startswith": word}
        rows = rows.filter(pk__in=SupplierWord.objects.filter(**begins).values("supplier"))
    return rows


def everybody() -> QuerySet[Supplier]:
    """Every entry, with what lists show of it."""
    return Supplier.objects.select_related("organisation__territory__parent")


def is_removed(supplier: Supplier) -> bool:
    """Whether an entry is in the register no more today."""
    return supplier.removed_on is not None and supplier.removed_on <= clock.today()


def is_suspended(supplier: Supplier) -> bool:
    """Whether an entry is suspended today."""
    return (
        not is_removed(supplier) and supplier.suspended_since is not None and supplier.suspended_since <= clock.today()
    )
