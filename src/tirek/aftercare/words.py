"""What pages say of faults and of harm."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from tirek.aftercare.models import Fault, Harm
from tirek.core.actors import Desk
from tirek.core.case.words import CaseWords, Next, Stage, StateWords

State = Fault.State
_SUPPLIER, _RECIPIENT, _REGION, _YOU = _("Supplier"), _("Recipient"), _("Regional department"), _("You")
_EVERYBODY: Final = frozenset({Desk.RECIPIENT, Desk.SUPPLIER, Desk.OFFICER})

FAULT_WORDS: Final = CaseWords(
    path=(
        Stage(
            _("Reported"),
            frozenset({State.REPORTED, State.PRICED, State.DECLINED, State.WITH_REGION}),
        ),
        Stage(_("A day is promised"), frozenset({State.PROMISED})),
        Stage(_("In repair"), frozenset({State.IN_WORK})),
        Stage(_("Handed back"), frozenset({State.BACK})),
        Stage(_("It works"), frozenset({State.MENDED})),
    ),
    states={
        State.REPORTED: StateWords(
            "waiting",
            Next(_("The supplier answers: a repair, another one, or no with a reason."), _SUPPLIER),
            at={Desk.SUPPLIER: Next(_("Promise a repair or another one, or decline with a reason."), _YOU)},
        ),
        State.PRICED: StateWords(
            "waiting",
            Next(_("The recipient accepts the price, or asks the regional department."), _RECIPIENT),
            at={
                Desk.RECIPIENT: Next(
                    _("Accept the price, or ask the regional department to decide. You can also let it be."), _YOU
                )
            },
        ),
        State.DECLINED: StateWords(
            "waiting",
            Next(_("The recipient may ask the regional department to decide."), _RECIPIENT),
            at={
                Desk.RECIPIENT: Next(
                    _("Read the reason below. If you do not agree, ask the regional department to decide."), _YOU
                )
            },
        ),
        State.PROMISED: StateWords(
            "waiting",
            Next(_("The supplier fetches it, or repairs it where it is."), _SUPPLIER),
            at={Desk.SUPPLIER: Next(_("Take it in for repair, or hand it back when it works."), _YOU)},
        ),
        State.IN_WORK: StateWords(
            "waiting",
            Next(_("The supplier repairs it and hands it back."), _SUPPLIER),
            at={Desk.SUPPLIER: Next(_("Repair it and hand it back by the promised day."), _YOU)},
        ),
        State.BACK: StateWords(
            "waiting",
            Next(_("The recipient says whether it works."), _RECIPIENT),
            at={Desk.RECIPIENT: Next(_("Try it, then say whether it works."), _YOU)},
        ),
        State.WITH_REGION: StateWords(
            "waiting",
            Next(_("The regional department decides and gives its reasons."), _REGION, yours=frozenset({"decide"})),
        ),
        State.MENDED: StateWords("done", Next(_("Nothing more: it works again."))),
        State.CLOSED: StateWords("quiet", Next(_("Nothing more. A fault can be reported again at any time."))),
    },
    events={
        "report": _("The fault was reported."),
        "promise": _("The supplier promised a day."),
        "name_price": _("The supplier named the price of the repair."),
        "decline": _("The supplier declined."),
        "accept_price": _("The price was accepted."),
        "go_to_region": _("The regional department was asked to decide."),
        "lapse": _("Nobody answered the supplier. The fault was closed."),
        "decide": _("The regional department decided."),
        "remind_region": _("The time limit passed. The regional department was reminded."),
        "take_in": _("The supplier took it in for repair."),
        "hand_back": _("The supplier handed it back."),
        "warn": _("The supplier is late. We told the regional department."),
        "confirm": _("It works: confirmed."),
        "not_mended": _("It still does not work."),
        "remind": _("We reminded the recipient to say whether it works."),
        "withdraw": _("The recipient let it be."),
    },
    reasons=(Fault.DeclineReason, Fault.Decision),
    reason_keys=("reason", "decision"),
    notes={
        "decline": _("The supplier writes"),
        "hand_back": _("What was done"),
        "go_to_region": _("The recipient writes"),
        "not_mended": _("The recipient writes"),
        "decide": _("Reasons of the regional department"),
    },
    open_notes=frozenset({"decline", "hand_back", "go_to_region", "not_mended", "decide"}),
    notes_for=_EVERYBODY,
    who={Desk.OFFICER: _("Officer")},
)

HARM_WORDS: Final = CaseWords(
    states={
        Harm.State.CHECKING: StateWords(
            "waiting",
            Next(_("The regional department checks the goods. What is like them is on hold until then."), _REGION),
            at={
                Desk.OFFICER: Next(
                    _("Check it: lift the hold with a reason, or recall the goods."),
                    _REGION,
                    yours=frozenset({"clear"}),
                ),
                Desk.SUPPLIER: Next(
                    _("Do not hand over these goods. Help the regional department to check them."), _REGION
                ),
                Desk.RECIPIENT: Next(
                    _("Do not use these goods. The regional department checks them and tells you."), _REGION
                ),
            },
        ),
        Harm.State.RECALLED: StateWords(
            "waiting",
            Next(_("The goods come back to the supplier."), _SUPPLIER),
            at={
                Desk.OFFICER: Next(_("See what came back, and close the recall."), _REGION, yours=frozenset({"close"})),
                Desk.SUPPLIER: Next(_("Fetch the goods from everybody and record here what came back."), _YOU),
                Desk.RECIPIENT: Next(_("Give the goods back to the supplier."), _YOU),
            },
        ),
        Harm.State.CLEARED: StateWords("done", Next(_("Nothing more: the check is over."))),
        Harm.State.CLOSED: StateWords("done", Next(_("Nothing more: the recall is over."))),
    },
    events={
        "report": _("Harm was reported."),
        "clear": _("The goods were checked: nothing harmful was found."),
        "narrow": _("The regional department said more exactly which goods are on hold."),
        "recall": _("The goods were recalled."),
        "bring_back": _("Goods of the recall came back."),
        "close": _("The recall is over."),
        "remind": _("The time limit passed. The regional department was reminded."),
    },
    notes={
        "clear": _("Reasons of the regional department"),
        "narrow": _("Reasons of the regional department"),
        "recall": _("Reasons of the regional department"),
        "close": _("Reasons of the regional department"),
    },
    open_notes=frozenset({"clear", "narrow", "recall", "close"}),
    notes_for=_EVERYBODY,
    who={Desk.OFFICER: _("Officer")},
)
