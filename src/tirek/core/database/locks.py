"""The one place that locks scarce things: in sorted order, with a bounded wait that ends as ``Busy``."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar
from uuid import UUID

from django.db import OperationalError, models, transaction
from psycopg import errors as pg

from tirek.core.errors import Busy

M = TypeVar("M", bound=models.Model)

_WAITED = (pg.LockNotAvailable, pg.DeadlockDetected, pg.QueryCanceled)


@contextmanager
def bounded() -> Iterator[None]:
    """Waits inside the block end as the domain error ``Busy`` (limit: ``lock_timeout`` of the connection).

    Raises:
        Busy: somebody else held a needed row for longer than the limit.
    """
    try:
        yield
    except OperationalError as error:
        if isinstance(error.__cause__, _WAITED):
            raise Busy from error
        raise


def lock_rows(model: type[M], keys: Iterable[UUID]) -> dict[UUID, M]:
    """Lock rows of one table until the transaction ends, lowest key first, in one statement.

    Callers that need several tables lock them in the order of the floors, upper floor first.

    Args:
        model: table.
        keys: primary keys; a key without a row is missing from the answer.

    Returns:
        Rows by key, fresh from the database.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("A lock lives in a transaction.")
    rows = model._default_manager.select_for_update(of=("self",)).filter(pk__in=sorted(set(keys))).order_by("pk")
    with bounded():
        return {row.pk: row for row in rows}
