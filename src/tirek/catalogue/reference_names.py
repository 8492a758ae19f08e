"""What the reference values of this app are, in words, and which open admissions a new version still reaches."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tirek.catalogue.changes import GROUPS, KEY
from tirek.catalogue.models import Admission
from tirek.catalogue.workflow import ADMISSION
from tirek.core import reference
from tirek.core.reference import Bounds, bounded, named, spelled

named(
    {
        "offer.check": _("Time for the regional department to check an offer"),
        f"{KEY}words": _("Change of the name and description of an offer"),
        f"{KEY}included": _("Change of what is in the box"),
        f"{KEY}maker": _("Change of the maker or the country"),
        f"{KEY}warranty": _("Change of the warranty"),
        f"{KEY}delivery_days": _("Change of the days to deliver"),
        f"{KEY}fitting": _("Change of whether an offer needs a fitting"),
        f"{KEY}places": _("Change of where an offer is delivered"),
        f"{KEY}sizes": _("Change of a size or of its parameters"),
        f"{KEY}stock": _("Change of the stock and the article number"),
        "offer.document_warning": _("How long before the end of a document we warn its supplier"),
        "offer.commission": _("Time for the commission to conclude on an offer"),
    }
)
spelled(
    {
        f"{KEY}{group}": (("at_once", _("holds right away")), ("admission", _("goes to admission")))
        for group in set(GROUPS.values())
    }
)
bounded({"offer.check": Bounds(1, 60), "offer.document_warning": Bounds(1, 180), "offer.commission": Bounds(1, 60)})


def _before(key: str) -> reference.Reach:
    states = ADMISSION.before_term(key)
    return reference.Reach(
        count=lambda: Admission.objects.filter(state__in=states).count(),
        words=lambda n: ngettext("%(n)s open admission", "%(n)s open admissions", n) % {"n": n},
    )


reference.reaching(
    {
        "offer.document_warning": reference.NEW_CASES_ONLY,
        **{f"{KEY}{group}": reference.NEW_CASES_ONLY for group in set(GROUPS.values())},
        **{key: _before(key) for key in ("offer.check", "offer.commission")},
    }
)
