"""The process of an order (portal.md section 6, states 2-13 and 18).

State 9 "handed over" is the moment in which 10 "awaiting confirmation" begins: the supplier's act is made from the
hand-over and the person's answer is awaited from then on. Clarification and fitting (3), replacement (13) and dispute
(14) come with the breadth of the portal.
"""

from typing import Final

from tirek.core.workflow import NEW, SAME, Workflow, arrow, clock_only, term, until
from tirek.orders.models import Order
from tirek.orders.permissions import office, recipient, supplier

S = Order.State

ORDER: Final[Workflow[Order]] = Workflow(
    name="order",
    title="Order of goods",
    states=S,
    end=Order.ENDED,
    transitions=(
        arrow("submit", NEW, S.SUBMITTED, by=recipient | office),
        arrow(
            "accept",
            S.SUBMITTED,
            (S.ACCEPTED, S.AWAITING_TOP_UP),
            by=supplier,
            within=term("order.acceptance"),
            otherwise="lapse",
            requires="ready_on",
        ),
        arrow("decline", S.SUBMITTED, S.DECLINED, by=supplier, requires="reason"),
        arrow("lapse", S.SUBMITTED, S.CANCELLED, by=clock_only(), why="The entitlement is released and the person chooses again."),
        arrow(
            "record_top_up",
            S.AWAITING_TOP_UP,
            S.ACCEPTED,
            by=supplier,
            within=term("order.top_up"),
            otherwise="lapse_top_up",
            requires="receipt",
            why="The person pays the supplier directly; the supplier records the receipt.",
        ),
        arrow("lapse_top_up", S.AWAITING_TOP_UP, S.CANCELLED, by=clock_only()),
        arrow("prepare", S.ACCEPTED, S.IN_PREPARATION, by=supplier),
        arrow("dispatch", (S.ACCEPTED, S.IN_PREPARATION), S.ON_THE_WAY, by=supplier),
        arrow(
            "hand_over",
            Order.CAN_BE_HANDED_OVER,
            S.AWAITING_CONFIRMATION,
            by=supplier,
            within=until("ready_on"),
            otherwise="warn_late",
            requires="delivery",
            why="The recipient tells the code at the door.",
        ),
        arrow(
            "confirm_hand_over",
            Order.CAN_BE_HANDED_OVER,
            S.AWAITING_CONFIRMATION,
            by=office,
            requires=("delivery", "reason"),
            why="Without the code: an officer has asked both sides and confirms that the goods came.",
        ),
        arrow(
            "warn_late", Order.CAN_BE_HANDED_OVER, SAME, by=clock_only(), why="Overdue: the person may cancel or wait; the office is told."
        ),
        arrow(
            "confirm",
            S.AWAITING_CONFIRMATION,
            S.RECEIVED,
            by=recipient | office,
            within=term("order.confirmation"),
            otherwise="remind",
            signed=True,
        ),
        arrow(
            "refuse",
            S.AWAITING_CONFIRMATION,
            S.REFUSED,
            by=recipient | office,
            within=term("order.office_call"),
            otherwise="call_office",
            requires="reason",
        ),
        arrow("remind", S.AWAITING_CONFIRMATION, SAME, by=clock_only(), why="Never a silent confirmation."),
        arrow("call_office", S.AWAITING_CONFIRMATION, SAME, by=clock_only(), why="An officer calls or visits."),
        arrow("take_back", S.REFUSED, S.CANCELLED, by=supplier, within=term("order.refusal_answer"), otherwise="decide_for_person"),
        arrow("decide_for_person", S.REFUSED, S.CANCELLED, by=clock_only(), why="No answer of the supplier: decided for the person."),
        arrow("cancel", Order.CAN_BE_CANCELLED, S.CANCELLED, by=recipient | office),
        arrow(
            "ask_for_review",
            Order.CAN_BE_REVIEWED,
            SAME,
            by=clock_only(),
            requires="cause",
            why="The person has died, or the programme has ended: an officer looks whether the order goes on.",
        ),
        arrow("let_go_on", Order.CAN_BE_REVIEWED, SAME, by=office, why="The officer has looked and lets the order go on."),
    ),
)
