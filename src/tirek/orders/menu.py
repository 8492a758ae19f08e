"""What orders put into the menus."""

from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Desk
from tirek.ui import navigation, ways

navigation.register(Desk.RECIPIENT, _("Orders"), "orders:recipient-orders", 30)
navigation.register(Desk.SUPPLIER, _("Orders"), "orders:supplier-orders", 20, section=navigation.GOODS)
navigation.register(Desk.SUPPLIER, _("Offers"), "orders:supplier-offers", 30, section=navigation.OFFERS)
navigation.register(Desk.OFFICER, _("Orders"), "orders:officer-orders", 30, section=navigation.GOODS)
ways.announce("order-line", "orders:offers")
