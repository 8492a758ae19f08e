"""``GET /health`` is ready only when database, worker and tables are."""

from collections.abc import Callable

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

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
