"""Commands that serve."""

import signal
from typing import TYPE_CHECKING, Final, cast

import click
from django.utils.module_loading import import_string
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from tirek.cli.child import die_with_parent
from tirek.cli.problems import Problem
from tirek.cli.supervisor import Supervisor
from tirek.config import config

if TYPE_CHECKING:
    from tirek.core.service.door import Door

#: Connections that one web process takes up at once; one that waits for the rest of a request costs no thread.
MOST_CONNECTIONS: Final = 4096


@click.command()
def run() -> None:
    """Prepares everything and serves until Ctrl-C."""
    Supervisor(config(), prepare=True).run()


@click.command()
def serve() -> None:
    """Serves until Ctrl-C: database (unless TIREK_DATABASE_URL names one), web, worker."""
    Supervisor(config(), prepare=False).run()


@click.command()
def web() -> None:
    """The web server alone, for a machine of its own behind a load balancer."""
    settings = config()
    if not (settings.var / "static" / "staticfiles.json").exists():
        raise Problem(
            "Scripts, styles and pictures of the pages are not gathered on this machine yet.", command="tirek gather"
        )
    Server(
        "tirek.rsgi:application",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,
        workers=settings.web_processes,
        backlog=2048,
        backpressure=MOST_CONNECTIONS,
        http1_settings=HTTP1Settings(header_read_timeout=15_000),
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=15,
        log_level=LogLevels.warning,
    ).serve(target_loader=_application)  # type: ignore[arg-type]  # an RSGI object is no callable


def _application(entrance: str) -> "Door":
    die_with_parent(signal.SIGTERM)  # a web process whose server was killed must not keep the port
    return cast("Door", import_string(entrance.replace(":", ".")))
