"""Registry of case types: the only way by which files, journal, deadlines and notices reach a case."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from tirek.core.actors import Actor, Desk
from tirek.core.tables import CaseRow


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


def code_of(model: type[CaseRow]) -> str:
    """Code under which a table's cases are known: its model's name."""
    return model._meta.model_name or ""  # noqa: SLF001 - Django's documented name of a model


def all_types() -> tuple[CaseType, ...]:
    """Every registered case type, by code."""
    return tuple(_types[code] for code in sorted(_types))
