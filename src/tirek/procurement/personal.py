"""Personal data of purchases: what a person sees of them, and how long they are kept."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tirek.catalogue.units import with_unit
from tirek.catalogue.words import MEASUREMENTS
from tirek.core.case.journal import Event, EventNote
from tirek.core.personal import export, retention
from tirek.core.personal.export import Entry, Subject
from tirek.orders.models import Item
from tirek.procurement import queries
from tirek.procurement.case_types import PURCHASES
from tirek.procurement.models import Appointment, Purchase

export.titles(
    "procurement",
    goods=_("Goods"),
    quantity=_("Quantity"),
    waits_since=_("Waits since"),
    deliver_until=_("Last day of delivery"),
    needs_fitting=_("Needs a fitting"),
    handed_over_at=_("Handed over"),
    came_back=_("Times that the goods were refused"),
    ended_why=_("Reason"),
    supplier=_("Supplier"),
    items=_("What was handed over"),
    number=_("Serial or batch number"),
    use_by=_("Last day of use"),
    handed_over_on=_("Handed over on"),
    received_on=_("Received on"),
    warranty_until=_("Warranty until"),
    ended_on=_("Given back on"),
    maker=_("Maker"),
    model=_("Model of the goods"),
    fittings=_("Fittings"),
    at=_("Time of the fitting"),
    outcome=_("What came of it"),
    measured=_("Measured at the fitting"),
)
export.codes(purchase=_("Purchase"), purchase_receipt=_("Confirmation of receipt"))
_COLUMNS = (
    "quantity", "waits_since", "deliver_until", "needs_fitting", "handed_over_at", "came_back", "ended_why",
)  # fmt: skip

_OF_ITEMS = ("number", "quantity", "use_by", "handed_over_on", "received_on", "warranty_until", "ended_on")


@export.section(
    "purchases",
    "procurement.Purchase",
    "procurement.Appointment",
    title=_("What the department buys for you"),
    place=54,
)
def _purchases(subject: Subject) -> list[Entry]:
    return export.cases(PURCHASES, subject, *_COLUMNS, more=_of_purchases)


def _of_purchases(rows: list[Purchase]) -> dict[UUID, Entry]:
    rounds: dict[UUID, list[Entry]] = {}
    for one in Appointment.objects.filter(purchase__in=rows).order_by("n"):
        measured = ((MEASUREMENTS.get(code, code), with_unit(value, code)) for code, value in one.measured.items())
        sizes = ", ".join(f"{name}: {value}" for name, value in measured)
        held: Entry = export.entry(one, "at", "outcome") | {"measured": sizes}
        rounds.setdefault(one.purchase_id, []).append(held)
    goods: dict[UUID, list[Entry]] = {}
    for item in Item.objects.filter(case_id__in=[one.pk for one in rows]).select_related("make").order_by("id"):
        make: Entry = {"maker": item.make.maker, "model": item.make.model} if item.make else {}
        goods.setdefault(item.case_id, []).append(export.entry(item, *_OF_ITEMS) | make)
    return {
        one.pk: {
            "goods": one.kind.name,
            "supplier": queries.supplier_of(one).get("name"),
            "items": goods.get(one.pk, []),
            "fittings": rounds.get(one.pk, []),
        }
        for one in rows
    }


@retention.forgets(
    "retention.procurement",
    "procurement.Purchase",
    "procurement.Appointment",
    what=_("Words and measurements of purchases"),
    since=_("from the day the purchase ended"),
)
def _forget_words(before: datetime, limit: int) -> int:
    ended = Purchase.objects.filter(state__in=Purchase.ENDED, state_since__lte=before)
    events = Event.objects.filter(case_type=PURCHASES.code, case_id__in=ended.values("pk"))
    notes = list(EventNote.objects.filter(event_id__in=events.values("pk")).values_list("pk", flat=True)[:limit])
    EventNote.objects.filter(pk__in=notes).delete()
    rounds = Appointment.objects.filter(purchase__in=ended).exclude(times=[], measured={})
    keys = list(rounds.values_list("pk", flat=True)[:limit])
    return len(notes) + Appointment.objects.filter(pk__in=keys).update(times=[], measured={})


export.leaves_out("Lots: nothing personal.", "procurement.Lot")
retention.keeps("Lots and contracts: nothing personal.", "procurement.Lot")
