"""``make bench`` measures everything; ``make bench BENCH=orders`` one part. Writes var/bench/latest.json and
docs/reference/performance.md.
"""

import json
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench import catalogue, growth, imports, kill, memory, orders, peak, reads, wire

PARTS = {
    "orders": orders.run,
    "wire": wire.run,
    "memory": memory.run,
    "peak": peak.run,
    "kill": kill.run,
    "growth": growth.run,
    "reads": reads.run,
    "catalogue": catalogue.run,
    "imports": imports.run,
    "offers": imports.run_offers,
}
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
    "orders.sql_per_second": (0, "least", "the same statements by pgbench, in turn with the others"),
    "orders.per_second_with_worker": (0, "least", "orders a second while the worker works off what follows from them"),
    "orders.ratio_to_raw_view": (0.5, "least", "orders against the bare view"),
    "orders.ratio_to_naked_view": (0, "least", "orders against the view without any middleware"),
    "orders.ratio_to_sql": (0.10, "least", "orders against pgbench, the worker halted (aim 0.25)"),
    "orders.ratio_to_sql_with_worker": (0, "least", "the same with the worker at work"),
    "orders.processor_ms": (0, "least", "milliseconds of processor time of an order, web and PostgreSQL"),
    "orders.processor_ms_web": (0, "least", "of it the web processes"),
    "orders.processor_ms_worker": (0, "least", "what the worker uses meanwhile, for each order"),
    "orders.processor_ms_sql": (0, "least", "milliseconds that PostgreSQL uses for the same statements of pgbench"),
    "orders.processor_ms_figures": (0, "least", "of it what PostgreSQL takes to keep the figures of a new order"),
    "orders.processor_ratio_to_sql": (0, "least", "processor time of pgbench's statements against that of an order"),
    "orders.statements": (25, "most", "SQL statements of one submit, session and commit included"),
    "wire.first_page_kb": (100, "most", "kilobytes of the first page, fonts and scripts included, images not"),
    "wire.next_page_kb": (15, "most", "kilobytes of a later page"),
    "memory.mb": (600, "most", "megabytes of supervisor, web and worker after a load (proportional set size)"),
    "peak.orders": (
        30,
        "least",
        f"orders with a receipt in {peak.SPIKE_S} seconds in which {peak.SPIKE} people read instead of {peak.CALM}",
    ),
    "peak.orders_share": (1, "least", "share of the presses that led to a receipt"),
    "peak.orders_lost": (0, "most", "receipts without an order in the database"),
    "peak.orders_per_second": (1.9, "least", "orders a second meanwhile; ten times the country's mean is 1.9"),
    "peak.ratio_to_alone": (0.02, "least", "against the same four people pressing without readers"),
    "peak.wait_alone_p95_s": (1, "most", "seconds that 95 of 100 waited at most for the receipt without readers"),
    "peak.wait_p95_s": (5, "most", "seconds that 95 of 100 waited at most for the receipt meanwhile"),
    "peak.pages_per_second_before": (0, "least", f"pages a second that {peak.CALM} people read before"),
    "peak.pages_per_second": (0, "least", "pages a second in the spike"),
    "peak.asked_to_come_back": (0, "least", "how often a reader was asked to come back in the spike"),
    "peak.longest_wait_s": (
        0,
        "least",
        "seconds that one reader waited for a page, coming back as told",
    ),
    "peak.errors": (0, "most", "answers that were neither the page nor the request to come back"),
    "peak.recovery_s": (30, "most", "seconds after the spike from which on everybody has the page as before"),
    "growth.pages": (60, "least", "pages of all desks that were read in two shares of the country in turn"),
    "growth.small_share": (0, "least", "the smaller share of the country"),
    "growth.large_share": (0, "least", "the larger one"),
    "growth.most": (
        1.2,
        "most",
        "processor time of the page that grows most, with as many rows as in the smaller share",
    ),
    "growth.over": (0, "most", "pages that grow more than that"),
    "growth.processor_ms": (
        0,
        "least",
        "milliseconds of processor time of a page in the larger share, web and PostgreSQL, the middle page",
    ),
    "catalogue.p95_growth": (
        1.2,
        "most",
        "the same of 95 of 100 reads: kinds, offers and their comparison, the page that grows most",
    ),
    "officer_list.p95_growth": (1.2, "most", "the same: lists of officers of the largest city and its region"),
    "growth.p95_ms": (300, "most", "milliseconds of the slowest page, 95 of 100 reads, one reader"),
    "reads.pages": (40, "least", "pages of the demo people's desks, and public ones"),
    "reads.pages_per_second": (0, "least", "of them that one processor reads a second, web and PostgreSQL together"),
    "reads.pages_per_second_before": (0, "least", "the same pages by the code of 22 November 2026 (665523b), in turn"),
    "reads.ratio_to_before": (1, "least", "the one against the other"),
    "reads.country_pages": (
        40,
        "least",
        "the same pages in the whole country, both codes on one database",
    ),
    "reads.country_pages_per_second": (0, "least", "of them that one processor reads a second"),
    "reads.country_pages_per_second_before": (0, "least", "the same by the code of 22 November 2026, in turn"),
    "reads.country_ratio_to_before": (2, "least", "the one against the other at the country's size"),
    "catalogue.questions": (150, "least", "questions to the search, written apart from its code and not looked at"),
    "catalogue.search_top5": (0.95, "least", "share of them that have the right kind among the first five"),
    "catalogue.search_first": (0, "least", "share that have it first"),
    "catalogue.search_top5_by_letters": (0.9, "least", "among the first five where meanings are not known"),
    "catalogue.search_ms": (0, "least", "milliseconds of processor time of a search, the middle one"),
    "import.programmes_lines": (100_000, "least", "lines of a file of programmes, four items each"),
    "import.programmes_seconds": (
        180,
        "most",
        "seconds of `tirek import programmes` for them, its start included",
    ),
    "import.programmes_processor_seconds": (0, "least", "of it processor time of the command, without PostgreSQL's"),
    "import.programmes_again_seconds": (0, "least", "seconds of the same file again, which changes nothing"),
    "import.programmes_mb": (300, "most", "megabytes that the command takes at most"),
    "import.offers_lines": (60_000, "least", "lines of a supplier's workbook, ten sizes a card"),
    "import.offers_file_mb": (10, "most", "megabytes of it"),
    "import.offers_check_seconds": (0, "least", "seconds of its check"),
    "import.offers_seconds": (300, "most", "seconds of its check and its taking, every line a new size"),
    "import.offers_mb": (700, "most", "megabytes of the process that does both"),
    "import.offers_book_seconds": (0, "least", "seconds until the same offers are a workbook to take along"),
    "import.offers_prices_seconds": (
        300,
        "most",
        "seconds of check and taking where every price of them changes, on sale",
    ),
    "import.offers_prices_mb": (700, "most", "megabytes of the process that does both, and wrote the workbook"),
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
#: How figures begin that are not called after the part that measures them.
_MEASURED_BY = {
    "catalogue.p95_growth": "growth",
    "officer_list.": "growth",
    "import.programmes": "imports",
    "import.offers": "offers",
}


