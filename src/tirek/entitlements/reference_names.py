"""What the reference values of this app are, in words."""

from django.utils.translation import gettext_lazy as _

from tirek.core.reference import named, spelled
from tirek.entitlements.models import Period

named(
    {
        "entitlement.correction_answer": _("Time to answer a request for a correction"),
        "entitlement.order_again": _("Time to order again when an order came to nothing"),
        "entitlement.order_within": _("Time to order what the programme gives"),
        "entitlement.remind_first": _("First reminder to order"),
        "entitlement.remind_second": _("Second reminder to order"),
        "entitlement.remind_third": _("Third reminder to order"),
        "quota.quantity": _("Units given in one period"),
        "quota.window": _("Period over which units are given"),
        "retention.correction_requests": _("Kept: requests for a correction"),
    }
)
spelled({"quota.window": Period.values})
