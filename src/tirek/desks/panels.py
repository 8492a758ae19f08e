"""Unfinished forms on the home pages."""

from collections.abc import Mapping

from tirek.core.actors import Desk
from tirek.core.places import region_of
from tirek.desks import overview, queries
from tirek.desks.views.recipient import MOST_AT_HOME
from tirek.organisations.models import Membership
from tirek.people.queries import names_of
from tirek.ui.desks import DeskRequest
from tirek.ui.panels import panel


@panel("home", Desk.RECIPIENT, "desks/recipient/forms_panel.html", 20)
def begun_by_person(request: DeskRequest, _nobody: object) -> Mapping[str, object] | None:
    """The newest unfinished forms of the person; nothing where there are none."""
    found = queries.begun(request.actor)[:MOST_AT_HOME]
    if not found:
        return None
    actor = request.actor
    others = {one.draft.subject_id for one in found if one.draft.subject_id} - {actor.subject_id}
    names = names_of(others) if others else {}
    rows = [
        {
            "form": one,
            # a form about somebody else, or in other hands, is gone on with from the list, which says how
            "is_mine": one.draft.holder_id == actor.user_id and one.draft.subject_id in {None, actor.subject_id},
            "is_elsewhere": one.draft.holder_id != actor.user_id,
            "of_another": names.get(one.draft.subject_id or one.draft.pk, ""),
        }
        for one in found
    ]
    return {"rows": rows}


@panel("home", Desk.OFFICER, "desks/officer/forms_panel.html", 40)
def at_office(request: DeskRequest, _nobody: object) -> Mapping[str, object]:
    """How many forms wait for the office, and how many the officer has begun."""
    return {"waiting": queries.count_waiting(request.actor), "mine": queries.count_begun(request.actor)}


@panel("home", Desk.OFFICER, "desks/officer/overview_panel.html", 58)
def for_head(request: DeskRequest, _nobody: object) -> Mapping[str, object] | None:
    """For a head: what waits in the region, and where most of it is late."""
    if request.actor.role != Membership.Role.HEAD_OFFICER:
        return None
    kind = overview.kinds()[0]
    region = region_of(request.actor.territory)
    standing, places = overview.latest(kind, region, MOST_AT_HOME)
    return {"told": kind.overview, "region": region, "standing": standing, "places": places}
