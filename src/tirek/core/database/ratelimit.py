"""Named limits on repetition, counted in one table that all processes share.

A limit opens a window at the first hit and closes it after its length; hits inside are counted, also those beyond the
limit. One statement counts, so two requests at the same moment are two hits. Keys are kept as fingerprints: the table
tells nobody whose IIN or telephone was tried.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, models

from tirek.core import clock
from tirek.core.crypto import fingerprint
from tirek.core.errors import TooMany


class RateWindow(models.Model):
    """Hits of one key on one limit since the window opened."""

    digest = models.CharField(max_length=64, primary_key=True)
    name = models.CharField(max_length=60)
    ends_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField()

    class Meta:
        app_label = "core"
        db_table = "core_ratewindow"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``times`` hits ``within`` a length of time."""

    times: int
    within: timedelta


_COUNT = """
INSERT INTO core_ratewindow AS kept (digest, name, ends_at, count)
SELECT digest, name, ends_at, 1 FROM unnest(%s::text[], %s::text[], %s::timestamptz[]) AS hit (digest, name, ends_at)
ORDER BY digest
ON CONFLICT (digest) DO UPDATE SET
    count = CASE WHEN kept.ends_at <= %s THEN 1 ELSE kept.count + 1 END,
    ends_at = CASE WHEN kept.ends_at <= %s THEN excluded.ends_at ELSE kept.ends_at END
RETURNING digest, count, ends_at
"""


def hit(name: str, key: str, *, limits: Sequence[Limit]) -> None:
    """Counts one try of ``key`` (an IIN, a telephone, an address of the net) under the limit ``name``, for example
    ``sign_in.iin``.

    Call it before the transaction of the act itself: inside one, a refusal that rolls back would take the count with
    it.

    Raises:
        TooMany: one of ``limits`` is passed; ``retry_after`` says in how many seconds the last of the passed windows
            ends.
    """
    now = clock.now()
    digests = {_digest(name, key, limit): limit for limit in limits}
    ends = [now + limit.within for limit in digests.values()]
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [list(digests), [name] * len(digests), ends, now, now])
        passed = [ends_at for digest, count, ends_at in cursor.fetchall() if count > digests[digest].times]
    if passed:
        raise TooMany(retry_after=max(1, round((max(passed) - now).total_seconds())))


def forgive(name: str, key: str, *, limits: Sequence[Limit]) -> None:
    """Starts ``key`` anew under the limit, for example after a right code."""
    RateWindow.objects.filter(pk__in=[_digest(name, key, limit) for limit in limits]).delete()


def give_back(name: str, key: str, *, limits: Sequence[Limit]) -> None:
    """Takes one try of ``key`` off again: what it was for could not be done, and that was nobody's doing."""
    windows = RateWindow.objects.filter(pk__in=[_digest(name, key, limit) for limit in limits], count__gt=0)
    windows.update(count=models.F("count") - 1)


def _digest(name: str, key: str, limit: Limit) -> str:
    return fingerprint(f"{name}\0{int(limit.within.total_seconds())}\0{key}")
