"""“Preview as of”: administrators and analysts see dated data as they stand on a chosen day. Read-only while it lasts.

The clock is set for one request at a time and for the pages of ``SHOWN`` alone: lists of reference data, guaranteed
amounts, terms, the working calendar. Every other page shows today; nothing can be sent from any page until the preview
is left.
"""

from datetime import date
from typing import Final

from django.http import HttpRequest
from django.urls import reverse

from tirek.core.actors import Actor, Desk

#: Key of the chosen day in a session, as ISO text.
DAY: Final = "preview"
#: Who may look ahead or back.
DESKS: Final = frozenset({Desk.ADMIN, Desk.ANALYST})
#: Pages that show the chosen day.
SHOWN: Final = frozenset({"manage:reference", "manage:value", "manage:calendar", "manage:prices", "entrance:terms"})
#: What may be sent all the same: it changes nothing but the session.
STILL_SENT: Final = frozenset({"manage:preview", "accounts:sign-out", "entrance:use-role", "session-keep"})


def previewed_day(request: HttpRequest) -> date | None:
    """The day that this person has chosen to look at; ``None`` for today."""
    actor = getattr(request, "actor", None)
    if not isinstance(actor, Actor) or actor.desk not in DESKS:
        return None
    chosen = request.session.get(DAY)
    return date.fromisoformat(chosen) if chosen else None


def leave_url() -> str:
    """Where the preview is chosen and left."""
    return reverse("manage:preview")
