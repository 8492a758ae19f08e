"""A new version in a dated table, whichever it is, or one withdrawn before its first day."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.utils.translation import gettext_lazy as _

from tirek.core import clock, reference
from tirek.core.actors import Actor
from tirek.core.errors import RuleBroken
from tirek.core.reference.amendments.record import (
    Amendment,
    Facts,
    check_day,
    check_near,
    forget,
    note,
    require_admin,
)
from tirek.core.reference.dated import DatedRow

R = TypeVar("R", bound=DatedRow)


@dataclass(frozen=True, slots=True)
class Amended(Generic[R]):
    """A dated table that administrators amend.

    Attributes:
        area: under which its amendments stand.
        what: how what a version is of is called in the list of amendments.
        said: what a version says beside its days, source and status.
    """

    area: Amendment.Area
    what: Callable[[R], str]
    said: Callable[[R], Facts]

    def facts(self, row: R) -> Facts:
        """All that a version says, as the list of amendments keeps it."""
        return {
            **self.said(row),
            "effective_from": row.effective_from.isoformat(),
            "effective_to": row.effective_to.isoformat() if row.effective_to else None,
            "citation": row.citation,
            "status": str(row.status),
        }


def _replaced(row: R) -> R | None:
    """The version that a new one replaces: an administrator's, on its own first day."""
    if row.effective_from != clock.today():
        return None
    found = row.versions().filter(effective_from=row.effective_from).first()
    amended = found is not None and Amendment.objects.filter(row_id=found.pk, kind=Amendment.Kind.ADDED).exists()
    return found if amended else None


def check_days(row: DatedRow, reason: str) -> None:
    """Whether a new version may begin on its day.

    Raises:
        RuleBroken: the day lies far away, or has passed and there is no reason.
    """
    check_near(row.effective_from)
    check_day(row.effective_from, reason)


def check_room(row: DatedRow) -> None:
    """Whether there is room for a new version beside those that stand.

    Raises:
        RuleBroken: another version has its days.
    """
    replaced = _replaced(row)
    others = row.versions().order_by("-effective_from")
    reference.check_place(row, others if replaced is None else others.exclude(pk=replaced.pk))


def add(table: Amended[R], *, actor: Actor, row: R, reason: str, reached: int | None = None) -> R:
    """Write a new version, which was checked, in the transaction of the caller, who holds the versions beside it.

    A version that an administrator let begin today is replaced by the next one that begins today.
    """
    replaced = _replaced(row)
    if replaced is not None:
        _take_off(table, actor=actor, row=replaced, reason=reason)
    facts = table.facts(row)
    if reached is not None:
        facts["reached"] = reached
    row.place()
    _write(table, Amendment.Kind.ADDED, actor=actor, row=row, facts=facts, reason=reason)
    forget()
    return row


def withdraw(table: Amended[R], *, actor: Actor, row: R, reason: str = "") -> None:
    """Take back a version before its first day, in the transaction of the caller, who has locked it: it never was in
    force. The version that it closed is open again; what it said stays in its amendments.

    Raises:
        NotAllowed: the actor is no administrator.
        RuleBroken: its first day has come: it may have decided something.
    """
    require_admin(actor)
    if row.effective_from <= clock.today():
        raise RuleBroken(_("This version is in force already. Add a new version instead."), code="in_force")
    list(row.versions().select_for_update().order_by("pk").values_list("pk"))
    _take_off(table, actor=actor, row=row, reason=reason)
    forget()


def _take_off(table: Amended[R], *, actor: Actor, row: R, reason: str) -> None:
    _write(table, Amendment.Kind.WITHDRAWN, actor=actor, row=row, facts=table.facts(row), reason=reason)
    row.take_off()


def _write(table: Amended[R], kind: Amendment.Kind, *, actor: Actor, row: R, facts: Facts, reason: str) -> None:
    note(actor, table.area, kind, what=table.what(row), row_id=row.pk, facts=facts, reason=reason.strip())
