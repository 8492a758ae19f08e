"""How long personal data are kept: a period per class as dated reference data, and what erases the rows that are past
it.

Each app says in its ``personal.py`` which of its tables are forgotten when (``forgets``) and which are kept and why
(``keeps``); a daily job erases what is past its period, in batches of its own transactions. It tells counts, never
whose rows they were.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet

from tirek.core import clock, reference
from tirek.core.case.deadlines import add_months
from tirek.core.errors import Text
from tirek.core.reference import MissingReference, Term, Unit, Value

log = logging.getLogger(__name__)
#: Rows that one transaction erases, and batches of one class in one run: a first run of years goes on the next day.
BATCH: Final = 500
MOST_BATCHES: Final = 2_000

#: ``(before, limit)`` → rows erased, at most ``limit``, of those whose period began before the moment.
Purge = Callable[[datetime, int], int]


@dataclass(frozen=True, slots=True)
class Period:
    """One class of personal data and how it is forgotten.

    Attributes:
        key: reference key of the period, in calendar days or months.
        what: what is erased, for the privacy page.
        since: from when the period runs, for the privacy page.
        models: labels of the tables (``core.Draft``).
        purge: erases what is past it.
    """

    key: str
    what: Text
    since: Text
    models: tuple[str, ...]
    purge: Purge


_periods: dict[str, Period] = {}
_kept: dict[str, str] = {}


def forgets(key: str, *models: str, what: Text, since: Text) -> Callable[[Purge], Purge]:
    """Register the function that erases rows of ``models`` past the period ``key``."""

    def known(function: Purge) -> Purge:
        _periods[key] = Period(key=key, what=what, since=since, models=models, purge=function)
        return function

    return known


def keeps(why: str, *models: str) -> None:
    """Say that tables are kept without a term, and why; ``app.*`` stands for all tables of an app."""
    _kept.update(dict.fromkeys(models, why))


def periods() -> tuple[Period, ...]:
    """Every class that is forgotten, by key."""
    return tuple(_periods[key] for key in sorted(_periods))


def kept() -> dict[str, str]:
    """Tables that are kept, with the reason, by label."""
    return dict(sorted(_kept.items()))


def in_force(on: date) -> list[tuple[Period, Value]]:
    """The classes with their periods in force on a day; one without a value (nothing is loaded yet) is left out."""
    found = []
    for one in periods():
        try:
            found.append((one, reference.value(one.key, at=on)))
        except MissingReference:
            continue
    return found


def moment_before(term: Term, at: datetime) -> datetime:
    """The moment that lies a period before ``at``.

    Raises:
        ValueError: the period is neither in calendar days nor in months.
    """
    if term.unit is Unit.CALENDAR_DAYS:
        return at - timedelta(days=term.amount)
    if term.unit is Unit.MONTHS:
        local = at.astimezone(clock.COUNTRY_ZONE)
        return datetime.combine(add_months(local.date(), -term.amount), local.timetz())
    raise ValueError(f"A retention period is in calendar days or months, not {term.unit}.")


def delete_some(rows: "QuerySet[Any]", limit: int) -> int:
    """Delete at most ``limit`` of ``rows``; returns how many."""
    keys = list(rows.values_list("pk", flat=True)[:limit])
    rows.model._default_manager.filter(pk__in=keys).delete()
    return len(keys)


class Unfinished(RuntimeError):
    """Some classes could not be purged; the others were."""


def _purge(one: Period, now: datetime) -> int:
    before = moment_before(reference.term(one.key, at=clock.today()), now)
    done = 0
    for _batch in range(MOST_BATCHES):
        with transaction.atomic():
            count = one.purge(before, BATCH)
        done += count
        if count < BATCH:
            break
    return done


def run() -> dict[str, int]:
    """Erase what is past its period; returns the rows erased by key. A class that fails does not stop the others.

    Raises:
        Unfinished: at the end, when a class failed; its reason is in the log.
    """
    now, done, failed = clock.now(), dict[str, int](), []
    for one in periods():
        try:
            done[one.key] = _purge(one, now)
        except Exception:  # whatever one class raises, the others have their turn; the job ends as failed
            log.exception("%s could not be purged", one.key)
            failed.append(one.key)
        else:
            if done[one.key]:
                log.info("%s: %d rows were past their period and erased", one.key, done[one.key])
    if failed:
        raise Unfinished(", ".join(failed))
    return done
