"""Reads of orders."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from tirek.core.actors import Actor, Desk
from tirek.core.drafts import Draft
from tirek.core.keys import read_key
from tirek.entitlements.models import Line
from tirek.orders import rules
from tirek.orders.case_types import ORDERS
from tirek.orders.models import FOR_OFFICE, Delivery, Order


def needing(actor: Actor) -> QuerySet[Order]:
    """Open orders on which this desk has something to do, oldest state first."""
    rows = ORDERS.visible_to(actor).order_by("state_since")
    match actor.desk:
        case Desk.RECIPIENT:
            return rows.filter(state__in=[Order.State.AWAITING_CONFIRMATION, Order.State.AWAITING_TOP_UP])
        case Desk.SUPPLIER:
            return rows.filter(state__in=set(Order.open_states()) - {Order.State.AWAITING_CONFIRMATION})
        case Desk.OFFICER:
            return rows.filter(FOR_OFFICE, state__in=Order.open_states())
        case _:
            return rows.none()


def to_review(on: date) -> QuerySet[Order]:
    """Open orders of people who have died, which no officer has been asked to look at."""
    rows = Order.objects.filter(person__deceased_on__lte=on, state__in=Order.CAN_BE_REVIEWED)
    return rows.exclude(office_task=Order.OfficeTask.REVIEW).order_by("pk")


def open_of_programme(programme_id: UUID) -> QuerySet[Order]:
    """Open orders of a programme that no officer has been asked to look at."""
    rows = Order.objects.filter(line__programme=programme_id, state__in=Order.CAN_BE_REVIEWED)
    return rows.exclude(office_task=Order.OfficeTask.REVIEW).order_by("pk")


def last_delivery(order: Order) -> Delivery | None:
    """The newest delivery of an order."""
    return order.deliveries.order_by("-n").first()


def door_code_for(actor: Actor, order: Order) -> str:
    """The code the recipient tells at the door; "" for everybody else and outside the states of delivery."""
    if (
        order.state not in Order.CAN_BE_HANDED_OVER
        or actor.desk is not Desk.RECIPIENT
        or actor.subject_id != order.person_id
    ):
        return ""
    return rules.door_code(settings.SECRET_KEY, order.pk)


def lines_of_drafts(forms: Iterable[Draft]) -> dict[UUID, Line]:
    """The entitlement line of each order form (one query), by draft."""
    named = {draft.pk: (read_key(draft.values().get("line", "")), draft.subject_id) for draft in forms}
    lines = Line.objects.select_related("kind", "person").in_bulk({line for line, _person in named.values() if line})
    # what a browser put into a draft may name the line of somebody else
    found = {key: (lines.get(line) if line else None, person) for key, (line, person) in named.items()}
    return {key: line for key, (line, person) in found.items() if line is not None and line.person_id == person}
