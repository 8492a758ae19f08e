"""What orders put into the home pages and into a person's file."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Actor, Desk
from tirek.core.case.words import listed
from tirek.entitlements import repeats
from tirek.entitlements.models import Line
from tirek.entitlements.repeats import Repeat
from tirek.entitlements.under_way import UnderWay, finder
from tirek.orders import queries, together
from tirek.orders.case_pages import LIST, OWN_ORDERS, PAGES
from tirek.orders.case_pages.acts import goods_of
from tirek.orders.case_types import ORDERS
from tirek.orders.models import Order
from tirek.orders.repeats import last_received
from tirek.orders.task_pages import OFFICERS, SUPPLIERS
from tirek.people.models import Person
from tirek.people.queries import followed_by, follows
from tirek.ui.desks import DeskRequest
from tirek.ui.finding import find_by_number
from tirek.ui.lists import counters_part, table_part
from tirek.ui.panels import panel

#: Orders of a card list.
MOST_CARDS: Final = 10


@panel("home", Desk.RECIPIENT, "orders/panels/needing.html", 10)
def needing(request: DeskRequest, _nobody: object) -> Mapping[str, object] | None:
    """Orders that wait for the person."""
    person = request.actor.subject_id
    waiting = queries.open_of(person, waiting=True) if person else []
    rows = listed(ORDERS, request.actor, waiting[:MOST_CARDS])
    return {"needing": rows, "waits": True} if rows else None


@panel("ward", Desk.RECIPIENT, "orders/panels/ward.html", 10)
def needing_for(_request: DeskRequest, person: Person) -> Mapping[str, object] | None:
    """How many orders of somebody one acts for wait for an answer."""
    count = len(queries.open_of(person.pk, waiting=True))
    return {"count": count, "person": person} if count else None


@panel("home", Desk.RECIPIENT, "orders/panels/under_way.html", 40)
def under_way(request: DeskRequest, _nobody: object) -> Mapping[str, object]:
    """Orders under way, newest first."""
    rows = queries.open_of(request.actor.subject_id) if request.actor.subject_id else []
    return {"cards": OWN_ORDERS.cards(request.actor, rows[:MOST_CARDS])}


@panel("programme", Desk.RECIPIENT, "orders/panels/chosen.html", 5)
def chosen(request: DeskRequest, person: Person) -> Mapping[str, object] | None:
    """What has been chosen and is not sent yet, with the way to send it together."""
    ready = [one for one in together.of_person(request.actor, person.pk)[:MOST_CARDS] if together.is_complete(one)]
    lines = queries.lines_of_drafts(ready)
    names = [capfirst(lines[one.pk].kind.name) for one in ready if one.pk in lines]
    return {"names": names, "person": person} if names else None


@panel("home", Desk.RECIPIENT, "orders/panels/followed.html", 43)
def followed(request: DeskRequest, _nobody: object) -> Mapping[str, object] | None:
    """Orders under way of children who have come of age, and of who has died, for whom the human acted."""
    actor = request.actor
    if actor.on_behalf_of is not None:
        return None
    rows = [
        (person.full_name, OWN_ORDERS.cards(actor, found[:MOST_CARDS]))
        for person in followed_by(actor)
        if (found := [one for one in queries.open_of(person.pk) if follows(actor, person.pk, one.created_at)])
    ]
    return {"people": rows} if rows else None


@repeats.finder
def received_before(lines: Sequence[Line]) -> Mapping[UUID, Repeat]:
    """What was received last of each line."""
    return {
        line: Repeat(goods_of(order), reverse("orders:again", args=[line]))
        for line, order in last_received(one.pk for one in lines).items()
    }


@finder
def open_orders(actor: Actor, lines: Collection[UUID]) -> Iterable[tuple[UUID, UnderWay]]:
    """Open orders by each line."""
    found = ORDERS.visible_to(actor).filter(line__in=list(lines), state__in=Order.open_states()).order_by("number")
    return [(one.line_id, UnderWay(str(PAGES.noun(one)), ORDERS.url(one, actor.desk))) for one in found]


find_by_number(Desk.OFFICER, LIST, PAGES.noun)
OFFICERS.declare()
SUPPLIERS.declare()
for _desk in (Desk.SUPPLIER, Desk.OFFICER):
    counters_part(LIST, _desk, 10, title=_("Orders"))
table_part(
    LIST,
    "person",
    Desk.OFFICER,
    20,
    title=_("Orders"),
    rows=lambda actor, person: ORDERS.visible_to(actor).filter(person=person).order_by("-created_at"),
    empty=_("No orders yet."),
)
