"""``make bench`` measures everything; ``make bench BENCH=orders`` one part. Writes var/bench/latest.json and
docs/reference/performance.md.
"""

import json
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench import kill, memory, orders, peak, wire

PARTS = {"orders": orders.run, "wire": wire.run, "memory": memory.run, "peak": peak.run, "kill": kill.run}
#: key → (bound, "least" or "most", what it means)
BOUNDS: dict[str, tuple[float, str, str]] = {
    "orders.per_second": (0, "least", "orders a second over HTTP, session and CSRF included"),
    "orders.raw_view_per_second": (
        0,
        "least",
        (
            "the same statements on a cursor in a bare view with Django's default middleware, same server, processes, "
            "threads and run"
        ),
    ),
    "orders.naked_view_per_second": (0, "least", "the same without any middleware"),
    "orders.sql_per_second": (0, "least", "the same statements by pgbench, once, after the others had their turns"),
    "orders.ratio_to_raw_view": (0.5, "least", "orders against the bare view"),
    "orders.ratio_to_naked_view": (0, "least", "orders against the view without any middleware"),
    "orders.ratio_to_sql": (0.10, "least", "orders against pgbench (aim 0.2)"),
    "orders.statements": (25, "most", "SQL statements of one submit, session and commit included"),
    "wire.first_page_kb": (100, "most", "kilobytes of the first page, fonts and scripts included, images not"),
    "wire.next_page_kb": (15, "most", "kilobytes of a later page"),
    "memory.mb": (600, "most", "megabytes of supervisor, web and worker after a load (proportional set size)"),
    "peak.orders": (
        30,
        "least",
        "orders with a receipt while 160 readers at once asked for pages without a pause; the longer, the more",
    ),
    "peak.orders_share": (1, "least", "share of the presses that led to a receipt"),
    "peak.orders_lost": (0, "most", "receipts without an order in the database"),
    "peak.orders_per_second": (1.9, "least", "orders a second meanwhile; ten times the country's mean is 1.9"),
    "peak.ratio_to_alone": (0.02, "least", "against the same four people pressing without readers"),
    "peak.wait_alone_p95_s": (1, "most", "seconds that 95 of 100 waited at most for the receipt without readers"),
    "peak.wait_p95_s": (5, "most", "seconds that 95 of 100 waited at most for the receipt meanwhile"),
    "peak.reads_served": (0, "least", f"of {peak.READS} page reads meanwhile: answered with the page"),
    "peak.reads_asked_to_come_back": (0, "least", "asked to come back in ten seconds"),
    "peak.reads_failed": (0, "most", "neither answered with the page nor asked to come back"),
    "kill.kills": (60, "least", "kill -9 of web, worker and PostgreSQL in turn"),
    "kill.orders": (1, "least", "orders sent meanwhile"),
    "kill.presses": (1, "least", "presses of the button, repeated until a receipt came"),
    "kill.lost": (0, "most", "people left without a receipt, receipts without an order, breaks of the journal"),
    "kill.doubled": (
        0,
        "most",
        "orders beyond one per draft, orders and reservations that do not match, windows below zero",
    ),
}
ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Measure the chosen parts; 1 when a bound is broken."""
    chosen = [name for name in os.environ.get("BENCH", "").split(",") if name] or list(PARTS)
    store = ROOT / "var" / "bench" / "latest.json"
    store.parent.mkdir(parents=True, exist_ok=True)
    told: dict[str, float | str] = json.loads(store.read_text()) if store.exists() else {}
    for name in chosen:
        print(f"{name} …", flush=True)
        # nothing of an earlier run of the part stays beside its new figures
        told = {key: value for key, value in told.items() if not key.startswith(f"{name}.")}
        told.update(PARTS[name]())
        told[f"{name}.measured_on"] = f"{datetime.now(UTC):%Y-%m-%d}"
        store.write_text(json.dumps(told, indent=2, sort_keys=True) + "\n")
    kept = {key: value for key, value in told.items() if isinstance(value, int | float)}
    broken = [
        key
        for key, (bound, side, _text) in BOUNDS.items()
        if key in kept and (kept[key] < bound if side == "least" else kept[key] > bound)
    ]
    days = {key: told.get(f"{key.split('.')[0]}.measured_on", "") for key in kept}
    rows = [
        f"| `{key}` | {kept[key]:g} | {_bound(key)} | {days[key]} | {BOUNDS[key][2]} |" for key in BOUNDS if key in kept
    ]
    page = ROOT / "docs" / "reference" / "performance.md"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(
        "# Performance\n\nWritten by `make bench`. Ratios are taken in one run on one machine; single figures depend "
        "on the machine.\n\n"
        f"{os.cpu_count()} processors, Python {platform.python_version()}. Each part is measured by itself; its day "
        f"stands in its rows.\n\n"
        "| key | value | bound | measured on | meaning |\n| --- | ---: | --- | --- | --- |\n" + "\n".join(rows) + "\n",
        encoding="utf-8",
    )
    print(
        "\n".join(
            f"{key:28} {kept[key]:>10g}  {_bound(key)}{'  BROKEN' if key in broken else ''}"
            for key in BOUNDS
            if key in kept
        )
    )
    return 1 if broken else 0


def _bound(key: str) -> str:
    bound, side, _text = BOUNDS[key]
    return "" if side == "least" and bound == 0 else f"{'≥' if side == 'least' else '≤'} {bound:g}"


if __name__ == "__main__":
    sys.exit(main())
