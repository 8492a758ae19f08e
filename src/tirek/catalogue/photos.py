"""Reads of the photos of offers: what people see, and the picture itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from tirek.catalogue.models import Offer, OfferPhoto
from tirek.catalogue.offers import offer_for, open_admission
from tirek.core.actors import Actor, Desk
from tirek.core.errors import NotFound
from tirek.core.languages import in_language


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo that people see: key, what it shows in the reader's language, and its size in pixels."""

    key: str
    alt: str
    width: int
    height: int


def seen(offer: Offer) -> list[Photo]:
    """The photos of an offer that people see; they stand in its row."""
    return [
        Photo(one["key"], in_language(kk=one["kk"], ru=one["ru"], en=one["ru"]), one["width"], one["height"])
        for one in offer.shown_photos
    ]


def kept(offer: Offer) -> list[OfferPhoto]:
    """The photos of an offer with those that were not admitted yet, oldest first (one query)."""
    return list(offer.photos.filter(withdrawn_at__isnull=True).order_by("created_at", "pk"))


def admitted(offer: Offer) -> list[OfferPhoto]:
    """The photos of an offer that the commission has seen, oldest first (one query)."""
    return [one for one in kept(offer) if one.admitted]


@dataclass(frozen=True, slots=True)
class Beside:
    """Photos of an offer as a change shows them: those that people see beside those that are to be admitted."""

    now: list[OfferPhoto]
    new: list[OfferPhoto]


def beside(shots: Sequence[OfferPhoto]) -> Beside | None:
    """Photos side by side; nothing where none is new."""
    found = Beside([one for one in shots if one.admitted], [one for one in shots if not one.admitted])
    return found if found.new else None


def photo_for(actor: Actor, key: UUID) -> OfferPhoto:
    """A photo: an admitted one of an offer that was admitted for everybody, another for who keeps the
    offer, and for who watches it as long as it is before the commission.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    found = OfferPhoto.objects.select_related("file", "offer").filter(pk=key, withdrawn_at__isnull=True).first()
    if found is None:
        raise NotFound
    if not (found.admitted and found.offer.state in Offer.LIVING):
        offer = offer_for(actor, found.offer_id)
        if actor.desk is not Desk.SUPPLIER and not found.admitted and open_admission(offer) is None:
            raise NotFound
    return found
