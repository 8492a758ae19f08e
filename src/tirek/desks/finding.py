"""What an officer means by what is typed into the one search of the desk: a person, or a case."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Actor
from tirek.core.errors import NotFound, RuleBroken
from tirek.core.identifiers import LENGTH, Iin
from tirek.core.personal import viewlog
from tirek.core.typed import without_separators
from tirek.people import finding
from tirek.people.finding import Found
from tirek.people.queries import find_by_iin
from tirek.ui.finding import FoundCase, cases_found

#: Signs of a telephone number, beside digits.
_OF_PHONE: Final = frozenset("+()")


class NobodyFound(NotFound):
    """Nothing in the officer's territory is meant by this."""

    def __init__(self) -> None:
        super().__init__(
            _("Nobody and nothing of your territory is found by this."),
            next_step=_(
                "Check the spelling, or type less of the name. Somebody who is here is found by the IIN of the "
                "identity card."
            ),
        )


@dataclass(frozen=True, slots=True)
class Findings:
    """What may be meant."""

    people: Sequence[Found] = ()
    cases: Sequence[FoundCase] = ()


def person_with_iin(actor: Actor, text: str) -> UUID | None:
    """The person whose IIN was typed, who is at the counter with the identity card; ``None`` when it is no IIN.

    Raises:
        InvalidIdentifier: twelve digits that are no IIN.
        PersonNotFound: there is no such person in the officer's territory.
        TooMany: the account has searched too often.
    """
    digits = without_separators(text)
    if len(digits) != LENGTH or not (digits.isascii() and digits.isdecimal()):
        return None
    iin = Iin.parse(digits)
    finding.count(actor)
    return find_by_iin(actor, iin, basis=viewlog.View.Basis.PRESENT).pk


def find(actor: Actor, text: str, *, read_phone: Callable[[str], str]) -> Findings:
    """People by name or phone and cases by number, in any spelling; who is shown has a record of it. ``read_phone``
    brings a telephone number into its form on file, or raises ``RuleBroken``.

    Raises:
        NobodyFound: nothing is found.
        TooFewLetters, TooManyFound: more of the name is needed.
    """
    cases, people = cases_found(actor, text), []
    plain = without_separators(text)
    if not any(one.isalpha() for one in plain):
        phone = _phone(text, read_phone) if set(plain) - set("0123456789") <= _OF_PHONE else ""
        people = finding.by_phone(actor, phone) if phone else []
    elif not cases:
        people = finding.by_name(actor, text)
    if not people and not cases:
        raise NobodyFound
    return Findings(people, cases)


def _phone(text: str, read: Callable[[str], str]) -> str:
    try:
        return read(text)
    except RuleBroken:
        return ""
