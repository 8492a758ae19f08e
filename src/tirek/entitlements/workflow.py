"""The processes of entitlements: a programme, its term to order, a correction, and a request for one.

The term to order (Social Code art. 168(2)) is a small process of its own, one per line that can be ordered when its
programme is registered: the programme goes on whatever becomes of one line. It begins once, with the notice. A new
quota window or a new issue after the replacement term has no term of its own: the law counts from the notice that the
measures were sent to the portal, and that notice comes once.

An order stops the term. One that comes to nothing (declined, lapsed, cancelled, taken back) gives back what is left of
it, but at least ``entitlement.order_again`` (10 working days, demo): nobody loses a line because a supplier did not
answer.
"""

from typing import Final

from tirek.core.case.parties import office, recipient
from tirek.core.case.workflow import NEW, SAME, Workflow, by_file, clock_only, term, transition, until
from tirek.entitlements.models import Correction, CorrectionRequest, OrderingTerm, Programme
from tirek.people.parties import second_officer, unrelated_office

ProgrammeState = Programme.State
TermState = OrderingTerm.State
CorrectionState = Correction.State
RequestState = CorrectionRequest.State

PROGRAMME: Final[Workflow[Programme]] = Workflow(
    name="programme",
    title="Individual programme",
    states=ProgrammeState,
    end=Programme.ENDED,
    transitions=(
        transition(
            "register",
            NEW,
            ProgrammeState.ACTIVE,
            by=unrelated_office | clock_only() | by_file(),
            why="The clock stands for the command that fills an installation; no officer enters one for a relative.",
        ),
        transition(
            "replace",
            ProgrammeState.ACTIVE,
            ProgrammeState.REPLACED,
            by=office | clock_only(),
            within=until("valid_until"),
            otherwise="expire",
            requires="by",
        ),
        transition("expire", ProgrammeState.ACTIVE, ProgrammeState.EXPIRED, by=clock_only()),
        transition(
            "cancel",
            ProgrammeState.ACTIVE,
            ProgrammeState.CANCELLED,
            by=office,
            requires="basis",
            why="Re-examination or the person's refusal (art. 157).",
        ),
    ),
)

TERM: Final[Workflow[OrderingTerm]] = Workflow(
    name="orderingterm",
    title="Term to order a line of the programme",
    states=TermState,
    end=OrderingTerm.ENDED,
    transitions=(
        transition(
            "open",
            NEW,
            TermState.RUNNING,
            by=office | clock_only(),
            why="With the programme's registration, which gives the notice.",
        ),
        transition(
            "order",
            TermState.RUNNING,
            TermState.ORDERED,
            by=clock_only(),
            within=until("order_by"),
            otherwise="lapse",
            why="An order holds the line.",
        ),
        *(
            transition(
                f"remind_{which}",
                TermState.RUNNING,
                SAME,
                by=clock_only(),
                within=until(f"{which}_reminder"),
                otherwise=f"remind_{which}",
                why=f"After {days} days.",
            )
            for which, days in (("first", 30), ("second", 45), ("third", 55))
        ),
        transition(
            "begin_by_letter",
            TermState.RUNNING,
            TermState.RUNNING,
            by=clock_only(),
            why="The notice went by post: the term begins when the letter counts as received.",
        ),
        transition(
            "lapse",
            TermState.RUNNING,
            (TermState.NOT_ORDERED, TermState.ORDERED),
            by=clock_only(),
            why="The line stays, an officer is asked to call. Ordered, when an order came in the last moment.",
        ),
        transition(
            "record_call",
            TermState.NOT_ORDERED,
            SAME,
            by=office,
            requires="result",
            why="The call closes the task; the line still stays.",
        ),
        transition(
            "reopen",
            TermState.NOT_ORDERED,
            TermState.RUNNING,
            by=office | clock_only(),
            requires="reason",
            why="The full term begins anew; by itself when the first offer reaches a district where nobody offered.",
        ),
        transition("resume", TermState.ORDERED, TermState.RUNNING, by=clock_only(), why="The order came to nothing."),
        transition(
            "close",
            (TermState.RUNNING, TermState.ORDERED, TermState.NOT_ORDERED),
            TermState.CLOSED,
            by=clock_only(),
            why="Received, or the programme has ended.",
        ),
    ),
)

CORRECTION: Final[Workflow[Correction]] = Workflow(
    name="correction",
    title="Correction of a balance",
    states=CorrectionState,
    end=Correction.ENDED,
    transitions=(
        transition("propose", NEW, CorrectionState.PROPOSED, by=unrelated_office),
        transition(
            "sign",
            CorrectionState.PROPOSED,
            CorrectionState.SIGNED,
            by=second_officer("proposed_by"),
            why="Only with two officers it enters the ledger.",
        ),
        transition("reject", CorrectionState.PROPOSED, CorrectionState.REJECTED, by=second_officer("proposed_by")),
    ),
)

REQUEST: Final[Workflow[CorrectionRequest]] = Workflow(
    name="correctionrequest",
    title="Request for a correction",
    states=RequestState,
    end=CorrectionRequest.ENDED,
    transitions=(
        transition("submit", NEW, RequestState.SUBMITTED, by=recipient),
        transition(
            "explain",
            RequestState.SUBMITTED,
            RequestState.EXPLAINED,
            by=unrelated_office,
            within=term("entitlement.correction_answer"),
            otherwise="escalate",
            why="Nothing is wrong, and the office says why.",
        ),
        transition(
            "begin",
            RequestState.SUBMITTED,
            RequestState.CORRECTING,
            by=unrelated_office,
            why="A correction waits for the second signature.",
        ),
        transition(
            "record_fix",
            RequestState.SUBMITTED,
            RequestState.CORRECTED,
            by=unrelated_office,
            requires="document",
            why="The programme's data were put right by the expertise or in the register; no balance changes.",
        ),
        transition(
            "finish",
            RequestState.CORRECTING,
            RequestState.CORRECTED,
            by=unrelated_office,
            within=term("entitlement.correction_answer"),
            otherwise="escalate",
            why="With the second signature on the correction.",
        ),
        transition(
            "take_up_again",
            RequestState.CORRECTING,
            RequestState.SUBMITTED,
            by=unrelated_office,
            why="The correction was rejected: the answer is still owed.",
        ),
        transition(
            "escalate",
            (RequestState.SUBMITTED, RequestState.CORRECTING),
            SAME,
            by=clock_only(),
            why="No answer in time: the region is told; never closed in silence.",
        ),
    ),
)
