"""Menus of the administrator and the analyst."""

from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Desk
from tirek.ui import navigation


def announce() -> None:
    """Put the pages of the two desks into their menus."""
    navigation.register(Desk.ADMIN, _("What waits"), "manage:home", 10)
    navigation.register(Desk.ADMIN, _("Users"), "manage:users", 40)
    for desk in (Desk.ADMIN, Desk.ANALYST):
        navigation.register(desk, _("Reference data"), "manage:reference", 20)
        navigation.register(desk, _("Working calendar"), "manage:calendar", 30)
        navigation.register(desk, _("Guaranteed amounts"), "manage:prices", 50)
        navigation.register(desk, _("Preview as of"), "manage:preview", 60)
