"""The officer's desk: a lot of all that waits, and a need that is recorded by hand."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.errors import DomainError, NotAllowed, RuleBroken
from tirek.core.places import region_of
from tirek.procurement import actions, queries
from tirek.procurement.case_types import LOTS, PURCHASES
from tirek.procurement.forms import LotForm
from tirek.ui.acts import told_at_field
from tirek.ui.desks import DeskRequest, desk
from tirek.ui.text import number_text
from tirek.ui.ways import way

_FIELDS: Final = {"count": "count"}


def _require_region(actor: Actor) -> None:
    if actor.territory != region_of(actor.territory):
        raise NotAllowed(
            _("Only the regional department makes lots and contracts."),
            next_step=_("You can follow each purchase of your district, and write to the regional department."),
        )


@desk("officer")
@never_cache
@require_GET
def needs(request: DeskRequest) -> HttpResponse:
    """What waits for a lot in the region, kind by kind."""
    _require_region(request.actor)
    return render(request, "procurement/needs.html", {"needs": queries.needs_of(request.actor)})


@desk("officer")
@never_cache
@require_http_methods(["GET", "POST"])
def new_lot(request: DeskRequest, kind: str) -> HttpResponse:
    """Announce a lot of the needs of a kind: all that are chosen, or none, with what did not go in."""
    actor, found = request.actor, queries.kind_of(kind)
    _require_region(actor)
    form = _lot_form(actor, kind, request)
    gone: Sequence[queries.Gone] = ()
    refusal: DomainError | None = None
    if form.is_bound and form.is_valid():
        given = {"places": [], **form.cleaned_data}
        try:
            lot = actions.announce_lot(actor=actor, kind=found, **given)
        except actions.SomeGone as refused:
            gone, refusal = refused.gone, refused
            form = _again(actor, kind, request)
        except RuleBroken as refused:
            refusal = None if told_at_field(form, refused, _FIELDS) else refused
        else:
            messages.success(request, _("The lot is announced. We tell each recipient."))
            return redirect(LOTS.url(lot, actor.desk))
    context = {
        "form": form,
        "kind": found,
        "count": number_text(sum(n for _code, _name, n in queries.by_district(actor, kind))),
        "gone": gone[: queries.MOST_NAMED],
        "more": max(len(gone) - queries.MOST_NAMED, 0),
        "refusal": refusal,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound or refusal else HTTPStatus.OK
    return render(request, "procurement/new_lot.html", context, status=status)


def _places(actor: Actor, kind: str) -> list[tuple[str, str]]:
    return [(code, f"{name}: {number_text(n)}") for code, name, n in queries.by_district(actor, kind)]


def _lot_form(actor: Actor, kind: str, request: DeskRequest) -> LotForm:
    places = queries.by_district(actor, kind)
    first = {
        "count": min(sum(n for _code, _name, n in places), actions.MOST) or None,
        "shown_at": clock.now().isoformat(),
    }
    return LotForm(request.POST if request.method == "POST" else None, initial=first, places=_places(actor, kind))


def _again(actor: Actor, kind: str, request: DeskRequest) -> LotForm:
    """The form with what was typed, the present count and the present moment."""
    places = queries.by_district(actor, kind)
    sent = request.POST.copy()
    sent["shown_at"] = clock.now().isoformat()
    sent["count"] = str(min(sum(n for _code, _name, n in places), actions.MOST))
    form = LotForm(sent, places=_places(actor, kind))
    form.is_valid()
    return form


@desk("officer")
@never_cache
@require_http_methods(["GET", "POST"])
def record(request: DeskRequest, key: UUID) -> HttpResponse:
    """Record by hand that something of a line is to be bought, after asking."""
    line = queries.line_for_need(request.actor, key)
    refusal: DomainError | None = None
    if request.method == "POST":
        try:
            purchase = actions.record_need(actor=request.actor, line_id=line.pk)
        except RuleBroken as refused:
            refusal = refused
        else:
            messages.success(request, _("The need is recorded. The recipient has been told."))
            return redirect(PURCHASES.url(purchase, request.actor.desk))
    context = {
        "question": _("Record the need?"),
        "subject": f"{line.person.full_name}, {capfirst(line.kind.name)}",
        "consequence": _("The regional department puts it into a lot, and we tell the recipient at each step."),
        "button": _("Record the need"),
        "calm": True,
        "back_url": way("person", line.person_id) or reverse("procurement:officer-purchases"),
        "refusal": refusal,
    }
    return render(request, "ui/confirm.html", context, status=422 if refusal else 200)
