"""Failures that people meet: time, place and user group, so that "it hung" can be checked. No personal data.

What had no answer is known to the browser alone: it tells how often and for how long with the next try that gets
through.

A failure is a row. What comes by the thousand is not: reads that are asked to come back under load, and refusals of
whoever is not signed in, who may send as many as they like. A process counts these in memory (``SHED``) and writes them
once a minute, a row per minute, step and refusal.
"""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from django.db import models

from tirek.core import clock
from tirek.core.actors import Actor, Channel
from tirek.core.tables import Row

#: Status and code of what had no answer at all: only the browser knows, and tells it with the next try.
UNANSWERED: Final = 0
UNANSWERED_CODE: Final = "no_answer"


class Failure(Row):
    """One failure that somebody met."""

    at = models.DateTimeField(default=clock.now, db_index=True)
    step = models.CharField(max_length=120, help_text="Name of the page's route.")
    method = models.CharField(max_length=8)
    status = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=60, blank=True, help_text="Code of the refusal, or class of the error.")
    desk = models.CharField(max_length=20)
    channel = models.CharField(max_length=10)
    language = models.CharField(max_length=2)
    milliseconds = models.PositiveIntegerField(help_text="How long the answer took.")
    times = models.PositiveIntegerField(
        default=1, db_default=1, help_text="How often it was met in the minute of ``at``."
    )

    class Meta:
        indexes = [models.Index(fields=["step", "-at"], name="core_failure_step")]

    @property
    def had_no_answer(self) -> bool:
        """Whether the browser told it: ``times`` tries in ``milliseconds`` before the one of ``at``."""
        return self.status == UNANSWERED

    @property
    def seconds(self) -> int:
        """How long it took, in whole seconds."""
        return self.milliseconds // 1000


def record(
    actor: Actor, *, step: str, method: str, status: int, code: str, language: str, milliseconds: int, times: int = 1
) -> None:
    """Keep that somebody met a failure at a step, several ``times`` where one row tells of them."""
    Failure.objects.create(
        step=step[:120],
        method=method[:8],
        status=status,
        code=code[:60],
        desk=actor.desk.value,
        channel=actor.channel.value,
        language=language[:2],
        milliseconds=milliseconds,
        times=times,
    )


#: Code of a page read that was asked to come back.
SHED_CODE: Final = "asked_to_come_back"
_MINUTE: Final = timedelta(minutes=1)
#: Addresses that one process tells apart until it writes; further ones count together.
_MOST_ADDRESSES: Final = 500


_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})
#: Minute, method, address, status and code.
_Met = tuple[datetime, str, str, int, str]


class Shed:
    """What this process refused by the thousand, by minute, method, address and refusal; written at most once a minute.

    Counting asks nothing of the database and keeps no more than a minute and 500 addresses.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._counts: Counter[_Met] = Counter()
        self._since: datetime | None = None

    def count(
        self, method: str, path: str, *, status: int = HTTPStatus.SERVICE_UNAVAILABLE, code: str = SHED_CODE
    ) -> None:
        """Somebody at ``path`` was refused; unless told otherwise, asked to come back."""
        minute = clock.now().replace(second=0, microsecond=0)
        met = (minute, method if method in _METHODS else "other", path, status, code)
        with self._guard:
            known = len(self._counts) < _MOST_ADDRESSES or met in self._counts
            self._counts[met if known else (minute, met[1], "", status, code)] += 1
            self._since = self._since or minute

    def is_due(self) -> bool:
        """Whether something was counted, and its minute is over."""
        since = self._since
        return since is not None and clock.now() >= since + _MINUTE

    def forget(self) -> Counter[_Met]:
        """Start anew; returns what was counted."""
        with self._guard:
            counts, self._counts, self._since = self._counts, Counter(), None
        return counts

    def keep(self, place_of: Callable[[str], tuple[str, str]]) -> None:
        """Write what was counted, one statement.

        Args:
            place_of: step and user group of an address, "" where they are not known. Addresses themselves are not
                written.
        """
        places: Counter[tuple[datetime, str, int, str, str, str]] = Counter()
        for (minute, method, path, status, code), times in self.forget().items():
            places[minute, method, status, code, *place_of(path)] += times
        Failure.objects.bulk_create(
            Failure(
                at=minute,
                step=step[:120],
                method=method,
                status=status,
                code=code[:60],
                desk=desk,
                channel=Channel.WEB.value,
                language="",
                milliseconds=0,
                times=times,
            )
            for (minute, method, status, code, step, desk), times in places.items()
        )


SHED: Final = Shed()
