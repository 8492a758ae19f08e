"""The lists of claims at the desks of suppliers and officers, and the page of one with what can be done there."""

from collections.abc import Mapping
from typing import Final

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.orders.case_types import ORDERS
from tirek.organisations.queries import local_body_of
from tirek.reimbursements import actions
from tirek.reimbursements.case_types import CLAIMS
from tirek.reimbursements.forms import InvoiceForm, PaymentForm, ReturnForm
from tirek.reimbursements.models import Claim
from tirek.ui.acts import Act, NoFields
from tirek.ui.cases import CasePages
from tirek.ui.lists import Bulk, CaseList, Column
from tirek.ui.text import day_text, tenge_text


def _about(claim: Claim) -> str:
    return f"{capfirst(claim.kind.name)}, {tenge_text(claim.amount)}"


def _check_nothing(*, actor: Actor, case: Claim) -> None:
    del actor, case


_FIELDS_OF_INVOICE: Final = {"invoice_number": "invoice_number", "invoice_on": "invoice_on"}
_FIELDS_OF_PAYMENT: Final = {"payment_number": "payment_number", "paid_on": "paid_on"}
_SUBMIT: Final = Act(
    "submit",
    _("Send it for payment"),
    _("Send it for payment"),
    _("Sent. The last day of the payment is on the page."),
    actions.submit_claim,
    InvoiceForm,
    fields=_FIELDS_OF_INVOICE,
    main=True,
    knows=lambda claim: {"before": claim},
)
_VERIFY: Final = Act(
    "verify",
    _("The act and the invoice agree"),
    _("The act and the invoice agree"),
    _("Checked. Another officer records the payment."),
    actions.verify_claim,
    NoFields,
    main=True,
)
_PAY: Final = Act(
    "pay",
    _("Record the payment order"),
    _("Record the payment order"),
    _("Recorded. The supplier has been told."),
    actions.record_payment,
    PaymentForm,
    fields=_FIELDS_OF_PAYMENT,
    main=True,
)
LIST: Final = CaseList(
    case=CLAIMS,
    routes="reimbursements:claims",
    title={Desk.SUPPLIER: _("Payments in progress"), Desk.OFFICER: _("Payments to suppliers")},
    counted=lambda n: ngettext("%(n)s payment", "%(n)s payments", n) % {"n": n},
    columns=(
        Column(_("Supplier"), lambda one: one.organisation.name, desks=frozenset({Desk.OFFICER})),
        Column(_("Goods"), lambda one: capfirst(one.kind.name)),
        Column(_("Order"), lambda one: one.delivery.order.number),
        Column(_("Amount"), lambda one: tenge_text(one.amount), kind="number"),
        Column(_("Received on"), lambda one: day_text(one.received_on)),
    ),
    series=actions.NUMBERS,
    bulk={
        Desk.SUPPLIER: (
            Bulk(
                _SUBMIT,
                title=_("Send several for payment"),
                button=_("Send the ticked ones for payment"),
                none=_("Tick what you want to send for payment."),
                check=actions.check_invoice,
                describe=_about,
            ),
        ),
        Desk.OFFICER: (
            Bulk(
                _VERIFY,
                title=_("Several acts and invoices agree"),
                button=_("The ticked acts and invoices agree"),
                none=_("Tick what you have checked."),
                check=_check_nothing,
                told=_("Other officers record the payment."),
                describe=_about,
            ),
            Bulk(
                _PAY,
                title=_("Record one payment order for several"),
                button=_("Record the payment of the ticked ones"),
                none=_("Tick what was paid."),
                check=actions.check_payment,
                told=_("The suppliers have been told."),
                describe=_about,
            ),
        ),
    },
)


def _facts(actor: Actor, claim: Claim) -> Mapping[str, object]:
    body = local_body_of(claim.territory_code)
    order = claim.delivery.order
    return {
        "order_url": ORDERS.url(order, actor.desk),
        "order": order,
        "late": claim.days_late(clock.today()),
        "body": body.name if body else "",
    }


PAGES: Final = CasePages(
    case=CLAIMS,
    app="reimbursements",
    name="claim",
    heading=lambda claim, _desk: tenge_text(claim.amount),
    noun=lambda claim: _("Payment %(number)s") % {"number": claim.number},
    facts="reimbursements/facts.html",
    facts_title=_("Payment"),
    acts={
        Desk.SUPPLIER: (_SUBMIT,),
        Desk.OFFICER: (
            _VERIFY,
            _PAY,
            Act(
                "send_back",
                _("Send it back to the supplier"),
                _("Send it back"),
                _("Sent back. The supplier has been told."),
                actions.send_back,
                ReturnForm,
                fields={"reason": "reason", "words": "words"},
                warns=True,
            ),
        ),
    },
    context=dict.fromkeys((Desk.SUPPLIER, Desk.OFFICER), _facts),
    lists={Desk.SUPPLIER: LIST, Desk.OFFICER: LIST},
)
