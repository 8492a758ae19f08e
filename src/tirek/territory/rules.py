"""How КАТО codes contain one another (classifier НК РК 11-2025): two digits name the region, four the district."""

from typing import Final

_REGION_TAIL: Final = "0000000"


def prefix_of(territory_code: str) -> str:
    """What the codes of all places within a territory begin with; "" (the whole country) for ""."""
    return territory_code[:2] if territory_code.endswith(_REGION_TAIL) else territory_code[:4]


def region_of(code: str) -> str:
    """Code of the region a place lies in; "" for ""."""
    return f"{code[:2]}{_REGION_TAIL}" if code else ""


def within(code: str, territory_code: str) -> bool:
    """Whether the place ``code`` lies in ``territory_code`` or is it; everything lies in "" (no limit)."""
    return code.startswith(prefix_of(territory_code))
