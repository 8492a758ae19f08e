"""Failures that people met, at the administrator's desk."""

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from tirek.core import clock
from tirek.site.failure_queries import PERIODS, Counted, Wanted, found, met, words_of_desk
from tirek.site.steps import words_of_step
from tirek.ui.desks import DeskRequest, desk
from tirek.ui.fields import DayField

PER_PAGE: Final = 50
_PERIOD_WORDS: Final = {
    "hour": _("the last hour"),
    "day": _("the last 24 hours"),
    "week": _("the last 7 days"),
    "month": _("the last 30 days"),
    "all": _("as long as they are kept"),
}


class FailureFilter(forms.Form):
    """Which failures are listed. Steps and groups are those that were met, and the one that was chosen."""

    hide_optional = True
    period = forms.ChoiceField(
        label=_("Period"), required=False, choices=[(key, _PERIOD_WORDS[key]) for key in PERIODS], initial="day"
    )
    day = DayField(label=_("Or one day"), required=False, latest=clock.today)
    step = forms.CharField(label=_("What people were doing"), required=False, max_length=140)
    desk = forms.CharField(label=_("User group"), required=False, max_length=20)

    def wanted(self) -> Wanted:
        """What is looked for; what makes no sense is not."""
        given: dict[str, Any] = self.cleaned_data if self.is_bound else {}
        return Wanted(
            period=given.get("period") or "day",
            day=given.get("day"),
            step=given.get("step") or "",
            desk=given.get("desk") or "",
        )


class ShownFilter(FailureFilter):
    """The same, as it is shown: a list of what was met, each with its words."""

    def __init__(self, *args: Any, steps: list[Counted], desks: list[Counted], **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self._offer("step", steps, words_of_step)
        self._offer("desk", desks, words_of_desk)

    def _offer(self, name: str, met: list[Counted], words_of: Callable[[str], str]) -> None:
        words = {one.key: one.words for one in met}
        chosen = str(self.data.get(name, ""))
        if chosen and chosen not in words:
            words[chosen] = words_of(chosen)
        self.fields[name] = forms.ChoiceField(
            label=self.fields[name].label, required=False, choices=[("", _("All")), *words.items()]
        )


@desk("admin")
@require_GET
def failures(request: DeskRequest) -> HttpResponse:
    """The failures of a period: counts by step and by user group, then each, newest first."""
    asked_for = FailureFilter(request.GET or None)
    is_right = not asked_for.is_bound or asked_for.is_valid()
    result = found(request.actor, asked_for.wanted())
    form = ShownFilter(request.GET or None, steps=result.steps, desks=result.desks)
    page = Paginator(result.rows, PER_PAGE).get_page(request.GET.get("page"))
    languages = dict(settings.LANGUAGES)
    asked = request.GET.copy()
    asked.pop("page", None)
    asked.pop("step", None)
    context = {
        "form": form,
        "times": result.times,
        "steps": [(one, f"?{asked.urlencode()}&{urlencode({'step': one.key})}") for one in result.steps],
        "desks": result.desks,
        "page": page,
        "rows": [
            (row, words_of_step(row.step), met(row.status), words_of_desk(row.desk), languages.get(row.language, ""))
            for row in page
        ],
    }
    return render(request, "site/admin/failures.html", context, status=200 if is_right else 422)
