"""Unfinished forms on the home pages."""

from collections.abc import Mapping

from tirek.core.actors import Desk
from tirek.desks import queries
from tirek.desks.views.recipient import MOST_AT_HOME
from tirek.ui.desks import DeskRequest
from tirek.ui.panels import panel


@panel("home", Desk.RECIPIENT, "desks/recipient/forms_panel.html", 20)
def begun_by_person(request: DeskRequest, _nobody: object) -> Mapping[str, object] | None:
    """The newest unfinished forms of the person; nothing where there are none."""
    found = queries.begun(request.actor)[:MOST_AT_HOME]
    return {"forms": found, "subject_id": request.actor.subject_id} if found else None


@panel("home", Desk.OFFICER, "desks/officer/forms_panel.html", 40)
def at_office(request: DeskRequest, _nobody: object) -> Mapping[str, object]:
    """How many forms wait for the office, and how many the officer has begun."""
    return {"waiting": queries.count_waiting(request.actor), "mine": queries.count_begun(request.actor)}
