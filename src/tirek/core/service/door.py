"""The door of a web process: takes a request in whole before any thread works on it.

Granian reads headers within 15 seconds. What follows, the body, is read here in the event loop, where a connection
that waits costs a few kilobytes and no thread: who sends nothing, or a byte now and then, holds up nobody. The rest is
Django in a pool of threads, by its WSGI entrance.

What is refused at the door, before Django sees it: an address that is too long (414), more than ``BODY_BYTES`` (413), a
body that stops coming (408), more unfinished bodies from one place than an office sends (503). Headers whose name holds
an underscore are dropped: a proxy does not overwrite them, and WSGI gives them the name of the real ones.

``GET /health`` has threads and a time of its own, so it answers while every other thread waits for the database; so has
the page of the state, for people.
"""

import asyncio
import json
import logging
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from io import BytesIO
from sys import stderr
from threading import Thread
from typing import Final, Protocol, cast

from tirek.core.service.calm import is_calm
from tirek.core.service.network import FORWARDED, client_address

log = logging.getLogger(__name__)

#: How a text is written, as a header tells it.
_CHARSET: Final = re.compile(r";\s*charset\s*=[^;]*", re.IGNORECASE)
#: One body at most, in bytes; a file may have 10 MB, and its form around it.
BODY_BYTES: Final = 12 * 1024 * 1024
#: Path and query at most, in characters.
TARGET_CHARACTERS: Final = 8 * 1024
#: Each so many seconds a body must bring ``WINDOW_BYTES``, or be whole. The first window is as long.
WINDOW_SECONDS: Final = 20.0
WINDOW_BYTES: Final = 16 * 1024
#: Bodies up to this size are always taken; larger ones share ``LARGE_BYTES`` in one process, ``LARGE_BYTES_HERE`` of
#: them from one address.
SMALL_BYTES: Final = 64 * 1024
LARGE_BYTES: Final = 96 * 1024 * 1024
LARGE_BYTES_HERE: Final = 2 * BODY_BYTES
#: Unfinished bodies from one address at once, in one process. Behind a proxy that gathers bodies there are none.
UNFINISHED_HERE: Final = 128
#: A whole answer up to this size leaves the thread at once; longer ones are sent piece by piece.
WHOLE_BYTES: Final = 16 * 1024 * 1024
PIECE_BYTES: Final = 64 * 1024
#: A reader who takes no piece for so long is given up.
PIECE_SECONDS: Final = 30.0
HEALTH_PATHS: Final = frozenset({"/health", "/health/web"})
HEALTH_THREADS: Final = 2
HEALTH_SECONDS: Final = 3.0
#: Threads for pages that ask the database nothing.
CALM_THREADS: Final = 2
#: Connections of a process that are not for pages: those of ``/health``, and that of the work beside.
BESIDE_PAGES: Final = HEALTH_THREADS + 1
RETRY_AFTER_SECONDS: Final = 10

Headers = list[tuple[str, str]]
Environ = dict[str, object]
StartResponse = Callable[..., object]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


class HeaderMap(Protocol):
    """Headers as Granian gives them, a line each."""

    def items(self) -> list[tuple[str, str]]:
        """Name in small letters, and value."""


class Scope(Protocol):
    """What Granian knows of a request before its body."""

    http_version: str
    server: str
    client: str
    scheme: str
    method: str
    path: str
    query_string: str
    authority: str | None

    @property
    def headers(self) -> HeaderMap:
        """Its headers."""


class Pieces(Protocol):
    """An answer that is sent piece by piece."""

    async def send_bytes(self, data: bytes) -> None:
        """Send one; waits while the reader is slow."""


class Connection(Protocol):
    """The body of a request, and the way back."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Pieces of the body as they come."""

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None:
        """Answer in whole."""

    def response_stream(self, status: int, headers: Headers) -> Pieces:
        """Answer piece by piece."""


