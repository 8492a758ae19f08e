"""The processes of what a local body buys: a lot, and the purchase for one person (Social Code art. 169).

Purchases follow their lot by the clock, some at a time: who announced the lot or concluded its contract stands in the
journal of the lot. Nothing is received or given up by silence.
"""

from typing import Final

from tirek.core.case.parties import recipient
from tirek.core.case.workflow import NEW, SAME, Workflow, clock_only, term, transition, until
from tirek.people.parties import recipient_of_age, unrelated_office
from tirek.procurement.models import Lot, Purchase
from tirek.procurement.permissions import buyer

State = Purchase.State

LOT: Final[Workflow[Lot]] = Workflow(
    name="lot",
    title="Lot of a local body's procurement",
    states=Lot.State,
    end=Lot.ENDED,
    transitions=(
        transition("announce", NEW, Lot.State.ANNOUNCED, by=buyer, why="All that were chosen, or none."),
        transition(
            "conclude",
            Lot.State.ANNOUNCED,
            Lot.State.CONTRACTED,
            by=buyer,
            within=term("purchase.contract"),
            otherwise="remind",
            requires=("contract", "deliver_until"),
        ),
        transition(
            "fail",
            Lot.State.ANNOUNCED,
            Lot.State.FAILED,
            by=buyer,
            requires="failed",
            why="Its purchases wait for the next lot, with their place in the queue.",
        ),
        transition(
            "terminate",
            Lot.State.CONTRACTED,
            Lot.State.TERMINATED,
            by=buyer,
            requires="terminated",
            why="What was handed over stays; the others wait for the next lot.",
        ),
        transition(
            "finish",
            Lot.State.CONTRACTED,
            Lot.State.DONE,
            by=clock_only(),
            within=until("deliver_until"),
            otherwise="warn",
            why="Nothing of it is open any more.",
        ),
        transition("remind", Lot.State.ANNOUNCED, SAME, by=clock_only(), why="Never given up by silence."),
        transition("warn", Lot.State.CONTRACTED, SAME, by=clock_only(), why="The delivery is late."),
    ),
)

PURCHASE: Final[Workflow[Purchase]] = Workflow(
    name="purchase",
    title="Purchase by the local body for one person",
    states=Purchase.State,
    end=Purchase.ENDED,
    transitions=(
        transition(
            "record",
            NEW,
            State.NEEDED,
            by=clock_only() | unrelated_office,
            why="Recorded by itself where the local body buys the kind (art. 169), or by an officer.",
        ),
        transition(
            "move_line",
            Purchase.BEFORE_CONTRACT,
            SAME,
            by=clock_only(),
            why="A newer programme gives the same: the place in the queue stays.",
        ),
        transition(
            "put_in_lot",
            State.NEEDED,
            State.IN_LOT,
            by=clock_only(),
            within=term("purchase.lot"),
            otherwise="remind_lot",
            requires="lot",
        ),
        transition("remind_lot", State.NEEDED, SAME, by=clock_only(), why="The region is told that somebody waits."),
        transition(
            "contract",
            State.IN_LOT,
            (State.CONTRACTED, State.CANCELLED),
            by=clock_only(),
            within=term("purchase.contract"),
            otherwise="remind_contract",
            requires="lot",
            why="The entitlement is held from here; where nothing is left of it, the purchase ends.",
        ),
        transition("remind_contract", State.IN_LOT, SAME, by=clock_only(), why="The delay is seen by all."),
        transition(
            "return_to_need",
            (State.IN_LOT, *sorted(Purchase.UNDER_CONTRACT)),
            State.NEEDED,
            by=clock_only(),
            requires="reason",
            why="The lot failed, or its contract was terminated: the place in the queue stays.",
        ),
        transition(
            "propose_times",
            State.CONTRACTED,
            State.FITTING,
            by=unrelated_office,
            within=until("step_by"),
            otherwise="remind_fitting",
            why="Where the kind needs a fitting; on behalf of the supplier.",
        ),
        transition(
            "replace_times",
            State.FITTING,
            State.FITTING,
            by=unrelated_office,
            why="All that were named have passed before one was chosen.",
        ),
        transition(
            "choose_time",
            State.FITTING,
            State.FITTING_AGREED,
            by=recipient | unrelated_office,
            within=until("step_by"),
            otherwise="remind_fitting",
        ),
        transition("none_suits", State.FITTING, State.CONTRACTED, by=recipient | unrelated_office),
        transition("move_fitting", State.FITTING_AGREED, State.CONTRACTED, by=recipient | unrelated_office),
        transition(
            "hold_fitting",
            State.FITTING_AGREED,
            State.MAKING,
            by=unrelated_office,
            within=until("fitting_by"),
            otherwise="remind_fitting",
        ),
        transition("fit_again", (State.FITTING_AGREED, State.MAKING), State.CONTRACTED, by=unrelated_office),
        transition("miss_fitting", State.FITTING_AGREED, State.CONTRACTED, by=recipient | unrelated_office),
        transition(
            "remind_day_before",
            State.FITTING_AGREED,
            SAME,
            by=clock_only(),
            within=until("fitting_eve"),
            otherwise="remind_day_before",
        ),
        transition(
            "remind_fitting",
            (State.CONTRACTED, State.FITTING, State.FITTING_AGREED),
            SAME,
            by=clock_only(),
            why="Who has to act is reminded.",
        ),
        transition(
            "hand_over",
            (State.CONTRACTED, State.MAKING),
            State.HANDED_OVER,
            by=unrelated_office,
            within=until("deliver_until"),
            otherwise="warn_late",
            why="On behalf of the supplier; from a contract at once only where no fitting is needed.",
        ),
        transition("warn_late", (State.CONTRACTED, State.MAKING), SAME, by=clock_only(), why="The delivery is late."),
        transition(
            "receive",
            State.HANDED_OVER,
            State.RECEIVED,
            by=recipient_of_age | unrelated_office,
            within=term("purchase.confirmation"),
            otherwise="remind_receipt",
            signed=True,
        ),
        transition("refuse", State.HANDED_OVER, State.MAKING, by=recipient | unrelated_office),
        transition("remind_receipt", State.HANDED_OVER, SAME, by=clock_only(), why="Never confirmed by silence."),
        transition("ask_review", sorted(Purchase.HOLDS), SAME, by=clock_only(), why="Death, or another programme."),
        transition("go_on", sorted(Purchase.HOLDS), SAME, by=unrelated_office),
        transition("withdraw", Purchase.BEFORE_CONTRACT, State.CANCELLED, by=recipient_of_age),
        transition(
            "cancel", (*sorted(Purchase.BEFORE_CONTRACT), *sorted(Purchase.HOLDS)), State.CANCELLED, by=unrelated_office
        ),
        transition(
            "close",
            Purchase.BEFORE_CONTRACT,
            State.CANCELLED,
            by=clock_only(),
            requires="reason",
            why="Death; another programme; or the kind is ordered on the portal now.",
        ),
    ),
)
