"""Parties that know more of a person: who sends and signs is of age; no officer decides about somebody close."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.case.parties import is_office, is_person
from tirek.core.case.workflow import Party
from tirek.core.errors import DomainError
from tirek.people.queries import is_close_to, is_minor
from tirek.people.signing import NotOfAge


def _alone_and_minor(actor: Actor, case: Any) -> bool:  # noqa: ANN401 - a case about a person
    return actor.on_behalf_of is None and is_minor(case.person, clock.today())


def is_person_of_age(actor: Actor, case: Any) -> bool:  # noqa: ANN401 - a case about a person
    """The person of the case who is of age, or who represents that person."""
    return is_person(actor, case) and not _alone_and_minor(actor, case)


def _not_of_age(actor: Actor, case: Any) -> DomainError | None:  # noqa: ANN401 - a case about a person
    return NotOfAge() if is_person(actor, case) and _alone_and_minor(actor, case) else None


#: Who sends and signs: a minor never alone.
recipient_of_age: Final[Party[Any]] = Party(
    label=_("recipient"), desks=frozenset({Desk.RECIPIENT}), allows=is_person_of_age, refuses=_not_of_age
)


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
