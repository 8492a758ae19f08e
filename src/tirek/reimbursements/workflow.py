"""The process of a claim (portal.md section 6, states 15-17, and section 7): made from a receipt that was confirmed,
sent by the supplier with the invoice, checked by one officer, paid by another.

No claim is checked or paid by silence: a term that has passed is told to the region and to the supplier.
"""

from typing import Final

from tirek.core.case.parties import supplier
from tirek.core.case.workflow import NEW, SAME, Workflow, clock_only, term, transition, until
from tirek.people.parties import unrelated_office
from tirek.reimbursements.models import Claim
from tirek.reimbursements.permissions import checker, payer

State = Claim.State

CLAIM: Final[Workflow[Claim]] = Workflow(
    name="claim",
    title="Payment to a supplier",
    states=State,
    end=Claim.ENDED,
    transitions=(
        transition(
            "open",
            NEW,
            State.TO_SUBMIT,
            by=clock_only(),
            why="The person has confirmed the receipt: the claim is made from the act, never typed.",
        ),
        transition(
            "submit",
            Claim.WITH_SUPPLIER,
            State.SUBMITTED,
            by=supplier,
            within=term("claim.submission"),
            otherwise="remind",
            requires=("invoice", "pay_by"),
            why="With the number and the day of the electronic invoice; the term of the department begins.",
        ),
        transition("remind", Claim.WITH_SUPPLIER, SAME, by=clock_only(), why="The supplier is reminded of its money."),
        transition(
            "verify",
            State.SUBMITTED,
            State.IN_PAYMENT,
            by=checker,
            within=term("claim.verification"),
            otherwise="escalate",
            why="By an officer who did not enter the order.",
        ),
        transition(
            "send_back",
            Claim.WITH_OFFICE,
            State.SENT_BACK,
            by=unrelated_office,
            requires="reason",
            why="With a reason: the supplier mends it and sends it again.",
        ),
        transition(
            "pay",
            State.IN_PAYMENT,
            State.PAID,
            by=payer,
            within=until("pay_by"),
            otherwise="escalate_payment",
            requires=("paid_on", "payment"),
            why="By an officer other than the one who checked it. Each act is paid once.",
        ),
        transition(
            "escalate",
            State.SUBMITTED,
            SAME,
            by=clock_only(),
            why="Not checked in time: the region, the office and the supplier are told.",
        ),
        transition(
            "escalate_payment",
            State.IN_PAYMENT,
            SAME,
            by=clock_only(),
            why="Not paid in time: the region, the office and the supplier are told.",
        ),
    ),
)
