"""Personal data of prepared orders: what a person sees of them, and how long they are kept."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from tirek.catalogue.units import units_text
from tirek.core import clock
from tirek.core.personal import export, retention
from tirek.core.personal.export import Entry, Subject
from tirek.prepared.messages import why
from tirek.prepared.models import Prepared, Unwanted

export.titles(
    "prepared",
    what=_("Goods or service"),
    why=_("Why it was prepared"),
    number=_("Quantity"),
    offered_on=_("Prepared on"),
    ended_on=_("Answered or ended on"),
    since=_("You want no orders to be prepared, since"),
)


@export.section("prepared", "prepared.Prepared", title=_("Orders that were prepared for you"), place=58)
def _prepared(subject: Subject) -> list[Entry]:
    rows = Prepared.objects.filter(person=subject.person_id).select_related("kind").order_by("offered_on", "pk")
    return [
        {
            "what": one.kind.name,
            "why": why(one.cause),
            "number": units_text(one.quantity, one.kind.unit),
            **export.entry(one, "offered_on", "state", "ended_on"),
        }
        for one in rows
    ]


@export.section("prepared_wish", "prepared.Unwanted", title=_("Your wish about prepared orders"), place=59)
def _unwanted(subject: Subject) -> list[Entry]:
    rows = Unwanted.objects.filter(person=subject.person_id)
    return [{"since": one.created_at.astimezone(clock.COUNTRY_ZONE).date()} for one in rows]


@retention.forgets(
    "retention.prepared",
    "prepared.Prepared",
    what=_("Orders that were prepared for you"),
    since=_("from the day they were answered or ended"),
)
def _forget(before: datetime, limit: int) -> int:
    day = before.astimezone(clock.COUNTRY_ZONE).date()
    return retention.delete_some(Prepared.objects.filter(ended_on__lte=day), limit)


retention.keeps("That a person wants no orders to be prepared: until the person says otherwise.", "prepared.Unwanted")
