"""Several people at one moment, with real threads."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final

import pytest
from django.db import close_old_connections, connection
from tests import factories as make

from tirek.core import clock

#: How long somebody waits for another whom a lock keeps out; and for one whom nothing keeps out.
KEPT_OUT: Final = 1.0
FREE: Final = 20.0


@contextlib.contextmanager
def meeting(place: object, name: str, *, seconds: float, before: bool = False) -> Iterator[None]:
    """Two who call ``place.name`` go on together, after the call (or ``before`` it); one who stays alone goes on after
    ``seconds``.
    """
    gate, real = threading.Barrier(2), getattr(place, name)

    def meet() -> None:
        with contextlib.suppress(threading.BrokenBarrierError):
            gate.wait(timeout=seconds)

    def called(*args: Any, **kwargs: Any) -> Any:
        if before:
            meet()
        found = real(*args, **kwargs)
        if not before:
            meet()
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(place, name, called)
        yield


def at_once(*jobs: Callable[[], object], at: datetime = make.MORNING) -> list[object]:
    """Run jobs in threads that start together; returns results or the errors they raised, in order."""
    gate, results = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(place: int, job: Callable[[], object]) -> None:
        try:
            with clock.at(at):
                gate.wait(timeout=20)
                results[place] = job()
        except Exception as error:  # noqa: BLE001 - the error is the result
            results[place] = error
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=run, args=(place, job)) for place, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results
