"""What waits for a supplier of orders of parts: to be answered, and to be sent by the promised day."""

from dataclasses import replace
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tirek.core.actors import Desk
from tirek.parts.case_pages import LIST
from tirek.parts.models import PartOrder
from tirek.ui.lists import TaskList, TaskPage, by_state

TO_BRING: Final = TaskList(
    "parts",
    replace(LIST, title={Desk.SUPPLIER: _("Orders of parts that wait for you, soonest first")}),
    waiting=Q(state__in=sorted(PartOrder.WITH_SUPPLIER)),
    order=("due_at", "created_at"),
    counted=lambda n: ngettext("order of a part waits for you", "orders of parts wait for you", n),
    empty=(
        _("No order of a part waits for you"),
        _("When somebody orders a part of something that you handed over, it comes here."),
    ),
    does=by_state(
        {
            PartOrder.State.ASKED: _("Accept the part with a day, or decline"),
            PartOrder.State.ACCEPTED: _("Send the part or hand it over"),
        }
    ),
    about=lambda one: one.part.name,
)
SUPPLIERS: Final = TaskPage(
    title=_("Orders of parts that wait for you"),
    at=Desk.SUPPLIER,
    route="parts:supplier-tasks",
    lists=(TO_BRING,),
    place=125,
)
