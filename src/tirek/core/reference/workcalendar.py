"""Working calendar of Kazakhstan: public holidays, moved days, hours of a body.

Source of holidays: the ``holidays`` package (Law on holidays № 267-II); moved days are dated rows that an installation
imports when the government announces them. A working Saturday or Sunday counts as a working day.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

import holidays
from django.db import models

from tirek.core.reference.snapshot import Snapshot
from tirek.core.tables import Row

IsWorking = Callable[[date], bool]
_WEEKEND: Final = 5


class CalendarDay(Row):
    """A day that differs from the ordinary calendar: a day off that works, or a working day that is off."""

    day = models.DateField(unique=True)
    working = models.BooleanField()
    citation = models.CharField(max_length=300)


class OpeningHours(Row):
    """Hours of a body on a weekday, from a date on; ``cut_off`` is the moment after which a submission counts as the
    next day's.
    """

    body_id = models.UUIDField()
    weekday = models.PositiveSmallIntegerField(help_text="0 Monday … 6 Sunday.")
    opens = models.TimeField()
    closes = models.TimeField()
    cut_off = models.TimeField()
    effective_from = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["body_id", "weekday", "effective_from"], name="core_openinghours_version"),
            models.CheckConstraint(condition=models.Q(weekday__lte=6), name="core_openinghours_weekday"),
        ]


@lru_cache(maxsize=64)
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("KZ", years=year))


@lru_cache(maxsize=64)
def holiday_names(year: int) -> dict[date, str]:
    """Public holidays of a year, weekends included, with their names in English; a day off that follows a holiday on a
    weekend has its name, too.
    """
    named = holidays.country_holidays("KZ", years=year, language="en_US")
    return {day: name.partition(" (")[0] for day, name in sorted(named.items())}


def public_holidays(year: int) -> list[date]:
    """Days off of a year that are no weekend, by the law on holidays."""
    return sorted(day for day in _public_holidays(year) if day.weekday() < _WEEKEND)


def ordinary(day: date) -> bool:
    """Whether a day works by weekday and public holidays alone."""
    return day.weekday() < _WEEKEND and day not in _public_holidays(day.year)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The calendar with its moved days, read once for a piece of work."""

    moved: dict[date, bool]

    def is_working(self, day: date) -> bool:
        """Whether ``day`` is a working day."""
        return self.moved.get(day, ordinary(day))

    def roll_forward(self, day: date) -> date:
        """``day`` itself when it works, else the next working day."""
        while not self.is_working(day):
            day += timedelta(days=1)
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """The last of ``count`` working days that begin on the day after ``day``."""
        while count > 0:
            day += timedelta(days=1)
            if self.is_working(day):
                count -= 1
        return day

    def working_days_between(self, first: date, last: date) -> int:
        """Working days after ``first`` up to and with ``last`` (0 when ``last`` is not later)."""
        return sum(self.is_working(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))


_snapshot = Snapshot(lambda: WorkCalendar(moved=dict(CalendarDay.objects.values_list("day", "working"))))


def calendar() -> WorkCalendar:
    """The calendar with its moved days (``core.snapshot``)."""
    return _snapshot.get()
