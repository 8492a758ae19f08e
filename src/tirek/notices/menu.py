"""What notices put into the common pages."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Actor, Desk
from tirek.notices.queries import unread_count
from tirek.ui import navigation


def _unread(request: HttpRequest) -> int:
    actor = getattr(request, "actor", None)
    return unread_count(actor.user_id) if isinstance(actor, Actor) else 0


def announce() -> None:
    """The count beside the bell, and the administrators' list of messages that did not leave."""
    navigation.register_unread_count(_unread)
    navigation.register(Desk.ADMIN, _("Messages not sent"), "notices:undelivered", 80)
