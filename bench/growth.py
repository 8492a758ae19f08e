"""How the time of a page grows with the country: every page of every desk, read in two shares of the country in turn.

A share is loaded once (``tirek scale load``) and kept under ``var/bench``; ``BENCH_SHARES=0.01,1`` names the two.

What grows is told in processor time, of the web and of PostgreSQL: it is the same beside other work. A list that is
short in the smaller share is read in the larger one twice, as it is and with as many rows: that a page with fifty rows
takes longer than one with five is no growth of the country, and its time stands in the table all the same.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Final

ROOT = Path(__file__).resolve().parent.parent
#: Reads of a page in each share that are not counted: from the sixth on its statements are prepared.
WARM = 6
#: Reads of a page in each share, after those.
READS = 20
#: How often a page that grows more than is aimed at is measured once more: what grows does so each time, what else the
#: machine did does not.
AGAIN = 2
#: Growth below so many milliseconds of processor time is told apart from nothing by no clock.
LEAST_MS = 1.0
#: Growth that is aimed at, at most.
AIM = 1.2
#: Of the table; what is no number of milliseconds on the clock is processor time.
HEADS = (
    "page",
    "growth",
    "rows",
    "processor ms, small",
    "large, as many rows",
    "large",
    "of it PostgreSQL",
    "p50 ms, small",
    "p50 ms, large",
    "p95 ms, large",
    "statements",
)


@dataclass
class Reads:
    """What was measured of a page in one share: milliseconds of each read, and those of processor time."""

    took: list[float] = field(default_factory=list)
    work: list[float] = field(default_factory=list)
    work_sql: list[float] = field(default_factory=list)
    rows: int = 0
    statements: int = 0

    def add(self, told: dict[str, float]) -> None:
        """Take in one read."""
        self.took.append(told["ms"])
        self.work.append(told["cpu"] + told["cpu_sql"])
        self.work_sql.append(told["cpu_sql"])
        self.rows, self.statements = int(told["rows"]), int(told["statements"])

    @property
    def p95(self) -> float:
        """Milliseconds within which 95 of 100 reads ended."""
        return quantiles(self.took, n=20)[-1]


def _p95(work: list[float]) -> float:
    return quantiles(work, n=20)[-1]


@dataclass
class Page:
    """A page in the smaller share, in the larger one, and in that with as many rows as in the smaller (the same reads
    where it shows no more).
    """

    small: Reads = field(default_factory=Reads)
    large: Reads = field(default_factory=Reads)
    same: Reads = field(default_factory=Reads)

    @property
    def ratio(self) -> float:
        """Processor time with the same rows; a difference too small to be told counts as none."""
        before, after = median(self.small.work), median(self.same.work)
        return 1.0 if after - before < LEAST_MS else after / before

    @property
    def p95_growth(self) -> float:
        """The same of the processor time within which 95 of 100 reads ended."""
        before, after = _p95(self.small.work), _p95(self.same.work)
        return 1.0 if after - before < LEAST_MS else after / before


#: Pages of which the growth of the slowest reads is told apart: where people choose, and where officers work through
#: lists.
WATCHED: Final = {
    "catalogue": re.compile(r"anybody catalogue:(?:things?|offers?)\b|recipient orders:(?:offers?|compare)$"),
    "officer_list": re.compile(
        r"(?:officer|region) (?:orders |orders:officer-|catalogue:officer-|entitlements:officer-)"
    ),
}


def country(share: str) -> dict[str, str]:
    """Environment of a share of the country, which is loaded when it is not there."""
    folder = Path(os.environ.get("BENCH_COUNTRIES", ROOT / "var" / "bench")) / f"country-{share}"
    environment = {
        **os.environ,
        "TIREK_DEMO": "1",
        "TIREK_VAR": str(folder),
        "TIREK_LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "tirek.settings",
    }
    if not (folder / "loaded").exists():
        done = subprocess.run(
            [sys.executable, "-m", "tirek.cli", "scale", "load", "--share", share],
            env=environment,
            stdout=subprocess.PIPE,
            check=True,
        )
        (folder / "loaded").write_bytes(done.stdout)
        print(f"  {share}: {done.stdout.decode().strip()}", flush=True)
    return environment


@contextmanager
def reader(share: str) -> Iterator[subprocess.Popen[str]]:
    """A process that reads pages of a share."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.growth_pages"],
        env=country(share),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(timeout=60)


