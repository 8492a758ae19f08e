"""Nothing is lost and nothing doubled: web, worker and PostgreSQL are killed in turn, 60 times, while people send
orders.

Each person presses "send", and presses again until a receipt comes, as the page's queue does. Whoever has none at the
end has lost the order, whatever the database holds.
"""

import os
import signal
import threading
import time
from uuid import UUID

from bench.load import ask
from bench.world import Ready, World, count, prepare, world

KILLS, PEOPLE, PRESSING = 60, 8000, 6


class Press:
    """People who press until they have a receipt."""

    def __init__(self, one: World, people: list[Ready]) -> None:
        self.world, self.people = one, people
        self.lock, self.over = threading.Lock(), threading.Event()
        self.receipts: set[UUID] = set()
        self.waiting: set[UUID] = set()
        self.tries = 0

    def run(self) -> None:
        """Take one person after the other."""
        while not self.over.is_set():
            with self.lock:
                if not self.people:
                    return
                person = self.people.pop()
                self.waiting.add(person.draft)
            self.until_receipt(person)
            time.sleep(0.4)

    def until_receipt(self, person: Ready) -> None:
        """Press again and again until the answer leads to a receipt; who gives up stays among those who wait."""
        for _ in range(600):
            answer = ask(self.world.port, person.request(), seconds=15)
            with self.lock:
                self.tries += 1
                if answer is not None and answer.is_receipt:
                    self.receipts.add(person.draft)
                    self.waiting.discard(person.draft)
                    return
            time.sleep(0.2)


def _victims(one: World, part: str) -> list[int]:
    """Processes of a part, the first started first."""
    marks = {"web": "tirek.cli web", "worker": "tirek.cli worker", "database": "bin/postgres -D"}
    return sorted(pid for pid in one.pids() if marks[part] in one.words_of(pid))


def _kill(one: World, n: int) -> None:
    """``kill -9`` one process of the part whose turn it is; of the web in turn the one that watches and the one that
    serves.
    """
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
        found = count(one, set(crowd.receipts))
        return {
            "kill.kills": KILLS,
            "kill.orders": len(crowd.receipts),
            "kill.presses": crowd.tries,
            "kill.lost": found["lost"] + found["broken"] + len(crowd.waiting),
            "kill.doubled": found["doubled"] + found["unmatched"] + found["overdrawn"],
        }
