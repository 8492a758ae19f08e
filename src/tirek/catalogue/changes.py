"""What a change of an offer changes: old and new, field by field, and whether it holds at once or goes to admission.

Which fields are safe is reference data (``offer.change.*``): what nobody is misled by holds at once. A new price is not
admitted: it is a new version for new orders only.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.models import Offer, OfferPhoto, Proposal, Variant
from tirek.catalogue.rules import VariantCard
from tirek.catalogue.words import Words
from tirek.core import clock, reference
from tirek.core.errors import Text
from tirek.territory.queries import names
from tirek.ui.text import NO_BREAK, country_text, number_text, tenge_text, typed_number_text

#: By what a column of the card is known in the reference data.
GROUPS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("name_kk", "name_ru", "name_en", "description_kk", "description_ru", "description_en"), "words"),
    **dict.fromkeys(("included_kk", "included_ru", "included_en"), "included"),
    **dict.fromkeys(("maker", "country"), "maker"),
    "warranty_months": "warranty",
    "delivery_days": "delivery_days",
    "needs_fitting": "fitting",
    "delivers_to": "places",
    **dict.fromkeys(("label", "parameters"), "sizes"),
    **dict.fromkeys(("stock", "article"), "stock"),
}
#: States in which a card was admitted and can be changed.
SOLD: Final = (Offer.State.ACTIVE, Offer.State.PAUSED)
#: Columns of the card that a supplier fills in.
CARD: Final = (
    "name_kk", "name_ru", "name_en", "description_kk", "description_ru", "description_en", "included_kk", "included_ru",
    "included_en", "maker", "country", "warranty_months", "delivery_days", "needs_fitting",
    "delivers_to",
)  # fmt: skip
#: Columns of the card that a version of a size carries.
OF_VERSIONS: Final = frozenset({"warranty_months", "delivery_days"})
#: Columns that no card that people see is without.
NEVER_EMPTY: Final = (
    "name_kk", "name_ru", "description_kk", "description_ru", "maker", "country", "delivery_days", "delivers_to",
)  # fmt: skip
#: What is said in each language.
SAID: Final = ("name", "description", "included")
KEY: Final = "offer.change."
AT_ONCE: Final = "at_once"
#: What a new size is called in a proposal, before a number.
NEW: Final = "new-"
LABELS: Final[Mapping[str, Text]] = {
    "name_kk": _("Name in Kazakh"),
    "name_ru": _("Name in Russian"),
    "name_en": _("Name in English"),
    "description_kk": _("Description in Kazakh"),
    "description_ru": _("Description in Russian"),
    "description_en": _("Description in English"),
    "included_kk": _("What is in the box, in Kazakh"),
    "included_ru": _("What is in the box, in Russian"),
    "included_en": _("What is in the box, in English"),
    "maker": _("Maker"),
    "country": _("Country"),
    "warranty_months": _("Warranty, months"),
    "delivery_days": _("Days to deliver"),
    "needs_fitting": _("Needs a fitting, made to order"),
    "delivers_to": _("Where it is delivered"),
    "label": _("Size or model"),
    "article": _("Your article number"),
    "price": _("Price of one"),
    "stock": _("In stock"),
}


def is_borrowed(offer: Offer, part: str) -> bool:
    """Whether nobody wrote the English text of a part (``name``, ``description``, ``included``): it is the Russian."""
    return getattr(offer, f"{part}_en") in {"", getattr(offer, f"{part}_ru")}


def with_english(offer: Offer, given: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of a card, to which the English texts are added that follow the Russian ones: what is not said in English
    is read in Russian, also when the Russian is written anew.
    """
    found = dict(given)
    for part in SAID:
        english, russian = f"{part}_en", f"{part}_ru"
        if english not in given and russian not in given:
            continue
        wanted = given.get(english, getattr(offer, english))
        if not wanted or (is_borrowed(offer, part) and wanted == getattr(offer, english)):
            found[english] = given.get(russian, getattr(offer, russian))
    return found


