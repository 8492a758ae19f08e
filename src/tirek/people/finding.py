"""Finding people of an officer's territory by name and by phone; whoever is shown has a record of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.db.models.lookups import StartsWith
from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Actor, Desk
from tirek.core.database import ratelimit
from tirek.core.errors import RuleBroken
from tirek.core.folding import folded
from tirek.core.personal import viewlog
from tirek.core.places import covered
from tirek.people.models import Person
from tirek.people.permissions import is_officer_for
from tirek.people.queries import wards_of
from tirek.people.spelling import by_letters

#: People whom one search tells apart; more of one name are told apart by more of the name.
MOST_FOUND: Final = 20
#: Letters of a surname without which nothing is searched.
FEWEST_LETTERS: Final = 2
#: Searches of one account: more than any desk needs, less than it takes to read off a district.
SEARCHES: Final = (
    ratelimit.Limit(times=60, within=timedelta(minutes=10)),
    ratelimit.Limit(times=800, within=timedelta(days=1)),
)


class TooFewLetters(RuleBroken):
    """What was typed is too short to look for a name."""

    code = "too_short"

    def __init__(self) -> None:
        super().__init__(
            _("Type at least two letters of the surname."), next_step=_("Type the surname first, then the name.")
        )


class TooManyFound(RuleBroken):
    """More people have this name than a page tells apart."""

    code = "too_many_found"

    def __init__(self) -> None:
        super().__init__(
            _("Many people of your territory have this name."),
            next_step=_("Add the given name, the patronymic or the year of birth."),
        )


@dataclass(frozen=True, slots=True)
class Found:
    """A person in the answer to a search: enough to tell two apart, and no more.

    Attributes:
        key: of the person.
        name: full name.
        born: year of birth.
        district: of residence.
        represented_by: name of the representative by whose phone the person was found; "" for one found directly.
    """

    key: UUID
    name: str
    born: int
    district: str
    represented_by: str = ""


def by_name(actor: Actor, text: str) -> list[Found]:
    """People of the officer's territory by the beginnings of surname and given name, in either order; the patronymic
    and the year of birth may follow (one query, and the record of who was shown).

    Raises:
        TooFewLetters: the first word has one letter.
        TooManyFound: more than ``MOST_FOUND`` have this name.
        TooMany: the account has searched too often.
    """
    words = folded(text).split()
    letters = [one for one in words if not one.isdecimal()]
    if actor.desk is not Desk.OFFICER or not letters or len(letters[0]) < FEWEST_LETTERS:
        raise TooFewLetters
    count(actor)
    wanted = Q()
    for one in _readings(letters):
        wanted |= one
    rows = Person.objects.filter(
        wanted, covered(actor.territory, "territory__code"), territory__code__region=actor.territory[:2]
    )
    years = [int(one) for one in words if one.isdecimal() and date.min.year <= int(one) <= date.max.year]
    if years:
        rows = rows.filter(birth_date__range=(date(years[0], 1, 1), date(years[0], 12, 31)))
    # without an order: to walk everybody in it until some are found would cost more than the search
    found = list(rows.select_related("territory")[: MOST_FOUND + 1])
    if len(found) > MOST_FOUND:
        raise TooManyFound
    return _shown(actor, [(one, "") for one in found])


def _readings(words: Sequence[str]) -> Iterator[Q]:
    """What the words may be: surname (of several parts), given name and patronymic; or the given name first."""
    for parts in range(1, len(words) + 1):
        surname, rest = " ".join(words[:parts]), words[parts:]
        yield _begins("surname", surname) & _given(rest)
    if len(words) > 1:
        yield _begins("surname", words[-1]) & _given(words[:-1])
        yield _begins("surname", " ".join(words[1:])) & _given(words[:1])


def _given(words: Sequence[str]) -> Q:
    if not words:
        return Q()
    whole = _begins("given_name", " ".join(words))
    if len(words) == 1:
        return whole
    return whole | (_begins("given_name", words[0]) & _begins("patronymic", " ".join(words[1:])))


def _begins(column: str, text: str) -> Q:
    return Q(StartsWith(by_letters(column), text))


def by_phone(actor: Actor, phone: str) -> list[Found]:
    """People of the officer's territory with this phone on file (E.164), and those whom its owners represent now (two
    queries, and the record of who was shown; the same for a phone that nobody has and for one of another territory).

    Raises:
        TooMany: the account has searched too often.
    """
    count(actor)
    owners = Person.objects.filter(user__phone=phone)
    found = {one.represented_id: (one.represented, one.representative.full_name) for one in wards_of(owners)}
    found |= {one.pk: (one, "") for one in owners.select_related("territory")[:MOST_FOUND]}
    return _shown(actor, [pair for pair in found.values() if is_officer_for(actor, pair[0].territory_id)])


def count(actor: Actor) -> None:
    """Count a search of this account, in whatever session.

    Raises:
        TooMany: the account has searched too often.
    """
    ratelimit.hit("people.search", str(actor.user_id), limits=SEARCHES)


def _shown(actor: Actor, people: Sequence[tuple[Person, str]]) -> list[Found]:
    viewlog.look_in_search(actor, [one.pk for one, _by in people])
    return [
        Found(one.pk, one.full_name, one.birth_date.year, one.territory.name, by)
        for one, by in sorted(people, key=lambda pair: (pair[0].sort_key, pair[0].birth_date, pair[0].pk))
    ]
