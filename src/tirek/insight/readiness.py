"""Which kinds are ready to be ordered in a region, what is missing for the others, and how far its staff, its suppliers
and its programmes are: nothing of anybody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Count
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tirek.catalogue.amounts import AMOUNTS
from tirek.catalogue.finding import all_kinds, by_group
from tirek.catalogue.models import Group, Kind, OfferPlace
from tirek.catalogue.provision import Provided, provided
from tirek.catalogue.words import provided_in_words
from tirek.core import clock
from tirek.core.errors import NotFound
from tirek.core.places import covered
from tirek.insight import queries
from tirek.insight.models import Loaded, WaitingTime
from tirek.insight.rules import Lack, Supply, lacks
from tirek.organisations.queries import trained_in
from tirek.suppliers.queries import taking_orders
from tirek.territory.models import Territory
from tirek.territory.queries import districts, regions
from tirek.ui.text import day_text, number_text

#: By what the list is narrowed.
READY, NOT_READY, BOUGHT = "ready", "not_ready", "bought"
STATES: Final = (READY, NOT_READY, BOUGHT)


@dataclass(frozen=True, slots=True)
class Row:
    """A kind in a region.

    Attributes:
        kind: of goods or service.
        supply: how it is supplied there.
        without: names of the districts that no offer reaches.
        waiting: people who wait, as it is published; nothing where they are few.
        lacks: what is missing, in words; empty where it is ready.
        state: of ``STATES``.
        bought: that the local body buys it, and by which conclusion; "" where people choose it on the portal.
    """

    kind: Kind
    supply: Supply
    without: Sequence[str]
    waiting: int | None
    lacks: Sequence[str]
    state: str
    bought: str


@dataclass(frozen=True, slots=True)
class Preparation:
    """How far the people and the data of a region are.

    Attributes:
        staff: officers of its local bodies.
        trained: of them, those trained in the work on the portal.
        untrained: names of the places whose body has no trained officer, or no officer at all.
        suppliers: that take orders and reach some place of the region.
        loaded: its programmes as they were counted last; ``None`` where there is none, or nothing was counted.
    """

    staff: int
    trained: int
    untrained: Sequence[str]
    suppliers: int
    loaded: Loaded | None

    @property
    def is_ready(self) -> bool:
        """Whether each place has a trained officer, somebody supplies the region, and programmes are loaded."""
        return not self.untrained and self.suppliers > 0 and self.loaded is not None


@dataclass(frozen=True, slots=True)
class View:
    """A region and its kinds.

    Attributes:
        region: whose.
        groups: kinds by group, as narrowed.
        counts: how many kinds are in each state.
        districts: of the region.
        counted: whether people who wait have been counted.
        fewest: fewer people than this are not told.
        preparation: how far its people and data are.
    """

    region: Territory
    groups: Sequence[tuple[Group, Sequence[Row]]]
    counts: Mapping[str, int]
    districts: int
    counted: bool
    fewest: int
    preparation: Preparation


def view(region_code: str, *, state: str = "") -> View:
    """The kinds of a region, with what is missing for each (nine queries, whatever is offered there).

    Args:
        region_code: КАТО code.
        state: of ``STATES``: the kinds in that state only; "" for all.

    Raises:
        NotFound: there is no such region.
    """
    region = next((one for one in regions() if one.code == region_code), None)
    if region is None:
        raise NotFound
    places = {one.code: one.name for one in districts(region_code)} or {region.code: region.name}
    today, last = clock.today(), queries.newest()
    here = {one.code: provided(one, territory_code=region_code, on=today) for one in all_kinds()}
    supplied = _supplied(region_code, places, here, today)
    waiting = dict(
        WaitingTime.objects.filter(region_code=region_code, measure=queries.RECEIVED)
        .exclude(kind_code="")
        .values_list("kind_code", "waiting")
    )
    rows = {
        one.code: _row(one, here[one.code], supplied[one.code], places, waiting.get(one.code, 0)) for one in all_kinds()
    }
    groups = [
        (group, [rows[one.code] for one in listed if not state or rows[one.code].state == state])
        for group, listed in by_group(all_kinds())
    ]
    return View(
        region,
        [(group, listed) for group, listed in groups if listed],
        {one: sum(row.state == one for row in rows.values()) for one in STATES},
        len(places),
        last is not None,
        last.fewest if last else 0,
        _prepared(region_code, places, today),
    )


def _prepared(region_code: str, places: Mapping[str, str], day: date) -> Preparation:
    """How far the people and the data of a region are (three queries)."""
    bodies = trained_in({region_code, *places})
    ready = {place for place, _people, trained in bodies if trained}
    reaching = OfferPlace.objects.filter(covered(region_code, "place"), supplier__in=taking_orders(day))
    return Preparation(
        staff=sum(people for _place, people, _trained in bodies),
        trained=sum(trained for _place, _people, trained in bodies),
        untrained=[name for code, name in places.items() if code not in ready],
        suppliers=reaching.aggregate(n=Count("supplier", distinct=True))["n"],
        loaded=Loaded.objects.filter(region_code=region_code).first(),
    )


def _supplied(
    region_code: str, places: Mapping[str, str], here: Mapping[str, Provided], day: date
) -> dict[str, Supply]:
    """How each kind is supplied in a region (two queries)."""
    reaching = OfferPlace.objects.filter(covered(region_code, "place"), supplier__in=taking_orders(day))
    counted = {
        kind: (offers, suppliers)
        for kind, offers, suppliers in reaching.values_list("kind")
        .annotate(offers=Count("offer", distinct=True), suppliers=Count("supplier", distinct=True))
        .values_list("kind", "offers", "suppliers")
    }
    reached: dict[str, set[str]] = {}
    for kind, place in reaching.values_list("kind", "place").distinct():
        reached[kind] = reached.get(kind, set()) | (set(places) if place == region_code else {place})
    return {
        one.code: Supply(
            is_bought=here[one.code].is_bought,
            since=here[one.code].orderable_from,
            has_amount=AMOUNTS.at(one.code, territory_code=region_code, on=day) is not None,
            offers=counted.get(one.code, (0, 0))[0],
            suppliers=counted.get(one.code, (0, 0))[1],
            without=frozenset(places) - reached.get(one.code, set()),
        )
        for one in all_kinds()
    }


def _row(kind: Kind, here: Provided, supply: Supply, places: Mapping[str, str], waiting: int | None) -> Row:
    found = lacks(supply, clock.today())
    state = BOUGHT if supply.is_bought else NOT_READY if found else READY
    without = [name for code, name in places.items() if code in supply.without] if supply.offers else []
    bought = provided_in_words(here) if here.conclusion is not None else ""
    return Row(kind, supply, without, waiting, [_in_words(one, supply) for one in found], state, bought)


def _in_words(lack: Lack, supply: Supply) -> str:
    match lack:
        case Lack.NOT_SWITCHED_ON:
            return _("It is not switched on for orders yet.")
        case Lack.LATER:
            return _("It is switched on later. First day: %(day)s.") % {"day": day_text(supply.since or date.max)}
        case Lack.AMOUNT:
            return _("The guaranteed amount is not known.")
        case Lack.OFFER:
            return _("Nobody offers it in this region.")
        case Lack.DISTRICTS:
            n = len(supply.without)
            words = ngettext("No offer reaches %(n)s district.", "No offer reaches %(n)s districts.", n)
            return words % {"n": number_text(n)}
        case Lack.CHOICE:
            return _("There is one supplier only: people have no choice.")


def names() -> list[tuple[str, str]]:
    """Regions to choose from, code and name."""
    return [(one.code, capfirst(one.name)) for one in regions()]
