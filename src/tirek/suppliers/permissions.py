"""Who applies to join the register, and who keeps it."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from tirek.core import clock
from tirek.core.actors import CLOCK, Actor, Desk
from tirek.core.case.parties import is_office
from tirek.core.case.workflow import Party
from tirek.core.errors import DomainError, NotAllowed
from tirek.core.places import region_of
from tirek.organisations.queries import members_of
from tirek.people.queries import is_close_to, is_minor
from tirek.people.signing import NotOfAge
from tirek.suppliers.models import Supplier


def is_region_of(actor: Actor, place: str) -> bool:
    """An officer of the region in which a place lies: where the commission is."""
    return actor.desk is Desk.OFFICER and actor.covers(place) and actor.territory == region_of(actor.territory)


def _is_applicant(actor: Actor, case: Any) -> bool:  # noqa: ANN401 - an application
    is_own = actor.desk is Desk.RECIPIENT and actor.on_behalf_of is None
    return is_own and actor.person_id == case.applicant_id


def _is_applicant_of_age(actor: Actor, case: Any) -> bool:  # noqa: ANN401 - an application
    return _is_applicant(actor, case) and not is_minor(case.applicant, clock.today())


def _refused(actor: Actor, case: Any) -> DomainError | None:  # noqa: ANN401 - an application
    return NotOfAge() if _is_applicant(actor, case) else None


applicant: Final[Party[Any]] = Party(
    label=_("applicant"), desks=frozenset({Desk.RECIPIENT}), allows=_is_applicant_of_age, refuses=_refused
)


def _only_region() -> NotAllowed:
    return NotAllowed(
        _("Only the regional department decides about suppliers: the commission is there."),
        next_step=_("You can read along. Write to the regional department if something is wrong."),
    )


def _own() -> NotAllowed:
    return NotAllowed(
        _("You do not decide about this organisation: you or somebody close to you applied for it, or you work there."),
        next_step=_("Ask a colleague of the regional department to decide."),
        code="own_organisation",
    )


def _works_for(actor: Actor, number: str) -> bool:
    return actor.user_id is not None and members_of(number).filter(user=actor.user_id).exists()


def _is_own(actor: Actor, case: Any) -> bool:  # noqa: ANN401 - an application
    return is_close_to(actor, case.applicant_id) or _works_for(actor, case.bin)


def may_examine(actor: Actor, case: Any) -> bool:  # noqa: ANN401 - an application
    """An officer of the region who is not the applicant or close to that person, and does not work there."""
    return is_region_of(actor, case.territory_code) and not _is_own(actor, case)


def why_not_examined(actor: Actor, case: Any) -> DomainError | None:  # noqa: ANN401 - an application
    """What is said to an officer who does not decide about an application; ``None``: nothing."""
    if is_region_of(actor, case.territory_code):
        return _own() if _is_own(actor, case) else None
    return _only_region() if is_office(actor, case) else None


office_of_region: Final[Party[Any]] = Party(
    label=_("officer of the regional department"),
    desks=frozenset({Desk.OFFICER}),
    allows=may_examine,
    refuses=why_not_examined,
)


def why_not_kept(actor: Actor, supplier: Supplier) -> NotAllowed | None:
    """Why the actor neither suspends nor removes a supplier: that is for its region, an administrator and the service
    itself, and for nobody who works there; ``None``: the actor may.
    """
    if actor == CLOCK:
        return None
    if actor.desk is not Desk.ADMIN and not is_region_of(actor, supplier.region_code):
        return _only_region()
    return _own() if _works_for(actor, supplier.organisation.bin) else None


def why_not_checked(actor: Actor, supplier: Supplier) -> NotAllowed | None:
    """Why the actor does not look at the documents of a supplier: only an officer of its region who does not work there
    does; ``None``: the actor may.
    """
    return why_not_kept(actor, supplier) if is_region_of(actor, supplier.region_code) else _only_region()
