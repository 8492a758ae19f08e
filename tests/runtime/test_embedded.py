"""The embedded PostgreSQL starts anywhere, as anybody, after anything."""

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from psycopg import errors
from tests.runtime.installation import SOURCE

from tirek.cli import embedded
from tirek.cli.embedded import APP, OWNER, Embedded
from tirek.cli.problems import Problem

as_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root can make folders that others cannot enter, and become others"
)


def answer(server: Embedded) -> str:
    with psycopg.connect(server.address()) as connection:
        row = connection.execute("SELECT current_user || ' ' || lower('ӘҢ')").fetchone()
    return str(row[0]) if row else ""


def server_user() -> str:
    return "tirek" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name


@pytest.mark.parametrize("name", ["plain", "with space", "қазақша", 'it\'s "quoted", with commas'])
def test_any_folder__serves_and_keeps_its_data(folder: Path, name: str) -> None:
    var = folder / name
    with Embedded(var, tests=True) as server, psycopg.connect(server.address(OWNER)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    with Embedded(var, tests=True) as server:
        assert answer(server) == "tirek_app әң"
        with psycopg.connect(server.address()) as connection:
            assert connection.execute("SELECT n FROM kept").fetchone() == (7,)
    _remove(var)


def test_a_very_long_path__still_has_a_short_socket(folder: Path) -> None:
    var = folder / ("long-" * 20) / ("path-" * 20)
    with Embedded(var, tests=True) as server:
        assert answer(server) == "tirek_app әң"
        sockets = embedded.socket_folder(server.home)
        assert sockets.stat().st_mode & 0o777 == 0o700
        assert len(str(sockets)) < 90
    _remove(var)


@as_root
def test_a_folder_only_root_can_enter__keeps_its_modes_and_serves(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    var = closed / "var"
    for _ in range(2):
        with Embedded(var, tests=True) as server:
            assert answer(server) == "tirek_app әң"
            assert (var / "db").is_symlink()
            assert server.home.parent == embedded.SYSTEM_FOLDER
    assert closed.stat().st_mode & 0o777 == 0o700
    assert closed.stat().st_uid == 0
    _remove(var)


@pytest.mark.slow
@as_root
def test_a_folder_that_was_closed_later__is_told_with_a_command_that_works(folder: Path) -> None:
    var = folder / "later closed" / "var"
    with Embedded(var, tests=True) as server, psycopg.connect(server.address(OWNER)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    var.parent.chmod(0o700)
    with pytest.raises(Problem, match="cannot enter") as told:
        Embedded(var, tests=True).start()
    subprocess.run(["/bin/sh", "-c", told.value.command], check=True)
    with Embedded(var, tests=True) as server, psycopg.connect(server.address()) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (7,)
    _remove(var)


@pytest.mark.slow
@as_root
def test_programs_only_root_can_enter__are_run_from_a_copy(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    package = embedded.programs().parents[1]
    shutil.copytree(package / "pginstall18", closed / package.name / "pginstall18", symlinks=True)
    shutil.copytree(f"{package}.libs", closed / f"{package.name}.libs")
    with Embedded(folder / "var", binaries=closed / package.name / "pginstall18" / "bin", tests=True) as server:
        assert answer(server) == "tirek_app әң"
        program = Path(f"/proc/{server.pid}/exe").resolve()
    assert embedded.SYSTEM_FOLDER in program.parents
    shutil.rmtree(program.parents[3])
    assert closed.stat().st_mode & 0o777 == 0o700


@as_root
def test_root__hands_the_server_to_an_unprivileged_user(folder: Path) -> None:
    with Embedded(folder / "var", tests=True) as server:
        assert Path(f"/proc/{server.pid}").stat().st_uid == pwd.getpwnam("tirek").pw_uid
        assert b"TIREK" not in Path(f"/proc/{server.pid}/environ").read_bytes()


@pytest.mark.slow
@as_root
def test_data_made_by_an_ordinary_user__are_served_by_root_as_that_user(folder: Path, ordinary_user: str) -> None:
    account = pwd.getpwnam(ordinary_user)
    var = folder / "var"
    (var / "db").mkdir(parents=True)
    os.chown(var / "db", account.pw_uid, account.pw_gid)
    with Embedded(var, tests=True) as server:
        assert answer(server) == "tirek_app әң"
        assert Path(f"/proc/{server.pid}").stat().st_uid == account.pw_uid


@as_root
def test_an_ordinary_user__runs_a_server_of_its_own(folder: Path, ordinary_user: str) -> None:
    python = _python_for(ordinary_user)
    account = pwd.getpwnam(ordinary_user)
    for var in (folder / "own" / "var", folder / "own" / ("long-" * 25)):
        (folder / "own").mkdir(exist_ok=True)
        os.chown(folder / "own", account.pw_uid, account.pw_gid)
        code = (
            "import os, sys, psycopg; from pathlib import Path; from tirek.cli.embedded import Embedded\n"
            "with Embedded(Path(sys.argv[1]), tests=True) as server:\n"
            "    print(os.geteuid(), psycopg.connect(server.address()).execute('SELECT current_user').fetchone()[0])\n"
        )
        done = subprocess.run(
            ["runuser", "-u", ordinary_user, "--", *python, "-W", "ignore", "-c", code, str(var)],
            check=False, capture_output=True, text=True, cwd="/",
        )  # fmt: skip
        assert done.stdout == f"{account.pw_uid} tirek_app\n", done.stderr
        assert (var / "db").stat().st_uid == account.pw_uid
        _remove(var, uid=account.pw_uid)


@as_root
def test_another_user_of_the_machine__does_not_reach_the_database(folder: Path, ordinary_user: str) -> None:
    with Embedded(folder / "var", tests=True) as server:
        sockets = embedded.socket_folder(server.home)
        psql = ["runuser", "-u", ordinary_user, "--", "/bin/ls", str(sockets)]
        assert subprocess.run(psql, check=False, capture_output=True).returncode != 0
        sockets.chmod(0o755)  # even where the folder stood open, the server would ask who it is
        sockets.parent.chmod(0o755)
        (sockets / ".s.PGSQL.5432").chmod(0o777)
        with pytest.raises(psycopg.OperationalError, match="Peer authentication failed"):
            _connect_as(ordinary_user, server.address())


def test_the_serving_role__reads_and_writes_rows_and_changes_no_table(folder: Path) -> None:
    with Embedded(folder / "var", tests=True) as server:
        with psycopg.connect(server.address(OWNER)) as owner:
            owner.execute("CREATE TABLE thing (id bigint GENERATED BY DEFAULT AS IDENTITY, n int UNIQUE)")
        with psycopg.connect(server.address(APP), autocommit=True) as app:
            app.execute("INSERT INTO thing (n) VALUES (1)")
            app.execute("UPDATE thing SET n = 2")
            assert app.execute("SELECT n FROM thing").fetchone() == (2,)
            app.execute("DELETE FROM thing")
            for forbidden in (
                "CREATE TABLE other (n int)",
                "ALTER TABLE thing ADD m int",
                "DROP TABLE thing",
                "TRUNCATE thing",
            ):
                with pytest.raises(errors.InsufficientPrivilege):
                    app.execute(forbidden)
            with pytest.raises(errors.InsufficientPrivilege):
                app.execute(f"SET ROLE {OWNER}")


def test_the_log__does_not_show_the_key_of_a_refused_row(folder: Path) -> None:
    with Embedded(folder / "var", tests=True) as server:
        with psycopg.connect(server.address(OWNER), autocommit=True) as owner:
            owner.execute("CREATE TABLE person (iin text UNIQUE); INSERT INTO person VALUES ('900101350017')")
            with pytest.raises(errors.UniqueViolation):
                owner.execute("INSERT INTO person VALUES (%s)", ["900101350017"])
        assert "duplicate key" in server.log.read_text()
        assert "900101350017" not in server.log.read_text()


@pytest.mark.parametrize("where", ["data", "socket"])
def test_a_pid_file_with_a_reused_number__does_not_keep_it_from_starting(folder: Path, where: str) -> None:
    server = Embedded(folder / "var", tests=True)
    server.start()
    program = Path(f"/proc/{server.pid}/exe").resolve()
    server.stop()
    someone = subprocess.Popen(["sleep", "60"], user=server_user() if os.geteuid() == 0 else None, cwd="/")
    try:
        _write_pid_file(server, someone.pid, where=where)
        with pytest.raises(
            AssertionError, match="lock file"
        ):  # left to itself PostgreSQL does not start beside such a file
            _start_plainly(program, server)
        with server:
            assert answer(server) == "tirek_app әң"
        assert someone.poll() is None
    finally:
        someone.kill()
        someone.wait()


@pytest.mark.slow
@pytest.mark.parametrize("where", ["data", "socket"])
def test_a_pid_file_of_a_zombie__does_not_keep_it_from_starting(folder: Path, where: str) -> None:
    server = Embedded(folder / "var", tests=True)
    server.start()
    server.stop()
    zombie = subprocess.Popen(["true"])
    os.waitid(os.P_PID, zombie.pid, os.WEXITED | os.WNOWAIT)
    _write_pid_file(server, zombie.pid, where=where)
    with server:
        assert answer(server) == "tirek_app әң"
    zombie.wait()


def test_data_of_another_postgresql__are_left_alone_and_the_way_on_is_told(folder: Path) -> None:
    server = Embedded(folder / "var", tests=True)
    server.start()
    server.stop()
    (server.data / "PG_VERSION").write_text("14\n")
    before = sorted(path.name for path in server.data.iterdir())
    with pytest.raises(Problem, match="made by PostgreSQL 14; this Tirek brings PostgreSQL 18") as told:
        server.start()
    assert told.value.command == "tirek restore before.tar"
    assert sorted(path.name for path in server.data.iterdir()) == before


@pytest.mark.slow
def test_a_second_server_on_the_same_folder__is_refused(folder: Path) -> None:
    with Embedded(folder / "var", tests=True) as first:
        with pytest.raises(Problem, match="already run by another Tirek"):
            Embedded(folder / "var", tests=True).start()
        assert answer(first) == "tirek_app әң"


@pytest.mark.slow
@as_root
def test_a_full_disk__is_told_as_such(folder: Path) -> None:
    small = folder / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16m,mode=755", "none", str(small)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("this machine lets no small disk be mounted")
    try:
        with pytest.raises(Problem, match="is full") as told:
            Embedded(small / "var", tests=True).start()
        assert told.value.command.startswith("df -h")
        assert not (small / "var" / "db" / "data").exists()
    finally:
        subprocess.run(["umount", str(small)], check=True)


@pytest.mark.slow
@as_root
def test_a_folder_of_somebody_else__is_told_with_a_way_on(folder: Path, ordinary_user: str) -> None:
    python = _python_for(ordinary_user)
    (folder / "theirs").mkdir(mode=0o755)
    code = (
        "import sys; from pathlib import Path; from tirek.cli.embedded import Embedded; from tirek.cli.problems import "
        "Problem\n"
        "try:\n    Embedded(Path(sys.argv[1])).start()\nexcept Problem as told:\n    print(told.format_message())\n"
    )
    command = [
        "runuser",
        "-u",
        ordinary_user,
        "--",
        *python,
        "-W",
        "ignore",
        "-c",
        code,
        str(folder / "theirs" / "var"),
    ]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd="/")
    assert "may not write to" in done.stdout, done.stderr
    assert "TIREK_VAR=" in done.stdout


def _write_pid_file(server: Embedded, pid: int, *, where: str = "data") -> None:
    sockets = embedded.socket_folder(server.home)
    text = f"{pid}\n{server.data}\n1700000000\n5432\n{sockets}\n\n\nready\n"
    path = {"data": server.data / "postmaster.pid", "socket": sockets / ".s.PGSQL.5432.lock"}[where]
    path.write_text(text)
    if os.geteuid() == 0:
        account = pwd.getpwnam(server_user())
        os.chown(path, account.pw_uid, account.pw_gid)


def _start_plainly(program: Path, server: Embedded) -> None:
    done = subprocess.run(
        [str(program), "-D", str(server.data)],
        user=server_user() if os.geteuid() == 0 else None, cwd="/", check=False, capture_output=True, text=True,
        timeout=20,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def _python_for(user: str) -> list[str]:
    """A Python with our libraries that ``user`` can run: this one, or the system's of the same version."""
    folders = [str(SOURCE), *(path for path in sys.path if "site-packages" in path)]
    for python in (sys.executable, "/usr/bin/python3"):
        command = ["/usr/bin/env", f"PYTHONPATH={':'.join(folders)}", python]
        same = f"import sys, psycopg, tirek; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])})"
        if (
            subprocess.run(
                ["runuser", "-u", user, "--", *command, "-c", same], check=False, capture_output=True, cwd="/"
            ).returncode
            == 0
        ):
            return command
    pytest.skip(f"{user} can enter neither this environment nor one like it")


def _connect_as(user: str, address: str) -> None:
    python = _python_for(user)
    code = "import sys, psycopg; psycopg.connect(sys.argv[1])"
    command = ["runuser", "-u", user, "--", *python, "-c", code, address]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd="/")
    if done.returncode:
        raise psycopg.OperationalError(done.stderr)


def _remove(var: Path, *, uid: int | None = None) -> None:
    place = embedded.home(var)
    if embedded.SYSTEM_FOLDER in place.parents:
        shutil.rmtree(place)
    for sockets in Path("/tmp").glob(f"tirek-{os.geteuid() if uid is None else uid}-*"):
        if not any(sockets.iterdir()):  # nobody's server runs there
            sockets.rmdir()
