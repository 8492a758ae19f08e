"""The processes of entitlements: a programme, its term to order, a correction, and a request for one.

The term to order (Social Code art. 168(2)) is a small process of its own, one per line that can be ordered when its programme is
registered: the programme goes on whatever becomes of one line. It begins once, with the notice. A new quota window or a new issue
after the replacement term has no term of its own: the law counts from the notice that the measures were sent to the portal, and
that notice comes once.

An order stops the term. One that comes to nothing (declined, lapsed, cancelled, taken back) gives back what is left of it, but at
least ``entitlement.order_again`` (10 working days, demo): nobody loses a line because a supplier did not answer.
"""

from typing import Final

from tirek.core.workflow import NEW, SAME, Workflow, arrow, clock_only, term, until
from tirek.entitlements.models import Correction, CorrectionRequest, OrderingTerm, Programme
from tirek.entitlements.permissions import office, recipient, second_officer, unrelated_office

S = Programme.State
T = OrderingTerm.State
C = Correction.State
R = CorrectionRequest.State

PROGRAMME: Final[Workflow[Programme]] = Workflow(
    name="programme",
    title="Individual programme",
    states=S,
    end=frozenset({S.EXPIRED, S.REPLACED, S.CANCELLED}),
    transitions=(
        arrow("register", NEW, S.ACTIVE, by=office | clock_only(), why="The clock stands for the import from the expertise's system."),
        arrow("replace", S.ACTIVE, S.REPLACED, by=office | clock_only(), within=until("valid_until"), otherwise="expire", requires="by"),
        arrow("expire", S.ACTIVE, S.EXPIRED, by=clock_only()),
        arrow("cancel", S.ACTIVE, S.CANCELLED, by=office, requires="basis", why="Re-examination or the person's refusal (art. 157)."),
    ),
)

TERM: Final[Workflow[OrderingTerm]] = Workflow(
    name="orderingterm",
    title="Term to order a line of the programme",
    states=T,
    end=frozenset({T.CLOSED}),
    transitions=(
        arrow("open", NEW, T.RUNNING, by=office | clock_only(), why="With the programme's registration, which gives the notice."),
        arrow("order", T.RUNNING, T.ORDERED, by=clock_only(), within=until("order_by"), otherwise="lapse", why="An order holds the line."),
        arrow(
            "remind_first", T.RUNNING, SAME, by=clock_only(), within=until("first_reminder"), otherwise="remind_first", why="After 30 days."
        ),
        arrow(
            "remind_second",
            T.RUNNING,
            SAME,
            by=clock_only(),
            within=until("second_reminder"),
            otherwise="remind_second",
            why="After 45 days.",
        ),
        arrow(
            "remind_third", T.RUNNING, SAME, by=clock_only(), within=until("third_reminder"), otherwise="remind_third", why="After 55 days."
        ),
        arrow(
            "lapse",
            T.RUNNING,
            (T.NOT_ORDERED, T.ORDERED),
            by=clock_only(),
            why="The line stays, an officer is asked to call. Ordered, when an order came in the last moment.",
        ),
        arrow("record_call", T.NOT_ORDERED, SAME, by=office, requires="result", why="The call closes the task; the line still stays."),
        arrow("reopen", T.NOT_ORDERED, T.RUNNING, by=office, requires="reason", why="The full term begins anew."),
        arrow("resume", T.ORDERED, T.RUNNING, by=clock_only(), why="The order came to nothing."),
        arrow("close", (T.RUNNING, T.ORDERED, T.NOT_ORDERED), T.CLOSED, by=clock_only(), why="Received, or the programme has ended."),
    ),
)

CORRECTION: Final[Workflow[Correction]] = Workflow(
    name="correction",
    title="Correction of a balance",
    states=C,
    end=frozenset({C.SIGNED, C.REJECTED}),
    transitions=(
        arrow("propose", NEW, C.PROPOSED, by=unrelated_office),
        arrow("sign", C.PROPOSED, C.SIGNED, by=second_officer, why="Only with two officers it enters the ledger."),
        arrow("reject", C.PROPOSED, C.REJECTED, by=second_officer),
    ),
)

REQUEST: Final[Workflow[CorrectionRequest]] = Workflow(
    name="correctionrequest",
    title="Request for a correction",
    states=R,
    end=frozenset({R.CORRECTED, R.EXPLAINED}),
    transitions=(
        arrow("submit", NEW, R.SUBMITTED, by=recipient),
        arrow(
            "explain",
            R.SUBMITTED,
            R.EXPLAINED,
            by=unrelated_office,
            within=term("entitlement.correction_answer"),
            otherwise="escalate",
            why="Nothing is wrong, and the office says why.",
        ),
        arrow("begin", R.SUBMITTED, R.CORRECTING, by=unrelated_office, why="A correction waits for the second signature."),
        arrow(
            "record_fix",
            R.SUBMITTED,
            R.CORRECTED,
            by=unrelated_office,
            requires="document",
            why="The programme's data were put right by the expertise or in the register; no balance changes.",
        ),
        arrow(
            "finish",
            R.CORRECTING,
            R.CORRECTED,
            by=unrelated_office,
            within=term("entitlement.correction_answer"),
            otherwise="escalate",
            why="With the second signature on the correction.",
        ),
        arrow(
            "take_up_again", R.CORRECTING, R.SUBMITTED, by=unrelated_office, why="The correction was rejected: the answer is still owed."
        ),
        arrow(
            "escalate",
            (R.SUBMITTED, R.CORRECTING),
            SAME,
            by=clock_only(),
            why="No answer in time: the region is told; never closed in silence.",
        ),
    ),
)
