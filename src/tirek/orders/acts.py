"""Texts that are signed: rendered once, stored as bytes, shown and signed as they are."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from tirek.catalogue.models import GuaranteedAmount, OfferVersion
from tirek.catalogue.words import told_price
from tirek.core import reference
from tirek.entitlements.models import Line
from tirek.entitlements.reasons import Answer, Reader, of_split
from tirek.entitlements.rules import PriceSplit
from tirek.orders import items
from tirek.orders.forms.person import CONSENT_WORDS
from tirek.orders.models import Delivery, Order
from tirek.orders.requests import OrderRequest
from tirek.organisations.models import Organisation
from tirek.people.models import Person
from tirek.ui.text import moment_text, tenge_text

#: Raise with every changed word; what was signed is kept as its bytes, and shown and proved by them.
TEXT_VERSION: Final = "receipt-2026-12-7"
#: The first version that says why who pays what.
_SAYS_WHY: Final = "receipt-2026-12-4"
ORDER_TEXT_VERSION: Final = "order-2026-12-5"


def _paid_by_person(amount: Decimal, quantity: int, unit: str) -> str:
    return told_price(amount / quantity, quantity, at_counter=True, unit=unit).text


def why_paid(order: Order, reader: Reader) -> Answer:
    """Why who pays what of an order, by the amount that was used and the article of its day (one query)."""
    split = PriceSplit(order.budget_part + order.person_part, order.budget_part, order.person_part)
    guaranteed = GuaranteedAmount.objects.get(pk=order.guaranteed_reference)
    return of_split(split, guaranteed, reader=reader, on=order.placed_on)


def _why(answer: Answer) -> str:
    """Why who pays what, with the article."""
    source = reference.words_of_source(answer.citation) or answer.citation
    return _("Why: %(sentence)s %(source)s.") % {"sentence": answer.sentence, "source": source}


def _supplier(organisation: Organisation) -> str:
    """Who supplies; the IIN of an individual is told to nobody."""
    named = {"name": organisation.name, "bin": organisation.number_shown}
    if organisation.is_individual:
        return _("Supplier: %(name)s, IIN %(bin)s") % named
    return _("Supplier: %(name)s, BIN %(bin)s") % named


def _what(order: Order, delivery: Delivery, version: str, goods: Sequence[str]) -> list[str]:
    """What was handed over, with the lines of its numbers, and what is paid for it: all of the order, or a part of it;
    in words of a version.
    """
    offer, count = order.version_of_offer.variant.offer, delivery.quantity
    person_part = order.person_part if delivery.person_part is None else delivery.person_part
    part = _("This is a part: the order is %(all)s, hand-over number %(n)s.") % {"all": order.quantity, "n": delivery.n}
    return [
        _("Order: %(number)s") % {"number": order.number},
        _supplier(order.organisation),
        _("Goods: %(name)s, %(label)s") % {"name": offer.name, "label": order.version_of_offer.variant.label},
        _("Quantity: %(quantity)s") % {"quantity": count},
        *([part] if count < order.quantity else []),
        *goods,
        _("Price of one: %(price)s") % {"price": tenge_text(order.unit_price)},
        _("The budget pays: %(amount)s") % {"amount": tenge_text(order.unit_price * count - person_part)},
        _paid_by_person(person_part, count, order.line.kind.unit),
        *([_why(why_paid(order, Reader.OFFICE))] if version >= _SAYS_WHY else []),
    ]


def supplier_act(
    order: Order,
    delivery: Delivery,
    *,
    reason: str = "",
    version: str = TEXT_VERSION,
    goods: Sequence[str] | None = None,
) -> str:
    """The act of a hand-over, in the present language: built from what happened, never typed.

    ``reason`` says why an officer confirmed the hand-over without the code, ``version`` whose words are meant,
    ``goods`` what is said of the numbers while the items are not written yet.
    """
    told = _("The recipient told the code of the order at the door.")
    if reason:
        told = _("An officer confirmed the hand-over without the code: %(reason)s.") % {
            "reason": Order.NoCodeReason(reason).label
        }
    lines = [
        _("ACT OF HAND-OVER"),
        *_what(order, delivery, version, items.lines_of(delivery) if goods is None else goods),
        _("Handed over: %(moment)s") % {"moment": moment_text(delivery.handed_over_at)},
        told,
    ]
    return "\n".join(lines)


def order_text(line: Line, request: OrderRequest, split: PriceSplit, guaranteed: GuaranteedAmount) -> str:
    """What a person agrees to at the counter, in the present language: exactly these words (two queries)."""
    person = Person.objects.get(pk=line.person_id)
    version = OfferVersion.objects.select_related("variant__offer__supplier__organisation").get(pk=request.version_id)
    offer, supplier = version.variant.offer, version.variant.offer.supplier.organisation
    lines = [
        _("ORDER"),
        _("For: %(name)s") % {"name": person.full_name},
        _supplier(supplier),
        _("Goods: %(name)s, %(label)s") % {"name": offer.name, "label": version.variant.label},
        _("Quantity: %(quantity)s") % {"quantity": request.quantity},
        _("Price of one: %(price)s") % {"price": tenge_text(version.price)},
        _("The budget pays: %(amount)s") % {"amount": tenge_text(split.budget)},
        _paid_by_person(split.person, request.quantity, line.kind.unit),
        _why(of_split(split, guaranteed, reader=Reader.OFFICE)),
        *([_("In %(n)s parts, one a month") % {"n": request.monthly_parts}] if request.monthly_parts > 1 else []),
        _("Delivery to: %(address)s, %(phone)s") % {"address": request.address, "phone": request.phone},
        *([_("Message for the courier: %(words)s") % {"words": request.comment}] if request.comment else []),
        str(CONSENT_WORDS[request.consent_version]),
        *(
            [_("I know that it does not fit the measurements, and I order it all the same.")]
            if request.fit_acknowledged
            else []
        ),
        _("I order these goods in this quantity."),
    ]
    return "\n".join(lines)


def together_text(texts: Sequence[str]) -> str:
    """What a person agrees to at the counter for several orders sent by one press: the words of each, counted."""
    lines = [_("ORDERS SENT TOGETHER: %(n)s") % {"n": len(texts)}]
    for n, text in enumerate(texts, 1):
        lines += ["", _("Order %(n)s of %(all)s") % {"n": n, "all": len(texts)}, text]
    return "\n".join(lines)


def receipt_text(order: Order, delivery: Delivery, *, version: str = TEXT_VERSION) -> str:
    """What the recipient signs: exactly these words, of the present version or of one that was signed before."""
    lines = [
        _("CONFIRMATION OF RECEIPT"),
        _("Recipient: %(name)s") % {"name": order.person.full_name},
        *_what(order, delivery, version, items.lines_of(delivery)),
        _("Handed over: %(moment)s") % {"moment": moment_text(delivery.handed_over_at)},
        _(
            "I, the recipient or the representative, have received these goods in this quantity. "
            "They are what I ordered."
        ),
    ]
    return "\n".join(lines)
