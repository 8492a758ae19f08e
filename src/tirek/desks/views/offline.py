"""The page that opens without a connection: what is not sent yet from a device. Nothing in it is of anybody."""

import hashlib
import json
from importlib.metadata import version
from typing import Final

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tirek.ui.desks import DeskRequest, desk

#: What the page loads.
_FILES: Final = (
    "tirek/tirek.css",
    "tirek/boot.js",
    "tirek/tirek.js",
    "tirek/sealed.js",
    "tirek/mark.svg",
    "tirek/fonts/noto-sans-400.woff2",
    "tirek/fonts/noto-sans-700.woff2",
)
_WORKER: Final = "tirek/worker.js"
#: Where the browser shows the page by itself: at the address of the page of what is not sent, and nowhere else.
_SCOPE: Final = "/not-sent"


def _check_language(code: str) -> None:
    if code not in dict(settings.LANGUAGES):
        raise Http404


@desk("public")
@never_cache
@require_safe
def page(request: DeskRequest, code: str) -> HttpResponse:
    """What waits on this device, as far as it can be told to whoever holds it; the browser alone knows it.

    Raises:
        Http404: there is no such language.
    """
    _check_language(code)
    with translation.override(code):
        return render(request, "desks/offline.html")


@desk("public")
@never_cache
@require_safe
def worker(_request: DeskRequest, code: str) -> HttpResponse:
    """The script by which a browser keeps that page in a language; its name for what it keeps is that of this version.

    Raises:
        Http404: there is no such language.
    """
    _check_language(code)
    told = {"page": reverse("desks:offline", args=[code]), "files": [static(one) for one in _FILES]}
    mark = hashlib.sha256(json.dumps([version("tirek"), static(_WORKER), told]).encode()).hexdigest()[:16]
    offline = json.dumps(told | {"name": f"not-sent-{mark}"})
    script = f"self.OFFLINE = {offline}\nimportScripts({json.dumps(static(_WORKER))})\n"
    headers = {"Service-Worker-Allowed": _SCOPE}
    return HttpResponse(script, content_type="text/javascript; charset=utf-8", headers=headers)
