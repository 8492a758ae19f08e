"""Who is told of orders of parts."""

from tirek.core.actors import Actor, Desk
from tirek.organisations.telling import SUPPLIERS, tell_region, tell_staff
from tirek.parts.models import PartOrder
from tirek.people.telling import tell_person


def tell(order: PartOrder, template: str, **context: str) -> None:
    """Tell the person of an order, and who represents the person."""
    tell_person(order.person_id, template, case=order, but=None, number=order.number, **context)


def tell_of_answer(actor: Actor, order: PartOrder, what: str) -> None:
    """Tell the person what an officer has written down for the person; whoever does it at home knows it."""
    if actor.desk is Desk.OFFICER:
        tell(order, "part.answered_at_office", what=what)


def tell_supplier(order: PartOrder, template: str) -> None:
    """Tell the supplier's people."""
    tell_staff(order.organisation_id, template, roles=SUPPLIERS, case=order, number=order.number)


def tell_department(order: PartOrder, template: str, **context: str) -> None:
    """Tell the department of the region."""
    tell_region(order.territory_code, template, case=order, number=order.number, **context)
