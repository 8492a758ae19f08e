"""The published figures as open data: CSV and JSON with a schema, the same rows in both."""

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from django.utils.translation import override

from tirek.catalogue.finding import all_kinds
from tirek.insight import rules
from tirek.insight.models import Count, WaitingTime
from tirek.insight.waiting import groups
from tirek.territory.queries import names_in_all
from tirek.ui.lists.exports import write_lines

#: Version of the fields: a field that changes its meaning or goes is another version.
VERSION: Final = "1.1"
#: Each field: type in JSON, whether it may be empty, what it is.
FIELDS: Final[Mapping[str, tuple[str, bool, str]]] = {
    "kind": (
        "string",
        False,
        (
            "Code of the kind of goods or service; its first two letters alone for all kinds of its group (TI for "
            "sight, SU for hearing, SM for movement …); empty for all kinds together."
        ),
    ),
    "kind_kk": ("string", False, "Its name in Kazakh."),
    "kind_ru": ("string", False, "Its name in Russian."),
    "kind_en": ("string", False, "Its name in English."),
    "kind_iso_9999": (
        "string",
        False,
        "Its code of ISO 9999, with the edition; empty where none is known for certain.",
    ),
    "region": ("string", False, "KATO code of the region where people live; empty for the republic."),
    "region_kk": ("string", False, "Its name in Kazakh."),
    "region_ru": ("string", False, "Its name in Russian."),
    "region_en": ("string", False, "Its name in English."),
    "measure": (
        "string",
        False,
        (
            "received: from the day on which it could be ordered, or since which the local body has to buy it, to the "
            "first receipt; ordered: from that day to the first order or contract; delivered: from that to the first "
            "receipt; in_…: days spent in one state, where in_to_order is before an order and between two, "
            "in_bought_… are states of a purchase by the local body, and the others are states of an order."
        ),
    ),
    "people": ("integer", True, "People whose wait began in the period. Rounded; empty for a few."),
    "reached": ("integer", True, "Of them, those for whom it has ended. Rounded; empty for a few."),
    "waiting": ("integer", True, "Who waits on the day of the count, whenever it began. Rounded; empty for a few."),
    "median_days": (
        "integer",
        True,
        (
            "Days within which it ends for half of the people (Kaplan-Meier: those who still wait are counted). Empty "
            "for a few, and where fewer than half have come so far."
        ),
    ),
    "p90_days": ("integer", True, "The same for nine of ten people."),
    "waiting_median_days": ("integer", True, "Half of those who wait have waited so many days or fewer."),
    "waiting_longest_days": (
        "integer",
        True,
        "Days of the longest of the waits that last: at least five have lasted so long.",
    ),
    **{
        f"within_{days}_days": ("integer", True, f"Per cent of the people for whom it ends within {days} days.")
        for days in rules.MARKS
    },
    "steps_median": ("integer", True, "Acts of the person from the beginning to the receipt; for received alone."),
    "visits_median": ("integer", True, "Days with a visit of an office meanwhile; for received alone."),
}


def schema() -> dict[str, object]:
    """The JSON Schema of the whole, as everybody may read it."""
    fields = {
        name: {"type": [kind, "null"] if empty else [kind], "description": words}
        for name, (kind, empty, words) in FIELDS.items()
    }
    row = {"type": "object", "properties": fields, "required": list(FIELDS), "additionalProperties": False}
    day = {"type": "string", "format": "date"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "How long people wait for aids and services",
        "type": "object",
        "properties": {
            "version": {"const": VERSION},
            "since": day | {"description": "First day of the period in which the waits of people began."},
            "day": day | {"description": "Last day of the period, as of which those who wait are counted."},
            "fewest": {
                "type": "integer",
                "description": "Nothing is told of fewer people than this; numbers of people are rounded to it.",
            },
            "rows": {"type": "array", "items": row},
        },
        "required": ["version", "since", "day", "fewest", "rows"],
        "additionalProperties": False,
    }


def _groups() -> dict[str, tuple[str, str, str, str]]:
    """Groups of kinds, by what their codes begin with, in Kazakh, Russian and English; no code of ISO 9999."""
    named = []
    for language in ("kk", "ru", "en"):
        with override(language):
            named.append(groups())
    return {code: (named[0][code], named[1][code], named[2][code], "") for code in named[0]}


def rows(figures: Iterable[WaitingTime]) -> Iterator[dict[str, str | int | None]]:
    """Published figures by the names of their fields."""
    kinds = {one.code: (one.name_kk, one.name_ru, one.name_en, one.iso) for one in all_kinds()} | _groups()
    listed = list(figures)
    regions = names_in_all({one.region_code for one in listed})
    none = ("", "", "")
    nameless = ("", "", "", "")
    for one in listed:
        within = one.within or [None] * len(rules.MARKS)
        values = (
            one.kind_code,
            *kinds.get(one.kind_code, nameless),
            one.region_code,
            *regions.get(one.region_code, none),
            one.measure,
            one.people,
            one.reached,
            one.waiting,
            one.median,
            one.ninety,
            one.waiting_median,
            one.waiting_longest,
            *within,
            one.steps,
            one.visits,
        )
        yield dict(zip(FIELDS, values, strict=True))


def as_csv(figures: Iterable[WaitingTime]) -> Iterator[str]:
    """Comma-separated lines by RFC 4180, the names of the fields first."""
    text = io.StringIO()
    write_lines(text, [list(FIELDS)], delimiter=",")
    for row in rows(figures):
        write_lines(text, [list(row.values())], delimiter=",")
        if text.tell() > _PIECE:
            yield text.getvalue()
            text.seek(0)
            text.truncate()
    yield text.getvalue()


def as_json(count: Count, figures: Iterable[WaitingTime]) -> Iterator[str]:
    """One object by ``schema``, piece by piece."""
    head = {
        "version": VERSION,
        "since": count.since.isoformat(),
        "day": count.day.isoformat(),
        "fewest": count.fewest,
    }
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "rows": ['
    piece, is_first = "", True
    for row in rows(figures):
        piece += ("" if is_first else ",") + "\n" + json.dumps(row, ensure_ascii=False)
        is_first = False
        if len(piece) > _PIECE:
            yield piece
            piece = ""
    yield piece + "\n]}\n"


#: Characters that are sent at once.
_PIECE: Final = 32_000
