"""What suppliers are told about their entry in the register."""

from django.utils.translation import gettext_lazy as _

from tirek.notices.templates import register

register(
    "supplier.account_entered",
    title=_("Bank details for payments of recipients were entered"),
    body=_(
        "People pay their part to the account that ends with {tail}. If this is wrong, correct it under “Where people "
        "pay” and tell the administrator of the portal."
    ),
)
register(
    "supplier.account_changed",
    title=_("The bank details for payments of recipients were changed"),
    body=_(
        "From now on people pay their part to the account that ends with {tail}. If nobody of you wanted this, "
        "change it back under “Where people pay” and tell the administrator of the portal right away."
    ),
)
