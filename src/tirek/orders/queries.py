"""Reads of orders."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Case, Count, DateTimeField, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, Value, When

from tirek.core import clock, deadlines, drafts, journal, viewlog
from tirek.core.actors import Actor, Desk
from tirek.core.cases import code_of
from tirek.core.compiled import Compiled
from tirek.core.deadlines import Deadline, Light, Outcome
from tirek.core.drafts import Draft
from tirek.core.errors import NotFound
from tirek.entitlements.models import Line
from tirek.orders import rules
from tirek.orders.filters import LIGHTS, Chosen
from tirek.orders.models import Delivery, Order, SavedFilter
from tirek.people.models import Person, Representation
from tirek.people.queries import majority_months
from tirek.people.rules import of_age_born_by
from tirek.territory.models import Territory
from tirek.territory.queries import by_name, districts


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
            return rows.filter(territory_code__range=(actor.territory, f"{actor.territory[:2]}9999999"))
        return rows.filter(territory_code=actor.territory) if actor.territory else rows.none()
    return rows.none()


def order_opened(actor: Actor, number: str) -> Order:
    """The order of this number for a page of it; a stranger's look is recorded.

    Raises:
        NotFound: there is none, or not for this actor.
        ReasonNeeded: it is over, nothing else of the person waits for the officer, who has given no reason.
    """
    found = order_for(actor, number)
    viewlog.look(actor, found.person_id, case_type=code_of(Order), case_id=found.pk)
    return found


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
    deadline: Deadline | None


def _counts() -> Q:
    """Deadlines that tell how an order stands: what is owed, and what was owed in this state and did not come."""
    return Q(closed_at__isnull=True) | Q(outcome=Outcome.PASSED)


def listed(orders: Iterable[Order]) -> list[ListedOrder]:
    """Orders of a page with their soonest deadlines; where the clock has called and nothing else is owed, with the one that passed."""
    rows = list(orders)
    since = {row.pk: row.state_since for row in rows if row.state not in Order.ENDED}
    owed: dict[UUID, Deadline] = {}
    found = Deadline.objects.filter(_counts(), case_type=code_of(Order), case_id__in=list(since))
    for one in found.order_by(F("closed_at").asc(nulls_first=True), "due_at"):
        if one.closed_at is None or one.closed_at >= since[one.case_id]:
            owed.setdefault(one.case_id, one)
    return [ListedOrder(row, owed.get(row.pk)) for row in rows]


def _standing() -> QuerySet[Deadline]:
    """The deadline of an order that a list shows (see ``listed``), for a subquery."""
    rows = Deadline.objects.filter(_counts(), case_type=code_of(Order), case_id=OuterRef("pk"))
    rows = rows.filter(Q(closed_at__isnull=True) | Q(closed_at__gte=OuterRef("state_since")))
    return rows.order_by(F("closed_at").asc(nulls_first=True), "due_at")


def _light() -> Subquery:
    """The colour of an order's deadline now, for an annotation; nothing where nothing is owed."""
    now = clock.now()
    soon_from = ExpressionWrapper(F("due_at") - (F("due_at") - F("opened_at")) * deadlines.SOON_SHARE, output_field=DateTimeField())
    colour = Case(
        When(due_at__lte=now, then=Value(Light.RED.value)),
        When(soon_from__lte=now, then=Value(Light.YELLOW.value)),
        default=Value(Light.GREEN.value),
    )
    return Subquery(_standing().annotate(soon_from=soon_from, colour=colour).values("colour")[:1])


OPEN: Final = tuple(state for state in Order.State.values if state not in Order.ENDED)
_COLUMNS: Final = {"day": "created_at", "number": "number", "name": "person__sort_key", "deadline": "due"}


def _narrowed(actor: Actor, chosen: Chosen) -> QuerySet[Order]:
    """Visible orders of the chosen state and district."""
    rows = visible_to(actor).filter(state__in=[chosen.state] if chosen.state else OPEN)
    return rows.filter(territory_code=chosen.district) if chosen.district else rows


def _with_due(rows: QuerySet[Order]) -> QuerySet[Order]:
    return rows.annotate(due=Subquery(_standing().values("due_at")[:1]))


def orders_by(actor: Actor, chosen: Chosen) -> QuerySet[Order]:
    """Visible orders as a filter wants them. A number is looked for in every state."""
    if chosen.number:
        rows = visible_to(actor).filter(number__endswith=chosen.number)
    else:
        rows = _narrowed(actor, chosen)
        if chosen.light:
            rows = rows.annotate(colour=_light()).filter(colour=chosen.light)
    column = chosen.sort.removeprefix("-")
    if column == "deadline":
        rows = _with_due(rows)
    by = F(_COLUMNS[column])
    return rows.order_by(by.desc(nulls_last=True) if chosen.sort.startswith("-") else by.asc(nulls_last=True), "-pk")


@dataclass(frozen=True, slots=True)
class Standing:
    """How many orders a desk has, by state and by the light of their deadline."""

    by_state: dict[str, int]
    by_light: dict[str, int]


def standing(actor: Actor, chosen: Chosen | None = None) -> Standing:
    """Counts of open orders (of the filter's state and district) in one query."""
    by_state: dict[str, int] = {}
    by_light = dict.fromkeys((one.value for one in LIGHTS), 0)
    rows = _narrowed(actor, chosen or Chosen()).order_by().annotate(colour=_light())
    for state, light, count in rows.values_list("state", "colour").annotate(count=Count("pk")):
        by_state[state] = by_state.get(state, 0) + count
        if light is not None:
            by_light[light] += count
    return Standing(by_state, by_light)


