"""What the register puts on the first page and on home pages."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from tirek.core import clock
from tirek.core.actors import Desk
from tirek.suppliers import checks
from tirek.suppliers.case_pages import LIST, OWN, PAGES
from tirek.suppliers.case_types import REGISTRATIONS
from tirek.suppliers.models import Registration
from tirek.suppliers.queries import offer_to_accept, supplier_of
from tirek.suppliers.task_pages import OFFICERS
from tirek.ui.desks import DeskRequest
from tirek.ui.finding import find_by_number
from tirek.ui.lists import counters_part
from tirek.ui.panels import panel

#: Applications that the home page of a person shows.
MOST = 3


@panel("front", Desk.PUBLIC, "suppliers/panels/join.html", 40)
def how_to_join(_request: DeskRequest, _nobody: object) -> Mapping[str, object]:
    """The way to become a supplier, and the register."""
    return {}


@panel("home", Desk.RECIPIENT, "suppliers/panels/applications.html", 70)
def own_applications(request: DeskRequest, _nobody: object) -> Mapping[str, object] | None:
    """Open applications of the person to join the register."""
    rows = REGISTRATIONS.visible_to(request.actor).filter(state__in=Registration.open_states())
    cards = OWN.cards(request.actor, rows.order_by("-created_at")[:MOST])
    return {"cards": cards} if cards else None


@panel("home", Desk.SUPPLIER, "suppliers/panels/to_do.html", 5)
def to_do(request: DeskRequest, _nobody: object) -> Mapping[str, object] | None:
    """The public offer that is to be accepted, and documents that end soon."""
    supplier, today = supplier_of(request.actor), clock.today()
    soon = checks.ending(supplier, checks.last_day_to_warn(today))
    offer = offer_to_accept(supplier, today)
    return {"offer": offer, "ending": soon} if offer or soon else None


@panel("home", Desk.OFFICER, "suppliers/panels/due.html", 15)
def due(request: DeskRequest, _nobody: object) -> Mapping[str, object] | None:
    """How many checks of suppliers are due."""
    count = checks.due(request.actor).order_by()[: checks.MOST_COUNTED].count()
    return {"count": count, "more": count == checks.MOST_COUNTED} if count else None


counters_part(LIST, Desk.OFFICER, 13, title=_("Applications of suppliers"))
find_by_number(Desk.OFFICER, LIST, PAGES.noun)
OFFICERS.declare()
