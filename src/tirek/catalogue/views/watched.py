"""The officer's desk: offers of the territory, and the block of one."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tirek.catalogue import documents, offers, photos
from tirek.catalogue.actions.offers import block_offer, lift_block
from tirek.catalogue.card_forms import BasisForm, CardsForm, LiftForm
from tirek.catalogue.cards import card_of, title_of
from tirek.catalogue.models import Offer
from tirek.catalogue.permissions import is_region_of
from tirek.catalogue.views.cards import PER_PAGE, TONES
from tirek.core.errors import DomainError, NotFound, RuleBroken
from tirek.ui.acts import told_at_field
from tirek.ui.desks import DeskRequest, desk
from tirek.ui.lists.paging import BoundedPaginator

State = Offer.State
_SHOWN: Final = [one for one in State.values if one != State.DRAFT]


@desk("officer")
@require_GET
def cards(request: DeskRequest) -> HttpResponse:
    """Offers of suppliers of the territory, newest first."""
    narrowing = CardsForm(request.GET, states=_SHOWN)
    wanted = narrowing.narrowed()
    rows = offers.narrowed(offers.visible_to(request.actor), **wanted).order_by("-pk")
    page = BoundedPaginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filter": narrowing,
        "is_narrowed": any(wanted.values()),
        "page_obj": page,
        "rows": [(one, title_of(one), reverse("catalogue:officer-card", args=[one.pk])) for one in page.object_list],
        "is_officer": True,
    }
    return render(request, "catalogue/cards/list.html", context)


@desk("officer")
@require_GET
def card(request: DeskRequest, key: UUID) -> HttpResponse:
    """One offer as the office watches it."""
    offer = offers.offer_for(request.actor, key)
    context = {
        "offer": offer,
        "card": card_of(offer),
        "state": State,
        "tone": TONES[offer.state],
        "admission": offers.open_admission(offer),
        "documents": documents.shown(offer),
        "photos": photos.kept(offer) if offers.open_admission(offer) else photos.admitted(offer),
        "events": offers.history(offer, request.actor),
        "may_block": is_region_of(request.actor, offers.place_of(offer)),
        "absent": documents.absent(offer) if offer.state in Offer.LIVING else [],
        "is_officer": True,
    }
    return render(request, "catalogue/cards/card.html", context)


@desk("officer")
@require_http_methods(["GET", "POST"])
def decide(request: DeskRequest, key: UUID, verb: str) -> HttpResponse:
    """Block an offer, or lift its block, with the reason."""
    offer = offers.offer_for(request.actor, key)
    if verb not in {"block", "lift"}:
        raise NotFound
    if request.method == "GET" and not is_region_of(request.actor, offers.place_of(offer)):
        messages.warning(request, _("Only the regional department decides about offers: the commission is there."))
        return redirect("catalogue:officer-card", offer.pk)
    is_block = verb == "block"
    form = (BasisForm if is_block else LiftForm)(request.POST if request.method == "POST" else None)
    refusal: DomainError | None = None
    if form.is_valid():
        try:
            (block_offer if is_block else lift_block)(actor=request.actor, offer=offer, **form.cleaned_data)
        except RuleBroken as refused:
            refusal = None if told_at_field(form, refused, {"reason": "reason"}) else refused
        else:
            done = _("The offer is blocked. We have told the supplier.")
            messages.success(request, done if is_block else _("The block is lifted. We have told the supplier."))
            return redirect("catalogue:officer-card", offer.pk)
    context = {
        "question": _("Block the offer?") if is_block else _("Lift the block?"),
        "subject": title_of(offer),
        "consequence": _("People do not see it and cannot order it. Orders that are open go on.")
        if is_block
        else _("The offer is as it was before the block."),
        "button": _("Block the offer") if is_block else _("Lift the block"),
        "calm": not is_block,
        "form": form,
        "back_url": reverse("catalogue:officer-card", args=[offer.pk]),
        "refusal": refusal,
        "has_errors": bool(form.errors) or refusal is not None,
    }
    return render(request, "ui/confirm.html", context, status=422 if context["has_errors"] else 200)
