"""Reads of offers for those who keep them and those who watch them: the supplier, and the offices of its place."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tirek.accounts.models import User
from tirek.catalogue import documents
from tirek.catalogue.models import Admission, Offer, OfferEvent, Variant
from tirek.catalogue.queries import with_words
from tirek.catalogue.rules import search_words
from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.errors import NotFound, RuleBroken, Text
from tirek.core.places import in_order, region_of
from tirek.suppliers.models import Supplier
from tirek.territory.queries import names

#: Entries of a history that a page shows.
MOST_EVENTS: Final = 50


def place_of(offer: Offer) -> str:
    """КАТО code of the place whose region admits an offer: where its supplier stands, else the first region to which it
    is delivered; "" where neither is known.
    """
    where = offer.supplier.organisation.territory_id
    return where or (region_of(str(offer.delivers_to[0])) if offer.delivers_to else "")


def watched_by(territory: str) -> Q:
    """The condition that an office of a territory watches an offer, as ``place_of`` says; nobody watches for ""."""
    if not territory:
        return Q(pk__in=[])
    return in_order(territory, "watched_from")


def visible_to(actor: Actor) -> QuerySet[Offer]:
    """Offers that an actor keeps or watches; none of the drafts of others."""
    rows = Offer.objects.select_related("kind", "supplier__organisation")
    if actor.desk is Desk.SUPPLIER and actor.organisation_id is not None:
        return rows.filter(supplier__organisation_id=actor.organisation_id)
    if actor.desk is Desk.OFFICER:
        return rows.filter(watched_by(actor.territory)).exclude(state=Offer.State.DRAFT)
    return rows.none()


def offer_for(actor: Actor, key: UUID) -> Offer:
    """An offer, for its supplier or for an office that watches it.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    found = visible_to(actor).filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


def address_of(actor: Actor, key: UUID) -> str:
    """The page of an offer at the actor's desk.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    return reverse(f"catalogue:{actor.desk.value}-card", args=[offer_for(actor, key).pk])


def narrowed(rows: QuerySet[Offer], *, words: str = "", state: str = "") -> QuerySet[Offer]:
    """Offers of which a size is found by the beginnings of words (name, maker, label, article), in a state; "" narrows
    nothing.
    """
    if search_words(words):
        rows = rows.filter(pk__in=with_words(Variant.objects.all(), words).values("offer"))
    return rows.filter(state=state) if state else rows


def open_admission(offer: Offer) -> Admission | None:
    """The admission of an offer that is under way (one query)."""
    return Admission.objects.filter(offer=offer, state__in=Admission.open_states()).first()


@dataclass(frozen=True, slots=True)
class Event:
    """What was done with an offer, and who did it, in words."""

    event: OfferEvent
    who: str


def history(offer: Offer, actor: Actor) -> Sequence[Event]:
    """What was done with an offer, newest first (two queries); names of officers are for offices."""
    rows = list(offer.events.order_by("-at", "-id")[:MOST_EVENTS])
    own = {one.by for one in rows if one.by and (one.desk == actor.desk or actor.desk is Desk.OFFICER)}
    named = {key: user.name for key, user in User.objects.in_bulk(own).items()}
    return [
        Event(one, ", ".join(filter(None, (named.get(one.by, "") if one.by else "", str(Desk(one.desk).label)))))
        for one in rows
    ]


def places_in_words(offer: Offer) -> list[str]:
    """Names of the regions and districts to which an offer is delivered, in its order (one query)."""
    named = names([str(code) for code in offer.delivers_to])
    return [named.get(str(code), str(code)) for code in offer.delivers_to]


def check_may_offer(supplier: Supplier) -> None:
    """Whether a supplier may offer something new today.

    Raises:
        RuleBroken: it was removed from the register, or is suspended.
    """
    today = clock.today()
    if supplier.removed_on is not None and supplier.removed_on <= today:
        raise RuleBroken(
            _("This supplier was removed from the register and offers nothing new."), code="supplier_removed"
        )
    if supplier.suspended_since is not None and supplier.suspended_since <= today:
        raise RuleBroken(
            _("This supplier is suspended and offers nothing new until the suspension is lifted."),
            code="supplier_suspended",
        )


def moved(what: Text, shown: object, now: object, typed: object, *, code: str) -> RuleBroken:
    """What is said where somebody else has changed what a page showed: both values, and what was typed."""
    return RuleBroken(
        _("Changed meanwhile (%(what)s): this page showed %(shown)s, now it is %(now)s. You typed %(typed)s.")
        % {"what": what, "shown": shown, "now": now, "typed": typed},
        next_step=_("Nothing was saved. Check the number and save again."),
        code=code,
    )


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing before an offer can be sent: in words, and the part of the card where it is filled in."""

    text: Text
    part: str


def gaps(offer: Offer) -> list[Gap]:
    """What is missing before an offer can be sent for admission (two queries)."""
    found = []
    if not all((offer.name_kk, offer.name_ru, offer.description_kk, offer.description_ru)):
        found.append(Gap(_("Name and description in Kazakh and Russian"), "words"))
    if not all((offer.maker, offer.country, offer.delivery_days)):
        found.append(Gap(_("Maker, country and days to deliver"), "terms"))
    if not offer.delivers_to:
        found.append(Gap(_("Where it is delivered"), "places"))
    if not offer.variants.filter(active=True, current__isnull=False).exists():
        found.append(Gap(_("At least one size or model with a price"), "sizes"))
    papers, today = documents.counting(offer), clock.today()
    absent = [str(one.label) for one in documents.missing(papers, today)]
    if absent or documents.lapsed(papers, today):
        words = ", ".join(absent) or _("a valid document in the place of one that has expired")
        found.append(Gap(words, "documents"))
    return found
