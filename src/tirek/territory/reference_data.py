"""Loads the regions and districts that the product ships.

The list is made of facts of the classifier КАТО (НК РК 11-2025). A later file adds territories and ends old ones; a
code never changes its meaning.
"""

from datetime import date
from pathlib import Path
from typing import Final

from tirek.core import reference
from tirek.core.sorting import sort_key
from tirek.territory.models import Level, Succession, Territory

_FOLDER: Final = Path(__file__).parent / "reference"


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _territory(row: dict[str, str]) -> Territory:
    return Territory(
        code=row["code"],
        level=row["level"],
        parent_id=row["parent"] or None,
        name_kk=row["name_kk"],
        name_ru=row["name_ru"],
        name_en=row["name_en"],
        effective_from=_day(row["effective_from"]),
        effective_to=_day(row["effective_to"]),
        citation=row["citation"],
        sort_kk=sort_key(row["name_kk"]),
        sort_ru=sort_key(row["name_ru"]),
        sort_en=sort_key(row["name_en"]),
    )


_TERRITORIES: Final = _FOLDER / "territories.csv"
reference.table(
    _TERRITORIES,
    columns={
        "code": reference.filled,
        "level": reference.one_of(*Level.values),
        "parent": str,
        "name_kk": reference.filled,
        "name_ru": reference.filled,
        "name_en": reference.filled,
        "effective_from": reference.or_empty(date.fromisoformat),
        "effective_to": reference.or_empty(date.fromisoformat),
        "citation": reference.filled,
    },
    key=("code",),
    points_at={"parent": (_TERRITORIES, "code")},
)
reference.table(
    _FOLDER / "successions.csv",
    columns={
        "predecessor": reference.filled,
        "successor": reference.filled,
        "on": date.fromisoformat,
        "citation": reference.filled,
    },
    key=("predecessor", "successor"),
    points_at={"predecessor": (_TERRITORIES, "code"), "successor": (_TERRITORIES, "code")},
)


@reference.loader("territories")
def load() -> int:
    """Write the shipped territories and successions; returns the number of territories."""
    rows = [_territory(row) for _line, row in reference.read_rows(_FOLDER / "territories.csv")]
    fields = Territory._meta.concrete_fields
    columns = [field.name for field in fields if not field.primary_key]
    Territory.objects.bulk_create(rows, update_conflicts=True, unique_fields=["code"], update_fields=columns)
    Succession.objects.bulk_create(
        [
            Succession(
                predecessor_id=row["predecessor"],
                successor_id=row["successor"],
                on=date.fromisoformat(row["on"]),
                citation=row["citation"],
            )
            for _line, row in reference.read_rows(_FOLDER / "successions.csv")
        ],
        ignore_conflicts=True,
    )
    return len(rows)
