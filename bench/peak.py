"""A spike of ten times the readers while people order: no order is refused or lost, readers get their page or are asked
to come back and do, and soon after the spike everything is as before.

Readers are people with sessions of their own on different pages, who look at each for a moment; who is asked to come
back waits as long as told. The country's peak is stated: 1.5 million orders a year in 247 days of 9 hours are 0.19 a
second, and ten times that is 1.9.
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

#: Readers before and after, and in the spike; seconds that one looks at a page.
CALM, SPIKE, THINK = 16, 160, 1.0
#: Seconds of each part.
BEFORE_S, SPIKE_S, AFTER_S = 15, 45, 40
PRESSING, PEOPLE, ALONE = 4, 3000, 200
#: As before is who has a page within a second, or within twice what it took before, three seconds on end.
NORMAL_S, STEADY_S = 1.0, 3
Answers = list[tuple[float, int, float, float]]


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


def _crowd(one: World, people: list[Ready], seconds: float) -> subprocess.Popen[bytes]:
    """Readers who begin now, in a process of their own."""

    def asked(person: Ready) -> list[str]:
        pages = ("/home", "/orders", "/programme", f"/programme/{person.line}", f"/order/{person.line}", "/notices")
        return [
            f"GET {page} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
            f"Cookie: tirek_session={person.session}; tirek_language=kk\r\n\r\n"
            for page in pages
        ]

    told = {"port": one.port, "seconds": seconds, "think": THINK, "readers": [asked(person) for person in people]}
    crowd = subprocess.Popen([sys.executable, "-m", "bench.crowd"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert crowd.stdin is not None
    crowd.stdin.write(json.dumps(told).encode())
    crowd.stdin.close()
    return crowd


def _told(crowd: subprocess.Popen[bytes]) -> Answers:
    assert crowd.stdout is not None
    answers: Answers = [tuple(one) for one in json.loads(crowd.stdout.read())]  # type: ignore[misc]
    crowd.wait()
    return answers


def recovery(after: Answers, normal: float) -> float:
    """Seconds after a spike from which on everybody has the page within ``normal`` seconds, ``STEADY_S`` seconds on
    end; the whole time watched when that never came.
    """
    late = [at for at, status, took, _waited in after if status != 200 or took > normal]
    seen = sorted(at for at, *_rest in after)
    for start in [0.0, *sorted(late)]:
        inside = [at for at in seen if start < at <= start + STEADY_S]
        if inside and not any(start < at <= start + STEADY_S for at in late):
            return start
    return float(AFTER_S)


def _p95(values: list[float]) -> float:
    return quantiles(values, n=20)[-1]


def run() -> dict[str, float]:
    """Measure; keys of ``peak.*``."""
    with world() as one:
        people = prepare(one, PEOPLE + ALONE + SPIKE)
        alone, readers, people = people[:ALONE], people[ALONE : ALONE + SPIKE], people[ALONE + SPIKE :]
        calm, seconds = _press(one, alone, threading.Event())
        alone_rate = sum(each.receipt for each in calm) / seconds
        before = _told(_crowd(one, readers[:CALM], BEFORE_S))
        crowd, over = _crowd(one, readers, SPIKE_S), threading.Event()
        watch = threading.Thread(target=lambda: (time.sleep(SPIKE_S), over.set()))
        watch.start()
        pressed, seconds = _press(one, people, over)
        watch.join()
        spike = _told(crowd)
        after = _told(_crowd(one, readers[:CALM], AFTER_S))
        served = [took for _at, status, took, _waited in before if status == 200]
        receipts = [each.draft for each in pressed if each.receipt]
        rate = len(receipts) / seconds
        return {
            "peak.orders": len(receipts),
            "peak.orders_share": round(len(receipts) / len(pressed), 3),
            "peak.orders_lost": count(one, receipts)["lost"],
            "peak.orders_per_second": round(rate, 1),
            "peak.ratio_to_alone": round(rate / alone_rate, 3),
            "peak.wait_alone_p95_s": round(_p95([each.waited for each in calm]), 2),
            "peak.wait_p95_s": round(_p95([each.waited for each in pressed]), 2),
            "peak.pages_per_second_before": round(len(served) / BEFORE_S, 1),
            "peak.pages_per_second": round(sum(status == 200 for _at, status, *_rest in spike) / SPIKE_S, 1),
            "peak.asked_to_come_back": sum(status == 503 for _at, status, *_rest in spike),
            "peak.longest_wait_s": round(max(waited for *_rest, waited in spike), 1),
            "peak.errors": sum(status not in {200, 503, -1} for _at, status, *_rest in [*before, *spike, *after]),
            "peak.recovery_s": round(recovery(after, max(NORMAL_S, 2 * _p95(served))), 1),
        }
