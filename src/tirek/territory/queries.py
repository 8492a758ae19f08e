"""Reads of the territories."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from tirek.core import clock
from tirek.core.languages import current
from tirek.territory.models import Level, Territory


def in_force(at: date | None = None) -> QuerySet[Territory]:
    """Territories that exist on ``at`` (today)."""
    day = at or clock.today()
    return Territory.objects.filter(
        Q(effective_from__isnull=True) | Q(effective_from__lte=day),
        Q(effective_to__isnull=True) | Q(effective_to__gte=day),
    )


def by_name(territories: QuerySet[Territory]) -> QuerySet[Territory]:
    """The same territories in the alphabet of the present reader's language."""
    return territories.order_by(f"sort_{current()}", "code")


def regions(at: date | None = None) -> list[Territory]:
    """Regions and cities of republican significance on ``at`` (today), by name."""
    return list(by_name(in_force(at).filter(level=Level.REGION)))


def districts(region: str = "", *, at: date | None = None) -> list[Territory]:
    """Districts and cities of a region (of all regions) on ``at`` (today), by region and name, each with its
    ``parent``.
    """
    rows = in_force(at).filter(level=Level.DISTRICT).select_related("parent")
    if region:
        rows = rows.filter(parent=region)
    language = current()
    return list(rows.order_by(f"parent__sort_{language}", f"sort_{language}", "code"))


def names(codes: Iterable[str]) -> dict[str, str]:
    """Names by code in the reader's language (one query), for lists; an unknown code is missing."""
    return {one.code: one.name for one in Territory.objects.filter(code__in=set(codes))}
