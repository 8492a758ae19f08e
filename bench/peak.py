"""Orders while far more readers come than can be served: no order is refused or lost, readers are answered or asked to come back.

The country's peak is stated: 1.5 million orders a year in 247 days of 9 hours are 0.19 a second, and ten times that is 1.9.
"""

import contextlib
import json
import socket
import subprocess
import sys
import threading
import time
from statistics import quantiles

from bench.load import _status
from bench.world import Ready, World, prepare, world

READERS, READS, PRESSING, PEOPLE, ALONE = 160, 15000, 4, 1200, 200


def _answer(port: int, request: bytes) -> int:
    """Status of one answer; 0 when there was none."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=60) as link:
        link.sendall(request)
        data = b""
        while (found := _status(data)) is None:
            more = link.recv(65536)
            if not more:
                return 0
            data += more
        return found[0]
    return 0


def _press(one: World, people: list[Ready], until: threading.Event) -> tuple[list[int], list[float], float]:
    """``PRESSING`` people at a time press once each, until the event or the last of them: statuses, waits, seconds."""
    lock, statuses, waits = threading.Lock(), list[int](), list[float]()
    began = time.monotonic()

    def work() -> None:
        while not until.is_set():
            with lock:
                if not people:
                    return
                person = people.pop()
            start = time.monotonic()
            status = _answer(one.port, person.request())
            with lock:
                statuses.append(status)
                waits.append(time.monotonic() - start)

    threads = [threading.Thread(target=work) for _ in range(PRESSING)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses, waits, time.monotonic() - began


def run() -> dict[str, float]:
    """Measure; keys of ``peak.*``."""
    with world() as one:
        people = prepare(one, PEOPLE + ALONE)
        alone, people = people[:ALONE], people[ALONE:]
        reader = people[0].session
        _statuses, _waits, seconds = _press(one, alone, threading.Event())
        alone_rate = ALONE / seconds
        page = f"GET /home HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: tirek_session={reader}; tirek_language=kk\r\n\r\n"
        told = {"port": one.port, "requests": [page] * READS, "connections": READERS}
        crowd = subprocess.Popen([sys.executable, "-m", "bench.load"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert crowd.stdin is not None
        crowd.stdin.write(json.dumps(told).encode())
        crowd.stdin.close()
        over = threading.Event()
        watch = threading.Thread(target=lambda: (crowd.wait(), over.set()))
        watch.start()
        statuses, waits, seconds = _press(one, people[1:], over)
        watch.join()
        assert crowd.stdout is not None
        reads = {int(status): count for status, count in json.loads(crowd.stdout.read())["answers"].items()}
        rate = len(statuses) / seconds
        return {
            "peak.orders": len(statuses),
            "peak.orders_refused": sum(status != 302 for status in statuses),
            "peak.orders_per_second": round(rate, 1),
            "peak.ratio_to_alone": round(rate / alone_rate, 3),
            "peak.wait_p95_s": round(quantiles(waits, n=20)[-1], 2),
            "peak.reads": sum(reads.values()),
            "peak.reads_asked_to_come_back": reads.get(503, 0),
            "peak.reads_failed": sum(count for status, count in reads.items() if status not in {200, 503}),
        }
