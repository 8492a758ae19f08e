"""The process of a programme."""

from typing import Final

from tirek.core.workflow import NEW, Workflow, arrow, clock_only, until
from tirek.entitlements.models import Programme
from tirek.entitlements.permissions import office

S = Programme.State

PROGRAMME: Final[Workflow[Programme]] = Workflow(
    name="programme",
    title="Individual programme",
    states=S,
    end=frozenset({S.EXPIRED, S.REPLACED, S.CANCELLED}),
    transitions=(
        arrow("register", NEW, S.ACTIVE, by=office | clock_only(), why="The clock stands for the import from the expertise's system."),
        arrow("replace", S.ACTIVE, S.REPLACED, by=office | clock_only(), within=until("valid_until"), otherwise="expire", requires="by"),
        arrow("expire", S.ACTIVE, S.EXPIRED, by=clock_only()),
        arrow("cancel", S.ACTIVE, S.CANCELLED, by=office, requires="basis", why="Re-examination or the person's refusal (art. 157)."),
    ),
)
