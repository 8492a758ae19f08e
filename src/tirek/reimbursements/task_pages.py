"""What waits at a desk: claims to send for payment or to mend, to check and to pay."""

from dataclasses import replace
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tirek.core.actors import Actor, Desk
from tirek.reimbursements.case_pages import LIST
from tirek.reimbursements.models import Claim
from tirek.ui.lists import TaskList, TaskPage, by_state
from tirek.ui.text import tenge_text

State = Claim.State


def _of_others(actor: Actor) -> Q:
    """What another officer checks or pays: two people do it, and never the one who entered the order."""
    mine = Q(state=State.SUBMITTED, entered_by=actor.user_id) | Q(state=State.IN_PAYMENT, verified_by=actor.user_id)
    return mine if actor.user_id else Q(pk__in=())


TO_SEND: Final = TaskList(
    "claims",
    replace(LIST, title={Desk.SUPPLIER: _("Payments that wait for you, soonest first")}),
    waiting=Q(state__in=sorted(Claim.WITH_SUPPLIER)),
    order=("due_at", "created_at"),
    counted=lambda n: ngettext("payment waits for you", "payments wait for you", n),
    empty=(
        _("No payment waits for you"),
        _("When a recipient has confirmed a receipt, what the budget pays for it comes here."),
    ),
    does=by_state(
        {
            State.TO_SUBMIT: _("Send the invoice for payment"),
            State.SENT_BACK: _("Mend the payment that was sent back"),
        }
    ),
    about=lambda one: tenge_text(one.amount),
)
TO_PAY: Final = TaskList(
    "claims",
    replace(LIST, title={Desk.OFFICER: _("Payments to check or to record")}),
    waiting=Q(state__in=sorted(Claim.WITH_OFFICE)),
    order=("due_at", "created_at"),
    counted=lambda n: ngettext("payment to check or to record", "payments to check or to record", n),
    empty=(_("No payment waits"), _("When a supplier sends an invoice for what people received, it comes here.")),
    does=by_state(
        {
            State.SUBMITTED: _("Compare the act and the invoice"),
            State.IN_PAYMENT: _("Pay and record the payment order"),
        }
    ),
    about=lambda one: f"{one.organisation.name}, {tenge_text(one.amount)}",
    by_others=_of_others,
    others=_("For another officer: two people check and pay"),
)
SUPPLIERS: Final = TaskPage(
    title=_("Payments that wait for you"),
    at=Desk.SUPPLIER,
    route="reimbursements:supplier-tasks",
    lists=(TO_SEND,),
    place=165,
)
OFFICERS: Final = TaskPage(
    title=_("Payments that wait for you"),
    at=Desk.OFFICER,
    route="reimbursements:officer-tasks",
    lists=(TO_PAY,),
    place=166,
)
