"""What payments put into the menus."""

from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Desk
from tirek.ui import navigation

navigation.register(Desk.SUPPLIER, _("Payments"), "reimbursements:payments", 38, section=navigation.COMPANY)
navigation.register(
    Desk.OFFICER, _("Payments to suppliers"), "reimbursements:officer-claims", 37, section=navigation.SUPPLIERS
)
