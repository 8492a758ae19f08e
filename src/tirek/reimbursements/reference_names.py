"""What the reference values of this app are, in words, and which open claims a new version still reaches."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tirek.core import reference
from tirek.core.reference import Bounds, bounded, named
from tirek.reimbursements.models import Claim
from tirek.reimbursements.workflow import CLAIM

named(
    {
        "claim.submission": _("Time after which a supplier is reminded to send the invoice"),
        "claim.verification": _("Time for the department to check an act for payment"),
        "claim.payment": _("Time for the department to pay after the check"),
    }
)
bounded({key: Bounds(1, 90) for key in ("claim.submission", "claim.verification", "claim.payment")})


def _claims(*states: str) -> reference.Reach:
    return reference.Reach(
        count=lambda: Claim.objects.filter(state__in=states).count(),
        words=lambda n: ngettext("%(n)s open payment", "%(n)s open payments", n) % {"n": n},
    )


reference.reaching(
    {
        "claim.submission": _claims(*sorted(CLAIM.before_term("claim.submission"))),
        "claim.verification": _claims(*sorted(CLAIM.before_term("claim.verification"))),
        "claim.payment": _claims(*sorted(CLAIM.before(Claim.State.SUBMITTED))),
    }
)
