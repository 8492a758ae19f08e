"""What the register of suppliers puts into the menus."""

from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Desk
from tirek.ui import navigation

navigation.register(Desk.SUPPLIER, _("Where people pay"), "suppliers:account", 40)
