"""What the catalogue puts into the public menu, and the way that leads to it."""

from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Desk
from tirek.ui import navigation, ways

navigation.register(Desk.PUBLIC, _("What can be ordered"), "catalogue:things", 15)
ways.announce("things", "catalogue:things")
