"""What people put into the common pages: the officers' page that changes a phone."""

from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Desk
from tirek.ui import navigation

navigation.register(Desk.OFFICER, _("Change a phone"), "people:phone", 80, section=navigation.PEOPLE)
navigation.register(Desk.OFFICER, _("Register a person"), "people:register", 25, section=navigation.PEOPLE)