class Refused(Exception):
    """A request that is not let in."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


class Bodies:
    """Bodies on their way in one process: how many from whom, and how much room the large ones take.

    Used by the event loop alone.
    """

    def __init__(self) -> None:
        self._unfinished: Counter[str] = Counter()
        self._large: Counter[str] = Counter()
        self._large_bytes = 0

    @contextmanager
    def place(self, address: str) -> Iterator[None]:
        """A place for one body from ``address``.

        Raises:
            Refused: too many of its bodies are unfinished.
        """
        if self._unfinished[address] >= UNFINISHED_HERE:
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE)
        self._unfinished[address] += 1
        try:
            yield
        finally:
            self._unfinished[address] -= 1
            if not self._unfinished[address]:
                del self._unfinished[address]

    @contextmanager
    def room(self, address: str) -> Iterator[Callable[[int], None]]:
        """Room for one body: what it gives takes the size so far, and counts what is more than a small body.

        Raises:
            Refused: there is no room now, or ``address`` has its share.
        """
        held = [0]

        def grow(size: int) -> None:
            if size <= SMALL_BYTES:
                return
            more = size - held[0]
            if self._large_bytes + more > LARGE_BYTES or self._large[address] + more > LARGE_BYTES_HERE:
                raise Refused(HTTPStatus.SERVICE_UNAVAILABLE)
            held[0] = size
            self._large[address] += more
            self._large_bytes += more

        try:
            yield grow
        finally:
            self._large_bytes -= held[0]
            self._large[address] -= held[0]
            if not self._large[address]:
                del self._large[address]


class Door:
    """An RSGI application in front of a WSGI application.

    Args:
        application: the WSGI application.
        threads: requests worked on at once.
        proxies: proxies of ours in front.
        name: host name under which ``/health`` is asked inside, whatever name a monitor uses.
        pages: the page of a status, for people.
        beside: what each process does all the while beside its pages, in a thread of its own.
    """

    def __init__(
        self,
        application: Application,
        *,
        threads: int,
        proxies: int,
        name: str,
        pages: Callable[[HTTPStatus], bytes],
        beside: Callable[[], None] | None = None,
    ) -> None:
        self._application = application
        self._proxies = proxies
        self._name = name
        self._pages = pages
        self._bodies = Bodies()
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="page")
        self._calm_pool = ThreadPoolExecutor(CALM_THREADS, thread_name_prefix="calm")
        self._beside = beside
        self._health_pool = ThreadPoolExecutor(HEALTH_THREADS, thread_name_prefix="health")

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Called by Granian once in each process."""
        self._loop = loop
        if self._beside is not None:
            # it ends with its process
            Thread(target=self._beside, name="beside", daemon=True).start()

    async def __rsgi__(self, scope: Scope, connection: Connection) -> None:
        """One request, from its headers to the end of its answer."""
        headers = [(name, value) for name, value in scope.headers.items() if "_" not in name]
        told = dict(headers)
        if scope.method == "GET" and scope.path in HEALTH_PATHS:
            await self._health(scope, connection)
            return
        address = client_address(
            forwarded=",".join(value for name, value in headers if name == FORWARDED.lower()),
            remote=_host_of(scope.client),
            proxies=self._proxies,
        )
        try:
            _check_target(scope)
            with self._bodies.room(address) as grow:
                body = b""
                if "content-length" in told or "transfer-encoding" in told:
                    with self._bodies.place(address):
                        body = await self._body(told.get("content-length", ""), connection, grow)
                await self._answer(_environ(scope, headers, body), connection, head=scope.method == "HEAD")
        except Refused as refused:
            log.warning("refused at the door: %d %s", refused.status, refused.status.phrase)
            self._refuse(connection, refused.status)

    async def _body(self, announced: str, connection: Connection, grow: Callable[[int], None]) -> bytes:
        """The whole body.

        Raises:
            Refused: it is too large, stops coming, or finds no room.
        """
        if announced.isdecimal() and int(announced) > BODY_BYTES:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        body = bytearray()
        since, ends = 0, self._loop.time() + WINDOW_SECONDS
        coming = aiter(connection)
        while True:
            try:
                piece = await asyncio.wait_for(_next(coming), ends - self._loop.time())
            except TimeoutError:
                raise Refused(HTTPStatus.REQUEST_TIMEOUT) from None
            if piece is None:
                return bytes(body)
            body += piece
            if len(body) > BODY_BYTES:
                raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            grow(len(body))
            if len(body) - since >= WINDOW_BYTES:
                since, ends = len(body), self._loop.time() + WINDOW_SECONDS

    async def _answer(self, environ: Environ, connection: Connection, *, head: bool) -> None:
        pool = self._calm_pool if is_calm(str(environ["PATH_INFO"])) else self._pool
        await self._loop.run_in_executor(pool, partial(self._work, environ, connection, head=head))

    def _work(self, environ: Environ, connection: Connection, *, head: bool) -> None:
        """In a thread: let Django answer, and hand the answer over."""
        status, headers, result = self._called(environ)
        try:
            length = int(dict(headers).get("Content-Length", "0") or 0)
            is_whole = not getattr(result, "streaming", False) or 0 < length <= WHOLE_BYTES
            if head:
                connection.response_bytes(status, headers, b"")
            elif is_whole:
                connection.response_bytes(status, headers, b"".join(result))
            else:
                self._send(connection.response_stream(status, headers), result)
        finally:
            close = getattr(result, "close", None)
            if close is not None:
                close()

    def _send(self, pieces: Pieces, result: Iterable[bytes]) -> None:
        waiting = bytearray()
        for piece in result:
            waiting += piece
            if len(waiting) >= PIECE_BYTES:
                self._send_one(pieces, bytes(waiting))
                waiting.clear()
        self._send_one(pieces, bytes(waiting))

    def _send_one(self, pieces: Pieces, data: bytes) -> None:
        asyncio.run_coroutine_threadsafe(_sent(pieces, data), self._loop).result(PIECE_SECONDS)

    def _called(self, environ: Environ) -> tuple[int, Headers, Iterable[bytes]]:
        begun: list[tuple[str, Headers]] = []

        def start(status: str, headers: Headers, _error: object = None) -> None:
            begun.append((status, headers))

        result = self._application(environ, start)
        status, headers = begun[-1]
        return int(status[:3]), headers, result

    async def _health(self, scope: Scope, connection: Connection) -> None:
        """Asked by a machine: by whatever name, over plain HTTP, and answered in time."""
        environ = _environ(scope, [("host", self._name)], b"")
        asked = self._loop.run_in_executor(self._health_pool, partial(self._told, environ))
        try:
            status, headers, body = await asyncio.wait_for(asked, HEALTH_SECONDS)
        except TimeoutError:
            status = HTTPStatus.SERVICE_UNAVAILABLE
            headers = [("Content-Type", "application/json"), ("Cache-Control", "no-store")]
            body = json.dumps({"ready": False, "web": False, "database": "slow"}).encode()
        connection.response_bytes(status, headers, body)

    def _told(self, environ: Environ) -> tuple[int, Headers, bytes]:
        status, headers, result = self._called(environ)
        try:
            return status, headers, b"".join(result)
        finally:
            cast("Callable[[], None]", getattr(result, "close", lambda: None))()

    def _refuse(self, connection: Connection, status: HTTPStatus) -> None:
        headers = [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
            ("Connection", "close"),
        ]
        if status is HTTPStatus.SERVICE_UNAVAILABLE:
            headers.append(("Retry-After", str(RETRY_AFTER_SECONDS)))
        connection.response_bytes(status, headers, self._pages(status))


