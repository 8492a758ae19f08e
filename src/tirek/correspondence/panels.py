"""What messages put into the pages of cases, of persons, and into the home pages."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tirek.core.actors import Actor, Desk
from tirek.correspondence import queries
from tirek.correspondence.talks import talk_about
from tirek.ui.desks import DeskRequest
from tirek.ui.panels import panel
from tirek.ui.worklist import Item, Waiting, Work, announce, bounded

#: Messages on the page of a case; all stand on their own page.
MOST_OF_CASE: Final = 3
MOST_AT_HOME: Final = 5


def _newest(request: DeskRequest, it: Any) -> Mapping[str, object] | None:  # noqa: ANN401 - a case, or a person
    kind = talk_about(it)
    if kind is None or request.actor.desk not in kind.desks:
        return None
    if request.actor.desk is Desk.RECIPIENT and kind.person_of(it).pk != request.actor.subject_id:
        return None
    newest, count = queries.newest_of(request.actor, kind, it.pk, MOST_OF_CASE)
    return {
        "listed": queries.in_words(request.actor, kind, it, newest),
        "count": count,
        "url": reverse("correspondence:thread", args=[kind.code, it.pk]),
    }


def _at_home(request: DeskRequest, _nobody: object) -> Mapping[str, object] | None:
    rows = queries.unread(request.actor)
    listed = queries.received(request.actor, rows[:MOST_AT_HOME])
    return {"listed": listed, "waits": True} if listed else None


def _first_to_read(actor: Actor, most: int) -> list[Waiting]:
    """Messages that nobody at the desk has read, those first that have waited longest."""
    return [Waiting(*one) for one in queries.unread(actor).reverse().values_list("pk", "created_at")[:most]]


def _to_read(actor: Actor, keys: Sequence[UUID]) -> list[Item]:
    found = queries.received(actor, queries.unread(actor).reverse().filter(pk__in=keys)) if keys else []
    return [Item(_("Read the message"), one.url, f"{one.author}: {one.title}", one.reading.created_at) for one in found]


_TO_READ: Final = Work(
    count=lambda actor: bounded(queries.unread(actor)),
    first=_first_to_read,
    items=_to_read,
    counted=lambda n: ngettext("message to read", "messages to read", n),
    url=lambda: reverse("correspondence:list"),
)
for _desk in (Desk.SUPPLIER, Desk.OFFICER):
    announce(_desk, 50, _TO_READ)
for _desk in (Desk.RECIPIENT, Desk.SUPPLIER, Desk.OFFICER):
    panel("case", _desk, "correspondence/case_panel.html", 90)(_newest)
panel("home", Desk.RECIPIENT, "correspondence/home_panel.html", 5)(_at_home)
panel("person", Desk.OFFICER, "correspondence/case_panel.html", 90)(_newest)
