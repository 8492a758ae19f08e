"""Text messages by a gateway over HTTP: what it gets, and what each of its answers means, against a server of this
machine.
"""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import pytest
import urllib3
from django.test import override_settings
from tests import factories as make

from tirek.core import clock
from tirek.core.signing import messaging
from tirek.core.signing.messaging import ShortMessage, Undeliverable
from tirek.notices import actions, channels, gateway
from tirek.notices.channels import NotNow, Outgoing
from tirek.notices.models import ContactPoint, Delivery, Notice, Route

TOKEN = "sesame"
TOLD = Outgoing("+77011234567", "", "Tirek: Сәлеметсіз бе – қабылданды", "order.accepted", None, "01a2")


class Gateway:
    """A gateway that answers as it is told, and remembers what it was asked for."""

    def __init__(self) -> None:
        self.status, self.asked, self.silent = 202, [], threading.Event()  # type: ignore[var-annotated]
        self.location, self.heard = "", threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.asked.append({"headers": dict(self.headers), "body": json.loads(body), "path": self.path})
                outer.heard.set()
                if outer.status == 0:
                    outer.silent.wait(timeout=10)
                    return
                self.send_response(outer.status)
                if outer.location:
                    self.send_header("Location", outer.location)
                self.end_headers()
                # more than anybody reads
                self.wfile.write(b"x" * 100)

            def log_message(self, *_args: object) -> None:
                """Nothing is told of it."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/messages"
        self.thread = threading.Thread(target=self.server.serve_forever)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.silent.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@contextmanager
def connected(url: str, token: str = TOKEN) -> Iterator[None]:
    with override_settings(TIREK_SMS_URL=url, TIREK_SMS_TOKEN=token, DEMO=False, TIREK_NOTICE_CHANNELS={}):
        yield


@pytest.fixture
def there() -> Iterator[Gateway]:
    with Gateway() as made, connected(made.url):
        yield made


def test_message__is_posted_as_the_contract_says(there: Gateway) -> None:
    gateway.send(TOLD)
    [asked] = there.asked
    assert asked["body"] == {"to": TOLD.address, "text": TOLD.text, "purpose": "order.accepted", "id": "01a2"}
    assert asked["path"] == "/messages"
    assert asked["headers"]["Authorization"] == "Bearer sesame"
    assert asked["headers"]["Content-Type"] == "application/json"


def test_code_that_is_sent_at_once__has_no_id(there: Gateway) -> None:
    gateway.send(Outgoing("+77011234567", "", "123456", "sign-in", None, ""))
    assert set(there.asked[0]["body"]) == {"to", "text", "purpose"}


def test_gateway_without_a_token__gets_none(there: Gateway) -> None:
    with connected(there.url, token=""):
        gateway.send(TOLD)
    assert "Authorization" not in there.asked[0]["headers"]


@pytest.mark.parametrize("status", [200, 201, 202, 204, 409])
def test_answers_by_which_it_is_taken(there: Gateway, status: int) -> None:
    there.status = status
    gateway.send(TOLD)
    assert len(there.asked) == 1


@pytest.mark.parametrize("status", [400, 404, 410, 413, 422, 451])
def test_answers_that_refuse_for_good(there: Gateway, status: int) -> None:
    there.status = status
    with pytest.raises(Undeliverable, match=str(status)):
        gateway.send(TOLD)


@pytest.mark.parametrize("status", [301, 307, 401, 403, 408, 425, 429, 500, 502, 503])
def test_answers_after_which_it_is_asked_again(there: Gateway, status: int) -> None:
    there.status, there.location = status, there.url + "/elsewhere"
    with pytest.raises(NotNow, match=str(status)):
        gateway.send(TOLD)
    assert len(there.asked) == 1, "neither followed nor repeated at once"


def test_silent_gateway__is_not_waited_for_longer_than_the_contract_says(
    there: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = urllib3.PoolManager(timeout=urllib3.Timeout(connect=1, read=0.05), retries=False)
    monkeypatch.setattr(gateway, "_POOL", quick)
    there.status = 0
    with pytest.raises(NotNow, match="ReadTimeoutError"):
        gateway.send(TOLD)
    # the one who does not wait may be done before the silent one has read
    assert there.heard.wait(timeout=10)
    assert len(there.asked) == 1


def test_gateway_that_is_not_there__is_asked_again_later() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with connected(f"http://127.0.0.1:{taken.getsockname()[1]}/"), pytest.raises(NotNow):
            gateway.send(TOLD)
        with connected(f"http://127.0.0.1:{taken.getsockname()[1]}/"):
            assert gateway.answer_to_nothing() == 0


def test_installation_without_a_gateway__says_so_and_asks_none() -> None:
    with connected(""):
        assert not channels.is_connected(Route.SMS)
        with pytest.raises(Undeliverable, match="TIREK_SMS_URL"):
            gateway.send(TOLD)


def test_text__is_in_no_error(there: Gateway) -> None:
    there.status = 500
    with pytest.raises(NotNow) as told:
        gateway.send(TOLD)
    assert TOLD.text not in str(told.value)
    assert TOLD.address not in str(told.value)
    assert "sesame" not in str(told.value)


# --- with the notices


def _notice() -> Delivery:
    user = make.person().user
    assert user is not None
    ContactPoint.objects.filter(user_id=user.pk).delete()
    ContactPoint.objects.create(user_id=user.pk, channel="sms", address="+77011234567", language="kk")
    Notice.objects.create(user_id=user.pk, template="order.top_up_lapsed", context={"number": "ТС-1", "kind": "GI-01"})
    actions.deliver()
    return Delivery.objects.get()


@pytest.mark.django_db
def test_notice__that_was_not_answered_is_asked_for_again_by_the_same_id(
    there: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clock.at(make.MORNING):
        make.kind()
        quick = urllib3.PoolManager(timeout=urllib3.Timeout(connect=1, read=0.05), retries=False)
        monkeypatch.setattr(gateway, "_POOL", quick)
        there.status = 0
        delivery = _notice()
        assert delivery.state == "pending"
        there.status = 409
        with clock.at(delivery.try_after):
            actions.deliver()
        delivery.refresh_from_db()
        assert delivery.state == "sent", "it was taken the first time"
        first, second = (one["body"] for one in there.asked)
        assert first == second
        assert first["id"]


@pytest.mark.django_db
def test_notice__that_is_refused_stands_on_the_page_of_staff(there: Gateway) -> None:
    with clock.at(make.MORNING):
        make.kind()
        there.status = 422
        delivery = _notice()
        assert (delivery.state, delivery.problem) == ("failed", "undeliverable")


def test_code__that_cannot_leave_is_told_at_once(there: Gateway) -> None:
    there.status = 503
    message = ShortMessage(channel="sms", address="+77011234567", text="code 123456", purpose="test")
    with pytest.raises(Undeliverable):
        messaging.send(message)
    there.status = 200
    messaging.send(message)
    assert [one["body"]["text"] for one in there.asked] == ["code 123456", "code 123456"]


def test_doctor__asks_without_sending_anything(there: Gateway) -> None:
    there.status = 422
    assert gateway.answer_to_nothing() == 422
    body: dict[str, Any] = there.asked[0]["body"]
    assert (body["to"], body["text"]) == ("", "")
