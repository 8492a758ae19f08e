"""What the catalogue shows on the first page: a search, and some of what can be ordered."""

from collections.abc import Mapping
from typing import Final

from tirek.catalogue import finding
from tirek.core import clock
from tirek.core.actors import Desk
from tirek.ui.desks import DeskRequest
from tirek.ui.panels import panel

#: Kinds with a drawing that the first page shows: what is ordered most often, one of each sort.
SHOWN: Final = ("GI-01", "SM-01", "PO-13", "TI-01", "SU-06", "TI-10")


@panel("front", Desk.PUBLIC, "catalogue/things/front.html", 10)
def what_can_be_ordered(_request: DeskRequest, _nobody: object) -> Mapping[str, object]:
    """The search, and a few kinds with their drawings."""
    named = {one.code: one for one in finding.all_kinds()}
    shown = [named[code] for code in SHOWN if code in named and named[code].can_be_ordered(clock.today())]
    return {"kinds": shown, "count": sum(one.can_be_ordered(clock.today()) for one in named.values())}
