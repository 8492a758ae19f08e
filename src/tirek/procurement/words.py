"""What pages say of purchases and of lots."""

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tirek.core.actors import Desk
from tirek.core.case.words import CaseWords, Next, Stage, StateWords
from tirek.procurement.models import Lot, Purchase

State, Task = Purchase.State, Purchase.OfficeTask
_DISTRICT, _REGION, _SUPPLIER, _YOU = _("Department"), _("Regional department"), _("Supplier"), _("You")
_RECIPIENT: Final = _("Recipient")

PURCHASE_WORDS: Final = CaseWords(
    path=(
        Stage(pgettext_lazy("step of a purchase", "Need recorded"), frozenset({State.NEEDED})),
        Stage(pgettext_lazy("step of a purchase", "Procurement announced"), frozenset({State.IN_LOT})),
        Stage(
            pgettext_lazy("step of a purchase", "Contract concluded"),
            frozenset({State.CONTRACTED}),
            lambda purchase: purchase.needs_fitting,
        ),
        # what is not fitted is made, or made anew, under the contract
        Stage(
            pgettext_lazy("step of a purchase", "Contract concluded"),
            frozenset({State.CONTRACTED, State.MAKING}),
            lambda purchase: not purchase.needs_fitting,
        ),
        Stage(
            pgettext_lazy("step of a purchase", "Fitting"),
            frozenset({State.FITTING, State.FITTING_AGREED, State.MAKING}),
            lambda purchase: purchase.needs_fitting,
        ),
        Stage(
            pgettext_lazy("step of a purchase", "Handed over"),
            frozenset({State.HANDED_OVER}),
        ),
        Stage(pgettext_lazy("step of a purchase", "Received"), frozenset({State.RECEIVED})),
    ),
    states={
        State.NEEDED: StateWords(
            "waiting",
            Next(_("The regional department puts it into a lot and announces the procurement."), _REGION),
            at={
                Desk.RECIPIENT: Next(
                    _(
                        "The regional department puts it into a lot and announces the procurement. You do not need to "
                        "do anything: we write to you at each step."
                    ),
                    _REGION,
                )
            },
        ),
        State.IN_LOT: StateWords(
            "waiting",
            Next(_("Suppliers make their bids, and the regional department concludes a contract."), _REGION),
            at={
                Desk.RECIPIENT: Next(
                    _(
                        "Suppliers make their bids, and the regional department concludes a contract. You do not need "
                        "to do anything: we write to you at each step."
                    ),
                    _REGION,
                )
            },
        ),
        State.CONTRACTED: StateWords(
            "waiting",
            Next(_("The supplier names times of the fitting, or brings the goods."), _SUPPLIER),
            at={
                Desk.OFFICER: Next(
                    _(
                        "Ask the supplier for times of the fitting and name them here; without a fitting record the "
                        "hand-over."
                    ),
                    _DISTRICT,
                ),
            },
        ),
        State.FITTING: StateWords(
            "waiting",
            Next(_("The recipient chooses a time of the fitting, or writes when it would suit."), _RECIPIENT),
            at={
                Desk.RECIPIENT: Next(
                    _("Choose a time of the fitting, or write when it would suit you. No call is needed."), _YOU
                )
            },
            name={Desk.RECIPIENT: _("choose a time of the fitting")},
        ),
        State.FITTING_AGREED: StateWords(
            "waiting",
            Next(_("The fitting is held, and the department records what came of it."), _SUPPLIER),
            at={
                Desk.RECIPIENT: Next(
                    _("Come to the fitting. If you cannot, say it here before: another time is named."), _YOU
                )
            },
        ),
        State.MAKING: StateWords(
            "waiting",
            Next(_("The supplier makes it. The department records the hand-over."), _SUPPLIER),
        ),
        State.HANDED_OVER: StateWords(
            "waiting",
            Next(_("The recipient tries it and signs the receipt, or refuses it with a reason."), _RECIPIENT),
            at={
                Desk.RECIPIENT: Next(
                    _("Try it. If it fits, sign the receipt; if not, refuse it and say why: nothing is lost."), _YOU
                )
            },
            name={Desk.RECIPIENT: _("handed over, waiting for your signature")},
        ),
        State.RECEIVED: StateWords("done", Next(_("Nothing more: you have it."))),
        State.CANCELLED: StateWords("stopped", Next(_("Nothing more. The history below says why."))),
    },
    events={
        "record": _("The need was recorded."),
        "move_line": _("A newer programme gives the same. The place in the queue stays."),
        "put_in_lot": _("It was put into a lot, and the procurement was announced."),
        "remind_lot": _("The time limit for a lot passed. We told the regional department."),
        "contract": _("The contract with the supplier was concluded."),
        "remind_contract": _("The time limit for the contract passed. We told the regional department."),
        "return_to_need": _("The lot did not succeed. It waits for the next lot, with its place in the queue."),
        "propose_times": _("Times of the fitting were named."),
        "replace_times": _("Other times of the fitting were named."),
        "choose_time": _("A time of the fitting was chosen."),
        "none_suits": _("No time suited. Other times are named."),
        "move_fitting": _("The fitting was called off to another time."),
        "hold_fitting": _("The fitting was held."),
        "fit_again": _("Another fitting is needed."),
        "miss_fitting": _("Somebody did not come to the fitting. Other times are named."),
        "remind_day_before": _("We reminded the recipient of the fitting."),
        "remind_fitting": _("The time limit of the fitting passed. We reminded who has to act."),
        "hand_over": _("It was handed over."),
        "warn_late": _("The delivery is late. We told the regional department."),
        "receive": _("The receipt was signed."),
        "refuse": _("The recipient refused it."),
        "remind_receipt": _("We reminded the recipient to sign or to refuse."),
        "ask_review": _("An officer was asked whether it goes on."),
        "go_on": _("An officer looked at it: it goes on."),
        "withdraw": _("The recipient does not need it any more."),
        "cancel": _("An officer ended it."),
        "close": _("It was ended."),
    },
    reasons=(Purchase.Why, Task),
    reason_keys=("reason", "cause"),
    task=lambda purchase: purchase.office_task,
    tasks={
        Task.PROGRAMME: {
            Desk.OFFICER: Next(_("The programme has changed: let it go on, or end it with a reason."), _DISTRICT)
        },
        Task.DEATH: {
            Desk.OFFICER: Next(_("The person has died: end it, or let it go on where it was used."), _DISTRICT)
        },
        Task.FITTING: {
            Desk.OFFICER: Next(
                _("The fitting does not go on: write to both sides, and name or choose a time for them."), _DISTRICT
            )
        },
    },
    notes={
        "none_suits": _("The recipient writes"),
        "hold_fitting": _("What was agreed"),
        "hand_over": _("What was agreed"),
        "refuse": _("The recipient writes"),
        "cancel": _("The department writes"),
        "fit_again": _("The department writes"),
    },
    notes_for=frozenset({Desk.RECIPIENT, Desk.OFFICER}),
    open_notes=frozenset({"hold_fitting", "hand_over", "cancel", "fit_again", "move_fitting", "none_suits", "refuse"}),
)

