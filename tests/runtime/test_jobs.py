"""The worker's own loop, and the jobs it finds."""

import threading

import pytest
from django.db import OperationalError
from procrastinate.contrib.django import app

from tirek.cli import work
from tirek.core import jobs
from tirek.core.case import effects


@pytest.mark.django_db
def test_effects__are_run_again_after_the_database_went_away(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stop = threading.Event()
    rounds: list[str] = []

    def run() -> int:
        rounds.append("round")
        if len(rounds) == 1:
            raise OperationalError("the connection is lost")
        if len(rounds) == 2:
            return 3
        stop.set()
        return 0

    monkeypatch.setattr(effects, "run", run)
    monkeypatch.setattr(jobs, "TROUBLE_SECONDS", 0.01)
    jobs.keep_running_effects(stop)
    assert len(rounds) == 3
    assert "trying again" in caplog.text


def test_every_periodic_job__is_known_to_the_worker_and_cannot_pile_up() -> None:
    app.perform_import_paths()
    periodic = {key[0]: task.task for key, task in app.periodic_registry.periodic_tasks.items()}
    assert {
        "core.sweep_deadlines",
        "core.seal_journal",
        "core.purge",
        "core.retry_stalled_jobs",
        "core.remove_old_jobs",
    } <= set(periodic)
    assert [name for name, task in periodic.items() if task.queueing_lock is None] == []


@pytest.mark.finding("P-order")
def test_worker__gives_way_to_people_who_wait_before_it_does_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def nice(by: int) -> int:
        asked.append(by)
        raise InterruptedError

    monkeypatch.setattr(work.os, "nice", nice)
    monkeypatch.setattr(work, "keep_running_effects", lambda _stop: asked.append(0))
    monkeypatch.setattr(work.asyncio, "run", lambda job: job.close())
    assert work.worker.callback is not None
    with pytest.raises(InterruptedError):
        work.worker.callback()
    assert asked == [work.GIVES_WAY]
    assert work.GIVES_WAY > 0
