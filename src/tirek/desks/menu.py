"""What the desks put into the menus, and the ways that lead to their pages."""

from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Desk
from tirek.ui import navigation, ways

navigation.register(Desk.RECIPIENT, _("Home"), "desks:recipient-home", 10)
navigation.register(Desk.RECIPIENT, _("Unfinished forms"), "desks:recipient-forms", 40)
navigation.register(Desk.SUPPLIER, _("Home"), "desks:supplier-home", 10)
navigation.register(Desk.OFFICER, _("Home"), "desks:officer-home", 10)
navigation.register(Desk.OFFICER, _("Find"), "desks:officer-find", 20, section=navigation.PEOPLE)
navigation.register(Desk.OFFICER, _("Forms"), "desks:officer-forms", 40, section=navigation.PEOPLE)
for _desk, _place in ((Desk.OFFICER, 70), (Desk.ANALYST, 5), (Desk.ADMIN, 70)):
    navigation.register(_desk, _("Compare places"), "desks:overview", _place, section=navigation.FIGURES)
ways.announce("recipient-home", "desks:recipient-home")
ways.announce("supplier-home", "desks:supplier-home")
ways.announce("officer-home", "desks:officer-home")
ways.announce("recipient-forms", "desks:recipient-forms")
ways.announce("officer-forms", "desks:officer-forms")
ways.announce("unsent", "desks:unsent")
ways.announce("person", "desks:officer-person")
ways.announce("reason", "desks:officer-reason")
