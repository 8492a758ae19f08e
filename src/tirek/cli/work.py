"""The command that does the work in the background."""

import asyncio
import threading
from typing import TYPE_CHECKING, cast

import click
from procrastinate.contrib.django import app

from tirek.core.jobs import keep_running_effects

if TYPE_CHECKING:
    from procrastinate.contrib.django.django_connector import DjangoConnector


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
    connector = cast("DjangoConnector", app.connector).get_worker_connector()
    with app.replace_connector(connector) as working:
        async with working.open_async():
            await working.run_worker_async(listen_notify=False, fetch_job_polling_interval=2.0, shutdown_graceful_timeout=15.0)
