"""What pages say of claims."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Desk
from tirek.core.case.words import CaseWords, Next, Stage, StateWords
from tirek.reimbursements.models import Claim

State = Claim.State
_SUPPLIER, _OFFICE, _YOU = _("Supplier"), _("Department"), _("You")

CLAIM_WORDS: Final = CaseWords(
    path=(
        Stage(_("Goods received"), frozenset({State.TO_SUBMIT})),
        Stage(_("Sent for payment"), frozenset({State.SUBMITTED})),
        Stage(_("Sent back"), frozenset({State.SENT_BACK}), lambda claim: claim.state == State.SENT_BACK),
        Stage(_("Checked"), frozenset({State.IN_PAYMENT})),
        Stage(_("Paid"), frozenset({State.PAID})),
    ),
    states={
        State.TO_SUBMIT: StateWords(
            "waiting",
            Next(_("The supplier makes out the electronic invoice and sends it for payment."), _SUPPLIER),
            at={
                Desk.SUPPLIER: Next(
                    _("Make out the electronic invoice and type its number and day here. Nothing is paid without it."),
                    _YOU,
                )
            },
        ),
        State.SUBMITTED: StateWords(
            "active",
            Next(_("The department compares the act and the invoice."), _OFFICE),
            at={
                Desk.OFFICER: Next(
                    _("Compare the act and the invoice. An officer who did not enter the order does it."), _YOU
                )
            },
        ),
        State.SENT_BACK: StateWords(
            "stopped",
            Next(_("The supplier mends what was wrong and sends it again."), _SUPPLIER),
            at={Desk.SUPPLIER: Next(_("Read the reason, mend it and send it again."), _YOU)},
            name={Desk.SUPPLIER: _("sent back to you")},
        ),
        State.IN_PAYMENT: StateWords(
            "active",
            Next(_("The department pays and records the payment order."), _OFFICE),
            at={
                Desk.OFFICER: Next(
                    _("Pay, then record the payment order. Another officer than the one who checked it does it."), _YOU
                )
            },
        ),
        State.PAID: StateWords("done", Next(_("Nothing more: it is paid."))),
    },
    events={
        "open": _("The recipient confirmed the receipt. The amount follows from the act."),
        "submit": _("The supplier sent it for payment with the invoice."),
        "remind": _("We reminded the supplier."),
        "verify": _("The department checked it."),
        "send_back": _("The department sent it back."),
        "pay": _("The department paid."),
        "escalate": _("It was not checked in time. We told the department, the regional department and the supplier."),
        "escalate_payment": _(
            "It was not paid in time. We told the department, the regional department and the supplier."
        ),
    },
    reasons=(Claim.ReturnReason,),
    notes={"send_back": _("The department writes")},
    open_notes=frozenset({"send_back"}),
    notes_for=frozenset({Desk.SUPPLIER, Desk.OFFICER}),
    who={Desk.OFFICER: _("Officer")},
)


def named_for_supplier() -> list[tuple[str, str]]:
    """Every state, by code, in the words that its supplier reads."""
    return [(state.value, str(CLAIM_WORDS.state_name(State, state, Desk.SUPPLIER))) for state in State]
