"""How many orders a second, against the same statements without the product.

The submit is measured over HTTP with session, CSRF and all middleware. Then its statements, caught once, run again for
other people, under the same server with as many processes and threads:

- on a cursor in a bare view, with Django's default middleware, session, token and form (``ratio_to_raw_view``);
- on a cursor in a view without any middleware, which answers whoever asks (``ratio_to_naked_view``, told for
  comparison);
- by ``pgbench`` without any web at all (``ratio_to_sql``).

All of them take turns on one database, each time after the same warm-up (``pgbench`` without one), and the middle one
of the rounds counts. Every turn begins without a backlog of effects. In a turn the worker is halted; the product has a
second one in each round with the worker at work beside it. A ratio is that of one round, and the middle one of the
ratios counts: what the machine does besides tells on both sides.

Beside the clock stands processor time (of the web processes and of PostgreSQL, from /proc), on which other work of the
machine does not tell. What counts as an order led to its receipt, and at the end each draft that was sent is looked up:
the order must be there.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from bench.world import CSRF, Ready, World, count, free_port, prepare, world
from tirek.config import Config

CONNECTIONS, COUNTED, ROUNDS = 8, 300, 5
#: Presses before each turn: until every connection has planned what it asks.
WARM = 120
#: Orders of one turn of pgbench, which is several times as quick: its turn is as long as the product's.
COUNTED_SQL = 1200
TICKS = os.sysconf("SC_CLK_TCK")


def _load(port: int, requests: list[bytes], *, receipts: bool) -> float:
    """Answers a second; every one of them must be an order (``receipts``) or the bare view's "ok"."""
    told = {"port": port, "requests": [one.decode("latin-1") for one in requests], "connections": CONNECTIONS}
    answer = subprocess.run(
        [sys.executable, "-m", "bench.load"], input=json.dumps(told).encode(), stdout=subprocess.PIPE, check=True
    ).stdout
    done = json.loads(answer)
    arrived = done["receipts"] if receipts else done["answers"].get("200", 0)
    if arrived != len(requests):
        raise SystemExit(
            f"Of {len(requests)} sent only {arrived} became orders: {done['answers']}, {done['receipts']} receipts"
        )
    return arrived / float(done["seconds"])


def _raw_server(one: World, recipe: Path, *, naked: str = "") -> tuple[subprocess.Popen[bytes], int]:
    port, product = free_port(), Config(demo=True)
    environment = {
        **one.environment(),
        "DJANGO_SETTINGS_MODULE": "bench.raw_settings",
        "BENCH_RECIPE": str(recipe),
        "BENCH_NAKED": naked,
    }
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
            "--workers",
            str(product.web_processes),
            "--blocking-threads",
            str(product.web_threads),
            "--backlog",
            "2048",
            "--no-access-log",
            "--log-level",
            "warning",
            "bench.raw_wsgi:application",
        ],
        env=environment,
    )
    for _ in range(100):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=2):
                return server, port
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The bare view did not start.")


