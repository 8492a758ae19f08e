"""What comes after the receipt, on home pages and in a person's file."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from tirek.aftercare import queries
from tirek.aftercare.case_pages import FAULT_LIST, FAULT_PAGES, HARM_LIST, HARM_PAGES
from tirek.aftercare.case_types import FAULTS
from tirek.aftercare.task_pages import BOUGHT, OFFICERS, SUPPLIERS
from tirek.core.actors import Desk
from tirek.people.models import Person
from tirek.ui.desks import DeskRequest
from tirek.ui.finding import find_by_number
from tirek.ui.lists import counters_part, table_part
from tirek.ui.panels import panel

#: Things at home, and in a person's file.
MOST: Final = 3


@panel("home", Desk.RECIPIENT, "aftercare/panels/stopped.html", 3)
def not_to_be_used(request: DeskRequest, _nobody: object) -> Mapping[str, object] | None:
    """Things of the person that are kept back: before everything else."""
    person = request.actor.subject_id
    found = queries.kept_back_of(person) if person else []
    return {"things": found, "waits": True} if found else None


@panel("ward", Desk.RECIPIENT, "aftercare/panels/stopped.html", 3)
def not_to_be_used_by(_request: DeskRequest, person: Person) -> Mapping[str, object] | None:
    """Things of somebody one acts for that are kept back."""
    found = queries.kept_back_of(person.pk)
    return {"things": found, "person": person} if found else None


@panel("home", Desk.RECIPIENT, "aftercare/panels/things.html", 45)
def my_things(request: DeskRequest, _nobody: object) -> Mapping[str, object] | None:
    """The newest things, with the way to all of them."""
    person = request.actor.subject_id
    found = queries.things(list(queries.of_person(person)[:MOST])) if person else []
    return {"things": found} if found else None


@panel("person", Desk.OFFICER, "aftercare/panels/things_of.html", 22)
def things_of(_request: DeskRequest, person: Person) -> Mapping[str, object] | None:
    """The newest things of a person, with the way to all of them."""
    found = queries.things(list(queries.of_person(person.pk)[:MOST]))
    return {"things": found, "person": person} if found else None


find_by_number(Desk.OFFICER, FAULT_LIST, FAULT_PAGES.noun)
find_by_number(Desk.OFFICER, HARM_LIST, HARM_PAGES.noun)
for _desk in (Desk.SUPPLIER, Desk.OFFICER):
    counters_part(FAULT_LIST, _desk, 14, title=_("Faults"))
    counters_part(HARM_LIST, _desk, 16, title=_("Reports of harm"))
table_part(
    FAULT_LIST,
    "person",
    Desk.OFFICER,
    23,
    title=_("Faults"),
    rows=lambda actor, person: FAULTS.visible_to(actor).filter(person=person).order_by("-created_at"),
    empty=_("No faults reported."),
)
OFFICERS.declare()
BOUGHT.declare()
SUPPLIERS.declare()
