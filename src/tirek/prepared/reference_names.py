"""What the reference values of this app are, in words."""

from django.utils.translation import gettext_lazy as _

from tirek.core.reference import Bounds, bounded, named

named(
    {
        "prepared.look_back": _("Days in which a cause is new enough to prepare an order"),
        "prepared.open": _("Days for which a prepared order waits for an answer"),
        "prepared.quiet": _("Days without a prepared order after “not now”"),
        "retention.prepared": _("Kept: orders that were prepared"),
    }
)
bounded({"prepared.look_back": Bounds(1, 90), "prepared.open": Bounds(1, 90), "prepared.quiet": Bounds(0, 366)})
