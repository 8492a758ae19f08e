"""What was decided of many sizes is written, all of it or nothing: rows of a table together, sizes that people order
last, so that an order waits as short as can be.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.actions import acts_for, search_key
from tirek.catalogue.actions.offers import What
from tirek.catalogue.changes import OF_VERSIONS, SOLD
from tirek.catalogue.deciding import Decision, Held, SizeToWrite, WantedOffer, decide, ground, load
from tirek.catalogue.models import Kind, Offer, OfferEvent, OfferVersion, Proposal, Variant
from tirek.catalogue.rules import VariantCard
from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.database import locks, rows
from tirek.core.errors import NotFound, RuleBroken
from tirek.suppliers.models import Supplier

#: Cards whose rows are written together.
_AT_ONCE: Final = 1_000
#: What the texts by which sizes are found are made of, beside their own label and number.
_FOUND_BY: Final = frozenset({"name_kk", "name_ru", "name_en", "maker"})


@dataclass(slots=True)
class _Change:
    """A size that is there: what it is to be, and the number of its new version; 0: it stays."""

    offer: Offer
    key: UUID
    before: VariantCard
    after: VariantCard
    version: UUID | None
    n: int
    is_found_anew: bool
    line: int


def change_many(*, actor: Actor, supplier: Supplier, kind: Kind, wanted: Sequence[WantedOffer]) -> list[Decision]:
    """Change sizes of several cards that are there, all or none, by the rules of the pages that change one.

    Returns:
        What became of each card; where one of them says what is wrong, nothing was written.

    Raises:
        NotAllowed: the actor does not act for the supplier.
        NotFound: a card is none of the supplier's of this kind.
        Busy: somebody holds one of them for too long.
    """
    acts_for(actor, supplier)
    on, keys = ground(supplier, kind), {one.key for one in wanted if one.key}
    with locks.bounded(), transaction.atomic():
        held = load(supplier, kind, only=keys, lock=True)
        if len(held) != len(wanted):
            raise NotFound
        made = [decide(held[one.key], one, on) for one in wanted if one.key]
        if not any(one.wrong for one in made):
            write_many(actor, supplier, kind, made)
    return made


def write_many(actor: Actor, supplier: Supplier, kind: Kind, made: Sequence[Decision]) -> None:
    """Write what was decided, in the caller's transaction; the offers that are there are locked.

    Raises:
        RuleBroken: a size was changed in this moment; the caller takes everything back.
        Busy: somebody holds a size for too long.
    """
    changes: list[_Change] = []
    rest = iter(made)
    while piece := list(islice(rest, _AT_ONCE)):
        with rows.gathered():
            for one in piece:
                if one.held is None:
                    _made(actor, supplier, kind, one)
                elif one.differs:
                    changes += _changed(actor, one, one.held)
    changes.sort(key=lambda one: one.key)
    locked = locks.lock_rows(Variant, [one.key for one in changes])
    todo = iter(changes)
    while part := list(islice(todo, _AT_ONCE)):
        with rows.gathered():
            for change in part:
                _write(change, locked.get(change.key))


def _made(actor: Actor, supplier: Supplier, kind: Kind, one: Decision) -> None:
    offer = Offer(supplier=supplier, kind=kind, illustration=kind.illustration, **one.card)
    _speak_english(offer)
    rows.insert([offer])
    rows.insert([OfferEvent(offer=offer, what=What.MADE, by=actor.user_id, desk=actor.desk.value)])
    for size in one.sizes:
        _add(offer, size)


def _speak_english(offer: Offer) -> list[str]:
    """What is not said in English is read in Russian; returns the columns that were written."""
    written = []
    for one in ("name", "description", "included"):
        if not getattr(offer, f"{one}_en") and getattr(offer, f"{one}_ru"):
            setattr(offer, f"{one}_en", getattr(offer, f"{one}_ru"))
            written.append(f"{one}_en")
    return written


def _add(offer: Offer, size: SizeToWrite) -> None:
    card = size.after
    variant = Variant(
        offer=offer,
        label=card.label,
        stock=card.stock,
        article=card.article,
        search_key=search_key(offer, label=card.label, article=card.article),
    )
    version = _version(offer, variant.pk, 1, card)
    variant.current_id = version.pk
    rows.insert([variant])
    rows.insert([version])


def _version(offer: Offer, variant: UUID, n: int, card: VariantCard) -> OfferVersion:
    return OfferVersion(
        variant_id=variant,
        n=n,
        price=card.price,
        parameters=dict(card.parameters),
        warranty_months=offer.warranty_months,
        delivery_days=offer.delivery_days,
    )


def _changed(actor: Actor, one: Decision, held: Held) -> list[_Change]:
    """Write what is no size that is there; returns those, to be written last."""
    offer, is_sold = held.offer, held.offer.state in SOLD
    if one.card:
        for name, value in one.card.items():
            setattr(offer, name, value)
        rows.update(offer, *dict.fromkeys([*one.card, *_speak_english(offer)]))
    if one.proposed is not None:
        _propose(held, *one.proposed)
    is_new = [size for size in one.sizes if size.key is None]
    for size in is_new:
        _add(offer, size)
    if is_sold:
        reasons = ([""] if one.card else []) + [size.after.label for size in is_new]
        for reason in reasons:
            event = OfferEvent(offer=offer, what=What.CHANGED, by=actor.user_id, desk=actor.desk.value, reason=reason)
            rows.insert([event])
    return _of_sizes(one, held, gets_version=is_sold and bool(OF_VERSIONS & set(one.card)))


def _of_sizes(one: Decision, held: Held, *, gets_version: bool) -> list[_Change]:
    own = {size.key: size for size in one.sizes if size.key is not None}
    is_found_anew = bool(_FOUND_BY & set(one.card))
    found = []
    for key, size in held.sizes.items():
        given = own.get(key)
        after = given.after if given else size.card
        is_priced = (after.price, after.parameters) != (size.card.price, size.card.parameters)
        has_next = is_priced or (gets_version and size.active and size.version is not None)
        is_back = given is not None and not size.active
        if not (given or has_next or is_found_anew):
            continue
        n = size.n + 1 if has_next or (is_back and size.version is None) else 0
        words = is_found_anew or (after.label, after.article) != (size.card.label, size.card.article)
        line = given.line if given else one.wanted.line
        found.append(_Change(held.offer, key, size.card, after, size.version, n, words, line))
    return found


def _propose(held: Held, card: dict[str, Any], sizes: dict[str, Any]) -> None:
    """Write what is proposed; a proposal of nothing is none."""
    proposal = held.proposal or Proposal(offer=held.offer)
    proposal.card, proposal.sizes, proposal.before = card, sizes, {}
    is_empty = not (card or sizes)
    if is_empty and not held.offer.photos.filter(withdrawn_at=None, admitted=False).exists():
        proposal.closed_at = clock.now()
    if held.proposal is not None:
        rows.update(proposal, "card", "sizes", "before", "closed_at")
    elif not is_empty:
        rows.insert([proposal])


def _write(change: _Change, row: Variant | None) -> None:
    before, after = change.before, change.after
    is_as_read = row is not None and (row.current_id, row.label, row.article) == (
        change.version,
        before.label,
        before.article,
    )
    if row is None or not is_as_read or before.stock not in {after.stock, row.stock}:
        raise RuleBroken(_("The same is being changed elsewhere. Check the file again."), code="moved")
    names = ["active"] if not row.active and after is not before else []
    row.active = row.active or after is not before
    for name in ("label", "article", "stock"):
        if getattr(after, name) != getattr(before, name):
            setattr(row, name, getattr(after, name))
            names.append(name)
    if change.is_found_anew:
        row.search_key = search_key(change.offer, label=after.label, article=after.article)
        names.append("search_key")
    if change.n:
        version = _version(change.offer, change.key, change.n, after)
        row.current_id = version.pk
        names.append("current")
        rows.insert([version])
    if names:
        rows.update(row, *names)
