"""A page that answers a press is shown by a redirect: a reload asks for nothing anew and sends nothing twice.

Whoever presses a button and is refused gets a page with what is wrong. If that page were the answer to the POST itself,
a phone that wakes a sleeping tab would ask "send the form again?", and send the old answers over newer ones. So the
page is laid into the session (sealed), and the browser is led to it.

A page that is refused holds what was typed: it is given again to a tab that is reloaded, woken or that lost the answer,
until the same form is sent with success, ``KEPT`` has passed, or ``MOST`` newer ones were laid beside it. Every other
page is given once, and so is a form whose fields are saved as they are typed: what was saved last is newer.
"""

import secrets
import zlib
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.http import escape_leading_slashes

from tirek.core import clock
from tirek.core.crypto import Undecipherable, decrypt, encrypt
from tirek.site import sessions

#: Part of the address that names the page laid ready.
NAMED: Final = "answer"
#: Beginning of the session keys of pages laid ready, by name: address, status, headers, page, when, whether it stays.
LAID: Final = "answer."
#: Pages of one browser that are laid ready beside one another: each tab has its own.
MOST: Final = 4
#: How long a page that was refused is given again.
KEPT: Final = timedelta(minutes=30)
#: Mark of a form whose fields are saved as they are typed.
_SAVES: Final = b"data-autosave-url"
#: Headers of the answer that belong to the redirect, or are set anew.
_NOT_KEPT: Final = frozenset({"set-cookie", "content-length", "vary", "cache-control", "expires"})
#: A page longer than this, packed and sealed, is answered straight away.
_LONGEST: Final = 100_000

GetResponse = Callable[[HttpRequest], HttpResponse]


class AnswerMiddleware:
    """Turns a page that answers a browser's POST into a redirect to that page. Stands right below the sessions.

    Scripts that send a form themselves (they do not ask for ``text/html``) get the answer itself; so does a visitor
    without a session: nothing is kept for who is not known.
    """

    def __init__(self, get_response: GetResponse) -> None:
        """As Django builds middleware."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The page laid ready, or the answer of the view, led to by a redirect where it is a page."""
        if request.method in {"GET", "HEAD"} and NAMED in request.GET:
            return self._laid(request)
        response = self.get_response(request)
        if request.method != "POST":
            return response
        if not _is_page(request, response):
            if HTTPStatus.MULTIPLE_CHOICES <= response.status_code < HTTPStatus.BAD_REQUEST:
                _drop(request, lambda laid: laid["path"] == request.path)
            return response
        return self._lay(request, response)

    def _lay(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        body = encrypt(zlib.compress(response.content)).decode()
        if len(body) > _LONGEST:
            return response
        name = secrets.token_urlsafe(9)
        headers = {key: value for key, value in response.headers.items() if key.lower() not in _NOT_KEPT}
        now = clock.now()
        _drop(request, lambda laid: laid["at"] < (now - KEPT).timestamp())
        for key in sorted(_laid(request), key=lambda key: request.session[key]["at"])[: 1 - MOST]:
            del request.session[key]
        request.session[LAID + name] = {
            "path": request.path,
            "as": _acting(request),
            "status": response.status_code,
            "headers": headers,
            "page": body,
            "at": now.timestamp(),
            "stays": response.status_code >= HTTPStatus.BAD_REQUEST and _SAVES not in response.content,
        }
        led = HttpResponseRedirect(_address(request, name))
        led.status_code = HTTPStatus.SEE_OTHER
        led.cookies = response.cookies
        return led

    def _laid(self, request: HttpRequest) -> HttpResponse:
        key = LAID + request.GET[NAMED]
        found: dict[str, Any] = request.session.get(key) or {}
        if (found.get("path"), found.get("as")) != (request.path, _acting(request)):
            return HttpResponseRedirect(_address(request))
        if request.method == "GET" and not found["stays"]:
            del request.session[key]
        try:
            page = zlib.decompress(decrypt(found["page"].encode()))
        except Undecipherable:
            return HttpResponseRedirect(_address(request))
        return HttpResponse(page, status=found["status"], headers={**found["headers"], "Cache-Control": "no-store"})


def _acting(request: HttpRequest) -> list[str]:
    """In which role, and for whom, the account acts: the page of another one is not given."""
    return [str(request.session.get(one, "")) for one in (sessions.MEMBERSHIP, sessions.BEHALF)]


def _laid(request: HttpRequest) -> list[str]:
    return [key for key in request.session.keys() if key.startswith(LAID)]  # noqa: SIM118 - a session is no dict


def _drop(request: HttpRequest, which: Callable[[dict[str, Any]], bool]) -> None:
    """Take pages laid ready away; a session without one is left as it is."""
    for key in _laid(request):
        if which(request.session[key]):
            del request.session[key]


def _is_page(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        bool(request.session.session_key)
        and "text/html" in request.headers.get("Accept", "")
        and not response.streaming
        and response.headers.get("Content-Type", "").startswith("text/html")
        and "Content-Disposition" not in response.headers
        and not HTTPStatus.MULTIPLE_CHOICES <= response.status_code < HTTPStatus.BAD_REQUEST
        and response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
    )


def _address(request: HttpRequest, name: str = "") -> str:
    """The address that was asked for, with the name of the page laid ready, or without one."""
    asked: QueryDict = request.GET.copy()
    asked.pop(NAMED, None)
    if name:
        asked[NAMED] = name
    # a path that begins with two slashes would lead to another site
    path = escape_leading_slashes(request.path)
    return f"{path}?{asked.urlencode()}" if asked else path
