"""What demand puts into the home pages."""

from collections.abc import Mapping
from typing import Final

from tirek.core.actors import Desk
from tirek.demand import queries
from tirek.ui.desks import DeskRequest
from tirek.ui.panels import panel

MOST_AT_HOME: Final = 3


def _most_wanted(request: DeskRequest, _nobody: object) -> Mapping[str, object] | None:
    listed = queries.asked_for(request.actor, MOST_AT_HOME)
    return {"listed": listed, "fewest": queries.FEWEST_TOLD} if listed else None


for _desk in (Desk.SUPPLIER, Desk.OFFICER):
    panel("home", _desk, "demand/home_panel.html", 60)(_most_wanted)
