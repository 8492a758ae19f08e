"""Personal data of demand: what a person sees of it, and how long it is kept."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from tirek.catalogue import narrowing
from tirek.catalogue.words import Words
from tirek.core import clock
from tirek.core.personal import export, retention
from tirek.core.personal.export import Entry, Subject
from tirek.demand.models import Demand, Shortage

export.titles(
    "demand",
    what=_("Goods or service"),
    conditions=_("Conditions"),
    words=_("What is needed, in your own words"),
    asked_on=_("Asked on"),
    answered_on=_("An offer came on"),
    wanted=_("Units that you wanted"),
    left=_("Units that the supplier had"),
    on=_("Day"),
)


@export.section("demand", "demand.Demand", title=_("What you asked for and nobody offered"), place=57)
def _asked(subject: Subject) -> list[Entry]:
    rows = Demand.objects.filter(person=subject.person_id).select_related("kind").order_by("asked_on", "pk")
    return [
        {
            "what": one.kind.name,
            "conditions": "; ".join(Words(one.kind_id).wanted(narrowing.read(one.sought))),
            "words": one.words,
            "asked_on": one.asked_on,
            "answered_on": one.answered_on,
        }
        for one in rows
    ]


@retention.forgets(
    "retention.demand",
    "demand.Demand",
    what=_("What you asked for and nobody offered"),
    since=_("from the day an offer came"),
)
def _forget(before: datetime, limit: int) -> int:
    day = before.astimezone(clock.COUNTRY_ZONE).date()
    return retention.delete_some(Demand.objects.filter(answered_on__lte=day), limit)


@export.section("shortages", "demand.Shortage", title=_("What you could not order: too little in stock"), place=58)
def _short(subject: Subject) -> list[Entry]:
    rows = Shortage.objects.filter(line__person=subject.person_id).select_related("kind").order_by("on", "pk")
    return [{"what": one.kind.name, "wanted": one.wanted, "left": one.left, "on": one.on} for one in rows]


@retention.forgets(
    "retention.shortage",
    "demand.Shortage",
    what=_("What you could not order: too little in stock"),
    since=_("from the day on which it was wanted"),
)
def _forget_shortages(before: datetime, limit: int) -> int:
    day = before.astimezone(clock.COUNTRY_ZONE).date()
    return retention.delete_some(Shortage.objects.filter(on__lte=day), limit)


export.leaves_out("Counts of needs: nothing of fewer than five people, nobody named.", "demand.OpenNeed")
retention.keeps("Counts of needs, made anew each night: nothing personal.", "demand.OpenNeed")
