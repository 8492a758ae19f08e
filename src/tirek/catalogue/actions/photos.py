"""Verbs of an offer's photos: what people see of them is what the commission has seen."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from tirek.catalogue.actions.offers import State, keeping
from tirek.catalogue.models import Offer, OfferPhoto
from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.errors import NotFound, RuleBroken
from tirek.files.actions import store_photo

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

#: Pixels of the longer side of a photo that pages show.
LONGEST_SIDE: Final = 1200
MOST_PHOTOS: Final = 6


@dataclass(frozen=True, slots=True)
class Shot:
    """A photo as the supplier sends it, with what it shows in words."""

    upload: "UploadedFile[bytes]"
    alt_kk: str
    alt_ru: str


def add_photo(*, actor: Actor, offer: Offer, shot: Shot) -> OfferPhoto:
    """The supplier adds a photo to a draft. People see it when it was admitted.

    Raises:
        NotAllowed: the actor does not act for the supplier.
        RuleBroken: no words in one of the languages, too many photos, or the offer is no draft.
        files.rules.Unsuitable: the file is no photo that may be kept.
    """
    with keeping(actor, offer, State.DRAFT) as draft:
        return kept_photo(actor, draft, shot)


def kept_photo(actor: Actor, offer: Offer, shot: Shot) -> OfferPhoto:
    """Keep a photo of a locked offer.

    Raises:
        RuleBroken: no words in one of the languages, or too many photos.
        files.rules.Unsuitable: the file is no photo that may be kept.
    """
    said = {"alt_kk": shot.alt_kk.strip(), "alt_ru": shot.alt_ru.strip()}
    for name, words in said.items():
        if not words:
            raise RuleBroken(_("Say in words what the photo shows: not everybody sees it."), code=name)
    if offer.photos.filter(withdrawn_at__isnull=True).count() >= MOST_PHOTOS:
        raise RuleBroken(
            _("An offer has at most %(most)s photos.") % {"most": MOST_PHOTOS},
            next_step=_("Take one away first."),
            code="file",
        )
    stored, width, height = store_photo(
        actor, shot.upload, owner_id=offer.supplier.organisation_id, case=offer, longest=LONGEST_SIDE
    )
    return OfferPhoto.objects.create(offer=offer, file=stored, width=width, height=height, **said)


def withdraw_photo(*, actor: Actor, offer: Offer, photo: OfferPhoto) -> None:
    """The supplier takes a photo of a draft away.

    Raises:
        NotAllowed: the actor does not act for the supplier.
        NotFound: it is none of this offer.
        RuleBroken: the offer is no draft.
    """
    with keeping(actor, offer, State.DRAFT) as draft:
        taken_away(draft, photo)


def taken_away(offer: Offer, photo: OfferPhoto) -> None:
    """Take a photo of a locked offer away; it is shown no more at once.

    Raises:
        NotFound: it is none of this offer.
    """
    if not offer.photos.filter(pk=photo.pk, withdrawn_at__isnull=True).update(withdrawn_at=clock.now()):
        raise NotFound
    show_photos(offer)


def show_photos(offer: Offer) -> None:
    """Write what people see of the photos of a locked offer: those that were admitted, oldest first."""
    rows = offer.photos.filter(withdrawn_at__isnull=True, admitted=True).order_by("created_at", "pk")
    offer.shown_photos = [
        {"key": str(one.pk), "kk": one.alt_kk, "ru": one.alt_ru, "width": one.width, "height": one.height}
        for one in rows
    ]
    offer.save(update_fields=["shown_photos"])


def admit_photos(offer: Offer) -> None:
    """What the commission has seen of the photos of a locked offer is shown from now on."""
    offer.photos.filter(withdrawn_at__isnull=True).update(admitted=True)
    show_photos(offer)
