"""Orders accepted in one go, as the list of a supplier does it."""

from collections.abc import Iterable, Sequence
from datetime import date

from tirek.core.actors import Actor, Desk
from tirek.orders.case_pages import LIST
from tirek.orders.case_types import ORDERS
from tirek.ui.lists import bulk
from tirek.ui.lists.bulk import Answer

ACCEPT = LIST.bulk[Desk.SUPPLIER][0]


def plan_acceptance(*, actor: Actor, numbers: Iterable[str], ready_on: date) -> Sequence[Answer]:
    """What would become of orders accepted with one promised day."""
    return bulk.plan(ORDERS, ACCEPT, actor=actor, numbers=numbers, given={"by": "one", "ready_on": ready_on})


def accept_many(*, actor: Actor, numbers: Iterable[str], ready_on: date) -> Sequence[Answer]:
    """Orders accepted with one promised day, each by itself."""
    return bulk.carry_out(ORDERS, ACCEPT, actor=actor, numbers=numbers, given={"by": "one", "ready_on": ready_on})