def is_safe(column: str) -> bool:
    """Whether a change of a column holds at once (reference data of today)."""
    return reference.value(f"{KEY}{GROUPS[column]}", at=clock.today()).text == AT_ONCE


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of a change.

    Attributes:
        name: of the field, with the size it is of.
        before: what stands there; "" for nothing.
        after: what is to stand there.
        at_once: whether it holds at once; otherwise it goes to admission.
    """

    name: Text
    before: str
    after: str
    at_once: bool


def per_cent(before: Decimal, after: Decimal) -> str:
    """By how much a price changes: "+12,5 %"; "" where nothing can be compared."""
    if not before:
        return ""
    change = ((after - before) * 100 / before).quantize(Decimal("0.1"))
    sign = "+" if change > 0 else "\u2212" if change < 0 else ""
    return f"{sign}{typed_number_text(abs(change).normalize() + 0)}{NO_BREAK}%"


def price_difference(name: Text, before: Decimal | None, after: Decimal) -> Difference:
    """A new price beside the old one, with the change in per cent."""
    share = per_cent(before, after) if before is not None else ""
    told = f"{tenge_text(after)} ({share})" if share else tenge_text(after)
    return Difference(name, tenge_text(before) if before is not None else "", told, at_once=True)


def _shown(column: str, value: Any, places: Mapping[str, str]) -> str:  # noqa: ANN401 - any column
    if column == "delivers_to":
        return ", ".join(places.get(str(code), str(code)) for code in value)
    if column == "country":
        return country_text(str(value)) if value else ""
    if column == "needs_fitting":
        return str(_("yes") if value else _("no"))
    return number_text(value) if isinstance(value, int) else str(value)


def of_card(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """The columns of a card that differ (one query where places do)."""
    differ = [name for name in LABELS if name in after and before.get(name) != after[name]]
    codes = [str(code) for told in (before, after) for code in told.get("delivers_to", ())]
    places = names(codes) if "delivers_to" in differ else {}
    return [
        Difference(
            LABELS[name], _shown(name, before.get(name, ""), places), _shown(name, after[name], places), is_safe(name)
        )
        for name in differ
    ]


def of_size(words: Words, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """What differs of a size, parameter by parameter; a size that is new has no ``before``."""
    of = str(before.get("label") or after.get("label") or "")
    is_new, found = not before, []
    whole = is_safe("label")
    for name in ("label", "article", "stock"):
        if name in after and before.get(name) != after[name] and (after[name] != "" or before.get(name)):
            safe = whole if is_new else is_safe(name)
            old = _shown(name, before.get(name, ""), {})
            found.append(Difference(f"{of}: {LABELS[name]}", old, _shown(name, after[name], {}), safe))
    if "price" in after and before.get("price") != after["price"]:
        old_price = before.get("price")
        told = price_difference(
            f"{of}: {LABELS['price']}", Decimal(old_price) if old_price else None, Decimal(after["price"])
        )
        found.append(Difference(told.name, told.before, told.after, at_once=whole or not is_new))
    if "parameters" in after:
        was, now = before.get("parameters", {}), after["parameters"]
        found += [
            Difference(
                f"{of}: {capfirst(words.parameter(code))}",
                words.value(code, was.get(code)),
                words.value(code, now.get(code)),
                whole,
            )
            for code in words.parameters
            if was.get(code) != now.get(code)
        ]
    return found


def of_proposal(offer: Offer, proposal: Proposal, photos: Iterable[OfferPhoto]) -> list[Difference]:
    """What a proposal changes, beside what stands there, or stood there when it was sent; photos that are new."""
    stood = proposal.before or standing(offer, proposal)
    words, found = Words(offer.kind_id), of_card(stood["card"], proposal.card)
    for key, wanted in proposal.sizes.items():
        found += of_size(words, stood["sizes"].get(key, {}), wanted)
    found += [Difference(_("New photo"), "", one.alt, at_once=False) for one in photos if not one.admitted]
    return found


def as_card(variant: Variant) -> VariantCard:
    """A size as it is; the price of one without a version is 0."""
    now = variant.current
    price, parameters = (now.price, now.parameters) if now else (Decimal(0), {})
    return VariantCard(variant.label, price, variant.stock, parameters, variant.article)


def as_told(one: VariantCard) -> dict[str, Any]:
    """A size as ``of_size`` compares it."""
    return {
        "label": one.label,
        "article": one.article,
        "price": str(one.price) if one.price else "",
        "stock": one.stock,
        "parameters": dict(one.parameters),
    }


def told_of(card: VariantCard) -> dict[str, Any]:
    """What of a size can be proposed; a price is not: it is never admitted."""
    return {"label": card.label, "article": card.article, "stock": card.stock, "parameters": dict(card.parameters)}


def next_key(sizes: Mapping[str, Any], label: str) -> str:
    """Under what a new size is kept: one of this label that is proposed already is written anew."""
    same = next((key for key, one in sizes.items() if key.startswith(NEW) and one["label"] == label), "")
    taken = [int(key.removeprefix(NEW)) for key in sizes if key.startswith(NEW)]
    return same or f"{NEW}{max(taken, default=0) + 1}"


def standing(offer: Offer, proposal: Proposal) -> dict[str, Any]:
    """What stands in the place of what a proposal changes, in its shape (one query where it changes sizes)."""
    rows = offer.variants.select_related("current") if proposal.sizes else ()
    sizes = {str(one.pk): as_told(as_card(one)) for one in rows}
    return {
        "card": {name: getattr(offer, name) for name in proposal.card},
        "sizes": {key: sizes[key] for key in proposal.sizes if key in sizes},
    }


def open_proposal(offer: Offer) -> Proposal | None:
    """The change of an offer that is prepared, or before the commission (one query)."""
    return Proposal.objects.filter(offer=offer, closed_at__isnull=True).first()
