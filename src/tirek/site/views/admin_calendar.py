"""The working calendar at the administrator's desk: days of a year, one day more, a file of days."""

from datetime import date
from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from tirek.core import clock
from tirek.core.errors import DomainError, NotFound
from tirek.core.reference import amendments
from tirek.core.reference.amendments import Amendment, BrokenImport, BrokenRow, DayEntered, require_reader
from tirek.core.reference.workcalendar import CalendarDay
from tirek.site.admin_forms import DayForm, ImportForm, show_refusal
from tirek.site.admin_queries import told
from tirek.site.year import WEEKDAYS, holidays_of, months_of
from tirek.ui.desks import DeskRequest, desk

FIRST_YEAR: Final = 2020
YEARS_AHEAD: Final = 3
MOST_BYTES: Final = 200_000


def _year(request: DeskRequest) -> int:
    this = clock.today().year
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else this  # noqa: PLR2004 - a year is written in full
    return min(max(year, FIRST_YEAR), this + YEARS_AHEAD)


@desk("admin", "analyst")
@require_GET
def days(request: DeskRequest) -> HttpResponse:
    """Public holidays and moved days of a year."""
    require_reader(request.actor)
    year = _year(request)
    moved = list(CalendarDay.objects.filter(day__year=year).order_by("day"))
    context = {
        "year": year,
        "years": range(FIRST_YEAR, clock.today().year + YEARS_AHEAD + 1),
        "moved": [(row, row.day > clock.today()) for row in moved],
        "before": year - 1 if year > FIRST_YEAR else None,
        "after": year + 1 if year < clock.today().year + YEARS_AHEAD else None,
        "months": months_of(year),
        "weekdays": WEEKDAYS,
        "holidays": holidays_of(year),
        "amendments": told(amendments.amendments_of(request.actor, Amendment.Area.CALENDAR)[:30]),
    }
    return render(request, "site/admin/calendar.html", context)


@desk("admin")
@require_http_methods(["GET", "POST"])
def new_day(request: DeskRequest) -> HttpResponse:
    """Enter a day off that works, or a working day that is off."""
    form = DayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        one = DayEntered(given["day"], given["working"] == "yes", given["citation"])
        try:
            amendments.add_day(actor=request.actor, one=one, reason=given["reason"])
        except DomainError as error:
            show_refusal(form, error, form.FIELDS)
        else:
            messages.success(request, _("The day is entered."))
            return redirect_to(one.day.year)
    return render(request, "site/admin/new_day.html", {"form": form}, status=422 if form.errors else 200)


def redirect_to(year: int) -> HttpResponse:
    """The calendar of a year."""
    response = redirect("manage:calendar")
    response.headers["Location"] += f"?year={year}"
    return response


@desk("admin")
@require_http_methods(["GET", "POST"])
def import_file(request: DeskRequest) -> HttpResponse:
    """Take the days of a file, all or none."""
    form = ImportForm(request.POST or None, request.FILES or None)
    broken: list[BrokenRow] = []
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            text = upload.read(MOST_BYTES).decode("utf-8")
            entered = amendments.import_days(actor=request.actor, text=text, reason=form.cleaned_data["reason"])
        except UnicodeDecodeError:
            form.add_error("file", _("This is no text in UTF-8. Save the table as “CSV UTF-8” and choose it again."))
        except BrokenImport as error:
            broken = error.rows
            show_refusal(form, error, {"import": "file"})
        else:
            said = ngettext("%(n)s day was entered.", "%(n)s days were entered.", entered) % {"n": entered}
            messages.success(request, said)
            return redirect("manage:calendar")
    return render(
        request, "site/admin/import_days.html", {"form": form, "broken": broken}, status=422 if form.errors else 200
    )


@desk("admin")
@require_http_methods(["GET", "POST"])
def withdraw(request: DeskRequest, day: str) -> HttpResponse:
    """Take back a day before it comes."""
    try:
        wanted = date.fromisoformat(day)
    except ValueError as error:
        raise NotFound from error
    if request.method == "POST":
        amendments.withdraw_day(actor=request.actor, day=wanted)
        messages.success(request, _("The day is withdrawn: the ordinary calendar holds again."))
        return redirect_to(wanted.year)
    if not CalendarDay.objects.filter(day=wanted).exists():
        raise NotFound
    context = {
        "question": _("Withdraw this day?"),
        "consequence": _("The ordinary calendar holds for it again. Terms that run already keep their last day."),
        "button": _("Withdraw"),
        "back_url": redirect_to(wanted.year).headers["Location"],
    }
    return render(request, "ui/confirm.html", context)
