"""Reads of orders."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from tirek.catalogue.units import units_text
from tirek.core import clock, reference
from tirek.core.acting import follows
from tirek.core.actors import Actor, Desk
from tirek.core.case import deadlines
from tirek.core.case.journal import Event, notes_of
from tirek.core.database.compiled import CompiledObject
from tirek.core.drafts import Draft
from tirek.core.keys import read_key
from tirek.core.reference import workcalendar
from tirek.entitlements.models import Line
from tirek.orders import rules
from tirek.orders.case_types import ORDERS
from tirek.orders.models import FOR_OFFICE, FOR_SUPPLIER, Delivery, Order
from tirek.suppliers.models import BankAccount
from tirek.suppliers.queries import account_of

MOMENT: Final = timedelta(microseconds=1)
#: Open orders on which an officer has something to do.
FOR_OFFICER: Final = FOR_OFFICE & Q(state__in=Order.open_states())


def last_day_of(begun: datetime, key: str) -> date:
    """The last day of a term of the reference data that begins at a moment."""
    length = reference.term(key, at=clock.today())
    due = deadlines.due_at(begun, length, workcalendar.calendar())
    return (due - MOMENT).astimezone(clock.COUNTRY_ZONE).date()


def money_back_by() -> date:
    """The last day on which a supplier returns what was paid for an order that ends today."""
    return last_day_of(clock.now(), "order.money_back")


def needing(actor: Actor) -> QuerySet[Order]:
    """Open orders on which this desk has something to do, oldest state first."""
    rows = ORDERS.visible_to(actor).order_by("state_since")
    match actor.desk:
        case Desk.RECIPIENT:
            return rows.filter(state__in=Order.NEEDS_PERSON)
        case Desk.SUPPLIER:
            return rows.filter(FOR_SUPPLIER)
        case Desk.OFFICER:
            return rows.filter(FOR_OFFICER)
        case _:
            return rows.none()


@dataclass(frozen=True, slots=True)
class Payment:
    """Where and how the person of an order pays the own part.

    Attributes:
        account: the bank details that the person was shown first.
        now: those that hold now, where they are others.
        to: name of who is paid.
        number: its number, whole: a bank asks for it.
        number_label: what it is, BIN or IIN.
        purpose: what the payment is for, in words of the present language.
        amount: what is paid, tenge.
        by: the last day.
    """

    account: BankAccount
    now: BankAccount | None
    to: str
    number: str
    number_label: str
    purpose: str
    amount: Decimal
    by: date | None


def payment_of(order: Order) -> Payment | None:
    """How the person pays the own part of an order that waits for it; ``None`` where nothing is to be paid now, or the
    supplier has not said where to.
    """
    if order.state != Order.State.AWAITING_TOP_UP:
        return None
    now = account_of(order.supplier_id)
    shown = BankAccount.objects.filter(pk=order.pay_to).first() if order.pay_to and now else None
    if now is None or shown is None:
        return None
    return Payment(
        account=shown,
        now=now if now.pk != shown.pk else None,
        to=order.organisation.name,
        number=order.organisation.bin,
        number_label=order.organisation.number_label,
        purpose=_("Payment for order %(number)s") % {"number": order.number},
        amount=order.person_part,
        by=order.pay_by,
    )


_OF_PERSON: Final[CompiledObject[Order]] = CompiledObject(
    lambda person, states: (
        (ORDERS.scope.listed or ORDERS.scope.rows)()
        .filter(person_id=person, state__any_of=states)
        .order_by("-created_at")
    ),
    person=UUID,
    states=list,
)


def open_of(person_id: UUID, *, waiting: bool = False) -> list[Order]:
    """Open orders of a person with what lists show, newest first (one query); with ``waiting`` those on which the
    person has something to do, oldest state first.
    """
    states = Order.NEEDS_PERSON if waiting else Order.open_states()
    found = _OF_PERSON.all(person=person_id, states=sorted(states))
    return sorted(found, key=lambda order: order.state_since) if waiting else found


def to_review(on: date) -> QuerySet[Order]:
    """Open orders of people who have died, which no officer has been asked to look at."""
    rows = Order.objects.filter(person__deceased_on__lte=on, state__in=Order.CAN_BE_REVIEWED)
    return rows.exclude(office_task=Order.OfficeTask.REVIEW).order_by("pk")


def running_of(person_id: UUID) -> QuerySet[Order]:
    """Orders of a person that run and that an officer may look at."""
    return Order.objects.filter(person=person_id, state__in=Order.CAN_BE_REVIEWED).order_by("pk")


def open_of_programme(programme_id: UUID) -> QuerySet[Order]:
    """Open orders of a programme that no officer has been asked to look at."""
    rows = Order.objects.filter(line__programme=programme_id, state__in=Order.CAN_BE_REVIEWED)
    return rows.exclude(office_task=Order.OfficeTask.REVIEW).order_by("pk")


def last_delivery(order: Order) -> Delivery | None:
    """The newest delivery of an order."""
    return order.deliveries.order_by("-n").first()


def questions_about(order: Order) -> QuerySet[Event]:
    """The events by which something was asked about an order, newest first; the note of each is the question."""
    return Event.objects.filter(case_type=ORDERS.code, case_id=order.pk, type="order.ask").order_by("-pk")


def question_of(order: Order) -> str:
    """The question that an order waits on, in the words of who asked; "" where none is open (queries only where one
    is).
    """
    asked = questions_about(order).first() if order.state == Order.State.CLARIFYING else None
    return notes_of([asked]).get(asked.pk, "") if asked else ""


def words_of_refusal(order: Order) -> str:
    """What was written when the goods were refused, while the refusal is answered; "" otherwise, or where nothing was
    (queries only while one is).
    """
    if order.state not in {Order.State.REFUSED, Order.State.DISPUTED}:
        return ""
    refused = Event.objects.filter(case_type=ORDERS.code, case_id=order.pk, type="order.refuse").order_by("-pk").first()
    return notes_of([refused]).get(refused.pk, "") if refused else ""


def next_n(order: Order) -> int:
    """Which hand-over the next one is, from 1 (a query only where goods came before)."""
    came = order.received_so_far or order.state in Order.AFTER_REFUSAL
    return order.deliveries.count() + 1 if came else 1


def next_quantity(order: Order) -> int:
    """Units that the supplier brings next: in exchange for what was refused, a monthly part, or all that is left."""
    if order.state == Order.State.REPLACING:
        refused = last_delivery(order)
        return refused.quantity if refused else order.rest
    return rules.next_part(order.quantity, parts=order.monthly_parts, received=order.received)


def rest_by(order: Order) -> date | None:
    """The last day of what is left when the goods that are due next have been received: a month later after a whole
    monthly part; ``None`` where no day is promised.
    """
    due = rules.next_part(order.quantity, parts=order.monthly_parts, received=order.received)
    months = rules.parts_between(
        order.quantity, parts=order.monthly_parts, before=order.received, after=order.received + due
    )
    return deadlines.add_months(order.ready_on, months) if order.ready_on and months else order.ready_on


def part_at_hand(order: Order) -> str:
    """Units that were handed over and wait for the recipient's answer, where they are not the whole order: "40 pieces";
    "" otherwise (one query where something waits).
    """
    if order.state != Order.State.AWAITING_CONFIRMATION:
        return ""
    handed = last_delivery(order)
    is_part = handed is not None and handed.quantity < order.quantity
    return units_text(handed.quantity, order.line.kind.unit) if handed is not None and is_part else ""


def door_code_for(actor: Actor, order: Order) -> str:
    """The code the recipient tells at the door; "" for everybody else and outside the states of delivery."""
    if (
        order.state not in Order.HAS_DOOR_CODE
        or actor.desk is not Desk.RECIPIENT
        or not (actor.subject_id == order.person_id or follows(actor, order.person_id, order.created_at))
    ):
        return ""
    return rules.door_code(settings.SECRET_KEY, order.pk, n=next_n(order))


_LINES: Final[CompiledObject[Line]] = CompiledObject(
    lambda keys: Line.objects.select_related("kind", "person").filter(pk__any_of=keys), keys=list
)


def lines_of_drafts(forms: Iterable[Draft]) -> dict[UUID, Line]:
    """The entitlement line of each order form (one query), by draft."""
    named = {draft.pk: (read_key(draft.values().get("line", "")), draft.subject_id) for draft in forms}
    lines = {one.pk: one for one in _LINES.all(keys=[line for line, _person in named.values() if line])}
    # what a browser put into a draft may name the line of somebody else
    found = {key: (lines.get(line) if line else None, person) for key, (line, person) in named.items()}
    return {key: line for key, (line, person) in found.items() if line is not None and line.person_id == person}


def is_door_code(order: Order, code: str) -> bool:
    """Whether it is the code of an order, also one that was told while the site had an earlier secret."""
    known, n = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS), next_n(order)
    return any([rules.same_code(code, rules.door_code(one, order.pk, n=n)) for one in known])  # noqa: C419 - all


def quantity_to_choose(line_id: UUID, *, most: int) -> int:
    """How many of a line are proposed (one query): as many as in the newest order where that came to nothing, so that
    choosing again keeps what was typed; else all that can be ordered.
    """
    newest = Order.objects.filter(line=line_id).order_by("-created_at").values_list("state", "quantity").first()
    if newest is None or newest[0] not in {Order.State.DECLINED, Order.State.CANCELLED}:
        return most
    return min(newest[1], most)
