"""Purchases in the menus; lots only for who makes them."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Desk
from tirek.core.places import region_of
from tirek.ui import navigation


def _of_region(request: HttpRequest) -> bool:
    place = str(getattr(request.actor, "territory", ""))  # type: ignore[attr-defined]  # put there by the middleware
    return place != "" and place == region_of(place)


navigation.register(Desk.OFFICER, _("Purchases"), "procurement:officer-purchases", 31, section=navigation.GOODS)
navigation.register(Desk.OFFICER, _("New lot"), "procurement:needs", 32, shown=_of_region, section=navigation.GOODS)
navigation.register(Desk.OFFICER, _("Lots"), "procurement:officer-lots", 32, shown=_of_region, section=navigation.GOODS)
