"""Pages for anybody: the language switch."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tirek.ui.desks import DeskRequest, desk

LANGUAGE_COOKIE_SECONDS = 365 * 24 * 3600


def safe_next(request: HttpRequest, address: str) -> str:
    """``address`` when it lies on this site, else the first page."""
    if url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return address
    return "/"


@desk("public")
@never_cache
@require_safe
def language(request: DeskRequest, code: str) -> HttpResponse:
    """Remember the language and come back to the same page with the same query.

    Raises:
        Http404: there is no such language.
    """
    if code not in dict(settings.LANGUAGES):
        raise Http404
    response = HttpResponseRedirect(safe_next(request, request.GET.get("next", "/")))
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=LANGUAGE_COOKIE_SECONDS,
        samesite="Lax",
        secure=bool(settings.SESSION_COOKIE_SECURE),
    )
    return response
