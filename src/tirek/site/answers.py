"""A page that answers a press is shown by a redirect: a reload asks for nothing anew and sends nothing twice.

Whoever presses a button and is refused gets a page with what is wrong. If that page were the answer to the POST itself,
a phone that wakes a sleeping tab would ask "send the form again?", and send the old answers over newer ones. So the
page is laid into the session (sealed), the browser is led to it, and it is given once; a reload leads
to the fresh page.
"""

import secrets
import zlib
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.http import escape_leading_slashes

from tirek.core.crypto import Undecipherable, decrypt, encrypt

#: Part of the address that names the page laid ready.
NAMED: Final = "answer"
#: Session key of the page laid ready: address, name, status, headers, page.
LAID: Final = "answer"
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
        if request.method != "POST" or not _is_page(request, response):
            return response
        return self._lay(request, response)

    def _lay(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        body = encrypt(zlib.compress(response.content)).decode()
        if len(body) > _LONGEST:
            return response
        name = secrets.token_urlsafe(9)
        headers = {key: value for key, value in response.headers.items() if key.lower() not in _NOT_KEPT}
        request.session[LAID] = {
            "path": request.path,
            "name": name,
            "status": response.status_code,
            "headers": headers,
            "page": body,
        }
        led = HttpResponseRedirect(_address(request, name))
        led.status_code = HTTPStatus.SEE_OTHER
        led.cookies = response.cookies
        return led

    def _laid(self, request: HttpRequest) -> HttpResponse:
        found: dict[str, Any] = request.session.get(LAID) or {}
        is_it = found.get("path") == request.path and found.get("name") == request.GET[NAMED]
        if not is_it:
            return HttpResponseRedirect(_address(request))
        if request.method == "GET":
            del request.session[LAID]
        try:
            page = zlib.decompress(decrypt(found["page"].encode()))
        except Undecipherable:
            return HttpResponseRedirect(_address(request))
        return HttpResponse(page, status=found["status"], headers={**found["headers"], "Cache-Control": "no-store"})


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
