"""What the bench counts as an order, as lost and as answered: a measurement must not flatter."""

import os
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from bench import kill, load, orders, peak
from bench.__main__ import BOUNDS, ROOT
from bench.load import Answer
from bench.world import Ready, World

RECEIPT = b"HTTP/1.1 302 Found\r\nLocation: /order/done/1\r\nContent-Length: 0\r\n\r\n"
SIGN_IN = b"HTTP/1.1 302 Found\r\nLocation: /sign-in/?next=/order/done/1\r\nContent-Length: 0\r\n\r\n"
FORM_AGAIN = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno"


@contextmanager
def answering(*answers: bytes) -> Iterator[int]:
    """A server whose n-th answer is the n-th of these, the last one for ever; yields its port."""
    given = iter(answers)

    def serve() -> None:
        last = answers[-1]
        while True:
            try:
                link, _place = server.accept()
            except OSError:
                return
            with link:
                while link.recv(65536):
                    last = next(given, last)
                    link.sendall(last)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield int(server.getsockname()[1])
        server.shutdown(socket.SHUT_RDWR)
    thread.join(timeout=20)


@pytest.mark.parametrize(("came", "is_order"), [(RECEIPT, True), (SIGN_IN, False), (FORM_AGAIN, False)])
def test_order__is_what_leads_to_its_receipt_and_nothing_else(came: bytes, is_order: bool) -> None:
    found = load.read(came)
    assert found is not None
    assert found.is_receipt is is_order
    assert found.length == len(came)


def test_load__tells_answers_and_receipts_apart() -> None:
    with answering(RECEIPT, SIGN_IN, FORM_AGAIN, RECEIPT) as port:
        done = load.press(port, [b"GET / HTTP/1.1\r\n\r\n"] * 4, connections=1)
    assert done.answers == {302: 3, 200: 1}
    assert done.receipts == 2


def measured() -> dict[str, float]:
    """The figures on the page of performance."""
    text = (ROOT / "docs" / "reference" / "performance.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w.]+)` \| ([\d.e+]+) \|[^|]*\| \d{4}-\d\d-\d\d \|", text, re.MULTILINE)
    return {key: float(value) for key, value in rows}


def test_page_of_performance__has_every_figure_with_its_day_and_no_bound_is_broken() -> None:
    figures = measured()
    assert set(figures) == set(BOUNDS)
    broken = {
        key: figures[key]
        for key, (bound, side, _meaning) in BOUNDS.items()
        if (figures[key] < bound if side == "least" else figures[key] > bound)
    }
    assert broken == {}


@pytest.mark.parametrize(
    ("key", "bound", "side", "stated"),
    [
        ("peak.wait_alone_p95_s", 1, "most", "within 1 second"),
        ("peak.wait_p95_s", 5, "most", "within 5 seconds"),
        ("peak.orders_per_second", 1.9, "least", "1.9 a second"),
        ("peak.orders_share", 1, "least", "every press led to a receipt"),
        ("peak.orders_lost", 0, "most", "are 0"),
        ("peak.errors", 0, "most", "are 0"),
        ("peak.recovery_s", 30, "most", "within 30 seconds"),
        ("growth.p95_ms", 300, "most", "300 milliseconds"),
    ],
)
def test_response_time_and_capacity__are_bound_to_what_is_stated(
    key: str, bound: float, side: str, stated: str
) -> None:
    assert BOUNDS[key][:2] == (bound, side)
    text = re.sub(r"\s+", " ", (ROOT / "docs" / "explanation" / "capacity.md").read_text(encoding="utf-8"))
    assert f"`{key}`" in text
    assert stated in text


@pytest.fixture
def somebody() -> Ready:
    return Ready(*[uuid4() for _ in range(7)], session="s")  # type: ignore[arg-type]  # the eighth is named


def pressing(monkeypatch: pytest.MonkeyPatch, somebody: Ready, answer: Callable[[], Answer | None]) -> kill.Press:
    monkeypatch.setattr(kill, "ask", lambda *_asked, **_waits: answer())
    monkeypatch.setattr(kill.time, "sleep", lambda _seconds: None)
    crowd = kill.Press(World(var=Path("nowhere"), port=1), [somebody])
    crowd.run()
    return crowd


@pytest.mark.parametrize(
    "answer", [None, Answer(302, "/sign-in/", 1), Answer(503, "", 1)], ids=["none", "signed out", "refused"]
)
def test_kill__who_never_gets_a_receipt_is_among_the_lost(
    monkeypatch: pytest.MonkeyPatch, somebody: Ready, answer: Answer | None
) -> None:
    crowd = pressing(monkeypatch, somebody, lambda: answer)
    assert (crowd.waiting, crowd.receipts, crowd.tries) == ({somebody.draft}, set(), 600)


def test_kill__who_gets_a_receipt_waits_no_more(monkeypatch: pytest.MonkeyPatch, somebody: Ready) -> None:
    crowd = pressing(monkeypatch, somebody, lambda: Answer(302, "/order/done/1", 1))
    assert (crowd.waiting, crowd.receipts, crowd.tries) == (set(), {somebody.draft}, 1)


@pytest.mark.finding("P-peak")
@pytest.mark.parametrize(
    ("after", "seconds"),
    [
        ([(0.5 * n, 200, 0.1, 0.1) for n in range(1, 20)], 0.0),
        ([(1.0, 503, 0.0, 0.0), *((1.0 + 0.5 * n, 200, 0.1, 0.1) for n in range(1, 20))], 1.0),
        ([(4.0, 200, 7.0, 7.0), *((4.0 + 0.5 * n, 200, 0.1, 0.1) for n in range(1, 20))], 4.0),
        ([(2.0, 200, 7.0, 7.0), *((2.0 + 0.5 * n, 200, 0.1, 0.1) for n in range(1, 20))], 2.0),
        ([(float(n), 503, 0.0, 0.0) for n in range(1, 40)], float(peak.AFTER_S)),
        ([], float(peak.AFTER_S)),
    ],
    ids=["at once", "one refusal", "nobody before", "one that was slow", "never", "no answer"],
)
def test_recovery__is_when_everybody_has_the_page_again(after: peak.Answers, seconds: float) -> None:
    assert peak.recovery(after, normal=1.0) == seconds


@pytest.mark.finding("P-bench")
def test_processor_time__is_that_of_the_named_processes() -> None:
    one = World(var=Path("nowhere"), port=1)
    one.pids = lambda: [os.getpid()]  # type: ignore[method-assign]  # its own process in the place of a supervisor's
    words = one.words_of(os.getpid()).split()[0]
    before = orders.processor_ms(one, words)
    end = time.process_time() + 0.05
    while time.process_time() < end:
        pass
    assert orders.processor_ms(one, words) - before >= 20
    assert orders.processor_ms(one, "no such program") == 0
