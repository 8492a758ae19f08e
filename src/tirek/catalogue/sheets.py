"""Offers for a person as the pages of ordering show them: what fits and why, in words, and who pays what."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Final, NamedTuple
from uuid import UUID

from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.models import Offer, OfferVersion, Variant
from tirek.catalogue.narrowing import ALL, Narrowed
from tirek.catalogue.queries import (
    BEST_FIRST,
    Listed,
    guaranteed_amount,
    offer_for_order,
    rated_variants,
)
from tirek.catalogue.ranking import offers_by_key, ranking
from tirek.catalogue.rules import Requirement, Verdict
from tirek.catalogue.words import AskedInWords, PriceTold, ReasonInWords, Words, told_price, warranty_text
from tirek.core import clock
from tirek.core.errors import Text
from tirek.core.keys import read_key
from tirek.people.models import Person
from tirek.ui.text import tenge_text

#: Offers that are put side by side, and values that the sizes of one of them tell in one cell.
MOST_COMPARED: Final = 4
_MOST_VALUES: Final = 6


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
class Size:
    """A size or model that can be chosen.

    Attributes:
        version: its present version.
        label: its name.
        fits: whether it is known to fit.
        barred: whether the programme requires something else, so that it cannot be ordered.
        reason: why it fits or not, the gravest; nothing where nothing is compared.
        stock: units that can be ordered.
        each: the person's part of one unit, tenge.
        price: the same in words.
    """

    version: OfferVersion
    label: str
    fits: bool
    barred: bool
    reason: ReasonInWords | None
    stock: int
    each: Decimal
    price: PriceTold


@dataclass(frozen=True)
class OfferSheet:
    """One offer with all that a page says of it.

    Attributes:
        offer: with its supplier.
        variants: sizes and models, those that fit first.
        sizes: those of them in stock.
        limit: what the budget pays for one, tenge.
        price: what the person pays for the first of them, in words; nothing for an offer without sizes.
        asked: what the line asks for, in words.
    """

    offer: Offer
    variants: list[SheetVariant]
    sizes: list[Size]
    limit: Decimal
    price: PriceTold | None
    asked: AskedInWords

    @property
    def barred(self) -> bool:
        """Whether the line requires something that none of the sizes in stock is."""
        return bool(self.sizes) and all(one.barred for one in self.sizes)


@dataclass(frozen=True)
class ListedOffer:
    """An offer of a list as a page shows it: why it fits or not, worst first, and what the person pays, in words."""

    one: Listed
    reasons: list[ReasonInWords]
    price: PriceTold


def sheet(
    key: UUID, person: Person, asked: Requirement, *, quantity: int, at_counter: bool, on: date | None = None
) -> OfferSheet:
    """One offer for a person who may order it, with the price of ``quantity`` units.

    Raises:
        NotFound: there is none for the person's place.
    """
    offer = offer_for_order(key, territory_code=person.territory_id)
    rated, words = rated_variants(offer, person, asked), Words(asked.kind_code)
    rated.sort(key=lambda one: (one[0].stock == 0, BEST_FIRST[one[2].verdict]))
    limit = guaranteed_amount(asked.kind_code, territory_code=person.territory_id, on=on or clock.today()).amount
    variants = [
        SheetVariant(variant, version, words.reasons(fit), words.facts(version.parameters))
        for variant, version, fit in rated
    ]
    each = [max(version.price - limit, Decimal(0)) for _variant, version, _fit in rated]
    return OfferSheet(
        offer=offer,
        variants=variants,
        sizes=[
            Size(
                version,
                variant.label,
                fit.verdict is Verdict.FITS,
                fit.barred is not None,
                next(iter(shown.reasons), None),
                variant.stock,
                part,
                told_price(part, 1, at_counter=at_counter),
            )
            for (variant, version, fit), shown, part in zip(rated, variants, each, strict=True)
            if variant.stock > 0
        ],
        limit=limit,
        price=told_price(each[0], quantity, at_counter=at_counter, unit=words.unit_code) if each else None,
        asked=words.asked(asked),
    )


def list_for(
    person: Person,
    asked: Requirement,
    keys: Sequence[UUID],
    *,
    quantity: int,
    at_counter: bool,
    narrowed: Narrowed = ALL,
) -> list[ListedOffer]:
    """Offers for a person in the order of their keys, each with the reasons and the price of ``quantity`` units."""
    words = Words(asked.kind_code)
    return [
        ListedOffer(
            one,
            words.reasons(one.fit),
            told_price(one.person_pays, quantity, at_counter=at_counter, unit=words.unit_code),
        )
        for one in offers_by_key(person, asked, keys, narrowed=narrowed)
    ]


class Fact(NamedTuple):
    """One row of a comparison.

    Attributes:
        name: of what is compared.
        values: of each offer, in words; "" where it has none.
        differs: whether the offers differ in it.
    """

    name: Text
    values: list[str]
    differs: bool


def _marked(code: str, asked: Requirement) -> Text:
    """How a parameter is called beside what the programme says of it."""
    if code not in asked.recommended:
        return "%(name)s"
    return _("%(name)s (must match)") if code in asked.must else _("%(name)s (recommended)")


def side_by_side(
    person: Person, asked: Requirement, chosen: Collection[str], *, quantity: int, at_counter: bool
) -> tuple[list[ListedOffer], list[Fact]]:
    """Some offers (keys as text), and what is compared of them: fit, price, delivery, warranty, who makes and brings
    it, and the parameters that any of them has.
    """
    keys = ranking(person, asked, among=[key for one in chosen if (key := read_key(one))])
    listed = list_for(person, asked, keys, quantity=quantity, at_counter=at_counter)
    words = Words(asked.kind_code)
    facts = [
        fact(
            _("Does it fit?"),
            [" ".join(one.text for one in row.reasons) or words.verdict(row.one.fit) for row in listed],
        ),
        fact(_("The person pays") if at_counter else _("You pay"), [row.price.text for row in listed]),
        fact(_("Price of one"), [tenge_text(row.one.version.price) for row in listed]),
        fact(_("Days to deliver"), [str(row.one.version.delivery_days) for row in listed]),
        fact(_("Warranty"), [warranty_text(row.one.version.warranty_months) for row in listed]),
        fact(_("Supplier"), [row.one.offer.supplier.organisation.name for row in listed]),
        fact(_("Maker"), [row.one.offer.maker for row in listed]),
        *parameters_beside(words, asked, [[row.one.version.parameters] for row in listed]),
    ]
    return listed, [one for one in facts if any(one.values)]


def fact(name: Text, values: list[str]) -> Fact:
    """A row of a comparison, which knows whether its values differ."""
    return Fact(name, values, len(set(values)) > 1)


def parameters_beside(
    words: Words, asked: Requirement, offers: Sequence[Sequence[Mapping[str, object]]]
) -> Iterator[Fact]:
    """What is compared of the parameters of offers: a row for each, and one for a column of the size chart.

    Args:
        words: of the kind.
        asked: what the programme asks for; it is marked.
        offers: for each offer the parameters of the sizes that stand for it; what differs among them is told of each.
    """

    def told(of: Callable[[Mapping[str, object]], str]) -> list[str]:
        return [_some([*dict.fromkeys(filter(None, map(of, sizes)))]) for sizes in offers]

    # the ends of a column of the size chart are one fact, unless the programme asks for one of them
    columns = {one.low: one for one in words.spans if not {one.low, one.high} & set(asked.recommended)}
    ends = {one.high for one in columns.values()}
    for code in words.parameters:
        if code in columns:
            yield fact(words.measured(columns[code]), told(partial(words.made_for, columns[code])))
        elif code not in ends:
            name = str(_marked(code, asked)) % {"name": capfirst(words.parameter(code))}
            yield fact(name, told(partial(_value, words, code)))


def _some(values: Sequence[str]) -> str:
    told = ", ".join(values[:_MOST_VALUES])
    left_out = len(values) - _MOST_VALUES
    return told if left_out <= 0 else gettext("%(values)s and %(n)s more") % {"values": told, "n": left_out}


def _value(words: Words, code: str, parameters: Mapping[str, object]) -> str:
    return words.value(code, parameters.get(code))
