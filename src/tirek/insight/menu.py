"""What insight puts into the menus."""

from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Desk
from tirek.ui import navigation, ways

navigation.register(Desk.OFFICER, _("What is ready"), "insight:readiness", 72, section=navigation.FIGURES)
navigation.register(Desk.ANALYST, _("What is ready"), "insight:readiness", 8)
navigation.register(
    Desk.OFFICER, _("What became of prepared orders"), "insight:prepared", 73, section=navigation.FIGURES
)
navigation.register(Desk.ANALYST, _("What became of prepared orders"), "insight:prepared", 9)
navigation.register(Desk.OFFICER, _("What became of orders"), "insight:outcomes", 74, section=navigation.FIGURES)
navigation.register(Desk.ANALYST, _("What became of orders"), "insight:outcomes", 9)
navigation.register(Desk.SUPPLIER, _("Your figures"), "insight:supplier", 44, section=navigation.COMPANY)
for _desk, _place in ((Desk.PUBLIC, 25), (Desk.ANALYST, 7)):
    navigation.register(_desk, _("How long people wait"), "insight:waiting", _place)
ways.announce("waiting", "insight:waiting")
