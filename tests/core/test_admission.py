"""Under load, page reads are asked to come back; submissions always get through."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings

from tirek.config import config
from tirek.core import clock
from tirek.core.service import admission, failures
from tirek.core.service.admission import AdmissionMiddleware

LIMIT = 2
NOON = datetime(2026, 11, 9, 7, tzinfo=UTC)


class Held:
    """A view whose requests stay in flight until they are let go."""

    def __init__(self) -> None:
        self.entered = threading.Semaphore(0)
        self.let_go = threading.Event()
        self.hold = True

    def __call__(self, _request: HttpRequest) -> HttpResponse:
        self.entered.release()
        if self.hold:
            assert self.let_go.wait(20)
        return HttpResponse("page")


@pytest.fixture
def view() -> Held:
    return Held()


@pytest.fixture
def busy(view: Held, monkeypatch: pytest.MonkeyPatch) -> Iterator[AdmissionMiddleware]:
    """The middleware with as many requests in flight as it admits."""
    monkeypatch.setenv("TIREK_READS_IN_FLIGHT", str(LIMIT))
    config.cache_clear()
    middleware = AdmissionMiddleware(view)
    threads = [threading.Thread(target=middleware, args=[RequestFactory().get("/")]) for _ in range(LIMIT)]
    for thread in threads:
        thread.start()
        assert view.entered.acquire(timeout=10)
    view.hold = False
    yield middleware
    view.let_go.set()
    for thread in threads:
        thread.join()
    monkeypatch.undo()
    config.cache_clear()


def status(middleware: AdmissionMiddleware, request: HttpRequest) -> int:
    return middleware(request).status_code


@pytest.mark.parametrize("read", [RequestFactory().get, RequestFactory().head])
def test_a_read_beyond_the_limit__is_asked_to_come_back(
    busy: AdmissionMiddleware, read: Callable[[str], HttpRequest]
) -> None:
    response = busy(read("/orders/"))
    assert response.status_code == 503
    assert response["Retry-After"] == str(admission.RETRY_AFTER_SECONDS)
    assert response["Cache-Control"] == "no-store"
    assert "default-src 'none'" in response["Content-Security-Policy"]


@pytest.mark.finding("A-A10")
@override_settings(TIREK_COUNTER_NETWORKS=("10.20.0.0/16",))
def test_a_counter__where_somebody_waits_is_never_refused(busy: AdmissionMiddleware) -> None:
    assert status(busy, RequestFactory(REMOTE_ADDR="10.20.3.4").get("/office/")) == 200
    assert status(busy, RequestFactory(REMOTE_ADDR="10.21.3.4").get("/office/")) == 503
    forged = RequestFactory(REMOTE_ADDR="10.21.3.4").get("/office/", headers={"X-Forwarded-For": "10.20.3.4"})
    assert status(busy, forged) == 503


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.mission("S0.2", "S0.3")
def test_a_submission__is_never_refused(busy: AdmissionMiddleware, method: str) -> None:
    assert status(busy, getattr(RequestFactory(), method)("/orders/")) == 200


@pytest.mark.parametrize("path", ["/health", "/static/tirek/tirek.css", "/status", "/language/kk"])
def test_health_and_files__are_never_refused(busy: AdmissionMiddleware, path: str) -> None:
    assert status(busy, RequestFactory().get(path)) == 200


def test_when_requests_end__reads_are_admitted_again(busy: AdmissionMiddleware, view: Held) -> None:
    assert status(busy, RequestFactory().get("/")) == 503
    view.let_go.set()
    for _ in range(200):
        if status(busy, RequestFactory().get("/")) == 200:
            break
        threading.Event().wait(0.01)
    assert [status(busy, RequestFactory().get("/")) for _ in range(20)] == [200] * 20


def test_a_view_that_fails__does_not_stay_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(request: HttpRequest) -> HttpResponse:
        raise RuntimeError

    middleware = AdmissionMiddleware(fails)
    for _ in range(config().reads_in_flight + 5):
        with pytest.raises(RuntimeError):
            middleware(RequestFactory().get("/"))


def test_the_refusal__speaks_all_three_languages_without_a_database(busy: AdmissionMiddleware) -> None:
    response = busy(RequestFactory().get("/"))
    assert isinstance(response, HttpResponse)
    page = response.content.decode()
    for language in ("kk", "ru", "en"):
        assert f'<section lang="{language}">' in page


def test_refused_reads__are_counted_by_minute_and_address_without_a_database(busy: AdmissionMiddleware) -> None:
    for minute in range(2):
        with clock.at(NOON + timedelta(minutes=minute, seconds=20)):
            for path in ("/orders", "/orders", "/supply"):
                assert status(busy, RequestFactory().get(path)) == 503
            assert status(busy, RequestFactory().post("/orders")) == 200
    later = NOON + timedelta(minutes=1)
    assert {met[:3]: times for met, times in failures.SHED.forget().items()} == {
        (NOON, "GET", "/orders"): 2,
        (NOON, "GET", "/supply"): 1,
        (later, "GET", "/orders"): 2,
        (later, "GET", "/supply"): 1,
    }


def test_refused_reads__of_many_addresses_take_no_more_memory(busy: AdmissionMiddleware) -> None:
    with clock.at(NOON):
        for n in range(600):
            assert status(busy, RequestFactory().get(f"/orders/{n}")) == 503
    counts = failures.SHED.forget()
    assert len(counts) == 501
    assert counts[NOON, "GET", "", 503, failures.SHED_CODE] == 100


def test_many_refusals__are_one_line_in_the_log(busy: AdmissionMiddleware, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(50):
        assert status(busy, RequestFactory().get("/")) == 503
    assert len(caplog.records) == 1
