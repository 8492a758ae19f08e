"""Officers who decide about somebody: never about themselves, or about somebody close to them."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Actor, Desk
from tirek.core.case.parties import is_office
from tirek.core.case.workflow import Party
from tirek.people.queries import is_close_to


def is_unrelated_office(actor: Actor, case: Any) -> bool:  # noqa: ANN401 - a case about a person
    """An officer of the territory who is neither the person nor ever represented, or was represented by, the person."""
    return is_office(actor, case) and not is_close_to(actor, case.person_id)


unrelated_office: Final[Party[Any]] = Party(
    label=_("officer of the territory who is not close to the person"),
    desks=frozenset({Desk.OFFICER}),
    allows=is_unrelated_office,
)


def second_officer(first: str) -> Party[Any]:
    """An unrelated officer of the territory who is not the first: ``first`` is the column with the first one's
    account.
    """

    def is_second(actor: Actor, case: Any) -> bool:  # noqa: ANN401 - a case about a person
        return actor.user_id not in {None, getattr(case, first)} and is_unrelated_office(actor, case)

    return Party(
        label=_("another officer of the territory who is not close to the person"),
        desks=frozenset({Desk.OFFICER}),
        allows=is_second,
    )
