"""What follows from an order elsewhere: the supplier's people are told, the term to order follows."""

from uuid import UUID

from tirek.core import clock
from tirek.core.actors import CLOCK
from tirek.core.case.deadlines import Deadline
from tirek.core.case.effects import subscribe
from tirek.core.case.journal import Event
from tirek.entitlements.actions import follow_orders
from tirek.orders.actions.paying import follow_account
from tirek.orders.actions.settling import ask_for_reviews, come_of_age
from tirek.orders.case_types import ORDERS
from tirek.orders.models import Order
from tirek.orders.queries import money_back_by, open_of_programme, running_of, to_review
from tirek.organisations.telling import SUPPLIERS, tell_staff
from tirek.people.lives import Turn, when
from tirek.suppliers.turns import when_account_changes

#: What the supplier is told; "" only where something is owed.
_TEMPLATES = {
    "order.submit": "order.new_for_supplier",
    "order.cancel": "order.cancelled_for_supplier",
    "order.take_back": "",
    "order.decide_for_person": "",
    "order.lapse_replacement": "order.cancelled_for_supplier",
    "order.decide_dispute": "",
    "order.refuse": "order.refused_for_supplier",
    "order.confirm_hand_over": "order.handed_over_for_supplier",
}


#: What the supplier is told of the commission's conclusion, by the state to which it led.
_DECIDED = {
    Order.State.REPLACING.value: "order.replacing_for_supplier",
    Order.State.AWAITING_CONFIRMATION.value: "order.decided_for_supplier_too",
}


@subscribe(*_TEMPLATES, name="orders.tell_supplier")
def tell_supplier(event: Event) -> None:
    """Put a notice into the inbox of the supplier's people."""
    order = Order.objects.get(pk=event.case_id)
    context = {"number": order.number, "kind": order.kind_code}
    if order.state == Order.State.MONEY_OWED:
        context |= {"amount": str(order.owed), "until": money_back_by().isoformat()}
        tell_staff(order.organisation_id, "order.money_owed_for_supplier", roles=SUPPLIERS, case=order, **context)
        return
    if event.type == "order.decide_dispute":
        template = _DECIDED.get(order.state, "order.cancelled_for_supplier")
        tell_staff(order.organisation_id, template, roles=SUPPLIERS, case=order, **context)
        return
    if event.type == "order.refuse":
        answer = Deadline.objects.filter(case_type=ORDERS.code, case_id=order.pk, otherwise="decide_for_person")
        context["until"] = answer.order_by("-opened_at")[0].last_day.isoformat()
    if not _TEMPLATES[event.type]:
        return
    tell_staff(order.organisation_id, _TEMPLATES[event.type], roles=SUPPLIERS, case=order, **context)


@subscribe("programme.cancel", "programme.replace", "programme.expire", name="orders.review_programme")
def review_programme(event: Event) -> None:
    """A programme has ended: an officer looks at each of its open orders (portal.md section 3, rule 6)."""
    ask_for_reviews(open_of_programme(event.case_id), cause="programme")


@subscribe(
    "order.submit",
    "order.decline",
    "order.lapse",
    "order.lapse_top_up",
    "order.take_back",
    "order.decide_for_person",
    "order.lapse_replacement",
    "order.decide_dispute",
    "order.cancel",
    "order.confirm",
    name="orders.follow_term",
)
def follow_term(event: Event) -> None:
    """The term to order the line stops with an order, goes on when it comes to nothing, and ends with the receipt."""
    follow_orders(Order.objects.select_related("line").get(pk=event.case_id).line)


@when(Turn.DIED)
def review_of_the_dead(person_id: UUID) -> None:
    """The person has died: an officer looks at each open order."""
    ask_for_reviews(to_review(clock.today()).filter(person=person_id), cause="death")


@when(Turn.CAME_OF_AGE)
def ask_who_acts(person_id: UUID) -> None:
    """A child has come of age in the middle of an order: an officer asks who acts now."""
    for order in running_of(person_id):
        come_of_age(actor=CLOCK, order=order)


when_account_changes(follow_account)
