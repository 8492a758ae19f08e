"""The process of an order of a part: asked for, accepted with a day, sent or handed over, received.

Nothing of it touches what the programme entitles to. Silence ends only what the supplier has not accepted; it never
confirms a receipt.
"""

from typing import Final

from tirek.core.case.parties import recipient, supplier
from tirek.core.case.workflow import NEW, SAME, Workflow, clock_only, term, transition, until
from tirek.parts.models import PartOrder
from tirek.people.parties import recipient_of_age, unrelated_office

State = PartOrder.State

PART_ORDER: Final[Workflow[PartOrder]] = Workflow(
    name="partorder",
    title="Order of a part",
    states=State,
    end=PartOrder.ENDED,
    transitions=(
        transition(
            "ask",
            NEW,
            State.ASKED,
            by=recipient_of_age | unrelated_office,
            why="The price of this moment holds, whatever the supplier changes later.",
        ),
        transition(
            "accept",
            State.ASKED,
            State.ACCEPTED,
            by=supplier,
            within=term("parts.answer"),
            otherwise="lapse",
            requires="ready_on",
        ),
        transition("decline", State.ASKED, State.DECLINED, by=supplier, requires="reason"),
        transition(
            "lapse",
            State.ASKED,
            State.LAPSED,
            by=clock_only(),
            why="The supplier did not answer: the person and the region are told; a report of a fault obliges it.",
        ),
        transition(
            "send",
            State.ACCEPTED,
            State.SENT,
            by=supplier,
            within=until("ready_on"),
            otherwise="warn",
        ),
        transition("warn", State.ACCEPTED, SAME, by=clock_only(), why="Late: the person and the region are told."),
        transition(
            "confirm",
            State.SENT,
            State.RECEIVED,
            by=recipient | unrelated_office,
            within=term("parts.confirmation"),
            otherwise="remind",
        ),
        transition(
            "not_right",
            State.SENT,
            State.ACCEPTED,
            by=recipient | unrelated_office,
            requires="ready_on",
            why="Something else came, or nothing: back to the supplier, and counted; the region is told of the "
            "second time.",
        ),
        transition("remind", State.SENT, SAME, by=clock_only(), why="Never confirmed by silence."),
        transition("cancel", (State.ASKED, State.ACCEPTED), State.CANCELLED, by=recipient_of_age | unrelated_office),
    ),
)
