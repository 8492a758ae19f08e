"""A Tirek of its own for measuring: ``tirek serve`` on a free port in a temporary folder, and people who are about to
press "send".
"""

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

CSRF = "b" * 32


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class World:
    """A running installation: folder, port, and the supervisor's process."""

    var: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    def environment(self) -> dict[str, str]:
        """Environment of its processes."""
        return {
            **os.environ,
            "TIREK_DEMO": "1",
            "TIREK_VAR": str(self.var),
            "TIREK_PORT": str(self.port),
            "TIREK_LOG_LEVEL": "WARNING",
            "DJANGO_SETTINGS_MODULE": "tirek.settings",
        }

    def start(self) -> None:
        """Start everything and wait until it is ready."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tirek.cli", "run"],
            env=self.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.wait()

    def wait(self, seconds: float = 180.0) -> None:
        """Wait until ``/health`` says ready."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.ready():
                return
            time.sleep(0.2)
        raise SystemExit(f"The server was not ready after {seconds} seconds; logs: {self.var}/logs")

    def ready(self) -> bool:
        """Whether ``/health`` answers 200."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def stop(self) -> None:
        """End everything."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=60)

    def pids(self) -> list[int]:
        """The supervisor's descendants."""
        assert self.process is not None
        children: dict[int, list[int]] = {}
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                try:
                    after_name = (folder / "stat").read_text().rsplit(")", 1)[1].split()
                except OSError:
                    continue
                children.setdefault(int(after_name[1]), []).append(int(folder.name))
        found, waiting = [], [self.process.pid]
        while waiting:
            pid = waiting.pop()
            found.append(pid)
            waiting += children.get(pid, [])
        return found

    def words_of(self, pid: int) -> str:
        """The command line of a process."""
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""


@contextmanager
def world() -> Iterator[World]:
    """A running installation that is thrown away afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="tirek-bench-"))
    one = World(var=folder / "var", port=free_port())
    try:
        one.start()
        yield one
    finally:
        one.stop()
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class Ready:
    """Somebody with a complete draft and a session: one press away from an order."""

    draft: UUID
    line: UUID
    person: UUID
    user: UUID
    programme: UUID
    version: UUID
    variant: UUID
    session: str

    def request(self) -> bytes:
        """The press, as bytes of HTTP."""
        body = f"csrfmiddlewaretoken={CSRF}&consent=on&seen_person_part=0&seen_quantity=30".encode()
        head = (
            f"POST /order/form/{self.draft}/submit HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Cookie: tirek_session={self.session}; tirek_csrf={CSRF}; tirek_device=bench; tirek_language=kk\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


def prepare(one: World, count: int) -> list[Ready]:
    """Make ``count`` people with programme, draft and session in the world's database (in a process of its own)."""
    answer = subprocess.run(
        [sys.executable, "-m", "bench.people", str(count)], env=one.environment(), stdout=subprocess.PIPE, check=True
    ).stdout
    rows = json.loads(answer)
    uuids = ("draft", "line", "person", "user", "programme", "version", "variant")
    return [Ready(**{name: UUID(row[name]) for name in uuids}, session=row["session"]) for row in rows]


def count(one: World, drafts: Iterable[UUID]) -> dict[str, int]:
    """What became of these drafts in the world's database (see ``bench.count``)."""
    keys = "\n".join(str(key) for key in drafts).encode()
    answer = subprocess.run(
        [sys.executable, "-m", "bench.count"], env=one.environment(), input=keys, stdout=subprocess.PIPE, check=True
    )
    told: dict[str, int] = json.loads(answer.stdout)
    return told
