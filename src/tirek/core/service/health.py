"""Is this installation able to serve: the database answers, a worker lives, the tables are up to date."""

from functools import lru_cache
from typing import Final, TypedDict

from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

WORKER_SILENCE_SECONDS: Final = 60.0


class State(TypedDict):
    """What ``GET /health`` tells.

    Keys:
        ready: everything below is well; the page answers 200, otherwise 503.
        database: ``ok`` or ``unreachable``.
        worker: ``ok``, ``missing`` or ``unknown``.
        worker_silent_seconds: since a worker's last sign of life; ``None`` when there was none.
        pending_migrations: how many migrations wait for ``tirek migrate``; ``None`` when unknown.
    """

    ready: bool
    database: str
    worker: str
    worker_silent_seconds: float | None
    pending_migrations: int | None


def state() -> State:
    """The state of this moment: two small queries."""
    try:
        pending = len(pending_migrations())
        silent = worker_silence() if pending == 0 else None
    except (DatabaseError, InterfaceError):
        return State(
            ready=False, database="unreachable", worker="unknown", worker_silent_seconds=None, pending_migrations=None
        )
    alive = silent is not None and silent <= WORKER_SILENCE_SECONDS
    return State(
        ready=alive and pending == 0,
        database="ok",
        worker="ok" if alive else "missing",
        worker_silent_seconds=None if silent is None else round(silent, 1),
        pending_migrations=pending,
    )


def pending_migrations() -> list[tuple[str, str]]:
    """Migrations (app, name) that the code has and the database has not."""
    return sorted(_known_migrations() - set(MigrationRecorder(connection).applied_migrations()))


def worker_silence() -> float | None:
    """Seconds since the last sign of life of any worker, by the database's clock; ``None`` when no worker is known."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers")
        (seconds,) = cursor.fetchone()
    return None if seconds is None else float(seconds)


@lru_cache(maxsize=1)
def _known_migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
