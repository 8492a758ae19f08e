"""The floors of the product, as the import law in ``pyproject.toml`` names them: the only list of floors."""

import tomllib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "tirek"


@cache
def floors() -> tuple[frozenset[str], ...]:
    """What stands on each floor, the highest first."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (law,) = project["tool"]["importlinter"]["contracts"]
    return tuple(frozenset(layer.split(" | ")) for layer in law["layers"])


def floor(app: str) -> int:
    """How many floors stand above an app's own.

    Raises:
        KeyError: the law does not name it.
    """
    found = next((n for n, names in enumerate(floors()) if app in names), None)
    if found is None:
        raise KeyError(app)
    return found


def may_know(app: str, other: str) -> bool:
    """Whether an app may name what belongs to another: itself, or one of a lower floor."""
    return app == other or floor(app) < floor(other)