def districts_of(actor: Actor) -> list[Territory]:
    """Districts by which a desk's list can be narrowed: those of the officer's region, those of the supplier's open orders."""
    if actor.desk is not Desk.OFFICER:
        codes = visible_to(actor).filter(state__in=OPEN).order_by().values("territory_code").distinct()
        return list(by_name(Territory.objects.filter(code__in=codes)))
    if actor.territory.endswith("0000000") or not actor.territory:
        return districts(actor.territory)
    return []


def saved_filters(actor: Actor) -> QuerySet[SavedFilter]:
    """The actor's named filters of the present desk, by name."""
    return SavedFilter.objects.filter(user_id=actor.account, desk=actor.desk.value).order_by("name")


def saved_filter(actor: Actor, key: UUID) -> SavedFilter:
    """One of the actor's named filters.

    Raises:
        NotFound: there is none, or not of this actor.
    """
    found = saved_filters(actor).filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


def needing(actor: Actor) -> QuerySet[Order]:
    """Open orders on which this desk has something to do, oldest state first."""
    rows = visible_to(actor).order_by("state_since")
    match actor.desk:
        case Desk.RECIPIENT:
            return rows.filter(state__in=[Order.State.AWAITING_CONFIRMATION, Order.State.AWAITING_TOP_UP])
        case Desk.SUPPLIER:
            return rows.exclude(state__in=[*Order.ENDED, Order.State.AWAITING_CONFIRMATION])
        case Desk.OFFICER:
            return rows.filter(~Q(office_task="") | Q(state=Order.State.REFUSED)).exclude(state__in=Order.ENDED)
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


@viewlog.open_task
def waits_in_orders(actor: Actor, person_id: UUID) -> bool:
    """Whether an order of a person is open, or a form for the person waits for the office or lies with the officer."""
    if visible_to(actor).filter(person_id=person_id, state__in=OPEN).exists():
        return True
    forms = (drafts.waiting_for_office(actor), drafts.open_of(actor))
    return any(rows.filter(subject_id=person_id).exists() for rows in forms)


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


def _accounts(person: UUID, first: date, last: date, of_age: date) -> QuerySet[Person, tuple[UUID | None]]:
    # two plain reads by key: an OR over the join would read everybody
    own = Person.objects.filter(pk=person, user__isnull=False).values_list("user_id")
    in_force = Q(represents__until__isnull=True) | Q(represents__until__gte=last)
    represents = Q(represents__represented=person, represents__since__lte=first, represents__revoked_at__isnull=True)
    still = ~Q(represents__basis=Representation.Basis.PARENT) | Q(represents__represented__birth_date__gt=of_age)
    representatives = Person.objects.filter(in_force, represents, still, user__isnull=False, deceased_on__isnull=True)
    return own.union(representatives.values_list("user_id"))


_ACCOUNTS = Compiled(_accounts, person=UUID, first=date, last=date, of_age=date)


def accounts_to_tell(person_id: UUID, on: date) -> list[UUID]:
    """Accounts that learn what happens to a person's order: the person's own, and those of who represents the person (one query).

    The rule is that of ``people.queries.representatives_of``.
    """
    of_age = of_age_born_by(on, majority_months=majority_months(on))
    return [key for (key,) in _ACCOUNTS.rows(person=person_id, first=on, last=on, of_age=of_age)]


def lines_of_drafts(forms: Iterable[Draft]) -> dict[UUID, Line]:
    """The entitlement line of each order form (one query), by draft."""
    named: dict[UUID, UUID] = {}
    for draft in forms:
        try:
            named[draft.pk] = UUID(draft.values().get("line", ""))
        except ValueError:
            continue
    found = Line.objects.select_related("kind", "person").in_bulk(list(set(named.values())))
    return {key: found[line] for key, line in named.items() if line in found}


def neighbours(actor: Actor, order: Order, chosen: Chosen) -> tuple[str, str]:
    """Numbers of the orders before and after this one in the desk's list by a filter; "" at the ends.

    The order itself may have left the list meanwhile: its place is where it would stand.
    """
    column, falls = _COLUMNS[chosen.sort.removeprefix("-")], chosen.sort.startswith("-")
    rows = orders_by(actor, chosen).exclude(pk=order.pk)
    value = _with_due(Order.objects.filter(pk=order.pk)).values_list(column, flat=True).get()
    beyond, behind = ("lt", "gt") if falls else ("gt", "lt")
    if value is None:
        # nothing owed stands last
        later = Q(**{f"{column}__isnull": True}, pk__lt=order.pk)
        sooner = Q(**{f"{column}__isnull": False}) | Q(**{f"{column}__isnull": True}, pk__gt=order.pk)
    else:
        later = Q(**{f"{column}__{beyond}": value}) | Q(**{column: value}, pk__lt=order.pk) | Q(**{f"{column}__isnull": True})
        sooner = Q(**{f"{column}__{behind}": value}) | Q(**{column: value}, pk__gt=order.pk)
    after = rows.filter(later).values_list("number", flat=True).first()
    before = rows.filter(sooner).reverse().values_list("number", flat=True).first()
    return before or "", after or ""
