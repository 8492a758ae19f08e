"""A supplier's list of parts: entered, changed, priced, and what each fits."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tirek.catalogue.models import Variant
from tirek.catalogue.offers import moved
from tirek.core.actors import Actor
from tirek.core.database import locks
from tirek.core.errors import NotFound, RuleBroken, Text
from tirek.core.keys import read_key
from tirek.parts import queries
from tirek.parts.actions.ordering import locked_part
from tirek.parts.book import Wanted
from tirek.parts.models import Part, PartFit, PartPrice
from tirek.suppliers.queries import supplier_of

#: Columns of a part that its form fills in; price and stock have rules of their own.
COLUMNS: Final = (
    "article", "sort", "name_kk", "name_ru", "name_en", "description_kk", "description_ru", "description_en",
    "delivery_days", "is_covered", "sold_from", "sold_until",
)  # fmt: skip


@transaction.atomic
def keep_part(*, actor: Actor, part: Part | None, given: Mapping[str, Any]) -> Part:
    """Enter a part of the actor's own list, or change one.

    A changed price is a new row and holds for new orders only. A stock that was not changed against the one that the
    form showed (``seen_stock``) stays as it is now; the same answer once more changes nothing.

    Args:
        actor: somebody of the supplier.
        part: the one to change; ``None``: a new one.
        given: a valid ``PartForm``'s answers.

    Raises:
        NotFound: the part is another supplier's.
        RuleBroken: another part of the supplier has the article number; the stock that was to be changed has changed
            meanwhile: both are told (``stock_moved``).
    """
    supplier = supplier_of(actor)
    if part is None:
        kept = Part(supplier=supplier, stock=given["stock"])
    else:
        kept = locked_part(queries.part_for(actor, part.pk).pk)
        kept.stock = _stock_after(kept.stock, given["stock"], given.get("seen_stock"))
    for name in COLUMNS:
        setattr(kept, name, given[name])
    _save(kept)
    set_price(actor, kept, given["price"])
    return kept


def _stock_after(now: int, wanted: int, seen: int | None) -> int:
    """The stock of a locked part after a form that showed ``seen``; ``None`` where it showed none."""
    if seen is None or wanted == now:
        return wanted
    if wanted == seen:
        return now
    if now != seen:
        raise moved(_("in stock"), seen, now, wanted, code="stock_moved")
    return wanted


def _save(part: Part) -> None:
    try:
        with transaction.atomic(), locks.bounded():
            part.save()
    except IntegrityError as error:
        if "parts_part_article" not in str(error):
            raise
        raise RuleBroken(
            _("Another part of yours has this article number."),
            next_step=_("Type another number, or change that part."),
            code="article",
        ) from error


def set_price(actor: Actor, part: Part, price: Decimal) -> None:
    """A locked part costs this from now on; the same price again is no new one."""
    before = PartPrice.objects.filter(pk=part.current_id).first() if part.current_id else None
    if before is not None and before.price == price:
        return
    part.current = PartPrice.objects.create(
        part=part, n=before.n + 1 if before else 1, price=price, set_by=actor.user_id
    )
    part.save(update_fields=["current"])


def take_list(*, actor: Actor, wanted: Sequence[Wanted]) -> tuple[int, list[tuple[int, Text]]]:
    """Enter and change parts as a file wants them, by their article numbers: all of them, or none.

    A size that a line names is added to what the part fits; nothing is taken off, and a part that is not named stays.

    Args:
        actor: somebody of the supplier.
        wanted: lines that were read without a mistake, each article number once.

    Returns:
        How many parts were taken over, and lines with what is wrong with them: then nothing was.
    """
    wrong: list[tuple[int, Text]] = []
    with transaction.atomic():
        _take_all(actor, wanted, wrong)
        if wrong:
            transaction.set_rollback(True)
    return 0 if wrong else len(wanted), wrong


def _take_all(actor: Actor, wanted: Sequence[Wanted], wrong: list[tuple[int, Text]]) -> None:
    supplier = supplier_of(actor)
    # two files at once come one after the other
    locks.lock_name(f"parts.list:{supplier.pk}")
    articles = [one.given["article"] for one in wanted]
    known = {one.article: one for one in Part.objects.filter(supplier=supplier, article__in=articles)}
    named = {article for one in wanted for article in one.fits}
    sizes: dict[str, list[str]] = {}
    admitted = queries.admitted_of(supplier.pk).values("pk")
    for article, key in Variant.objects.filter(offer__in=admitted, article__in=named).values_list("article", "pk"):
        sizes.setdefault(article, []).append(f"variant:{key}")
    for one in wanted:
        unknown = [article for article in one.fits if article not in sizes]
        if unknown:
            told = _("No size of your offers has the article number %(article)s.") % {"article": unknown[0]}
            wrong.append((one.line, told))
            continue
        try:
            part = keep_part(actor=actor, part=known.get(one.given["article"]), given=one.given)
        except RuleBroken as refused:
            wrong.append((one.line, refused.message))
            continue
        fits = [key for article in one.fits for key in sizes[article]]
        if fits:
            add_fits(actor=actor, part=part, fits=sorted(set(fits)))


@transaction.atomic
def add_fits(*, actor: Actor, part: Part, fits: Sequence[str]) -> None:
    """A part fits these, too; what it fits already stays.

    Args:
        actor: somebody of the supplier.
        part: of its own list.
        fits: ``offer:<key>`` for every size of an offer, ``variant:<key>`` for one size, ``make:<key>`` for a maker and
            model that local bodies have bought from the supplier.

    Raises:
        NotFound: the part is another supplier's.
        RuleBroken: an offer is not the supplier's own, or was never admitted; nobody bought that from the supplier.
    """
    kept = locked_part(queries.part_for(actor, part.pk).pk)
    own = queries.admitted_of(kept.supplier_id)
    offers, sizes = _keys(fits, "offer:"), _keys(fits, "variant:")
    wanted: set[tuple[UUID, UUID | None]] = {
        (key, None) for key in own.filter(pk__in=offers).values_list("pk", flat=True)
    }
    wanted |= set(Variant.objects.filter(pk__in=sizes, offer__in=own.values("pk")).values_list("offer_id", "pk"))
    bought = queries.bought_of(kept.supplier_id).filter(pk__in=_keys(fits, "make:"))
    makes = set(bought.values_list("pk", flat=True))
    if not fits or len(wanted) + len(makes) < len(fits):
        raise RuleBroken(_("Choose from your own goods."), code="fits")
    present = list(kept.fits.all())
    known = {(one.offer_id, one.variant_id) for one in present}
    new = [PartFit(part=kept, offer_id=offer, variant_id=size) for offer, size in sorted(wanted - known, key=str)]
    new += [PartFit(part=kept, make_id=key) for key in sorted(makes - {one.make_id for one in present})]
    PartFit.objects.bulk_create(new)


def _keys(fits: Sequence[str], sort: str) -> set[UUID]:
    found = (read_key(one.removeprefix(sort)) for one in fits if one.startswith(sort))
    return {one for one in found if one is not None}


@transaction.atomic
def drop_fit(*, actor: Actor, part: Part, fit: UUID) -> None:
    """A part no longer fits something; orders that are open go on.

    Raises:
        NotFound: the part is another supplier's, or does not fit that.
    """
    kept = locked_part(queries.part_for(actor, part.pk).pk)
    deleted, _by_table = kept.fits.filter(pk=fit).delete()
    if not deleted:
        raise NotFound
