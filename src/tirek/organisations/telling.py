"""Who of an organisation is told: its staff in force now, never somebody whose membership has ended."""

from datetime import date
from typing import Final
from uuid import UUID

from tirek.accounts.models import User
from tirek.core.places import region_of
from tirek.core.tables import Row
from tirek.notices.actions import notify, reach_by_email
from tirek.organisations.models import Membership, Organisation
from tirek.organisations.queries import local_body_of, staff_of

#: Who answers for a district at its local executive body.
OFFICERS: Final = frozenset({Membership.Role.OFFICER.value, Membership.Role.HEAD_OFFICER.value})
#: Who acts for a supplier.
SUPPLIERS: Final = frozenset({Membership.Role.SUPPLIER_MANAGER.value})


def tell_staff(
    organisation_id: UUID, template: str, *, roles: frozenset[str], case: Row, **context: str | int | date
) -> None:
    """Put a notice into the inbox of everybody who works in an organisation in one of ``roles`` now; it leaves by
    e-mail, too.
    """
    _tell(staff_of(organisation_id, roles=roles), template, case, context)


def tell_colleagues(
    organisation_id: UUID, template: str, *, roles: frozenset[str], but: UUID | None, **context: str | int | date
) -> None:
    """Tell the staff of an organisation of what one of them, or somebody else, has changed for it; ``but`` is who."""
    _tell([one for one in staff_of(organisation_id, roles=roles) if one != but], template, None, context)


def _tell(staff: list[UUID], template: str, case: Row | None, context: dict[str, str | int | date]) -> None:
    for user in User.objects.filter(pk__in=staff).exclude(email="").only("email", "language"):
        reach_by_email(user_id=user.pk, address=user.email, language=user.language)
    notify(user_ids=staff, template=template, context=context, case=case)


def tell_office(territory_code: str, template: str, *, case: Row, **context: str | int | date) -> None:
    """Tell the officers of the body that answers for a district; nobody where none answers for it."""
    _tell_body(local_body_of(territory_code), template, case, context)


def tell_region(territory_code: str, template: str, *, case: Row, **context: str | int | date) -> None:
    """Tell the officers of the region in which a district lies; nobody where none answers for it."""
    _tell_body(local_body_of(region_of(territory_code)), template, case, context)


def _tell_body(body: Organisation | None, template: str, case: Row, context: dict[str, str | int | date]) -> None:
    if body is not None:
        tell_staff(body.pk, template, roles=OFFICERS, case=case, **context)
