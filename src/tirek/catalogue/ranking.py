"""The order in which offers stand for a person, and what of them is chosen: never cheapest first by itself (S0.18)."""

import json
import sys
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Final, NamedTuple, overload
from uuid import UUID

from django.db.models import TextField
from django.db.models.functions import Cast

from tirek.catalogue import rules
from tirek.catalogue.models import Offer, OfferVersion, Variant
from tirek.catalogue.narrowing import ALL, Narrowed, Sort
from tirek.catalogue.queries import (
    BEST_FIRST,
    Listed,
    comparisons,
    fit_of,
    guaranteed_amount,
    measured_values,
    offers_of,
    reaching,
)
from tirek.catalogue.rules import Requirement
from tirek.core import clock
from tirek.core.database.compiled import CompiledObject
from tirek.core.likeness import Letters
from tirek.core.spelling import plain
from tirek.people.models import Person


class Ranked(Sequence[UUID]):
    """Keys in an order, made of their texts where they are asked for: of hundreds a page takes twenty."""

    def __init__(self, texts: list[str]) -> None:
        self._texts = texts

    def __len__(self) -> int:
        return len(self._texts)

    @overload
    def __getitem__(self, place: int) -> UUID: ...
    @overload
    def __getitem__(self, place: slice) -> list[UUID]: ...
    def __getitem__(self, place: int | slice) -> UUID | list[UUID]:
        found = self._texts[place]
        return UUID(found) if isinstance(found, str) else [UUID(one) for one in found]


@dataclass(frozen=True, slots=True)
class Chooser:
    """For whom offers stand in an order.

    Attributes:
        place: КАТО code of the district or region that they have to reach.
        measured: what is known of the body (``queries.measured_values``); empty of somebody who is not known.
    """

    place: str
    measured: Mapping[str, object] = field(default_factory=dict)


def ranking(
    person: Person,
    asked: Requirement,
    *,
    on: date | None = None,
    among: Collection[UUID] | None = None,
    narrowed: Narrowed = ALL,
) -> Ranked:
    """Keys of the offers for a person (``ranked``).

    Raises:
        RuleBroken: no guaranteed amount of the kind is in force.
    """
    day = on or clock.today()
    limit = guaranteed_amount(asked.kind_code, territory_code=person.territory_id, on=day).amount
    chooser = Chooser(person.territory_id, measured_values(person, on=day))
    return ranked(chooser, asked, limit=limit, on=day, among=among, narrowed=narrowed)


def ranked(
    chooser: Chooser,
    asked: Requirement,
    *,
    limit: Decimal,
    on: date,
    among: Collection[UUID] | None = None,
    narrowed: Narrowed = ALL,
) -> Ranked:
    """Keys of the offers for somebody: those that fit first, among them those that cost the person nothing, then by
    days to deliver, then in an order that changes daily; or in the order that the person has chosen, in which what does
    not fit or cannot be had still stands last.

    Three queries at most, whatever the number of offers, and one more where words are looked for; only what the order
    needs is read of each.

    Args:
        chooser: for whom.
        asked: what the programme asks for.
        limit: what the budget pays of one at most, tenge; 0 where that is not known.
        on: the day.
        among: only these are looked at.
        narrowed: only what is wanted.
    """
    offers = reaching(chooser.place, on=on).filter(kind=asked.kind_code)
    if among is not None:
        offers = offers.filter(offer__in=among)
    rated = _ratings(chooser.measured, asked)
    taken = _taken(narrowed)
    on_sale = Variant.objects.filter(active=True, current__isnull=False)
    variants = on_sale.filter(offer__in=offers.values("offer")).order_by("created_at")
    # keys as texts: there are hundreds, and a text is compared sooner
    offer_key, version_key = Cast("offer_id", TextField()), Cast("current_id", TextField())
    sold = list(variants.values_list(offer_key, "stock", version_key))
    versions = _versions([version for _offer, _stock, version in sold])
    found: dict[str, _Place] = {}
    compared = 2 if chooser.measured or asked.recommended else 3
    for (offer, stock, _version), (parameters, price, days) in zip(sold, versions, strict=True):
        if not taken(parameters):
            continue
        place = _Place(stock == 0, BEST_FIRST[rated(parameters)], max(price - limit, _NOTHING), days)
        # of equal sizes the first one stands for the offer; for somebody who is not known, the cheapest
        known = found.get(offer)
        if known is None or place[:compared] < known[:compared]:
            found[offer] = place
    wanted = _named(narrowed.words, [one for one in found if found[one].is_wanted(narrowed)])
    order = _ORDERS[narrowed.sort]
    return Ranked(sorted(wanted, key=lambda offer: (*order(found[offer]), rules.turn(offer, on))))


