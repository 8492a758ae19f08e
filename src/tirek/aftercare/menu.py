"""What comes after the receipt, in the menus."""

from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Desk
from tirek.ui import navigation, ways

navigation.register(Desk.RECIPIENT, _("My things"), "aftercare:things", 33)
navigation.register(Desk.SUPPLIER, _("Faults"), "aftercare:supplier-faults", 33, section=navigation.GOODS)
navigation.register(Desk.SUPPLIER, _("Reports of harm"), "aftercare:supplier-harms", 34, section=navigation.GOODS)
navigation.register(Desk.OFFICER, _("Faults"), "aftercare:officer-faults", 33, section=navigation.GOODS)
navigation.register(Desk.OFFICER, _("Reports of harm"), "aftercare:officer-harms", 34, section=navigation.GOODS)
ways.announce("my-things", "aftercare:things")
ways.announce("things-of", "aftercare:things-of")
