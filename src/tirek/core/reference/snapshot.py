"""What changes by date and not by the minute is read once and kept by each process for a short time.

Reference data, rules and the working calendar are dated: a process that reads a new version half a minute later does
nothing wrong. What two people can change at once is never kept here.
"""

import time
from collections.abc import Callable
from typing import Final, Generic, TypeVar

T = TypeVar("T")
SECONDS: Final = 30.0
_all: list["Snapshot[object]"] = []


class Snapshot(Generic[T]):
    """The answer of ``load``, at most ``SECONDS`` old."""

    def __init__(self, load: Callable[[], T]) -> None:
        self._load = load
        self._kept: tuple[float, T] | None = None
        _all.append(self)  # type: ignore[arg-type]  # a list of all kinds, to be forgotten

    def get(self) -> T:
        """The kept answer, or a fresh one."""
        kept = self._kept
        if kept is None or time.monotonic() - kept[0] > SECONDS:
            kept = self._kept = (time.monotonic(), self._load())
        return kept[1]

    def forget(self) -> None:
        """Read anew at the next question."""
        self._kept = None


def forget_all() -> None:
    """Every snapshot of this process is read anew at the next question."""
    for one in _all:
        one.forget()
