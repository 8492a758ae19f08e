"""What the tests of attacks share: refusals whose page is not drawn."""

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse

from tirek.site import middleware
from tirek.site.views import public

_whole = middleware.render


def _in_short(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """All that the page of a refusal varies by; any other template is drawn as ever."""
    if template != "ui/error.html" or context is None:
        return _whole(request, template, context, status=status)
    return HttpResponse("\n".join(str(told) for told in context.values()), status=status)


@pytest.fixture
def refusals_in_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refusals are answered by their own words without the frame, which is most of their time: for tests that ask
    every address and look at what is refused, not at how the page looks.
    """
    for module in (middleware, public):
        monkeypatch.setattr(module, "render", _in_short)
