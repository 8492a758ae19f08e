"""A lean load: prepared requests over kept connections, a bounded number, in a process of its own."""

import contextlib
import json
import selectors
import socket
import sys
import time
from dataclasses import dataclass
from typing import Final

#: Where the answer to a sent order leads; anything else (an error, the sign-in, the form again) is no order.
RECEIPT: Final = "/order/done/"


@dataclass(frozen=True)
class Answer:
    """One answer.

    Attributes:
        status: HTTP status.
        place: where it leads, "" when nowhere.
        length: bytes of head and body.
    """

    status: int
    place: str
    length: int

    @property
    def is_receipt(self) -> bool:
        """Whether it leads to the receipt of an order."""
        return self.status == 302 and self.place.startswith(RECEIPT)


@dataclass
class Outcome:
    """What a load did: answers by status, how many led to a receipt, seconds."""

    answers: dict[int, int]
    receipts: int
    seconds: float


def read(data: bytes) -> Answer | None:
    """The first answer in what has come, once it is there as a whole."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = data[:end].decode("latin-1").split("\r\n")
    status, length, place = int(head[0].split()[1]), 0, ""
    for line in head[1:]:
        name, _sep, value = line.partition(":")
        if name.lower() == "content-length":
            length = int(value)
        if name.lower() == "location":
            place = value.strip()
        if name.lower() == "transfer-encoding":
            tail = data.find(b"0\r\n\r\n", end)
            return Answer(status, place, tail + 5) if tail >= 0 else None
    whole = end + 4 + length
    return Answer(status, place, whole) if len(data) >= whole else None


def ask(port: int, request: bytes, *, seconds: float) -> Answer | None:
    """Send one request over a connection of its own; ``None`` when no whole answer came."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=seconds) as link:
        link.sendall(request)
        data = b""
        while (found := read(data)) is None:
            more = link.recv(65536)
            if not more:
                return None
            data += more
        return found
    return None


def press(port: int, requests: list[bytes], *, connections: int) -> Outcome:
    """Send each request once, over ``connections`` kept connections."""
    waiting, answers, receipts, chooser = list(reversed(requests)), dict[int, int](), 0, selectors.DefaultSelector()
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
            found = read(buffers[link])
            if found is None and data:
                continue
            found = found or Answer(0, "", 0)
            answers[found.status] = answers.get(found.status, 0) + 1
            receipts += found.is_receipt
            buffers[link] = buffers[link][found.length :]
            if waiting and data:
                link.sendall(waiting.pop())
            else:
                chooser.unregister(link)
                link.close()
                del buffers[link]
    return Outcome(answers, receipts, time.monotonic() - began)


if __name__ == "__main__":
    told = json.load(sys.stdin)
    done = press(told["port"], [one.encode("latin-1") for one in told["requests"]], connections=told["connections"])
    json.dump({"answers": done.answers, "receipts": done.receipts, "seconds": done.seconds}, sys.stdout)
