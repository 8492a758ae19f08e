"""Who looked at whose file, when and why. A view by the person or the representative is not recorded."""

from datetime import datetime
from uuid import UUID

from django.db import models

from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.tables import Row


class View(Row):
    """One look at a stranger's file."""

    class Basis(models.TextChoices):
        TASK = "task", "open task in the territory"
        REASON = "reason", "reason given"
        PRESENT = "present", "person present at the counter"

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


def has_given_reason(actor: Actor, subject_id: UUID, *, since: datetime) -> bool:
    """Whether ``actor`` has opened this file with a reason since a moment (one query)."""
    if actor.user_id is None:
        return False
    return View.objects.filter(user_id=actor.user_id, subject_id=subject_id, basis=View.Basis.REASON, at__gte=since).exists()


def record(
    actor: Actor, *, subject_id: UUID, basis: View.Basis, reason: str = "", case_type: str = "", case_id: UUID | None = None
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
