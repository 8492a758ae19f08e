"""The command that does the work in the background."""

import asyncio
import os
import signal
import threading
from typing import TYPE_CHECKING, Final, cast

import click
from procrastinate.contrib.django import app

from tirek.core.jobs import keep_running_effects

if TYPE_CHECKING:
    from procrastinate.contrib.django.django_connector import DjangoConnector

GIVES_WAY: Final = 5
JOB_END_SECONDS: Final = 12.0
END_SECONDS: Final = 18.0


@click.command()
def worker() -> None:
    """Runs periodic jobs and effects until SIGTERM or Ctrl-C; what is being worked on is finished first."""
    # people who wait go first
    os.nice(GIVES_WAY)
    stop = threading.Event()
    effects = threading.Thread(target=keep_running_effects, args=(stop,), name="effects")
    effects.start()
    try:
        asyncio.run(_jobs(stop))
    finally:
        stop.set()
        effects.join()


async def _jobs(stop: threading.Event) -> None:
    running = asyncio.ensure_future(_run())

    def end() -> None:
        stop.set()
        running.cancel()
        # where the database is gone for good, nothing that waits for it may keep the process
        last = threading.Timer(END_SECONDS, os._exit, [1])
        last.daemon = True
        last.start()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)
    try:
        await running
    except asyncio.CancelledError:
        if not stop.is_set():
            raise


async def _run() -> None:
    connector = cast("DjangoConnector", app.connector).get_worker_connector()
    # polling instead of LISTEN: it works through a connection pooler, and a lost connection costs nothing
    with app.replace_connector(connector) as working:
        async with working.open_async():
            await working.run_worker_async(
                listen_notify=False,
                fetch_job_polling_interval=2.0,
                shutdown_graceful_timeout=JOB_END_SECONDS,
                install_signal_handlers=False,
            )
