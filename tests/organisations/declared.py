"""What the guards know of organisations: who works at each desk."""

from tests import factories as make
from tests.kit.declared import Declared
from tests.kit.world import World

from tirek.core.actors import Actor, Desk


def _grow(world: World) -> None:
    """One more member of staff."""
    make.member(make.organisation("local_body_district", make.district(f"1018{world.steps}0000")), "officer")


def _analyst(world: World) -> Actor:
    found: Actor = world.analyst
    return found


DECLARED = Declared(
    roles={
        Desk.OFFICER: lambda world: world.officer,
        Desk.ADMIN: lambda world: world.admin,
        Desk.ANALYST: _analyst,
    },
    strangers={
        Desk.OFFICER: lambda _world: make.officer(make.district("751110000")),
        # no case is theirs: they are strangers to every one
        Desk.ADMIN: lambda world: world.admin,
        Desk.ANALYST: _analyst,
    },
    makes={"analyst": lambda _world: make.staff("centre", "analyst")},
    grow=_grow,
    small=frozenset(
        {"organisations_membership", "organisations_membershipevent", "organisations_organisation"},
    ),
)
