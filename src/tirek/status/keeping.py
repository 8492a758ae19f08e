"""Looks at the service and keeps what is known in the file; gives it to pages from the memory of the process."""

import logging
from threading import Event
from time import monotonic
from typing import Final

from django.db import DatabaseError, InterfaceError, close_old_connections, transaction

from tirek.core import clock
from tirek.core.service import health
from tirek.files.queries import can_keep
from tirek.notices.channels import is_connected
from tirek.notices.models import Route
from tirek.notices.queries import on_the_way
from tirek.status import known, rules
from tirek.status.known import NOTHING, Known, Unreadable
from tirek.status.models import Part
from tirek.status.queries import to_be_told
from tirek.status.rules import State

log = logging.getLogger(__name__)
#: A machine looks so often, in seconds; whichever of its processes comes first.
EVERY_SECONDS: Final = 15.0
#: Who has saved an announcement waits so long for whoever looks just now.
PATIENCE_SECONDS: Final = 3.0
#: A process looks so often, in seconds, whether the file is another one.
STAT_EVERY_SECONDS: Final = 2.0
_WAYS: Final = {Part.SMS: Route.SMS, Part.EMAIL: Route.EMAIL}


def _states() -> dict[str, State]:
    """The state of every part now."""
    told = health.state()
    files = State.WORKS if told["disk"] == "ok" and can_keep() else State.DOWN
    unknown: dict[str, State] = dict.fromkeys((Part.WORKER, *_WAYS), State.UNKNOWN)
    pages = State.WORKS if told["web"] else State.DOWN
    if told["database"] != "ok":
        return {Part.PAGES: pages, Part.DATABASE: State.DOWN, **unknown, Part.FILES: files}
    try:
        behind = _behind(told["worker_silent_seconds"]) if told["web"] else unknown
    except (DatabaseError, InterfaceError):
        behind = unknown
    return {Part.PAGES: pages, Part.DATABASE: State.WORKS, **behind, Part.FILES: files}


def _behind(silent: float | None) -> dict[str, State]:
    """What is not done by pages: the work in the background, messages."""
    waits, ways = health.longest_wait(), on_the_way(clock.now())
    worker = rules.of_worker(silent=silent, allowed=health.WORKER_SILENCE_SECONDS, waits=waits)
    messages: dict[str, State] = {
        part: rules.of_way(connected=is_connected(route), waits=ways[route].waits, lost=ways[route].lost)
        for part, route in _WAYS.items()
    }
    return {Part.WORKER: worker, **messages}


def look(before: Known) -> Known:
    """What is known now; what cannot be asked stays as it was known before."""
    at = clock.now()
    parts = known.seen(before.parts, {str(part): state for part, state in _states().items()}, at=at)
    try:
        announcements = to_be_told(at)
    except (DatabaseError, InterfaceError):
        return Known(at, parts, before.read_at, before.announcements)
    return Known(at, parts, at, announcements)


def _before() -> Known:
    try:
        return known.load(known.place())
    except Unreadable as error:
        log.warning("the file of what is known cannot be read (%s); it is written anew", error)
        return NOTHING


def refresh(*, within: float = PATIENCE_SECONDS) -> bool:
    """Look and write the file anew, now; returns whether it was done. One that cannot be written is told in the log,
    and the next round tries again.
    """
    place = known.place()
    try:
        with known.alone(place, within=within) as mine:
            if mine:
                known.store(place, look(_before()))
                MEMORY.forget()
            return mine
    except OSError as error:
        log.warning("what is known of the service could not be written: %s", error)
        return False


def after_save() -> None:
    """The file is written anew when others can see what was saved; a round does it where this process cannot."""
    transaction.on_commit(refresh, robust=True)


def run_round() -> bool:
    """One look of this machine; returns whether this process did it. Another one may have looked a moment ago."""
    place = known.place()
    checked = _before().checked_at
    age = None if checked is None else (clock.now() - checked).total_seconds()
    if age is not None and 0 <= age < EVERY_SECONDS - 1:
        return False
    place.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    return refresh(within=0.0)


def keep_looking(stop: Event) -> None:
    """Looks until ``stop`` is set; survives a database, and a disk, that goes away and comes back."""
    while not stop.is_set():
        try:
            close_old_connections()
            run_round()
            close_old_connections()
        except Exception:  # whatever happens to one round, the next one is tried
            log.exception("the state of the service could not be looked at; trying again")
        stop.wait(EVERY_SECONDS)


class Memory:
    """What the file tells, kept in the memory of one process."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Read anew at the next question."""
        self._known, self._is_broken = NOTHING, False
        self._stamp: tuple[int, int, int] | None = None
        self._next = 0.0

    def known(self) -> Known:
        """What is known; ``NOTHING`` where there is no file, or it cannot be read."""
        self._look()
        return self._known

    @property
    def is_broken(self) -> bool:
        """Whether there is a file, and it cannot be read."""
        self._look()
        return self._is_broken

    def _look(self) -> None:
        if monotonic() < self._next:
            return
        self._next = monotonic() + STAT_EVERY_SECONDS
        try:
            told = known.place().stat()
            stamp = (told.st_mtime_ns, told.st_ino, told.st_size)
        except OSError:
            stamp = None
        if stamp is not None and stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._known, self._is_broken = known.load(known.place()), False
        except Unreadable as error:
            log.warning("the file of what is known cannot be read: %s", error)
            self._known, self._is_broken = NOTHING, True


MEMORY: Final = Memory()
