"""Rows that are versions of something: from a day on, to a day or until the next one, each with its source."""

from datetime import date, timedelta
from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tirek.core.tables import Row


class Status(models.TextChoices):
    """How far a value may be trusted."""

    APPROVED = "approved", _("approved")
    DEMO = "demo", _("demo value")


class DatedRow(Row):
    """One version of what the columns ``VERSION_OF`` name. Never edited in place: a later version closes it."""

    VERSION_OF: ClassVar[tuple[str, ...]] = ()

    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True, help_text="Last day; empty while in force.")
    citation = models.CharField(max_length=300)
    status = models.CharField(max_length=10, choices=Status.choices)
    closed_by = models.UUIDField(
        null=True, editable=False, help_text="Version that ended it; open again when that one is withdrawn."
    )

    class Meta:
        abstract = True

    def versions(self) -> "models.QuerySet[Self]":
        """Every version of what this row is a version of."""
        return type(self)._default_manager.filter(**{name: getattr(self, name) for name in self.VERSION_OF})

    def place(self) -> Self:
        """Write this version: the open one before it ends the day before, and it ends where a later one begins (a file
        may bring a version that is older than one of an administrator).
        """
        if self.effective_to is None:
            later = self.versions().filter(effective_from__gt=self.effective_from).order_by("effective_from")
            first = later.values_list("effective_from", flat=True).first()
            self.effective_to = first - timedelta(days=1) if first else None
        self.save(force_insert=True)
        self.versions().filter(effective_to__isnull=True, effective_from__lt=self.effective_from).update(
            effective_to=self.effective_from - timedelta(days=1), closed_by=self.pk
        )
        return self

    def take_off(self) -> None:
        """Withdraw this version and open the one that it closed."""
        type(self)._default_manager.filter(closed_by=self.pk).update(effective_to=None, closed_by=None)
        type(self)._default_manager.filter(pk=self.pk).delete()


def standing(row: DatedRow, day: date) -> str:
    """How a version stands on a day: ``coming``, ``current`` or ``past``."""
    if row.effective_from > day:
        return "coming"
    return "past" if row.effective_to is not None and row.effective_to < day else "current"
