"""The process of admission: an offer before the commission of the region.

Never by silence: a term that has passed is told to the region, and the offer waits (portal.md section 4). The offer's
own states move with it (``actions.offers``); they are told in ``docs/explanation/offers.md``.
"""

from typing import Final

from tirek.catalogue.models import Admission
from tirek.catalogue.permissions import office_of_region
from tirek.core.case.parties import supplier
from tirek.core.case.workflow import NEW, SAME, Workflow, by_file, clock_only, term, transition

State = Admission.State
_OPEN: Final = (State.CHECKING, State.COMMISSION)

ADMISSION: Final[Workflow[Admission]] = Workflow(
    name="admission",
    title="Admission of an offer",
    states=State,
    end=Admission.ENDED,
    transitions=(
        transition("send", NEW, State.CHECKING, by=supplier),
        transition(
            "enter",
            NEW,
            State.ADMITTED,
            by=by_file(),
            why="The commission concluded before the portal knew the offer: its conclusion stands in the file.",
        ),
        transition(
            "pass_on",
            State.CHECKING,
            State.COMMISSION,
            by=office_of_region,
            within=term("offer.check"),
            otherwise="remind",
            why="Card and documents are complete and agree with one another.",
        ),
        transition(
            "admit",
            State.COMMISSION,
            State.ADMITTED,
            by=office_of_region,
            within=term("offer.commission"),
            otherwise="remind",
            requires=("conclusion", "concluded_on"),
            why="By the commission's conclusion (Social Code art. 167(2)).",
        ),
        transition(
            "refuse",
            State.COMMISSION,
            State.REFUSED,
            by=office_of_region,
            requires=("conclusion", "concluded_on"),
            why="By the commission's conclusion, with the reason.",
        ),
        transition("give_back", _OPEN, State.RETURNED, by=office_of_region, why="For correction, with the reason."),
        transition("take_back", _OPEN, State.TAKEN_BACK, by=supplier, why="To change it, or for good."),
        transition("remind", _OPEN, SAME, by=clock_only(), why="The region is told; never admitted by silence."),
    ),
)
