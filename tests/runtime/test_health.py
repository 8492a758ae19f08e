"""``GET /health`` is ready only when database, worker and tables are."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse
from django.test import Client
from psycopg import OperationalError as OperationalErrorOfDriver
from psycopg import errors
from psycopg_pool import PoolTimeout

from tirek import urls
from tirek.config import config
from tirek.core.database import patience
from tirek.core.service import health

pytestmark = pytest.mark.django_db


def worker_seen(seconds_ago: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s))",
            [seconds_ago],
        )


def test_with_a_living_worker__it_is_ready(client: Client) -> None:
    worker_seen(5)
    assert health.state()["ready"]
    response = client.get("/health")
    assert response.status_code == 200
    assert response.json()["worker"] == "ok"


@pytest.fixture(autouse=True)
def _room(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk as it should be, whatever machine this is."""
    monkeypatch.setattr(health, "_refused_at", [])
    monkeypatch.setattr(health.shutil, "disk_usage", lambda _path: SimpleNamespace(free=10**10))


@pytest.mark.finding("R-M5")
def test_web_server__answers_pages_while_the_worker_is_missing_or_the_disk_is_full(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A balancer that follows ``/health/web`` must not take down a web server that works."""
    assert (client.get("/health").status_code, client.get("/health/web").status_code) == (503, 200)
    worker_seen(5)
    monkeypatch.setattr(health.shutil, "disk_usage", lambda _path: SimpleNamespace(free=1000))
    assert client.get("/health").json()["disk"] == "full"
    assert (client.get("/health").status_code, client.get("/health/web").status_code) == (503, 200)
    MigrationRecorder.Migration.objects.filter(app="core", name="0001_initial").delete()
    assert client.get("/health/web").status_code == 503


def _fails_with(cause: Exception | None, monkeypatch: pytest.MonkeyPatch) -> HttpResponse:
    def raises(_request: HttpRequest) -> HttpResponse:
        raise OperationalError("no") from cause

    monkeypatch.setattr(urls.urlpatterns[0], "callback", raises)
    return Client(raise_request_exception=False).get("/health")


@pytest.mark.finding("R-M5")
@pytest.mark.parametrize("cause", [None, errors.AdminShutdown(), errors.CannotConnectNow(), PoolTimeout()])
def test_database_that_is_away__is_told_as_a_pause_and_not_as_a_failure(
    cause: Exception | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = _fails_with(cause, monkeypatch)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert '<section lang="kk">' in answer.content.decode()


@pytest.mark.finding("R-M5")
def test_row_refused_for_lack_of_room__makes_the_disk_full_for_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    worker_seen(5)
    assert _fails_with(errors.DiskFull(), monkeypatch).status_code == 503
    assert (health.state()["disk"], health.state()["ready"]) == ("full", False)
    monkeypatch.setattr(health, "REMEMBERED", 0.0)
    assert health.state()["ready"]


@pytest.mark.finding("R-M5")
def test_connection__gives_up_where_the_server_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "LONGEST_SILENCE", 0.2)
    with patience.PatientConnection.connect(config().database_url.get_secret_value()) as ours:
        assert ours.execute("SELECT 1").fetchone() == (1,)
        with pytest.raises(OperationalErrorOfDriver, match="does not answer"):
            ours.execute("SELECT pg_sleep(20)")
        assert ours.closed


@pytest.mark.finding("A-A12")
def test_tables_of_a_newer_release__are_noticed(client: Client) -> None:
    worker_seen(5)
    MigrationRecorder.Migration.objects.create(app="core", name="9999_of_a_later_release")
    MigrationRecorder.Migration.objects.create(app="gone", name="0001_of_an_app_that_was_taken_out")
    assert health.state()["unknown_migrations"] == 1
    assert health.unknown_migrations() == [("core", "9999_of_a_later_release")]
    assert client.get("/health").status_code == 200  # nodes that run while one after the other is brought up to date


@pytest.mark.parametrize("see", [lambda: None, lambda: worker_seen(120)])
def test_without_a_living_worker__it_is_not_ready(client: Client, see: Callable[[], None]) -> None:
    see()
    state = health.state()
    assert (state["ready"], state["worker"], state["database"]) == (False, "missing", "ok")
    assert client.get("/health").status_code == 503


def test_one_living_worker_beside_a_dead_one__is_enough() -> None:
    worker_seen(500)
    worker_seen(5)
    assert health.state()["ready"]


def test_with_waiting_migrations__it_is_not_ready(client: Client) -> None:
    worker_seen(5)
    MigrationRecorder.Migration.objects.filter(app="core", name="0001_initial").delete()
    state = health.state()
    assert (state["ready"], state["pending_migrations"]) == (False, 1)
    assert client.get("/health").status_code == 503


def test_without_a_database__it_answers_and_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(connection, "cursor", gone)
    assert health.state()["database"] == "unreachable"
    assert client.get("/health").status_code == 503
