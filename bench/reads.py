"""Pages that people and staff open all day, read by this code and by an earlier one in turn.

The earlier code is a commit of this repository, which is checked out and installed under ``var/bench`` once;
``BENCH_BASELINE`` names another checkout with a ``.venv`` of its own. Both serve the demo people, first by themselves,
then in the whole country (``tirek scale load``, as ``growth`` keeps it), where they read one database. What is told is
processor time, of web and PostgreSQL, page by page in turn, so that what else the machine does touches both alike.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bench import earlier, growth

ROOT = Path(__file__).resolve().parent.parent
PAGES = Path(__file__).with_name("reads_pages.py")
#: Reads of a page by each code, after two that are not counted.
READS = 15
#: The last commit before the thread was made again as people need it (22 November 2026).
BEFORE = "665523b"


def _environment(tree: Path, var: Path) -> dict[str, str]:
    return {
        **{key: value for key, value in os.environ.items() if key not in {"PYTHONPATH", "TIREK_DATABASE_URL"}},
        "TIREK_DEMO": "1",
        "TIREK_VAR": str(var),
        "TIREK_LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "tirek.settings",
        "PYTHONPATH": str(tree / "src"),
    }


def _python(tree: Path) -> str:
    python = tree / ".venv" / "bin" / "python"
    return str(python) if python.exists() else sys.executable


def _prepare(tree: Path, var: Path) -> None:
    """Tables, static files and demo people of a checkout."""
    for command in ("prepare", "demo"):
        # an earlier code loads its demo people by a command of their own
        run = [_python(tree), "-m", "tirek.cli", command]
        subprocess.run(run, env=_environment(tree, var), capture_output=True, check=False)


@contextmanager
def reader(tree: Path, var: Path, database: str = "") -> Iterator[subprocess.Popen[str]]:
    """A process that reads pages of a checkout as the demo people, on demand; of its own database or another one."""
    process = subprocess.Popen(
        [_python(tree), str(PAGES)],
        env=_environment(tree, var) | ({"TIREK_DATABASE_URL": database} if database else {}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=var,
    )
    try:
        yield process
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(timeout=60)


def _ask(process: subprocess.Popen[str], name: str) -> float:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{json.dumps(name)}\n")
    process.stdin.flush()
    return float(json.loads(process.stdout.readline()))


def _names(process: subprocess.Popen[str]) -> list[str]:
    assert process.stdout is not None
    found: list[str] = json.loads(process.stdout.readline())
    return found


def baseline() -> Path:
    """The checkout of the earlier code, ready to run."""
    named = os.environ.get("BENCH_BASELINE", "")
    tree = Path(named).resolve() if named else ROOT / "var" / "bench" / f"code-{BEFORE}"
    python = tree / ".venv" / "bin" / "python"
    if not python.exists():
        for command in (
            ["git", "-C", str(ROOT), "worktree", "add", "--detach", "--force", str(tree), BEFORE],
            [sys.executable, "-m", "venv", str(tree / ".venv")],
            [str(python), "-m", "pip", "install", "--quiet", "-r", str(tree / "requirements.lock")],
            [str(python), "-m", "pip", "install", "--quiet", "--no-deps", "-e", str(tree)],
        ):
            subprocess.run(command, check=True)
    return tree


def run() -> dict[str, float | str]:
    """Pages a second of a processor, and how many times as many as the earlier code reads of the same pages: with the
    rows of the demo, and with those of the country.
    """
    with tempfile.TemporaryDirectory() as folder:
        present, before = (Path(folder, name) for name in ("now", "before"))
        for tree, var in ((ROOT, present), (baseline(), before)):
            var.mkdir()
            _prepare(tree, var)
        with reader(ROOT, present) as now, reader(baseline(), before) as then:
            demo = _compared((now, _names(now)), (then, _names(then)))
        share = os.environ.get("BENCH_SHARES", "0.01,1").partition(",")[2]
        country = Path(growth.country(share)["TIREK_VAR"])
        earlier.pictures(before, country)
        with reader(ROOT, country) as now:
            # its server runs once it has told them
            names = _names(now)
            with earlier.known(country), reader(baseline(), before, earlier.address(country)) as then:
                whole = _compared((now, names), (then, _names(then)))
    told = {f"reads.{key}": value for key, value in demo.items()}
    return told | {f"reads.country_{key}": value for key, value in whole.items()}


Reader = tuple[subprocess.Popen[str], list[str]]


def _compared(now: Reader, then: Reader) -> dict[str, float | str]:
    took: dict[str, tuple[float, float]] = {}
    for name in now[1]:
        if name not in then[1]:
            continue
        pairs = [(_ask(now[0], name), _ask(then[0], name)) for _ in range(READS)]
        took[name] = (median(one for one, _other in pairs), median(other for _one, other in pairs))
    present, past = (sum(times) for times in zip(*took.values(), strict=True))
    return {
        "pages": len(took),
        "pages_per_second": round(1000 * len(took) / present, 1),
        "pages_per_second_before": round(1000 * len(took) / past, 1),
        "ratio_to_before": round(past / present, 3),
        "table": "\n".join(
            [
                "| page | processor ms | before | ratio |",
                "| --- | ---: | ---: | ---: |",
                *(
                    f"| {name} | {one:.1f} | {other:.1f} | {other / one:.2f} |"
                    for name, (one, other) in sorted(took.items(), key=lambda each: each[1][1] / each[1][0])
                ),
            ]
        ),
    }
