"""What parts put into the menus, and where they are found from the list of things."""

from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Desk
from tirek.ui import navigation

navigation.register(Desk.SUPPLIER, _("Parts"), "parts:supplier-parts", 35, section=navigation.OFFERS)
navigation.register(Desk.SUPPLIER, _("Orders of parts"), "parts:supplier-orders", 36, section=navigation.GOODS)
navigation.register(Desk.OFFICER, _("Orders of parts"), "parts:officer-orders", 36, section=navigation.GOODS)
