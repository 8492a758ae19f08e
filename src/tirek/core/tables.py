"""What every table of ours has in common."""

from typing import ClassVar

from django.db import models

from tirek.core import clock
from tirek.core.keys import uuid7
from tirek.core.languages import in_language


class Row(models.Model):
    """A row with a UUIDv7 key and the moment it was written."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        abstract = True


class CaseRow(Row):
    """A case: something with a public number that moves through the states of a workflow.

    ``version`` counts the events of its journal, ``journal_head`` is the hash of the last one: both change only in
    ``tirek.core.case.workflow.perform`` and ``tirek.core.case.journal.record``, under the lock of this row. A case has
    its own ``State``.
    """

    State: ClassVar[type[models.TextChoices]]
    #: States in which nothing is owed any more.
    ENDED: ClassVar[frozenset[str]] = frozenset()

    number = models.CharField(max_length=32, unique=True, editable=False)
    state = models.CharField(max_length=32)
    state_since = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=0)
    journal_head = models.BinaryField(max_length=32, default=b"")
    territory_code = models.CharField(max_length=9, help_text="КАТО code of the district that is responsible.")

    class Meta:
        abstract = True

    @classmethod
    def open_states(cls) -> list[str]:
        """States in which something is owed still."""
        return [state for state in cls.State.values if state not in cls.ENDED]

    def get_state_display(self) -> str:
        """The state in words of the present language, as the ``State`` of the case's table says them."""
        return str(self.State(self.state).label)


class Localised(models.Model):
    """Names in the three languages, in plain columns."""

    name_kk = models.CharField(max_length=300)
    name_ru = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)

    class Meta:
        abstract = True

    @property
    def name(self) -> str:
        """The name in the language of the present reader."""
        return in_language(kk=self.name_kk, ru=self.name_ru, en=self.name_en)
