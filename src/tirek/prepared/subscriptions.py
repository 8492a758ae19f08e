"""What follows for prepared orders from orders, programmes and the turns of a person's life."""

from tirek.core.case.effects import subscribe
from tirek.core.case.journal import Event
from tirek.orders.models import Order
from tirek.people.lives import Turn, when
from tirek.prepared.actions import end_of_person, end_of_programme, follow_order


@subscribe("order.submit", name="prepared.follow_order")
def ordered(event: Event) -> None:
    """The line was ordered: at the counter, from the catalogue, or together with others."""
    follow_order(Order.objects.get(pk=event.case_id))


@subscribe("programme.cancel", "programme.replace", "programme.expire", name="prepared.end_of_programme")
def programme_ended(event: Event) -> None:
    """Nothing of a programme that has ended waits for an answer."""
    end_of_programme(event.case_id)


when(Turn.DIED)(end_of_person)
