"""Under too heavy a load, page reads are asked to come back in some seconds; a submission never is, nor a counter
(``TIREK_COUNTER_NETWORKS``), where somebody has come and waits.

The first middleware: it stands before session and database, so that a refusal costs next to nothing and the threads
that are kept free by it carry the submissions through.
"""

import logging
import threading
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string

from tirek.config import config
from tirek.core.service import failures
from tirek.core.service.calm import is_calm
from tirek.core.service.network import is_counter

log = logging.getLogger(__name__)
RETRY_AFTER_SECONDS: Final = 10
TELL_EVERY_SECONDS: Final = 5.0
_READS: Final = frozenset({"GET", "HEAD"})
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; frame-ancestors 'none'; base-uri 'none'"
)


class AdmissionMiddleware:
    """Counts the requests this process works on and refuses reads beyond ``TIREK_READS_IN_FLIGHT``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._limit = config().reads_in_flight
        self._count = 0
        self._refused = 0
        self._tell_at = 0.0
        self._guard = threading.Lock()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The page, or the request to come back."""
        with self._guard:
            refused = self._count >= self._limit and _is_page_read(request) and not is_counter(request)
            if not refused:
                self._count += 1
        if refused:
            failures.SHED.count(request.method or "", request.path_info)
            self._tell()
            return _come_back()
        try:
            return self._get_response(request)
        finally:
            with self._guard:
                self._count -= 1

    def _tell(self) -> None:
        """One line in some seconds: under load the log must not become a load of its own."""
        with self._guard:
            self._refused += 1
            if time.monotonic() < self._tell_at:
                return
            told, self._refused, self._tell_at = self._refused, 0, time.monotonic() + TELL_EVERY_SECONDS
        log.warning("%d page reads were asked to come back: %d requests in flight", told, self._limit)


def _is_page_read(request: HttpRequest) -> bool:
    return (
        request.method in _READS
        and not is_calm(request.path_info)
        and not request.path_info.startswith((settings.STATIC_URL, "/health"))
    )


#: Marks an answer that the database was away for: nothing about it can be written down either.
UNAVAILABLE: Final = "X-Tirek-Unavailable"


def unavailable() -> HttpResponse:
    """The request to come back, where the database is away."""
    response = _come_back()
    response[UNAVAILABLE] = "database"
    return response


def _come_back() -> HttpResponse:
    response = HttpResponse(_page(), status=503)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response["Cache-Control"] = "no-store"
    response["Content-Security-Policy"] = _POLICY
    response["X-Content-Type-Options"] = "nosniff"
    # Django would log each one as an error
    response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001
    return response


@lru_cache(maxsize=1)
def _page() -> bytes:
    """The page in all three languages at once: it needs no session, no database and no template work."""
    return render_to_string("503.html").encode()
