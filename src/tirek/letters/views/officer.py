"""The letters of a day at the office of the place, and those that came back."""

from datetime import date
from typing import Final, cast
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from tirek.core import clock
from tirek.core.errors import DomainError, RuleBroken
from tirek.core.keys import key_of
from tirek.core.personal import viewlog
from tirek.letters import actions, paper_sheets, queries
from tirek.letters.forms import DayForm, ReturnForm
from tirek.people.queries import person_for
from tirek.ui.acts import told_at_field
from tirek.ui.desks import DeskRequest, desk, only_post
from tirek.ui.documents import answer
from tirek.ui.text import number_text
from tirek.ui.ways import way

#: Envelopes of a page.
PER_PAGE: Final = 50


def _asked(request: DeskRequest, day: date) -> DayForm:
    """The form of the day: as it was typed, else with the day that is shown."""
    return DayForm(request.GET) if "day_day" in request.GET else DayForm(initial={"day": day})


def _day(request: DeskRequest) -> date:
    form = _asked(request, clock.today())
    if form.is_bound:
        return cast("date", form.cleaned_data["day"]) if form.is_valid() else clock.today()
    typed = request.GET.get("day", "") or request.POST.get("day", "")
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return clock.today()


def _page(request: DeskRequest, refusal: DomainError | None = None) -> HttpResponse:
    day = _day(request)
    form = _asked(request, day)
    context = {
        "form": form,
        "day": queries.day_of(request.actor, day),
        "page_obj": Paginator(queries.envelopes_of(request.actor, day), PER_PAGE).get_page(request.GET.get("page")),
        "back": list(queries.came_back(request.actor)[:PER_PAGE]),
        "refusal": refusal,
        "has_errors": refusal is not None,
    }
    return render(request, "letters/day.html", context, status=422 if refusal or form.errors else 200)


def _here(_request: DeskRequest) -> str:
    return reverse("letters:day")


@desk("officer")
@never_cache
@require_GET
def of_day(request: DeskRequest) -> HttpResponse:
    """The envelopes of a day, how far they are, and the letters that came back."""
    return _page(request)


@desk("officer")
@only_post(_here)
def printed(request: DeskRequest) -> HttpResponse:
    """The next letters of a day to print, or one print again; whose letters they are is in the record of looks."""
    day = _day(request)
    try:
        if "batch" in request.POST:
            found = actions.print_again(actor=request.actor, day=day, batch=key_of(request.POST["batch"]))
        else:
            found = actions.print_day(actor=request.actor, day=day)
    except RuleBroken as refused:
        return _page(request, refused)
    viewlog.record_many(request.actor, [(one.person_id, "", None) for one in found])
    return answer(paper_sheets.letters(found), f"letters-{day.isoformat()}.pdf")


@desk("officer")
@require_GET
def envelopes(request: DeskRequest) -> HttpResponse:
    """The envelopes of a day as CSV for the post office; whose they are is written into the record of looks."""
    day = _day(request)
    found = list(queries.envelopes_of(request.actor, day))
    viewlog.record_many(request.actor, [(one.person_id, "", None) for one in found])
    text = paper_sheets.as_csv(found)
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="envelopes-{day.isoformat()}.csv"'
    return response


@desk("officer")
@only_post(_here)
def posted(request: DeskRequest) -> HttpResponse:
    """Those of one print were handed to the post office."""
    day, batch = _day(request), key_of(request.POST.get("batch", ""))
    try:
        count = actions.mark_posted(actor=request.actor, day=day, batch=batch, shown=request.POST.get("shown", ""))
    except RuleBroken as refused:
        return _page(request, refused)
    words = ngettext("%(n)s envelope is posted.", "%(n)s envelopes are posted.", count)
    messages.success(request, words % {"n": number_text(count)})
    return redirect(f"{reverse('letters:day')}?day={day.isoformat()}")


@desk("officer")
@never_cache
@require_http_methods(["GET", "POST"])
def returned(request: DeskRequest, key: UUID) -> HttpResponse:
    """A letter came back: why."""
    envelope = queries.envelope_for(request.actor, key)
    viewlog.look(request.actor, envelope.person_id)
    form = ReturnForm(request.POST if request.method == "POST" else None)
    refusal: DomainError | None = None
    if form.is_valid():
        try:
            actions.record_return(actor=request.actor, envelope=envelope, reason=form.cleaned_data["reason"])
        except RuleBroken as refused:
            refusal = None if told_at_field(form, refused, {"reason": "reason"}) else refused
        else:
            messages.success(request, _("Recorded. The person is on the list of those to be reached."))
            return redirect("letters:day")
    context = {"form": form, "envelope": envelope, "refusal": refusal, "has_errors": refusal is not None}
    return render(request, "letters/returned.html", context, status=422 if form.errors or refusal else 200)


def _of_one(_request: DeskRequest, key: UUID) -> str:
    del key
    return reverse("letters:day")


@desk("officer")
@only_post(_of_one)
def settle(request: DeskRequest, key: UUID) -> HttpResponse:
    """The person was reached."""
    try:
        actions.settle(actor=request.actor, envelope=queries.envelope_for(request.actor, key))
    except RuleBroken as refused:
        return _page(request, refused)
    messages.success(request, _("Done: it is off the list now."))
    return redirect("letters:day")


def _file(_request: DeskRequest, person_key: UUID) -> str:
    return way("person", person_key) or "/"


@desk("officer")
@only_post(_file)
def by_post(request: DeskRequest, person_key: UUID) -> HttpResponse:
    """The person at the counter wants notices by post, or no more."""
    person = person_for(request.actor, person_key)
    actions.set_by_post(actor=request.actor, person=person, wanted=request.POST.get("wanted") == "yes")
    messages.success(request, _("Saved."))
    return redirect(way("person", person.pk) or "/")
