"""Database, web and worker as one program: started in order, watched, started again when they die, ended cleanly.

The parts end with the supervisor even when it is killed; should the kernel not do that, the next start ends them.
"""

import contextlib
import fcntl
import hashlib
import http.client
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Final, cast

import click
import psycopg

from tirek.cli import addresses, mark
from tirek.cli.child import dies_with_me
from tirek.cli.embedded import Embedded
from tirek.cli.parts import Part, end_orphans, environment
from tirek.cli.problems import Problem, disk_problem, newer_tables
from tirek.cli.unprivileged import account_for, hand_over
from tirek.config import Config

READY_WITHIN: Final = 120.0
END_WITHIN: Final = 20.0
DEATHS_AT_START: Final = 4
FIRST_STEPS: Final = "tirek migrate && tirek reference load && tirek admin create EMAIL"
_TICK: Final = 0.5
_LOG_CHECK: Final = 60.0


class StopRequest:
    """How often this process was asked to end, and a way to wait that such a request interrupts."""

    def __init__(self) -> None:
        self.times = 0
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(self._writer, False)
        signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN or number is not signal.SIGHUP:  # nohup stays nohup
                signal.signal(number, self._note)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)

    def _note(self, _number: int, _frame: object) -> None:
        self.times += 1

    def __bool__(self) -> bool:
        return self.times > 0

    def wait(self, seconds: float) -> None:
        """Waits; returns early when a child ended or somebody asked this process to end."""
        if select.select([self._reader], [], [], seconds)[0]:
            with contextlib.suppress(BlockingIOError):
                os.read(self._reader, 4096)


