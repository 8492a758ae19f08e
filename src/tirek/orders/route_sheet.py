"""The route sheet: what a driver takes along, one stop for everything that goes to one person at one address."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate

from tirek.catalogue.units import UNITS_OF_KINDS
from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.errors import Text
from tirek.core.personal import viewlog
from tirek.core.sorting import sort_key
from tirek.orders.case_types import ORDERS
from tirek.orders.models import Order
from tirek.people.models import Person
from tirek.people.queries import needs_of_all
from tirek.people.words import reach_in_words
from tirek.ui.text import number_text

#: Orders of one sheet; a car does not hold more.
MOST_ON_SHEET: Final = 200
#: Days that are offered to choose from, the newest.
MOST_DAYS: Final = 60


@dataclass(frozen=True, slots=True)
class Stop:
    """Where the driver stops.

    Attributes:
        person: the recipient.
        address: in words.
        phone: to be called, or written to.
        messages: what the recipient wants the courier to know.
        needed: how the recipient wants to be reached.
        orders: what is handed over there.
        goods: the same in words: what, and how many.
    """

    person: Person
    address: str
    phone: str
    messages: Sequence[str]
    needed: Sequence[Text]
    orders: Sequence[Order]
    goods: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class District:
    """The stops in one district, by address."""

    name: str
    stops: Sequence[Stop]


@dataclass(frozen=True, slots=True)
class DayOut:
    """A day on which orders were sent on their way, and how many of them still are."""

    day: date
    count: int


def _under_way(actor: Actor) -> QuerySet[Order]:
    return ORDERS.visible_to(actor).filter(state=Order.State.ON_THE_WAY)


def days_out(actor: Actor) -> list[DayOut]:
    """Days on which orders that are still on the way were sent, newest first (one query)."""
    rows = _under_way(actor).order_by().annotate(day=TruncDate("state_since", tzinfo=clock.COUNTRY_ZONE))
    counted = rows.values_list("day").annotate(count=Count("pk")).order_by("-day")
    return [DayOut(day, count) for day, count in counted[:MOST_DAYS]]


def sent_on(actor: Actor, day: date) -> list[Order]:
    """Orders that were sent on their way on a day and still are."""
    if day > clock.today():
        return []
    begin = datetime.combine(day, time.min, clock.COUNTRY_ZONE)
    return _read(_under_way(actor).filter(state_since__gte=begin, state_since__lt=begin + timedelta(days=1)))


def ticked(actor: Actor, numbers: Iterable[str]) -> list[Order]:
    """The orders of these numbers that can be handed over."""
    return _read(ORDERS.visible_to(actor).filter(number__in=set(numbers), state__in=Order.CAN_BE_HANDED_OVER))


def _read(rows: QuerySet[Order]) -> list[Order]:
    """The orders of one sheet by their numbers: keys first, then what the sheet tells of them."""
    keys = list(rows.order_by("number").values_list("pk", flat=True)[:MOST_ON_SHEET])
    found = ORDERS.scope.rows().in_bulk(keys)
    return [found[key] for key in keys if key in found]


def sheet(actor: Actor, orders: Sequence[Order]) -> list[District]:
    """The orders as a driver goes: by district, then by address; each look at a person's data is recorded (three
    queries, however many there are).
    """
    viewlog.look_at_many(actor, [(one.person_id, ORDERS.code, one.pk) for one in orders])
    needs = needs_of_all([one.person for one in orders])
    found: dict[tuple[str, UUID, str], list[Order]] = {}
    for one in orders:
        found.setdefault((one.person.territory_id, one.person_id, one.address), []).append(one)
    stops: dict[str, list[Stop]] = {}
    for group in found.values():
        first = group[0]
        stop = Stop(
            person=first.person,
            address=first.address,
            phone=first.phone,
            messages=list(dict.fromkeys(one.comment for one in group if one.comment)),
            needed=reach_in_words(needs[first.person_id]),
            orders=group,
            goods=[(_goods(one), number_text(one.quantity)) for one in group],
        )
        stops.setdefault(first.person.territory.name, []).append(stop)
    return [
        District(name, sorted(inside, key=lambda stop: sort_key(stop.address)))
        for name, inside in sorted(stops.items(), key=lambda one: sort_key(one[0]))
    ]


def to_load(orders: Iterable[Order]) -> list[tuple[str, str]]:
    """What is loaded: each size or model with its unit, and how many of it, by name."""
    loaded: Counter[str] = Counter()
    for one in orders:
        loaded[_goods(one)] += one.quantity
    return [(what, number_text(loaded[what])) for what in sorted(loaded, key=sort_key)]


def _goods(order: Order) -> str:
    variant, unit = order.version_of_offer.variant, UNITS_OF_KINDS.get(order.line.kind.unit, "")
    return ", ".join(str(part) for part in (variant.offer.name, variant.label, unit) if part)
