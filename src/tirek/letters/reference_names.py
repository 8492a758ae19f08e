"""What the reference values of this app are, in words."""

from django.utils.translation import gettext_lazy as _

from tirek.core.reference import Bounds, bounded, named

named(
    {
        "letters.look_back": _("Days in which a notice is new enough to go by post"),
        "letters.delivery": _("Days from posting after which a letter counts as received"),
        "retention.letters": _("Kept: envelopes of letters"),
    }
)
bounded({"letters.look_back": Bounds(1, 30), "letters.delivery": Bounds(0, 30)})
