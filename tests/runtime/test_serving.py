"""``tirek serve``: one program of four parts that starts, ends, and comes back whatever is killed."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

import pytest
from tests.runtime.installation import SOURCE, Installation, wait_for

from tirek.cli.embedded import Embedded

PARTS = ["web", "worker", "database"]


def test_serve__starts_answers_and_ends_cleanly_on_ctrl_c(migrated: Installation) -> None:
    migrated.start_and_wait()
    assert set(migrated.parts()) == {"supervisor", "web", "worker", "database"}
    assert (
        "boot." in urlopen(f"http://127.0.0.1:{migrated.port}/help").read().decode()
    )  # the files of the pages were gathered
    # the supervisor asks once a second, and says so when it has seen it itself
    wait_for(lambda: "Tirek is ready" in migrated.log.read_text())
    assert migrated.stop(signal.SIGINT) == 0
    assert not migrated.processes()
    said = migrated.log.read_text()
    assert f"Tirek is ready: http://127.0.0.1:{migrated.port}/" in said
    assert (
        "Traceback"
        not in said + (migrated.var / "logs/web.log").read_text() + (migrated.var / "logs/worker.log").read_text()
    )
    database_log = (migrated.var / "db/postgresql.log").read_text()
    assert database_log.rstrip().endswith("database system is shut down")


@pytest.mark.slow
def test_run__prepares_everything_once_starts_fast_after_that_and_keeps_what_people_did(
    installation: Installation,
) -> None:
    installation.start_and_wait("run")
    wait_for(lambda: "Ctrl-C ends it." in installation.log.read_text())
    first = installation.log.read_text()
    assert "Making the database" in first
    assert "recipient " in first
    assert "A tour of 60 seconds" in first
    [(people,)] = installation.sql("SELECT count(*) FROM people_person")
    assert isinstance(people, int)
    assert people > 0
    installation.sql("DELETE FROM core_draft; CREATE TABLE kept AS SELECT 7 AS n")
    assert installation.stop() == 0
    assert not installation.processes()

    began = time.monotonic()
    assert installation.tirek("reference", "check", "--files").returncode == 0
    one_command = time.monotonic() - began  # about 2 s; more where the machine is busy with other things
    began = time.monotonic()
    installation.start_and_wait("run")
    took = time.monotonic() - began
    assert "Reference data" not in installation.log.read_text().removeprefix(first)
    assert installation.sql("SELECT n FROM kept") == [(7,)]
    assert installation.sql("SELECT count(*) FROM people_person") == [(people,)]
    assert installation.sql("SELECT count(*) FROM core_draft") == [(0,)]
    assert installation.stop() == 0
    assert took < max(10, 5 * one_command)


@pytest.mark.slow
def test_a_second_ctrl_c__does_not_wait_for_a_part_that_hangs(migrated: Installation) -> None:
    migrated.start_and_wait()
    os.kill(migrated.parts()["worker"], signal.SIGSTOP)  # it will not end by itself
    assert migrated.supervisor is not None
    migrated.supervisor.send_signal(signal.SIGINT)
    wait_for(lambda: "web" not in migrated.parts())
    assert migrated.supervisor.poll() is None
    began = time.monotonic()
    assert migrated.stop(signal.SIGINT) == 0
    assert time.monotonic() - began < 5
    assert not migrated.processes()


@pytest.mark.slow
def test_jobs_of_a_killed_worker__are_taken_up_again(migrated: Installation) -> None:
    migrated.start_and_wait()
    migrated.sql(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, attempts, priority) "
        "VALUES ('default', 'core.seal_journal', '{\"timestamp\": 1}', 'doing', 1, 0)"
    )
    status = "SELECT status::text FROM procrastinate_jobs WHERE task_name = 'core.seal_journal'"
    wait_for(lambda: migrated.sql(status) == [("succeeded",)], within=130)


@pytest.mark.slow
def test_serve__ends_cleanly_on_sigterm(migrated: Installation) -> None:
    migrated.start_and_wait()
    assert migrated.stop(signal.SIGTERM) == 0
    assert not migrated.processes()


@pytest.mark.slow
@pytest.mark.parametrize("part", PARTS)
def test_a_killed_part__is_started_again_and_the_others_stay(migrated: Installation, part: str) -> None:
    migrated.start_and_wait()
    before = migrated.parts()
    os.kill(before[part], signal.SIGKILL)
    after = wait_for(
        lambda: (found := migrated.parts()).get(part) not in (None, before[part]) and len(found) == 4 and found
    )
    wait_for(migrated.ready)
    assert {name for name in before if after[name] != before[name]} == {part}
    assert migrated.stop() == 0
    assert not migrated.processes()


@pytest.mark.slow
def test_a_killed_web_process__does_not_keep_the_port(migrated: Installation) -> None:
    """The server's own child, not the part that the supervisor knows."""
    migrated.start_and_wait()
    part = migrated.parts()["web"]
    children = {pid for pid in migrated.processes() if _parent(pid) == part}
    assert len(children) == migrated.config.web_processes
    for child in children:
        os.kill(child, signal.SIGKILL)
    wait_for(lambda: not children & migrated.processes())
    wait_for(migrated.ready)
    assert migrated.parts()["web"] == part


