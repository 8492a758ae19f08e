"""Short work that the worker looks for every second, beside the effects: what must leave at once and is no submission's
affair.

An app registers it in its ``jobs.py``; each piece claims its own rows, so that many workers can come at the same time.
"""

import logging
from collections.abc import Callable

log = logging.getLogger(__name__)
Work = Callable[[], int]
_work: dict[str, Work] = {}


def every_second(name: str) -> Callable[[Work], Work]:
    """Register work: ``() -> rows worked on``, 0 when nothing waits. ``name`` is stable, for example
    ``notices.deliver``.
    """

    def known(function: Work) -> Work:
        _work[name] = function
        return function

    return known


def run() -> int:
    """Do what waits, each piece once; returns the rows worked on. A piece that fails does not stop the others."""
    done = 0
    for name, work in _work.items():
        try:
            done += work()
        except Exception:  # whatever one piece raises, the others have their turn, and it has its own in a second
            log.exception("round %s failed", name)
    return done
