"""What follows from an order elsewhere: the supplier's people are told."""

from datetime import date

from django.db.models import Q

from tirek.core import clock
from tirek.core.cases import code_of
from tirek.core.deadlines import Deadline
from tirek.core.effects import subscribe
from tirek.core.journal import Event
from tirek.entitlements.actions import follow_orders
from tirek.notices.actions import notify
from tirek.orders.actions import ask_for_reviews
from tirek.orders.models import Order
from tirek.orders.queries import open_of_programme
from tirek.organisations.models import Membership

_TEMPLATES = {
    "order.submit": "order.new_for_supplier",
    "order.cancel": "order.cancelled_for_supplier",
    "order.refuse": "order.refused_for_supplier",
    "order.confirm_hand_over": "order.handed_over_for_supplier",
}


def _people_of(order: Order, on: date) -> list[Membership]:
    rows = Membership.objects.filter(organisation_id=order.organisation_id, role=Membership.Role.SUPPLIER_MANAGER, since__lte=on)
    return list(rows.filter(Q(until__isnull=True) | Q(until__gte=on)))


@subscribe("order.submit", "order.cancel", "order.refuse", "order.confirm_hand_over", name="orders.tell_supplier")
def tell_supplier(event: Event) -> None:
    """Put a notice into the inbox of the supplier's people."""
    order = Order.objects.get(pk=event.case_id)
    context = {"number": order.number, "kind": order.kind_code}
    if event.type == "order.refuse":
        answer = Deadline.objects.filter(case_type=code_of(Order), case_id=order.pk, otherwise="decide_for_person").order_by("-opened_at")
        context["until"] = answer[0].last_day.isoformat()
    notify(
        user_ids=[one.user_id for one in _people_of(order, clock.today())],
        template=_TEMPLATES[event.type],
        context=context,
        case=order,
    )


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
    "order.cancel",
    "order.confirm",
    name="orders.follow_term",
)
def follow_term(event: Event) -> None:
    """The term to order the line stops with an order, goes on when it comes to nothing, and ends with the receipt."""
    follow_orders(Order.objects.select_related("line").get(pk=event.case_id).line)
