"""What the reference values of this app are, in words, and which open cases a new version still reaches."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tirek.core import reference
from tirek.core.reference import Bounds, bounded, named
from tirek.procurement.models import Lot, Purchase
from tirek.procurement.workflow import LOT, PURCHASE

named(
    {
        "purchase.lot": _("Time from the recorded need to a lot"),
        "purchase.contract": _("Time from the lot to the contract"),
        "purchase.fitting_step": _("Time for a step of the fitting of what is bought"),
        "purchase.confirmation": _("Time to sign the receipt of what was bought"),
        "retention.procurement": _("Kept: words and measurements of purchases"),
    }
)
bounded(
    {
        "purchase.lot": Bounds(1, 365),
        "purchase.contract": Bounds(1, 365),
        "purchase.fitting_step": Bounds(1, 90),
        "purchase.confirmation": Bounds(1, 90),
    }
)


def _purchases(key: str) -> reference.Reach:
    states = PURCHASE.before_term(key)
    return reference.Reach(
        count=lambda: Purchase.objects.filter(state__in=states).count(),
        words=lambda n: ngettext("%(n)s open purchase", "%(n)s open purchases", n) % {"n": n},
    )


def _lots_and_purchases() -> reference.Reach:
    lots, purchases = LOT.before_term("purchase.contract"), PURCHASE.before_term("purchase.contract")
    return reference.Reach(
        count=lambda: Lot.objects.filter(state__in=lots).count() + Purchase.objects.filter(state__in=purchases).count(),
        words=lambda n: ngettext("%(n)s open purchase or lot", "%(n)s open purchases and lots", n) % {"n": n},
    )


reference.reaching(
    {
        "purchase.fitting_step": reference.NEW_CASES_ONLY,
        "purchase.lot": _purchases("purchase.lot"),
        "purchase.contract": _lots_and_purchases(),
        "purchase.confirmation": _purchases("purchase.confirmation"),
    }
)