def _ask(process: subprocess.Popen[str], name: str, most: int = 0) -> dict[str, float]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{json.dumps([name, most])}\n")
    process.stdin.flush()
    told: dict[str, float] = json.loads(process.stdout.readline())
    return told


def _length(process: subprocess.Popen[str], name: str, rows: int, shown: int) -> int:
    """How long the lists of a page may be for it to show so many rows, or one; 0 where it shows no more anyway."""
    low, high = 1, shown
    if shown <= rows:
        return 0
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _ask(process, name, middle)["rows"] <= rows else (low, middle - 1)
    return low


def measured(shares: tuple[str, str]) -> dict[str, Page]:
    """Every page in both shares, read in turn."""
    with reader(shares[0]) as small, reader(shares[1]) as large:
        assert small.stdout is not None
        assert large.stdout is not None
        names = [set(json.loads(one.stdout.readline())) for one in (small, large)]  # type: ignore[union-attr]
        found: dict[str, Page] = {}
        for name in sorted(names[0] & names[1]):
            first = [_ask(one, name) for one in (small, large)]
            if any(one["status"] != 200 or not one["page"] for one in first):
                continue
            most = _length(large, name, int(first[0]["rows"]), int(first[1]["rows"]))
            found[name] = _read(small, large, name, most)
            for _ in range(AGAIN):
                if found[name].ratio > AIM:
                    found[name] = min(found[name], _read(small, large, name, most), key=lambda one: one.ratio)
                elif found[name].p95_growth > AIM and any(one.match(name) for one in WATCHED.values()):
                    found[name] = min(found[name], _read(small, large, name, most), key=lambda one: one.p95_growth)
        return found


def _read(small: subprocess.Popen[str], large: subprocess.Popen[str], name: str, most: int) -> Page:
    """A page in both shares in turn, in the larger one also with lists of ``most`` rows (0: as it is)."""
    page = Page()
    for _ in range(WARM):
        for one in (small, large):
            _ask(one, name)
    for _ in range(READS):
        page.small.add(_ask(small, name))
        page.large.add(_ask(large, name))
        if most:
            page.same.add(_ask(large, name, most))
    if not most:
        page.same = page.large
    return page


def _rows(page: Page) -> str:
    """How many rows a page shows: in the smaller share, and in the larger one where that shows more."""
    small, large = page.small.rows, page.large.rows
    return f"{small}" if small == large else f"{small}, {large}"


def run() -> dict[str, float | str]:
    """Measure; keys of ``growth.*``, and the table."""
    first, _comma, second = os.environ.get("BENCH_SHARES", "0.01,1").partition(",")
    pages = measured((first, second))
    worst = max(pages.values(), key=lambda one: one.ratio)
    slowest = max(pages.values(), key=lambda one: one.large.p95)
    lines = [
        f"| {name} | {one.ratio:.2f} | {_rows(one)} | {median(one.small.work):.0f} | {median(one.same.work):.0f} "
        f"| {median(one.large.work):.0f} | {median(one.large.work_sql):.0f} | {median(one.small.took):.0f} "
        f"| {median(one.large.took):.0f} | {one.large.p95:.0f} | {one.large.statements} |"
        for name, one in sorted(pages.items(), key=lambda pair: (-pair[1].ratio, pair[0]))
    ]
    return {
        "growth.pages": len(pages),
        "growth.small_share": float(first),
        "growth.large_share": float(second),
        "growth.most": round(worst.ratio, 2),
        "growth.over": sum(one.ratio > AIM for one in pages.values()),
        "growth.p95_ms": round(slowest.large.p95),
        "growth.processor_ms": round(median(median(one.large.work) for one in pages.values()), 1),
        **{
            f"{what}.p95_growth": round(max(page.p95_growth for name, page in pages.items() if names.match(name)), 2)
            for what, names in WATCHED.items()
        },
        "growth.table": "\n".join(
            [
                f"| {' | '.join(HEADS)} |",
                f"| --- |{' ---: |' * (len(HEADS) - 1)}",
                *lines,
            ]
        ),
    }


if __name__ == "__main__":
    done = run()
    print(done.pop("growth.table"))
    print(json.dumps(done, indent=2))
