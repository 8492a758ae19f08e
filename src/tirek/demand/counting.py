"""Counting by night what people may choose and have not chosen yet, kind by kind, and what is offered to them."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count

from tirek.catalogue.finding import all_kinds
from tirek.catalogue.models import OfferPlace, Parameter, Variant
from tirek.catalogue.narrowing import Narrowed, Range
from tirek.catalogue.queries import parameters_of
from tirek.catalogue.rules import as_number
from tirek.catalogue.spans import Span
from tirek.core.disclosure import told
from tirek.core.places import region_of
from tirek.demand import rules
from tirek.demand.models import OpenNeed, Shortage
from tirek.demand.rules import Cell, Group, Need, Sold
from tirek.demand.shortages import DAYS
from tirek.entitlements.models import OrderingTerm
from tirek.suppliers.queries import taking_orders

#: States of the term to order in which a line is guaranteed and nothing is chosen.
NOT_CHOSEN: Final = (OrderingTerm.State.RUNNING, OrderingTerm.State.NOT_ORDERED)


def figures(today: date) -> list[OpenNeed]:
    """The figures of all kinds as they are on a day, not stored. Four queries for each kind."""
    return [row for kind in all_kinds() for row in _of_kind(kind.code, today)]


def _of_kind(code: str, today: date) -> Iterable[OpenNeed]:
    groups = _groups(code)
    if not groups:
        return
    short = _short(code, today)
    for (region, cell), need in sorted(rules.needs(groups, _sold(code, today)).items(), key=lambda one: one[0]):
        if cell == rules.WHOLE or need.people >= rules.FEWEST:
            yield _row(code, region, cell, need, short, today)


def _row(code: str, region: str, cell: Cell, need: Need, short: "_Short", today: date) -> OpenNeed:
    people = {who for parameters, who in short.get(region, ()) if cell == rules.WHOLE or _is_of(cell, parameters)}
    return OpenNeed(
        kind_code=code,
        region_code=region,
        parameter=cell.parameter,
        value=cell.value,
        low=cell.low,
        high=cell.high,
        people=told(need.people, rules.FEWEST),
        unserved=told(need.unserved, rules.FEWEST),
        short=told(len(people), rules.FEWEST),
        offers=need.offers,
        sellers=need.sellers,
        counted_on=today,
    )


def _is_of(cell: Cell, parameters: Mapping[str, object]) -> bool:
    """Whether a size is one of the cell; one that does not tell the parameter is not."""
    span = Span(cell.parameter)
    return bool({cell.parameter, span.low, span.high} & set(parameters)) and cell.is_met(parameters)


def _groups(code: str) -> list[Group]:
    parameters = parameters_of(code)
    rows = OrderingTerm.objects.filter(line__kind=code, state__in=NOT_CHOSEN).order_by()
    counted = rows.values_list("territory_code", "line__recommended").annotate(n=Count("person", distinct=True))
    return [Group(place, cells_of(wishes, parameters), n) for place, wishes, n in counted.iterator()]


def cells_of(wishes: Mapping[str, object], parameters: Mapping[str, Parameter]) -> frozenset[Cell]:
    """What a line of a programme asks for, in cells in which others may be, too.

    Args:
        wishes: parameter code → value that the programme asks for.
        parameters: of the kind, by code; others are left out.
    """
    values: dict[str, frozenset[str]] = {}
    ranges: dict[str, Range] = {}
    for code, wish in wishes.items():
        known = parameters.get(code)
        if known is None or wish in {"", None}:
            continue
        number = as_number(wish) if known.type == Parameter.Type.NUMBER else None
        if number is not None:
            ranges[code] = Range(number, number)
        elif known.type in {Parameter.Type.CHOICE, Parameter.Type.BOOL}:
            values[code] = frozenset({str(wish)})
    return frozenset(rules.cells(Narrowed(values=values, ranges=ranges)))


def _sold(code: str, today: date) -> list[Sold]:
    places: dict[UUID, set[str]] = {}
    reached = OfferPlace.objects.filter(kind=code, supplier__in=taking_orders(today))
    sellers: dict[UUID, UUID] = {}
    for offer, place, seller in reached.values_list("offer_id", "place", "supplier_id").iterator():
        places.setdefault(offer, set()).add(place)
        sellers[offer] = seller
    sizes = Variant.objects.filter(offer__kind=code, active=True, stock__gt=0, current__isnull=False)
    return [
        Sold(offer, sellers[offer], parameters, frozenset(places[offer]))
        for offer, parameters in sizes.values_list("offer_id", "current__parameters").iterator()
        if offer in places
    ]


#: Region → parameters of a size that was short, and who met it.
_Short = dict[str, list[tuple[Mapping[str, object], UUID]]]


def _short(code: str, today: date) -> _Short:
    rows = Shortage.objects.filter(kind=code, on__gt=today - timedelta(days=DAYS), variant__current__isnull=False)
    found: _Short = {}
    for place, parameters, person in rows.values_list(
        "territory_code", "variant__current__parameters", "line__person_id"
    ).iterator():
        found.setdefault(region_of(place), []).append((parameters, person))
    return found
