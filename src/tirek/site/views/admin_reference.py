"""Reference data at the administrator's desk: list, history of a value, new version, withdrawal."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tirek.core import clock, reference
from tirek.core.errors import DomainError, NotFound
from tirek.core.reference import ReferenceValue, amendments
from tirek.core.reference.amendments import Amendment, name_of, require_reader
from tirek.core.reference.dated import standing
from tirek.site.admin_forms import ValuesFilter, VersionForm, show_refusal
from tirek.site.admin_queries import Version, chosen, present_values, reach_of, told, words_of_value
from tirek.site.told_values import value_in_words
from tirek.site.views.admin_scenarios import changed_by_value, plays
from tirek.ui.desks import DeskRequest, desk


def _address(key: str, scope: str) -> str:
    address = reverse("manage:value", args=[key])
    return f"{address}?{urlencode({'scope': scope})}" if scope else address


@desk("admin", "analyst")
@require_GET
def values(request: DeskRequest) -> HttpResponse:
    """Every value as it stands, by name and status."""
    require_reader(request.actor)
    form = ValuesFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = present_values(reference.all_versions(), clock.today())
    context = {
        "filter": form,
        "rows": chosen(rows, text=wanted.get("text", ""), status=wanted.get("status", "")),
        "demo": sum(one.newest.status == "demo" for one in rows),
        "count": len(rows),
    }
    return render(request, "site/admin/reference.html", context)


@desk("admin", "analyst")
@require_GET
def value(request: DeskRequest, key: str) -> HttpResponse:
    """One value: its versions, newest first, and who amended it."""
    require_reader(request.actor)
    scope = request.GET.get("scope", "")
    rows = list(ReferenceValue.objects.filter(key=key, scope=scope).order_by("-effective_from"))
    if not rows:
        raise NotFound
    today = clock.today()
    context = {
        "key": key,
        "scope": scope,
        "words": words_of_value(key, scope),
        "reach": reach_of(key),
        "versions": [
            Version(
                row,
                [value_in_words(reference.plain(row))],
                standing(row, today),
                withdraw=reverse("manage:withdraw-version", args=[key, row.pk]),
            )
            for row in rows
        ],
        "amendments": told(
            amendments.amendments_of(request.actor, Amendment.Area.REFERENCE, [name_of(key, scope)])[:50]
        ),
    }
    return render(request, "site/admin/value.html", context)


@desk("admin")
@require_http_methods(["GET", "POST"])
def new_version(request: DeskRequest, key: str) -> HttpResponse:
    """Enter a new version, check it, save it."""
    scope = request.GET.get("scope", "")
    known = reference.history(key, scope)
    if not known:
        raise NotFound
    newest = known[0]
    begun = {"value": newest.text, "unit": newest.unit.value, "status": newest.status.value}
    form = VersionForm(request.POST or None, known=newest, initial=begun)
    context: dict[str, object] = {
        "form": form,
        "words": words_of_value(key, scope),
        "newest": newest,
        "back": _address(key, scope),
        "plays": plays(key),
    }
    if request.method != "POST" or not form.is_valid():
        return render(request, "site/admin/new_version.html", context, status=422 if form.errors else 200)
    reason = form.cleaned_data["reason"]
    try:
        if "confirmed" in request.POST:
            amendments.amend_value(actor=request.actor, one=form.entered(), reason=reason)
            messages.success(request, _("The new version is saved."))
            return redirect(_address(key, scope))
        checked = amendments.check_version(actor=request.actor, one=form.entered(), reason=reason)
    except DomainError as error:
        show_refusal(form, error, form.FIELDS)
        return render(request, "site/admin/new_version.html", context, status=error.status)
    if "change" in request.POST:
        return render(request, "site/admin/new_version.html", context)
    before = next(
        (one for one in known if one.effective_to is None and one.effective_from < checked.effective_from), None
    )
    context |= {"checked": checked, "before": before, "reason": reason, "reach": reach_of(key)}
    context |= changed_by_value(key, reference.row_of(checked))
    return render(request, "site/admin/check_version.html", context)


@desk("admin")
@require_http_methods(["GET", "POST"])
def withdraw(request: DeskRequest, key: str, version: UUID) -> HttpResponse:
    """Take back a version before its first day."""
    row = ReferenceValue.objects.filter(pk=version, key=key).first()
    if row is None:
        raise NotFound
    back = _address(key, row.scope)
    if request.method == "POST":
        amendments.withdraw_value(actor=request.actor, key=row.pk)
        messages.success(request, _("The version is withdrawn. The one before it stays in force."))
        return redirect(back)
    context = {
        "question": _("Withdraw this version?"),
        "consequence": _(
            "It will never come into force; the version before it stays. The list of amendments keeps what was "
            "withdrawn."
        ),
        "button": _("Withdraw"),
        "back_url": back,
    }
    return render(request, "ui/confirm.html", context)
