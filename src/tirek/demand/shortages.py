"""Reads of what people could not order for want of stock: for its supplier, for offices, for other suppliers."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count, F, Max, Sum
from django.db.models.functions import Left
from django.urls import reverse

from tirek.catalogue.models import Kind, Variant
from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.errors import NotFound
from tirek.core.places import covered, region_of
from tirek.demand import rules
from tirek.demand.models import Shortage
from tirek.territory.models import Territory

#: Days that the lists look back at.
DAYS: Final = 30
#: Rows of a list at most.
MOST_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class ShortOfOwn:
    """A size of a supplier's own that people could not order.

    Attributes:
        variant: with its offer.
        people: who could not.
        wanted: units that they wanted in all.
        last_on: when this was the last time.
    """

    variant: Variant
    people: int
    wanted: int
    last_on: date


@dataclass(frozen=True, slots=True)
class ShortInPlace:
    """A kind that people of a place could not order for want of stock.

    Attributes:
        kind: of goods.
        place: district for an office, region for suppliers.
        people: who could not.
        last_on: when this was the last time.
    """

    kind: Kind
    place: str
    people: int
    last_on: date


def _since() -> date:
    return clock.today() - timedelta(days=DAYS)


def of_own(actor: Actor) -> list[ShortOfOwn]:
    """What people could not order from this supplier in the last ``DAYS``, the most wanted first (two queries); for
    others none.
    """
    if actor.desk is not Desk.SUPPLIER or actor.organisation_id is None:
        return []
    rows = Shortage.objects.filter(
        on__gt=_since(), variant__offer__supplier__organisation_id=actor.organisation_id
    ).values("variant")
    counted = rows.annotate(people=Count("line__person", distinct=True), units=Sum("wanted"), last=Max("on"))
    listed = list(counted.order_by("-people", "-last", "variant")[:MOST_SHOWN])
    sizes = Variant.objects.select_related("offer").in_bulk([one["variant"] for one in listed])
    return [ShortOfOwn(sizes[one["variant"]], one["people"], one["units"], one["last"]) for one in listed]


def in_places(actor: Actor) -> list[ShortInPlace]:
    """What people could not order for want of stock in the last ``DAYS``: for an office by district of its own, for
    suppliers by region of the whole country and nothing of fewer than ``rules.FEWEST`` people, the most wanted first
    (three queries).
    """
    if actor.desk not in {Desk.SUPPLIER, Desk.OFFICER}:
        return []
    rows = Shortage.objects.filter(on__gt=_since())
    by_district = actor.desk is Desk.OFFICER
    if by_district:
        rows = rows.filter(covered(actor.territory, "territory_code"))
    # a person of two districts, or with two programmes, is one
    place = F("territory_code") if by_district else Left("territory_code", 2)
    people = rows.annotate(place=place).values("kind", "place", "line__person").annotate(last=Max("on")).order_by()
    counted: dict[tuple[str, str], tuple[int, date]] = {}
    for kind, code, _person, last in people.values_list("kind", "place", "line__person", "last").iterator():
        key = (kind, code if by_district else region_of(code))
        before, newest = counted.get(key, (0, last))
        counted[key] = (before + 1, max(newest, last))
    told = {key: one for key, one in counted.items() if by_district or one[0] >= rules.FEWEST}
    order = sorted(told.items(), key=lambda one: (-one[1][0], one[0]))[:MOST_SHOWN]
    kinds = Kind.objects.in_bulk({kind for (kind, _place), _n in order})
    names = {one.code: one.name for one in Territory.objects.filter(code__in={place for (_kind, place), _n in order})}
    return [ShortInPlace(kinds[kind], names.get(place, place), people, last) for (kind, place), (people, last) in order]


def address_of(actor: Actor, key: UUID) -> str:
    """Where a supplier reads what people could not order.

    Raises:
        NotFound: there is none, or it is another supplier's.
    """
    if actor.desk is not Desk.SUPPLIER or actor.organisation_id is None:
        raise NotFound
    if not Shortage.objects.filter(pk=key, variant__offer__supplier__organisation_id=actor.organisation_id).exists():
        raise NotFound
    return reverse("demand:list")
