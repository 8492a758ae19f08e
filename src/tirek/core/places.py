"""How КАТО codes contain one another (classifier НК РК 11-2025): two digits name the region, four the district.

The one rule of territory: an actor's territory covers the places within it; no territory covers nothing,
never everything.
"""

from typing import Final

from django.db.models import CharField, Q, Transform

_REGION_TAIL: Final = "0000000"
_REGION: Final = 2
_LENGTH: Final = 9


def prefix_of(territory_code: str) -> str:
    """What the codes of all places within a territory begin with; "" for ""."""
    return territory_code[:2] if territory_code.endswith(_REGION_TAIL) else territory_code[:4]


def region_of(code: str) -> str:
    """Code of the region a place lies in; "" for ""."""
    return f"{code[:2]}{_REGION_TAIL}" if code else ""


def within(code: str, territory_code: str) -> bool:
    """Whether the place ``code`` lies in ``territory_code`` or is it; nothing lies in ""."""
    return territory_code != "" and code.startswith(prefix_of(territory_code))


def codes_within(territory_code: str) -> tuple[str, str]:
    """The first and the last code of places within a territory; "" is the whole country."""
    prefix = prefix_of(territory_code) if territory_code else ""
    return prefix.ljust(_LENGTH, "0"), prefix.ljust(_LENGTH, "9")


def covered(territory_code: str, column: str) -> Q:
    """The condition that a column of КАТО codes lies in a territory, as an index reads it; nothing lies in ""."""
    if not territory_code:
        return Q(pk__in=[])
    return Q(**{f"{column}__range": codes_within(territory_code)})


@CharField.register_lookup
class RegionOf(Transform):
    """``territory_code__region="75"``: the digits of the region, as the index of ``core.tables.list_indexes`` has them.

    Within a region an index by the whole code is in the order of districts; by these digits it is in the order of days.
    """

    lookup_name = "region"
    function = "LEFT"
    template = "%(function)s(%(expressions)s, 2)"


def in_order(territory_code: str, column: str) -> Q:
    """``covered`` once more, for a column of districts, in the words of an index that stands in the order of days
    within one office: the district itself, or the digits of the region.
    """
    prefix = prefix_of(territory_code)
    return Q(**{f"{column}__region": prefix}) if len(prefix) == _REGION else Q(**{column: territory_code})
