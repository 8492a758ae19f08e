"""Documents and photos of a card: added and taken away by the supplier; and a photo as browsers show it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tirek.catalogue import offers, photos
from tirek.catalogue.actions.changes import drop_photo as drop_photo_of_sold
from tirek.catalogue.actions.changes import propose_photo
from tirek.catalogue.actions.documents import Paper, add_document, withdraw_document
from tirek.catalogue.actions.photos import Shot, add_photo, withdraw_photo
from tirek.catalogue.card_forms import DocumentForm, PhotoForm
from tirek.catalogue.models import Offer, OfferDocument
from tirek.catalogue.views.cards import asked, form_page
from tirek.core.errors import DomainError, NotFound, RuleBroken
from tirek.files.queries import content_of
from tirek.files.rules import Unsuitable
from tirek.ui.acts import told_at_field
from tirek.ui.desks import DeskRequest, desk


def _told(form: Any, refused: RuleBroken, *names: str) -> DomainError | None:  # noqa: ANN401 - either form
    """What cannot be said at a field of the form; a file that is not taken is said at its field."""
    if isinstance(refused, Unsuitable):
        form.add_error("file", f"{refused.message} {refused.next_step}")
        return None
    return None if told_at_field(form, refused, {name: name for name in names}) else refused


@desk("supplier")
@require_http_methods(["GET", "POST"])
def new_document(request: DeskRequest, key: UUID) -> HttpResponse:
    """Add a document with its validity."""
    offer = offers.offer_for(request.actor, key)
    form = DocumentForm(request.POST, request.FILES) if request.method == "POST" else DocumentForm()
    refusal: DomainError | None = None
    if form.is_valid():
        given = dict(form.cleaned_data)
        upload = given.pop("file")
        try:
            kept = add_document(actor=request.actor, offer=offer, paper=Paper(**given), upload=upload).offer
        except RuleBroken as refused:
            refusal = _told(form, refused, "valid_until")
        else:
            done = [_("The document was added.")]
            if kept.state != offer.state:
                done.append(_("The offer is on sale again."))
            messages.success(request, " ".join(done))
            return redirect("catalogue:supplier-card", offer.pk)
    return form_page(request, offer, form, _("Add a document"), refusal, button=_("Add the document"))


@desk("supplier")
@require_http_methods(["GET", "POST"])
def drop_document(request: DeskRequest, key: UUID, document_key: UUID) -> HttpResponse:
    """Take a document of a draft away, after asking."""
    offer = offers.offer_for(request.actor, key)
    known = OfferDocument.objects.filter(pk=document_key, offer=offer, withdrawn_at__isnull=True).first()
    if known is None:
        raise NotFound
    return asked(
        request,
        offer,
        question=_("Take the document away?"),
        consequence=f"{known.get_sort_display()}, № {known.number}",
        button=_("Take it away"),
        done=_("The document was taken away."),
        act=lambda: withdraw_document(actor=request.actor, offer=offer, document=known),
    )


@desk("supplier")
@require_http_methods(["GET", "POST"])
def new_photo(request: DeskRequest, key: UUID) -> HttpResponse:
    """Add a photo with what it shows in words."""
    offer = offers.offer_for(request.actor, key)
    form = PhotoForm(request.POST, request.FILES) if request.method == "POST" else PhotoForm()
    refusal: DomainError | None = None
    if form.is_valid():
        given = form.cleaned_data
        shot = Shot(given["file"], given["alt_kk"], given["alt_ru"])
        is_draft = offer.state == Offer.State.DRAFT
        try:
            (add_photo if is_draft else propose_photo)(actor=request.actor, offer=offer, shot=shot)
        except RuleBroken as refused:
            refusal = _told(form, refused, "alt_kk", "alt_ru", "file")
        else:
            messages.success(request, _("The photo was added."))
            return redirect("catalogue:supplier-card", offer.pk)
    return form_page(request, offer, form, _("Add a photo"), refusal, button=_("Add the photo"))


@desk("supplier")
@require_http_methods(["GET", "POST"])
def drop_photo(request: DeskRequest, key: UUID, photo_key: UUID) -> HttpResponse:
    """Take a photo away, after asking."""
    offer = offers.offer_for(request.actor, key)
    known = next((one for one in photos.kept(offer) if one.pk == photo_key), None)
    if known is None:
        raise NotFound
    take = withdraw_photo if offer.state == Offer.State.DRAFT else drop_photo_of_sold
    return asked(
        request,
        offer,
        question=_("Take the photo away?"),
        consequence=known.alt,
        button=_("Take it away"),
        done=_("The photo was taken away."),
        act=lambda: take(actor=request.actor, offer=offer, photo=known),
    )


@desk("recipient", "supplier", "officer", "operator", "inspector", "analyst", "admin")
@require_GET
def photo(request: DeskRequest, key: UUID) -> HttpResponse:
    """The picture itself, for a page; a browser runs nothing of it, and keeps it for a day."""
    stored = photos.photo_for(request.actor, key).file
    response = HttpResponse(content_of(stored), content_type=stored.content_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, max-age=86400"
    return response
