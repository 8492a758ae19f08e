"""A lean load: prepared requests over kept connections, a bounded number, in a process of its own."""

import json
import selectors
import socket
import sys
import time
from dataclasses import dataclass


@dataclass
class Outcome:
    """What a load did: answers by status, seconds, requests a second."""

    answers: dict[int, int]
    seconds: float

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return sum(self.answers.values()) / self.seconds


def _status(data: bytes) -> tuple[int, int] | None:
    """Status and whole length of an answer, once its head is there."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = data[:end].decode("latin-1").split("\r\n")
    status, length = int(head[0].split()[1]), 0
    for line in head[1:]:
        name, _sep, value = line.partition(":")
        if name.lower() == "content-length":
            length = int(value)
        if name.lower() == "transfer-encoding":
            tail = data.find(b"0\r\n\r\n", end)
            return (status, tail + 5) if tail >= 0 else None
    whole = end + 4 + length
    return (status, whole) if len(data) >= whole else None


def press(port: int, requests: list[bytes], *, connections: int) -> Outcome:
    """Send each request once, over ``connections`` kept connections."""
    waiting, answers, chooser = list(reversed(requests)), dict[int, int](), selectors.DefaultSelector()
    buffers: dict[socket.socket, bytes] = {}
    began = time.monotonic()
    for _ in range(min(connections, len(waiting))):
        link = socket.create_connection(("127.0.0.1", port), timeout=60)
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        buffers[link] = b""
        chooser.register(link, selectors.EVENT_READ)
        link.sendall(waiting.pop())
    while buffers:
        for key, _events in chooser.select(timeout=120):
            link = key.fileobj
            assert isinstance(link, socket.socket)
            data = link.recv(65536)
            buffers[link] += data
            found = _status(buffers[link])
            if found is None and data:
                continue
            status, whole = found or (0, 0)
            answers[status] = answers.get(status, 0) + 1
            buffers[link] = buffers[link][whole:]
            if waiting and data:
                link.sendall(waiting.pop())
            else:
                chooser.unregister(link)
                link.close()
                del buffers[link]
    return Outcome(answers, time.monotonic() - began)


if __name__ == "__main__":
    told = json.load(sys.stdin)
    done = press(told["port"], [one.encode("latin-1") for one in told["requests"]], connections=told["connections"])
    json.dump({"answers": done.answers, "seconds": done.seconds}, sys.stdout)
