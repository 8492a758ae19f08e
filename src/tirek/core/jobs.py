"""Periodic work of the core. Each job is a few lines that call the module whose work it is.

Effects are not jobs: ``keep_running_effects`` looks for them every second in a thread of the worker, so that what
crosses apps arrives at once and no submission has to announce it. Times are UTC; the country is five hours ahead.
"""

import logging
from threading import Event
from typing import Final

from django.db import close_old_connections
from procrastinate import JobContext, builtin_tasks, exceptions
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from tirek.core.case import effects, figures, proof, workflow
from tirek.core.personal import retention
from tirek.core.service import rounds

log = logging.getLogger(__name__)
IDLE_SECONDS: Final = 1.0
TROUBLE_SECONDS: Final = 5.0
KEEP_HOURS: Final = 24 * 14


@app.periodic(cron="* * * * *")
@app.task(name="core.sweep_deadlines", queueing_lock="core.sweep_deadlines")
def sweep_deadlines(timestamp: int) -> None:
    """Fires the deadlines that have passed."""
    del timestamp
    while workflow.sweep():
        pass


@app.periodic(cron="* * * * *")
@app.task(name="core.keep_figures", queueing_lock="core.keep_figures")
def keep_figures(timestamp: int) -> None:
    """Folds what has changed into the figures of cases, and counts those that were never counted."""
    del timestamp
    figures.settle()


@app.periodic(cron="40 19 * * *")
@app.task(name="core.seal_journal", queueing_lock="core.seal_journal")
def seal_journal(timestamp: int) -> None:
    """Seals the day that has ended, forty minutes after midnight of the country."""
    del timestamp
    proof.seal()


@app.periodic(cron="6 * * * *")
@app.task(name="core.seal_hour", queueing_lock="core.seal_hour")
def seal_hour(timestamp: int) -> None:
    """Seals the hour that has ended, six minutes after it."""
    del timestamp
    proof.seal_hours()


@app.periodic(cron="30 20 * * *")
@app.task(name="core.purge", queueing_lock="core.purge")
def purge(timestamp: int) -> None:
    """Erases personal data past their retention period."""
    del timestamp
    retention.run()


@app.periodic(cron="* * * * *")
@app.task(name="core.retry_stalled_jobs", queueing_lock="core.retry_stalled_jobs", pass_context=True)
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Puts jobs of killed workers back in the queue; where the same work waits there already, the old one is closed."""
    del timestamp
    known = context.app.job_manager
    for job in await known.get_stalled_jobs():
        try:
            await known.retry_job(job)
        except exceptions.UniqueViolation:
            await known.finish_job(job, Status.ABORTED, delete_job=False)
        log.warning("job %s of a lost worker was taken up again", job.task_name)


@app.periodic(cron="45 20 * * *")
@app.task(name="core.remove_old_jobs", queueing_lock="core.remove_old_jobs", pass_context=True)
async def remove_old_jobs(context: JobContext, timestamp: int) -> None:
    """Deletes jobs that ended two weeks ago."""
    del timestamp
    await builtin_tasks.remove_old_jobs(
        context, max_hours=KEEP_HOURS, remove_failed=True, remove_cancelled=True, remove_aborted=True
    )


def keep_running_effects(stop: Event) -> None:
    """Runs effects and rounds as they come, until ``stop`` is set. Survives a database that goes away and comes
    back.
    """
    while not stop.is_set():
        pause = IDLE_SECONDS
        try:
            close_old_connections()
            if effects.run() + rounds.run():
                continue
            close_old_connections()
        except Exception:  # whatever happens to one round, the next one is tried
            log.exception("effects could not be run; trying again")
            pause = TROUBLE_SECONDS
        stop.wait(pause)
