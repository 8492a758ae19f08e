"""How a case stands, in SQL and in Python alike: what is owed, what has passed, by which light."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import factories as make
from tests.core import made_up
from tests.core.made_up import MadeUp, Well, act, begun

from tirek.core import clock
from tirek.core.actors import CLOCK, Actor
from tirek.core.case import deadlines
from tirek.core.case.deadlines import Deadline, Light, Outcome
from tirek.core.reference import Unit

DAY, MOMENT = timedelta(days=1), timedelta(microseconds=1)


def owe(case: MadeUp, *, due: datetime, what: str = "finish", otherwise: str = "", **columns: Any) -> Deadline:
    """Something more is owed."""
    made = Deadline.objects.create(
        case_type=made_up.TYPES[type(case)].code,
        case_id=case.pk,
        transition=what,
        otherwise=otherwise or f"o{Deadline.objects.count()}",
        opened_at=columns.pop("opened", make.MORNING),
        due_at=due,
        unit=Unit.HOURS,
        **columns,
    )
    keep(case)
    return made


def keep(case: MadeUp) -> None:
    """What ``perform`` does with the deadlines of its own."""
    deadlines.settle(case)
    case.save()


def stands(case: MadeUp) -> Deadline | None:
    return deadlines.standing_of("well", [case]).get(case.pk)


def in_sql() -> dict[Any, tuple[datetime | None, str | None]]:
    rows = Well._default_manager.annotate(light=deadlines.light_now())
    return {key: (due, light) for key, due, light in rows.values_list("pk", "due_at", "light")}


def agree(*cases: MadeUp) -> None:
    """SQL says of each case what Python says."""
    told, found = deadlines.standing_of("well", cases), in_sql()
    for case in cases:
        one = told.get(case.pk)
        assert found[case.pk] == ((one.due_at, one.present_light.value) if one else (None, None))


def test_standing__is_the_soonest_that_is_open(clerk: Actor) -> None:
    well = begun(Well, clerk)
    owe(well, due=make.MORNING + 3 * DAY)
    soonest = owe(well, due=make.MORNING + DAY)
    owe(well, due=make.MORNING + 2 * DAY)
    assert stands(well) == soonest
    agree(well)


def test_standing__what_is_open_goes_before_what_has_passed(clerk: Actor) -> None:
    well = begun(Well, clerk)
    owe(well, due=make.MORNING, closed_at=make.MORNING + DAY, outcome=Outcome.PASSED)
    late = owe(well, due=make.MORNING + 9 * DAY)
    with clock.at(make.MORNING + 2 * DAY):
        assert stands(well) == late
        agree(well)


def test_standing__tells_what_has_passed_in_the_present_state(clerk: Actor) -> None:
    well = begun(Well, clerk)
    passed = owe(well, due=make.MORNING + DAY, closed_at=make.MORNING + 2 * DAY, outcome=Outcome.PASSED)
    with clock.at(make.MORNING + 3 * DAY):
        assert stands(well) == passed
        assert passed.present_light is Light.RED
        agree(well)


def test_standing__forgets_what_passed_in_an_earlier_state(clerk: Actor) -> None:
    well = begun(Well, clerk)
    passed = owe(well, due=make.MORNING + DAY, closed_at=make.MORNING + 2 * DAY, outcome=Outcome.PASSED)
    # what brought the case into its present state, or went before it, is over
    for since, told in ((2 * DAY - MOMENT, passed), (2 * DAY, None), (5 * DAY, None)):
        well.state_since = make.MORNING + since
        keep(well)
        with clock.at(make.MORNING + 6 * DAY):
            assert stands(well) == told
            agree(well)


@pytest.mark.parametrize("outcome", [Outcome.MET, Outcome.LATE, Outcome.DROPPED])
def test_standing__what_was_done_or_dropped_is_owed_no_more(clerk: Actor, outcome: Outcome) -> None:
    well = begun(Well, clerk)
    owe(well, due=make.MORNING + DAY, closed_at=make.MORNING + 2 * DAY, outcome=outcome)
    assert stands(well) is None
    agree(well)


def test_standing__a_reminder_is_owed_by_nobody(clerk: Actor) -> None:
    well = begun(Well, clerk)
    owe(well, due=make.MORNING + DAY, what="remind", otherwise="remind")
    assert stands(well) is None
    later = owe(well, due=make.MORNING + 2 * DAY)
    owe(well, due=make.MORNING, what="call", otherwise="call", closed_at=make.MORNING + DAY, outcome=Outcome.PASSED)
    assert stands(well) == later
    agree(well)


def test_standing__of_another_case_or_another_type_counts_nothing(clerk: Actor) -> None:
    well, visit = begun(Well, clerk), begun(made_up.Visit, clerk)
    owe(visit, due=make.MORNING + DAY)
    Deadline.objects.update(case_id=well.pk)
    assert stands(well) is None
    other = begun(Well, clerk, last_day=clock.today())
    assert stands(well) is None
    assert stands(other) is not None
    agree(well, other)


def test_a_case_that_has_ended__stands_nowhere(clerk: Actor) -> None:
    done, late = (begun(Well, clerk, last_day=clock.today()) for _n in range(2))
    agree(done, late)
    done = act(done, "finish", actor=clerk)
    owe(done, due=make.MORNING + 9 * DAY)
    with clock.at(make.MORNING + 2 * DAY):
        late = act(late, "pass", actor=CLOCK)
        assert Deadline.objects.filter(case_id=late.pk, outcome=Outcome.PASSED, closed_at=late.state_since).exists()
        for ended in (done, late):
            assert stands(ended) is None
            assert in_sql()[ended.pk] == (None, None)


def test_paused__shows_the_pause_whatever_the_end(clerk: Actor) -> None:
    well = begun(Well, clerk, last_day=clock.today())
    deadlines.pause(well)
    for later in (timedelta(), DAY, 30 * DAY):
        with clock.at(make.MORNING + later):
            one = stands(well)
            assert one is not None
            assert one.present_light is Light.PAUSED
            assert in_sql()[well.pk][1] == "paused"
            agree(well)
    with clock.at(make.MORNING + 2 * DAY):
        deadlines.resume(well)
        agree(well)
        one = stands(well)
        assert one is not None
        assert one.present_light is not Light.PAUSED


#: The bounds of a strategy are naive.
FIRST, LAST = datetime(2024, 1, 1), datetime(2030, 1, 1)  # noqa: DTZ001 - Hypothesis takes no others
moments = st.datetimes(FIRST, LAST, timezones=st.just(UTC))
spans = st.one_of(st.timedeltas(timedelta(), timedelta(seconds=9)), st.timedeltas(timedelta(), timedelta(days=900)))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(opened=moments, span=spans, aside=moments, is_paused=st.booleans())
def test_light__is_the_same_in_sql_and_in_python(
    clerk: Actor, opened: datetime, span: timedelta, aside: datetime, is_paused: bool
) -> None:
    well = Well._default_manager.first() or begun(Well, clerk)
    Deadline.objects.all().delete()
    one = owe(well, due=opened + span, opened=opened, paused_at=opened if is_paused else None)
    soon = one.due_at - span * deadlines.SOON_SHARE
    for turn in (opened, soon, one.due_at, aside, opened + span / 2):
        for at in (turn - MOMENT, turn, turn + MOMENT):
            with clock.at(at):
                assert in_sql()[well.pk] == (one.due_at, one.light(at).value), at
                assert one.present_light is one.light(at)


@pytest.mark.parametrize("share", [0, 1, 2, 3, 4, 5])
def test_light__turns_yellow_when_a_quarter_of_the_time_is_left(clerk: Actor, share: int) -> None:
    one = owe(begun(Well, clerk), due=make.MORNING + 4 * DAY)
    lights = [Light.GREEN, Light.GREEN, Light.GREEN, Light.YELLOW, Light.RED, Light.RED]
    assert one.light(make.MORNING + share * DAY) is lights[share]


def test_standing__asks_once_however_many_cases_there_are(clerk: Actor, django_assert_num_queries: Any) -> None:
    wells = [begun(Well, clerk, last_day=clock.today()) for _n in range(3)]
    with django_assert_num_queries(1):
        assert set(deadlines.standing_of("well", wells)) == {one.pk for one in wells}
