from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Desk


class SiteConfig(AppConfig):
    """The entrance: home, help, state of the service, drafts and sessions."""

    name = "tirek.site"
    label = "entrance"

    def ready(self) -> None:
        """Announce the pages of the entrance to the menus."""
        from tirek.site import menu_admin
        from tirek.site.standing import standing
        from tirek.ui import navigation

        navigation.register_standing(standing)
        menu_admin.announce()
        navigation.register(Desk.PUBLIC, _("Home"), "entrance:home", 10)
        navigation.register(Desk.PUBLIC, _("Help"), "entrance:help", 20)
        navigation.register(Desk.PUBLIC, _("Terms and sources"), "entrance:terms", 30)
        navigation.register(Desk.RECIPIENT, _("My data"), "entrance:my-data", 60)
        for desk in (Desk.RECIPIENT, Desk.SUPPLIER, Desk.OFFICER, Desk.ADMIN, Desk.ANALYST):
            navigation.register(desk, _("Roles"), "entrance:roles", 90)
