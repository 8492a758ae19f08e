"""Registry of case types: the only way by which files, journal, deadlines, notices and pages reach a case.

Each app declares its case types in its room ``case_types``, which is found by itself. A code enters hashed text of the
journal: it is given once, explicitly, and never changes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse

from tirek.core import acting
from tirek.core.actors import Actor, Desk
from tirek.core.case.scope import Scope
from tirek.core.errors import NotFound
from tirek.core.personal import viewlog
from tirek.core.tables import CaseRow, Row

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from tirek.core.case.words import CaseWords
    from tirek.core.case.workflow import Workflow

C = TypeVar("C", bound=CaseRow)


def _number(case: CaseRow) -> str:
    return case.number


@dataclass(frozen=True, slots=True)
class Overview:
    """How the cases of a type stand in the overview of heads and analysts (``tirek.core.case.figures``).

    Attributes:
        title: what the cases are, in the plural.
        open: of those that wait.
        reached: states in which they have ended as they should.
        ended: of those that ended so.
        took: how many days that takes from the beginning of a case.
        waited: how many from the day since which the person waits; empty where cases have no such day.
    """

    title: "str | Promise"
    open: "str | Promise"
    reached: frozenset[str]
    ended: "str | Promise"
    took: "str | Promise"
    waited: "str | Promise" = ""


@dataclass(frozen=True, slots=True)
class CaseType(Generic[C]):
    """One type of case.

    Attributes:
        code: stable name, also in the journal.
        model: table.
        process: states and transitions; its name is the code.
        scope: who sees which rows.
        words: what pages say of states, events and what comes next.
        pages: the case's page at each desk (see ``route``).
        follows_residence: whether the case goes along with a person who moves to another district.
        opens_file: whether an open case is reason enough for an officer to open the person's file.
        title: name of a case in the reader's language, without names of people; its number when nothing else is said.
        overview: how places are set side by side by its cases; nothing where that says nothing.
    """

    code: str
    model: type[C]
    process: "Workflow[C]"
    scope: Scope[C]
    words: "CaseWords"
    pages: Mapping[Desk, Callable[[C], str]] = field(default_factory=dict)
    follows_residence: bool = False
    opens_file: bool = False
    title: Callable[[C], str] = _number
    overview: Overview | None = None

    def visible_to(self, actor: Actor) -> QuerySet[C]:
        """The cases the actor may see, with what a list shows."""
        return self.scope.visible_to(actor)

    def find(self, actor: Actor, number: str) -> C:
        """The case of this number, if it is the actor's to see.

        Raises:
            OtherPerson: it is about somebody whom the human behind the actor represents, but does not act for now.
            NotFound: there is none, or not for this actor.
        """
        return self._one(actor, number=number)

    def by_key(self, actor: Actor, key: UUID) -> C:
        """The case with this key, if it is the actor's to see.

        Raises:
            OtherPerson: it is about somebody whom the human behind the actor represents, but does not act for now.
            NotFound: there is none, or not for this actor.
        """
        return self._one(actor, pk=key)

    def _one(self, actor: Actor, **named: Any) -> C:  # noqa: ANN401 - a number, or a key
        found = self.scope.one_visible_to(actor, **named)
        if found is not None:
            return found
        if actor.desk is not Desk.RECIPIENT or not self.scope.person:
            raise NotFound
        found = self.scope.rows().filter(Q(**named) & self.scope.only(actor)).first()
        person_id = None if found is None else self.scope.person_of(found)
        if found is None or person_id is None:
            raise NotFound
        if acting.may_act_for(actor, person_id):
            raise acting.OtherPerson(person_id)
        # who acted for a child of age by now, or for the dead, follows to its end what ran; parties let nothing be done
        if found.state in self.model.open_states() and acting.follows(actor, person_id, found.created_at):
            return found
        raise NotFound

    def opened(self, actor: Actor, number: str) -> C:
        """The case of this number for a page of it; a stranger's look is recorded.

        Raises:
            NotFound: there is none, or not for this actor.
            ReasonNeeded: nothing of the person waits for the officer, who has given no reason.
        """
        found = self.find(actor, number)
        self.look(actor, found)
        return found

    def look(self, actor: Actor, case: C) -> None:
        """Record that the actor opens a page of this case, when it is about a person."""
        person_id = self.scope.person_of(case)
        if person_id is not None:
            viewlog.look(actor, person_id, case_type=self.code, case_id=case.pk)

    def url(self, case: C, desk: Desk) -> str:
        """The case's page at a desk; "" when the desk has none."""
        page = self.pages.get(desk)
        return page(case) if page else ""


