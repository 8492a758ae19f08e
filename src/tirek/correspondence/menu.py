"""What messages put into the menus, and the ways that lead to them."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Actor, Desk
from tirek.correspondence.queries import count_unread
from tirek.correspondence.talks import is_talk
from tirek.ui import navigation, ways


def _unread(request: HttpRequest) -> int:
    actor = getattr(request, "actor", None)
    return count_unread(actor) if isinstance(actor, Actor) else 0


for _desk, _place in ((Desk.RECIPIENT, 35), (Desk.SUPPLIER, 40), (Desk.OFFICER, 35)):
    navigation.register(_desk, _("Messages"), "correspondence:list", _place, count=_unread, section=navigation.LETTERS)


def _about(code: str = "", *key: object) -> str:
    return reverse("correspondence:thread", args=[code, *key]) if is_talk(code) else ""


ways.announce("write", _about)
ways.announce("write-office", "correspondence:office")
