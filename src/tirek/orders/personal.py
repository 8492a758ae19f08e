"""Personal data of orders: what a person sees of them, and how long they are kept."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.models import OfferVersion
from tirek.catalogue.words import MEASUREMENTS
from tirek.core.case.journal import Event, EventNote
from tirek.core.case.registry import code_of
from tirek.core.personal import export, retention
from tirek.core.personal.export import Entry, Subject
from tirek.core.signing import Signature
from tirek.entitlements.models import Line
from tirek.orders.case_types import ORDERS
from tirek.orders.models import Delivery, Order
from tirek.orders.requests import FORM

export.titles(
    "orders",
    supplier=_("Supplier"),
    goods=_("Goods"),
    quantity=_("Quantity"),
    unit_price=_("Price of one, tenge"),
    budget_part=_("The budget pays, tenge"),
    person_part=_("The person pays, tenge"),
    placed_on=_("Sent on"),
    ready_on=_("Promised for"),
    comment=_("Message for the courier"),
    deliveries=_("Hand-overs"),
    handed_over_at=_("Handed over"),
    confirmed_at=_("Confirmed"),
    act=_("Act of hand-over"),
    address=_("Delivery to"),
    reason=_("Reason"),
    order_phone=_("Phone for the delivery"),
    fit_acknowledged=_("Ordered although it does not fit"),
    consent_version=_("Version of the consent"),
)
export.codes(
    order=_("Order"),
    order_receipt=_("Confirmation of receipt"),
    order_agreement=_("Order at the counter"),
    order_line=_("Line of the programme"),
    order_version=_("Chosen offer"),
    order_quantity=_("Quantity"),
    order_address=_("Delivery to"),
    order_phone=_("Phone for the delivery"),
    order_comment=_("Message for the courier"),
    order_consent=_("Version of the consent"),
    order_fit_acknowledged=_("Ordered although it does not fit"),
    order_fit_acknowledged_yes=_("yes"),
    **{f"order_{code}": words for code, words in MEASUREMENTS.items()},
)


def _names_of_lines(keys: Collection[str]) -> dict[str, str]:
    found = Line.objects.filter(pk__in=keys).select_related("kind")
    return {str(one.pk): capfirst(one.kind.name) for one in found}


def _names_of_versions(keys: Collection[str]) -> dict[str, str]:
    found = OfferVersion.objects.filter(pk__in=keys).select_related("variant__offer")
    return {str(one.pk): f"{one.variant.offer.name}, {one.variant.label}" for one in found}


export.keyed(FORM, "line", _names_of_lines)
export.keyed(FORM, "version", _names_of_versions)
_COLUMNS = (
    "quantity", "unit_price", "budget_part", "person_part", "placed_on", "channel", "address", "comment",
    "fit_acknowledged", "consent_version", "ready_on",
)  # fmt: skip
_REASONS = ("decline_reason", "refusal_reason", "cancel_reason")


@export.section(
    "orders", "orders.Order", "orders.Delivery", "core.Event", "core.EventNote", title=_("Orders"), place=50
)
def _orders(subject: Subject) -> list[Entry]:
    return export.cases(ORDERS, subject, *_COLUMNS, more=_of_orders)


def _of_orders(rows: list[Order]) -> dict[UUID, Entry]:
    deliveries: dict[UUID, list[Entry]] = {}
    for one in Delivery.objects.filter(order__in=rows).order_by("n"):
        told = export.entry(one, "quantity", "handed_over_at", "confirmed_at") | {"act": bytes(one.act).decode()}
        deliveries.setdefault(one.order_id, []).append(told)
    return {
        order.pk: {
            "goods": order.version_of_offer.variant.offer.name,
            "supplier": order.organisation.name,
            "order_phone": order.phone,
            "reason": next((one for one in export.entry(order, *_REASONS).values() if one), None),
            "deliveries": deliveries.get(order.pk, []),
        }
        for order in rows
    }


@retention.forgets(
    "retention.order_contacts",
    "orders.Order",
    "core.EventNote",
    "core.Signature",
    what=_("Address, phone, message for the courier and remarks of an order"),
    since=_("from the day the order ended"),
)
def _forget_contacts(before: datetime, limit: int) -> int:
    ended = Order.objects.filter(state__in=Order.ENDED, state_since__lte=before).filter(
        ~Q(address="") | ~Q(phone="") | ~Q(comment="")
    )
    keys = list(ended.values_list("pk", flat=True)[:limit])
    events = Event.objects.filter(case_type=code_of(Order), case_id__in=keys).values("pk")
    EventNote.objects.filter(event_id__in=events).delete()
    # what was agreed to at the counter names the address, too; its hash stays
    agreed = [event.data.get("signature") for event in Event.objects.filter(pk__in=events, type="order.submit")]
    Signature.objects.filter(pk__in=[str(key) for key in agreed if key]).update(text=b"", device="", phone_end="")
    return Order.objects.filter(pk__in=keys).update(address="", phone="", comment="")


@retention.forgets("retention.acts", "orders.Delivery", what=_("Acts of hand-over"), since=_("from the hand-over"))
def _forget_acts(before: datetime, limit: int) -> int:
    rows = Delivery.objects.filter(handed_over_at__lte=before, order__state__in=Order.ENDED).exclude(act=b"")
    # the hash stays: whoever still holds the act can prove it
    return Delivery.objects.filter(pk__in=list(rows.values_list("pk", flat=True)[:limit])).update(act=b"")
