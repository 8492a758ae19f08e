"""The middleware of “preview as of” (see ``tirek.site.preview``)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tirek.core import clock
from tirek.core.errors import DomainError, RuleBroken
from tirek.site.middleware import GetResponse, refusal
from tirek.site.preview import SHOWN, STILL_SENT, previewed_day
from tirek.ui.text import NO_BREAK, day_text


class PreviewMiddleware:
    """Sets the clock of the pages that show the chosen day, and refuses whatever would write."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the request through."""
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        arguments: Sequence[object],
        named: Mapping[str, object],
    ) -> HttpResponse | None:
        """Answer under the chosen day; nothing to do where there is none."""
        day = previewed_day(request)
        match = request.resolver_match
        if day is None or match is None:
            return None
        if request.method not in {"GET", "HEAD"}:
            if match.view_name in STILL_SENT:
                return None
            return refusal(request, _read_only(day))
        if match.view_name not in SHOWN:
            return None
        # a heading: at double text on a phone its date has to break
        shown = day_text(day).replace(NO_BREAK, " ")
        said = _("Preview: this page shows %(day)s. Nothing can be changed here.") % {"day": shown}
        messages.warning(request, said)
        try:
            with clock.at(datetime.combine(day, time(12), clock.COUNTRY_ZONE)):
                return view(request, *arguments, **named)
        except DomainError as error:
            return refusal(request, error)


def _read_only(day: date) -> RuleBroken:
    return RuleBroken(
        _("You are looking at %(day)s. Nothing can be changed in a preview.") % {"day": day_text(day)},
        next_step=_("Leave the preview first: the link is at the top of each page."),
        code="preview",
    )
