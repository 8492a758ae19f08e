"""What the register of suppliers puts into the menus."""

from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Desk
from tirek.ui import navigation, ways

navigation.register(Desk.PUBLIC, _("Suppliers"), "suppliers:register", 25)
navigation.register(Desk.SUPPLIER, _("Where people pay"), "suppliers:account", 40, section=navigation.COMPANY)
navigation.register(
    Desk.SUPPLIER, _("Checks and documents"), "suppliers:supplier-checks", 42, section=navigation.COMPANY
)
navigation.register(
    Desk.OFFICER, _("Applications of suppliers"), "suppliers:officer-registrations", 57, section=navigation.SUPPLIERS
)
navigation.register(
    Desk.OFFICER, _("Suppliers of the territory"), "suppliers:officer-suppliers", 58, section=navigation.SUPPLIERS
)
ways.announce("join", "suppliers:join")
