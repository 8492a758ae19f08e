"""Verbs of desks that are no step of one order's process: named filters, and many orders accepted at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Actor
from tirek.core.errors import DomainError, NotFound, RuleBroken, StaleState
from tirek.orders import queries
from tirek.orders.actions import accept_order, check_acceptance
from tirek.orders.filters import Chosen
from tirek.orders.models import Order, SavedFilter
from tirek.orders.workflow import ORDER

#: Named filters of one account at one desk.
MOST_FILTERS: Final = 20


def save_filter(*, actor: Actor, name: str, chosen: Chosen) -> SavedFilter:
    """Keep a filter of the present desk's list with the account; the same name again means the new filter.

    Raises:
        RuleBroken: there are as many as there may be.
    """
    kept = queries.saved_filters(actor)
    if kept.count() >= MOST_FILTERS and not kept.filter(name=name).exists():
        raise RuleBroken(
            _("You have %(most)s saved filters: no more can be kept.") % {"most": MOST_FILTERS},
            next_step=_("Delete one that you no longer need, then save this one."),
            code="most_filters",
        )
    saved, _new = SavedFilter.objects.update_or_create(
        user_id=actor.account, desk=actor.desk.value, name=name, defaults={"query": chosen.query}
    )
    return saved


def delete_filter(*, actor: Actor, key: UUID) -> None:
    """Delete a named filter of the actor.

    Raises:
        NotFound: there is none, or not of this actor.
    """
    queries.saved_filter(actor, key).delete()


@dataclass(frozen=True, slots=True)
class Answer:
    """What becomes of one of many orders: accepted, or why not.

    Attributes:
        number: as it was ticked.
        order: the order; nothing when the actor has none of this number.
        refusal: why it is not accepted.
    """

    number: str
    order: Order | None
    refusal: DomainError | None


def _answered(actor: Actor, numbers: Iterable[str]) -> list[Answer]:
    wanted = list(dict.fromkeys(numbers))
    found = {order.number: order for order in queries.visible_to(actor).filter(number__in=wanted)}
    return [Answer(number, found.get(number), None if number in found else NotFound()) for number in wanted]


def plan_acceptance(*, actor: Actor, numbers: Iterable[str], ready_on: date) -> Sequence[Answer]:
    """What would become of orders accepted with one promised day; nothing is changed. One entry per number, in their order."""
    planned = []
    for one in _answered(actor, numbers):
        refusal = one.refusal
        if one.order is not None:
            try:
                if "accept" not in ORDER.open_to(actor, one.order):
                    raise StaleState(state=one.order.state, message=_("This order no longer waits for your answer."))
                check_acceptance(one.order, ready_on)
            except DomainError as refused:
                refusal = refused
        planned.append(Answer(one.number, one.order, refusal))
    return planned


def accept_many(*, actor: Actor, numbers: Iterable[str], ready_on: date) -> Sequence[Answer]:
    """Accept orders with one promised day, each by the action in a transaction of its own. One entry per number, in their order."""
    done = []
    for one in _answered(actor, numbers):
        order, refusal = one.order, one.refusal
        if order is not None:
            try:
                order = accept_order(actor=actor, order=order, ready_on=ready_on)
            except DomainError as refused:
                refusal = refused
        done.append(Answer(one.number, order, refusal))
    return done
