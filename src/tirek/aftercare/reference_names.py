"""What the reference values of this app are, in words, and which open cases a new version still reaches."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tirek.aftercare.models import Fault, Harm
from tirek.aftercare.workflow import FAULT, HARM
from tirek.core import reference
from tirek.core.reference import Bounds, bounded, named

named(
    {
        "fault.answer": _("Time for the supplier to answer a report of a fault"),
        "fault.repair": _("Longest time to repair something or to bring another"),
        "fault.persons_answer": _("Time for the person to answer a price or a refusal"),
        "fault.confirmation": _("Time to say whether a repaired thing works"),
        "fault.decision": _("Time for the regional department to decide on a fault"),
        "harm.check": _("Time for the regional department to check a batch"),
        "harm.recall": _("Time for recalled goods to come back"),
        "retention.aftercare": _("Kept: words of faults and of harm"),
    }
)
_FAULTS = ("fault.answer", "fault.persons_answer", "fault.confirmation", "fault.decision")
_HARMS = ("harm.check", "harm.recall")
bounded({key: Bounds(1, 90) for key in (*_FAULTS, *_HARMS, "fault.repair")})


def _faults(key: str) -> reference.Reach:
    states = FAULT.before_term(key)
    return reference.Reach(
        count=lambda: Fault.objects.filter(state__in=states).count(),
        words=lambda n: ngettext("%(n)s open fault", "%(n)s open faults", n) % {"n": n},
    )


def _harms(key: str) -> reference.Reach:
    states = HARM.before_term(key)
    return reference.Reach(
        count=lambda: Harm.objects.filter(state__in=states).count(),
        words=lambda n: ngettext("%(n)s open report of harm", "%(n)s open reports of harm", n) % {"n": n},
    )


reference.reaching(
    {
        "fault.repair": reference.NEW_CASES_ONLY,
        **{key: _faults(key) for key in _FAULTS},
        **{key: _harms(key) for key in _HARMS},
    }
)
