"""The case type of claims."""

from typing import Final

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Desk
from tirek.core.case.registry import CaseType, register, route
from tirek.core.case.scope import Scope
from tirek.correspondence.talks import announce
from tirek.reimbursements.models import Claim
from tirek.reimbursements.words import CLAIM_WORDS
from tirek.reimbursements.workflow import CLAIM

CLAIMS: Final = register(
    CaseType(
        code="claim",
        model=Claim,
        process=CLAIM,
        scope=Scope(
            rows=lambda: Claim.objects.select_related(
                "person",
                "organisation",
                "kind",
                "delivery__order__version_of_offer__variant__offer",
                "delivery__order__supplier",
                "delivery__order__line__kind",
            ),
            person="person_id",
            organisation="organisation_id",
            listed=lambda: Claim.objects.select_related("organisation", "kind", "delivery__order"),
        ),
        words=CLAIM_WORDS,
        pages={
            Desk.SUPPLIER: route("reimbursements:supplier-claim"),
            Desk.OFFICER: route("reimbursements:officer-claim"),
        },
        opens_file=True,
        title=lambda claim: _now("Payment %(number)s") % {"number": claim.number},
    )
)
announce(
    CLAIMS,
    title=lambda claim: _now("Payment %(number)s") % {"number": claim.number},
    topics={"late": _("When it is paid"), "returned": _("What has to be mended")},
)
