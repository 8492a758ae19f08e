"""What waits at the desk of a regional department: applications that are checked, or concluded about."""

from dataclasses import replace
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tirek.core.actors import Desk
from tirek.suppliers.case_pages import LIST
from tirek.suppliers.models import Registration
from tirek.ui.lists import TaskList, TaskPage, by_state, of_a_region

TO_EXAMINE: Final = TaskList(
    "registrations",
    replace(LIST, title={Desk.OFFICER: _("Applications to check or to conclude about")}),
    waiting=Q(state__in=sorted(Registration.EXAMINED)),
    order=("due_at", "created_at"),
    counted=lambda n: ngettext(
        "application to check or to conclude about", "applications to check or to conclude about", n
    ),
    empty=(_("No application waits"), _("Applications of those who want to join the register appear here.")),
    does=by_state(
        {
            Registration.State.CHECKING: _("Check the requirements"),
            Registration.State.COMMISSION: _("Enter the commission's conclusion"),
        }
    ),
    about=lambda one: one.name,
    by_others=of_a_region,
    others=_("With the regional department"),
)
OFFICERS: Final = TaskPage(
    title=_("Applications that wait for you"),
    at=Desk.OFFICER,
    route="suppliers:officer-tasks",
    lists=(TO_EXAMINE,),
    place=140,
)
