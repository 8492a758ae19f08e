"""A year of the working calendar as twelve months, with the names of its holidays."""

import calendar
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tirek.core.errors import Text
from tirek.core.reference import workcalendar
from tirek.core.reference.workcalendar import CalendarDay

MONTHS: Final[tuple[Text, ...]] = (
    _("January"), _("February"), _("March"), _("April"), _("May"), _("June"),
    _("July"), _("August"), _("September"), _("October"), _("November"), _("December"),
)  # fmt: skip
WEEKDAYS: Final[tuple[tuple[Text, Text], ...]] = (
    (pgettext_lazy("weekday", "Mo"), _("Monday")),
    (pgettext_lazy("weekday", "Tu"), _("Tuesday")),
    (pgettext_lazy("weekday", "We"), _("Wednesday")),
    (pgettext_lazy("weekday", "Th"), _("Thursday")),
    (pgettext_lazy("weekday", "Fr"), _("Friday")),
    (pgettext_lazy("weekday", "Sa"), _("Saturday")),
    (pgettext_lazy("weekday", "Su"), _("Sunday")),
)
#: Names of the library → ours.
HOLIDAYS: Final[dict[str, Text]] = {
    "New Year's Day": _("New Year"),
    "Orthodox Christmas": _("Orthodox Christmas"),
    "International Women's Day": _("International Women's Day"),
    "Nowruz Holiday": _("Nauryz"),
    "Kazakhstan's People Solidarity Holiday": _("Day of Unity of the People of Kazakhstan"),
    "Defender of the Fatherland Day": _("Defender of the Fatherland Day"),
    "Victory Day": _("Victory Day"),
    "Eid al-Adha": _("Kurban Ait"),
    "Capital Day": _("Capital Day"),
    "Constitution Day": _("Constitution Day"),
    "Republic Day": _("Republic Day"),
    "First President Day": _("First President Day"),
    "Independence Day": _("Independence Day"),
    "Day off": _("Moved day off"),
}


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the picture: ``tone`` is "off", "holiday", "moved" (off or working by a decision) or "" (working)."""

    number: int
    tone: str
    words: Text


@dataclass(frozen=True, slots=True)
class Month:
    """A month by weeks; ``None`` where a day is of another month."""

    name: Text
    weeks: list[list[Day | None]]


def holidays_of(year: int) -> list[tuple[date, Text]]:
    """Holidays of a year with their names in the present language."""
    return [(day, HOLIDAYS.get(name, name)) for day, name in workcalendar.holiday_names(year).items()]


def months_of(year: int) -> list[Month]:
    """The twelve months of a year (one query)."""
    moved = {row.day: row.working for row in CalendarDay.objects.filter(day__year=year)}
    named = dict(holidays_of(year))

    def shown(day: date) -> Day:
        if day in moved:
            return Day(day.day, "moved", _("working day") if moved[day] else _("day off"))
        if day in named:
            return Day(day.day, "holiday", named[day])
        return Day(day.day, "", "") if workcalendar.ordinary(day) else Day(day.day, "off", _("day off"))

    weeks = calendar.Calendar().monthdatescalendar
    return [
        Month(
            MONTHS[month - 1],
            [[shown(day) if day.month == month else None for day in week] for week in weeks(year, month)],
        )
        for month in range(1, 13)
    ]