class Supervisor:
    """Everything of one installation on one machine.

    Args:
        config: the installation.
        prepare: bring tables, reference data and demo data up to date first.
    """

    def __init__(self, config: Config, *, prepare: bool) -> None:
        self._config = config
        self._prepare = prepare
        self._asked = StopRequest()
        self._lock: IO[str] | None = None
        outside = config.database_url.get_secret_value()
        self._database = None if outside else Embedded(config.var)
        self._web = Part("web", tirek("web"), var=config.var)
        self._worker = Part("worker", tirek("worker"), var=config.var)

    def run(self) -> None:
        """Runs until it is asked to end.

        Raises:
            Problem: it could not be started; whatever was started has been ended.
        """
        try:
            self._lock = self._alone()
            end_orphans(self._config.var)
            check_port(self._config)
            self._start_database()
            if not self._asked:
                mark.refuse_mixing(self._config, mark.read(addresses.serving(self._config)))
            signins = self._prepared() if self._prepare and not self._asked else ""
            if not self._prepare and not self._asked:
                check_tables(self._config)
                self._gather()
            if not self._asked:
                self._drop_rights()
                self._web.start()
                self._worker.start()
                self._wait_until_ready()
            if not self._asked:
                click.echo(f"\nTirek is ready: {address(self._config)}\n{signins}\nCtrl-C ends it.")
            self._watch()
        except OSError as error:
            raise disk_problem(error, self._config.var) from error
        finally:
            self._end()

    def _alone(self) -> IO[str]:
        self._config.var.mkdir(parents=True, exist_ok=True)
        lock = (self._config.var / "tirek.lock").open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.seek(0)
            pid = lock.read().strip()
            lock.close()
            raise Problem(
                f"Tirek already runs with the folder {self._config.var} (process {pid}). End that one, or use another "
                f"folder and port.",
                command=f"kill {pid}",
            ) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        return lock

    def _start_database(self) -> None:
        if self._database is None:
            check_database(self._config.database_url.get_secret_value())
            return
        if not (self._database.data / "PG_VERSION").exists():
            click.echo("Making the database …")
        self._database.start(give_up=lambda: bool(self._asked))

    def _prepared(self) -> str:
        """Brings everything up to date, unless this very code has done so already; returns how to sign in."""
        known = self._database.home / "prepared" if self._database else None
        code = _state_of_the_code(self._config)
        if known and known.exists() and (self._config.var / "static").exists():
            state, _, told = known.read_text().partition("\n")
            if state == code:
                return told
        told = self._run_command("prepare")
        if known and not self._asked:
            known.write_text(f"{code}\n{told}")
        return told

    def _drop_rights(self) -> None:
        """Started by root, web and worker run as the database's user where that one can read the code."""
        account = account_for(self._config, tirek("--version"), environment=environment(self._config.var))
        if account is None:
            if os.geteuid() == 0 and not self._config.demo:
                click.echo(
                    "Web and worker run as root: no other user can read the code or enter the folder. Give Tirek a "
                    "user of its own (tirek doctor).",
                    err=True,
                )
            return
        for folder in ("files", "state"):
            hand_over(self._config.var / folder, account)
        for part in (self._web, self._worker):
            part.run_as(account)

    def _gather(self) -> None:
        """The files of the pages, unless this very code has gathered them already."""
        known = self._config.var / "static" / ".code"
        code = _state_of_the_code(self._config)
        if known.exists() and known.read_text() == code:
            return
        self._run_command("gather")
        if not self._asked:
            known.write_text(code)

    def _run_command(self, name: str) -> str:
        """Runs ``tirek NAME`` with its progress on the terminal; returns what it says."""
        child = subprocess.Popen(  # noqa: S603 - our own command
            tirek(name),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            env=environment(self._config.var),
            start_new_session=True,
            preexec_fn=dies_with_me(signal.SIGTERM),  # noqa: PLW1509 - one thread; only a system call is made
        )
        told = ""
        with child:
            while child.poll() is None:
                if self._asked:
                    child.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    told, _ = child.communicate(timeout=_TICK)
        if child.returncode and not self._asked:
            raise Problem("The installation could not be prepared; the reason stands above.", command="tirek doctor")
        return told

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_WITHIN
        while not self._asked:
            self._look()
            state = health(self._config)
            if state.get("ready") and not state.get("unknown_migrations"):
                return
            if pending := state.get("pending_migrations"):
                raise Problem(f"{pending} migrations wait to be carried out.", command="tirek migrate")
            if unknown := state.get("unknown_migrations"):
                raise newer_tables(cast("int", unknown))
            for part in (self._web, self._worker):
                if part.deaths >= DEATHS_AT_START or time.monotonic() > deadline:
                    raise Problem(
                        f"The {part.name} does not start. Its log ends with:\n{part.last_lines()}",
                        command=f"tail -100 '{part.log}'",
                    )
            self._asked.wait(0.1)

    def _watch(self) -> None:
        logs_at = time.monotonic() + _LOG_CHECK
        while not self._asked:
            self._look()
            self._asked.wait(_TICK)
            if time.monotonic() > logs_at:
                logs_at = time.monotonic() + _LOG_CHECK
                self._web.trim_log()
                self._worker.trim_log()

    def _look(self) -> None:
        if self._database is not None and self._database.exit_code() is not None:
            click.echo("The database ended; it starts again.")
            try:
                self._database.restart(give_up=lambda: bool(self._asked))
            except Problem as problem:
                click.echo(problem.format_message(), err=True)
                self._asked.wait(2.0)
        for part in (self._web, self._worker):
            if told := part.look():
                click.echo(told)

    def _end(self) -> None:
        """Web first, so that nothing new comes in, then the worker, the database last. A second Ctrl-C does not
        wait.
        """
        once = self._asked.times
        if self._asked:
            click.echo("Ending …")
        deadline = time.monotonic() + END_WITHIN
        for part in (self._web, self._worker):
            part.ask_to_end()
        for part in (self._web, self._worker):
            while not part.ended() and time.monotonic() < deadline and self._asked.times <= max(1, once):
                self._asked.wait(0.1)
            part.clear_away()
        if self._database is not None:
            self._database.stop(hurry=lambda: self._asked.times > max(1, once))
        if self._lock is not None:
            self._lock.close()


