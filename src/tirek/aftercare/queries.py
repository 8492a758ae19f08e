"""Reads of what comes after the receipt: a person's things, and what is still out of a recall."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from tirek.aftercare.models import Fault, Harm
from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.errors import NotFound
from tirek.orders import items
from tirek.orders.models import Item, KeptBack
from tirek.orders.queries import last_day_of
from tirek.people.queries import person_for

#: Goods of a page of what is still out.
MOST_OUT: Final = 50


def item_for(actor: Actor, key: UUID) -> Item:
    """An item, for whom it concerns: the person, who acts for the person, or an officer of the place.

    Raises:
        NotFound: there is none, or not for this actor.
        ReasonNeeded: nothing of the person waits for the officer, who has given no reason.
    """
    item = items.rows().filter(pk=key).first()
    if item is None:
        raise NotFound
    person_for(actor, item.person_id)
    return item


#: Newest things of a person that are looked at for being kept back.
MOST_LOOKED_AT: Final = 50


@dataclass(frozen=True, slots=True)
class Thing:
    """An item as its holder sees it.

    Attributes:
        item: the item.
        goods: in words.
        number: in words, "" where none was told.
        days_left: of the warranty.
        fault: the newest report of a fault, where one is open.
        kept: what keeps it back, where anything does.
    """

    item: Item
    goods: str
    number: str
    days_left: int
    fault: Fault | None
    kept: KeptBack | None

    @property
    def is_recalled(self) -> bool:
        """Whether it is to be given back."""
        return self.kept is not None and self.kept.state in KeptBack.IS_RECALLED

    @property
    def maker_to_compare(self) -> str:
        """The maker of what is kept back, where that of the item was never told; else ""."""
        kept = self.kept
        return kept.maker if kept is not None and not self.item.maker and ":" not in kept.maker else ""


def of_person(person_id: UUID) -> QuerySet[Item]:
    """Items of a person, newest first."""
    return items.rows().filter(person=person_id).order_by("-id")


def things(found: Sequence[Item]) -> list[Thing]:
    """Items as their holder sees them (four queries at most)."""
    today, kept = clock.today(), items.standing(found)
    faults = Fault.objects.filter(item__in=found, state__in=Fault.open_states())
    open_ones = {one.item_id: one for one in faults}
    return [
        Thing(
            item=one,
            goods=items.goods(one),
            number=items.number_words(one),
            days_left=items.days_left(one, today),
            fault=open_ones.get(one.pk),
            kept=kept.get(one.pk),
        )
        for one in found
    ]


def kept_back_of(person_id: UUID) -> list[Thing]:
    """Things of a person that are not to be used for now, newest first (two queries, more where there are any)."""
    have = list(of_person(person_id).filter(ended_on__isnull=True)[:MOST_LOOKED_AT])
    kept = items.standing(have) if have else {}
    return things([one for one in have if one.pk in kept]) if kept else []


def last_repair_day() -> date:
    """The last day that a supplier may promise for a repair today."""
    return last_day_of(clock.now(), "fault.repair")


def out_of(harm: Harm) -> QuerySet[Item]:
    """Goods of a recall that people still have, first handed over first."""
    found = items.kept_by(harm.kept) if harm.kept is not None else Item.objects.none()
    return found.filter(ended_on__isnull=True).order_by("id")


def out_for(actor: Actor, harm: Harm) -> QuerySet[Item]:
    """The same as far as an actor sees them: a supplier the own goods."""
    found = out_of(harm)
    if actor.desk is Desk.SUPPLIER:
        found = found.filter(organisation=actor.organisation_id)
    return found
