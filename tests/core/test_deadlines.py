"""Working calendar and deadlines: last days, pauses, lights."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import factories as make

from tirek.core import clock
from tirek.core.case import deadlines
from tirek.core.case.deadlines import Deadline, Light, add_months, due_at, end_of_day
from tirek.core.keys import uuid7
from tirek.core.reference import Term, Unit
from tirek.core.reference.workcalendar import (
    CalendarDay,
    WorkCalendar,
    calendar,
    ordinary,
)

PLAIN = WorkCalendar(moved={})
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 11, 9), True),
        (date(2026, 11, 14), False),
        (date(2026, 3, 23), False),  # Nauryz
        (date(2026, 12, 16), False),  # Independence Day
        (date(2026, 1, 1), False),
    ],
)
def test_calendar__knows_weekends_and_holidays_of_kazakhstan(day: date, working: bool) -> None:
    assert ordinary(day) is working


def test_calendar__a_moved_saturday_works_and_the_day_it_replaces_does_not() -> None:
    moved = WorkCalendar(moved={date(2026, 11, 14): True, date(2026, 11, 16): False})
    assert moved.add_working_days(date(2026, 11, 13), 1) == date(2026, 11, 14)
    assert moved.add_working_days(date(2026, 11, 14), 1) == date(2026, 11, 17)


@given(days, st.integers(1, 60))
def test_working_days__added_and_counted_agree(day: date, count: int) -> None:
    last = PLAIN.add_working_days(day, count)
    assert PLAIN.is_working(last)
    assert PLAIN.working_days_between(day, last) == count


@given(days)
def test_roll_forward__gives_the_next_working_day(day: date) -> None:
    rolled = PLAIN.roll_forward(day)
    assert PLAIN.is_working(rolled)
    assert rolled == day or not PLAIN.is_working(day)
    assert PLAIN.working_days_between(day, rolled) <= 1


def at(day: date, hour: int = 12) -> datetime:
    return datetime.combine(day, time(hour), clock.COUNTRY_ZONE)


@pytest.mark.parametrize(
    ("opened", "term", "last"),
    [
        # Wednesday + 10 calendar days is a Saturday: rolled to Monday
        (date(2026, 11, 4), Term(10, Unit.CALENDAR_DAYS), date(2026, 11, 16)),
        (date(2026, 11, 9), Term(10, Unit.CALENDAR_DAYS), date(2026, 11, 19)),
        (date(2026, 11, 12), Term(5, Unit.WORKING_DAYS), date(2026, 11, 19)),
        (date(2026, 8, 31), Term(6, Unit.MONTHS), date(2027, 3, 1)),
        # 14 working days over Independence Day
        (date(2026, 12, 10), Term(5, Unit.WORKING_DAYS), date(2026, 12, 18)),
    ],
)
def test_due_at__ends_with_the_last_day(opened: date, term: Term, last: date) -> None:
    assert due_at(at(opened), term, PLAIN) == end_of_day(last)


def test_due_at__hours_count_by_the_clock() -> None:
    moment = datetime(2026, 11, 13, 22, 0, tzinfo=UTC)
    assert due_at(moment, Term(24, Unit.HOURS), PLAIN) == moment + timedelta(hours=24)


@given(days, st.integers(0, 60))
def test_add_months__lands_in_the_right_month_and_never_later_in_it(day: date, count: int) -> None:
    later = add_months(day, count)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == count
    assert later.day <= day.day
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


@given(st.dates(date(1900, 1, 31), date(2100, 12, 31)), st.integers(-120, 600))
def test_add_months__is_the_months_last_day_where_the_day_is_missing(day: date, count: int) -> None:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    last = monthrange(year, month + 1)[1]
    assert add_months(day, count) == date(year, month + 1, min(day.day, last))


@pytest.mark.django_db
def test_pause__moves_the_end_by_as_long_as_it_lasted() -> None:
    with clock.at(make.MORNING):
        order = make.Shop().order(10)
        (before,) = deadlines.open_of(order)
        deadlines.pause(order)
        assert deadlines.open_of(order)[0].present_light == Light.PAUSED
    with clock.at(make.MORNING + timedelta(days=20)):
        assert deadlines.due(limit=10) == []
        deadlines.resume(order)
        (after,) = deadlines.open_of(order)
    # the 19th + 20 days is Wednesday, 9 December
    assert (before.last_day, after.last_day) == (date(2026, 11, 19), date(2026, 12, 9))
    assert after.pauses.get().ended_at == make.MORNING + timedelta(days=20)


@pytest.mark.django_db
def test_light__turns_yellow_in_the_last_quarter_and_red_at_the_end() -> None:
    with clock.at(make.MORNING):
        (one,) = deadlines.open_of(make.Shop().order(10))
    assert one.light(make.MORNING) == Light.GREEN
    assert one.light(one.due_at - timedelta(days=2)) == Light.YELLOW
    assert one.light(one.due_at) == Light.RED


@pytest.mark.django_db
def test_calendar__reads_moved_days() -> None:
    CalendarDay.objects.create(day=date(2026, 11, 14), working=True, citation="test")
    assert calendar().is_working(date(2026, 11, 14))


def _awaited(unit: Unit, due: datetime) -> Deadline:
    return Deadline(
        case_type="order", case_id=uuid7(), transition="x", otherwise="y", opened_at=due, due_at=due, unit=unit
    )


@pytest.mark.parametrize(
    ("unit", "due", "started", "ended", "moved"),
    [
        # an hour and a half at night: hours and minutes go on by exactly that
        (
            Unit.HOURS,
            at(date(2026, 11, 9), 20),
            at(date(2026, 11, 7), 2),
            at(date(2026, 11, 7), 4),
            at(date(2026, 11, 9), 22),
        ),
        (
            Unit.MINUTES,
            at(date(2026, 11, 9), 20),
            at(date(2026, 11, 9), 1),
            at(date(2026, 11, 9), 2),
            at(date(2026, 11, 9), 21),
        ),
        # Friday to Tuesday are two working days: Thursday's end becomes the end of Monday
        (
            Unit.WORKING_DAYS,
            end_of_day(date(2026, 11, 12)),
            at(date(2026, 11, 6)),
            at(date(2026, 11, 10)),
            end_of_day(date(2026, 11, 16)),
        ),
        # a weekend is no working day: nothing moves
        (
            Unit.WORKING_DAYS,
            end_of_day(date(2026, 11, 12)),
            at(date(2026, 11, 6)),
            at(date(2026, 11, 8)),
            end_of_day(date(2026, 11, 12)),
        ),
        # two calendar days from Thursday are a Saturday: rolled to Monday
        (
            Unit.CALENDAR_DAYS,
            end_of_day(date(2026, 11, 12)),
            at(date(2026, 11, 9)),
            at(date(2026, 11, 11)),
            end_of_day(date(2026, 11, 16)),
        ),
        (
            Unit.MONTHS,
            end_of_day(date(2026, 11, 12)),
            at(date(2026, 11, 9)),
            at(date(2026, 11, 10)),
            end_of_day(date(2026, 11, 13)),
        ),
    ],
)
def test_pause__moves_each_unit_in_its_own_way(
    unit: Unit, due: datetime, started: datetime, ended: datetime, moved: datetime
) -> None:
    assert deadlines.moved_due_at(_awaited(unit, due), started, ended, PLAIN) == moved
