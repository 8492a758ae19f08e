"""Loads what is asked of suppliers, and the versions of the public offer, from the CSV files beside it."""

from datetime import date
from pathlib import Path
from typing import Final

from tirek.core.reference import Cell, Status, filled, loader, one_of, or_empty, read_rows, table
from tirek.suppliers.models import Activity, PublicOffer, Requirement

FOLDER: Final = Path(__file__).parent / "reference"
_NAMES: Final = ("name_kk", "name_ru", "name_en", "hint_kk", "hint_ru", "hint_en")
_TEXTS: Final = ("text_kk", "text_ru", "text_en", "changes_kk", "changes_ru", "changes_en")
_CITED: Final[dict[str, Cell]] = {"citation": filled, "status": one_of(*Status.values)}


def _activities(cell: str) -> list[str]:
    """Codes of what is supplied, parted by a bar.

    Raises:
        ValueError: one of them is not known.
    """
    return [Activity(one).value for one in cell.split("|")]


table(
    FOLDER / "requirements.csv",
    columns={
        **dict.fromkeys(_NAMES, filled),
        **_CITED,
        "code": filled,
        "point": or_empty(int),
        "asked": one_of(*Requirement.Asked.values),
        "renewed": one_of(*Requirement.Renewed.values),
        "concerns": _activities,
        "of_entities_only": one_of("yes", "no"),
    },
    key=("code",),
)
table(
    FOLDER / "public_offers.csv",
    columns={
        **dict.fromkeys(_TEXTS[:3], filled),
        **dict.fromkeys(_TEXTS[3:], str),
        **_CITED,
        "version": filled,
        "effective_from": date.fromisoformat,
        "accept_by": or_empty(date.fromisoformat),
    },
    key=("version",),
)


def _rows(name: str) -> list[dict[str, str]]:
    return [row for _line, row in read_rows(FOLDER / f"{name}.csv")]


@loader("suppliers requirements")
def load_requirements() -> int:
    """What is asked of suppliers."""
    rows = _rows("requirements")
    for position, row in enumerate(rows):
        Requirement.objects.update_or_create(
            code=row["code"],
            defaults={
                **{name: row[name] for name in (*_NAMES, "asked", "renewed", "citation", "status")},
                "point": int(row["point"]) if row["point"] else None,
                "position": position,
                "concerns": _activities(row["concerns"]),
                "of_entities_only": row["of_entities_only"] == "yes",
            },
        )
    return len(rows)


@loader("suppliers public offers")
def load_public_offers() -> int:
    """Versions of the public offer; one that is there is not edited: people have signed it."""
    rows = _rows("public_offers")
    for row in rows:
        PublicOffer.objects.get_or_create(
            version=row["version"],
            defaults={
                **{name: row[name] for name in (*_TEXTS, "citation", "status")},
                "effective_from": date.fromisoformat(row["effective_from"]),
                "accept_by": date.fromisoformat(row["accept_by"]) if row["accept_by"] else None,
            },
        )
    return len(rows)
