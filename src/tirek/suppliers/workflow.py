"""The process of an application to join the register of suppliers.

Never by silence: a term of the office that has passed is told to the region, and the application waits (portal.md
section 4). What the applicant owes and does not do in time is closed: the BIN is free for another application.
"""

from typing import Final

from tirek.core.case.workflow import NEW, SAME, Workflow, clock_only, term, transition
from tirek.suppliers.models import Registration
from tirek.suppliers.permissions import applicant, office_of_region

State = Registration.State
_CHANGED: Final = (State.PREPARING, State.RETURNED)
_EXAMINED: Final = (State.CHECKING, State.COMMISSION)

REGISTRATION: Final[Workflow[Registration]] = Workflow(
    name="registration",
    title="Registration of a supplier",
    states=State,
    end=Registration.ENDED,
    transitions=(
        transition("begin", NEW, State.PREPARING, by=applicant),
        transition("amend", _CHANGED, SAME, by=applicant, why="The data, while they are the applicant's to change."),
        transition("provide", _CHANGED, SAME, by=applicant, why="A document that a requirement asks for."),
        transition(
            "send",
            State.PREPARING,
            State.CHECKING,
            by=applicant,
            within=term("supplier.preparing"),
            otherwise="lapse",
        ),
        transition(
            "send_again",
            State.RETURNED,
            State.CHECKING,
            by=applicant,
            within=term("supplier.correction"),
            otherwise="lapse",
        ),
        transition("examine", _EXAMINED, SAME, by=office_of_region, why="One requirement, or the data."),
        transition(
            "pass_on",
            State.CHECKING,
            State.COMMISSION,
            by=office_of_region,
            within=term("supplier.check"),
            otherwise="escalate",
            why="Every requirement is in order.",
        ),
        transition(
            "register",
            State.COMMISSION,
            State.ACCEPTING,
            by=office_of_region,
            within=term("supplier.commission"),
            otherwise="escalate",
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
        transition(
            "reject",
            State.CHECKING,
            State.REFUSED,
            by=office_of_region,
            requires="ground",
            why="The applicant does not act for the organisation, or the data are false: no commission.",
        ),
        transition(
            "give_back",
            _EXAMINED,
            State.RETURNED,
            by=office_of_region,
            why="For correction, with what is not in order.",
        ),
        transition(
            "accept",
            State.ACCEPTING,
            State.REGISTERED,
            by=applicant,
            within=term("supplier.acceptance"),
            otherwise="lapse",
            signed=True,
            why="The public offer is signed; the organisation is in the register.",
        ),
        transition(
            "withdraw",
            (*_CHANGED, *_EXAMINED, State.ACCEPTING),
            State.WITHDRAWN,
            by=applicant,
            why="For good; another one can be begun.",
        ),
        transition("escalate", _EXAMINED, SAME, by=clock_only(), why="The region is told; never by silence."),
        transition(
            "lapse", (*_CHANGED, State.ACCEPTING), State.LAPSED, by=clock_only(), why="The applicant did nothing."
        ),
    ),
)
