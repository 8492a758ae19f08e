"""Pages for people whose request is refused before anything knows who they are."""

from functools import lru_cache
from http import HTTPStatus
from typing import Final

from django.template.loader import render_to_string

_TEMPLATES: Final = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "413.html",
    HTTPStatus.SERVICE_UNAVAILABLE: "503.html",
}


@lru_cache(maxsize=8)
def page_of(status: HTTPStatus) -> bytes:
    """The page of a status, in all three languages at once; it needs no session and no database."""
    return render_to_string(_TEMPLATES.get(status, "400.html")).encode()
