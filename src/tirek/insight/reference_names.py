"""What the reference values of this app are, in words, and between what they may lie."""

from django.utils.translation import gettext_lazy as _

from tirek.core.reference import Bounds, bounded, named

named(
    {
        "waiting.target_from": _("Target for the whole wait: from"),
        "waiting.target": _("Target for the whole wait: at most"),
        "waiting.before": _("How long it took before the portal"),
        "waiting.fewest": _("Fewest people of whom a public figure tells"),
    }
)
bounded(
    {
        "waiting.target_from": Bounds(1, 365),
        "waiting.target": Bounds(1, 365),
        "waiting.before": Bounds(1, 60),
        "waiting.fewest": Bounds(3, 100),
    }
)
