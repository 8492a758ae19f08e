"""The process of an order (portal.md section 6, states 2-13 and 18).

State 9 "handed over" is the moment in which 10 "awaiting confirmation" begins: the supplier's act is made from the
hand-over and the person's answer is awaited from then on. Clarification and fitting (3), replacement (13) and dispute
(14) come with the breadth of the portal.
"""

from typing import Final

from tirek.core.case.parties import office, recipient, supplier
from tirek.core.case.workflow import NEW, SAME, Workflow, clock_only, term, transition, until
from tirek.orders.models import Order
from tirek.people.parties import recipient_of_age

State = Order.State

ORDER: Final[Workflow[Order]] = Workflow(
    name="order",
    title="Order of goods",
    states=State,
    end=Order.ENDED,
    transitions=(
        transition("submit", NEW, State.SUBMITTED, by=recipient_of_age | office),
        transition(
            "accept",
            State.SUBMITTED,
            (State.ACCEPTED, State.AWAITING_TOP_UP),
            by=supplier,
            within=term("order.acceptance"),
            otherwise="lapse",
            requires="ready_on",
        ),
        transition("decline", State.SUBMITTED, State.DECLINED, by=supplier, requires="reason"),
        transition(
            "lapse",
            State.SUBMITTED,
            State.CANCELLED,
            by=clock_only(),
            why="The entitlement is released and the person chooses again.",
        ),
        transition(
            "record_top_up",
            State.AWAITING_TOP_UP,
            State.ACCEPTED,
            by=supplier,
            within=until("record_by"),
            otherwise="lapse_top_up",
            requires="receipt",
            why="The person pays the supplier directly; the supplier has a working day more to record the receipt.",
        ),
        transition("lapse_top_up", State.AWAITING_TOP_UP, State.CANCELLED, by=clock_only()),
        transition("prepare", State.ACCEPTED, State.IN_PREPARATION, by=supplier),
        transition("dispatch", (State.ACCEPTED, State.IN_PREPARATION), State.ON_THE_WAY, by=supplier),
        transition(
            "hand_over",
            Order.CAN_BE_HANDED_OVER,
            State.AWAITING_CONFIRMATION,
            by=supplier,
            within=until("ready_on"),
            otherwise="warn_late",
            requires="delivery",
            why="The recipient tells the code at the door.",
        ),
        transition(
            "confirm_hand_over",
            Order.CAN_BE_HANDED_OVER,
            State.AWAITING_CONFIRMATION,
            by=office,
            requires=("delivery", "reason"),
            why="Without the code: an officer has asked both sides and confirms that the goods came.",
        ),
        transition(
            "warn_late",
            Order.CAN_BE_HANDED_OVER,
            SAME,
            by=clock_only(),
            why="Overdue: the person may cancel or wait; the office is told.",
        ),
        transition(
            "confirm",
            State.AWAITING_CONFIRMATION,
            State.RECEIVED,
            by=recipient_of_age | office,
            within=term("order.confirmation"),
            otherwise="remind",
            signed=True,
        ),
        transition(
            "refuse",
            State.AWAITING_CONFIRMATION,
            State.REFUSED,
            by=recipient | office,
            within=term("order.office_call"),
            otherwise="call_office",
            requires="reason",
        ),
        transition("remind", State.AWAITING_CONFIRMATION, SAME, by=clock_only(), why="Never a silent confirmation."),
        transition(
            "call_office", State.AWAITING_CONFIRMATION, SAME, by=clock_only(), why="An officer calls or visits."
        ),
        transition(
            "take_back",
            State.REFUSED,
            (State.CANCELLED, State.MONEY_OWED),
            by=supplier,
            within=term("order.refusal_answer"),
            otherwise="decide_for_person",
        ),
        transition(
            "decide_for_person",
            State.REFUSED,
            (State.CANCELLED, State.MONEY_OWED),
            by=clock_only(),
            why="No answer of the supplier: decided for the person.",
        ),
        transition("cancel", Order.CAN_BE_CANCELLED, (State.CANCELLED, State.MONEY_OWED), by=recipient | office),
        transition(
            "return_money",
            State.MONEY_OWED,
            State.CANCELLED,
            by=supplier,
            within=term("order.money_back"),
            otherwise="call_about_money",
            requires="receipt",
            why="The order has ended after the person's part was paid: the supplier returns it.",
        ),
        transition(
            "call_about_money", State.MONEY_OWED, SAME, by=clock_only(), why="The payment was not returned in time."
        ),
        transition(
            "come_of_age",
            Order.CAN_BE_REVIEWED,
            SAME,
            by=clock_only(),
            why="The parent's right to act has ended: an officer asks who acts now.",
        ),
        transition(
            "ask_for_review",
            Order.CAN_BE_REVIEWED,
            SAME,
            by=clock_only(),
            requires="cause",
            why="The person has died, or the programme has ended: an officer looks whether the order goes on.",
        ),
        transition(
            "let_go_on", Order.CAN_BE_REVIEWED, SAME, by=office, why="The officer has looked and lets the order go on."
        ),
    ),
)
