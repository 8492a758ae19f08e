"""What suppliers and departments are told of claims."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from tirek.notices.templates import Fact, register
from tirek.reimbursements.models import Claim


def _words(facts: Sequence[Mapping[str, Fact]]) -> list[dict[str, str]]:
    reasons = dict(Claim.ReturnReason.choices)
    return [{"why": str(reasons.get(str(one.get("reason")), ""))} for one in facts]


register(
    "claim.to_submit",
    title=_("{number}: send it for payment"),
    body=_("{amount:tenge} wait for your electronic invoice. Type its number and day on the page of the payment."),
)
register(
    "claim.sent_back",
    title=_("{number}: sent back by the department"),
    body=_("Reason: {why}. Mend it and send it again: the time for the payment then begins anew."),
    words=_words,
)
register(
    "claim.paid",
    title=_("{number}: paid"),
    body=_("Paid: {amount:tenge}. Day of the payment: {day:day}. The number of the payment order is on its page."),
)
register(
    "claim.late_for_supplier",
    title=_("{number}: the department is late with the payment"),
    body=_(
        "{amount:tenge} are late. The regional department has been told. You can write to the department on its page."
    ),
)
register(
    "claim.late_for_office",
    title=_("{number}: late for a supplier"),
    body=_("The time for the check or the payment has passed: {amount:tenge}. Check it, pay it or send it back."),
)
register(
    "claim.late_for_region",
    title=_("{number}: a department is late with a payment"),
    body=_("The time for the check or the payment has passed: {amount:tenge}. See that the department acts."),
)
