"""Outgoing calls: bounded in time, repeated only while that is safe, errors with a meaning."""

import gzip
import http.server
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tirek.core import http as outgoing
from tirek.core.http import BadAnswer, ErrorStatus, ForbiddenAddress, TimedOut, Unreachable, request


@dataclass
class Other:
    """Another system on this machine, with prepared answers."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    seen: list[tuple[str, bytes]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"{}"
    stay_silent: threading.Event | None = None


@pytest.fixture
def other() -> Iterator[Other]:
    system = Other()

    class Answer(http.server.BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            system.seen.append((self.command, self.rfile.read(length)))
            if system.stay_silent is not None:
                system.stay_silent.wait(20)
            self.send_response(system.statuses.pop(0) if system.statuses else 200)
            for name, value in system.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(system.body)))
            self.end_headers()
            self.wfile.write(system.body)

        do_GET = do_POST = do_PUT = answer  # noqa: N815 - the names that http.server calls

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the signature of http.server
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    system.url = f"http://127.0.0.1:{server.server_port}/path"
    yield system
    if system.stay_silent is not None:
        system.stay_silent.set()
    server.shutdown()
    thread.join()
    server.server_close()
    outgoing._client().close()
    outgoing._client.cache_clear()


def test_an_answer__comes_with_status_headers_and_body(other: Other) -> None:
    other.body = '{"жауап": 1}'.encode()
    other.headers = {"Content-Type": "application/json"}
    response = request("GET", other.url, timeout=5)
    assert (response.status_code, response.json()) == (200, {"жауап": 1})


def test_a_packed_answer__is_unpacked(other: Other) -> None:
    other.body = gzip.compress(b"text")
    other.headers = {"Content-Encoding": "gzip"}
    assert request("GET", other.url, timeout=5).content == b"text"


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_passing_failure__is_tried_again_where_repeating_is_safe(other: Other, method: str) -> None:
    other.statuses = [503, 502, 200]
    assert request(method, other.url, timeout=5).status_code == 200
    assert len(other.seen) == 3


def test_a_post_that_may_have_arrived__is_not_sent_twice(other: Other) -> None:
    other.statuses = [502, 200]
    with pytest.raises(ErrorStatus) as failed:
        request("POST", other.url, timeout=5, json={"n": 1})
    assert failed.value.status == 502
    assert failed.value.may_have_arrived
    assert other.seen == [("POST", b'{"n":1}')]


def test_a_post_that_was_turned_away_at_the_door__is_sent_again(other: Other) -> None:
    other.statuses = [503, 200]
    assert request("POST", other.url, timeout=5).status_code == 200


def test_a_post_with_an_idempotency_key__is_tried_again(other: Other) -> None:
    other.statuses = [502, 200]
    assert request("POST", other.url, timeout=5, repeatable=True, headers={"Idempotency-Key": "1"}).status_code == 200


def test_an_error_that_will_not_pass__is_not_tried_again(other: Other) -> None:
    other.statuses = [404, 200]
    other.body = b"none"
    with pytest.raises(ErrorStatus) as failed:
        request("GET", other.url, timeout=5)
    assert (failed.value.status, failed.value.body) == (404, b"none")
    assert len(other.seen) == 1


def test_tries_are_counted__and_the_last_error_is_told(other: Other) -> None:
    other.statuses = [503] * 9
    with pytest.raises(ErrorStatus):
        request("GET", other.url, timeout=5, retries=1)
    assert len(other.seen) == 2


def test_a_silent_system__is_not_waited_for_longer_than_the_limit(other: Other) -> None:
    other.stay_silent = threading.Event()
    with pytest.raises(TimedOut) as failed:
        request("POST", other.url, timeout=0.2)
    assert failed.value.may_have_arrived
    assert len(other.seen) == 1


def test_a_closed_port__means_that_nothing_was_sent() -> None:
    with pytest.raises(Unreachable) as failed:
        request("POST", "http://127.0.0.1:9/", timeout=1, retries=1)
    assert not failed.value.may_have_arrived


def test_an_endless_answer__is_cut(other: Other, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing, "MAX_BYTES", 1000)
    other.body = b"x" * 2000
    with pytest.raises(BadAnswer, match="longer than 1000"):
        request("POST", other.url, timeout=5)


def test_a_redirect__is_not_followed(other: Other) -> None:
    other.statuses = [302]
    other.headers = {"Location": "http://127.0.0.1:9/elsewhere"}
    assert request("GET", other.url, timeout=5).status_code == 302


@pytest.mark.parametrize("url", ["http://example.kz/", "ftp://127.0.0.1/", "http://10.0.0.1/", "http://127.0.0.1.example.kz/"])
def test_only_https_or_this_machine__is_called(url: str) -> None:
    with pytest.raises(ForbiddenAddress):
        request("GET", url, timeout=1)


def test_an_error__names_the_host_and_never_the_path() -> None:
    with pytest.raises(Unreachable) as failed:
        request("GET", "http://127.0.0.1:9/person/900101350017", timeout=1, retries=0)
    assert "127.0.0.1" in str(failed.value)
    assert "900101350017" not in str(failed.value)


@pytest.mark.parametrize("host", ["192.0.2.1", "example.kz"])
def test_tests__do_not_reach_the_outside_world(host: str) -> None:
    with pytest.raises(OSError, match="outside world"):
        socket.create_connection((host, 443), timeout=1)
    with pytest.raises(Unreachable):
        request("GET", f"https://{host}/", timeout=1, retries=0)
