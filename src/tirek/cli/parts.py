"""One supervised process: started in a session of its own, started again when it dies, ended with everything it
started.
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tirek.cli.child import dies_with_me
from tirek.cli.unprivileged import Account

LOG_BYTES: Final = 20_000_000
STEADY_SECONDS: Final = 60.0
LONGEST_PAUSE: Final = 30.0
_MARK: Final = "TIREK_PART_OF"
_TAIL_BYTES: Final = 4000


class Part:
    """A process of this installation.

    Args:
        name: for messages and the log's name.
        command: program and arguments.
        var: the installation's folder; the log goes to ``logs/<name>.log`` in it.
    """

    def __init__(self, name: str, command: list[str], *, var: Path) -> None:
        self.name = name
        self.log = var / "logs" / f"{name}.log"
        self._command = command
        self._environment = environment(var)
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._deaths = 0
        self._due_at = 0.0
        self._account: Account | None = None

    def run_as(self, account: Account) -> None:
        """From its next start on the process runs as this user."""
        self._account = account

    @property
    def pid(self) -> int | None:
        """Process id, while it is known."""
        return self._process.pid if self._process else None

    @property
    def deaths(self) -> int:
        """How often it died without having run steadily in between."""
        return self._deaths

    def start(self) -> None:
        """Starts the process; it ends when this one does, however that happens."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            os.fchmod(log.fileno(), 0o640)
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._environment,
                start_new_session=True,
                preexec_fn=dies_with_me(signal.SIGTERM),  # noqa: PLW1509 - one thread; only a system call is made
                user=self._account.uid if self._account else None,
                group=self._account.gid if self._account else None,
                extra_groups=[] if self._account else None,
            )
        self._started_at = time.monotonic()

    def look(self) -> str | None:
        """Notices a death and starts the process again when its pause is over; returns what to tell, once per death."""
        now = time.monotonic()
        if self._process is None:
            if now >= self._due_at:
                self.start()
            return None
        code = self._process.poll()
        if code is None:
            if self._deaths and now - self._started_at > STEADY_SECONDS:
                self._deaths = 0
            return None
        self._end_group(signal.SIGKILL)
        self._process = None
        self._deaths += 1
        pause = min(0.25 * 2 ** (self._deaths - 1), LONGEST_PAUSE)
        self._due_at = now + pause
        return f"The {self.name} ended ({ending(code)}); it starts again in {pause:.1f} s."

    def ask_to_end(self) -> None:
        """Asks for a clean end: what is being worked on is finished."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()

    def ended(self) -> bool:
        """Has it ended?"""
        return self._process is None or self._process.poll() is not None

    def clear_away(self) -> None:
        """Ends at once whatever is left of it."""
        if self._process is not None:
            self._end_group(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def trim_log(self) -> None:
        """Keeps the log and one before it, each of bounded size."""
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.with_suffix(".log.1").write_bytes(self.log.read_bytes())
            os.truncate(self.log, 0)

    def last_lines(self, count: int = 12) -> str:
        """The end of the log."""
        if not self.log.exists():
            return ""
        with self.log.open("rb") as log:
            log.seek(max(0, self.log.stat().st_size - _TAIL_BYTES))
            return "\n".join(log.read().decode(errors="replace").splitlines()[-count:])

    def _end_group(self, number: signal.Signals) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, number)


def environment(var: Path) -> dict[str, str]:
    """The environment of a part of ``var``: by it a part is recognised when its supervisor is gone."""
    return {**os.environ, _MARK: str(var)}


def ending(code: int) -> str:
    """How a process ended, in words."""
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def end_orphans(var: Path, *, within: float = 10.0) -> int:
    """Ends parts of an earlier supervisor of ``var`` that was killed; returns how many there were. Call it with the
    supervisor's lock.
    """
    for number in (signal.SIGTERM, signal.SIGKILL):
        told: set[int] = set()
        patience = time.monotonic() + within
        while left := set(_parts_of(var)):
            for pid in left - told:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, number)
                    os.kill(pid, signal.SIGCONT)  # one that was halted must be awake to end
            told |= left
            if time.monotonic() > patience:
                break
            time.sleep(0.05)
        else:
            return len(told)
    return len(told)


def _parts_of(var: Path) -> Iterator[int]:
    mark = os.fsencode(f"{_MARK}={var}")
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if int(entry.name) != os.getpid() and mark in (entry / "environ").read_bytes().split(b"\0"):
                yield int(entry.name)