_NOTHING: Final = Decimal(0)


class _Place(NamedTuple):
    """What places an offer among others: of the size of it that stands for it."""

    is_sold_out: bool
    verdict: int
    pays: Decimal
    days: int

    def is_wanted(self, narrowed: Narrowed) -> bool:
        """Whether it is what the person has narrowed the list to."""
        return (
            not (narrowed.in_stock and self.is_sold_out)
            and not (narrowed.free and self.pays)
            and not (narrowed.fits and self.verdict != BEST_FIRST[rules.Verdict.FITS])
        )

    @property
    def is_last(self) -> bool:
        """Whether it stands behind the others in every order."""
        return self.is_sold_out or self.verdict == BEST_FIRST[rules.Verdict.DOES_NOT_FIT]


_ORDERS: Final[Mapping[Sort, Callable[[_Place], tuple[object, ...]]]] = {
    Sort.FIT: lambda one: (one.is_sold_out, one.verdict, one.pays > 0, one.days),
    Sort.PAYS: lambda one: (one.is_last, one.pays, one.verdict, one.days),
    Sort.DAYS: lambda one: (one.is_last, one.days, one.verdict, one.pays > 0),
}


def _taken(narrowed: Narrowed) -> Callable[[str], bool]:
    """``(parameters as JSON) -> whether they are wanted``; the same are not read twice."""
    if not narrowed.by_parameters:
        return lambda _parameters: True
    return cache(lambda parameters: narrowed.takes(json.loads(parameters)))


#: Likeness from which an offer is called by words, and the share of the best one's that the others have to have.
_CALLED: Final = 0.2
_SHARE: Final = 0.6


def _named(words: str, keys: list[str]) -> list[str]:
    """Those of the offers that words name: by the name, the maker or the supplier, with slips, in any of the languages
    (one query; none without words).
    """
    if not plain(words) or not keys:
        return keys
    own = ("name_kk", "name_ru", "name_en")
    names = (*own, "maker", *(f"supplier__organisation__{one}" for one in own))
    rows = Offer.objects.filter(pk__in=keys).values_list(Cast("pk", TextField()), *names)
    alike = Letters((key, text) for key, *texts in rows for text in texts).alike(words)
    least = max(_CALLED, _SHARE * max(alike.values(), default=0.0))
    return [one for one in keys if alike.get(one, 0.0) >= least]


#: Versions whose order in a list is remembered: some ten megabytes in a process.
MOST_VERSIONS: Final = 30_000
_known_versions: dict[str, tuple[str, Decimal, int]] = {}


def _versions(keys: Sequence[str]) -> list[tuple[str, Decimal, int]]:
    """Parameters as text, price and days to deliver of versions, in the order of the keys. A version never changes:
    each is read once by a process (one query at most).
    """
    found = [_known_versions.get(key) for key in keys]
    unknown = {key for key, known in zip(keys, found, strict=True) if known is None}
    if not unknown:
        return [known for known in found if known is not None]
    # as text: many offers are alike, and are compared once
    key_told, told = Cast("pk", TextField()), Cast("parameters", TextField())
    rows = OfferVersion.objects.filter(pk__in=unknown).values_list(key_told, told, "price", "delivery_days")
    if len(_known_versions) + len(unknown) > MOST_VERSIONS:
        _known_versions.clear()
    read = {}
    for key, parameters, price, days in rows:
        read[key] = _known_versions[key] = (sys.intern(parameters), price, days)
    return [known or read[key] for key, known in zip(keys, found, strict=True)]


def _ratings(measured: Mapping[str, object], asked: Requirement) -> Callable[[str], rules.Verdict]:
    """``(parameters as JSON) -> verdict`` for one person: what does not tell on it is not compared, and the same not
    twice.
    """
    telling = sorted({rule.parameter for rule in comparisons(asked.kind_code)} | set(asked.recommended))
    known: dict[str, rules.Verdict] = {}

    @cache
    def rated(parameters: str) -> rules.Verdict:
        values = json.loads(parameters)
        told = {name: values[name] for name in telling if name in values}
        key = repr(told)
        if key not in known:
            known[key] = fit_of(measured, asked, told).verdict
        return known[key]

    return rated


