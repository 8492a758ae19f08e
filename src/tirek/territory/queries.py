"""Reads of the territories."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.case.registry import CaseType
from tirek.core.languages import current, in_language
from tirek.core.places import region_of
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
    return dict(_named(Territory.objects.filter(code__in=set(codes))))


def names_in_all(codes: Iterable[str]) -> dict[str, tuple[str, str, str]]:
    """Names in Kazakh, Russian and English by code (one query); an unknown code is missing."""
    rows = Territory.objects.filter(code__in=set(codes)).values_list("code", "name_kk", "name_ru", "name_en")
    return {code: (kk, ru, en) for code, kk, ru, en in rows}


def _named(territories: QuerySet[Territory]) -> list[tuple[str, str]]:
    """Codes and names of hundreds of territories, for a choice: nothing else of them is made."""
    rows = territories.values_list("code", "name_kk", "name_ru", "name_en")
    return [(code, in_language(kk=kk, ru=ru, en=en)) for code, kk, ru, en in rows]


def districts_of(case: CaseType[Any]) -> Callable[[Actor, frozenset[str] | None], list[tuple[str, str]]]:
    """By which districts a list of these cases can be narrowed, code and name, for each reader: an officer of a region
    by those of the region; others by those of their open cases, which are looked up where they are not known; an
    officer of one district by none.
    """

    def read(actor: Actor, known: frozenset[str] | None) -> list[tuple[str, str]]:
        if actor.desk is not Desk.OFFICER:
            codes: Any = known
            if known is None:
                open_ones = case.visible_to(actor).filter(state__in=case.model.open_states())
                codes = open_ones.order_by().values("territory_code").distinct()
            return _named(by_name(Territory.objects.filter(code__in=codes)))
        if region_of(actor.territory) == actor.territory:
            return [(one.code, one.name) for one in districts(actor.territory)]
        return []

    return read
