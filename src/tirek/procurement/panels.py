"""Purchases on home pages, on the programme, beside a line of it, and in a person's file."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.case.deadlines import standing_of
from tirek.core.case.journal import Event
from tirek.core.case.words import next_step, path_of
from tirek.entitlements.models import Line
from tirek.entitlements.provision import provided_of
from tirek.entitlements.under_way import UnderWay, finder
from tirek.people.models import Person
from tirek.procurement import queries
from tirek.procurement.case_pages import LOT_LIST, LOT_PAGES, PURCHASE_LIST, PURCHASE_PAGES
from tirek.procurement.case_types import PURCHASES
from tirek.procurement.models import Purchase
from tirek.procurement.task_pages import OFFICERS, REGION
from tirek.ui.desks import DeskRequest
from tirek.ui.finding import find_by_number
from tirek.ui.lists import counters_part, table_part
from tirek.ui.panels import panel

#: Purchases that are shown with their progress line at once; the others stand on the page of all.
MOST: Final = 5


def _shown(actor: Actor, found: Sequence[Purchase]) -> list[dict[str, object]]:
    """Purchases with their progress line, as the page of each shows it (two queries)."""
    standing = standing_of(PURCHASES.code, found)
    events: dict[UUID, list[Event]] = {one.pk: [] for one in found}
    for event in Event.objects.filter(case_type=PURCHASES.code, case_id__in=list(events)).order_by("n"):
        events[event.case_id].append(event)
    return [
        {
            "purchase": one,
            "url": PURCHASES.url(one, actor.desk),
            "state": PURCHASES.words.state(one, actor.desk),
            "tone": PURCHASES.words.tone(one.state),
            "path": path_of(PURCHASES, actor, one, events[one.pk]),
            "step": next_step(PURCHASES, one, standing.get(one.pk), actor.desk),
            "days": queries.days_waited(one),
        }
        for one in found
    ]


@panel("home", Desk.RECIPIENT, "procurement/panels/mine.html", 12)
def my_waiting_purchases(request: DeskRequest, _nobody: object) -> Mapping[str, object] | None:
    """Purchases that wait for the person."""
    person = request.actor.subject_id
    rows = queries.of_person(request.actor, person).filter(state__in=Purchase.NEEDS_PERSON) if person else ()
    found = list(rows[:MOST])
    return {"purchases": _shown(request.actor, found), "waits": True} if found else None


@panel("home", Desk.RECIPIENT, "procurement/panels/mine.html", 42)
def my_purchases(request: DeskRequest, _nobody: object) -> Mapping[str, object] | None:
    """What else the department buys for the person, each with its progress line."""
    person = request.actor.subject_id
    rows = queries.of_person(request.actor, person).exclude(state__in=Purchase.NEEDS_PERSON) if person else ()
    found = list(rows[:MOST])
    return {"purchases": _shown(request.actor, found)} if found else None


@panel("ward", Desk.RECIPIENT, "procurement/panels/ward.html", 12)
def waiting_for(_request: DeskRequest, person: Person) -> Mapping[str, object] | None:
    """How many purchases of somebody one acts for wait for an answer."""
    count = queries.waiting_of(person.pk)
    return {"count": count, "person": person} if count else None


@panel("programme", Desk.RECIPIENT, "procurement/panels/mine.html", 10)
def purchases_of_programme(request: DeskRequest, person: Person) -> Mapping[str, object] | None:
    """What the department buys by the programme, each with its progress line."""
    found = list(queries.of_person(request.actor, person.pk)[:MOST])
    return {"purchases": _shown(request.actor, found)} if found else None


@panel("line", Desk.RECIPIENT, "procurement/panels/line.html", 10)
def purchase_of_my_line(request: DeskRequest, line: Line) -> Mapping[str, object] | None:
    """The purchase of a line, with its progress line."""
    found = queries.of_line(request.actor, line)
    return {"one": _shown(request.actor, [found])[0]} if found else None


@panel("line", Desk.OFFICER, "procurement/panels/line.html", 10)
def purchase_of_line(request: DeskRequest, line: Line) -> Mapping[str, object] | None:
    """The purchase of a line, or where its need is recorded by hand."""
    found = queries.of_line(request.actor, line)
    is_open = found is not None and found.state not in Purchase.ENDED
    can_record = not is_open and provided_of(line, clock.today()).is_bought
    if found is None and not can_record:
        return None
    return {"one": _shown(request.actor, [found])[0] if found else None, "record": line.pk if can_record else None}


@panel("person", Desk.OFFICER, "procurement/panels/to_record.html", 12)
def needs_to_record(_request: DeskRequest, person: Person) -> Mapping[str, object] | None:
    """Lines that the department buys and of which no purchase is open: the need can be recorded by hand."""
    lines = queries.bought_for(person.pk) if person.deceased_on is None else []
    return {"lines": lines} if lines else None


@finder
def open_purchases(actor: Actor, lines: Collection[UUID]) -> Iterable[tuple[UUID, UnderWay]]:
    """Open purchases for each line."""
    rows = PURCHASES.visible_to(actor).filter(line__in=list(lines), state__in=Purchase.open_states())
    return [
        (one.line_id, UnderWay(str(PURCHASE_PAGES.noun(one)), PURCHASES.url(one, actor.desk)))
        for one in rows.order_by("number")
    ]


find_by_number(Desk.OFFICER, PURCHASE_LIST, PURCHASE_PAGES.noun)
find_by_number(Desk.OFFICER, LOT_LIST, LOT_PAGES.noun)
counters_part(PURCHASE_LIST, Desk.OFFICER, 18, title=_("Purchases"))
table_part(
    PURCHASE_LIST,
    "person",
    Desk.OFFICER,
    21,
    title=_("Purchases by the department"),
    rows=lambda actor, person: PURCHASES.visible_to(actor).filter(person=person).order_by("-created_at"),
    empty=_("Nothing was bought yet."),
)
OFFICERS.declare()
REGION.declare()
