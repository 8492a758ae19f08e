"""Orders while far more readers come than can be served: no order is refused or lost, readers are answered or asked to
come back.

The country's peak is stated: 1.5 million orders a year in 247 days of 9 hours are 0.19 a second, and ten times that is
1.9.
"""

import json
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from statistics import quantiles
from uuid import UUID

from bench.load import ask
from bench.world import Ready, World, count, prepare, world

READERS, READS, PRESSING, PEOPLE, ALONE = 160, 15000, 4, 1200, 200


@dataclass(frozen=True)
class Pressed:
    """One press of the button: whose draft, whether a receipt came, and after how many seconds."""

    draft: UUID
    receipt: bool
    waited: float


def _press(one: World, people: list[Ready], until: threading.Event) -> tuple[list[Pressed], float]:
    """``PRESSING`` people at a time press once each, until the event or the last of them; and the seconds it took."""
    lock, pressed = threading.Lock(), list[Pressed]()
    began = time.monotonic()

    def work() -> None:
        while not until.is_set():
            with lock:
                if not people:
                    return
                person = people.pop()
            start = time.monotonic()
            answer = ask(one.port, person.request(), seconds=60)
            done = Pressed(person.draft, answer is not None and answer.is_receipt, time.monotonic() - start)
            with lock:
                pressed.append(done)

    threads = [threading.Thread(target=work) for _ in range(PRESSING)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return pressed, time.monotonic() - began


def run() -> dict[str, float]:
    """Measure; keys of ``peak.*``."""
    with world() as one:
        people = prepare(one, PEOPLE + ALONE)
        alone, people = people[:ALONE], people[ALONE:]
        reader = people[0].session
        calm, seconds = _press(one, alone, threading.Event())
        alone_rate = sum(each.receipt for each in calm) / seconds
        page = f"GET /home HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: tirek_session={reader}; tirek_language=kk\r\n\r\n"
        told = {"port": one.port, "requests": [page] * READS, "connections": READERS}
        crowd = subprocess.Popen([sys.executable, "-m", "bench.load"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert crowd.stdin is not None
        crowd.stdin.write(json.dumps(told).encode())
        crowd.stdin.close()
        over = threading.Event()
        watch = threading.Thread(target=lambda: (crowd.wait(), over.set()))
        watch.start()
        pressed, seconds = _press(one, people[1:], over)
        watch.join()
        assert crowd.stdout is not None
        reads = {int(status): count for status, count in json.loads(crowd.stdout.read())["answers"].items()}
        receipts = [each.draft for each in pressed if each.receipt]
        rate, served, asked_back = len(receipts) / seconds, reads.get(200, 0), reads.get(503, 0)
        return {
            "peak.orders": len(receipts),
            "peak.orders_share": round(len(receipts) / len(pressed), 3),
            "peak.orders_lost": count(one, receipts)["lost"],
            "peak.orders_per_second": round(rate, 1),
            "peak.ratio_to_alone": round(rate / alone_rate, 3),
            "peak.wait_alone_p95_s": round(quantiles([each.waited for each in calm], n=20)[-1], 2),
            "peak.wait_p95_s": round(quantiles([each.waited for each in pressed], n=20)[-1], 2),
            "peak.reads_served": served,
            "peak.reads_asked_to_come_back": asked_back,
            "peak.reads_failed": READS - served - asked_back,
        }
