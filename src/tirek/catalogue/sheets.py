"""Offers for a person as the pages of ordering show them: what fits and why, in words, and who pays what."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from tirek.catalogue.models import Offer, OfferVersion, Variant
from tirek.catalogue.queries import (
    Listed,
    Requirement,
    guaranteed_amount,
    offer_for_order,
    offers_by_key,
    ranking,
    rated_variants,
)
from tirek.catalogue.rules import Verdict
from tirek.catalogue.words import PriceTold, ReasonInWords, Words, told_price
from tirek.core import clock
from tirek.core.keys import read_key
from tirek.people.models import Person


@dataclass(frozen=True)
class SheetVariant:
    """A size or model of an offer.

    Attributes:
        variant: with its stock.
        version: with its price, as it is now.
        reasons: why it fits or not, worst first.
        facts: its parameters by name.
    """

    variant: Variant
    version: OfferVersion
    reasons: list[ReasonInWords]
    facts: list[tuple[str, str]]


@dataclass(frozen=True)
class OfferSheet:
    """One offer with all that a page says of it.

    Attributes:
        offer: with its supplier.
        variants: sizes and models.
        choices: those in stock: key of the version, and words.
        best: what is meant when nothing is chosen yet; nothing for an offer without sizes.
        limit: what the budget pays for one.
        price: what the person pays for ``best``, in words.
    """

    offer: Offer
    variants: list[SheetVariant]
    choices: list[tuple[str, str]]
    best: OfferVersion | None
    limit: Decimal
    price: PriceTold | None


@dataclass(frozen=True)
class ListedOffer:
    """An offer of a list as a page shows it: why it fits or not, worst first, and what the person pays, in words."""

    one: Listed
    reasons: list[ReasonInWords]
    price: PriceTold


def asked_for(kind_code: str, recommended: Mapping[str, str]) -> Requirement:
    """What a line of a programme asks for."""
    return Requirement(kind_code, recommended)


def sheet(
    key: UUID, person: Person, asked: Requirement, *, quantity: int, at_counter: bool, on: date | None = None
) -> OfferSheet:
    """One offer for a person who may order it, with the price of ``quantity`` units.

    Raises:
        NotFound: there is none for the person's place.
    """
    offer = offer_for_order(key, territory_code=person.territory_id)
    rated, words = rated_variants(offer, person, asked), Words(asked.kind_code)
    best = min(rated, key=lambda one: (one[0].stock == 0, one[2].verdict is not Verdict.FITS), default=None)
    limit = guaranteed_amount(asked.kind_code, territory_code=person.territory_id, on=on or clock.today()).amount
    return OfferSheet(
        offer=offer,
        variants=[
            SheetVariant(variant, version, words.reasons(fit), words.facts(version.parameters))
            for variant, version, fit in rated
        ],
        choices=[
            (str(version.pk), f"{variant.label}: {words.verdict(fit)}")
            for variant, version, fit in rated
            if variant.stock > 0
        ],
        best=best[1] if best else None,
        limit=limit,
        price=told_price(max(best[1].price - limit, Decimal(0)), quantity, at_counter=at_counter) if best else None,
    )


def list_for(
    person: Person, asked: Requirement, keys: Sequence[UUID], *, quantity: int, at_counter: bool
) -> list[ListedOffer]:
    """Offers for a person in the order of their keys, each with the reasons and the price of ``quantity`` units."""
    words = Words(asked.kind_code)
    return [
        ListedOffer(one, words.reasons(one.fit), told_price(one.person_pays, quantity, at_counter=at_counter))
        for one in offers_by_key(person, asked, keys)
    ]


def side_by_side(
    person: Person, asked: Requirement, chosen: Collection[str], *, quantity: int, at_counter: bool
) -> tuple[list[ListedOffer], list[tuple[str, list[str]]]]:
    """Some offers (keys as text), and the parameters that any of them has: name, value of each."""
    keys = ranking(person, asked, among=[key for one in chosen if (key := read_key(one))])
    listed = list_for(person, asked, keys, quantity=quantity, at_counter=at_counter)
    words = Words(asked.kind_code)
    rows = [
        (words.parameter(code), [words.value(code, row.one.version.parameters.get(code)) for row in listed])
        for code in words.parameters
    ]
    return listed, [(name, values) for name, values in rows if any(values)]
