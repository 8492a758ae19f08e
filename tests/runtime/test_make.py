"""``make run`` from nothing, in the folders people really have; what is missing is told with the command that helps."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.runtime.installation import Installation, free_port, wait_for

from tirek.cli import embedded
from tirek.cli.supervisor import health

ROOT = Path(__file__).parents[2]
NEEDED = [
    "Makefile",
    "tools",
    "src",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    "requirements.lock",
    "requirements-dev.lock",
    "requirements-build.lock",
]


def copied(folder: Path) -> Path:
    """The product in a folder of its own, as a fresh clone has it."""
    folder.mkdir(parents=True)
    for name in NEEDED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, folder / name)
    return folder


def environment(**settings: str) -> dict[str, str]:
    return {
        name: os.environ[name] for name in ("PATH", "HOME", "LANG", "http_proxy", "https_proxy") if name in os.environ
    } | settings


def python_that_says(folder: Path, condition: str, code: int) -> str:
    """A Python that ends with ``code`` when it is asked what contains ``condition``, and is a real one otherwise."""
    program = folder / "python"
    program.write_text(f'#!/bin/sh\ncase "$*" in *"{condition}"*) exit {code};; esac\nexec "{sys.executable}" "$@"\n')
    program.chmod(0o755)
    return str(program)


@pytest.mark.parametrize(
    ("condition", "sentence", "command"),
    [
        (
            "ensurepip",
            "The part of Python that makes virtual environments is missing.",
            "apt-get install -y python3-venv",
        ),
        ("sys.version_info < (3, 11)", "is too old: Tirek needs 3.11 or newer.", "PYTHON=python3.11 make run"),
    ],
)
def test_a_python_that_lacks_something__is_told_with_the_command(
    folder: Path, condition: str, sentence: str, command: str
) -> None:
    place = copied(folder / "tirek")
    told = subprocess.run(
        ["make", "-C", str(place), "run"],
        env=environment(PYTHON=python_that_says(folder, condition, 1)),
        check=False,
        capture_output=True,
        text=True,
    )
    assert told.returncode != 0
    assert sentence in told.stderr
    assert command in told.stderr
    assert not (place / ".venv").exists()


@pytest.mark.slow
def test_make_run__from_nothing_in_a_folder_with_spaces_that_only_its_owner_can_enter(folder: Path) -> None:
    closed = folder / "only for me"
    closed.mkdir(mode=0o700)
    place = copied(closed / "my tirek")
    made = Installation(place / "var", port=free_port())
    with (folder / "make.out").open("w") as out:
        made.supervisor = subprocess.Popen(
            ["make", "run"],
            cwd=place,
            env=environment(TIREK_PORT=str(made.port)),
            stdout=out,
            stderr=out,
            text=True,
            start_new_session=True,
        )
    try:
        wait_for(
            lambda: (made.supervisor and made.supervisor.poll() is not None) or health(made.config).get("ready"),
            within=540,
        )
        said = (folder / "make.out").read_text()
        assert made.supervisor.poll() is None, said
        wait_for(lambda: f"Tirek is ready: http://127.0.0.1:{made.port}/" in (folder / "make.out").read_text())
        assert closed.stat().st_mode & 0o777 == 0o700
        os.killpg(made.supervisor.pid, signal.SIGINT)  # as Ctrl-C in a terminal does
        made.supervisor.wait(60)
        wait_for(lambda: not made.processes(), within=30)
        database_log = (embedded.home(made.var) / "postgresql.log").read_text()
        assert database_log.rstrip().endswith("database system is shut down")
    finally:
        made.remove()


def test_system__asks_for_the_browser_where_there_is_none(tmp_path: Path) -> None:
    for name in ("sh", "id"):
        (tmp_path / name).symlink_to(shutil.which(name) or name)
    asked = subprocess.run(
        [ROOT / "tools" / "system", "chromium"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 2
    assert "sudo apt-get install -y --no-install-recommends chromium" in asked.stderr


def test_system__names_the_program_that_is_there(tmp_path: Path) -> None:
    found = tmp_path / "chromium"
    found.write_text("#!/bin/sh\n")
    found.chmod(0o755)
    (tmp_path / "sh").symlink_to(shutil.which("sh") or "sh")
    told = subprocess.run(
        [ROOT / "tools" / "system", "chromium"], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == str(found)
