"""The one place that locks scarce things: in sorted order, with a bounded wait that ends as ``Busy``; and that says
whether somebody is still at a long work.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar
from uuid import UUID

from django.db import DatabaseError, OperationalError, connection, models, transaction
from psycopg import errors as pg

from tirek.core.errors import Busy

M = TypeVar("M", bound=models.Model)

_TAKE: Final = "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))"
_LET_GO: Final = "SELECT pg_advisory_unlock(hashtextextended(%s, 0))"
#: Both halves of a held key, put together again.
_IS_HELD: Final = """
SELECT EXISTS (
    SELECT FROM pg_locks
    WHERE locktype = 'advisory' AND objsubid = 1 AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND (classid::bigint << 32) | objid::bigint = hashtextextended(%s, 0)
)"""
_WAITED = (pg.LockNotAvailable, pg.DeadlockDetected, pg.QueryCanceled)


_LOCK_NAMES: Final = """
    SELECT pg_advisory_xact_lock(key)
    FROM (SELECT DISTINCT hashtextextended(name, 0) AS key FROM unnest(%s::text[]) AS name ORDER BY key) AS ordered
"""


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


def lock_name(name: str) -> None:
    """Hold a name until the transaction ends: what has no row to lock yet is made by one after the other.

    Raises:
        Busy: somebody else holds it for too long.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("A lock lives in a transaction.")
    with bounded(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def lock_names(names: Iterable[str]) -> None:
    """Hold many names until the transaction ends, in one order for everybody, in one statement.

    Raises:
        Busy: somebody else holds one of them for too long.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("A lock lives in a transaction.")
    with bounded(), connection.cursor() as cursor:
        cursor.execute(_LOCK_NAMES, [list(names)])


def share_name(name: str) -> None:
    """Hold a name together with others who share it until the transaction ends: who wants it alone (``lock_name``)
    waits for all of them, and they for that one.

    Raises:
        Busy: somebody holds it alone for too long.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("A lock lives in a transaction.")
    with bounded(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtextextended(%s, 0))", [name])


@contextmanager
def at_work(name: str) -> Iterator[bool]:
    """Be the only one who works under this name until the block ends, over any number of transactions.

    Whoever is killed or loses the connection is not at work any more: the database itself lets the name go.

    Yields:
        Whether the name is ours; another has it otherwise, and the block does nothing.
    """
    ours = _answer(_TAKE, name)
    try:
        yield ours
    finally:
        if ours:
            _let_go(name)


def _let_go(name: str) -> None:
    try:
        _answer(_LET_GO, name)
    except DatabaseError:
        # the session is lost, and the name with it
        connection.close()


def is_at_work(name: str) -> bool:
    """Whether somebody works under this name now; nothing is locked by the question."""
    return _answer(_IS_HELD, name)


def _answer(statement: str, name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, [name])
        return bool(cursor.fetchone()[0])
