"""Reads of the documents on which an offer rests: what is valid on a day, what is missing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from tirek.catalogue.models import Offer, OfferDocument
from tirek.core import clock, reference

Sort = OfferDocument.Sort
#: What of Social Code art. 167(6) a document is for: a certificate and a declaration stand for one another.
FOR: Final = {
    Sort.CERTIFICATE: "conformity",
    Sort.DECLARATION: "conformity",
    Sort.MEDICAL: "medical",
    Sort.CLASSIFIER: "classifier",
    Sort.ORIGIN: "origin",
    Sort.OTHER: "other",
}
#: What every offer has (art. 167(6): documents on the classifier, on origin, characteristics and price).
NEEDED: Final = (Sort.CLASSIFIER, Sort.ORIGIN)
WARNING: Final = "offer.document_warning"


def counting(offer: Offer) -> list[OfferDocument]:
    """Documents of an offer that were not taken away, oldest first (one query)."""
    rows = OfferDocument.objects.filter(offer=offer, withdrawn_at__isnull=True)
    return list(rows.select_related("file").order_by("created_at", "pk"))


def is_valid(document: OfferDocument, on: date) -> bool:
    """Whether a document holds on a day; its last day counts."""
    return document.valid_until is None or document.valid_until >= on


def lapsed(documents: Iterable[OfferDocument], on: date) -> list[OfferDocument]:
    """Documents that have expired and that no valid one stands for."""
    rows = list(documents)
    held = {FOR[Sort(one.sort)] for one in rows if is_valid(one, on)}
    return [one for one in rows if FOR[Sort(one.sort)] not in held]


def is_covered(offer: Offer, on: date) -> bool:
    """Whether no document of an offer has expired without a valid one in its place (one query)."""
    return not lapsed(counting(offer), on)


def ends_on(documents: Iterable[OfferDocument], on: date) -> date | None:
    """The first last day of documents that expire soon, where none that lasts longer stands for one; else nothing."""
    rows, horizon = list(documents), last_day_to_warn(on)
    lasting = {FOR[Sort(one.sort)] for one in rows if one.valid_until is None or one.valid_until > horizon}
    soon = [one.valid_until for one in rows if one.valid_until and FOR[Sort(one.sort)] not in lasting]
    return min((day for day in soon if day >= on), default=None)


def missing(documents: Sequence[OfferDocument], on: date) -> list[OfferDocument.Sort]:
    """Which of the documents that every offer has are not there, or have expired."""
    held = {Sort(one.sort) for one in documents if is_valid(one, on)}
    return [one for one in NEEDED if one not in held]


def absent(offer: Offer) -> list[str]:
    """Which of the documents that every offer has are not there, in words (one query): so come offers of a file."""
    return [str(one.label) for one in missing(counting(offer), clock.today())]


def with_expired(on: date) -> list[UUID]:
    """Offers on sale of which a document has expired by a day; another may stand for it (one query)."""
    rows = OfferDocument.objects.filter(valid_until__lt=on, withdrawn_at__isnull=True, offer__state=Offer.State.ACTIVE)
    return sorted(set(rows.values_list("offer_id", flat=True)))


def last_day_to_warn(on: date) -> date:
    """Documents that end by this day are told to their supplier on ``on``."""
    return on + timedelta(days=reference.term(WARNING, at=on).amount)


def to_warn_of(on: date) -> list[UUID]:
    """Documents that expire soon and of which the supplier was not told (one query)."""
    rows = OfferDocument.objects.filter(
        valid_until__range=(on, last_day_to_warn(on)),
        withdrawn_at__isnull=True,
        warned_on__isnull=True,
        offer__state__in=Offer.LIVING | {Offer.State.ON_ADMISSION},
    )
    return list(rows.order_by("pk").values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class Shown:
    """A document of a card, and whether it holds today, soon no more, or no more."""

    document: OfferDocument
    is_valid: bool
    ends_soon: bool


def shown(offer: Offer) -> list[Shown]:
    """The documents of an offer as pages show them (one query)."""
    today = clock.today()
    soon = last_day_to_warn(today)
    return [
        Shown(one, is_valid(one, today), one.valid_until is not None and today <= one.valid_until <= soon)
        for one in counting(offer)
    ]
