"""An offer's card as pages of its supplier and of the office show it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from tirek.catalogue import documents
from tirek.catalogue.changes import SAID, is_borrowed
from tirek.catalogue.models import Offer, Variant
from tirek.catalogue.offers import places_in_words
from tirek.catalogue.words import Words
from tirek.core import clock
from tirek.core.errors import Text


@dataclass(frozen=True, slots=True)
class SizeShown:
    """A size of a card with its price and its parameters in words."""

    variant: Variant
    price: Decimal | None
    facts: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Card:
    """A card in words.

    Attributes:
        offer: with its kind and its supplier.
        words: names and descriptions in each language: label, name, description, what is in the box.
        places: where it is delivered.
        sizes: those that are offered.
    """

    offer: Offer
    words: Sequence[tuple[Text | str, ...]]
    places: Sequence[str]
    sizes: Sequence[SizeShown]

    @property
    def title(self) -> str:
        """What it is called: its name, else its kind."""
        return title_of(self.offer)


def title_of(offer: Offer) -> str:
    """What an offer is called: its name, else its kind."""
    return offer.name or offer.name_ru or offer.name_kk or capfirst(offer.kind.name)


def sizes_of(offer: Offer) -> list[SizeShown]:
    """The sizes that an offer has now, with their parameters in words (four queries at most)."""
    words = Words(offer.kind_id)
    rows = offer.variants.filter(active=True).select_related("current").order_by("created_at")
    return [
        SizeShown(
            one,
            one.current.price if one.current else None,
            [(capfirst(name), value) for name, value in words.facts(one.current.parameters)] if one.current else [],
        )
        for one in rows
    ]


def card_of(offer: Offer) -> Card:
    """The card of an offer (six queries at most)."""
    told: Mapping[str, Text] = {"kk": _("In Kazakh"), "ru": _("In Russian"), "en": _("In English")}
    words = [(label, *(_said(offer, part, code) for part in SAID)) for code, label in told.items()]
    return Card(offer, words, places_in_words(offer), sizes_of(offer))


def _said(offer: Offer, part: str, language: str) -> str:
    return "" if language == "en" and is_borrowed(offer, part) else str(getattr(offer, f"{part}_{language}"))


@dataclass(frozen=True, slots=True)
class Told:
    """What everybody reads of the ground on which an offer stands.

    Attributes:
        places: where it is delivered.
        documents: those that hold today: what it is, and its last day where it has one.
    """

    places: Sequence[str]
    documents: Sequence[tuple[str, date | None]]


def told_of(offer: Offer) -> Told:
    """Where an offer is delivered and by which documents it is sold (three queries)."""
    today = clock.today()
    held = [one for one in documents.counting(offer) if documents.is_valid(one, today)]
    return Told(
        places_in_words(offer),
        [(capfirst(one.get_sort_display()), one.valid_until) for one in held],
    )
