"""Pages that people and staff open all day, read by this code and by an earlier one in turn.

The earlier code is a commit of this repository, which is checked out and installed under ``var/bench`` once;
``BENCH_BASELINE`` names another checkout with a ``.venv`` of its own. Both serve the demo people. What is told is
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

ROOT = Path(__file__).resolve().parent.parent
PAGES = Path(__file__).with_name("reads_pages.py")
#: Reads of a page by each code, after two that are not counted.
READS = 15
#: The last commit before the thread was made again as people need it (22 November 2026).
BEFORE = "665523b"


@contextmanager
def reader(tree: Path, var: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that reads pages of a checkout as the demo people, on demand."""
    python = tree / ".venv" / "bin" / "python"
    environment = {
        **{key: value for key, value in os.environ.items() if key not in {"PYTHONPATH", "TIREK_DATABASE_URL"}},
        "TIREK_DEMO": "1",
        "TIREK_VAR": str(var),
        "TIREK_LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "tirek.settings",
        "PYTHONPATH": str(tree / "src"),
    }
    run = [str(python) if python.exists() else sys.executable]
    for command in ("prepare", "demo"):
        # an earlier code loads its demo people by a command of their own
        subprocess.run([*run, "-m", "tirek.cli", command], env=environment, capture_output=True, check=False)
    process = subprocess.Popen(
        [*run, str(PAGES)], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=var
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
    """Pages a second of a processor, and how many times as many as the earlier code reads of the same pages."""
    with tempfile.TemporaryDirectory() as folder:
        variables = [Path(folder, name) for name in ("now", "before")]
        for one in variables:
            one.mkdir()
        with reader(ROOT, variables[0]) as now, reader(baseline(), variables[1]) as before:
            return _compared(now, before)


def _compared(now: subprocess.Popen[str], before: subprocess.Popen[str]) -> dict[str, float | str]:
    names = [_names(one) for one in (now, before)]
    took: dict[str, tuple[float, float]] = {}
    for name in names[0]:
        if name not in names[1]:
            continue
        pairs = [(_ask(now, name), _ask(before, name)) for _ in range(READS)]
        took[name] = (median(one for one, _other in pairs), median(other for _one, other in pairs))
    present, earlier = (sum(times) for times in zip(*took.values(), strict=True))
    return {
        "reads.pages": len(took),
        "reads.pages_per_second": round(1000 * len(took) / present, 1),
        "reads.pages_per_second_before": round(1000 * len(took) / earlier, 1),
        "reads.ratio_to_before": round(earlier / present, 3),
        "reads.table": "\n".join(
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