def _pgbench(one: World, recipe: Path, rows: int) -> float:
    environment = {**one.environment(), "BENCH_RECIPE": str(recipe)}
    folder = Path(tempfile.mkdtemp(prefix="tirek-pgbench-"))
    try:
        told = json.loads(
            subprocess.run(
                [sys.executable, "-m", "bench.sql", str(folder)], env=environment, stdout=subprocess.PIPE, check=True
            ).stdout
        )
        command = [
            told["pgbench"],
            "-n",
            "-M",
            "prepared",
            "-c",
            str(CONNECTIONS),
            "-j",
            "2",
            "-t",
            str(rows // CONNECTIONS),
            "-f",
            told["script"],
            "-D",
            "dummy=1",
            told["dsn"],
        ]
        printed = subprocess.run(
            command,
            env={**os.environ, **told["environment"]},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            check=False,
        )
        text = printed.stdout.decode()
        if "number of failed transactions: 0" not in text:
            raise SystemExit(f"pgbench failed: {text}\n{printed.stderr.decode()[-2000:]}")
        return float(text.split("tps = ")[1].split()[0])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run() -> dict[str, float]:
    """Measure; keys of ``orders.*``."""
    with world() as one:
        folder = Path(tempfile.mkdtemp(prefix="tirek-recipe-"))
        try:
            return _run(one, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def processor_ms(one: World, *words: str) -> float:
    """Milliseconds of processor time that the world's processes have used whose command line has one of these words;
    ended children of theirs included.
    """
    used = 0
    for pid in one.pids():
        if any(word in one.words_of(pid) for word in words):
            try:
                told = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            used += sum(int(ticks) for ticks in told[11:15])
    return used * 1000 / TICKS


@contextmanager
def without_worker(one: World) -> Iterator[None]:
    """The worker is halted in the block; afterwards it works off what waits, before anybody else is measured."""
    halted = [pid for pid in one.pids() if "tirek.cli worker" in one.words_of(pid)]
    if not halted:
        raise SystemExit("No worker was found that could be halted.")
    for pid in halted:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in halted:
            os.kill(pid, signal.SIGCONT)


def wait_for_effects(one: World, seconds: float = 120.0) -> None:
    """Wait until no effect is pending."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done = subprocess.run(
            [sys.executable, "-m", "bench.backlog"], env=one.environment(), stdout=subprocess.PIPE, check=True
        )
        if int(done.stdout) == 0:
            return
        time.sleep(0.5)
    raise SystemExit(f"The worker did not work off its effects in {seconds} seconds.")


def _turns(
    one: World, recipe: Path, folder: Path, people: list[Ready], ports: dict[str, int]
) -> dict[str, list[float]]:
    """Every candidate once in each round: orders a second, and milliseconds of processor time of an order."""
    found: dict[str, list[float]] = {}

    def note(name: str, value: float) -> None:
        found.setdefault(name, []).append(value)

    for _ in range(ROUNDS):
        for name in ("product", "product with worker", "bare", "naked"):
            batch, people[:] = people[: WARM + COUNTED], people[WARM + COUNTED :]
            receipts, port = name.startswith("product"), ports.get(name, one.port)
            requests = [person.request() if receipts else _raw_request(person) for person in batch]
            wait_for_effects(one)
            with nullcontext() if "with worker" in name else without_worker(one):
                _load(port, requests[:WARM], receipts=receipts)
                before = [processor_ms(one, *words) for words in PARTS]
                note(name, _load(port, requests[WARM:], receipts=receipts))
                after = [processor_ms(one, *words) for words in PARTS]
            for part, start, end in zip(("web", "postgres", "worker"), before, after, strict=True):
                note(f"{name}: {part} ms", (end - start) / COUNTED)
        batch, people[:] = people[:COUNTED_SQL], people[COUNTED_SQL:]
        (folder / "people.json").write_text(
            json.dumps([{name: str(value) for name, value in vars(person).items()} for person in batch])
        )
        os.environ["BENCH_PEOPLE"] = str(folder / "people.json")
        wait_for_effects(one)
        with without_worker(one):
            before = [processor_ms(one, *PARTS[1])]
            note("sql", _pgbench(one, recipe, len(batch)))
            note("sql: postgres ms", (processor_ms(one, *PARTS[1]) - before[0]) / len(batch))
    return found


#: Words in the command lines of web, PostgreSQL and worker.
PARTS = (("granian", "tirek.cli web"), ("postgres",), ("tirek.cli worker",))


def _run(one: World, folder: Path) -> dict[str, float]:
    recipe = folder / "recipe.json"
    people = prepare(one, 1 + ROUNDS * ((WARM + COUNTED) * 4 + COUNTED_SQL))
    first, everybody = people.pop(), list(people)
    caught = subprocess.run(
        [sys.executable, "-m", "bench.catch", str(first.draft), first.session],
        env=one.environment(),
        stdout=subprocess.PIPE,
        check=True,
    ).stdout
    recipe.write_bytes(caught)
    statements = len(json.loads(caught)["statements"])
    bare, bare_port = _raw_server(one, recipe)
    naked, naked_port = _raw_server(one, recipe, naked="yes")
    try:
        turns = _turns(one, recipe, folder, people, {"bare": bare_port, "naked": naked_port})
    finally:
        for server in (bare, naked):
            server.terminate()
            server.wait(timeout=30)
    sent = [person.draft for person in everybody]
    found = count(one, sent)
    if found["lost"] or found["orders"] != len(sent):
        raise SystemExit(f"Of {len(sent)} orders sent {found['orders']} are in the database.")
    middle = {name: median(values) for name, values in turns.items()}
    with without_worker(one):
        figures = subprocess.run(
            [sys.executable, "-m", "bench.figures"], env=one.environment(), stdout=subprocess.PIPE, check=True
        ).stdout

    def ratio(name: str, other: str) -> float:
        return round(median(mine / theirs for mine, theirs in zip(turns[name], turns[other], strict=True)), 3)

    ours = [web + base for web, base in zip(turns["product: web ms"], turns["product: postgres ms"], strict=True)]
    return {
        "orders.per_second": round(middle["product"], 1),
        "orders.per_second_with_worker": round(middle["product with worker"], 1),
        "orders.raw_view_per_second": round(middle["bare"], 1),
        "orders.naked_view_per_second": round(middle["naked"], 1),
        "orders.sql_per_second": round(middle["sql"], 1),
        "orders.ratio_to_raw_view": ratio("product", "bare"),
        "orders.ratio_to_naked_view": ratio("product", "naked"),
        "orders.ratio_to_sql": ratio("product", "sql"),
        "orders.ratio_to_sql_with_worker": ratio("product with worker", "sql"),
        "orders.processor_ms": round(median(ours), 2),
        "orders.processor_ms_web": round(middle["product: web ms"], 2),
        "orders.processor_ms_worker": round(middle["product with worker: worker ms"], 2),
        "orders.processor_ms_sql": round(middle["sql: postgres ms"], 2),
        "orders.processor_ratio_to_sql": round(
            median(theirs / mine for theirs, mine in zip(turns["sql: postgres ms"], ours, strict=True)), 3
        ),
        "orders.processor_ms_figures": round(json.loads(figures)["insert_more"], 3),
        "orders.statements": statements,
    }


def _raw_request(person: Ready) -> bytes:
    known = {name: str(one) for name, one in vars(person).items()}
    body = urlencode({"csrfmiddlewaretoken": CSRF, "consent": "on", "person": json.dumps(known)}).encode()
    head = (
        f"POST /submit HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: tirek_session={person.session}; tirek_csrf={CSRF}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
