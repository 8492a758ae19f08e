"""The supplier's desk: the list of parts, one part, and what it fits."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tirek.core.errors import RuleBroken
from tirek.parts import queries
from tirek.parts.actions import add_fits, drop_fit, keep_part
from tirek.parts.forms import LONGEST, FitForm, PartForm
from tirek.parts.models import Part
from tirek.ui.acts import told_at_field
from tirek.ui.desks import DeskRequest, desk, only_post
from tirek.ui.lists.paging import BoundedPaginator

PER_PAGE: Final = 50


@desk("supplier")
@require_GET
def parts(request: DeskRequest) -> HttpResponse:
    """The supplier's parts, by article number."""
    article = request.GET.get("article", "").strip()[:LONGEST]
    rows = queries.narrowed(queries.list_of(request.actor), article).order_by("article")
    page = BoundedPaginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "parts": page.object_list, "article": article}
    return render(request, "parts/cabinet/list.html", context)


@desk("supplier")
@require_GET
def part(request: DeskRequest, key: UUID) -> HttpResponse:
    """One part: all that people read of it, its prices, what it fits."""
    one = queries.part_for(request.actor, key)
    context = {"part": one, "prices": queries.prices_of(one), "fits": queries.fits_of(one)}
    return render(request, "parts/cabinet/part.html", context)


@desk("supplier")
@require_http_methods(["GET", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Enter a part."""
    queries.list_of(request.actor)
    return _edit(request, None)


@desk("supplier")
@require_http_methods(["GET", "POST"])
def edit(request: DeskRequest, key: UUID) -> HttpResponse:
    """Change a part."""
    return _edit(request, queries.part_for(request.actor, key))


def _edit(request: DeskRequest, one: Part | None) -> HttpResponse:
    form, refusal = PartForm(request.POST if request.method == "POST" else None, part=one), None
    if form.is_valid():
        try:
            kept = keep_part(actor=request.actor, part=one, given=form.cleaned_data)
        except RuleBroken as refused:
            refusal = None if told_at_field(form, refused, {"article": "article"}) else refused
        else:
            messages.success(request, _("Saved."))
            return redirect("parts:supplier-part" if one else "parts:supplier-part-fits", kept.pk)
    context = {
        "form": form,
        "title": _("Change the part") if one else _("A new part"),
        "about": one.name if one else "",
        "button": _("Save"),
        "back_url": reverse("parts:supplier-part", args=[one.pk]) if one else reverse("parts:supplier-parts"),
        "refusal": refusal,
        "has_errors": bool(form.errors) or refusal is not None,
    }
    return render(request, "parts/cabinet/form.html", context, status=422 if context["has_errors"] else 200)


@desk("supplier")
@require_http_methods(["GET", "POST"])
def fits(request: DeskRequest, key: UUID) -> HttpResponse:
    """What a part fits: offers, or sizes of them, found by words and ticked."""
    one = queries.part_for(request.actor, key)
    words = request.GET.get("words", "").strip()[:LONGEST]
    offered = queries.may_fit(one, words)
    form, refusal = FitForm(request.POST if request.method == "POST" else None, offered=offered), None
    if form.is_valid():
        try:
            add_fits(actor=request.actor, part=one, fits=form.cleaned_data["fits"])
        except RuleBroken as refused:
            refusal = None if told_at_field(form, refused, {"fits": "fits"}) else refused
        else:
            messages.success(request, _("Saved."))
            return redirect("parts:supplier-part", one.pk)
    context = {
        "part": one,
        "form": form,
        "words": words,
        "offered": offered,
        "back_url": reverse("parts:supplier-part", args=[one.pk]),
        "refusal": refusal,
        "has_errors": bool(form.errors) or refusal is not None,
    }
    return render(request, "parts/cabinet/fits.html", context, status=422 if context["has_errors"] else 200)


@desk("supplier")
@only_post(lambda _request, key, **_fit: reverse("parts:supplier-part", args=[key]))
def fit_off(request: DeskRequest, key: UUID, fit: UUID) -> HttpResponse:
    """A part no longer fits something."""
    drop_fit(actor=request.actor, part=queries.part_for(request.actor, key), fit=fit)
    messages.success(request, _("Taken off."))
    return redirect("parts:supplier-part", key)
