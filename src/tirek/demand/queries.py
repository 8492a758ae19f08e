"""Reads of demand: counts for offices and suppliers, one line for a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Count, Min, QuerySet

from tirek.catalogue import narrowing
from tirek.catalogue.models import Kind
from tirek.catalogue.narrowing import Narrowed
from tirek.catalogue.words import Words
from tirek.core.actors import Actor, Desk
from tirek.core.errors import NotFound
from tirek.core.places import covered, region_of
from tirek.demand import rules
from tirek.demand.models import Demand
from tirek.entitlements.queries import line_for
from tirek.territory.models import Territory
from tirek.ui.ways import way

#: Fewer people than this are told to suppliers as "fewer than", so that nobody is recognised.
FEWEST_TOLD: Final = rules.FEWEST
#: Cells that suppliers are told at most.
MOST_CELLS: Final = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """How many people ask for a kind in a place.

    Attributes:
        kind: of goods.
        place: district, or region for suppliers.
        count: people; 0 where they are fewer than ``FEWEST_TOLD`` and a supplier reads it.
        since: first day of the oldest; nothing where the count is not told.
    """

    kind: Kind
    place: str
    count: int
    since: date | None


def open_of_line(line_id: UUID) -> Demand | None:
    """What is asked for of a line, while nobody offers it. The caller has checked who asks."""
    return Demand.objects.filter(line=line_id, answered_on__isnull=True).first()


def _open(actor: Actor) -> QuerySet[Demand]:
    rows = Demand.objects.filter(answered_on__isnull=True)
    if actor.desk is Desk.OFFICER:
        return rows.filter(covered(actor.territory, "territory_code"))
    return rows if actor.desk is Desk.SUPPLIER else rows.none()


def asked_for(actor: Actor, most: int | None = None) -> list[Asked]:
    """What people may order and nobody offers: for an office by district, for suppliers by region of the whole country,
    the most wanted first (four queries).
    """
    counted: dict[tuple[str, str], tuple[int, date]] = {}
    rows = (
        _open(actor)
        .filter(why=Demand.Why.NOBODY)
        .values("kind", "territory_code")
        .annotate(people=Count("pk"), since=Min("asked_on"))
    )
    for row in rows:
        by_district = actor.desk is Desk.OFFICER
        place = row["territory_code"] if by_district else region_of(row["territory_code"])
        before, since = counted.get((row["kind"], place), (0, row["since"]))
        counted[row["kind"], place] = (before + row["people"], min(since, row["since"]))
    if actor.desk is Desk.SUPPLIER:
        # neither the day nor the place in the list tells of a few people
        counted = {key: one if one[0] >= FEWEST_TOLD else (0, date.max) for key, one in counted.items()}
    order = sorted(counted.items(), key=lambda one: (-one[1][0], one[1][1], one[0]))[:most]
    kinds = Kind.objects.in_bulk({kind for (kind, _place), _told in order})
    names = _names({place for (_kind, place), _told in order})
    return [
        Asked(kinds[kind], names.get(place, place), people, since if people else None)
        for (kind, place), (people, since) in order
    ]


@dataclass(frozen=True, slots=True)
class Sought:
    """What one person needs and nobody offers so, for the office of the person's place.

    Attributes:
        demand: with person and kind.
        place: district.
        conditions: parameters in words.
    """

    demand: Demand
    place: str
    conditions: list[str]


def needs(actor: Actor) -> QuerySet[Demand]:
    """What people of an office's territory need and nobody offers so, the longest waiting first; for others none."""
    rows = _open(actor) if actor.desk is Desk.OFFICER else Demand.objects.none()
    found = rows.filter(why=Demand.Why.NOT_AS_NEEDED).select_related("kind", "person")
    return found.order_by("asked_on", "pk")


def told_needs(listed: Iterable[Demand]) -> list[Sought]:
    """The rows of a page, in words (three queries for each kind among them, and one)."""
    rows = list(listed)
    words = {one.kind_id: Words(one.kind_id) for one in rows}
    names = _names({one.territory_code for one in rows})
    return [
        Sought(
            one,
            names.get(one.territory_code, one.territory_code),
            words[one.kind_id].wanted(narrowing.read(one.sought)),
        )
        for one in rows
    ]


@dataclass(frozen=True, slots=True)
class SoughtByMany:
    """What at least ``FEWEST_TOLD`` people of a region need and nobody offers so.

    Attributes:
        kind: of goods.
        region: where they live.
        condition: a parameter with a value or a range of numbers, in words.
        count: people.
    """

    kind: Kind
    region: str
    condition: str
    count: int


def sought_by_many(actor: Actor) -> list[SoughtByMany]:
    """What people of the country need and nobody offers so, for suppliers: by kind, region and parameter, numbers in
    round steps, the most wanted first; for others none. Nothing of fewer than ``FEWEST_TOLD`` people.
    """
    if actor.desk is not Desk.SUPPLIER:
        return []
    rows = _open(actor).filter(why=Demand.Why.NOT_AS_NEEDED).values_list("kind", "territory_code", "sought")
    told = rules.counted((kind, region_of(code), narrowing.read(sought)) for kind, code, sought in rows)
    most = sorted(told.items(), key=lambda one: (-one[1], one[0]))[:MOST_CELLS]
    kinds = Kind.objects.in_bulk({kind for (kind, _region, _cell), _n in most})
    names = _names({region for (_kind, region, _cell), _n in most})
    words = {code: Words(code) for code in kinds}
    return [
        SoughtByMany(kinds[kind], names.get(region, region), in_words(words[kind], cell), n)
        for (kind, region, cell), n in most
    ]


def in_words(words: Words, cell: rules.Cell) -> str:
    """A cell in words: "Waist: 100–105 cm"."""
    within = cell.range
    one = (
        Narrowed(ranges={cell.parameter: within})
        if within
        else Narrowed(values={cell.parameter: frozenset({cell.value})})
    )
    return " ".join(words.wanted(one))


def _names(codes: Iterable[str]) -> dict[str, str]:
    return {one.code: one.name for one in Territory.objects.filter(code__in=set(codes))}


def address_of(actor: Actor, key: UUID) -> str:
    """Where what was asked for is ordered now.

    Raises:
        NotFound: there is none, or it is not for this actor.
    """
    found = Demand.objects.filter(pk=key).first()
    if found is None:
        raise NotFound
    line_for(actor, found.line_id)
    return way("order-line", found.line_id)
