"""What happened to an account, in words."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from tirek.core.errors import Text

EVENTS: Final[dict[str, Text]] = {
    "opened": _("Account opened"),
    "closed": _("Account closed"),
    "blocked": _("Account blocked"),
    "unblocked": _("Account opened again"),
    "phone_changed": _("Phone changed"),
    "phone_change_not_told": _("The old phone could not be told of the change"),
    "phone_not_reached": _("The new phone could not be told of the change"),
    "invited": _("Invited to set a password"),
    "invitation_withdrawn": _("The invitation was withdrawn"),
    "password_set": _("Password set"),
    "factor_enrolled": _("Second step of sign-in set up"),
    "factors_removed": _("Second steps of sign-in removed"),
}
