"""Letters in the menu."""

from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Desk
from tirek.ui import navigation

navigation.register(Desk.OFFICER, _("Letters"), "letters:day", 58, section=navigation.LETTERS)