def _part(key: str) -> str:
    """The part that measures a figure."""
    return next((part for start, part in _MEASURED_BY.items() if key.startswith(start)), key.partition(".")[0])


def main() -> int:
    """Measure the chosen parts; 1 when a bound is broken."""
    chosen = [name for name in os.environ.get("BENCH", "").split(",") if name] or list(PARTS)
    store = ROOT / "var" / "bench" / "latest.json"
    store.parent.mkdir(parents=True, exist_ok=True)
    told: dict[str, float | str] = json.loads(store.read_text()) if store.exists() else {}
    for name in chosen:
        print(f"{name} …", flush=True)
        # nothing of an earlier run of the part stays beside its new figures
        told = {key: value for key, value in told.items() if _part(key) != name}
        told.update(PARTS[name]())
        told[f"{name}.measured_on"] = f"{datetime.now(UTC):%Y-%m-%d}"
        store.write_text(json.dumps(told, indent=2, sort_keys=True) + "\n")
    kept = {key: value for key, value in told.items() if isinstance(value, int | float)}
    broken = [
        key
        for key, (bound, side, _text) in BOUNDS.items()
        if key in kept and (kept[key] < bound if side == "least" else kept[key] > bound)
    ]
    days = {key: told.get(f"{_part(key)}.measured_on", "") for key in kept}
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
        "| key | value | bound | measured on | meaning |\n| --- | ---: | --- | --- | --- |\n"
        + "\n".join(rows)
        + "\n"
        + _growth(told)
        + _reads(told)
        + _searches(told),
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


def _reads(told: dict[str, float | str]) -> str:
    """What each page takes beside what it took before, when it was measured."""
    if "reads.table" not in told:
        return ""
    return (
        "\n## Reads\n\nPages of the demo people, read by this code and by that of 22 November 2026 in turn: "
        "processor time of web and PostgreSQL, the middle of the reads. Most pages tell more than they did then.\n\n"
        f"{told['reads.table']}\n"
        "\n## Reads at the country's size\n\nThe same people and pages among 743,000 others; both codes read one "
        "database.\n\n"
        f"{told['reads.country_table']}\n"
    )


def _searches(told: dict[str, float | str]) -> str:
    """How well the search of the catalogue understands people, when it was measured."""
    if "catalogue.table" not in told:
        return ""
    return (
        "\n## Search of the catalogue\n\nWhat people type, by how it is put, and whether the right one of 65 kinds is "
        "found: `bench/questions.csv`, those that were not looked at while it was built.\n\n"
        f"{told['catalogue.table']}\n"
    )


def _growth(told: dict[str, float | str]) -> str:
    """How each page grows with the country, when it was measured."""
    if "growth.table" not in told:
        return ""
    return (
        "\n## Growth\n\n"
        f"Every page of every desk with {float(told['growth.small_share']):.1%} and with "
        f"{float(told['growth.large_share']):.1%} of the country (743,000 people, `tirek scale load`), read in turn "
        "by one reader. The desks are those where most happens: the largest city, its region, the supplier of most "
        "orders.\n\n"
        "Growth is that of processor time, of web and PostgreSQL, in the middle of the reads: the clock on the wall "
        "also tells what else the machine does. Where a list is shorter in the smaller share, the larger one is read "
        "once more with as many rows, and the growth is taken from that; what the longer page itself takes stands "
        "beside it. Differences below one millisecond count as none.\n\n"
        f"{told['growth.table']}\n"
    )


def _bound(key: str) -> str:
    bound, side, _text = BOUNDS[key]
    return "" if side == "least" and bound == 0 else f"{'≥' if side == 'least' else '≤'} {bound:g}"


if __name__ == "__main__":
    sys.exit(main())
