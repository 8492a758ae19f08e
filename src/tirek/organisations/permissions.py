"""What a role may do, and which desk it sits at."""

from collections.abc import Mapping
from typing import Final

from tirek.core.actors import CLOCK, Actor, Desk
from tirek.organisations.models import Membership, Organisation
from tirek.ui import navigation

Role = Membership.Role

DESKS: Final[Mapping[str, Desk]] = {
    Role.OFFICER: Desk.OFFICER,
    Role.HEAD_OFFICER: Desk.OFFICER,
    Role.FINANCE: Desk.OFFICER,
    Role.SUPPLIER_MANAGER: Desk.SUPPLIER,
    Role.ADMIN: Desk.ADMIN,
    Role.ANALYST: Desk.ANALYST,
    Role.OPERATOR: Desk.OPERATOR,
    Role.INSPECTOR: Desk.INSPECTOR,
}

#: Which roles an organisation of each kind has.
ROLES: Final[Mapping[str, frozenset[str]]] = {
    Organisation.Kind.LOCAL_BODY_REGION: frozenset({Role.OFFICER, Role.HEAD_OFFICER, Role.FINANCE, Role.ANALYST}),
    Organisation.Kind.LOCAL_BODY_DISTRICT: frozenset({Role.OFFICER, Role.HEAD_OFFICER, Role.FINANCE, Role.ANALYST}),
    Organisation.Kind.SUPPLIER: frozenset({Role.SUPPLIER_MANAGER}),
    Organisation.Kind.MINISTRY: frozenset({Role.ANALYST, Role.INSPECTOR, Role.ADMIN}),
    Organisation.Kind.CENTRE: frozenset({Role.ADMIN, Role.ANALYST, Role.OPERATOR}),
}


def has_pages(role: str) -> bool:
    """Whether the desk of a role has a menu; a role without one leads nowhere."""
    return bool(navigation.items_for(DESKS[role]))


def roles_given(kind: str) -> list[Membership.Role]:
    """Roles that can be given in an organisation of a kind, as the table of roles has them."""
    return [role for role in Membership.Role if role in ROLES[kind] and has_pages(role)]


def is_admin(actor: Actor) -> bool:
    """The actor may change who works where: an administrator, or the system (import, demo data)."""
    return actor == CLOCK or actor.desk is Desk.ADMIN
