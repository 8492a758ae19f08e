"""Whom an order tells."""

from uuid import UUID

from tirek.orders.models import Order
from tirek.people.telling import tell_person


def tell(order: Order, template: str, *, but: UUID | None = None, **context: str) -> None:
    """Tell the person and who represents the person; ``but`` is who has just done it."""
    facts = {"number": order.number, "kind": order.kind_code, **context}
    tell_person(order.person_id, template, case=order, but=but, **facts)
