"""What pages say of orders of parts."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Desk
from tirek.core.case.words import CaseWords, Next, Stage, StateWords
from tirek.parts.models import PartOrder

State = PartOrder.State
_SUPPLIER, _RECIPIENT, _YOU = _("Supplier"), _("Recipient"), _("You")

PART_ORDER_WORDS: Final = CaseWords(
    path=(
        Stage(_("Sent"), frozenset({State.ASKED})),
        Stage(_("A day is promised"), frozenset({State.ACCEPTED})),
        Stage(_("On the way or handed over"), frozenset({State.SENT})),
        Stage(_("Received"), frozenset({State.RECEIVED})),
    ),
    states={
        State.ASKED: StateWords(
            "waiting",
            Next(_("The supplier accepts it with a day, or declines with a reason."), _SUPPLIER),
            at={Desk.SUPPLIER: Next(_("Accept it with a day, or decline with a reason."), _YOU)},
        ),
        State.ACCEPTED: StateWords(
            "waiting",
            Next(_("The supplier sends it or hands it over by the promised day."), _SUPPLIER),
            at={Desk.SUPPLIER: Next(_("Send it or hand it over by the promised day."), _YOU)},
        ),
        State.SENT: StateWords(
            "waiting",
            Next(_("The recipient says whether it came."), _RECIPIENT),
            at={
                Desk.RECIPIENT: Next(_("When it is with you, say that it came. If something is wrong, say that."), _YOU)
            },
        ),
        State.RECEIVED: StateWords("done", Next(_("Nothing more: the part was received."))),
        State.DECLINED: StateWords(
            "stopped",
            Next(_("Nothing more here.")),
            at={
                Desk.RECIPIENT: Next(
                    _("Read the reason. Order another part, or report a fault: then the supplier answers."),
                    _YOU,
                )
            },
        ),
        State.CANCELLED: StateWords("quiet", Next(_("Nothing more. The part can be ordered again."))),
        State.LAPSED: StateWords(
            "stopped",
            Next(_("Nothing more here. The regional department knows that the supplier did not answer.")),
            at={
                Desk.RECIPIENT: Next(
                    _("Report a fault of the thing, or order the part again. The regional department knows."), _YOU
                )
            },
        ),
    },
    events={
        "ask": _("The part was ordered."),
        "accept": _("The supplier promised a day."),
        "decline": _("The supplier declined."),
        "lapse": _("The supplier did not answer in time. The order of the part ended."),
        "send": _("The part was sent or handed over."),
        "warn": _("The promised day passed. We told the regional department."),
        "confirm": _("The part came: confirmed."),
        "not_right": _("Something else came, or nothing."),
        "remind": _("We reminded the recipient to say whether the part came."),
        "cancel": _("The order of the part was cancelled."),
    },
    reasons=(PartOrder.DeclineReason,),
    notes={
        "decline": _("The supplier writes"),
        "send": _("The supplier writes"),
        "not_right": _("The recipient writes"),
    },
    open_notes=frozenset({"decline", "send", "not_right"}),
    notes_for=frozenset({Desk.RECIPIENT, Desk.SUPPLIER, Desk.OFFICER}),
    who={Desk.OFFICER: _("Officer")},
)
