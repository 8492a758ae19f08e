"""Finding cases at a desk by what somebody types: an app says in its room ``panels`` how its numbers are read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tirek.core.actors import Actor, Desk
from tirek.core.case.registry import CaseType
from tirek.core.errors import Text
from tirek.core.numbers import Series

#: The first year in which numbers were given.
SINCE = 2026


@dataclass(frozen=True, slots=True)
class FoundCase:
    """A case whose number may be meant."""

    title: Text
    url: str


@dataclass(frozen=True, slots=True)
class _Numbered:
    case: CaseType[Any]
    series: Series
    noun: Callable[[Any], Text]


_numbered: dict[Desk, list[_Numbered]] = {}


def find_by_number(at: Desk, case: CaseType[Any], series: Series, noun: Callable[[Any], Text]) -> None:
    """Let a desk find cases of a type by their number in any spelling; ``noun`` names one: "Order ТС-2026-0000042"."""
    _numbered.setdefault(at, []).append(_Numbered(case, series, noun))


def cases_found(actor: Actor, text: str) -> list[FoundCase]:
    """The visible cases of the actor's desk whose number somebody may mean (one query for each type whose numbers can
    be written so).
    """
    found = []
    for one in _numbered.get(actor.desk, ()):
        numbers = one.series.read(text, since=SINCE)
        rows = one.case.visible_to(actor).filter(number__in=numbers).order_by("-number") if numbers else ()
        found += [FoundCase(one.noun(case), one.case.url(case, actor.desk)) for case in rows]
    return found
