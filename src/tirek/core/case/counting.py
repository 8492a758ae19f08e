"""Counts of open cases from their rows, for whoever has few of them; those of an office come from ``figures``."""

from typing import Any, Final

from django.db.models import Count, QuerySet

from tirek.core import clock
from tirek.core.case import deadlines

#: How many cases stand in a state with a light of their deadline.
Lights = list[tuple[str, str | None, int]]

#: Readers whose places are remembered by a process.
MOST_PLACES: Final = 1_000
_known_places: dict[object, frozenset[str]] = {}


def by_light(rows: QuerySet[Any]) -> Lights:
    """How many of these cases stand in each state with each light of their deadline (one query)."""
    lit = rows.order_by().annotate(colour=deadlines.light_now())
    return list(lit.values_list("state", "colour").annotate(n=Count("*")))


def places_of(rows: QuerySet[Any], counted: Lights, *, reader: object) -> frozenset[str]:
    """КАТО codes of the places of these cases (one query; none for who asks again within the minute and has as many of
    each kind).

    Args:
        rows: cases that the reader sees.
        counted: what ``by_light`` tells of them.
        reader: whose they are, for whom it is remembered.
    """
    key = (reader, tuple(sorted(counted, key=repr)), f"{clock.now():%Y-%m-%d %H:%M}")
    found = _known_places.get(key)
    if found is None:
        if len(_known_places) >= MOST_PLACES:
            _known_places.clear()
        found = _known_places[key] = frozenset(rows.order_by().values_list("territory_code", flat=True).distinct())
    return found
