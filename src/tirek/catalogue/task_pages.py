"""What waits at the desk of a regional department: offers that are checked, or of which the commission concludes."""

from dataclasses import replace
from typing import Final

from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tirek.catalogue.case_pages import LIST
from tirek.catalogue.models import Admission
from tirek.core.actors import Desk
from tirek.ui.lists import TaskList, TaskPage, by_state, of_a_region

TO_ADMIT: Final = TaskList(
    "admissions",
    replace(LIST, title={Desk.OFFICER: _("Offers to check or to conclude about")}),
    waiting=Q(state__in=sorted(Admission.open_states())),
    order=("due_at", "created_at"),
    counted=lambda n: ngettext("offer to check or to conclude about", "offers to check or to conclude about", n),
    empty=(_("No offer waits for the commission"), _("Offers and changes that suppliers send appear here.")),
    does=by_state(
        {
            Admission.State.CHECKING: _("Check the card and the documents"),
            Admission.State.COMMISSION: _("Enter the commission's conclusion"),
        }
    ),
    about=lambda one: f"{one.offer.name or capfirst(one.offer.kind.name)}, {one.organisation.name}",
    by_others=of_a_region,
    others=_("With the regional department"),
)
OFFICERS: Final = TaskPage(
    title=_("Offers that wait for the commission"),
    at=Desk.OFFICER,
    route="catalogue:officer-tasks",
    lists=(TO_ADMIT,),
    place=130,
)
