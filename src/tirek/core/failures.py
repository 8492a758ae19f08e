"""Failures that people meet: time, place and user group, so that "it hung" can be checked. No personal data."""

from django.db import models

from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.tables import Row


class Failure(Row):
    """One failure that somebody met."""

    at = models.DateTimeField(default=clock.now, db_index=True)
    step = models.CharField(max_length=120, help_text="Name of the page's route.")
    method = models.CharField(max_length=8)
    status = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=60, blank=True, help_text="Code of the refusal, or class of the error.")
    desk = models.CharField(max_length=20)
    channel = models.CharField(max_length=10)
    language = models.CharField(max_length=2)
    milliseconds = models.PositiveIntegerField(help_text="How long the answer took.")

    class Meta:
        indexes = [models.Index(fields=["step", "-at"], name="core_failure_step")]


def record(actor: Actor, *, step: str, method: str, status: int, code: str, language: str, milliseconds: int) -> None:
    """Keep that somebody met a failure at a step."""
    Failure.objects.create(
        step=step[:120],
        method=method[:8],
        status=status,
        code=code[:60],
        desk=actor.desk.value,
        channel=actor.channel.value,
        language=language[:2],
        milliseconds=milliseconds,
    )
