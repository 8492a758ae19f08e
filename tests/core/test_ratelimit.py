"""Limits on repetition hold across processes and tell nobody whom they count."""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, connections

from tirek.core import clock
from tirek.core.database import ratelimit
from tirek.core.database.ratelimit import Limit, RateWindow, forgive, give_back, hit
from tirek.core.errors import TooMany

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
THREE_A_MINUTE = (Limit(3, timedelta(minutes=1)),)


def passes(limits: Sequence[Limit] = THREE_A_MINUTE, key: str = "900101350017", name: str = "sign_in.iin") -> bool:
    try:
        hit(name, key, limits=limits)
    except TooMany:
        return False
    return True


@pytest.mark.django_db
def test_a_limit__lets_its_number_through_and_refuses_the_next() -> None:
    with clock.at(NOON):
        assert [passes() for _ in range(5)] == [True, True, True, False, False]


@pytest.mark.django_db
def test_a_refusal__says_after_how_many_seconds_to_come_back() -> None:
    with clock.at(NOON):
        for _ in range(3):
            hit("sign_in.iin", "x", limits=THREE_A_MINUTE)
    with clock.at(NOON + timedelta(seconds=20)), pytest.raises(TooMany) as refused:
        hit("sign_in.iin", "x", limits=THREE_A_MINUTE)
    assert refused.value.retry_after == 40
    assert refused.value.status == 429


@pytest.mark.django_db
def test_a_try_that_is_given_back__is_one_try_and_no_more() -> None:
    with clock.at(NOON):
        give_back("sign_in.iin", "900101350017", limits=THREE_A_MINUTE)
        assert [passes() for _ in range(3)] == [True, True, True]
        give_back("sign_in.iin", "900101350017", limits=THREE_A_MINUTE)
        assert [passes() for _ in range(2)] == [True, False]


@pytest.mark.django_db
def test_a_window__opens_anew_after_its_end_and_not_before() -> None:
    with clock.at(NOON):
        assert [passes() for _ in range(4)] == [True, True, True, False]
    with clock.at(NOON + timedelta(seconds=59)):
        assert not passes()
    with clock.at(NOON + timedelta(seconds=60)):
        assert [passes() for _ in range(4)] == [True, True, True, False]


@pytest.mark.django_db
def test_several_limits__hold_together_and_the_longest_wait_is_told() -> None:
    limits = (Limit(2, timedelta(minutes=1)), Limit(3, timedelta(hours=1)))
    with clock.at(NOON):
        assert [passes(limits) for _ in range(3)] == [True, True, False]
    with clock.at(NOON + timedelta(minutes=2)), pytest.raises(TooMany) as refused:
        hit("sign_in.iin", "900101350017", limits=limits)  # the fourth of the hour
    assert refused.value.retry_after == 58 * 60


@pytest.mark.django_db
def test_names_and_keys__are_counted_apart() -> None:
    with clock.at(NOON):
        assert [passes(key="a") for _ in range(4)].count(True) == 3
        assert passes(key="b")
        assert passes(key="a", name="code.phone")


@pytest.mark.django_db
def test_forgiving__starts_the_key_anew() -> None:
    with clock.at(NOON):
        assert [passes() for _ in range(4)].count(True) == 3
        forgive("sign_in.iin", "900101350017", limits=THREE_A_MINUTE)
        assert passes()


@pytest.mark.django_db
def test_the_table__does_not_show_whom_it_counts() -> None:
    hit("sign_in.iin", "900101350017", limits=THREE_A_MINUTE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM core_ratewindow t")
        [(row,)] = cursor.fetchall()
    assert "900101350017" not in row


def allowed_in_parallel(threads: int) -> int:
    """How many of ``threads`` simultaneous tries pass."""
    gate = threading.Barrier(threads)
    passed: list[bool] = []

    def one() -> None:
        try:
            gate.wait()
            passed.append(passes())
        finally:
            connections.close_all()

    workers = [threading.Thread(target=one) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(passed) == threads
    return passed.count(True)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_twenty_tries_at_the_same_moment__let_exactly_three_through() -> None:
    assert allowed_in_parallel(20) == 3


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_counting_by_reading_and_then_writing__would_let_more_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: the same race against a limit that reads, then writes."""
    gate = threading.Barrier(20)

    def careless(name: str, key: str, *, limits: Sequence[Limit]) -> None:
        digest = ratelimit._digest(name, key, limits[0])
        seen = RateWindow.objects.filter(pk=digest).values_list("count", flat=True).first() or 0
        gate.wait()
        RateWindow.objects.update_or_create(
            pk=digest, defaults={"name": name, "ends_at": clock.now(), "count": seen + 1}
        )
        if seen >= limits[0].times:
            raise TooMany(retry_after=1)

    monkeypatch.setitem(globals(), "hit", careless)
    assert allowed_in_parallel(20) > 3
