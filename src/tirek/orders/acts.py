"""Texts that are signed: rendered once, stored as bytes, shown and signed as they are."""

from typing import Final

from django.utils.translation import gettext as _

from tirek.orders.models import Delivery, Order
from tirek.ui.text import moment_text, tenge_text

TEXT_VERSION: Final = "receipt-2026-11"


def _what(order: Order) -> list[str]:
    offer = order.version_of_offer.variant.offer
    return [
        _("Order: %(number)s") % {"number": order.number},
        _("Supplier: %(name)s, BIN %(bin)s") % {"name": order.organisation.name, "bin": order.organisation.bin},
        _("Goods: %(name)s, %(label)s") % {"name": offer.name, "label": order.version_of_offer.variant.label},
        _("Quantity: %(quantity)s") % {"quantity": order.quantity},
        _("Price of one: %(price)s") % {"price": tenge_text(order.unit_price)},
        _("The budget pays: %(amount)s") % {"amount": tenge_text(order.budget_part)},
        _("The person pays: %(amount)s") % {"amount": tenge_text(order.person_part)},
    ]


def supplier_act(order: Order, delivery: Delivery, *, reason: str = "") -> str:
    """The act of a hand-over, in the present language: built from what happened, never typed.

    ``reason`` says why an officer confirmed the hand-over without the code.
    """
    told = _("The recipient told the code of the order at the door.")
    if reason:
        told = _("An officer confirmed the hand-over without the code: %(reason)s.") % {"reason": Order.NoCodeReason(reason).label}
    lines = [
        _("ACT OF HAND-OVER"),
        *_what(order),
        _("Handed over: %(moment)s") % {"moment": moment_text(delivery.handed_over_at)},
        told,
    ]
    return "\n".join(lines)


def receipt_text(order: Order, delivery: Delivery) -> str:
    """What the recipient signs: exactly these words."""
    lines = [
        _("CONFIRMATION OF RECEIPT"),
        *_what(order),
        _("Handed over: %(moment)s") % {"moment": moment_text(delivery.handed_over_at)},
        _("I have received these goods in this quantity. They are what I ordered."),
    ]
    return "\n".join(lines)
