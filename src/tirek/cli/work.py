"""The command that does the work in the background."""

import asyncio
import logging
import threading

import click
from procrastinate.contrib.django import app

from tirek.core.jobs import keep_running_effects

log = logging.getLogger(__name__)


@click.command()
def worker() -> None:
    """Runs periodic jobs and effects until SIGTERM or Ctrl-C; what is being worked on is finished first."""
    stop = threading.Event()
    effects = threading.Thread(target=keep_running_effects, args=(stop,), name="effects")
    effects.start()
    try:
        asyncio.run(_jobs())
    finally:
        stop.set()
        effects.join()


async def _jobs() -> None:
    # polling instead of LISTEN: it works through a connection pooler, and a lost connection costs nothing
    with app.replace_connector(app.connector.get_worker_connector()) as working:
        async with working.open_async():
            await working.run_worker_async(listen_notify=False, fetch_job_polling_interval=2.0, shutdown_graceful_timeout=15.0)
