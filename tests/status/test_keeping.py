"""A machine looks at the service by itself and keeps what it has seen."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from tests import factories as make
from tests.kit.together import at_once
from tests.status.declared import entered

from tirek.core import clock
from tirek.core.service import health
from tirek.notices.models import Delivery, Notice, Route
from tirek.notices.queries import on_the_way
from tirek.status import actions, keeping, known
from tirek.status.known import NOTHING
from tirek.status.models import Part
from tirek.status.rules import State

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_refused_at", [])
    monkeypatch.setattr(health.shutil, "disk_usage", lambda _path: SimpleNamespace(free=10**10))


@pytest.fixture
def _morning() -> Iterator[None]:
    with clock.at(make.MORNING):
        yield


def worker_seen(seconds_ago: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s))",
            [seconds_ago],
        )


def job_waits(seconds: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('default', 't') RETURNING id",
        )
        (key,) = cursor.fetchone()
        cursor.execute("DELETE FROM procrastinate_events WHERE job_id = %s", [key])
        cursor.execute(
            "INSERT INTO procrastinate_events (job_id, type, at) "
            "VALUES (%s, 'deferred', now() - make_interval(secs => %s))",
            [key, seconds],
        )


def states() -> dict[str, State]:
    return {code: one.state for code, one in keeping.look(NOTHING).parts.items()}


def test_parts__work_where_worker_disk_and_messages_do() -> None:
    worker_seen(5)
    assert states() == dict.fromkeys(Part.values, State.WORKS)


def test_worker__that_is_silent_or_behind_is_seen() -> None:
    assert states()["worker"] is State.DOWN
    worker_seen(5)
    job_waits(200)
    assert states()["worker"] is State.WORKS
    job_waits(400)
    assert states()["worker"] is State.LATE


def test_disk__that_is_full_and_a_folder_that_is_not_ours_stop_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health.shutil, "disk_usage", lambda _path: SimpleNamespace(free=1000))
    assert states()["files"] is State.DOWN
    monkeypatch.undo()
    monkeypatch.setattr(health.shutil, "disk_usage", lambda _path: SimpleNamespace(free=10**10))
    monkeypatch.setattr("tirek.files.queries.os.access", lambda _path, _mode: False)
    assert states()["files"] is State.DOWN


def test_way__that_an_installation_has_not_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    worker_seen(5)
    monkeypatch.setattr(settings, "DEMO", False)
    monkeypatch.setattr(settings, "EMAIL_HOST", "")
    assert (states()["sms"], states()["email"]) == (State.OFF, State.OFF)
    monkeypatch.setattr(settings, "EMAIL_HOST", "mail.example")
    monkeypatch.setattr(settings, "TIREK_NOTICE_CHANNELS", {"sms": "somewhere.send"})
    assert (states()["sms"], states()["email"]) == (State.WORKS, State.WORKS)


@pytest.mark.usefixtures("_morning")
@pytest.mark.parametrize(
    ("said", "waits", "lost"),
    [
        ({"state": "pending", "try_after": make.MORNING}, False, 0),
        ({"state": "pending", "try_after": make.MORNING - timedelta(minutes=11)}, True, 0),
        ({"state": "pending", "try_after": make.MORNING + timedelta(minutes=5), "tries": 2}, True, 0),
        ({"state": "claimed", "claimed_at": make.MORNING - timedelta(minutes=11)}, True, 0),
        ({"state": "claimed", "claimed_at": make.MORNING}, False, 0),
        ({"state": "failed"}, False, 1),
        ({"state": "unknown"}, False, 1),
        ({"state": "failed", "created_at": make.MORNING - timedelta(hours=2)}, False, 0),
        ({"state": "sent"}, False, 0),
    ],
)
def test_messages_on_their_way__are_counted_by_the_way(said: dict[str, object], waits: bool, lost: int) -> None:
    notice = Notice.objects.create(user_id=make.user_of(make.officer()), template="t")
    Delivery.objects.create(notice=notice, channel="sms", address="+7", language="kk", **said)
    told = on_the_way(clock.now())
    assert (told[Route.SMS].waits, told[Route.SMS].lost) == (waits, lost)
    assert (told[Route.EMAIL].waits, told[Route.EMAIL].lost) == (False, 0)


def test_database_that_is_away__keeps_what_was_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    worker_seen(5)
    actions.announce(actor=make.staff("centre", "admin"), entered=entered())
    before = keeping.look(NOTHING)

    def gone(*_args: object) -> None:
        raise OperationalError("gone")

    with monkeypatch.context() as broken:
        broken.setattr(connection, "cursor", gone)
        broken.setattr(keeping, "to_be_told", gone)
        after = keeping.look(before)
    assert {code: one.state for code, one in after.parts.items()} == {
        "pages": State.DOWN,
        "database": State.DOWN,
        "worker": State.UNKNOWN,
        "sms": State.UNKNOWN,
        "email": State.UNKNOWN,
        "files": State.WORKS,
    }
    assert after.parts["worker"].seen is State.WORKS
    assert after.parts["worker"].seen_at == before.checked_at
    assert (after.read_at, after.announcements) == (before.read_at, before.announcements)
    assert len(after.announcements) == 1


@pytest.mark.usefixtures("_morning")
def test_round__is_done_by_one_process_and_not_twice_in_a_few_seconds(place: Path) -> None:
    assert keeping.run_round()
    assert not keeping.run_round()
    with known.alone(place, within=1) as mine, clock.at(make.MORNING + timedelta(seconds=20)):
        assert mine
        assert not keeping.run_round(), "another process is at it"
    with clock.at(make.MORNING + timedelta(seconds=20)):
        assert keeping.run_round()
    with clock.at(make.MORNING - timedelta(days=1)):
        assert keeping.run_round(), "a clock that was set back"


def test_folder_that_cannot_be_written__stops_nothing(
    place: Path, caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: object
) -> None:
    place.parent.write_text("a file where the folder should be")
    boss = make.staff("centre", "admin")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        actions.announce(actor=boss, entered=entered())
    assert "could not be written" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_announcement__is_in_the_file_as_soon_as_it_is_saved(place: Path) -> None:
    boss = make.staff("centre", "admin")
    made = actions.announce(actor=boss, entered=entered())
    assert [one.key for one in known.load(place).announcements] == [str(made.key)]
    actions.withdraw(actor=boss, key=made.key, version=1)
    assert known.load(place).announcements == ()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_round_that_began_before_a_save__does_not_write_over_it(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read first is never written last: whoever saves waits for the round."""
    boss = make.staff("centre", "admin")
    read, go_on, real = Event(), Event(), keeping.look

    def slow(before: known.Known) -> known.Known:
        found = real(before)
        if not read.is_set():
            read.set()
            go_on.wait(20)
        return found

    monkeypatch.setattr(keeping, "look", slow)
    thread = Thread(target=lambda: at_once(keeping.refresh))
    thread.start()
    assert read.wait(20)
    saving = Thread(target=lambda: at_once(lambda: actions.announce(actor=boss, entered=entered())))
    saving.start()
    go_on.wait(0.5)
    go_on.set()
    thread.join()
    saving.join()
    assert len(known.load(place).announcements) == 1


def test_keeper__survives_whatever_a_round_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    stop, rounds = Event(), []

    def broken() -> bool:
        rounds.append(1)
        if len(rounds) == 2:
            stop.set()
        raise OperationalError("gone")

    monkeypatch.setattr(keeping, "run_round", broken)
    monkeypatch.setattr(keeping, "close_old_connections", lambda: None)
    monkeypatch.setattr(keeping, "EVERY_SECONDS", 0.0)
    keeping.keep_looking(stop)
    assert len(rounds) == 2
