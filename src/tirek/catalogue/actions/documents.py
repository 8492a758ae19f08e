"""Verbs of an offer's documents: added, taken away, and what the clock makes of their last day."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.actions.offers import State, What, keeping, locked_offer, move, record, tell_supplier
from tirek.catalogue.documents import FOR, Sort, counting, is_covered, last_day_to_warn
from tirek.catalogue.models import Offer, OfferDocument
from tirek.catalogue.offers import place_of
from tirek.core import clock
from tirek.core.actors import CLOCK, Actor
from tirek.core.database import locks
from tirek.core.errors import NotFound, RuleBroken
from tirek.files.actions import store
from tirek.organisations.telling import tell_region

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


@dataclass(frozen=True, slots=True)
class Paper:
    """A document as the supplier describes it; without a last day it has no end."""

    sort: OfferDocument.Sort
    number: str
    issued_on: date
    valid_until: date | None


def add_document(*, actor: Actor, offer: Offer, paper: Paper, upload: "UploadedFile[bytes]") -> OfferDocument:
    """The supplier adds a document. It counts at once: an offer that the clock has paused is on sale again when nothing
    of it has expired any more. The region is told of a document of an offer that was admitted.

    Raises:
        NotAllowed: the actor does not act for the supplier.
        RuleBroken: the document has expired, or the offer is before the commission or in the archive.
        files.rules.Unsuitable: the file is none that may be kept.
    """
    today = clock.today()
    if paper.valid_until is not None and paper.valid_until < today:
        raise RuleBroken(_("This document has expired already."), code="valid_until")
    if paper.valid_until is not None and paper.valid_until < paper.issued_on:
        raise RuleBroken(_("The last day is before the day of issue."), code="valid_until")
    with keeping(actor, offer, State.DRAFT, State.ACTIVE, State.PAUSED, State.BLOCKED) as kept:
        stored = store(actor, upload, owner_id=kept.supplier.organisation_id, case=kept)
        made = OfferDocument.objects.create(
            offer=kept,
            sort=paper.sort,
            number=paper.number,
            issued_on=paper.issued_on,
            valid_until=paper.valid_until,
            file=stored,
        )
        if kept.state == State.PAUSED and kept.paused_by_clock and is_covered(kept, today):
            move(kept, frozenset({State.PAUSED}), State.ACTIVE, paused_by_clock=False)
            record(kept, What.RENEWED, actor)
        if kept.state != State.DRAFT:
            tell_region(place_of(kept), "offer.document_added", case=kept, offer=str(kept.pk))
    return made


def withdraw_document(*, actor: Actor, offer: Offer, document: OfferDocument) -> None:
    """The supplier takes a document of a draft away.

    Raises:
        NotAllowed: the actor does not act for the supplier.
        NotFound: it is none of this offer.
        RuleBroken: the offer is no draft: what the commission has seen stays.
    """
    with keeping(actor, offer, State.DRAFT) as draft:
        taken = OfferDocument.objects.filter(pk=document.pk, offer=draft, withdrawn_at__isnull=True)
        if not taken.update(withdrawn_at=clock.now()):
            raise NotFound


def expire_offer(key: UUID) -> bool:
    """The clock pauses an offer of which a document has expired, and the supplier is told; returns whether it did."""
    with locks.bounded(), transaction.atomic():
        offer = locked_offer(key)
        if offer.state != State.ACTIVE or is_covered(offer, clock.today()):
            return False
        move(offer, frozenset({State.ACTIVE}), State.PAUSED, paused_by_clock=True)
        record(offer, What.EXPIRED, CLOCK)
        tell_supplier(offer, "offer.expired")
    return True


def warn_of_end(key: UUID) -> bool:
    """The supplier is told once that a document expires soon; not where a later one stands for it already. Returns
    whether the supplier was told.
    """
    today = clock.today()
    with locks.bounded(), transaction.atomic():
        document = locks.lock_rows(OfferDocument, [key])[key]
        if document.warned_on is not None or document.valid_until is None:
            return False
        OfferDocument.objects.filter(pk=key).update(warned_on=today)
        offer, horizon, wanted = document.offer, last_day_to_warn(today), FOR[Sort(document.sort)]
        for other in counting(offer):
            is_later = other.valid_until is None or other.valid_until > horizon
            if other.pk != key and is_later and FOR[Sort(other.sort)] == wanted:
                return False
        tell_supplier(offer, "offer.expires_soon", last_day=document.valid_until)
    return True
