"""Reads of orders."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from tirek.core import deadlines, journal
from tirek.core.actors import Actor, Desk
from tirek.core.cases import code_of
from tirek.core.compiled import Compiled
from tirek.core.drafts import Draft
from tirek.core.errors import NotFound
from tirek.entitlements.models import Line
from tirek.orders import rules
from tirek.orders.models import Delivery, Order
from tirek.people.models import Person


def _with_parts() -> QuerySet[Order]:
    return Order.objects.select_related(
        "person__territory",
        "line__kind",
        "line__programme",
        "version_of_offer__variant__offer__kind",
        "supplier",
        "organisation",
    )


def visible_to(actor: Actor) -> QuerySet[Order]:
    """Orders the actor may see, with what a list shows."""
    rows = _with_parts()
    if actor.desk is Desk.RECIPIENT and actor.subject_id is not None:
        return rows.filter(person_id=actor.subject_id)
    if actor.desk is Desk.SUPPLIER and actor.organisation_id is not None:
        return rows.filter(organisation_id=actor.organisation_id)
    if actor.desk is Desk.OFFICER:
        if actor.territory.endswith("0000000"):
            return rows.filter(territory_code__startswith=actor.territory[:2])
        return rows.filter(territory_code=actor.territory) if actor.territory else rows
    return rows.none()


def order_for(actor: Actor, number: str) -> Order:
    """The order of this number, if it is the actor's to see.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    found = visible_to(actor).filter(number=number).first()
    if found is None:
        raise NotFound
    return found


def order_by_key(actor: Actor, key: UUID) -> Order:
    """The order with this key, if it is the actor's to see (``core.cases``)."""
    found = visible_to(actor).filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class ListedOrder:
    """An order in a list with the soonest thing that is owed."""

    order: Order
    deadline: deadlines.Deadline | None


def listed(orders: Iterable[Order]) -> list[ListedOrder]:
    """Orders of a page with their soonest deadlines (one query more)."""
    rows = list(orders)
    owed = deadlines.open_of_many(code_of(Order), [row.pk for row in rows])
    return [ListedOrder(row, owed.get(row.pk)) for row in rows]


def counts_by_state(actor: Actor) -> dict[str, int]:
    """Number of visible orders in each state."""
    return dict(visible_to(actor).order_by().values_list("state").annotate(count=Count("pk")))


def needing(actor: Actor) -> QuerySet[Order]:
    """Open orders on which this desk has something to do, oldest state first."""
    rows = visible_to(actor).order_by("state_since")
    match actor.desk:
        case Desk.RECIPIENT:
            return rows.filter(state__in=[Order.State.AWAITING_CONFIRMATION, Order.State.AWAITING_TOP_UP])
        case Desk.SUPPLIER:
            return rows.exclude(state__in=[*Order.ENDED, Order.State.AWAITING_CONFIRMATION])
        case Desk.OFFICER:
            return rows.filter(Q(office_called_for=True) | Q(state=Order.State.REFUSED)).exclude(state__in=Order.ENDED)
        case _:
            return rows.none()


def timeline_of(order: Order) -> list[journal.Event]:
    """The order's history, oldest first."""
    return journal.events_of(order)


def last_delivery(order: Order) -> Delivery | None:
    """The newest delivery of an order."""
    return order.deliveries.order_by("-n").first()


def door_code_for(actor: Actor, order: Order) -> str:
    """The code the recipient tells at the door; "" for everybody else and outside the states of delivery."""
    if order.state not in Order.CAN_BE_HANDED_OVER or actor.desk is not Desk.RECIPIENT or actor.subject_id != order.person_id:
        return ""
    return rules.door_code(settings.SECRET_KEY, order.pk)


def _accounts(person: UUID, first: date, last: date) -> QuerySet[Person, tuple[UUID | None]]:
    # two plain reads by key: an OR over the join would read everybody
    own = Person.objects.filter(pk=person, user__isnull=False).values_list("user_id")
    in_force = Q(represents__until__isnull=True) | Q(represents__until__gte=last)
    represents = Q(represents__represented=person, represents__since__lte=first, represents__revoked_at__isnull=True)
    return own.union(Person.objects.filter(in_force, represents, user__isnull=False).values_list("user_id"))


_ACCOUNTS = Compiled(_accounts, person=UUID, first=date, last=date)


def accounts_to_tell(person_id: UUID, on: date) -> list[UUID]:
    """Accounts that learn what happens to a person's order: the person's own, and those of representatives (one query)."""
    return [key for (key,) in _ACCOUNTS.rows(person=person_id, first=on, last=on)]


def lines_of_drafts(drafts: Iterable[Draft]) -> dict[UUID, Line]:
    """The entitlement line of each order form (one query), by draft."""
    named: dict[UUID, UUID] = {}
    for draft in drafts:
        try:
            named[draft.pk] = UUID(draft.values().get("line", ""))
        except ValueError:
            continue
    found = Line.objects.select_related("kind", "person").in_bulk(list(set(named.values())))
    return {key: found[line] for key, line in named.items() if line in found}


def neighbours(actor: Actor, order: Order) -> tuple[str, str]:
    """Numbers of the newer and the older open order beside this one in the desk's list; "" at the ends."""
    rows = visible_to(actor).exclude(state__in=Order.ENDED)
    newer = rows.filter(created_at__gt=order.created_at).order_by("created_at").values_list("number", flat=True).first()
    older = rows.filter(created_at__lt=order.created_at).order_by("-created_at").values_list("number", flat=True).first()
    return newer or "", older or ""
