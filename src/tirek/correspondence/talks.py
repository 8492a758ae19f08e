"""What can be written about: a type of case that says so in its app's room ``case_types``, and the person itself."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tirek.core import acting
from tirek.core.actors import Actor, Desk
from tirek.core.case.registry import CaseType, code_of
from tirek.core.errors import NotFound, Text
from tirek.people.models import Person
from tirek.people.queries import person_for
from tirek.ui.ways import way

#: Code of what a person and the department write about without a case.
PERSON: Final = "person"


@dataclass(frozen=True)
class Talk:
    """One sort of things that people write about.

    Attributes:
        code: stable name: the type of the case, or ``person``.
        find: ``(actor, key) -> it``; raises ``NotFound`` for who may not see it, and records a stranger's look.
        desks: who takes part.
        title: what it is, for a heading.
        url: ``(it, desk) -> its page`` at a desk.
        topics: what a message may be about, by code; what is not chosen is a plain message.
        many: ``(actor, keys) -> those of them that the actor may see``, for lists.
        organisation: column of the organisation that takes part; "" for none.
    """

    code: str
    find: Callable[[Actor, UUID], Any]
    desks: frozenset[Desk]
    title: Callable[[Any], Text]
    url: Callable[[Any, Desk], str]
    topics: Mapping[str, Text]
    many: Callable[[Actor, Collection[UUID]], Iterable[Any]]
    organisation: str = ""

    def person_of(self, it: Any) -> Person:  # noqa: ANN401 - a case, or a person
        """Whom it is about."""
        return it if isinstance(it, Person) else it.person

    def territory_of(self, it: Any) -> str:  # noqa: ANN401 - as above
        """The district whose office takes part."""
        return str(it.territory_id if isinstance(it, Person) else it.territory_code)

    def organisation_of(self, it: Any) -> UUID | None:  # noqa: ANN401 - as above
        """The organisation that takes part."""
        return getattr(it, self.organisation) if self.organisation else None

    def names_person(self, actor: Actor, it: Any) -> bool:  # noqa: ANN401 - as above
        """Whether the actor still reads whom it is about: a supplier to whom a case is over does not."""
        return actor.desk is not Desk.SUPPLIER or not getattr(it, "is_over_for_supplier", False)

    def others(self, actor: Actor, it: Any) -> list[Desk]:  # noqa: ANN401 - as above
        """Who reads what the actor writes: the other desks that take part. A supplier to whom a case is over writes to
        the office alone.
        """
        read = self.desks - {actor.desk} - ({Desk.RECIPIENT} if not self.names_person(actor, it) else set())
        return [one for one in (Desk.RECIPIENT, Desk.SUPPLIER, Desk.OFFICER) if one in read]


_talks: dict[str, Talk] = {}


def is_talk(code: str) -> bool:
    """Whether somebody writes about things with this code."""
    return code in _talks


def talk(code: str) -> Talk:
    """The sort of things with this code.

    Raises:
        NotFound: nobody writes about such things.
    """
    if code not in _talks:
        raise NotFound
    return _talks[code]


def talk_about(it: Any) -> Talk | None:  # noqa: ANN401 - any row
    """The sort of things that a row belongs to; ``None`` when nobody writes about it."""
    return _talks.get(PERSON if isinstance(it, Person) else code_of(type(it)))


def announce(
    case_type: CaseType[Any], *, title: Callable[[Any], Text], topics: Mapping[str, Text] | None = None
) -> Talk:
    """Let person, office and (where the case has one) organisation write about cases of a type that is about a person.

    Args:
        case_type: with the desks at which it has a page.
        title: of a case, for headings and notices.
        topics: what a message may be about, by code.

    Raises:
        ValueError: the type is about nobody, or was announced before.
    """
    if case_type.scope.person != "person_id" or case_type.code in _talks:
        raise ValueError(f"{case_type.code} is about nobody, or was announced before.")

    def find(actor: Actor, key: UUID) -> Any:  # noqa: ANN401 - a case
        case = case_type.by_key(actor, key)
        check_takes_part(actor, case.person_id)
        case_type.look(actor, case)
        return case

    return _add(
        Talk(
            code=case_type.code,
            find=find,
            desks=frozenset(case_type.pages) & {Desk.RECIPIENT, Desk.SUPPLIER, Desk.OFFICER},
            title=title,
            url=case_type.url,
            topics=topics or {},
            many=lambda actor, keys: case_type.visible_to(actor).filter(pk__in=keys),
            organisation=case_type.scope.organisation,
        )
    )


def check_takes_part(actor: Actor, person_id: UUID) -> None:
    """At the recipient's desk only who acts for the person reads and writes; who only follows what ran when a child
    came of age does neither.

    Raises:
        OtherPerson: the human may act for the person, and acts for somebody else at the moment.
        NotFound: the human may not.
    """
    if actor.desk is Desk.RECIPIENT:
        acting.check_subject(actor, person_id)


def _person(actor: Actor, key: UUID) -> Person:
    check_takes_part(actor, key)
    return person_for(actor, key)


def _add(one: Talk) -> Talk:
    _talks[one.code] = one
    return one


def _url_of_person(person: Person, desk: Desk) -> str:
    return reverse("correspondence:list") if desk is Desk.RECIPIENT else way("person", person.pk)


NO_OFFER: Final = "no_offer"
_add(
    Talk(
        code=PERSON,
        find=_person,
        desks=frozenset({Desk.RECIPIENT, Desk.OFFICER}),
        title=lambda _person: _("Letters with the department"),
        url=_url_of_person,
        topics={
            NO_OFFER: _("No offer reaches my district"),
            "offer": _("A question to a supplier about an offer"),
            "page": _("A page that is hard to use"),
        },
        # who is listed was found by the reader's own desk
        many=lambda _actor, keys: Person.objects.filter(pk__in=keys),
    )
)
