"""Who does what with offers and their admission."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Actor, Desk
from tirek.core.case.parties import is_office
from tirek.core.case.workflow import Party
from tirek.core.errors import DomainError, NotAllowed
from tirek.core.places import region_of


def is_region_of(actor: Actor, place: str) -> bool:
    """An officer of the region in which a place lies: where the commission is."""
    return actor.desk is Desk.OFFICER and actor.covers(place) and actor.territory == region_of(actor.territory)


def is_of_region(actor: Actor, case: Any) -> bool:  # noqa: ANN401 - a case of a place
    """An officer of the region of the case."""
    return is_region_of(actor, case.territory_code)


def _of_district(actor: Actor, case: Any) -> DomainError | None:  # noqa: ANN401 - as above
    if not is_office(actor, case):
        return None
    return NotAllowed(
        _("Only the regional department decides about offers: the commission is there."),
        next_step=_("You can read along. Write to the regional department if something is wrong."),
    )


office_of_region: Final[Party[Any]] = Party(
    label=_("officer of the regional department"),
    desks=frozenset({Desk.OFFICER}),
    allows=is_of_region,
    refuses=_of_district,
)
