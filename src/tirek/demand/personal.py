"""Personal data of demand: what a person sees of it, and how long it is kept."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from tirek.core import clock
from tirek.core.personal import export, retention
from tirek.core.personal.export import Entry, Subject
from tirek.demand.models import Demand

export.titles("demand", what=_("Goods or service"), asked_on=_("Asked on"), answered_on=_("An offer came on"))


@export.section("demand", "demand.Demand", title=_("What you asked for and nobody offered"), place=57)
def _asked(subject: Subject) -> list[Entry]:
    rows = Demand.objects.filter(person=subject.person_id).select_related("kind").order_by("asked_on", "pk")
    return [{"what": one.kind.name, "asked_on": one.asked_on, "answered_on": one.answered_on} for one in rows]


@retention.forgets(
    "retention.demand",
    "demand.Demand",
    what=_("What you asked for and nobody offered"),
    since=_("from the day an offer came"),
)
def _forget(before: datetime, limit: int) -> int:
    day = before.astimezone(clock.COUNTRY_ZONE).date()
    return retention.delete_some(Demand.objects.filter(answered_on__lte=day), limit)
