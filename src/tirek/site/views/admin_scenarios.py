"""Scenarios by which rules are checked: what a proposed version would change in them, and those that are kept beside
those that are shipped.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from tirek.accounts.queries import names_of_staff
from tirek.core.actors import Actor, Desk
from tirek.core.errors import DomainError, NotAllowed
from tirek.core.reference import DatedRow
from tirek.entitlements import kept
from tirek.entitlements.actions import kept as verbs
from tirek.entitlements.actions.kept import ComesOutOtherwise
from tirek.entitlements.actions.scenarios import Difference, changed_by, play
from tirek.entitlements.scenarios import BrokenScenario, Scenario, shipped
from tirek.site.admin_forms import ScenariosForm, SetAsideForm, show_refusal
from tirek.site.admin_queries import kind_names
from tirek.ui.desks import DeskRequest, desk

PER_PAGE: Final = 30
#: Values that the scenarios of entitlements read; the others change none of them.
_READ: Final = frozenset(
    {
        "entitlement.order_within",
        "entitlement.remind_first",
        "entitlement.remind_second",
        "entitlement.remind_third",
        "entitlement.order_again",
    }
)
#: Beginning of the names of the articles on which an answer rests; scenarios name them.
_ARTICLES: Final = "entitlement.basis."


@dataclass(frozen=True, slots=True)
class Named:
    """A scenario as a page names it.

    Attributes:
        title: what it shows; those that are shipped are titled in English.
        place: file and line of one that is shipped; "" for one that is kept.
        url: of the page of one that is kept; "" for one that is shipped.
    """

    title: str
    place: str
    url: str


@dataclass(frozen=True, slots=True)
class ChangedScenario:
    """A scenario that would come out otherwise, in the reader's language.

    Attributes:
        kind: the kind it is about.
        on: the day it asks about.
        named: which one.
        before: what the person reads now, where it differs.
        after: what the person would read.
    """

    kind: str
    on: date
    named: Named
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Different:
    """A scenario that does not come out as it says."""

    named: Named
    differences: tuple[Difference, ...]


def _known() -> tuple[list[Scenario], dict[str, UUID]]:
    """Every scenario that is played, and the keys of those that are kept, by the names of their files."""
    standing = [one for one in kept.standing() if one.scenario is not None]
    keys = {kept.file_name(one.row): one.row.pk for one in standing}
    return [*shipped(), *(one.scenario for one in standing if one.scenario is not None)], keys


def _named(one: Scenario, keys: Mapping[str, UUID]) -> Named:
    key = keys.get(one.file)
    if key is None:
        return Named(one.title, f"{one.file}:{one.line}", "")
    return Named(one.title, "", reverse("manage:scenario", args=[key]))


def plays(key: str) -> bool:
    """Whether a new version of a reference value is tried on the scenarios before it is approved."""
    return key in _READ or key.startswith(_ARTICLES)


def _told(row: DatedRow, known: list[Scenario], keys: Mapping[str, UUID]) -> Mapping[str, object]:
    names = kind_names()
    changed = [
        ChangedScenario(
            names.get(one.kind, one.kind), one.scenario.on, _named(one.scenario, keys), one.before, one.after
        )
        for one in changed_by(row, known)
    ]
    return {"scenarios": changed, "scenarios_played": len(known)}


def changed_by_value(key: str, row: DatedRow) -> Mapping[str, object]:
    """What a new version of a reference value would change, for a page; nothing where no scenario reads it."""
    return _told(row, *_known()) if plays(key) else {"scenarios": None}


def changed_by_kind(kind_code: str, row: DatedRow) -> Mapping[str, object]:
    """What new terms or a new amount of a kind would change in the scenarios of that kind, for a page."""
    known, keys = _known()
    of_kind = [one for one in known if kind_code in one.kinds]
    return _told(row, of_kind, keys) if of_kind else {"scenarios": None}


def _require_admin(actor: Actor) -> None:
    """Only an administrator plays scenarios: for a moment it writes.

    Raises:
        NotAllowed: it is somebody else.
    """
    if actor.desk is not Desk.ADMIN:
        raise NotAllowed


@desk("admin", "analyst")
@require_http_methods(["GET", "POST"])
def list_all(request: DeskRequest) -> HttpResponse:
    """Scenarios that are kept; by a press all are played, those that are shipped, too."""
    page = Paginator(kept.kept_scenarios(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    names = kind_names()
    who = names_of_staff(row.kept_by for row in page)
    context: dict[str, object] = {
        "page": page,
        "rows": [(row, [names.get(code, code) for code in row.kinds], who.get(row.kept_by, "")) for row in page],
        "may_change": request.actor.desk is Desk.ADMIN,
    }
    if request.method == "POST":
        _require_admin(request.actor)
        known, keys = _known()
        played = [(one, play(one).differences) for one in known]
        context["played"] = len(known)
        context["different"] = [Different(_named(one, keys), found) for one, found in played if found]
        context["unread"] = [one for one in kept.standing() if one.scenario is None]
    return render(request, "site/admin/kept_scenarios.html", context)


@desk("admin")
@require_http_methods(["GET", "POST"])
def add(request: DeskRequest) -> HttpResponse:
    """Keep the scenarios of a file."""
    is_sent = request.method == "POST"
    form = ScenariosForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    context: dict[str, object] = {"form": form}
    status = 422 if is_sent and not form.is_valid() else 200
    if is_sent and not form.errors:
        try:
            made = verbs.keep_file(actor=request.actor, name=form.file_name, text=form.cleaned_data["file"])
        except BrokenScenario as error:
            form.add_error("file", str(error))
            status = 422
        except ComesOutOtherwise as error:
            context |= {"refusal": error, "has_errors": True}
            status = error.status
            context["different"] = [Different(_named(one, {}), found) for one, found in error.found]
        except DomainError as error:
            show_refusal(form, error, dict.fromkeys((error.code,), "file"))
            status = error.status
        else:
            told = ngettext("%(n)s scenario is kept.", "%(n)s scenarios are kept.", len(made)) % {"n": len(made)}
            messages.success(request, told)
            return redirect("manage:scenarios")
    return render(request, "site/admin/add_scenarios.html", context, status=status)


@desk("admin", "analyst")
@require_http_methods(["GET", "POST"])
def one(request: DeskRequest, key: UUID) -> HttpResponse:
    """A scenario that is kept; by a press it is played."""
    row = kept.kept_scenario(request.actor, key)
    found = kept.opened(row)
    names = kind_names()
    staff = names_of_staff(who for who in (row.kept_by, row.set_aside_by) if who is not None)
    context: dict[str, object] = {
        "row": row,
        "broken": found.broken,
        "kinds": [names.get(code, code) for code in row.kinds],
        "who": staff.get(row.kept_by, ""),
        "who_set_aside": staff.get(row.set_aside_by, "") if row.set_aside_by else "",
        "may_play": request.actor.desk is Desk.ADMIN and not found.broken,
        "may_change": request.actor.desk is Desk.ADMIN and row.set_aside_at is None,
    }
    if request.method == "POST" and found.scenario is not None:
        _require_admin(request.actor)
        context["was_played"] = True
        context["differences"] = play(found.scenario).differences
    return render(request, "site/admin/kept_scenario.html", context)


@desk("admin", "analyst")
@require_GET
def download(request: DeskRequest, key: UUID) -> HttpResponse:
    """The scenario as a file."""
    row = kept.kept_scenario(request.actor, key)
    response = HttpResponse(row.text, content_type="application/yaml; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{kept.file_name(row)}"'
    return response


@desk("admin")
@require_http_methods(["GET", "POST"])
def set_aside(request: DeskRequest, key: UUID) -> HttpResponse:
    """Play it no more."""
    row = kept.kept_scenario(request.actor, key)
    form = SetAsideForm(request.POST or None)
    back = reverse("manage:scenario", args=[key])
    if request.method == "POST" and form.is_valid():
        verbs.set_aside(actor=request.actor, key=key, why=form.cleaned_data["why"])
        messages.success(request, _("It is set aside: it is played no more."))
        return redirect(back)
    context = {
        "question": _("Set this scenario aside?"),
        "subject": row.title,
        "consequence": _("It is played no more when rules change. It stays to be read."),
        "button": _("Set aside"),
        "back_url": back,
        "form": form,
        "calm": True,
    }
    return render(request, "ui/confirm.html", context, status=422 if form.errors else 200)
