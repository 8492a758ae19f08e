"""Pages that people and staff open all day, read by this code and by an earlier one in turn.

``BENCH_BASELINE`` names a checkout of the earlier code with its own ``.venv``; both serve the demo people. What is told
is processor time, of web and PostgreSQL, page by page in turn, so that what else the machine does touches both alike.
Without a baseline only the present pages a second are told.
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


def run() -> dict[str, float | str]:
    """Pages a second of a processor, and how many times as many as the baseline reads of the same pages."""
    baseline = os.environ.get("BENCH_BASELINE", "")
    trees = [ROOT, *([Path(baseline).resolve()] if baseline else [])]
    with tempfile.TemporaryDirectory() as folder:
        variables = [Path(folder, f"var-{n}") for n in range(len(trees))]
        for one in variables:
            one.mkdir()
        with reader(trees[0], variables[0]) as now:
            if not baseline:
                took = {name: median([_ask(now, name) for _ in range(READS)]) for name in _names(now)}
                return {
                    "reads.pages": len(took),
                    "reads.pages_per_second": round(1000 * len(took) / sum(took.values()), 1),
                }
            with reader(trees[1], variables[1]) as before:
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
