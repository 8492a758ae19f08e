"""What the reference values of this app are, in words, and which open applications a new version still reaches."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tirek.core import reference
from tirek.core.reference import Bounds, bounded, named
from tirek.suppliers.models import Registration
from tirek.suppliers.workflow import REGISTRATION

named(
    {
        "supplier.preparing": _("How long an application to join the register is kept before it is sent"),
        "supplier.check": _("Time for the regional department to check an application of a supplier"),
        "supplier.commission": _("Time for the commission to conclude on an application of a supplier"),
        "supplier.correction": _("Time for an applicant to correct an application"),
        "supplier.acceptance": _("Time for an applicant to sign the public offer"),
        "supplier.check_warning": _("How long before the end of a supplier's document we warn the supplier"),
        "supplier.renew.debts": _("How often the register is asked about debts of taxes and social payments"),
        "supplier.renew.bankruptcy": _("How often the register is asked about bankruptcy and liquidation"),
        "supplier.renew.procurement": _(
            "How often the register of unfair participants of public procurement is asked about a supplier"
        ),
        "supplier.renew.welfare_fund": _("How often the lists of the National Welfare Fund are asked about a supplier"),
        "supplier.return_after": _("How long after a removal by the commission a supplier may apply again"),
    }
)
_TERMS = ("supplier.preparing", "supplier.check", "supplier.commission", "supplier.correction", "supplier.acceptance")
_RENEWED = (
    "supplier.renew.debts",
    "supplier.renew.bankruptcy",
    "supplier.renew.procurement",
    "supplier.renew.welfare_fund",
)
bounded(
    {
        "supplier.preparing": Bounds(7, 400),
        "supplier.check": Bounds(1, 60),
        "supplier.commission": Bounds(1, 60),
        "supplier.correction": Bounds(1, 200),
        "supplier.acceptance": Bounds(1, 200),
        "supplier.check_warning": Bounds(1, 180),
        **{key: Bounds(1, 400) for key in _RENEWED},
        "supplier.return_after": Bounds(12, 120),
    }
)


def _before(key: str) -> reference.Reach:
    states = REGISTRATION.before_term(key)
    return reference.Reach(
        count=lambda: Registration.objects.filter(state__in=states).count(),
        words=lambda n: ngettext("%(n)s open application", "%(n)s open applications", n) % {"n": n},
    )


reference.reaching(
    {
        **{key: _before(key) for key in _TERMS},
        **dict.fromkeys((*_RENEWED, "supplier.check_warning", "supplier.return_after"), reference.NEW_CASES_ONLY),
    }
)
