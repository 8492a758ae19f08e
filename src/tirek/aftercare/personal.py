"""Personal data of faults and harm: what a person sees of them, and how long they are kept."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tirek.aftercare.case_types import FAULTS, HARMS
from tirek.aftercare.forms import FAULT_FORM, HARM_FORM
from tirek.aftercare.models import Fault, Harm
from tirek.core.case.journal import Event, EventNote
from tirek.core.personal import export, retention
from tirek.core.personal.export import Entry, Subject

export.titles(
    "aftercare",
    wrong=_("What is wrong?"),
    words=_("In your own words"),
    place=_("Where is the thing now?"),
    in_warranty=_("Within the warranty"),
    ready_on=_("Promised for"),
    price=_("Price of the repair, tenge"),
    came_back=_("Times that it did not work after a repair"),
    days_away=_("Days without the thing"),
    what=_("What happened?"),
)
export.codes(
    fault=_("Report of a fault"),
    harm=_("Report of harm"),
    **{f"{form}_item": _("Goods") for form in (FAULT_FORM, HARM_FORM)},
    **{f"{form}_words": _("In your own words") for form in (FAULT_FORM, HARM_FORM)},
    **{f"{FAULT_FORM}_wrong_{code}": label for code, label in Fault.Wrong.choices},
    **{f"{HARM_FORM}_what_{code}": label for code, label in Harm.What.choices},
    fault_wrong=_("What is wrong?"),
    fault_place=_("Where is the thing now?"),
    harm_what=_("What happened?"),
)


@export.section("faults", "aftercare.Fault", title=_("Your reports of faults"), place=52)
def _faults(subject: Subject) -> list[Entry]:
    columns = ("wrong", "words", "place", "in_warranty", "ready_on", "price", "came_back", "days_away")
    return export.cases(FAULTS, subject, *columns)


@export.section("harms", "aftercare.Harm", title=_("Your reports of harm"), place=53)
def _harms(subject: Subject) -> list[Entry]:
    return export.cases(HARMS, subject, "what", "words")


@retention.forgets(
    "retention.aftercare",
    "aftercare.Fault",
    "aftercare.Harm",
    what=_("Words of faults and of harm"),
    since=_("from the day the case ended"),
)
def _forget_words(before: datetime, limit: int) -> int:
    count = 0
    for case_type in (FAULTS, HARMS):
        model = case_type.model
        told = ~Q(words="") | (~Q(place="") if model is Fault else Q())
        rows = model._default_manager.filter(told, state__in=model.ENDED, state_since__lte=before)
        keys = list(rows.values_list("pk", flat=True)[:limit])
        EventNote.objects.filter(
            event_id__in=Event.objects.filter(case_type=case_type.code, case_id__in=keys).values("pk")
        ).delete()
        wiped = {"words": ""} | ({"place": ""} if model is Fault else {})
        count += model._default_manager.filter(pk__in=keys).update(**wiped)
    return count


export.leaves_out("How far the notices about a batch have come; the notices themselves are told.", "aftercare.Telling")
retention.keeps("What was told of a batch: nothing personal.", "aftercare.Telling")
