"""Verbs of a change of an offer that was admitted: what is safe holds at once, the rest is proposed beside the card."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tirek.catalogue.actions import check_parameters, new_version, set_article, update_variant
from tirek.catalogue.actions.offers import What, keeping, put_card, put_size, record
from tirek.catalogue.actions.photos import Shot, admit_photos, kept_photo, taken_away
from tirek.catalogue.changes import (
    NEVER_EMPTY,
    NEW,
    OF_VERSIONS,
    SOLD,
    as_card,
    is_safe,
    next_key,
    open_proposal,
    standing,
    told_of,
    with_english,
)
from tirek.catalogue.models import Offer, OfferPhoto, Proposal, Variant
from tirek.catalogue.offers import open_admission
from tirek.catalogue.rules import StockAndPrice, VariantCard
from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.database import locks
from tirek.core.errors import NotFound, RuleBroken


def _check_whole(given: Mapping[str, Any], before: Offer) -> None:
    for name in NEVER_EMPTY:
        if name in given and not given[name] and getattr(before, name):
            raise RuleBroken(_("People see this offer: this cannot be left empty."), code=name)


def change_card(*, actor: Actor, offer: Offer, given: Mapping[str, Any]) -> None:
    """Change columns of the card of an offer that was admitted: safe ones hold at once, the others are proposed.

    Raises:
        NotAllowed: the actor does not act for the supplier.
        RuleBroken: something is left empty that people see; or a change is before the commission already.
    """
    with keeping(actor, offer, *SOLD) as kept:
        _check_whole(given, kept)
        given = with_english(kept, given)
        safe = {name: value for name, value in given.items() if is_safe(name) and getattr(kept, name) != value}
        wanted = {name: value for name, value in given.items() if not is_safe(name)}
        known = open_proposal(kept)
        card = {name: value for name, value in (known.card if known else {}).items() if name not in given}
        card |= {name: value for name, value in wanted.items() if getattr(kept, name) != value}
        if card != (known.card if known else {}):
            _propose(kept, known, card=card)
        if safe:
            _apply_card(kept, safe)
            record(kept, What.CHANGED, actor)


def _apply_card(offer: Offer, given: Mapping[str, Any]) -> None:
    """Write columns of a locked card; where versions carry them, each size gets a new one: orders keep theirs."""
    put_card(offer, given)
    if set(given) & OF_VERSIONS:
        keys = offer.variants.filter(active=True, current__isnull=False).values_list("pk", flat=True)
        for variant in locks.lock_rows(Variant, keys).values():
            last = variant.versions.order_by("-n").first()
            if last is not None:
                variant.offer = offer
                new_version(variant, n=last.n + 1, price=last.price, parameters=last.parameters)


def _check_free(offer: Offer) -> None:
    if open_admission(offer) is not None:
        raise RuleBroken(
            _("A change of this offer is before the commission."), next_step=_("Withdraw it first."), code="under_way"
        )


def _propose(offer: Offer, known: Proposal | None, **columns: Any) -> None:  # noqa: ANN401 - as its columns are
    """Write what is proposed of a locked offer; a proposal of nothing is none."""
    _check_free(offer)
    proposal = known or Proposal(offer=offer)
    for name, value in columns.items():
        setattr(proposal, name, value)
    proposal.before = {}
    is_empty = not (proposal.card or proposal.sizes or offer.photos.filter(withdrawn_at=None, admitted=False).exists())
    proposal.closed_at = clock.now() if is_empty else None
    proposal.save()


def propose_photo(*, actor: Actor, offer: Offer, shot: Shot) -> OfferPhoto:
    """Propose a photo of an offer that was admitted: it goes to admission with what else is proposed.

    Raises:
        NotAllowed: the actor does not act for the supplier.
        RuleBroken: no words in one of the languages, too many photos, or a change is before the commission already.
        files.rules.Unsuitable: the file is no photo that may be kept.
    """
    with keeping(actor, offer, *SOLD) as kept:
        _check_free(kept)
        made = kept_photo(actor, kept, shot)
        _propose(kept, open_proposal(kept))
    return made


def drop_photo(*, actor: Actor, offer: Offer, photo: OfferPhoto) -> None:
    """Take a photo of an offer that was admitted away: people see it no more at once.

    Raises:
        NotAllowed: the actor does not act for the supplier.
        NotFound: it is none of this offer.
        RuleBroken: it is before the commission.
    """
    with keeping(actor, offer, *SOLD) as kept:
        if photo.admitted:
            taken_away(kept, photo)
            record(kept, What.CHANGED, actor)
            return
        _check_free(kept)
        taken_away(kept, photo)
        _propose(kept, open_proposal(kept))


def change_size(
    *,
    actor: Actor,
    offer: Offer,
    card: VariantCard,
    variant: Variant | None,
    shown: StockAndPrice | None = None,
) -> None:
    """Change a size of an offer that was admitted, or propose a new one: price, stock and article hold at once.

    ``shown`` is the stock and the price that the page showed: what was not changed there stays as it is now.

    Raises:
        NotAllowed: the actor does not act for the supplier.
        NotFound: it is no size of the offer.
        RuleBroken: another size has this label, a value is not possible, a change is before the commission already, or
            stock or price have changed since the page was shown (``stock_moved``, ``price_moved``).
    """
    with keeping(actor, offer, *SOLD) as kept:
        check_parameters(kept.kind, card.parameters)
        known = open_proposal(kept)
        sizes = dict(known.sizes) if known else {}
        _check_label(kept, card.label, variant, sizes)
        if variant is None:
            if is_safe("label"):
                put_size(kept, card, None)
                record(kept, What.CHANGED, actor, reason=card.label)
                return
            sizes[next_key(sizes, card.label)] = told_of(card) | {"price": str(card.price)}
            _propose(kept, known, sizes=sizes)
            return
        now = Variant.objects.select_related("offer__supplier", "current").filter(pk=variant.pk, offer=kept).first()
        if now is None:
            raise NotFound
        typed, stands = told_of(card), told_of(as_card(now))
        safe = {name for name in typed if is_safe(name)}
        _change_at_once(actor, now, card, safe, shown)
        wanted = {name: value for name, value in typed.items() if name not in safe and value != stands[name]}
        sizes.pop(str(now.pk), None)
        if wanted:
            sizes[str(now.pk)] = wanted
        if sizes != (known.sizes if known else {}):
            _propose(kept, known, sizes=sizes)


def _check_label(offer: Offer, label: str, variant: Variant | None, proposed: Mapping[str, Any]) -> None:
    """Whether a size may have this label: a new one may be called like one that was taken off, which it replaces.

    Raises:
        RuleBroken: another size has it, or is to have it.
    """
    others = offer.variants.filter(label=label)
    others = others.exclude(pk=variant.pk) if variant else others.filter(active=True)
    own = {str(variant.pk)} if variant else {key for key in proposed if key.startswith(NEW)}
    if others.exists() or any(one.get("label") == label for key, one in proposed.items() if key not in own):
        raise RuleBroken(_("This offer has a size or model with this label already."), code="label")


def _change_at_once(
    actor: Actor, variant: Variant, card: VariantCard, safe: Collection[str], shown: StockAndPrice | None
) -> None:
    price = variant.current.price if variant.current else None
    before = shown or StockAndPrice(variant.stock, price)
    stock = card.stock if "stock" in safe else before.stock
    update_variant(actor=actor, variant=variant, shown=before, wanted=StockAndPrice(stock, card.price))
    if "article" in safe and card.article != variant.article:
        set_article(actor=actor, variant=variant, article=card.article)
    if variant.current is None:
        return
    if "label" in safe and (card.label, dict(card.parameters)) != (variant.label, variant.current.parameters):
        fresh = Variant.objects.select_related("current").get(pk=variant.pk)
        put_size(variant.offer, replace(as_card(fresh), label=card.label, parameters=card.parameters), variant.pk)


def drop_proposal(*, actor: Actor, offer: Offer) -> None:
    """The supplier gives a change up before it was sent; its new photos go with it.

    Raises:
        NotAllowed: the actor does not act for the supplier.
        NotFound: nothing is proposed.
        RuleBroken: it is before the commission.
    """
    with keeping(actor, offer, *SOLD) as kept:
        _check_free(kept)
        known = open_proposal(kept)
        if known is None:
            raise NotFound
        close_proposal(known, keeps_photos=False)


def close_proposal(proposal: Proposal, *, keeps_photos: bool) -> None:
    """A proposal has come to its end; photos that were not admitted go with it."""
    proposal.closed_at = clock.now()
    proposal.save(update_fields=["closed_at"])
    if not keeps_photos:
        new = proposal.offer.photos.filter(withdrawn_at__isnull=True, admitted=False)
        new.update(withdrawn_at=clock.now())


def fixed(offer: Offer) -> Proposal:
    """The proposal of a locked offer as it goes to the commission, with what stands in its place now.

    Raises:
        RuleBroken: nothing is proposed.
    """
    known = open_proposal(offer)
    if known is None:
        raise RuleBroken(_("Nothing of this offer is changed."), next_step=_("Change it first."), code="no_change")
    known.before = standing(offer, known)
    known.save(update_fields=["before"])
    return known


def apply_proposal(offer: Offer, proposal: Proposal) -> None:
    """What was admitted holds from now on, for new orders; the offer is locked."""
    if proposal.card:
        _apply_card(offer, proposal.card)
    for key, wanted in proposal.sizes.items():
        if key.startswith(NEW):
            given = VariantCard(
                wanted["label"], Decimal(wanted["price"]), wanted["stock"], wanted["parameters"], wanted["article"]
            )
            put_size(offer, given, None)
            continue
        variant = locks.lock_rows(Variant, [UUID(key)]).get(UUID(key))
        if variant is None or not variant.active or variant.current is None:
            continue  # taken off meanwhile
        base = as_card(variant)
        put_size(offer, replace(base, **wanted), variant.pk)
    admit_photos(offer)
    close_proposal(proposal, keeps_photos=True)
