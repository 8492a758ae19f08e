"""Offers as everybody may see them, without a person for whom they are chosen: one, and those of a kind in a place."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db.models import F, Min, Q, Window
from django.db.models.functions import Lag
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from tirek.catalogue.amounts import AMOUNTS
from tirek.catalogue.changes import per_cent
from tirek.catalogue.models import Kind, Offer, OfferVersion, Variant
from tirek.catalogue.narrowing import ALL, Narrowed
from tirek.catalogue.provision import provided
from tirek.catalogue.queries import paid_in_full_up_to
from tirek.catalogue.ranking import Chooser, ranked
from tirek.catalogue.rules import Requirement
from tirek.catalogue.sheets import MOST_COMPARED, Fact, fact, parameters_beside
from tirek.catalogue.words import Words, provided_in_words, warranty_text
from tirek.core import clock
from tirek.core.errors import NotFound
from tirek.core.keys import read_key
from tirek.suppliers.queries import may_take_orders
from tirek.ui.text import size_text, tenge_text

#: Sizes of an offer and offers of a place that are told; how many more there are is said.
MOST_SIZES: Final = 30
MOST_OFFERS: Final = 60
#: Changes of price that are told at once; older ones stand on further pages.
MOST_CHANGES: Final = 20


@dataclass(frozen=True, slots=True)
class SizeShown:
    """A size as everybody sees it.

    Attributes:
        label: size or model.
        price: tenge per unit.
        own: what the person pays of it at most; nothing where no amount is known.
        fits: all that it tells, in words.
        chart: from where to where it is made, one for each column of the size chart; "" for what it does not tell.
        more: what it tells beside the size chart, in words.
    """

    label: str
    price: Decimal
    own: Decimal | None
    fits: str
    chart: Sequence[str] = ()
    more: str = ""


@dataclass(frozen=True, slots=True)
class OfferShown:
    """An offer as everybody sees it.

    Attributes:
        offer: with its kind and supplier.
        is_sold: whether it can be ordered now; a sheet lives longer than an offer.
        sizes: at most ``MOST_SIZES``.
        chart: heads of the columns of the size chart that a size tells something of.
        left_out: how many more there are.
        limit: up to which price nobody pays, in the places where it is delivered.
    """

    offer: Offer
    is_sold: bool
    sizes: Sequence[SizeShown]
    left_out: int
    limit: Decimal | None
    chart: Sequence[str] = ()


def _in_words(facts: Iterable[tuple[str, str]]) -> str:
    return "; ".join(f"{capfirst(name)}: {value}" for name, value in facts)


def offer_shown(key: UUID) -> OfferShown:
    """An offer that was admitted.

    Raises:
        NotFound: there is none, or people have never seen it.
    """
    rows = Offer.objects.select_related("kind", "supplier__organisation")
    offer = rows.filter(pk=key, state__in=Offer.LIVING).first()
    if offer is None:
        raise NotFound
    today, words = clock.today(), Words(offer.kind_id)
    limit = paid_in_full_up_to(offer, on=today)
    priced = offer.variants.filter(active=True, current__isnull=False)
    sizes = [
        (one, one.current)
        for one in priced.select_related("current").order_by("created_at")[:MOST_SIZES]
        if one.current is not None
    ]
    columns = [span for span in words.spans if any(words.made_for(span, now.parameters) for _one, now in sizes)]
    found = [
        SizeShown(
            size_text(one.label),
            now.price,
            None if limit is None else max(now.price - limit, Decimal(0)),
            _in_words(words.facts(now.parameters)),
            [words.made_for(span, now.parameters) for span in columns],
            _in_words(words.facts(now.parameters, but=columns)),
        )
        for one, now in sizes
    ]
    is_sold = offer.state == Offer.State.ACTIVE and may_take_orders(offer.supplier, today)
    left_out = priced.count() - len(found) if len(found) == MOST_SIZES else 0
    return OfferShown(offer, is_sold, found, left_out, limit, [words.span(span) for span in columns])


@dataclass(frozen=True, slots=True)
class PriceChange:
    """A price of a size that was not as before.

    Attributes:
        label: size or model.
        at: since when.
        before: tenge per unit until then.
        price: since then.
        share: by how much, in per cent with its sign.
    """

    label: str
    at: datetime
    before: Decimal
    price: Decimal
    share: str


@dataclass(frozen=True, slots=True)
class PriceHistory:
    """How the prices of an offer have changed, the newest first.

    Attributes:
        changes: of this piece.
        after: where the next piece, of older ones, begins; "" where there is none.
        is_later: whether newer ones go before.
        since: when there has been a price at all.
    """

    changes: Sequence[PriceChange]
    after: str
    is_later: bool
    since: datetime | None


def price_history(key: UUID, after: str = "") -> PriceHistory:
    """How the prices of an offer have changed, ``MOST_CHANGES`` at a time; the caller has found the offer (two queries,
    however often they have changed).

    Args:
        key: of the offer.
        after: the place behind which it is read, as ``PriceHistory.after`` said it; what is no place is the beginning.
    """
    versions = OfferVersion.objects.filter(variant__offer=key)
    before = Window(Lag("price"), partition_by="variant", order_by="n")
    # versions behind the place are older: what was before each of them is behind it, too
    place = _place(after)
    behind = versions.filter(_behind(*place)) if place else versions
    changed = behind.annotate(before=before).filter(before__isnull=False).exclude(before=F("price"))
    rows = changed.order_by("-valid_from", "-pk").values_list("variant__label", "valid_from", "before", "price", "pk")
    found = list(rows[: MOST_CHANGES + 1])
    last = found[MOST_CHANGES - 1] if len(found) > MOST_CHANGES else None
    return PriceHistory(
        [
            PriceChange(size_text(label), at, was, price, per_cent(was, price))
            for label, at, was, price, _key in found[:MOST_CHANGES]
        ],
        f"{last[1].timestamp() * 1_000_000:.0f}.{last[4]}" if last else "",
        place is not None,
        versions.aggregate(first=Min("valid_from"))["first"],
    )


#: Digits of a moment in microseconds.
_LONGEST_MOMENT: Final = 18


def _place(after: str) -> tuple[datetime, UUID] | None:
    told, _dot, key = after.partition(".")
    found = read_key(key)
    if found is None or not told.isdecimal() or len(told) > _LONGEST_MOMENT:
        return None
    try:
        return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=int(told)), found
    except OverflowError:
        return None


def _behind(at: datetime, key: UUID) -> Q:
    return Q(valid_from__lt=at) | Q(valid_from=at, pk__lt=key)


@dataclass(frozen=True, slots=True)
class Listed:
    """An offer of a list: the price of its cheapest size, what the person pays of it, days to deliver, and what each of
    its sizes tells.
    """

    offer: Offer
    price: Decimal
    own: Decimal | None
    days: int
    sizes: Sequence[Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class ListShown:
    """Offers of a kind that reach a place, in their order; ``left_out`` are not told.

    ``provision`` says how people there get it, where they do not choose and order it on the portal.
    """

    kind: Kind
    offers: Sequence[Listed]
    left_out: int
    provision: str


def list_shown(kind: Kind, place: str, narrowed: Narrowed = ALL) -> ListShown:
    """Offers of a kind that reach a place, in the order in which they stand for a person of whom nothing is known:
    those that cost nothing, then by days to deliver, then in an order that changes daily; never cheapest first by
    itself (S0.18). With ``narrowed`` only what is wanted, at the prices of the sizes that are (six queries at most).
    """
    today = clock.today()
    placed, listed = _listed(kind, place, narrowed=narrowed)
    here = provided(kind, territory_code=place, on=today)
    provision = "" if here.can_be_ordered(today) else provided_in_words(here)
    return ListShown(kind, listed, len(placed) - len(listed), provision)


def _listed(
    kind: Kind, place: str, *, narrowed: Narrowed = ALL, among: Collection[UUID] | None = None
) -> tuple[Sequence[UUID], list[Listed]]:
    """Keys of the offers that reach a place in their order, and the first ``MOST_OFFERS`` of them."""
    today = clock.today()
    known = AMOUNTS.at(kind.code, territory_code=place, on=today)
    limit = known.amount if known is not None else Decimal(0)
    asked = Requirement(kind.code, {})
    placed = ranked(Chooser(place), asked, limit=limit, on=today, among=among, narrowed=narrowed)
    keys = placed[:MOST_OFFERS]
    found = Offer.objects.select_related("supplier__organisation", "kind").in_bulk(keys)
    sizes: dict[UUID, list[tuple[Decimal, Mapping[str, object]]]] = defaultdict(list)
    sold = Variant.objects.filter(offer__in=keys, active=True, current__isnull=False).order_by("created_at")
    for key, price, parameters in sold.values_list("offer", "current__price", "current__parameters"):
        if narrowed.takes(parameters):
            sizes[key].append((price, parameters))
    listed = []
    for key in keys:
        # one that was taken off in this moment is none any more
        if key in found and sizes[key]:
            price = min(one for one, _parameters in sizes[key])
            own = None if known is None else max(price - known.amount, Decimal(0))
            listed.append(Listed(found[key], price, own, found[key].delivery_days, [one for _price, one in sizes[key]]))
    return placed, listed


def side_by_side_shown(kind: Kind, place: str, chosen: Iterable[str]) -> tuple[list[Listed], list[Fact]]:
    """Offers of a kind that reach a place (keys as text; at most ``MOST_COMPARED``) and what is compared of them, for
    somebody of whom nothing is known: of prices the lowest, of parameters what any of the sizes has (five queries).
    """
    keys = [key for one in chosen if (key := read_key(one))]
    _placed, listed = _listed(kind, place, among=keys[:MOST_COMPARED])
    facts = [
        fact(_("The person pays from"), [own_part(one.own, tenge_text(one.own or 0)) for one in listed]),
        fact(_("Price from"), [tenge_text(one.price) for one in listed]),
        fact(_("Days to deliver"), [str(one.days) for one in listed]),
        fact(_("Warranty"), [warranty_text(one.offer.warranty_months) for one in listed]),
        fact(_("Supplier"), [one.offer.supplier.organisation.name for one in listed]),
        fact(_("Maker"), [one.offer.maker for one in listed]),
        *parameters_beside(Words(kind.code), Requirement(kind.code, {}), [one.sizes for one in listed]),
    ]
    return listed, [one for one in facts if any(one.values)]


def own_part(own: Decimal | None, text: str) -> str:
    """What the person pays, in words; ``text`` is the amount."""
    if own is None:
        return _("not known yet")
    return text if own else _("nothing")