def route(name: str, attribute: str = "number") -> Callable[[CaseRow], str]:
    """A case's page: the route of this name, which takes an attribute of the case ("" takes nothing)."""

    def address(case: CaseRow) -> str:
        return reverse(name, args=[getattr(case, attribute)] if attribute else [])

    return address


_types: dict[str, CaseType[Any]] = {}
_codes: dict[type[Row], str] = {}
_addresses: dict[str, Callable[[Actor, UUID], str]] = {}
_followers: list[Callable[[UUID, str], None]] = []


def register(case_type: CaseType[C]) -> CaseType[C]:
    """Make a case type known; once, from the app's room ``case_types``.

    Raises:
        ValueError: the code, or the table, belongs to a type already; the process has another name; it follows a
            person, or opens a file, and is about nobody.
    """
    if case_type.code in _types or case_type.code in _addresses or case_type.model in _codes:
        raise ValueError(f"Case type {case_type.code} is registered twice.")
    if case_type.process.name != case_type.code:
        raise ValueError(f"The process of {case_type.code} is called {case_type.process.name}.")
    if (case_type.follows_residence or case_type.opens_file) and not case_type.scope.person:
        raise ValueError(f"Case type {case_type.code} follows a person, or opens a file, and is about nobody.")
    _types[case_type.code] = case_type
    _codes[case_type.model] = case_type.code
    return case_type


def case_type(code: str) -> CaseType[Any]:
    """The case type with this code (``KeyError`` when nobody registered it)."""
    return _types[code]


def code_of(model: type[Row]) -> str:
    """Code under which the rows of a table are known in journal, deadlines, notices and files.

    Raises:
        KeyError: no case type, and nothing that ``register_address`` knows, has this table.
    """
    return _codes[model]


def register_address(code: str, model: type[Row], find: Callable[[Actor, UUID], str]) -> None:
    """Make known where something that is no case is opened (a draft): ``(actor, key) -> address``, checking the
    actor.

    Raises:
        ValueError: the code, or the table, belongs to something else already.
    """
    if code in _types or code in _addresses or model in _codes:
        raise ValueError(f"{code} is registered twice.")
    _codes[model] = code
    _addresses[code] = find


def address_of(code: str, actor: Actor, key: UUID) -> str:
    """Page of a case, or of what ``register_address`` knows, at the actor's desk; "" when the desk has none.

    Raises:
        NotFound: there is none, or not for this actor.
        KeyError: nobody registered the code.
    """
    if code in _addresses:
        return _addresses[code](actor, key)
    kind = case_type(code)
    return kind.url(kind.by_key(actor, key), actor.desk)


def all_types() -> tuple[CaseType[Any], ...]:
    """Every registered case type, by code."""
    return tuple(_types[code] for code in sorted(_types))


@viewlog.open_task
def waits_in_cases(actor: Actor, person_id: UUID) -> bool:
    """Whether a case of a person is open, of a type that is reason enough to open the file."""
    return any(
        kind.visible_to(actor).filter(Q(**{kind.scope.person: person_id}), state__in=kind.model.open_states()).exists()
        for kind in all_types()
        if kind.opens_file
    )


def moves_along(follow: Callable[[UUID, str], None]) -> Callable[[UUID, str], None]:
    """Declare what else goes along with a person who moves, beside cases: ``(person, КАТО code) -> None``; from a room
    ``case_types``.
    """
    _followers.append(follow)
    return follow


def follow_residence(person_id: UUID, territory_code: str) -> None:
    """Bring every case that goes along with a person to the office of the place where the person lives now (a statement
    for each type of case).

    The place is a column of the case, so that the lists of an office are read by it alone; the caller has moved the
    person in the same transaction.
    """
    for kind in all_types():
        if kind.follows_residence:
            rows = kind.model._default_manager.filter(Q(**{kind.scope.person: person_id}))
            rows.exclude(territory_code=territory_code).update(territory_code=territory_code)
    for follow in _followers:
        follow(person_id, territory_code)
