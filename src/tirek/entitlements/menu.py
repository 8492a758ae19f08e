"""What entitlements put into the menus."""

from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Desk
from tirek.ui import navigation, ways

navigation.register(Desk.RECIPIENT, _("Programme"), "entitlements:recipient-programme", 20)
navigation.register(Desk.OFFICER, _("Programme tasks"), "entitlements:officer-tasks", 35, section=navigation.PEOPLE)
ways.announce("programme", "entitlements:recipient-programme")
