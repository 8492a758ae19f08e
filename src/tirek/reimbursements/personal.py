"""Personal data of claims: what a person sees of them, and how long they are kept."""

from django.utils.translation import gettext_lazy as _

from tirek.core.personal import export, retention
from tirek.core.personal.export import Entry, Subject
from tirek.reimbursements.models import Claim

export.titles(
    "reimbursements",
    number=_("Number"),
    what=_("Goods"),
    amount=_("The budget pays, tenge"),
    received_on=_("Received on"),
    state=_("State"),
    paid_on=_("Paid on"),
)
export.codes(claim=_("Payment to a supplier"))


@export.section("claims", "reimbursements.Claim", title=_("What the budget pays for your goods"), place=55)
def _claims(subject: Subject) -> list[Entry]:
    rows = Claim.objects.filter(person=subject.person_id).select_related("kind").order_by("received_on", "pk")
    return [
        {
            "number": one.number,
            "what": one.kind.name,
            "amount": one.amount,
            "received_on": one.received_on,
            "state": one.get_state_display(),
            "paid_on": one.paid_on,
        }
        for one in rows
    ]


retention.keeps("Sums of suppliers: made anew each night; nothing of anybody.", "reimbursements.MonthSum")
retention.keeps(
    "Payments to suppliers: accounts of the budget; kept as long as the order they belong to.", "reimbursements.Claim"
)
