"""Memory of web and worker after a load, as the operating system counts it (proportional set size)."""

from pathlib import Path

from bench.load import press
from bench.world import prepare, world

ORDERS, READS = 300, 300


def _megabytes(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


def run() -> dict[str, float]:
    """Measure; ``memory.mb`` of web and worker together, the database not counted."""
    with world() as one:
        done = press(one.port, [person.request() for person in prepare(one, ORDERS)], connections=8)
        if done.receipts != ORDERS:
            raise SystemExit(f"Of {ORDERS} orders sent {done.receipts} led to a receipt: {done.answers}")
        page = b"GET /terms HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        press(one.port, [page] * READS, connections=8)
        pids = [pid for pid in one.pids() if "postgres" not in one.words_of(pid)]
        return {"memory.mb": round(sum(_megabytes(pid) for pid in pids), 1)}
