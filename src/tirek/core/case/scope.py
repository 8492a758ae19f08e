"""Who sees which rows of a case type: the person, the organisation, the office of the territory; nobody else."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from tirek.core.actors import Actor, Desk
from tirek.core.database.compiled import CompiledObject
from tirek.core.places import codes_within, covered, in_order
from tirek.core.tables import CaseRow

C = TypeVar("C", bound=CaseRow)


def _nothing(_actor: Actor) -> Q:
    return Q()


@cache
def _of_owner(rows: Callable[[], QuerySet[Any]], column: str, name: str) -> CompiledObject[Any]:
    """A row of an owner, by its ``number`` or ``pk``."""
    return CompiledObject(
        lambda owner, value: rows().filter(**{column: owner, name: value}),
        **{"owner": UUID, name: str if name == "number" else UUID},
    )


@cache
def _of_territory(rows: Callable[[], QuerySet[Any]], column: str, name: str) -> CompiledObject[Any]:
    return CompiledObject(
        lambda first, last, value: rows().filter(**{f"{column}__gte": first, f"{column}__lte": last, name: value}),
        **{"first": str, "last": str, name: str if name == "number" else UUID},
    )


@dataclass(frozen=True, slots=True)
class Scope(Generic[C]):
    """Which rows an actor may see.

    Attributes:
        rows: every row, with what its page shows.
        listed: every row, with no more than lists show; the same when nothing is said.
        person: column with the key of the person it is about, "" when it is about nobody: seen at the recipient's desk.
        organisation: column with the key of the organisation it is for, "" when for none: seen at the supplier's desk.
        territory: column with the КАТО code, "" when no office answers for it: seen at the officer's desk.
        only: a further condition for an actor, for what one desk is not to see.
    """

    rows: Callable[[], QuerySet[C]]
    person: str = ""
    organisation: str = ""
    territory: str = "territory_code"
    only: Callable[[Actor], Q] = _nothing
    listed: Callable[[], QuerySet[C]] | None = None

    @property
    def is_plain(self) -> bool:
        """Whether an office sees every row of its territory."""
        return self.only is _nothing and self.territory == "territory_code"

    def visible_to(self, actor: Actor, *, in_days: bool = False) -> QuerySet[C]:
        """The rows the actor may see; none for a desk that has no part in them. With ``in_days`` those of an office in
        the words of the indexes that hold them in the order of days (``core.places.in_order``).
        """
        rows = self.rows()
        if actor.desk is Desk.RECIPIENT and self.person and actor.subject_id is not None:
            mine = Q(**{self.person: actor.subject_id})
        elif actor.desk is Desk.SUPPLIER and self.organisation and actor.organisation_id is not None:
            mine = Q(**{self.organisation: actor.organisation_id})
        elif actor.desk is Desk.OFFICER and self.territory:
            mine = (in_order if in_days and actor.territory else covered)(actor.territory, self.territory)
        else:
            return rows.none()
        return rows.filter(mine & self.only(actor))

    def one_visible_to(self, actor: Actor, *, number: str = "", pk: UUID | None = None) -> C | None:
        """The row of this number, or with this key, if it is the actor's to see: as ``visible_to`` finds it, by a
        statement that is made once for each desk.
        """
        named: dict[str, str | UUID] = {"pk": pk} if pk is not None else {"number": number}
        if self.only is not _nothing:
            return self.visible_to(actor).filter(**named).first()
        for desk, column, value in (
            (Desk.RECIPIENT, self.person, actor.subject_id),
            (Desk.SUPPLIER, self.organisation, actor.organisation_id),
        ):
            if actor.desk is desk:
                return _of_owner(self.rows, column, *named).get(owner=value, **named) if column and value else None
        if actor.desk is not Desk.OFFICER or not self.territory or not actor.territory:
            return None
        first, last = codes_within(actor.territory)
        return _of_territory(self.rows, self.territory, *named).get(first=first, last=last, **named)

    def person_of(self, case: C) -> UUID | None:
        """Key of the person a case is about; ``None`` when it is about nobody."""
        found = getattr(case, self.person) if self.person else None
        return found if isinstance(found, UUID) else None
