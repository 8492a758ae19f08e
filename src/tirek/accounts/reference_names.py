"""What the reference values of this app are, in words."""

from django.utils.translation import gettext_lazy as _

from tirek.core.reference import Bounds, bounded, named

named(
    {
        "accounts.confirmed_for": _("Time after which who does something of weight confirms again who they are"),
        "accounts.invitation": _("Time for which an invitation to work in Tirek is valid"),
        "accounts.phone_change_wait": _("Time in which a changed phone cannot sign yet"),
        "retention.one_time_secrets": _("Kept: codes and links to sign in"),
        "retention.sign_ins": _("Kept: records of sign-ins"),
    }
)

bounded(
    {
        "accounts.confirmed_for": Bounds(1, 120),
        "accounts.invitation": Bounds(1, 30),
        "accounts.phone_change_wait": Bounds(1, 168),
    }
)
