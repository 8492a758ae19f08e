"""Announcements at the administrator's desk: the one place where incidents and news are entered, changed and ended."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from tirek.accounts.queries import names_of_staff
from tirek.core import clock
from tirek.core.errors import DomainError, StaleState
from tirek.site.admin_forms import show_refusal
from tirek.status import actions, rules
from tirek.status.forms import AnnouncementForm, SeenForm, beginning_now, initial_of
from tirek.status.models import Announcement, Part, Place
from tirek.status.queries import announcement_for, announcements, versions_of
from tirek.status.rules import Standing
from tirek.territory.queries import names
from tirek.ui.desks import DeskRequest, desk

PER_PAGE: Final = 30
#: Standings of an announcement: tone of its tag.
_TONES: Final = {
    Standing.PLANNED: "active",
    Standing.PRESENT: "waiting",
    Standing.ENDED: "done",
    Standing.WITHDRAWN: "quiet",
}


def _standing(row: Announcement) -> Standing:
    return rules.standing(row, now=clock.now(), withdrawn=row.act == Announcement.Act.WITHDRAWN)


def _words(standing: Standing) -> str:
    return {
        Standing.PLANNED: pgettext("standing of an announcement", "planned"),
        Standing.PRESENT: pgettext("standing of an announcement", "shown now"),
        Standing.ENDED: pgettext("standing of an announcement", "ended"),
        Standing.WITHDRAWN: pgettext("standing of an announcement", "withdrawn"),
    }[standing]


def _labels(codes: list[str], choices: type[Part] | type[Place]) -> str:
    return "\n".join(str(choices(code).label) for code in codes if code in choices.values)


@desk("admin")
@require_GET
def list_all(request: DeskRequest) -> HttpResponse:
    """Every announcement, newest first."""
    page = Paginator(announcements(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    places = names({code for row in page for code in row.regions})
    rows = [
        (row, _words(_standing(row)), _TONES[_standing(row)], ", ".join(places.get(code, code) for code in row.regions))
        for row in page
    ]
    return render(request, "site/admin/announcements.html", {"page": page, "rows": rows})


@desk("admin")
@require_http_methods(["GET", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Announce an incident or news."""
    form = AnnouncementForm(request.POST or None, initial=beginning_now())
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.announce(actor=request.actor, entered=form.entered())
        except DomainError as error:
            show_refusal(form, error, form.FIELDS)
        else:
            messages.success(request, _("It is announced. Every page shows it within a few seconds."))
            return redirect("manage:announcement", row.key)
    return render(request, "site/admin/new_announcement.html", {"form": form}, status=422 if form.errors else 200)


@desk("admin")
@require_GET
def one(request: DeskRequest, key: UUID) -> HttpResponse:
    """One announcement: what it says, who announced and changed it."""
    row = announcement_for(request.actor, key)
    versions = versions_of(request.actor, key)
    who = names_of_staff(version.actor_id for version in versions)
    standing = _standing(row)
    context = {
        "row": row,
        "standing": _words(standing),
        "tone": _TONES[standing],
        "lasts": standing in {Standing.PLANNED, Standing.PRESENT},
        "ended": rules.ended(row, now=clock.now()),
        "parts": _labels(row.parts, Part),
        "places": _labels(row.places, Place),
        "regions": ", ".join(names(row.regions).values()),
        "versions": [(version, who.get(version.actor_id, "")) for version in versions],
    }
    return render(request, "site/admin/announcement.html", context)


@desk("admin")
@require_http_methods(["GET", "POST"])
def change(request: DeskRequest, key: UUID) -> HttpResponse:
    """Change what an announcement says; where somebody else did so meanwhile, both are shown and nothing is lost."""
    row = announcement_for(request.actor, key)
    form = AnnouncementForm(request.POST or None, initial=initial_of(row))
    context: dict[str, Any] = {"form": form, "row": row}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                seen = form.cleaned_data["version"] or 0
                actions.change(actor=request.actor, key=key, version=seen, entered=form.entered())
            except StaleState as error:
                context["newer"], status = announcement_for(request.actor, key), error.status
                form.add_error(None, str(error.message))
                # whoever has seen the newer one may press once more
                sent = request.POST.copy()
                sent["version"] = str(context["newer"].version)
                form.data = sent
            except DomainError as error:
                show_refusal(form, error, form.FIELDS)
            else:
                messages.success(request, _("The announcement is changed. Every page shows it within a few seconds."))
                return redirect("manage:announcement", key)
    return render(request, "site/admin/change_announcement.html", context, status=status)


@desk("admin")
@require_http_methods(["GET", "POST"])
def end(request: DeskRequest, key: UUID) -> HttpResponse:
    """It works again, or the news is over."""
    row = announcement_for(request.actor, key)
    form = SeenForm(request.POST or None, initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        actions.end(actor=request.actor, key=key, version=form.cleaned_data["version"])
        messages.success(request, _("The announcement has ended. The page of the state of the service tells when."))
        return redirect("manage:announcement", key)
    context = {
        "question": _("End this announcement?"),
        "subject": row.text,
        "consequence": _(
            "It goes from every page now. The page of the state of the service shows it for 30 days more."
        ),
        "button": _("End the announcement"),
        "back_url": reverse("manage:announcement", args=[key]),
        "form": form,
        "calm": True,
    }
    return render(request, "ui/confirm.html", context, status=422 if form.errors else 200)


@desk("admin")
@require_http_methods(["GET", "POST"])
def withdraw(request: DeskRequest, key: UUID) -> HttpResponse:
    """It was announced by mistake."""
    row = announcement_for(request.actor, key)
    form = SeenForm(request.POST or None, initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        actions.withdraw(actor=request.actor, key=key, version=form.cleaned_data["version"])
        messages.success(request, _("The announcement is withdrawn: nobody sees it any more but administrators."))
        return redirect("manage:announcement", key)
    context = {
        "question": _("Withdraw this announcement?"),
        "subject": row.text,
        "consequence": _("For what was announced by mistake: it goes from every page and from the list of incidents."),
        "button": _("Withdraw the announcement"),
        "back_url": reverse("manage:announcement", args=[key]),
        "form": form,
    }
    return render(request, "ui/confirm.html", context, status=422 if form.errors else 200)
