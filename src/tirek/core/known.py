"""What was looked up for many at once, and is known to what is called inside a block."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Generic, TypeVar

T = TypeVar("T")


class Known(Generic[T]):
    """Something that is known within a block, and nowhere else."""

    def __init__(self, name: str) -> None:
        self._kept: ContextVar[T | None] = ContextVar(name, default=None)

    def get(self) -> T | None:
        """What is known now; ``None`` outside of any block."""
        return self._kept.get()

    @contextmanager
    def within(self, known: T) -> Iterator[None]:
        """Inside, this is known."""
        token = self._kept.set(known)
        try:
            yield
        finally:
            self._kept.reset(token)
