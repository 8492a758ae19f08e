"""The processes after the receipt: a fault of an item, and harm by goods.

Nothing is confirmed, declined or lifted by silence: a term that has passed is told to somebody who can act.
"""

from typing import Final

from tirek.aftercare.models import Fault, Harm
from tirek.aftercare.permissions import answers_for, unrelated_region
from tirek.core.case.parties import office, recipient
from tirek.core.case.workflow import NEW, SAME, Workflow, clock_only, term, transition, until
from tirek.people.parties import recipient_of_age, unrelated_office

State = Fault.State
_WAITS: Final = (Harm.State.CHECKING, Harm.State.RECALLED)

FAULT: Final[Workflow[Fault]] = Workflow(
    name="fault",
    title="Fault of a thing",
    states=Fault.State,
    end=Fault.ENDED,
    transitions=(
        transition("report", NEW, State.REPORTED, by=recipient | office),
        transition(
            "promise",
            State.REPORTED,
            State.PROMISED,
            by=answers_for,
            within=term("fault.answer"),
            otherwise="warn",
            requires=("way", "ready_on"),
            why="At the supplier's cost: within the warranty, or by its own will.",
        ),
        transition(
            "name_price",
            State.REPORTED,
            State.PRICED,
            by=answers_for,
            requires="price",
            why="Only after the warranty, and not where the region has decided for the person.",
        ),
        transition("decline", State.REPORTED, State.DECLINED, by=answers_for, requires="reason"),
        transition(
            "accept_price", State.PRICED, State.PROMISED, by=recipient_of_age | unrelated_office, requires="ready_on"
        ),
        transition(
            "go_to_region",
            (State.PRICED, State.DECLINED),
            State.WITH_REGION,
            by=recipient | unrelated_office,
            within=term("fault.persons_answer"),
            otherwise="lapse",
        ),
        transition(
            "lapse",
            (State.PRICED, State.DECLINED),
            State.CLOSED,
            by=clock_only(),
            why="The person let it be; the fault can be reported again.",
        ),
        transition(
            "decide",
            State.WITH_REGION,
            (State.REPORTED, State.CLOSED),
            by=unrelated_region,
            within=term("fault.decision"),
            otherwise="remind_region",
            requires="decision",
        ),
        transition("remind_region", State.WITH_REGION, SAME, by=clock_only()),
        transition(
            "take_in", State.PROMISED, State.IN_WORK, by=answers_for, why="Days without the thing count from here."
        ),
        transition(
            "hand_back",
            (State.PROMISED, State.IN_WORK),
            State.BACK,
            by=answers_for,
            within=until("ready_on"),
            otherwise="warn",
            why="Repaired where it stands, brought back from the workshop, or exchanged.",
        ),
        transition(
            "warn",
            (State.REPORTED, State.PROMISED, State.IN_WORK),
            SAME,
            by=clock_only(),
            why="The supplier is late: the region and the person are told.",
        ),
        transition(
            "confirm",
            State.BACK,
            State.MENDED,
            by=recipient | unrelated_office,
            within=term("fault.confirmation"),
            otherwise="remind",
        ),
        transition(
            "not_mended",
            State.BACK,
            State.REPORTED,
            by=recipient | unrelated_office,
            why="Back to the supplier, and counted; from the second time on the region is told.",
        ),
        transition("remind", State.BACK, SAME, by=clock_only(), why="Never confirmed by silence."),
        transition("withdraw", Fault.CAN_BE_WITHDRAWN, State.CLOSED, by=recipient | unrelated_office),
    ),
)

HARM: Final[Workflow[Harm]] = Workflow(
    name="harm",
    title="Harm by goods",
    states=Harm.State,
    end=Harm.ENDED,
    transitions=(
        transition(
            "report",
            NEW,
            Harm.State.CHECKING,
            by=recipient | office | clock_only(),
            why="Reported, or goods were refused because they made somebody ill. What is like them is on hold at once.",
        ),
        transition(
            "clear",
            Harm.State.CHECKING,
            Harm.State.CLEARED,
            by=unrelated_region,
            within=term("harm.check"),
            otherwise="remind",
            why="With the reason. The hold is lifted when no other report of the same goods is open.",
        ),
        transition(
            "narrow",
            Harm.State.CHECKING,
            SAME,
            by=unrelated_region,
            requires="by",
            why="Of goods without a batch: which of them are on hold, said more exactly.",
        ),
        transition(
            "recall",
            Harm.State.CHECKING,
            Harm.State.RECALLED,
            by=unrelated_region,
            why="The batch; or all of an offer, of its version, of a maker and model, or some serial numbers.",
        ),
        transition(
            "bring_back",
            Harm.State.RECALLED,
            SAME,
            by=answers_for | unrelated_region,
            requires="item",
            why="Goods of the recall came back from somebody.",
        ),
        transition(
            "close",
            Harm.State.RECALLED,
            Harm.State.CLOSED,
            by=unrelated_region,
            within=term("harm.recall"),
            otherwise="remind",
        ),
        transition("remind", _WAITS, SAME, by=clock_only(), why="Never lifted or closed by silence."),
    ),
)
