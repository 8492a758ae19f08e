"""What a proposed version would change in the scenarios of experts, for the page that checks it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from tirek.core.reference import DatedRow
from tirek.entitlements.actions.scenarios import changed_by
from tirek.entitlements.scenarios import Scenario, shipped
from tirek.site.admin_queries import kind_names

#: Values that the scenarios of entitlements read; the others change none of them.
_READ: Final = frozenset(
    {
        "entitlement.order_within",
        "entitlement.remind_first",
        "entitlement.remind_second",
        "entitlement.remind_third",
        "entitlement.order_again",
    }
)
#: Beginning of the names of the articles on which an answer rests; scenarios name them.
_ARTICLES: Final = "entitlement.basis."


@dataclass(frozen=True, slots=True)
class ChangedScenario:
    """A scenario that would come out otherwise, in the reader's language.

    Attributes:
        kind: the kind it is about.
        on: the day it asks about.
        place: file and line of it.
        before: what the person reads now, where it differs.
        after: what the person would read.
    """

    kind: str
    on: date
    place: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def plays(key: str) -> bool:
    """Whether a new version of a reference value is tried on the scenarios before it is approved."""
    return key in _READ or key.startswith(_ARTICLES)


def _told(row: DatedRow, known: list[Scenario]) -> Mapping[str, object]:
    names = kind_names()
    changed = [
        ChangedScenario(
            names.get(one.kind, one.kind),
            one.scenario.on,
            f"{one.scenario.file}:{one.scenario.line}",
            one.before,
            one.after,
        )
        for one in changed_by(row, known)
    ]
    return {"scenarios": changed, "scenarios_played": len(known)}


def changed_by_value(key: str, row: DatedRow) -> Mapping[str, object]:
    """What a new version of a reference value would change, for a page; nothing where no scenario reads it."""
    return _told(row, list(shipped())) if plays(key) else {"scenarios": None}


def changed_by_kind(kind_code: str, row: DatedRow) -> Mapping[str, object]:
    """What new terms or a new amount of a kind would change in the scenarios of that kind, for a page."""
    known = [one for one in shipped() if kind_code in one.kinds]
    return _told(row, known) if known else {"scenarios": None}
