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
from tirek.orders.models import Delivery, Fitting, Item, Order
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
    fittings=_("Fittings"),
    at=_("Time of the fitting"),
    outcome=_("What came of it"),
    measured=_("Measured at the fitting"),
    needs_fitting=_("Needs a fitting"),
    fitting_since=_("Fitting awaited since"),
    handed_over_at=_("Handed over"),
    confirmed_at=_("Confirmed"),
    refused_at=_("Refused"),
    monthly_parts=_("In how many monthly parts"),
    received_so_far=_("Received so far"),
    replace_by=_("Other goods by"),
    asked_about=_("Asked about"),
    act=_("Act of hand-over"),
    items=_("Goods with their numbers"),
    number=_("Serial or batch number"),
    use_by=_("Use by"),
    handed_over_on=_("Handed over on"),
    warranty_until=_("Warranty until"),
    ended_on=_("Given back on"),
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
    order_agreement_together=_("Several orders at the counter"),
    order_line=_("Line of the programme"),
    order_version=_("Chosen offer"),
    order_quantity=_("Quantity"),
    order_address=_("Delivery to"),
    order_phone=_("Phone for the delivery"),
    order_comment=_("Message for the courier"),
    order_parts=_("In how many monthly parts"),
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
    "fit_acknowledged", "consent_version", "ready_on", "monthly_parts", "received_so_far", "replace_by", "asked_about",
    "needs_fitting", "fitting_since",
)  # fmt: skip
_OF_ITEMS = ("number", "quantity", "use_by", "handed_over_on", "warranty_until", "ended_on")
_REASONS = ("decline_reason", "refusal_reason", "cancel_reason")


@export.section(
    "orders",
    "orders.Order",
    "orders.Delivery",
    "orders.Fitting",
    "orders.Item",
    "core.Event",
    "core.EventNote",
    title=_("Orders"),
    place=50,
)
def _orders(subject: Subject) -> list[Entry]:
    return export.cases(ORDERS, subject, *_COLUMNS, more=_of_orders)


def _of_orders(rows: list[Order]) -> dict[UUID, Entry]:
    deliveries: dict[UUID, list[Entry]] = {}
    rounds: dict[UUID, list[Entry]] = {}
    for fitting in Fitting.objects.filter(order__in=rows).order_by("n"):
        sizes = ", ".join(f"{MEASUREMENTS.get(code, code)}: {value}" for code, value in fitting.measured.items())
        held: Entry = export.entry(fitting, "at", "outcome") | {"measured": sizes}
        rounds.setdefault(fitting.order_id, []).append(held)
    goods: dict[UUID, list[Entry]] = {}
    for item in Item.objects.filter(case_id__in=[one.pk for one in rows], delivery__isnull=False).order_by("id"):
        goods.setdefault(item.delivery_id or item.case_id, []).append(export.entry(item, *_OF_ITEMS))
    for one in Delivery.objects.filter(order__in=rows).order_by("n"):
        columns = ("quantity", "person_part", "handed_over_at", "confirmed_at", "refused_at")
        told = export.entry(one, *columns) | {
            "act": bytes(one.act).decode(),
            "items": goods.get(one.pk, []),
        }
        deliveries.setdefault(one.order_id, []).append(told)
    return {
        order.pk: {
            "goods": order.version_of_offer.variant.offer.name,
            "supplier": order.organisation.name,
            "order_phone": order.phone,
            "reason": next((one for one in export.entry(order, *_REASONS).values() if one), None),
            "fittings": rounds.get(order.pk, []),
            "deliveries": deliveries.get(order.pk, []),
        }
        for order in rows
    }


@retention.forgets(
    "retention.order_contacts",
    "orders.Order",
    "core.EventNote",
    "core.Signature",
    "orders.Fitting",
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
    Fitting.objects.filter(order__in=keys).update(times=[], measured={})
    # what was agreed to at the counter names the address, too; its hash stays
    still_needed = _signed_for_others_too(keys)
    submits = Event.objects.filter(pk__in=events, type="order.submit").exclude(case_id__in=still_needed)
    agreed = [event.data.get("signature") for event in submits]
    Signature.objects.filter(pk__in=[str(key) for key in agreed if key]).update(text=b"", device="", phone_end="")
    return Order.objects.filter(pk__in=keys).update(address="", phone="", comment="")


def _signed_for_others_too(keys: Collection[UUID]) -> list[UUID]:
    """Orders of ``keys`` that were sent together with others whose contacts are kept: one signature is for all."""
    groups = dict(Order.objects.filter(pk__in=keys, sent_together__isnull=False).values_list("pk", "sent_together"))
    others = Order.objects.filter(sent_together__in=set(groups.values())).exclude(pk__in=keys)
    living = set(others.exclude(address="", phone="", comment="").values_list("sent_together", flat=True))
    return [key for key, group in groups.items() if group in living]


@retention.forgets("retention.acts", "orders.Delivery", what=_("Acts of hand-over"), since=_("from the hand-over"))
def _forget_acts(before: datetime, limit: int) -> int:
    rows = Delivery.objects.filter(handed_over_at__lte=before, order__state__in=Order.ENDED).exclude(act=b"")
    # the hash stays: whoever still holds the act can prove it
    return Delivery.objects.filter(pk__in=list(rows.values_list("pk", flat=True)[:limit])).update(act=b"")


retention.keeps("Items: as long as the order or purchase; they name the goods, their numbers and days.", "orders.Item")
retention.keeps("Batches: nothing personal.", "orders.Batch")
retention.keeps("Maker and model of what was bought: nothing personal.", "orders.Make")
retention.keeps("What is kept back by offer or serial number: nothing personal.", "orders.Stop", "orders.StoppedNumber")
