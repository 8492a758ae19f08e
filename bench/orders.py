"""How many orders a second, against the same statements without the product.

The submit is measured over HTTP with session, CSRF and all middleware. Then its statements, caught once, run again for
other people, under the same server with as many processes and threads:

- on a cursor in a bare view, with Django's default middleware, session, token and form (``ratio_to_raw_view``);
- on a cursor in a view without any middleware, which answers whoever asks (``ratio_to_naked_view``, told for
  comparison);
- by ``pgbench`` without any web at all (``ratio_to_sql``).

The product and the two views take turns on one database, each time after the same warm-up, and the middle one of the
rounds counts. ``pgbench`` comes after them, once, with as many people as one of them had in all its rounds and without
a warm-up of its own. What counts as an order led to its receipt, and at the end each draft that was sent is looked up:
the order must be there.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from bench.world import CSRF, Ready, World, count, free_port, prepare, world
from tirek.config import Config

CONNECTIONS, WARM, COUNTED, ROUNDS = 8, 60, 300, 3


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


def _run(one: World, folder: Path) -> dict[str, float]:
    recipe = folder / "recipe.json"
    people = prepare(one, 1 + (WARM + COUNTED) * (3 * ROUNDS) + COUNTED * ROUNDS)
    first = people.pop()
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
    rates: dict[str, list[float]] = {"product": [], "bare": [], "naked": []}
    sent = []
    try:
        for _ in range(ROUNDS):
            for name, port, request in (
                ("product", one.port, Ready.request),
                ("bare", bare_port, _raw_request),
                ("naked", naked_port, _raw_request),
            ):
                batch, people = people[: WARM + COUNTED], people[WARM + COUNTED :]
                requests, receipts = [request(person) for person in batch], name == "product"
                _load(port, requests[:WARM], receipts=receipts)
                rates[name].append(_load(port, requests[WARM:], receipts=receipts))
                sent += [person.draft for person in batch]
        (folder / "people.json").write_text(
            json.dumps([{name: str(value) for name, value in vars(person).items()} for person in people])
        )
        os.environ["BENCH_PEOPLE"] = str(folder / "people.json")
        people = people[: len(people) - len(people) % CONNECTIONS]
        sql = _pgbench(one, recipe, len(people))
        sent += [person.draft for person in people]
    finally:
        for server in (bare, naked):
            server.terminate()
            server.wait(timeout=30)
    found = count(one, sent)
    if found["lost"] or found["orders"] != len(sent):
        raise SystemExit(f"Of {len(sent)} orders sent {found['orders']} are in the database.")
    middle = {name: median(rounds) for name, rounds in rates.items()}
    return {
        "orders.per_second": round(middle["product"], 1),
        "orders.raw_view_per_second": round(middle["bare"], 1),
        "orders.naked_view_per_second": round(middle["naked"], 1),
        "orders.sql_per_second": round(sql, 1),
        "orders.ratio_to_raw_view": round(middle["product"] / middle["bare"], 3),
        "orders.ratio_to_naked_view": round(middle["product"] / middle["naked"], 3),
        "orders.ratio_to_sql": round(middle["product"] / sql, 3),
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
