"""Nothing is lost and nothing doubled: web, worker and PostgreSQL are killed in turn, 60 times, while people send orders.

Each person presses "send", and presses again until a receipt comes, as the page's queue does.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time

from bench.load import _status
from bench.world import Ready, World, prepare, world

KILLS, PEOPLE, PRESSING = 60, 8000, 6


class Press:
    """People who press until they have a receipt."""

    def __init__(self, one: World, people: list[Ready]) -> None:
        self.world, self.people = one, people
        self.lock, self.over = threading.Lock(), threading.Event()
        self.receipts: dict[str, str] = {}
        self.tries = 0

    def run(self) -> None:
        """Take one person after the other."""
        while not self.over.is_set():
            with self.lock:
                if not self.people:
                    return
                person = self.people.pop()
            self.until_receipt(person)
            time.sleep(0.4)

    def until_receipt(self, person: Ready) -> None:
        """Press again and again until the answer leads to a receipt."""
        for _ in range(600):
            self.tries += 1
            place = self._once(person)
            if place:
                with self.lock:
                    self.receipts[str(person.draft)] = place
                return
            time.sleep(0.2)

    def _once(self, person: Ready) -> str:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.world.port), timeout=15) as link:
            link.sendall(person.request())
            data = b""
            while _status(data) is None:
                more = link.recv(65536)
                if not more:
                    return ""
                data += more
            head = data.split(b"\r\n\r\n")[0].decode("latin-1")
            if head.split()[1] == "302":
                return next(line.split(": ", 1)[1] for line in head.split("\r\n") if line.lower().startswith("location"))
        return ""


def _victims(one: World, part: str) -> list[int]:
    """Processes of a part, the first started first."""
    marks = {"web": "tirek.cli web", "worker": "tirek.cli worker", "database": "bin/postgres -D"}
    return sorted(pid for pid in one.pids() if marks[part] in one.words_of(pid))


def _kill(one: World, n: int) -> None:
    """``kill -9`` one process of the part whose turn it is; of the web in turn the one that watches and the one that serves."""
    part = ("web", "worker", "database")[n % 3]
    for _ in range(600):
        if one.ready() and (found := _victims(one, part)):
            os.kill(found[(n // 3) % len(found)], signal.SIGKILL)
            return
        time.sleep(0.1)
    raise SystemExit(f"There was no {part} to kill.")


def run() -> dict[str, float]:
    """Measure; ``kill.lost`` and ``kill.doubled`` must be 0."""
    with world() as one:
        people = prepare(one, PEOPLE)
        crowd = Press(one, people)
        threads = [threading.Thread(target=crowd.run, daemon=True) for _ in range(PRESSING)]
        for thread in threads:
            thread.start()
        for n in range(KILLS):
            _kill(one, n)
            time.sleep(0.4)
        one.wait()
        if not crowd.people:
            raise SystemExit("Everybody had ordered before the last kill: there was no load any more.")
        crowd.over.set()
        for thread in threads:
            thread.join(timeout=180)
        answer = subprocess.run(
            [sys.executable, "-m", "bench.count", *crowd.receipts], env=one.environment(), stdout=subprocess.PIPE, check=True
        ).stdout.split()
        lost, doubled = (int(word) for word in answer)
        return {
            "kill.kills": KILLS,
            "kill.orders": len(crowd.receipts),
            "kill.presses": crowd.tries,
            "kill.lost": lost,
            "kill.doubled": doubled,
        }
