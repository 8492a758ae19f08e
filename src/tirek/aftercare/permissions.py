"""Who answers for goods and who decides about faults and harm: nobody about somebody close."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from tirek.catalogue.permissions import is_of_region, office_of_region
from tirek.core.actors import Actor, Desk
from tirek.core.case.parties import supplier
from tirek.core.case.workflow import Party
from tirek.core.errors import DomainError, NotAllowed
from tirek.people.parties import is_unrelated_office
from tirek.people.queries import is_close_to


def is_unrelated_region(actor: Actor, case: Any) -> bool:  # noqa: ANN401 - a case about a person
    """An officer of the region who is neither the person nor ever represented, or was represented by, the person."""
    return is_of_region(actor, case) and not is_close_to(actor, case.person_id)


def _close_or_of_district(actor: Actor, case: Any) -> DomainError | None:  # noqa: ANN401 - as above
    if not is_of_region(actor, case):
        return office_of_region.refuses(actor, case)
    return NotAllowed(
        _("You do not decide here: it is about you or about somebody close to you."),
        next_step=_("Ask a colleague of the regional department."),
    )


unrelated_region: Final[Party[Any]] = Party(
    label=_("officer of the regional department who is not close to the person"),
    desks=frozenset({Desk.OFFICER}),
    allows=is_unrelated_region,
    refuses=_close_or_of_district,
)


def is_for_the_body(actor: Actor, case: Any) -> bool:  # noqa: ANN401 - a case about a person
    """An officer who records what the supplier does that has no desk here: the local body bought the goods."""
    return case.organisation_id is None and is_unrelated_office(actor, case)


_body: Final[Party[Any]] = Party(
    label=_("officer of the local body that bought it, who is not close to the person"),
    desks=frozenset({Desk.OFFICER}),
    allows=is_for_the_body,
)
#: Who answers for goods: their supplier; where it has no desk here, the local body that bought them.
answers_for: Final = supplier | _body
