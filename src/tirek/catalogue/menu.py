"""What the catalogue puts into the menus, and the way that leads to it."""

from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Desk
from tirek.ui import navigation, ways

navigation.register(Desk.PUBLIC, _("What can be ordered"), "catalogue:things", 15)
navigation.register(Desk.SUPPLIER, _("Offer cards"), "catalogue:supplier-cards", 32, section=navigation.OFFERS)
navigation.register(
    Desk.OFFICER, _("Admission of offers"), "catalogue:officer-admissions", 55, section=navigation.SUPPLIERS
)
navigation.register(Desk.OFFICER, _("Offers of suppliers"), "catalogue:officer-cards", 56, section=navigation.SUPPLIERS)
ways.announce("things", "catalogue:things")
