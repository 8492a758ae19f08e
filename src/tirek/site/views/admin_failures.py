"""Failures that people met, at the administrator's desk."""

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
    """Which failures are listed. Steps and groups are those that were met."""

    hide_optional = True
    period = forms.ChoiceField(
        label=_("Period"), required=False, choices=[(key, _PERIOD_WORDS[key]) for key in PERIODS], initial="day"
    )
    day = DayField(label=_("Or one day"), required=False, latest=clock.today)
    step = forms.CharField(required=False, max_length=140)
    desk = forms.CharField(required=False, max_length=20)

    def wanted(self) -> Wanted:
        """What is looked for; what makes no sense is not."""
        given: dict[str, Any] = self.cleaned_data if self.is_bound else {}
        return Wanted(
            period=given.get("period") or "day",
            day=given.get("day"),
            step=given.get("step") or "",
            desk=given.get("desk") or "",
        )

    def offer(self, name: str, counted: list[Counted]) -> None:
        """Let one of what was met be chosen; a choice that was not met in the period stays as it is."""
        label = _("What people were doing") if name == "step" else _("User group")
        words = {one.key: one.words for one in counted}
        chosen = str(self.data.get(name, ""))
        if chosen and chosen not in words:
            words[chosen] = words_of_step(chosen) if name == "step" else words_of_desk(chosen)
        self.fields[name] = forms.ChoiceField(
            label=label,
            required=False,
            choices=[("", _("All")), *words.items()],
        )


@desk("admin")
@require_GET
def failures(request: DeskRequest) -> HttpResponse:
    """The failures of a period: counts by step and by user group, then each, newest first."""
    form = FailureFilter(request.GET or None)
    is_right = not form.is_bound or form.is_valid()
    wanted = form.wanted()
    result = found(request.actor, wanted)
    form.offer("step", result.steps)
    form.offer("desk", result.desks)
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
