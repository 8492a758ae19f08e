"""Prepared orders in the menu."""

from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Desk
from tirek.ui import navigation

navigation.register(Desk.RECIPIENT, _("Prepared orders"), "prepared:mine", 36)
