"""Who does what with lots and purchases."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from tirek.catalogue.permissions import is_of_region
from tirek.core.actors import Actor, Desk
from tirek.core.case.workflow import Party
from tirek.core.errors import DomainError, NotAllowed
from tirek.core.places import region_of


def _of_district(actor: Actor, case: Any) -> DomainError | None:  # noqa: ANN401 - a case of a place
    if actor.desk is not Desk.OFFICER or region_of(actor.territory) != region_of(case.territory_code):
        return None
    return NotAllowed(
        _("Only the regional department makes lots and contracts."),
        next_step=_("You can follow each purchase of your district, and write to the regional department."),
    )


buyer: Final[Party[Any]] = Party(
    label=_("officer of the regional department"),
    desks=frozenset({Desk.OFFICER}),
    allows=is_of_region,
    refuses=_of_district,
)
