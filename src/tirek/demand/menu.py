"""What demand puts into the menus, and the way that leads to it."""

from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Desk
from tirek.ui import navigation, ways

navigation.register(Desk.SUPPLIER, _("Needed, not offered"), "demand:list", 50, section=navigation.OFFERS)
navigation.register(Desk.SUPPLIER, _("What people need"), "demand:open", 51, section=navigation.OFFERS)
navigation.register(Desk.OFFICER, _("What people need"), "demand:open", 61, section=navigation.SUPPLIERS)
navigation.register(Desk.OFFICER, _("Needed, not offered"), "demand:list", 60, section=navigation.SUPPLIERS)
ways.announce("ask-for-offer", "demand:ask")
ways.announce("tell-need", "demand:need")
