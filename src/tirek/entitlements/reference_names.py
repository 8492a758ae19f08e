"""What the reference values of this app are, in words, and what that is open a new version still reaches."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tirek.core import reference
from tirek.core.reference import named
from tirek.entitlements.models import CorrectionRequest, OrderingTerm
from tirek.entitlements.workflow import REQUEST

named(
    {
        "entitlement.basis.death": _("Rule: the person has died"),
        "entitlement.basis.employer": _("Article: the employer pays"),
        "entitlement.basis.no_supplier": _("Article: what nobody offers in a region"),
        "entitlement.basis.portal": _("Article: what is ordered on the portal"),
        "entitlement.basis.procurement": _("Article: what the department buys"),
        "entitlement.basis.programme": _("Article: what the programme gives"),
        "entitlement.basis.re_examination": _("Article: the programme after a re-examination"),
        "entitlement.basis.replacement": _("Article: replacement"),
        "entitlement.basis.split": _("Article: who pays what"),
        "entitlement.correction_answer": _("Time to answer a request for a correction"),
        "entitlement.order_again": _("Time to order again when an order did not go through"),
        "entitlement.order_within": _("Time to order what the programme gives"),
        "entitlement.remind_first": _("First reminder to order"),
        "entitlement.remind_second": _("Second reminder to order"),
        "entitlement.remind_third": _("Third reminder to order"),
        "retention.correction_requests": _("Kept: requests for a correction"),
    }
)


def _terms(state: OrderingTerm.State, words: Callable[[int], str]) -> reference.Reach:
    return reference.Reach(count=lambda: OrderingTerm.objects.filter(state=state).count(), words=words)


_passed = _terms(
    OrderingTerm.State.NOT_ORDERED,
    lambda n: (
        ngettext(
            "%(n)s term to order that has passed and may begin anew",
            "%(n)s terms to order that have passed and may begin anew",
            n,
        )
        % {"n": n}
    ),
)
_ordered = _terms(
    OrderingTerm.State.ORDERED,
    lambda n: ngettext("%(n)s item with an open order", "%(n)s items with an open order", n) % {"n": n},
)
_requests = reference.Reach(
    count=lambda: CorrectionRequest.objects.filter(
        state__in=REQUEST.before_term("entitlement.correction_answer")
    ).count(),
    words=lambda n: (
        ngettext("%(n)s open request for a correction", "%(n)s open requests for a correction", n) % {"n": n}
    ),
)
reference.reaching(
    {
        "entitlement.correction_answer": _requests,
        "entitlement.order_again": _ordered,
        "entitlement.order_within": _passed,
        "entitlement.remind_first": _passed,
        "entitlement.remind_second": _passed,
        "entitlement.remind_third": _passed,
        **{
            f"entitlement.basis.{name}": reference.NEW_CASES_ONLY
            for name in (
                "death",
                "employer",
                "no_supplier",
                "portal",
                "procurement",
                "programme",
                "re_examination",
                "replacement",
                "split",
            )
        },
    }
)
