"""What waits at the officer's desk: needs to put into lots, contracts to record, purchases on which a district acts."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tirek.core.actors import Actor, Desk
from tirek.core.case.words import ListedCase
from tirek.core.errors import Text
from tirek.procurement.case_pages import LOT_LIST, PURCHASE_LIST
from tirek.procurement.models import Lot, Purchase
from tirek.ui.lists import TaskList, TaskPage, always, of_a_region

State = Purchase.State
_DOES: Final[Mapping[str, Text]] = {
    State.CONTRACTED: _("Name times of the fitting, or record the hand-over"),
    State.FITTING_AGREED: _("Record what came of the fitting"),
    State.MAKING: _("Record the hand-over"),
    State.FITTING: _("Help with the fitting"),
    State.HANDED_OVER: _("Help to sign or to refuse"),
}


def _does(_actor: Actor, rows: Sequence[ListedCase]) -> Mapping[UUID, Text]:
    asked = {Purchase.OfficeTask.PROGRAMME, Purchase.OfficeTask.DEATH}
    return {
        one.case.pk: _("Decide whether it goes on")
        if getattr(one.case, "office_task", "") in asked
        else _DOES[one.case.state]
        for one in rows
    }


TO_BUY: Final = TaskList(
    "needs",
    replace(PURCHASE_LIST, title={Desk.OFFICER: _("Needs that wait for a lot")}),
    waiting=Q(state=State.NEEDED, lot__isnull=True),
    order=("waits_since", "created_at"),
    counted=lambda n: ngettext("need waits for a lot", "needs wait for a lot", n),
    empty=(_("No need waits"), _("When the department has to buy something for somebody, it appears here.")),
    does=always(_("Put it into a lot")),
    about=lambda one: f"{one.person.full_name}, {one.kind.name}",
    by_others=of_a_region,
    others=_("With the regional department"),
)
TO_CONTRACT: Final = TaskList(
    "lots",
    replace(LOT_LIST, title={Desk.OFFICER: _("Lots that wait for a contract")}),
    waiting=Q(state=Lot.State.ANNOUNCED),
    order=("due_at", "created_at"),
    counted=lambda n: ngettext("lot waits for a contract", "lots wait for a contract", n),
    empty=(_("No lot waits"), _("When a lot is announced, it appears here until its contract is recorded.")),
    does=always(_("Record the contract")),
    about=lambda one: one.kind.name,
    by_others=of_a_region,
    others=_("With the regional department"),
)
TO_CARRY_OUT: Final = TaskList(
    "purchases",
    replace(PURCHASE_LIST, title={Desk.OFFICER: _("Purchases on which the department acts")}),
    waiting=Q(state__in=[State.CONTRACTED, State.FITTING_AGREED, State.MAKING])
    | (Q(state__in=[State.FITTING, State.HANDED_OVER]) & ~Q(office_task="")),
    order=("due_at", "created_at"),
    counted=lambda n: ngettext("purchase to carry on", "purchases to carry on", n),
    empty=(
        _("No purchase waits for you"),
        _("When a contract is concluded, fittings and hand-overs are recorded here."),
    ),
    does=_does,
    about=lambda one: f"{one.person.full_name}, {one.kind.name}",
)
OFFICERS: Final = TaskPage(
    title=_("Purchases to carry on"),
    at=Desk.OFFICER,
    route="procurement:officer-tasks",
    lists=(TO_CARRY_OUT,),
    place=150,
)
REGION: Final = TaskPage(
    title=_("Lots to make and contracts to record"),
    at=Desk.OFFICER,
    route="procurement:region-tasks",
    lists=(TO_BUY, TO_CONTRACT),
    place=160,
)
