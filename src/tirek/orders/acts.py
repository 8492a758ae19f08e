"""Texts that are signed: rendered once, stored as bytes, shown and signed as they are."""

from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from tirek.catalogue.models import OfferVersion
from tirek.catalogue.words import told_price
from tirek.entitlements.models import Line
from tirek.orders.forms import CONSENT_WORDS
from tirek.orders.models import Delivery, Order
from tirek.orders.requests import OrderRequest
from tirek.orders.rules import PriceSplit
from tirek.people.models import Person
from tirek.ui.text import moment_text, tenge_text

#: Raise with every changed word; what was signed is kept as its bytes, and shown and proved by them.
TEXT_VERSION: Final = "receipt-2026-12-3"
ORDER_TEXT_VERSION: Final = "order-2026-12-2"


def _paid_by_person(amount: Decimal, quantity: int) -> str:
    return told_price(amount / quantity, quantity, at_counter=True).text


def _what(order: Order) -> list[str]:
    offer = order.version_of_offer.variant.offer
    return [
        _("Order: %(number)s") % {"number": order.number},
        _("Supplier: %(name)s, BIN %(bin)s") % {"name": order.organisation.name, "bin": order.organisation.bin},
        _("Goods: %(name)s, %(label)s") % {"name": offer.name, "label": order.version_of_offer.variant.label},
        _("Quantity: %(quantity)s") % {"quantity": order.quantity},
        _("Price of one: %(price)s") % {"price": tenge_text(order.unit_price)},
        _("The budget pays: %(amount)s") % {"amount": tenge_text(order.budget_part)},
        _paid_by_person(order.person_part, order.quantity),
    ]


def supplier_act(order: Order, delivery: Delivery, *, reason: str = "") -> str:
    """The act of a hand-over, in the present language: built from what happened, never typed.

    ``reason`` says why an officer confirmed the hand-over without the code.
    """
    told = _("The recipient told the code of the order at the door.")
    if reason:
        told = _("An officer confirmed the hand-over without the code: %(reason)s.") % {
            "reason": Order.NoCodeReason(reason).label
        }
    lines = [
        _("ACT OF HAND-OVER"),
        *_what(order),
        _("Handed over: %(moment)s") % {"moment": moment_text(delivery.handed_over_at)},
        told,
    ]
    return "\n".join(lines)


def order_text(line: Line, request: OrderRequest, split: PriceSplit) -> str:
    """What a person agrees to at the counter, in the present language: exactly these words (two queries)."""
    person = Person.objects.get(pk=line.person_id)
    version = OfferVersion.objects.select_related("variant__offer__supplier__organisation").get(pk=request.version_id)
    offer, supplier = version.variant.offer, version.variant.offer.supplier.organisation
    lines = [
        _("ORDER"),
        _("For: %(name)s") % {"name": person.full_name},
        _("Supplier: %(name)s, BIN %(bin)s") % {"name": supplier.name, "bin": supplier.bin},
        _("Goods: %(name)s, %(label)s") % {"name": offer.name, "label": version.variant.label},
        _("Quantity: %(quantity)s") % {"quantity": request.quantity},
        _("Price of one: %(price)s") % {"price": tenge_text(version.price)},
        _("The budget pays: %(amount)s") % {"amount": tenge_text(split.budget)},
        _paid_by_person(split.person, request.quantity),
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


def receipt_text(order: Order, delivery: Delivery) -> str:
    """What the recipient signs: exactly these words."""
    lines = [
        _("CONFIRMATION OF RECEIPT"),
        _("Recipient: %(name)s") % {"name": order.person.full_name},
        *_what(order),
        _("Handed over: %(moment)s") % {"moment": moment_text(delivery.handed_over_at)},
        _(
            "I, the recipient or the representative, have received these goods in this quantity. "
            "They are what I ordered."
        ),
    ]
    return "\n".join(lines)
