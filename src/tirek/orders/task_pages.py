"""What waits at a desk of staff: orders that an officer is to look at, orders that wait for the supplier."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tirek.core.actors import Actor, Desk
from tirek.core.case.words import ListedCase
from tirek.core.errors import Text
from tirek.orders.case_pages import LIST
from tirek.orders.case_pages.acts import goods_and_quantity, goods_of
from tirek.orders.models import FOR_SUPPLIER, Order
from tirek.orders.queries import FOR_OFFICER
from tirek.people.queries import not_to_be_called
from tirek.ui.lists import TaskList, TaskPage

State = Order.State
Task = Order.OfficeTask

#: What an officer is to do, by what was asked for; where nothing was, the goods were refused.
_OF_OFFICER: Final[Mapping[str, Text]] = {
    Task.CONFIRMATION: _("Call: has the order come?"),
    Task.LATE: _("Ask the supplier: the order is late"),
    Task.REVIEW: _("Decide whether the order goes on"),
    Task.OF_AGE: _("Ask who acts for the recipient now"),
    Task.MONEY: _("Ask the supplier: the payment is not returned"),
    Task.QUESTION: _("Ask the recipient: a question is not answered"),
    Task.FITTING: _("Ask both sides: the fitting does not go on"),
    Task.DISPUTE: _("Ask the commission: its conclusion is late"),
    "": _("Look at the refusal"),
}
#: What a supplier is to do, by state.
_OF_SUPPLIER: Final[Mapping[str, Text]] = {
    State.SUBMITTED: _("Accept or decline the order"),
    State.FITTING: _("Name times of the fitting"),
    State.FITTING_AGREED: _("Hold the fitting, and record it"),
    State.ACCEPTED: _("Prepare the order"),
    State.IN_PREPARATION: _("Send the order on its way"),
    State.ON_THE_WAY: _("Hand the order over"),
    State.REFUSED: _("Answer the refusal"),
    State.REPLACING: _("Bring other goods"),
    State.MONEY_OWED: _("Return the payment"),
    State.AWAITING_TOP_UP: _("Say where to pay to"),
}


def _orders(rows: Sequence[ListedCase]) -> list[Order]:
    return [one.case for one in rows if isinstance(one.case, Order)]


def _for_officer(_actor: Actor, rows: Sequence[ListedCase]) -> dict[UUID, Text]:
    orders = _orders(rows)
    writes = not_to_be_called(one.person_id for one in orders if one.office_task == Task.CONFIRMATION)
    return {
        one.pk: _("Write: has the order come?") if one.person_id in writes else _OF_OFFICER[one.office_task]
        for one in orders
    }


def _for_supplier(_actor: Actor, rows: Sequence[ListedCase]) -> dict[UUID, Text]:
    return {one.pk: _OF_SUPPLIER[one.state] for one in _orders(rows)}


def _no_tags(_actor: Actor, _rows: Sequence[ListedCase]) -> dict[UUID, str]:
    return {}


TO_SEE_TO: Final = TaskList(
    "orders",
    replace(LIST, title={Desk.OFFICER: _("To reach or to check")}),
    waiting=FOR_OFFICER,
    order=("state_since",),
    counted=lambda count: ngettext(
        "order to reach somebody about or to check", "orders to reach somebody about or to check", count
    ),
    empty=(
        _("Nobody has to be reached"),
        _("People who have not confirmed a receipt in time, and refusals, appear here."),
    ),
    does=_for_officer,
    about=lambda one: f"{one.person.full_name}, {goods_of(one)}",
)
TO_DELIVER: Final = TaskList(
    "orders",
    replace(LIST, title={Desk.SUPPLIER: _("Waiting for you, soonest first")}),
    waiting=FOR_SUPPLIER,
    order=("due_at", "created_at"),
    counted=lambda count: ngettext("order waits for you", "orders wait for you", count),
    empty=(
        _("Nothing waits for you"),
        _("New orders come here. Keep stock and prices right, so that people find your offers."),
    ),
    does=_for_supplier,
    about=goods_and_quantity,
)
OFFICERS: Final = TaskPage(
    title=_("Orders to see to"), at=Desk.OFFICER, route="orders:officer-tasks", lists=(TO_SEE_TO,), place=10
)
SUPPLIERS: Final = TaskPage(
    title=_("Orders that wait for you"),
    at=Desk.SUPPLIER,
    route="orders:supplier-tasks",
    lists=(TO_DELIVER,),
    place=10,
)