def _check_target(scope: Scope) -> None:
    if len(scope.path) + len(scope.query_string) > TARGET_CHARACTERS:
        raise Refused(HTTPStatus.REQUEST_URI_TOO_LONG)


async def _next(coming: AsyncIterator[bytes]) -> bytes | None:
    try:
        return await anext(coming)
    except StopAsyncIteration:
        return None


async def _sent(pieces: Pieces, data: bytes) -> None:
    await pieces.send_bytes(data)


def _host_of(client: str) -> str:
    return client.rpartition(":")[0].strip("[]") or client


def _environ(scope: Scope, headers: Headers, body: bytes) -> Environ:
    """The request as WSGI knows it; lines of the same name are joined, as HTTP says."""
    host, _, port = scope.server.rpartition(":")
    environ: Environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string.encode().decode("latin-1"),
        "SERVER_NAME": host.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": _host_of(scope.client),
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": BytesIO(body),
        "wsgi.errors": stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in headers:
        if name in {"content-length", "transfer-encoding"}:
            continue
        key = "CONTENT_TYPE" if name == "content-type" else f"HTTP_{name.upper().replace('-', '_')}"
        before = environ.get(key)
        separator = "; " if name == "cookie" else ","
        environ[key] = value if before is None else f"{before}{separator}{value}"
    # forms are UTF-8: the name of another way of writing would be believed, whatever it does with the text
    if "CONTENT_TYPE" in environ:
        environ["CONTENT_TYPE"] = _CHARSET.sub("", str(environ["CONTENT_TYPE"]))
    if "HTTP_HOST" not in environ and scope.authority:
        environ["HTTP_HOST"] = scope.authority
    return environ
