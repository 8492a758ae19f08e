"""Who looked at whose file, when and why. A view by the person or the representative is not recorded.

An open task in the officer's territory is reason enough to open a file; without one a reason is asked, unless the
person is present. Source: architecture, security; domain handbook, cross-cutting rules.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_lazy as _lazy

from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.errors import DomainError
from tirek.core.tables import Row


class View(Row):
    """One look at a stranger's file."""

    class Basis(models.TextChoices):
        TASK = "task", _("open task in the territory")
        REASON = "reason", _("reason given")
        PRESENT = "present", _("person present at the counter")
        SEARCH = "search", _("found in a search, file not opened")

    at = models.DateTimeField(default=clock.now)
    user_id = models.UUIDField()
    organisation_id = models.UUIDField(null=True)
    desk = models.CharField(max_length=20)
    subject_id = models.UUIDField(help_text="Person whose file was opened.")
    case_type = models.CharField(max_length=40, blank=True)
    case_id = models.UUIDField(null=True)
    basis = models.CharField(max_length=10, choices=Basis.choices)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["subject_id", "-at"], name="core_view_subject")]


#: How long a given reason, or the presence of the person, opens a file: a day at work.
OPENED_FOR: Final = timedelta(hours=8)
#: Pages of one case within this time are one look.
ONE_LOOK: Final = timedelta(minutes=10)

_tasks: list[Callable[[Actor, UUID], bool]] = []


class ReasonNeeded(DomainError):
    """Nothing waits for the officer in this person's file: a reason is asked before it opens (``ui.desks`` leads to the
    page).
    """

    status = 403
    code = "reason_needed"

    def __init__(self, subject_id: UUID) -> None:
        super().__init__(_lazy("Nothing waits for you in this person's file."), next_step=_lazy("Say why you open it."))
        self.subject_id = subject_id


def open_task(function: Callable[[Actor, UUID], bool]) -> Callable[[Actor, UUID], bool]:
    """Declare how an app knows that something of a person waits for an officer: ``function(actor, person)``."""
    _tasks.append(function)
    return function


def look(actor: Actor, subject_id: UUID, *, case_type: str = "", case_id: UUID | None = None) -> None:
    """Record that ``actor`` opens a page of a stranger's file, once for one look.

    Raises:
        ReasonNeeded: an officer who has no open task there, has not found the person by IIN and has given no reason
            today.
    """
    if actor.user_id is None or actor.subject_id == subject_id:
        return
    now = clock.now()
    before = list(
        View.objects.filter(user_id=actor.user_id, subject_id=subject_id, at__gt=now - OPENED_FOR)
        # a line in the answer to a search opens no file
        .exclude(basis=View.Basis.SEARCH)
        .order_by("-at")
        .values_list("at", "basis", "reason", "case_id")
    )
    if any(at > now - ONE_LOOK and case == case_id for at, _basis, _reason, case in before):
        return
    basis, reason = View.Basis.TASK, ""
    if actor.desk is Desk.OFFICER and not any(waits(actor, subject_id) for waits in _tasks):
        opened = next(((basis, reason) for _at, basis, reason, _case in before if basis != View.Basis.TASK), None)
        if opened is None:
            raise ReasonNeeded(subject_id)
        basis, reason = View.Basis(opened[0]), opened[1]
    record(actor, subject_id=subject_id, basis=basis, reason=reason, case_type=case_type, case_id=case_id)


def look_at_many(actor: Actor, cases: Sequence[tuple[UUID, str, UUID]]) -> None:
    """Record that ``actor`` opens a page about cases of several people: of each (person, case type, case) one look, as
    ``look`` does (two queries). For desks that are asked for no reason.

    Raises:
        ReasonNeeded: an officer has no reason to open one of the files.
    """
    if actor.user_id is None:
        return
    if actor.desk is Desk.OFFICER:
        for subject_id, case_type, case_id in cases:
            look(actor, subject_id, case_type=case_type, case_id=case_id)
        return
    record_many(actor, cases)


def record_many(actor: Actor, cases: Sequence[tuple[UUID, str, UUID | None]]) -> None:
    """Record that ``actor`` takes along a table or a print about several people, which is a task of the desk: of each
    (person, case type, case) one look (two queries).
    """
    if actor.user_id is None or not cases:
        return
    before = View.objects.filter(user_id=actor.user_id, basis=View.Basis.TASK, at__gt=clock.now() - ONE_LOOK)
    seen = set(before.filter(subject_id__in={one[0] for one in cases}).values_list("subject_id", "case_id"))
    View.objects.bulk_create(
        View(
            user_id=actor.user_id,
            organisation_id=actor.organisation_id,
            desk=actor.desk.value,
            subject_id=subject_id,
            case_type=case_type,
            case_id=case_id,
            basis=View.Basis.TASK,
        )
        for subject_id, case_type, case_id in dict.fromkeys(cases)
        if subject_id != actor.subject_id and (subject_id, case_id) not in seen
    )


def has_given_reason(actor: Actor, subject_id: UUID, *, since: datetime) -> bool:
    """Whether ``actor`` has opened this file with a reason since a moment (one query)."""
    if actor.user_id is None:
        return False
    return View.objects.filter(
        user_id=actor.user_id, subject_id=subject_id, basis=View.Basis.REASON, at__gte=since
    ).exists()


def look_in_search(actor: Actor, subject_ids: Iterable[UUID]) -> None:
    """Record that a search showed ``actor`` who these people are, once for one look (two statements)."""
    if actor.user_id is None:
        return
    found = [one for one in subject_ids if one != actor.subject_id]
    rows = View.objects.filter(user_id=actor.user_id, subject_id__in=found, at__gt=clock.now() - ONE_LOOK)
    seen = set(rows.values_list("subject_id", flat=True))
    View.objects.bulk_create(
        View(
            user_id=actor.user_id,
            organisation_id=actor.organisation_id,
            desk=actor.desk.value,
            subject_id=one,
            basis=View.Basis.SEARCH,
        )
        for one in found
        if one not in seen
    )


def record(
    actor: Actor,
    *,
    subject_id: UUID,
    basis: View.Basis,
    reason: str = "",
    case_type: str = "",
    case_id: UUID | None = None,
) -> None:
    """Record that ``actor`` opened the file of ``subject_id``; the person's own look is not recorded."""
    if actor.user_id is None or actor.subject_id == subject_id:
        return
    View.objects.create(
        user_id=actor.user_id,
        organisation_id=actor.organisation_id,
        desk=actor.desk.value,
        subject_id=subject_id,
        case_type=case_type,
        case_id=case_id,
        basis=basis,
        reason=reason,
    )
