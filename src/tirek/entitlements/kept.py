"""Scenarios that are kept beside those that are shipped: cases from life, and files of experts."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import F, QuerySet

from tirek.core.actors import Actor, Desk
from tirek.core.errors import NotAllowed, NotFound
from tirek.entitlements.models import KeptScenario
from tirek.entitlements.scenarios import BrokenScenario, Scenario, read

_READERS: Final = frozenset({Desk.ADMIN, Desk.ANALYST})


@dataclass(frozen=True, slots=True)
class Kept:
    """A scenario that is kept.

    Attributes:
        row: where it is kept.
        scenario: as it is read today; ``None`` where this version of Tirek cannot read it any more.
        broken: why not; "" when it can.
    """

    row: KeptScenario
    scenario: Scenario | None
    broken: str


def opened(row: KeptScenario) -> Kept:
    """A kept scenario as it is read today."""
    try:
        [scenario] = read(file_name(row), row.text)
    except BrokenScenario as error:
        return Kept(row, None, str(error))
    return Kept(row, scenario, "")


def file_name(row: KeptScenario) -> str:
    """What a kept scenario is called as a file."""
    return f"kept-{row.pk}.yml"


def standing() -> Iterator[Kept]:
    """Those that are played, oldest first."""
    for row in KeptScenario.objects.filter(set_aside_at__isnull=True).order_by("pk"):
        yield opened(row)


def kept_scenarios(actor: Actor) -> QuerySet[KeptScenario]:
    """Every scenario that was kept, those that are played first, newest first.

    Raises:
        NotAllowed: the actor is neither administrator nor analyst.
    """
    if actor.desk not in _READERS:
        raise NotAllowed
    return KeptScenario.objects.order_by(F("set_aside_at").desc(nulls_first=True), "-pk")


def kept_scenario(actor: Actor, key: UUID) -> KeptScenario:
    """One of them.

    Raises:
        NotAllowed: the actor is neither administrator nor analyst.
        NotFound: there is none.
    """
    row = kept_scenarios(actor).filter(pk=key).first()
    if row is None:
        raise NotFound
    return row
