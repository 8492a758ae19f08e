"""How the time of a page grows with the country: every page of every desk, read in two shares of the country in turn.

A share is loaded once (``tirek scale load``) and kept under ``var/bench``; ``BENCH_SHARES=0.01,1`` names the two.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).resolve().parent.parent
#: Reads of a page in each share, after one that is not counted.
READS = 12
#: Growth below so many milliseconds is told apart from nothing by no clock.
LEAST_MS = 3.0


@dataclass
class Page:
    """What was measured of a page, share by share: milliseconds."""

    small: list[float] = field(default_factory=list)
    large: list[float] = field(default_factory=list)
    cpu: float = 0.0
    statements: int = 0

    @property
    def ratio(self) -> float:
        """Of the middle values; a difference too small to be told counts as none."""
        before, after = median(self.small), median(self.large)
        return 1.0 if after - before < LEAST_MS else after / before

    @property
    def p95(self) -> float:
        """In the larger share."""
        return quantiles(self.large, n=20)[-1]


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


def _ask(process: subprocess.Popen[str], name: str) -> dict[str, float]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{name}\n")
    process.stdin.flush()
    told: dict[str, float] = json.loads(process.stdout.readline())
    return told


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
            page = found[name] = Page()
            for _ in range(READS):
                page.small.append(_ask(small, name)["ms"])
                told = _ask(large, name)
                page.large.append(told["ms"])
                page.cpu += told["cpu"] / READS
                page.statements = int(told["statements"])
        return found


def run() -> dict[str, float | str]:
    """Measure; keys of ``growth.*``, and the table."""
    first, _comma, second = os.environ.get("BENCH_SHARES", "0.01,1").partition(",")
    pages = measured((first, second))
    worst = max(pages.values(), key=lambda one: one.ratio)
    slowest = max(pages.values(), key=lambda one: one.p95)
    lines = [
        f"| {name} | {median(one.small):.0f} | {median(one.large):.0f} | {one.p95:.0f} | {one.ratio:.2f} "
        f"| {one.cpu:.0f} | {one.statements} |"
        for name, one in sorted(pages.items(), key=lambda pair: -pair[1].ratio)
    ]
    return {
        "growth.pages": len(pages),
        "growth.small_share": float(first),
        "growth.large_share": float(second),
        "growth.most": round(worst.ratio, 2),
        "growth.p95_ms": round(slowest.p95),
        "growth.table": "\n".join(
            [
                "| page | p50 ms, small | p50 ms, large | p95 ms, large | growth | processor ms | statements |",
                "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
                *lines,
            ]
        ),
    }


if __name__ == "__main__":
    done = run()
    print(done.pop("growth.table"))
    print(json.dumps(done, indent=2))