def _state_of_the_code(config: Config) -> str:
    """Changes when a file of the product changes, or the mode it is prepared for."""
    digest = hashlib.sha256(f"{sys.version} {config.demo}".encode())
    package = Path(__file__).parents[1]
    for path in sorted(package.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            found = path.stat()
            digest.update(f"{path.relative_to(package)}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def tirek(*arguments: str) -> list[str]:
    """The command line that runs this installation's ``tirek`` command."""
    return [sys.executable, "-m", "tirek.cli", *arguments]


def address(config: Config) -> str:
    """The address to open in a browser."""
    if config.public_url:
        return config.public_url
    host = f"[{config.host}]" if ":" in config.host else config.host
    return f"http://{host}:{config.port}/"


def health(config: Config) -> dict[str, object]:
    """What ``GET /health`` tells, or nothing while nobody answers."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(config.host, config.host)  # noqa: S104 - compared, not bound
    headers = {
        "Host": config.allowed_hosts[0] if config.allowed_hosts else f"{host}:{config.port}",
        "X-Forwarded-Proto": "https",
    }
    connection = http.client.HTTPConnection(host, config.port, timeout=15)
    try:
        connection.request("GET", "/health", headers=headers)
        state = json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError):
        return {}
    finally:
        connection.close()
    return state if isinstance(state, dict) else {}


def check_port(config: Config) -> None:
    """Can the web server have its port?

    Raises:
        Problem: another program has it, or this user may not; the command names a port that is free.
    """
    error = _bind(config.host, config.port)
    if error is None:
        return
    if isinstance(error, PermissionError):
        raise Problem(
            f"This user may not open port {config.port}. Ports from 1024 on are free for all.",
            command="TIREK_PORT=8000 make run",
        )
    if error.errno in {98, 48}:  # EADDRINUSE on Linux and macOS
        free = next(
            (
                port
                for port in range(config.port + 1, min(config.port + 200, 65536))
                if _bind(config.host, port) is None
            ),
            0,
        )
        raise Problem(
            f"Port {config.port} is taken by another program. Use another one.",
            command=f"TIREK_PORT={free or 8765} make run",
        )
    raise Problem(
        f"The address {config.host} cannot be listened on: {error.strerror}.", command="TIREK_HOST=127.0.0.1 make run"
    )


def _bind(host: str, port: int) -> OSError | None:
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(
                socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
            )  # a port whose last connections are just closing is free
            probe.bind(where)
            probe.listen(1)
    except OSError as error:
        return error
    return None


def check_database(url: str) -> None:
    """Does the server at ``url`` let us in?

    Raises:
        Problem: no; the sentence gives the server's reason, never the password.
    """
    try:
        with psycopg.connect(url, connect_timeout=10):
            return
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[-1]
        raise Problem(
            f"The database of TIREK_DATABASE_URL does not let us in: {reason}\nCheck role, password, host, port and "
            f"name of the database; "
            "without TIREK_DATABASE_URL Tirek uses its own embedded server.",
            command="psql postgresql://ROLE@HOST:PORT/DATABASE",
        ) from error


def check_tables(config: Config) -> None:
    """Are there tables to serve from?

    Raises:
        Problem: none were made yet.
    """
    with psycopg.connect(addresses.serving(config), connect_timeout=10) as connection:
        row = connection.execute("SELECT to_regclass('django_migrations') IS NOT NULL").fetchone()
    if not row or not row[0]:
        raise Problem("This database has no tables yet. Make them, and load the reference data.", command=FIRST_STEPS)


@contextlib.contextmanager
def served(config: Config, *, waiting: Callable[[str], None] = click.echo, settings: str = "") -> Iterator[None]:
    """A database for the time of a command: the outside one, the embedded one that runs, or the embedded one started
    for it.

    Args:
        config: of the installation.
        waiting: told when a server is started.
        settings: lines of ``postgresql.conf`` for a server that is started for it.
    """
    url = config.database_url.get_secret_value()
    if url:
        check_database(url)
        yield
        return
    server = Embedded(config.var, settings=settings)
    if server.running():
        yield
        return
    waiting("Starting the database for this command …")
    with server:
        yield
