"""Guaranteed amounts at the administrator's desk: those in force, versions of a kind, new version, withdrawal."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tirek.catalogue import amounts
from tirek.catalogue.models import GuaranteedAmount
from tirek.catalogue.queries import kind_of
from tirek.core import clock
from tirek.core.errors import DomainError, NotFound
from tirek.core.reference.dated import standing
from tirek.site.admin_forms import AmountForm, show_refusal
from tirek.site.admin_queries import amounts_on, open_orders_of, told
from tirek.territory.queries import names
from tirek.ui.desks import DeskRequest, desk


@desk("admin", "analyst")
@require_GET
def prices(request: DeskRequest) -> HttpResponse:
    """Guaranteed amounts in force, by kind and region, and kinds without one."""
    day = clock.today()
    rows = amounts_on(request.actor, day)
    places = names(row.region_code for row in rows)
    context = {
        "rows": [(row, places.get(row.region_code, row.region_code)) for row in rows],
        "missing": amounts.without_amount(request.actor, day),
        "day": day,
    }
    return render(request, "site/admin/prices.html", context)


@desk("admin", "analyst")
@require_GET
def price(request: DeskRequest, kind: str) -> HttpResponse:
    """The amounts of one kind: versions by region, newest first, and who amended them."""
    what = kind_of(kind)
    rows = amounts.amounts_of(request.actor, what)
    places = names(row.region_code for row in rows)
    today = clock.today()
    context = {
        "kind": what,
        "rows": [(row, places.get(row.region_code, row.region_code), standing(row, today)) for row in rows],
        "amendments": told(amounts.amendments_of(request.actor, what, rows)[:50]),
    }
    return render(request, "site/admin/price.html", context)


@desk("admin")
@require_http_methods(["GET", "POST"])
def new_amount(request: DeskRequest, kind: str) -> HttpResponse:
    """Enter a new version of an amount, see what it changes for people, save it."""
    what = kind_of(kind)
    form = AmountForm(request.POST or None)
    back = reverse("manage:price", args=[what.code])
    context: dict[str, object] = {"form": form, "back": back, "kind": what, "words": capfirst(what.name)}
    if request.method != "POST" or not form.is_valid():
        return render(request, "site/admin/new_amount.html", context, status=422 if form.errors else 200)
    row, reason = form.entered(what.code), form.cleaned_data["reason"]
    try:
        if "confirmed" in request.POST:
            amounts.amend_amount(actor=request.actor, row=row, reason=reason)
            messages.success(request, _("The new version is saved."))
            return redirect(back)
        amounts.check_amount(actor=request.actor, row=row, reason=reason)
    except DomainError as error:
        show_refusal(form, error, form.FIELDS)
        return render(request, "site/admin/new_amount.html", context, status=error.status)
    if "change" in request.POST:
        return render(request, "site/admin/new_amount.html", context)
    context |= {
        "checked": row,
        "place": names([row.region_code]).get(row.region_code, ""),
        "effect": amounts.effect_of(row),
        "open_orders": open_orders_of(what.code, row.region_code),
        "reason": reason,
    }
    return render(request, "site/admin/check_amount.html", context)


@desk("admin")
@require_http_methods(["GET", "POST"])
def withdraw(request: DeskRequest, kind: str, version: UUID) -> HttpResponse:
    """Take back a version before its first day."""
    row = GuaranteedAmount.objects.filter(pk=version, kind=kind).first()
    if row is None:
        raise NotFound
    back = redirect("manage:price", kind=kind)
    if request.method == "POST":
        amounts.withdraw_amount(actor=request.actor, key=row.pk)
        messages.success(request, _("The version is withdrawn. The one before it stays in force."))
        return back
    context = {
        "question": _("Withdraw this version?"),
        "consequence": _(
            "It will never come into force; the version before it stays. The list of amendments keeps what was "
            "withdrawn."
        ),
        "button": _("Withdraw"),
        "back_url": back.headers["Location"],
    }
    return render(request, "ui/confirm.html", context)
