"""What changes by date and not by the minute is read once and kept by each process for a short time.

Reference data, rules and the working calendar are dated: a process that reads a new version half a minute later does
nothing wrong. What two people can change at once is never kept here.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final, Generic, TypeVar, cast

T = TypeVar("T")
SECONDS: Final = 30.0
_all: list["Snapshot[object]"] = []
#: What was read in a block that is ``apart``; ``None`` outside of one.
_own: Final[ContextVar[dict["Snapshot[Any]", object] | None]] = ContextVar("tirek_snapshots_apart", default=None)


@contextmanager
def apart() -> Iterator[None]:
    """Within the block dated data are read for it alone: what a transaction tries and takes back reaches nobody else
    of this process, and what they know is not known here.
    """
    token = _own.set({})
    try:
        yield
    finally:
        _own.reset(token)


class Snapshot(Generic[T]):
    """The answer of ``load``, at most ``SECONDS`` old."""

    def __init__(self, load: Callable[[], T]) -> None:
        self._load = load
        self._kept: tuple[float, T] | None = None
        _all.append(self)  # type: ignore[arg-type]  # a list of all kinds, to be forgotten

    def get(self) -> T:
        """The kept answer, or a fresh one."""
        own = _own.get()
        if own is not None:
            if self not in own:
                own[self] = self._load()
            return cast("T", own[self])
        kept = self._kept
        if kept is None or time.monotonic() - kept[0] > SECONDS:
            kept = self._kept = (time.monotonic(), self._load())
        return kept[1]

    def forget(self) -> None:
        """Read anew at the next question."""
        own = _own.get()
        if own is None:
            self._kept = None
        else:
            own.pop(self, None)


def forget_all() -> None:
    """Every snapshot of this process is read anew at the next question."""
    for one in _all:
        one.forget()
