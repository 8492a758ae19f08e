"""Reads a recipe of statements and fills in one person's keys."""

import base64
import json
import os
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from uuid import UUID, uuid4

from psycopg.types.json import Json


@lru_cache(maxsize=1)
def statements() -> list[tuple[str, list[dict[str, object]]]]:
    """The statements of the recipe named by ``BENCH_RECIPE``."""
    told = json.loads(Path(os.environ["BENCH_RECIPE"]).read_text(encoding="utf-8"))
    return [(one["sql"], one["params"]) for one in told["statements"]]


def value(told: Mapping[str, object], person: Mapping[str, str], fresh: dict[str, UUID], number: str) -> object:
    """One parameter for one person."""
    if "name" in told:
        text = person[str(told["name"])]
        return text if told.get("text") or told["name"] == "session" else UUID(text)
    if "fresh" in told:
        return fresh.setdefault(str(told["fresh"]), uuid4())
    if "constant_key" in told:
        return UUID(str(told["constant_key"]))
    if "number" in told:
        return number
    readers = {
        "json": lambda one: Json(json.loads(one)),
        "moment": datetime.fromisoformat,
        "day": date.fromisoformat,
        "decimal": Decimal,
        "bytes": base64.b64decode,
    }
    for name, read in readers.items():
        if name in told:
            return read(str(told[name]))
    if "list" in told:
        rows = told["list"]
        assert isinstance(rows, list)
        return [value(one, person, fresh, number) for one in rows]
    return told["constant"]
