"""What the catalogue shows on the first page and on home pages."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from tirek.catalogue import finding
from tirek.catalogue.case_pages import LIST, PAGES
from tirek.catalogue.provision import can_be_ordered
from tirek.catalogue.task_pages import OFFICERS
from tirek.core import clock
from tirek.core.actors import Desk
from tirek.ui.desks import DeskRequest
from tirek.ui.finding import find_by_number
from tirek.ui.lists import counters_part
from tirek.ui.panels import panel

#: Kinds with a drawing that the first page shows: what is ordered most often, one of each sort.
SHOWN: Final = ("GI-01", "SM-01", "PO-13", "TI-01", "SU-06", "TI-10")


@panel("front", Desk.PUBLIC, "catalogue/things/front.html", 10)
def what_can_be_ordered(_request: DeskRequest, _nobody: object) -> Mapping[str, object]:
    """The search, and a few kinds with their drawings."""
    named = {one.code: one for one in finding.all_kinds()}
    shown = [named[code] for code in SHOWN if code in named and can_be_ordered(named[code], on=clock.today())]
    return {"kinds": shown, "count": sum(can_be_ordered(one, on=clock.today()) for one in named.values())}


for _desk in (Desk.SUPPLIER, Desk.OFFICER):
    counters_part(LIST, _desk, 12, title=_("Admission of offers"))
find_by_number(Desk.OFFICER, LIST, PAGES.noun)
OFFICERS.declare()
