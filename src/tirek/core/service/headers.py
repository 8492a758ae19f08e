"""Headers that every answer carries, and sessions that end while a page is being made."""

from collections.abc import Callable
from typing import Final

from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect

from tirek.core.service.calm import is_calm

#: What a browser lends to no page of ours.
PERMISSIONS: Final = ", ".join(
    f"{name}=()"
    for name in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)


class PermissionsMiddleware:
    """Sets ``Permissions-Policy``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer with its header."""
        response = self._get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response


class SteadySessionMiddleware(SessionMiddleware):
    """Django's, but a page that was being made while the session got another key (another role, a sign-in in another
    window) is asked for again with that key, and what was sent is answered. Pages that ask the database nothing
    (``core.service.calm``) have an empty session, and leave the browser's alone.
    """

    def process_request(self, request: HttpRequest) -> None:
        """The session that the browser's cookie names."""
        if is_calm(request.path_info):
            request.session = self.SessionStore()
        else:
            super().process_request(request)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """The answer with the session's cookie."""
        if is_calm(request.path_info):
            return response
        try:
            return super().process_response(request, response)
        except SessionInterrupted:
            if request.method not in {"GET", "HEAD"}:
                return response
            again = HttpResponseRedirect(request.get_full_path())
            again.headers["Cache-Control"] = "no-store"
            return again
