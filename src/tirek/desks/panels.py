"""The worklist on the home pages of staff, and unfinished forms in it and on the recipient's home page."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tirek.core.actors import Actor, Desk
from tirek.core.drafts.forms import Begun
from tirek.core.errors import Text
from tirek.core.places import region_of
from tirek.desks import overview, queries
from tirek.desks.views.recipient import MOST_AT_HOME
from tirek.organisations.models import Membership
from tirek.people.queries import names_of
from tirek.ui.desks import DeskRequest
from tirek.ui.panels import panel
from tirek.ui.worklist import Item, Waiting, Work, announce, worklist


@panel("home", Desk.RECIPIENT, "desks/recipient/forms_panel.html", 20)
def begun_by_person(request: DeskRequest, _nobody: object) -> Mapping[str, object] | None:
    """The newest unfinished forms of the person; nothing where there are none."""
    found = queries.begun(request.actor)[:MOST_AT_HOME]
    if not found:
        return None
    actor = request.actor
    others = {one.draft.subject_id for one in found if one.draft.subject_id} - {actor.subject_id}
    names = names_of(others) if others else {}
    rows = [
        {
            "form": one,
            # a form about somebody else, or in other hands, is gone on with from the list, which says how
            "is_mine": one.draft.holder_id == actor.user_id and one.draft.subject_id in {None, actor.subject_id},
            "is_elsewhere": one.draft.holder_id != actor.user_id,
            "of_another": names.get(one.draft.subject_id or one.draft.pk, ""),
        }
        for one in found
    ]
    return {"rows": rows}


@panel("home", Desk.OFFICER, "desks/officer/overview_panel.html", 58)
def for_head(request: DeskRequest, _nobody: object) -> Mapping[str, object] | None:
    """For a head: what waits in the region, and where most of it is late."""
    if request.actor.role != Membership.Role.HEAD_OFFICER:
        return None
    kind = overview.kinds()[0]
    region = region_of(request.actor.territory)
    standing, places = overview.latest(kind, region, MOST_AT_HOME)
    return {"told": kind.overview, "region": region, "standing": standing, "places": places}


def _items(action: Text, forms: Sequence[Begun], url: str = "") -> list[Item]:
    names = names_of(one.draft.subject_id for one in forms if one.draft.subject_id)
    return [
        Item(
            action,
            url or one.url,
            ", ".join(filter(None, (names.get(one.draft.subject_id or one.draft.pk, ""), one.about or str(one.title)))),
            one.draft.updated_at,
        )
        for one in forms
    ]


def _handed_over(_actor: Actor, keys: Sequence[UUID]) -> list[Item]:
    return _items(_("Take up the form"), queries.told(keys), reverse("desks:officer-forms"))


def _begun(_actor: Actor, keys: Sequence[UUID]) -> list[Item]:
    return _items(_("Finish the form"), queries.told(keys))


_EMPTY: Final = {
    Desk.OFFICER: (
        _("Nothing waits for you"),
        _("Calls, refusals, requests, messages and forms of your territory appear here with their last day."),
    ),
    Desk.SUPPLIER: (
        _("Nothing waits for you"),
        _("New orders come here. Keep stock and prices right, so that people find your offers."),
    ),
}
announce(
    Desk.OFFICER,
    60,
    Work(
        count=queries.count_waiting,
        first=lambda actor, most: [Waiting(*one) for one in queries.first_waiting(actor, most)],
        items=_handed_over,
        counted=lambda n: ngettext("form waits for the office", "forms wait for the office", n),
        url=lambda: reverse("desks:officer-forms"),
    ),
)
announce(
    Desk.OFFICER,
    70,
    Work(
        count=queries.count_begun,
        first=lambda actor, most: [Waiting(*one) for one in queries.first_begun(actor, most)],
        items=_begun,
        counted=lambda n: ngettext("form begun by you", "forms begun by you", n),
        url=lambda: reverse("desks:officer-forms"),
    ),
)


def _today(request: DeskRequest, _nobody: object) -> Mapping[str, object]:
    return {"work": worklist(request.actor), "empty": _EMPTY[request.actor.desk]}


for _desk in _EMPTY:
    panel("home", _desk, "ui/worklist.html", 1)(_today)