_OFFERS: Final[CompiledObject[Offer]] = CompiledObject(
    lambda keys: Offer.objects.filter(pk__any_of=keys).select_related("supplier__organisation", "kind"), keys=list
)
_SIZES: Final[CompiledObject[Variant]] = CompiledObject(
    lambda offers: (
        Variant.objects.filter(active=True, offer__any_of=offers).select_related("current").order_by("created_at")
    ),
    offers=list,
)


def offers_by_key(
    person: Person,
    asked: Requirement,
    keys: Sequence[UUID],
    *,
    on: date | None = None,
    narrowed: Narrowed = ALL,
) -> list[Listed]:
    """Offers that ``ranking`` names, in this order, each with the variant that fits best of those that are wanted
    (four queries).
    """
    day = on or clock.today()
    limit = guaranteed_amount(asked.kind_code, territory_code=person.territory_id, on=day).amount
    measured = measured_values(person, on=day)
    offers = {one.pk: one for one in _OFFERS.all(keys=keys)}
    sizes: dict[UUID, list[Variant]] = defaultdict(list)
    for one in _SIZES.all(offers=keys):
        if one.current is not None and narrowed.takes(one.current.parameters):
            sizes[one.offer_id].append(one)
    found = []
    for key in keys:
        best = _best(sizes[key], measured, asked) if key in offers else None
        if best is not None:
            variant, version, fit, others = best
            pays = max(version.price - limit, Decimal(0))
            found.append(Listed(offers[key], variant, version, fit, limit, pays, others))
    return found


def offers_that_fit(person: Person, asked: Requirement, *, on: date | None = None) -> list[Listed]:
    """Every offer for a person in the order of ``ranking``."""
    return offers_by_key(person, asked, ranking(person, asked, on=on), on=on)


def only_one_that_fits(person: Person, asked: Requirement, quantity: int) -> OfferVersion | None:
    """The size of an offer in a person's district of which ``quantity`` can be had today, where it is the only one that
    is known to fit; ``None`` where there is none, or a choice (six queries at most).

    Raises:
        RuleBroken: no guaranteed amount of the kind is in force.
    """
    keys = ranking(person, asked, narrowed=Narrowed(fits=True, in_stock=True))
    if len(keys) != 1:
        return None
    measured = measured_values(person, on=clock.today())
    found = [
        (one, one.current)
        for one in _SIZES.all(offers=list(keys))
        if one.current is not None
        and one.stock > 0
        and fit_of(measured, asked, one.current.parameters).verdict is rules.Verdict.FITS
    ]
    return found[0][1] if len(found) == 1 and found[0][0].stock >= quantity else None


def other_size_that_fits(
    version: OfferVersion, person: Person, asked: Requirement, quantity: int
) -> OfferVersion | None:
    """The size of the same offer of which ``quantity`` can be had today, where it is the only one that is known to fit;
    ``None`` where there is none, or a choice (three queries at most).
    """
    measured, offer = measured_values(person, on=clock.today()), version.variant.offer_id
    found = [
        one
        for one in _SIZES.all(offers=[offer])
        if one.current is not None and fit_of(measured, asked, one.current.parameters).verdict is rules.Verdict.FITS
    ]
    if len(found) != 1 or found[0].stock < quantity:
        return None
    offers = offers_of(version.variant.offer.kind, on=clock.today(), territory_code=person.territory_id)
    return found[0].current if offers.filter(pk=offer).exists() else None


def _best(
    variants: Iterable[Variant], measured: Mapping[str, object], asked: Requirement
) -> tuple[Variant, OfferVersion, rules.Fit, int] | None:
    rated = [
        (variant, variant.current, fit_of(measured, asked, variant.current.parameters))
        for variant in variants
        if variant.current is not None
    ]
    if not rated:
        return None
    variant, version, fit = min(rated, key=lambda row: (row[0].stock == 0, BEST_FIRST[row[2].verdict]))
    return variant, version, fit, len(rated) - 1
