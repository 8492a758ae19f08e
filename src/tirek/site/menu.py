"""Menus of the public, of everybody's roles and data, of the administrator and the analyst."""

from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Desk
from tirek.site.banners import tell
from tirek.site.role_line import has_several_roles, role_line
from tirek.ui import banners, navigation, ways

navigation.register_role_line(role_line)
banners.register(tell)
navigation.register(Desk.PUBLIC, _("Home"), "entrance:home", 10)
navigation.register(Desk.PUBLIC, _("Help"), "entrance:help", 20)
navigation.register(Desk.PUBLIC, _("Time limits and sources"), "entrance:terms", 30)
navigation.register(Desk.RECIPIENT, _("My data"), "entrance:my-data", 60)
for desk in (Desk.RECIPIENT, Desk.SUPPLIER, Desk.OFFICER, Desk.ADMIN, Desk.ANALYST):
    navigation.register(desk, _("Roles"), "entrance:roles", 90, shown=has_several_roles)
navigation.register(Desk.ADMIN, _("What waits"), "manage:home", 10)
navigation.register(Desk.ADMIN, _("Users"), "manage:users", 40)
navigation.register(Desk.ADMIN, _("Organisations"), "manage:organisations", 42)
navigation.register(Desk.ADMIN, _("Import files"), "manage:imports", 44)
for desk in (Desk.ADMIN, Desk.ANALYST):
    navigation.register(desk, _("Reference data"), "manage:reference", 20)
    navigation.register(desk, _("Scenarios"), "manage:scenarios", 25)
    navigation.register(desk, _("Working calendar"), "manage:calendar", 30)
    # quantities and terms, and how kinds are provided, stand beside the amounts on their pages
    navigation.register(desk, _("What holds for kinds"), "manage:prices", 50)
    navigation.register(desk, _("Preview as of"), "manage:preview", 60)
for name in ("home", "help", "privacy", "accessibility", "status", "for-whom", "welcome", "roles"):
    ways.announce(name, f"entrance:{name}")
ways.announce("act-for", "entrance:use-person")
ways.announce("admin-home", "manage:home")
ways.announce("autosave", "draft-fields")
