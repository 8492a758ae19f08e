"""Installations of their own, started and stopped as an operator would."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tirek.cli import embedded
from tirek.cli.child import living_in
from tirek.cli.supervisor import health
from tirek.config import Config

SOURCE = Path(embedded.__file__).parents[2]
PATIENCE = 90.0


def wait_for(what: Callable[[], object], *, within: float = PATIENCE) -> object:
    """What ``what`` returns once it is true."""
    deadline = time.monotonic() + within
    while not (found := what()):
        if time.monotonic() > deadline:
            raise AssertionError(f"It did not come true within {within:.0f} s: {what}")
        time.sleep(0.05)
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Installation:
    """One installation in a folder of its own."""

    var: Path
    port: int = field(default_factory=free_port)
    settings: dict[str, str] = field(default_factory=dict)
    user: str = ""
    python: str = sys.executable
    supervisor: subprocess.Popen[str] | None = None

    @property
    def environment(self) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("TIREK_", "PYTEST_"))}
        return clean | {
            "TIREK_DEMO": "1",
            "TIREK_VAR": str(self.var),
            "TIREK_PORT": str(self.port),
            "PYTHONPATH": str(SOURCE),
            "PYTHONUNBUFFERED": "1",
            **self.settings,
        }

    @property
    def config(self) -> Config:
        return Config(demo=True, var=self.var, port=self.port)

    def command(self, *arguments: str) -> list[str]:
        as_user = ["runuser", "-u", self.user, "--"] if self.user else []
        return [*as_user, self.python, "-m", "tirek.cli", *arguments]

    def tirek(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Runs one command to its end; both streams come back in ``stdout``."""
        return subprocess.run(
            self.command(*arguments),
            env=self.environment | settings,
            check=False,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=300,
        )

    def start(self, command: str = "serve") -> None:
        self.log = self.var.parent / f"{self.var.name}.out"
        with self.log.open("a") as log:
            self.supervisor = subprocess.Popen(
                self.command(command), env=self.environment, text=True, stdout=log, stderr=log, start_new_session=True
            )

    def ready(self) -> bool:
        assert self.supervisor is not None
        assert self.supervisor.poll() is None, self.log.read_text()
        return bool(health(self.config).get("ready"))

    def start_and_wait(self, command: str = "serve") -> None:
        self.start(command)
        wait_for(self.ready)

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        assert self.supervisor is not None
        self.supervisor.send_signal(number)
        return self.supervisor.wait(60)

    def parts(self) -> dict[str, int]:
        """Process ids of supervisor, web, worker and database, by name."""
        found = {"supervisor": self.supervisor.pid} if self.supervisor and self.supervisor.poll() is None else {}
        mark = f"TIREK_PART_OF={self.var}".encode()
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if mark in (entry / "environ").read_bytes().split(b"\0"):
                    arguments = (entry / "cmdline").read_bytes().split(b"\0")
                    name = arguments[-2].decode()
                    if name in ("web", "worker"):  # the oldest of a name is the part, the others are its children
                        found[name] = min(found.get(name, 1 << 30), int(entry.name))
        with contextlib.suppress(OSError, IndexError):
            pid = int((embedded.home(self.var) / "data" / "postmaster.pid").read_text().splitlines()[0])
            if pid in living_in(embedded.home(self.var) / "data"):
                found["database"] = pid
        return found

    def processes(self) -> set[int]:
        """Everything that belongs to this installation and runs."""
        mark = f"TIREK_PART_OF={self.var}".encode()
        found = set(living_in(embedded.home(self.var) / "data"))
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if mark in (entry / "environ").read_bytes().split(b"\0"):
                    found.add(int(entry.name))
        if self.supervisor and self.supervisor.poll() is None:
            found.add(self.supervisor.pid)
        return found

    def sql(self, query: str, role: str = embedded.OWNER) -> list[tuple[object, ...]]:
        """Rows of ``query`` at the running embedded server."""
        with psycopg.connect(embedded.address(self.var, role)) as connection:
            cursor = connection.execute(query.encode())
            return cursor.fetchall() if cursor.description else []

    def remove(self) -> None:
        """Ends and deletes everything."""

        def ended() -> bool:
            # again and again: what the supervisor started while it was being ended is ended, too
            for pid in self.processes():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            if self.supervisor:
                self.supervisor.poll()
            return not self.processes()

        wait_for(ended, within=30)
        place = embedded.home(self.var)
        if embedded.SYSTEM_FOLDER in place.parents:
            shutil.rmtree(place, ignore_errors=True)
        shutil.rmtree(self.var, ignore_errors=True)
