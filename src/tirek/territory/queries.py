"""Reads of the territories."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Case, Q, QuerySet, Value, When

from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.case.registry import CaseType
from tirek.core.languages import current, in_language
from tirek.core.places import covered, region_of
from tirek.territory.classifier import typed_key
from tirek.territory.models import Level, Place, Territory

#: Places that one search names.
MOST_PLACES: Final = 20
#: Letters with which a search begins.
FEWEST_LETTERS: Final = 2
#: Behind every letter in the order of code points.
_LAST: Final = "\U0010ffff"


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


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A town or village, in the reader's language.

    Attributes:
        code: КАТО code.
        name: as the classifier has it.
        district: name of the district in which it lies; "" for a city like a region.
        region: name of the region.
        territory_code: КАТО code of that district, or of the city.
    """

    code: str
    name: str
    district: str
    region: str
    territory_code: str

    @property
    def lies_in(self) -> str:
        """The district and the region, in words."""
        return ", ".join(filter(None, (self.district, self.region)))


def places_beginning(text: str, *, within: str = "") -> list[FoundPlace]:
    """Towns and villages in force whose Kazakh or Russian name begins so, at most 20 (one query): those that are called
    just so, then those whose name in the reader's language begins so, each in the alphabet. Kazakh letters may be typed
    as they are on another keyboard, and “село”, “ауылы” or “с.” left out.

    Args:
        text: what was typed so far; nothing is found for a single letter.
        within: code of a region or district; "" for the whole country.
    """
    key = typed_key(text)
    if len(key) < FEWEST_LETTERS and not key.isdecimal():
        return []
    # a range, not LIKE: the index serves it in a plan that is made once for all words, too
    in_kazakh = Q(search_kk__gte=key, search_kk__lt=key + _LAST)
    in_russian = Q(search_ru__gte=key, search_ru__lt=key + _LAST)
    rows = Place.objects.filter(in_kazakh | in_russian, is_settlement=True, effective_to__isnull=True)
    if within:
        rows = rows.filter(covered(within, "code"))
    own, order = (in_russian, "sort_ru") if current() == "ru" else (in_kazakh, "sort_kk")
    nearness = Case(
        When(Q(search_kk=key) | Q(search_ru=key), then=Value(0)), When(own, then=Value(1)), default=Value(2)
    )
    found = rows.select_related("territory__parent").order_by(nearness, order, "code")
    return [_found(one) for one in found[:MOST_PLACES]]


def _found(one: Place) -> FoundPlace:
    territory = one.territory
    region = territory.parent
    if region is None:
        return FoundPlace(one.code, one.name, district="", region=territory.name, territory_code=territory.pk)
    return FoundPlace(one.code, one.name, territory.name, region.name, territory_code=territory.pk)


def has_places() -> bool:
    """Whether the classifier with towns and villages was loaded."""
    return Place.objects.exists()


def place(code: str) -> Place | None:
    """The unit of the classifier with this code, whether it is in force or has ended; ``None`` where the classifier was
    not loaded or has none.
    """
    return Place.objects.filter(pk=code).select_related("territory__parent", "successor").first()


def district_of(code: str) -> Territory | None:
    """The district in which a unit lies, or is; the city itself for a city like a region, the region for a region.
    ``None`` where nobody knows the code.
    """
    found = place(code)
    if found is not None:
        return found.territory
    # without the classifier: regions and districts by their own codes
    return Territory.objects.filter(pk=code).select_related("parent").first()
