"""What the reference values of this app are, in words, and which open cases a new version still reaches."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tirek.core import reference
from tirek.core.reference import Bounds, bounded, named, spelled
from tirek.parts.models import PartOrder
from tirek.parts.workflow import PART_ORDER

named(
    {
        "parts.after_term": _("Who pays for a part after the term of use"),
        "parts.again": _("Time to bring the right part after another came"),
        "parts.answer": _("Time for the supplier to answer an order of a part"),
        "parts.confirmation": _("Time to say whether a part came"),
        "parts.in_term": _("Who pays for a part after the warranty"),
        "retention.parts": _("Kept: address, phone and words of an order of a part"),
    }
)
_WHO = [("person", _("the recipient")), ("none", _("nobody: no part is ordered here"))]
spelled({"parts.in_term": _WHO, "parts.after_term": _WHO})
_TERMS = ("parts.answer", "parts.confirmation")
bounded({key: Bounds(1, 90) for key in (*_TERMS, "parts.again")})


def _orders(key: str) -> reference.Reach:
    states = PART_ORDER.before_term(key)
    return reference.Reach(
        count=lambda: PartOrder.objects.filter(state__in=states).count(),
        words=lambda n: ngettext("%(n)s open order of a part", "%(n)s open orders of parts", n) % {"n": n},
    )


reference.reaching(
    {
        "parts.after_term": reference.NEW_CASES_ONLY,
        "parts.again": reference.NEW_CASES_ONLY,
        "parts.in_term": reference.NEW_CASES_ONLY,
        **{key: _orders(key) for key in _TERMS},
    }
)
