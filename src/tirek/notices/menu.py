"""What notices put into the common pages: the count beside the bell, and the list of messages that did not leave."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Actor, Desk
from tirek.notices.queries import unread_count
from tirek.ui import navigation, ways


def _unread(request: HttpRequest) -> int:
    actor = getattr(request, "actor", None)
    return unread_count(actor.user_id) if isinstance(actor, Actor) else 0


navigation.register_unread_count(_unread)
navigation.register(Desk.ADMIN, _("Messages not sent"), "notices:undelivered", 80)
navigation.register(Desk.ANALYST, _("Texts of notices"), "notices:texts", 70)
ways.announce("inbox", "notices:inbox")
ways.announce("sent-messages", "notices:sent")
