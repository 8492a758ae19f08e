"""What the server tells the script of a page: who is signed in (opaquely), for how long, and the key of the local
store.

The local store keeps what was typed while the link is gone. It is encrypted with a key that only a signed-in page
holds: the same person gets the same key after signing in again, nobody else does, and on a shared computer there is
none.
"""

import base64
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.crypto import salted_hmac

#: Session key that the sign-in page sets to ``True`` when the person says "This is a shared computer".
SHARED = "shared_computer"


def who(user_id: UUID) -> str:
    """Opaque name of an account, equal for the same person on every page; ``/session/state`` answers with it."""
    return salted_hmac("tirek.ui.browser.who", user_id.hex, algorithm="sha256").hexdigest()[:24]


def store_key(user_id: UUID) -> str:
    """Key of the local store (AES-256, base64) of one account."""
    digest = salted_hmac("tirek.ui.browser.store", user_id.hex, algorithm="sha256").digest()
    return base64.b64encode(digest).decode("ascii")


def is_shared(request: HttpRequest) -> bool:
    """Whether the person said that others use this computer too; unknown is not shared."""
    return bool(request.session.get(SHARED, False))


def is_script(request: HttpRequest) -> bool:
    """Whether the script of a queued submit asks; what refuses it the browser asks for again as a page, and only
    that is seen.
    """
    return request.headers.get("Accept") == "application/json"


def lead_to(request: HttpRequest, url: str) -> HttpResponse:
    """Lead on after a submit: a redirect for the browser, the address in words for the script that sends a queued
    submit.
    """
    if is_script(request):
        return JsonResponse({"leads_to": url})
    return redirect(url)


def seconds_left(request: HttpRequest) -> int:
    """Seconds until the session ends: what a middleware put on ``request.session_seconds_left``, else the whole
    term.
    """
    told = getattr(request, "session_seconds_left", None)
    return int(told) if told is not None else int(settings.SESSION_COOKIE_AGE)
