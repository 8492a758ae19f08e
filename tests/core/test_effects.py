"""Effects: at least once, once per event when all is well, and one that fails does not stop the others."""

import threading
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import close_old_connections, connection
from django.test.utils import CaptureQueriesContext
from tests import factories as make

from tirek.core import clock
from tirek.core.case import effects, journal
from tirek.core.case.effects import MAX_TRIES, Effect
from tirek.core.case.journal import Event


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    monkeypatch.setattr(effects, "_subscribers", {})
    monkeypatch.setattr(effects, "_by_event", {})
    events: list[UUID] = []

    @effects.subscribe("programme.told", name="test.hear")
    def _hear(event: Event) -> None:
        events.append(event.pk)

    return events


def _tell() -> Event:
    with clock.at(make.MORNING):
        shop = make.Shop()
        event = journal.record(shop.programme, "programme.told", actor=shop.actor)
        effects.emit(event)
    return event


@pytest.mark.django_db
def test_effect__runs_once(heard: list[UUID]) -> None:
    event = _tell()
    with clock.at(make.MORNING):
        assert effects.run() == 1
        assert effects.run() == 0
    assert heard == [event.pk]


@pytest.mark.django_db
@pytest.mark.finding("P-order")
def test_effects__that_wait_are_read_together(heard: list[UUID]) -> None:
    told = [_tell().pk for _ in range(4)]
    with clock.at(make.MORNING), CaptureQueriesContext(connection) as asked:
        assert effects.run() == 4
    assert sorted(heard) == sorted(told)
    assert sum('FROM "core_event"' in one["sql"] for one in asked) == 1


@pytest.mark.django_db
def test_effect__that_fails_is_tried_again_later_and_then_shown(
    heard: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    @effects.subscribe("programme.told", name="test.fail")
    def _fail(event: Event) -> None:
        raise LookupError("gone")

    event = _tell()
    now = make.MORNING
    for _ in range(MAX_TRIES + 2):
        with clock.at(now):
            effects.run()
        now += timedelta(hours=2)
    assert heard == [event.pk]
    assert effects.failed() == [("test.fail", event.pk, "LookupError: gone")]
    assert Effect.objects.get(subscriber="test.fail").tries == MAX_TRIES


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_effect__two_workers_do_not_take_the_same(heard: list[UUID]) -> None:
    for _ in range(10):
        _tell()

    def work() -> None:
        with clock.at(make.MORNING):
            effects.run()
        close_old_connections()
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(heard) == len(set(heard)) == 10


@pytest.mark.django_db
def test_effect__that_fails_waits_longer_each_time(heard: list[UUID]) -> None:
    @effects.subscribe("programme.told", name="test.fail")
    def _fail(event: Event) -> None:
        raise LookupError("gone")

    _tell()
    now = make.MORNING
    for tries, pause in enumerate((2, 4, 8, 16), start=1):
        with clock.at(now):
            effects.run()
            waiting = Effect.objects.get(subscriber="test.fail")
            assert (waiting.tries, waiting.try_after) == (tries, now + timedelta(seconds=pause))
        with clock.at(now + timedelta(seconds=pause - 1)):
            assert effects.run() == 0
        now += timedelta(seconds=pause)
    Effect.objects.filter(subscriber="test.fail").update(tries=MAX_TRIES)
    with clock.at(now):
        effects.run()
    waiting.refresh_from_db()
    assert waiting.try_after == now + timedelta(hours=1), "at most an hour"
