"""Verbs of an offer as its supplier keeps it, and what becomes of its state (``docs/explanation/offers.md``).

Whoever changes an offer has its row locked: ``keeping`` for the supplier, ``moved`` for what follows a decision.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tirek.catalogue import documents
from tirek.catalogue.actions import acts_for, check_parameters, new_version, put_sizes, search_key
from tirek.catalogue.changes import CARD, with_english
from tirek.catalogue.models import Kind, Offer, OfferEvent, Variant
from tirek.catalogue.offers import check_may_offer, open_admission, place_of
from tirek.catalogue.permissions import is_region_of
from tirek.catalogue.rules import VariantCard
from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.database import locks
from tirek.core.errors import NotAllowed, NotFound, RuleBroken
from tirek.organisations.telling import SUPPLIERS, tell_staff
from tirek.suppliers.models import Supplier

State, What = Offer.State, OfferEvent.What
LONGEST_REASON: Final = 600


def said(reason: str) -> str:
    """What somebody gave as a reason.

    Raises:
        RuleBroken: nothing, or too much.
    """
    text = reason.strip()
    if not text or len(text) > LONGEST_REASON:
        raise RuleBroken(_("Say why, in at most 600 characters. The supplier reads it."), code="reason")
    return text


def record(offer: Offer, what: OfferEvent.What, actor: Actor, *, reason: str = "") -> None:
    """Write down what was done with an offer."""
    OfferEvent.objects.create(offer=offer, what=what, by=actor.user_id, desk=actor.desk.value, reason=reason)


def locked_offer(key: UUID) -> Offer:
    """The offer, fresh and locked until the transaction ends.

    Raises:
        NotFound: there is none.
    """
    found = locks.lock_rows(Offer, [key]).get(key)
    if found is None:
        raise NotFound
    return found


def check_covered(offer: Offer) -> None:
    """Whether an offer may be sold today by its documents.

    Raises:
        RuleBroken: one has expired, and no valid one is in its place.
    """
    if not documents.is_covered(offer, clock.today()):
        raise RuleBroken(
            _("A document of this offer has expired."),
            next_step=_("The supplier adds a valid document first."),
            code="expired",
        )


def in_another_state(offer: Offer) -> RuleBroken:
    """What is said to who comes too late."""
    return RuleBroken(
        _("This offer is in another state meanwhile: %(state)s.") % {"state": offer.get_state_display()},
        next_step=_("Open its page again to see what can be done now."),
        code="offer_state",
    )


def move(offer: Offer, before: frozenset[str], after: str, **columns: object) -> None:
    """Bring a locked offer from one of the states into another; further columns are written with it.

    Raises:
        RuleBroken: it is in none of them.
    """
    if offer.state not in before:
        raise in_another_state(offer)
    offer.state = after
    for name, value in columns.items():
        setattr(offer, name, value)
    offer.save(update_fields=["state", *columns])


@contextmanager
def keeping(actor: Actor, offer: Offer, *states: str) -> Iterator[Offer]:
    """The supplier's own offer, locked, in one of the states, while it is changed.

    Raises:
        NotAllowed: the actor does not act for the supplier.
        RuleBroken: it is in another state.
    """
    acts_for(actor, offer.supplier)
    with locks.bounded(), transaction.atomic():
        locked = locked_offer(offer.pk)
        if locked.state not in states:
            raise in_another_state(locked)
        yield locked


# --- a draft


def make_draft(*, actor: Actor, supplier: Supplier, kind: Kind) -> Offer:
    """An empty card of a kind.

    Raises:
        NotAllowed: the actor does not act for the supplier.
        RuleBroken: the supplier is suspended or removed.
    """
    acts_for(actor, supplier)
    check_may_offer(supplier)
    with transaction.atomic():
        offer = Offer.objects.create(
            supplier=supplier, kind=kind, country="KZ", delivery_days=0, illustration=kind.illustration
        )
        record(offer, What.MADE, actor)
    return offer


def write_card(*, actor: Actor, offer: Offer, given: Mapping[str, Any]) -> Offer:
    """Write columns of the card (``CARD``) of a draft.

    Raises:
        NotAllowed: the actor does not act for the supplier.
        RuleBroken: it is no draft any more.
    """
    with keeping(actor, offer, State.DRAFT) as draft:
        put_card(draft, given)
    return draft


def put_card(offer: Offer, given: Mapping[str, Any]) -> None:
    """Write columns of a locked card; the words by which its sizes are found go along."""
    unknown = set(given) - set(CARD)
    if unknown:
        raise ValueError(f"No columns of a card: {sorted(unknown)}")
    for name, value in with_english(offer, given).items():
        setattr(offer, name, value)
    offer.save(update_fields=[*CARD])
    for variant in offer.variants.order_by("pk"):
        variant.search_key = search_key(offer, label=variant.label, article=variant.article)
        variant.save(update_fields=["search_key"])


def write_size(*, actor: Actor, offer: Offer, card: VariantCard, variant: Variant | None = None) -> None:
    """Add a size or model to a draft, or write one of its sizes anew.

    Raises:
        NotAllowed: the actor does not act for the supplier.
        RuleBroken: it is no draft any more, another size has this label, or a value is not possible.
    """
    with keeping(actor, offer, State.DRAFT) as draft:
        put_size(draft, card, variant.pk if variant else None)


def put_size(offer: Offer, card: VariantCard, key: UUID | None) -> None:
    """Write a size of a locked offer: a new version of what is there, or one more.

    Raises:
        RuleBroken: another size has this label, or a value is not possible.
    """
    check_parameters(offer.kind, card.parameters)
    if card.price <= 0:
        raise RuleBroken(_("A price is more than zero."), code="price")
    same = offer.variants.filter(label=card.label).first()
    if same is not None and same.pk != key and (same.active or key is not None):
        raise RuleBroken(_("This offer has a size or model with this label already."), code="label")
    target = key or (same.pk if same else None)
    if target is None:
        put_sizes(offer, [card])
        return
    found = locks.lock_rows(Variant, [target]).get(target)
    if found is None or found.offer_id != offer.pk:
        raise NotFound
    found.label, found.article, found.stock, found.active = card.label, card.article, card.stock, True
    found.search_key = search_key(offer, label=card.label, article=card.article)
    found.save(update_fields=["label", "article", "stock", "active", "search_key"])
    last = found.versions.order_by("-n").first()
    if last is None or (last.price, last.parameters) != (card.price, dict(card.parameters)):
        found.offer = offer
        new_version(found, n=last.n + 1 if last else 1, price=card.price, parameters=card.parameters)


def take_off(*, actor: Actor, offer: Offer, variant: Variant) -> None:
    """A size is offered no more; orders of it go on. At least one stays of what people can see.

    Raises:
        NotAllowed: the actor does not act for the supplier.
        NotFound: it is no size of the offer.
        RuleBroken: it is the last one, or the offer is in no state for it.
    """
    with keeping(actor, offer, State.DRAFT, State.ACTIVE, State.PAUSED) as kept:
        found = kept.variants.filter(pk=variant.pk, active=True)
        if not found.exists():
            raise NotFound
        if kept.state != State.DRAFT and kept.variants.filter(active=True).count() == 1:
            raise RuleBroken(
                _("This is the last size of the offer."),
                next_step=_("Pause the offer, or archive it."),
                code="last_size",
            )
        found.update(active=False)
        if kept.state != State.DRAFT:
            record(kept, What.CHANGED, actor, reason=variant.label)


# --- on sale, and not


def archive_offer(*, actor: Actor, offer: Offer) -> Offer:
    """The supplier ends an offer for good; orders that are open go on.

    Raises:
        NotAllowed: the actor does not act for the supplier.
        RuleBroken: it is before the commission, blocked, or archived already.
    """
    with keeping(actor, offer, State.DRAFT, State.ACTIVE, State.PAUSED) as kept:
        if open_admission(kept) is not None:
            raise RuleBroken(
                _("A change of this offer is before the commission."),
                next_step=_("Withdraw it first."),
                code="under_way",
            )
        move(kept, frozenset({kept.state}), State.ARCHIVED)
        record(kept, What.ARCHIVED, actor)
    return kept


def _check_region(actor: Actor, offer: Offer) -> None:
    if not is_region_of(actor, place_of(offer)):
        raise NotAllowed


def block_offer(*, actor: Actor, offer: Offer, reason: str) -> Offer:
    """The region takes an offer off sale, with its basis; orders that are open go on. The supplier is told.

    Raises:
        NotAllowed: the actor is no officer of the region that watches it.
        RuleBroken: no basis; or it is not on sale.
    """
    _check_region(actor, offer)
    basis = said(reason)
    with locks.bounded(), transaction.atomic():
        locked = locked_offer(offer.pk)
        move(locked, frozenset({State.ACTIVE, State.PAUSED}), State.BLOCKED, blocked_from=locked.state)
        record(locked, What.BLOCKED, actor, reason=basis)
        tell_supplier(locked, "offer.blocked")
    return locked


def lift_block(*, actor: Actor, offer: Offer, reason: str) -> Offer:
    """The offer is as it was before the block; paused where a document has expired. The supplier is told.

    Raises:
        NotAllowed: the actor is no officer of the region that watches it.
        RuleBroken: no reason; or it is not blocked.
    """
    _check_region(actor, offer)
    why = said(reason)
    with locks.bounded(), transaction.atomic():
        locked = locked_offer(offer.pk)
        was_on_sale = locked.blocked_from == State.ACTIVE or locked.paused_by_clock
        expired = was_on_sale and not documents.is_covered(locked, clock.today())
        after = State.ACTIVE if was_on_sale and not expired else State.PAUSED
        move(locked, frozenset({State.BLOCKED}), after, blocked_from="", paused_by_clock=expired)
        record(locked, What.LIFTED, actor, reason=why)
        tell_supplier(locked, "offer.lifted")
    return locked


def tell_supplier(offer: Offer, template: str, **facts: Any) -> None:  # noqa: ANN401 - facts of a notice
    """Tell those who act for the supplier of an offer."""
    tell_staff(offer.supplier.organisation_id, template, roles=SUPPLIERS, case=offer, offer=str(offer.pk), **facts)
