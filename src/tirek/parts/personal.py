"""Personal data of orders of parts: what a person sees of them, and how long they are kept."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tirek.core.case.journal import Event, EventNote
from tirek.core.personal import export, retention
from tirek.core.personal.export import Entry, Subject
from tirek.parts.case_types import PART_ORDERS
from tirek.parts.models import PartOrder

export.titles(
    "parts",
    quantity=_("Quantity"),
    payer=_("Who pays"),
    person_part=_("You pay, tenge"),
    address=_("Where it is brought"),
    phone=_("Phone for the delivery"),
    comment=_("Message for the courier"),
    ready_on=_("Promised for"),
    came_wrong=_("Times that something else came, or nothing"),
)
export.codes(
    partorder=_("Order of a part"),
    part_order=_("Order of a part"),
    part_order_item=_("Goods"),
    part_order_part=_("Spare part"),
    part_order_quantity=_("Quantity"),
    part_order_address=_("Where it is brought"),
    part_order_phone=_("Phone for the delivery"),
    part_order_comment=_("Message for the courier"),
)


@export.section("part_orders", "parts.PartOrder", title=_("Your orders of parts"), place=54)
def _part_orders(subject: Subject) -> list[Entry]:
    columns = ("quantity", "payer", "person_part", "address", "phone", "comment", "ready_on", "came_wrong")
    return export.cases(PART_ORDERS, subject, *columns)


@retention.forgets(
    "retention.parts",
    "parts.PartOrder",
    what=_("Address, phone and words of orders of parts"),
    since=_("from the day the order of the part ended"),
)
def _forget_contacts(before: datetime, limit: int) -> int:
    told = ~Q(address="") | ~Q(phone="") | ~Q(comment="")
    rows = PartOrder.objects.filter(told, state__in=PartOrder.ENDED, state_since__lte=before)
    keys = list(rows.values_list("pk", flat=True)[:limit])
    EventNote.objects.filter(
        event_id__in=Event.objects.filter(case_type=PART_ORDERS.code, case_id__in=keys).values("pk")
    ).delete()
    return PartOrder.objects.filter(pk__in=keys).update(address="", phone="", comment="")


export.leaves_out("A supplier's list of parts: nothing personal.", "parts.Part", "parts.PartPrice", "parts.PartFit")
retention.keeps(
    "A supplier's list of parts and its public prices: nothing personal.",
    "parts.Part",
    "parts.PartPrice",
    "parts.PartFit",
)
