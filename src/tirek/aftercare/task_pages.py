"""What waits at a desk of staff after the receipt: faults and harm that the region decides about, faults to mend."""

from dataclasses import replace
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tirek.aftercare.case_pages import FAULT_LIST, HARM_LIST
from tirek.aftercare.models import Fault, Harm
from tirek.core.actors import Desk
from tirek.orders import items
from tirek.ui.lists import TaskList, TaskPage, always, by_state, of_a_region

_WITH_REGION: Final = _("With the regional department")


TO_DECIDE: Final = TaskList(
    "faults",
    replace(FAULT_LIST, title={Desk.OFFICER: _("Faults to decide about")}),
    waiting=Q(state=Fault.State.WITH_REGION),
    order=("due_at", "created_at"),
    counted=lambda n: ngettext("fault to decide about", "faults to decide about", n),
    empty=(
        _("No fault has to be decided about"),
        _("When a person does not agree with the supplier's answer to a fault, it appears here."),
    ),
    does=always(_("Decide about the fault")),
    about=lambda one: f"{one.person.full_name}, {items.goods(one.item)}",
    by_others=of_a_region,
    others=_WITH_REGION,
)
TO_CHECK: Final = TaskList(
    "harm",
    replace(HARM_LIST, title={Desk.OFFICER: _("Goods that harmed somebody")}),
    waiting=Q(state__in=[Harm.State.CHECKING, Harm.State.RECALLED]),
    order=("due_at", "created_at"),
    counted=lambda n: ngettext("report of harm to look into", "reports of harm to look into", n),
    empty=(
        _("No report of harm is open"),
        _("When goods harm somebody, what is like them is on hold and appears here."),
    ),
    does=by_state(
        {Harm.State.CHECKING: _("Check the goods"), Harm.State.RECALLED: _("See what came back, and close the recall")}
    ),
    about=lambda one: items.goods(one.item),
    by_others=of_a_region,
    others=_WITH_REGION,
)
TO_MEND: Final = TaskList(
    "faults",
    replace(FAULT_LIST, title={Desk.SUPPLIER: _("Faults that wait for you, soonest first")}),
    waiting=Q(state__in=sorted(Fault.WITH_SUPPLIER)),
    order=("due_at", "created_at"),
    counted=lambda n: ngettext("fault waits for you", "faults wait for you", n),
    empty=(
        _("No fault waits for you"),
        _("When something that you handed over does not work, the report comes here."),
    ),
    does=by_state(
        {
            Fault.State.REPORTED: _("Answer the report of a fault"),
            Fault.State.PROMISED: _("Repair it or bring another"),
            Fault.State.IN_WORK: _("Hand the repaired thing back"),
        }
    ),
    about=lambda one: items.goods(one.item),
)
TO_PASS_ON: Final = TaskList(
    "bought",
    replace(FAULT_LIST, title={Desk.OFFICER: _("Faults of what was bought: pass on to the supplier")}),
    waiting=Q(state__in=sorted(Fault.WITH_SUPPLIER), organisation__isnull=True),
    order=("due_at", "created_at"),
    counted=lambda n: ngettext("fault of what was bought", "faults of what was bought", n),
    empty=(
        _("No fault of what was bought waits"),
        _("When something that your department bought does not work, the report comes here."),
    ),
    does=by_state(
        {
            Fault.State.REPORTED: _("Ask the supplier, and record its answer"),
            Fault.State.PROMISED: _("See that it is repaired or replaced"),
            Fault.State.IN_WORK: _("See that the repaired thing comes back"),
        }
    ),
    about=lambda one: f"{one.person.full_name}, {items.goods(one.item)}",
)
OFFICERS: Final = TaskPage(
    title=_("Faults and harm to decide about"),
    at=Desk.OFFICER,
    route="aftercare:officer-tasks",
    lists=(TO_DECIDE, TO_CHECK),
    place=120,
)
BOUGHT: Final = TaskPage(
    title=_("Faults of what was bought"),
    at=Desk.OFFICER,
    route="aftercare:bought-tasks",
    lists=(TO_PASS_ON,),
    place=122,
)
SUPPLIERS: Final = TaskPage(
    title=_("Faults that wait for you"),
    at=Desk.SUPPLIER,
    route="aftercare:supplier-tasks",
    lists=(TO_MEND,),
    place=120,
)