@pytest.mark.slow
def test_a_killed_supervisor__takes_its_parts_along(migrated: Installation) -> None:
    migrated.start_and_wait()
    supervisor = migrated.supervisor
    assert supervisor is not None
    supervisor.kill()
    supervisor.wait()
    wait_for(lambda: not migrated.processes(), within=30)
    migrated.start_and_wait()
    assert migrated.stop() == 0


@pytest.mark.slow
def test_everything_killed_at_once__the_next_start_simply_starts_and_keeps_the_data(migrated: Installation) -> None:
    migrated.start_and_wait()
    migrated.sql("CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
    for pid in migrated.processes():
        with contextlib.suppress(ProcessLookupError):  # some end with their parent before it is their turn
            os.kill(pid, signal.SIGKILL)
    assert migrated.supervisor is not None
    migrated.supervisor.wait()
    migrated.start_and_wait()
    assert migrated.sql("SELECT n FROM kept") == [(7,)]
    assert migrated.stop() == 0


@pytest.mark.slow
def test_orphans_that_survived_their_supervisor__are_ended_by_the_next_start(migrated: Installation) -> None:
    """As where the kernel does not end children: they are halted first, so that they miss the signal of their parent's
    death.
    """
    migrated.start_and_wait()
    orphans = migrated.processes() - {migrated.parts()["supervisor"]}
    for pid in orphans:
        os.kill(pid, signal.SIGSTOP)
    assert migrated.supervisor is not None
    migrated.supervisor.kill()
    migrated.supervisor.wait()
    migrated.start_and_wait()
    assert not orphans & migrated.processes()
    assert migrated.stop() == 0


@pytest.mark.slow
def test_a_database_that_dies_often__does_not_end_worker_or_web(migrated: Installation) -> None:
    migrated.start_and_wait()
    before = migrated.parts()
    for _ in range(4):
        old = migrated.parts()["database"]
        os.kill(old, signal.SIGKILL)
        wait_for(lambda old=old: migrated.parts().get("database") not in (None, old))
        wait_for(migrated.ready)
    after = migrated.parts()
    assert (after["web"], after["worker"]) == (before["web"], before["worker"])
    heartbeat = "SELECT max(last_heartbeat) > now() - interval '5 seconds' FROM procrastinate_workers"
    wait_for(lambda: migrated.sql(heartbeat) == [(True,)], within=40)


def test_a_taken_port__is_told_with_a_port_that_is_free(migrated: Installation) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", migrated.port))
        other.listen()
        told = migrated.tirek("serve")
    assert told.returncode == 2
    assert f"Port {migrated.port} is taken" in told.stdout
    assert f"TIREK_PORT={migrated.port + 1} make run" in told.stdout or "TIREK_PORT=" in told.stdout
    assert "Traceback" not in told.stdout
    assert not migrated.processes()


@pytest.mark.slow
def test_a_second_tirek_in_the_same_folder__is_refused_and_the_first_serves_on(migrated: Installation) -> None:
    migrated.start_and_wait()
    told = migrated.tirek("serve", TIREK_PORT="8999")
    assert told.returncode == 2
    assert f"already runs with the folder {migrated.var}" in told.stdout
    assert migrated.ready()


@pytest.mark.slow
def test_a_folder_that_cannot_be_made__is_told(installation: Installation) -> None:
    installation.var.parent.joinpath("file").write_text("")
    told = installation.tirek("serve", TIREK_VAR=str(installation.var.parent / "file" / "var"))
    assert told.returncode == 2
    assert "cannot be used: Not a directory" in told.stdout
    assert "Traceback" not in told.stdout


def test_a_wrong_database_address__is_told_without_the_password(installation: Installation) -> None:
    told = installation.tirek("serve", TIREK_DATABASE_URL="postgresql://tirek_app:sesame@127.0.0.1:1/tirek")
    assert told.returncode == 2
    assert "does not let us in" in told.stdout
    assert "sesame" not in told.stdout
    assert "Traceback" not in told.stdout


def test_waiting_migrations__are_told_with_the_command(migrated: Installation) -> None:
    migrated.tirek("migrate")  # starts the server for a moment: the copy is whole
    with Embedded(migrated.var):
        migrated.sql("DELETE FROM django_migrations WHERE app = 'core' AND name = '0001_initial'")
    told = migrated.tirek("serve")
    assert told.returncode == 2
    assert "1 migrations wait" in told.stdout
    assert "tirek migrate" in told.stdout
    assert not migrated.processes()


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def readable_python() -> tuple[str, str]:
    """A Python that every user may run, with the folders of our libraries."""
    folders = ":".join([str(SOURCE), *(path for path in sys.path if "site-packages" in path)])
    same = f"import sys, django, granian; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])})"
    for python in (sys.executable, "/usr/bin/python3"):
        command = ["runuser", "-u", "nobody", "--", "/usr/bin/env", f"PYTHONPATH={folders}", python, "-c", same]
        if subprocess.run(command, check=False, capture_output=True, cwd="/").returncode == 0:
            return python, folders
    pytest.skip("no Python here can be run by everybody")


def owners(installation: Installation) -> dict[str, int]:
    return {name: Path(f"/proc/{pid}").stat().st_uid for name, pid in installation.parts().items()}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become others")
def test_root__keeps_nothing_for_itself_but_the_supervisor(migrated: Installation) -> None:
    migrated.python, folders = readable_python()
    migrated.settings["PYTHONPATH"] = folders
    (migrated.var / "files").mkdir(exist_ok=True)
    (migrated.var / "files" / "old").write_text("put there by root")
    migrated.start_and_wait()
    found = owners(migrated)
    assert found["supervisor"] == 0
    assert found["web"] == found["worker"] == found["database"] != 0
    assert {path.stat().st_uid for path in (migrated.var / "files", migrated.var / "files" / "old")} == {found["web"]}
    assert b"boot." in urlopen(f"http://127.0.0.1:{migrated.port}/help").read()
    os.kill(migrated.parts()["worker"], signal.SIGKILL)
    wait_for(lambda: owners(migrated).get("worker") == found["worker"])
    assert migrated.supervisor is not None
    migrated.supervisor.kill()  # who has given up root ends with it all the same
    migrated.supervisor.wait(10)
    wait_for(lambda: not {"web", "worker"} & set(migrated.parts()))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make folders that others cannot enter")
def test_a_folder_only_root_can_enter__is_served_by_root(migrated: Installation) -> None:
    migrated.python, migrated.settings["PYTHONPATH"] = readable_python()
    migrated.var.parent.chmod(0o700)
    migrated.var.joinpath("db").rename(moved := Path(tempfile.mkdtemp(prefix="tirek-test-")) / "db")
    moved.parent.chmod(0o755)
    migrated.var.joinpath("db").symlink_to(moved)
    try:
        migrated.start_and_wait()
        assert owners(migrated)["web"] == 0
        migrated.stop()
    finally:
        shutil.rmtree(moved.parent, ignore_errors=True)
