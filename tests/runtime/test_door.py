"""The door of a web process, by raw sockets: nothing a stranger sends, or does not send, holds up the others."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from http.client import HTTPResponse
from types import SimpleNamespace
from typing import Any, cast
from urllib.request import urlopen

import pytest
from tests.runtime.installation import Installation

from tirek.core.service import door
from tirek.core.service.door import Door, Environ, Headers, StartResponse

TOKEN = "a" * 32
FORM = "application/x-www-form-urlencoded"


def in_a_thread(run: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run to its end in a loop of its own: a browser of another test may have one in this thread."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(run())).result()


@contextmanager
def connected(installation: Installation) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", installation.port), timeout=20) as opened:
        yield opened


def head(method: str, target: str, *lines: str) -> bytes:
    return "\r\n".join([f"{method} {target} HTTP/1.1", "Host: 127.0.0.1", *lines, "", ""]).encode()


def status_of(opened: socket.socket) -> int:
    answer = HTTPResponse(opened)
    answer.begin()
    return answer.status


@pytest.mark.slow
@pytest.mark.finding("R-H1", "R-M2", "R-M4", "A-A6")
def test_the_door__of_a_real_server(migrated: Installation) -> None:
    """One server for several proofs: starting one takes seconds."""
    migrated.settings |= {"TIREK_WEB_PROCESSES": "1", "TIREK_WEB_THREADS": "3", "TIREK_READS_IN_FLIGHT": "2"}
    migrated.start_and_wait()
    with ExitStack() as opened:
        for _n in range(40):
            silent = opened.enter_context(connected(migrated))
            lines = (f"Cookie: tirek_csrf={TOKEN}", f"Content-Type: {FORM}", "Content-Length: 50")
            silent.sendall(head("POST", "/sign-in/", *lines) + b"a")
        for _n in range(3):
            assert urlopen(f"http://127.0.0.1:{migrated.port}/help", timeout=10).status == 200

    with connected(migrated) as one:  # too large by its own word: refused before it comes
        one.sendall(head("POST", "/sign-in/", f"Content-Type: {FORM}", "Content-Length: 375000000"))
        assert status_of(one) == 413
    with connected(migrated) as one:  # and where it does not say
        one.sendall(
            head("POST", "/sign-in/", "Content-Type: multipart/form-data; boundary=x", "Transfer-Encoding: chunked")
        )
        piece = b"100000\r\n" + b"a" * 0x100000 + b"\r\n"
        with pytest.raises(ConnectionError):  # the door closes before a hundred megabytes are through
            for _n in range(100):
                one.sendall(piece)
    with connected(migrated) as one:
        one.sendall(head("GET", "/" + "a" * 60_000))
        assert status_of(one) == 414

    for name in ("10.20.30.40", "monitor.example"):  # a balancer asks by address
        with connected(migrated) as one:
            one.sendall(f"GET /health HTTP/1.1\r\nHost: {name}\r\n\r\n".encode())
            assert status_of(one) == 200
    with connected(migrated) as one:
        one.sendall(b"GET /help HTTP/1.1\r\nHost: monitor.example\r\n\r\n")
        assert status_of(one) == 400


class Sent:
    """The other end of a request: a body in pieces, and what came back."""

    def __init__(self, *pieces: bytes, ends: bool = True) -> None:
        self._pieces, self._ends = pieces, ends
        self.status, self.body = 0, b""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece
        if not self._ends:
            await asyncio.Event().wait()

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    def response_stream(self, _status: int, _headers: Headers) -> door.Pieces:
        raise AssertionError("no answer here is long")


def asked(sent: Sent, *headers: tuple[str, str], method: str = "POST", proxies: int = 1) -> Environ:
    """What the application sees of a request; empty when it is not let in."""
    seen: Environ = {}

    def application(environ: Environ, start: StartResponse) -> list[bytes]:
        seen.update(environ)
        start("200 OK", [])
        return [b"let in"]

    scope = SimpleNamespace(
        http_version="1.1", server="127.0.0.1:80", client="10.0.0.9:4711", scheme="http", method=method, path="/x",
        query_string="", authority=None, headers=SimpleNamespace(items=lambda: list(headers)),
    )  # fmt: skip
    made = Door(application, threads=1, proxies=proxies, name="localhost", pages=lambda status: status.phrase.encode())

    async def run() -> None:
        made.__rsgi_init__(asyncio.get_running_loop())
        await made.__rsgi__(cast("door.Scope", scope), sent)

    in_a_thread(run)
    return seen


@pytest.mark.finding("R-H1")
def test_a_body_that_stops_coming__is_refused_and_never_reaches_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "WINDOW_SECONDS", 0.05)
    sent = Sent(b"a", ends=False)
    assert asked(sent, ("content-length", "50")) == {}
    assert sent.status == HTTPStatus.REQUEST_TIMEOUT


@pytest.mark.finding("R-H1")
def test_unfinished_bodies_of_one_address__are_bounded_and_others_have_their_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(door, "UNFINISHED_HERE", 1)
    bodies = door.Bodies()
    with bodies.place("10.0.0.1"), bodies.place("10.0.0.2"), pytest.raises(door.Refused), bodies.place("10.0.0.1"):
        pass
    with bodies.place("10.0.0.1"):
        pass


@pytest.mark.finding("R-M4")
def test_large_bodies__share_what_there_is_and_give_it_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "LARGE_BYTES", 300_000)
    monkeypatch.setattr(door, "LARGE_BYTES_HERE", 200_000)
    bodies = door.Bodies()
    with bodies.room("10.0.0.1") as grow:
        grow(150_000)
        grow(180_000)
        with bodies.room("10.0.0.1") as again, pytest.raises(door.Refused):
            again(70_000)
        with bodies.room("10.0.0.2") as other:
            other(100_000)
            with bodies.room("10.0.0.3") as third:
                third(door.SMALL_BYTES)  # a form always finds room
                with pytest.raises(door.Refused):
                    third(100_000)
    with bodies.room("10.0.0.1") as grow:
        grow(200_000)


@pytest.mark.finding("R-M2")
def test_headers_with_an_underscore__are_dropped_and_lines_of_one_name_are_joined() -> None:
    seen = asked(
        Sent(b"a=1"),
        ("x-forwarded-for", "203.0.113.9"),
        ("x_forwarded_for", "1.1.1.1"),
        ("x-forwarded-for", "198.51.100.7"),
        ("x_forwarded_proto", "https"),
        ("cookie", "a=1"),
        ("cookie", "b=2"),
        ("content-length", "3"),
    )
    assert seen["HTTP_X_FORWARDED_FOR"] == "203.0.113.9,198.51.100.7"
    assert "HTTP_X_FORWARDED_PROTO" not in seen
    assert seen["HTTP_COOKIE"] == "a=1; b=2"
    assert (seen["CONTENT_LENGTH"], seen["REMOTE_ADDR"]) == ("3", "10.0.0.9")


@pytest.mark.parametrize("charset", ["hex", "undefined", "rot13", "windows-1251"])
def test_no_other_way_of_writing__than_utf_8_is_believed(charset: str) -> None:
    seen = asked(Sent(b"a=1"), ("content-type", f'multipart/form-data; Charset = "{charset}"; boundary=x'))
    assert seen["CONTENT_TYPE"] == "multipart/form-data; boundary=x"


@pytest.mark.finding("R-M5")
def test_health__answers_in_time_where_the_database_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "HEALTH_SECONDS", 0.05)
    waiting = threading.Event()

    def application(_environ: Environ, start: StartResponse) -> list[bytes]:
        waiting.wait(30)
        start("200 OK", [])
        return []

    sent = Sent()
    made = Door(application, threads=1, proxies=0, name="localhost", pages=lambda status: status.phrase.encode())
    scope = SimpleNamespace(
        http_version="1.1", server="127.0.0.1:80", client="10.0.0.9:4711", scheme="http", method="GET", path="/health",
        query_string="", authority=None, headers=SimpleNamespace(items=list),
    )  # fmt: skip

    async def run() -> None:
        made.__rsgi_init__(asyncio.get_running_loop())
        await made.__rsgi__(cast("door.Scope", scope), sent)

    try:
        in_a_thread(run)
    finally:
        waiting.set()
    assert sent.status == HTTPStatus.SERVICE_UNAVAILABLE
    assert b'"ready": false' in sent.body


def test_page_of_the_state__has_threads_of_its_own_and_the_work_beside_one() -> None:
    waiting, beside = threading.Event(), threading.Event()

    def application(environ: Environ, start: StartResponse) -> list[bytes]:
        if environ["PATH_INFO"] == "/":
            waiting.wait(30)
        start("200 OK", [])
        return [b"state"]

    made = Door(
        application,
        threads=1,
        proxies=0,
        name="localhost",
        pages=lambda status: status.phrase.encode(),
        beside=beside.set,
    )

    def scope(path: str) -> SimpleNamespace:
        return SimpleNamespace(
            http_version="1.1", server="127.0.0.1:80", client="10.0.0.9:4711", scheme="http", method="GET", path=path,
            query_string="", authority=None, headers=SimpleNamespace(items=list),
        )  # fmt: skip

    held, told = Sent(), Sent()

    async def run() -> None:
        made.__rsgi_init__(asyncio.get_running_loop())
        page = asyncio.ensure_future(made.__rsgi__(cast("door.Scope", scope("/")), held))
        await asyncio.sleep(0.05)
        await asyncio.wait_for(made.__rsgi__(cast("door.Scope", scope("/status")), told), 5)
        waiting.set()
        await page

    try:
        in_a_thread(run)
    finally:
        waiting.set()
    assert (told.status, told.body) == (HTTPStatus.OK, b"state")
    assert beside.wait(5)
