"""Is this installation able to serve: the database answers and takes what is written, a worker lives, the tables are up
to date.
"""

import shutil
import time
from functools import lru_cache
from typing import Final, TypedDict

from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from tirek.config import config

WORKER_SILENCE_SECONDS: Final = 60.0


class State(TypedDict):
    """What ``GET /health`` tells.

    Keys:
        ready: everything below is well; the page answers 200, otherwise 503.
        web: this web server can answer pages: a balancer sends people here (``GET /health/web``). It cannot do more
            while the worker is missing or the disk is full; taking it away would help nobody.
        database: ``ok`` or ``unreachable``.
        disk: ``ok`` or ``full``: there is little room where this machine writes, or the database refused a row for
            lack of room a short while ago.
        worker: ``ok``, ``missing`` or ``unknown``.
        worker_silent_seconds: since a worker's last sign of life; ``None`` when there was none.
        pending_migrations: how many migrations wait for ``tirek migrate``; ``None`` when unknown.
        unknown_migrations: how many migrations the database has that this code has not: a newer release works on it.
    """

    ready: bool
    web: bool
    database: str
    disk: str
    worker: str
    worker_silent_seconds: float | None
    pending_migrations: int | None
    unknown_migrations: int | None


#: Bytes below which a disk counts as full.
NO_ROOM: Final = 100_000_000
#: For how many seconds a refused row is remembered.
REMEMBERED: Final = 60.0
_refused_at: list[float] = []


def note_full_disk() -> None:
    """The database refused to write for lack of room."""
    _refused_at[:] = [time.monotonic()]


def _disk() -> str:
    try:
        little = shutil.disk_usage(config().var).free < NO_ROOM
    except OSError:
        little = True
    refused = any(time.monotonic() - at < REMEMBERED for at in _refused_at)
    return "full" if little or refused else "ok"


def state() -> State:
    """The state of this moment: two small queries."""
    disk = _disk()
    try:
        applied = frozenset(MigrationRecorder(connection).applied_migrations())
        pending, unknown = len(_known_migrations() - applied), len(_ours(applied) - _known_migrations())
        silent = worker_silence() if pending == 0 else None
    except (DatabaseError, InterfaceError):
        return State(
            ready=False,
            web=False,
            database="unreachable",
            disk=disk,
            worker="unknown",
            worker_silent_seconds=None,
            pending_migrations=None,
            unknown_migrations=None,
        )
    alive = silent is not None and silent <= WORKER_SILENCE_SECONDS
    return State(
        ready=alive and pending == 0 and disk == "ok",
        web=pending == 0,
        database="ok",
        disk=disk,
        worker="ok" if alive else "missing",
        worker_silent_seconds=None if silent is None else round(silent, 1),
        pending_migrations=pending,
        unknown_migrations=unknown,
    )


def unknown_migrations() -> list[tuple[str, str]]:
    """Migrations (app, name) that the database has and the code has not: a newer release made its tables."""
    applied = frozenset(MigrationRecorder(connection).applied_migrations())
    return sorted(_ours(applied) - _known_migrations())


def _ours(migrations: frozenset[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """Those of apps that are there now: one that was taken out leaves its rows behind."""
    here = {app for app, _name in _known_migrations()}
    return frozenset(one for one in migrations if one[0] in here)


def pending_migrations() -> list[tuple[str, str]]:
    """Migrations (app, name) that the code has and the database has not."""
    return sorted(_known_migrations() - set(MigrationRecorder(connection).applied_migrations()))


def worker_silence() -> float | None:
    """Seconds since the last sign of life of any worker, by the database's clock; ``None`` when no worker is known."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers")
        (seconds,) = cursor.fetchone()
    return None if seconds is None else float(seconds)


def longest_wait() -> float | None:
    """Seconds for which the oldest job waits that could be done, by the database's clock; ``None`` when none waits."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM now() - min(greatest(noted.at, job.scheduled_at))) "
            "FROM procrastinate_jobs AS job JOIN procrastinate_events AS noted ON noted.job_id = job.id "
            "WHERE job.status = 'todo' AND noted.type = 'deferred' "
            "AND (job.scheduled_at IS NULL OR job.scheduled_at <= now())"
        )
        (seconds,) = cursor.fetchone()
    return None if seconds is None else float(seconds)


@lru_cache(maxsize=1)
def _known_migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