LOT_WORDS: Final = CaseWords(
    path=(
        Stage(pgettext_lazy("step of a lot", "Announced"), frozenset({Lot.State.ANNOUNCED})),
        Stage(pgettext_lazy("step of a lot", "Contract"), frozenset({Lot.State.CONTRACTED})),
        Stage(pgettext_lazy("step of a lot", "Carried out"), frozenset({Lot.State.DONE})),
    ),
    states={
        Lot.State.ANNOUNCED: StateWords(
            "waiting",
            Next(
                _("Record the contract when it is concluded, or that the procurement failed."),
                _REGION,
                yours=frozenset({"conclude"}),
            ),
        ),
        Lot.State.CONTRACTED: StateWords(
            "active", Next(_("The supplier makes and delivers. Districts record fittings and hand-overs."), _SUPPLIER)
        ),
        Lot.State.FAILED: StateWords("stopped", Next(_("Nothing more: its purchases wait for the next lot."))),
        Lot.State.TERMINATED: StateWords(
            "stopped", Next(_("Nothing more: what was not handed over waits for the next lot."))
        ),
        Lot.State.DONE: StateWords("done", Next(_("Nothing more: all of it is settled."))),
    },
    events={
        "announce": _("The lot was announced."),
        "conclude": _("The contract was concluded."),
        "fail": _("The procurement failed."),
        "terminate": _("The contract was terminated."),
        "finish": _("Nothing of the lot is open any more."),
        "remind": _("The time limit for the contract passed. We told the regional department."),
        "warn": _("The last day of delivery passed. We told the regional department."),
    },
    reasons=(Lot.Failed, Lot.Terminated),
    reason_keys=("failed", "terminated"),
)
