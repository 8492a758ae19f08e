"""What orders put into the home pages and into a person's file."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Desk
from tirek.core.case.words import listed
from tirek.orders import queries
from tirek.orders.case_pages import LIST, OWN_ORDERS
from tirek.orders.case_types import ORDERS
from tirek.orders.models import Order
from tirek.people.models import Person
from tirek.ui.desks import DeskRequest
from tirek.ui.panels import panel

#: Orders of a card list, of a supplier's and of an officer's table, and of a person's file.
MOST_CARDS: Final = 10
MOST_OF_SUPPLIER: Final = 20
MOST_OF_OFFICER: Final = 50
MOST_OF_PERSON: Final = 20


@panel("home", Desk.RECIPIENT, "orders/panels/needing.html", 10)
def needing(request: DeskRequest, _nobody: object) -> Mapping[str, object] | None:
    """Orders that wait for the person."""
    rows = listed(ORDERS, request.actor, queries.needing(request.actor)[:MOST_CARDS])
    return {"needing": rows} if rows else None


@panel("home", Desk.RECIPIENT, "orders/panels/under_way.html", 40)
def under_way(request: DeskRequest, _nobody: object) -> Mapping[str, object]:
    """Orders under way, newest first."""
    rows = ORDERS.visible_to(request.actor).filter(state__in=Order.open_states()).order_by("-created_at")
    return {"cards": OWN_ORDERS.cards(request.actor, rows[:MOST_CARDS])}


def _counters(request: DeskRequest) -> dict[str, object]:
    counts = LIST.counts(request.actor)
    return {
        "by_light": LIST.light_counters(request.actor, counts),
        "by_state": LIST.state_counters(request.actor, counts),
    }


@panel("home", Desk.SUPPLIER, "orders/panels/supplier.html", 10)
def of_supplier(request: DeskRequest, _nobody: object) -> Mapping[str, object]:
    """Counters, and what waits for the supplier, soonest deadline first."""
    waiting = queries.needing_by_deadline(request.actor)[:MOST_OF_SUPPLIER]
    table = LIST.table(request.actor, waiting, caption=_("Waiting for you, soonest first"))
    return _counters(request) | {"table": table}


@panel("home", Desk.OFFICER, "orders/panels/counters.html", 10)
def by_deadline(request: DeskRequest, _nobody: object) -> Mapping[str, object]:
    """Counters of the territory's orders."""
    return _counters(request)


@panel("home", Desk.OFFICER, "orders/panels/officer.html", 50)
def of_officer(request: DeskRequest, _nobody: object) -> Mapping[str, object]:
    """Orders that somebody is to be called about, or to look at."""
    waiting = queries.needing(request.actor)[:MOST_OF_OFFICER]
    return {"table": LIST.table(request.actor, waiting, caption=_("To call or to check"))}


@panel("person", Desk.OFFICER, "orders/panels/of_person.html", 20)
def of_person(request: DeskRequest, person: Person) -> Mapping[str, object]:
    """A person's newest orders."""
    rows = ORDERS.visible_to(request.actor).filter(person=person).order_by("-created_at")[:MOST_OF_PERSON]
    return {"table": LIST.table(request.actor, rows, caption=_("Orders"), of_person=True)}
