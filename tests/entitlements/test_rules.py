"""Windows, balances, and why a line can or cannot be ordered."""

import calendar
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tirek.entitlements.rules import Circumstances, Movement, Reason, Window, availability, balance, window_of

DAY = date(2026, 11, 9)
OPEN = Circumstances(
    programme_state="active",
    programme_start=date(2026, 1, 12),
    programme_end=date(2027, 12, 31),
    employer_pays=False,
    channel="portal",
    orderable_from=date(2020, 1, 1),
    period="quarter",
    quantity=365,
    next_on=None,
    deceased=False,
)


@pytest.mark.parametrize(
    ("period", "start", "end"),
    [
        ("day", DAY, DAY),
        ("month", date(2026, 11, 1), date(2026, 11, 30)),
        ("quarter", date(2026, 10, 1), date(2026, 12, 31)),
        ("year", date(2026, 1, 1), date(2026, 12, 31)),
        ("once", date(2026, 1, 12), None),
    ],
)
def test_window__by_period(period: str, start: date, end: date | None) -> None:
    window = window_of(period, DAY, programme_start=date(2026, 1, 12))
    assert (window.start, window.end) == (start, end)


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.sampled_from(["day", "month", "quarter", "year"]))
def test_windows__follow_each_other_without_gap_or_overlap(day: date, period: str) -> None:
    window = window_of(period, day, programme_start=day)
    months = {"month": 1, "quarter": 3, "year": 12}.get(period)
    if months is not None:
        first = (day.month - 1) // months * months + 1
        last = calendar.monthrange(day.year, first + months - 1)[1]
        assert window == Window(date(day.year, first, 1), date(day.year, first + months - 1, last))
    assert window.start <= day
    assert window.end is not None
    assert day <= window.end
    after = window_of(period, window.end + timedelta(days=1), programme_start=day)
    assert after.start == window.end + timedelta(days=1)


def test_once__a_new_window_begins_when_the_replacement_term_is_over() -> None:
    due = date(2026, 11, 9)
    assert window_of("once", due - timedelta(days=1), programme_start=date(2022, 1, 1), next_on=due).start == date(
        2022, 1, 1
    )
    assert window_of("once", due, programme_start=date(2022, 1, 1), next_on=due).start == due


def test_balance__six_kinds_of_entry() -> None:
    sums = balance(
        [
            Movement("grant", 365, 0),
            Movement("reserve", -100, 100),
            Movement("consume", 0, -60),
            Movement("release", 40, -40),
            Movement("correct", 5, 0),
            Movement("expire", -300, 0),
        ]
    )
    assert (sums.granted, sums.available, sums.reserved, sums.received) == (70, 10, 0, 60)


@pytest.mark.parametrize(
    ("change", "movements", "reason", "from_day"),
    [
        ({}, [], Reason.AVAILABLE, None),
        ({"deceased": True}, [], Reason.DECEASED, None),
        ({"programme_end": date(2026, 11, 8)}, [], Reason.PROGRAMME_EXPIRED, None),
        ({"programme_state": "expired"}, [], Reason.PROGRAMME_EXPIRED, None),
        ({"programme_state": "cancelled"}, [], Reason.PROGRAMME_ENDED, None),
        ({"programme_state": "replaced"}, [], Reason.PROGRAMME_REPLACED, None),
        (
            {"programme_state": "replaced", "programme_end": date(2026, 11, 8)},
            [],
            Reason.PROGRAMME_REPLACED,
            None,
        ),
        ({"employer_pays": True}, [], Reason.EMPLOYER_PAYS, None),
        ({"channel": "procurement"}, [], Reason.PROCUREMENT, None),
        ({"orderable_from": None}, [], Reason.NOT_ON_PORTAL_YET, None),
        ({"orderable_from": date(2027, 1, 1)}, [], Reason.NOT_ON_PORTAL_YET, date(2027, 1, 1)),
        ({"next_on": date(2027, 5, 1)}, [], Reason.TERM_NOT_OVER, date(2027, 5, 1)),
        ({}, [Movement("reserve", -365, 365)], Reason.QUOTA_RESERVED, date(2027, 1, 1)),
        ({}, [Movement("reserve", -365, 365), Movement("consume", 0, -365)], Reason.QUOTA_USED, date(2027, 1, 1)),
        ({"programme_end": date(2026, 12, 31)}, [Movement("reserve", -365, 365)], Reason.QUOTA_RESERVED, None),
        ({"period": "once", "quantity": 1}, [Movement("reserve", -1, 1)], Reason.ALL_RESERVED, None),
        (
            {"period": "once", "quantity": 1},
            [Movement("reserve", -1, 1), Movement("consume", 0, -1)],
            Reason.ALL_RECEIVED,
            None,
        ),
    ],
)
def test_availability__says_why_and_from_when(
    change: dict[str, object], movements: list[Movement], reason: Reason, from_day: date | None
) -> None:
    state = availability(replace(OPEN, **change), movements, on=DAY)  # type: ignore[arg-type]  # a table of changes
    assert (state.reason, state.from_day) == (reason, from_day)
    assert (state.quantity > 0) is (reason is Reason.AVAILABLE)


@given(st.lists(st.integers(1, 200), max_size=6))
def test_availability__never_offers_more_than_is_left(reserved: list[int]) -> None:
    movements, left = [], 365
    for quantity in reserved:
        if quantity <= left:
            movements.append(Movement("reserve", -quantity, quantity))
            left -= quantity
    assert availability(OPEN, movements, on=DAY).quantity == left
