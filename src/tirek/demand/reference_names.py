"""What the reference values of this app are, in words."""

from django.utils.translation import gettext_lazy as _

from tirek.core.reference import named

named(
    {
        "retention.demand": _("Kept: what people asked for and nobody offered"),
        "retention.shortage": _("Kept: what people could not order for want of stock"),
    }
)
