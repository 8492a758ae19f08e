"""Finding cases at a desk by what somebody types: an app says in its room ``panels`` whose numbers are read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tirek.core.actors import Actor, Desk
from tirek.core.errors import Text
from tirek.ui.lists import CaseList


@dataclass(frozen=True, slots=True)
class FoundCase:
    """A case whose number may be meant."""

    title: Text
    url: str


_numbered: dict[Desk, list[tuple[CaseList, Callable[[Any], Text]]]] = {}


def find_by_number(at: Desk, cases: CaseList, noun: Callable[[Any], Text]) -> None:
    """Let a desk find the cases of a list by their number in any spelling; ``noun`` names one: "Order ТС-2026-0000042".

    Raises:
        ValueError: the list has no series of numbers.
    """
    if cases.series is None:
        raise ValueError(f"The list of {cases.case.code} has no series of numbers.")
    _numbered.setdefault(at, []).append((cases, noun))


def cases_found(actor: Actor, text: str) -> list[FoundCase]:
    """The visible cases of the actor's desk whose number somebody may mean (one query for each list whose numbers can
    be written so).
    """
    found = []
    for one, noun in _numbered.get(actor.desk, ()):
        numbers = one.series.read(text, since=one.since) if one.series else []
        rows = one.case.visible_to(actor).filter(number__in=numbers).order_by("-number") if numbers else ()
        found += [FoundCase(noun(case), one.case.url(case, actor.desk)) for case in rows]
    return found
