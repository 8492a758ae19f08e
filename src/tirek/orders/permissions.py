"""Who may do what with an order."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Actor, Desk
from tirek.core.case.workflow import Party
from tirek.orders.models import Order


def is_own(actor: Actor, order: Order) -> bool:
    """The person of the order, or who represents that person."""
    return actor.desk is Desk.RECIPIENT and actor.subject_id == order.person_id


def is_supplier(actor: Actor, order: Order) -> bool:
    """Somebody of the supplier's organisation."""
    return actor.desk is Desk.SUPPLIER and actor.organisation_id == order.organisation_id


def is_office(actor: Actor, order: Order) -> bool:
    """An officer in whose territory the person lives."""
    return actor.desk is Desk.OFFICER and actor.covers(order.territory_code)


def is_other_officer(actor: Actor, order: Order) -> bool:
    """An officer of the territory who did not enter the order."""
    return is_office(actor, order) and actor.user_id != order.placed_by


recipient: Party[Any] = Party(label=_("recipient"), desks=frozenset({Desk.RECIPIENT}), allows=is_own)
supplier: Party[Any] = Party(label=_("supplier"), desks=frozenset({Desk.SUPPLIER}), allows=is_supplier)
office: Party[Any] = Party(label=_("officer"), desks=frozenset({Desk.OFFICER}), allows=is_office)
