"""Registry of case types: the only way by which files, journal, deadlines and notices reach a case."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from tirek.core.actors import Actor, Desk
from tirek.core.tables import CaseRow, Row


@dataclass(frozen=True, slots=True)
class CaseType:
    """One type of case.

    Attributes:
        code: stable name, also in the journal.
        model: table.
        find: accessor ``(actor, key) -> case`` that checks the actor and raises ``NotFound``.
        title: ``(case) -> str`` in the reader's language, without names of people.
        url: ``(case, desk) -> str``, the case's page at that desk.
    """

    code: str
    model: type[CaseRow]
    find: Callable[[Actor, UUID], CaseRow]
    title: Callable[[CaseRow], str]
    url: Callable[[CaseRow, Desk], str]


_types: dict[str, CaseType] = {}


def register(case_type: CaseType) -> CaseType:
    """Make a case type known; once, from the app's ``ready``."""
    known = _types.get(case_type.code)
    if known is not None and known.model is not case_type.model:
        raise ValueError(f"Case type {case_type.code} is registered twice.")
    _types[case_type.code] = case_type
    return case_type


def case_type(code: str) -> CaseType:
    """The case type with this code (``KeyError`` when nobody registered it)."""
    return _types[code]


def code_of(model: type[Row]) -> str:
    """Code under which a table's cases are known: its model's name."""
    return model._meta.model_name or ""  # noqa: SLF001 - Django's documented name of a model


_addresses: dict[str, Callable[[Actor, UUID], str]] = {}


def register_address(code: str, find: Callable[[Actor, UUID], str]) -> None:
    """Make known where something that is no case is opened (a draft): ``(actor, key) -> address``, checking the actor."""
    _addresses[code] = find


def address_of(code: str, actor: Actor, key: UUID) -> str:
    """Page of a case, or of what ``register_address`` knows, at the actor's desk.

    Raises:
        NotFound: there is none, or not for this actor.
        KeyError: nobody registered the code.
    """
    if code in _addresses:
        return _addresses[code](actor, key)
    kind = case_type(code)
    return kind.url(kind.find(actor, key), actor.desk)


def all_types() -> tuple[CaseType, ...]:
    """Every registered case type, by code."""
    return tuple(_types[code] for code in sorted(_types))


def follow_residence(person_id: UUID, territory_code: str) -> None:
    """Bring every case about a person to the office of the place where the person lives now (a statement for each type of case).

    The place is a column of the case, so that the lists of an office are read by it alone; the caller has moved the person in the
    same transaction.
    """
    for case_type in _types.values():
        if any(field.name == "person" for field in case_type.model._meta.get_fields()):  # noqa: SLF001 - Django's documented names
            rows = case_type.model._default_manager.filter(Q(person=person_id))  # noqa: SLF001 - as above
            rows.exclude(territory_code=territory_code).update(territory_code=territory_code)
