"""What every table of ours has in common."""

from collections.abc import Iterable
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left

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
    ``tirek.core.case.workflow.perform`` and ``tirek.core.case.journal.record``, under the lock of this row.
    ``due_at`` and ``soon_at`` say beside the state what ``tirek.core.case.deadlines.standing_of`` names, so that lists
    and counters of a desk read one table; only ``perform`` and ``deadlines`` write them. A case has its own ``State``.
    Figures of the table are kept as its rows change (``tirek.core.case.figures``).
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
    due_at = models.DateTimeField(
        null=True, editable=False, help_text="End of the term by which the case stands; empty when nothing is owed."
    )
    soon_at = models.DateTimeField(
        null=True, editable=False, help_text="From when that term is soon over; empty while it is paused."
    )
    waits_since = models.DateField(
        null=True,
        editable=False,
        help_text="Day from which the person's wait is counted, where that is not the beginning of the case.",
    )

    class Meta:
        abstract = True

    @classmethod
    def open_states(cls) -> list[str]:
        """States in which something is owed still."""
        return [state for state in cls.State.values if state not in cls.ENDED]

    def get_state_display(self) -> str:
        """The state in words of the present language, as the ``State`` of the case's table says them."""
        return str(self.State(self.state).label)


def list_indexes(table: str, *, open_states: Iterable[str], organisation: str = "") -> list[models.Index]:
    """The indexes by which the lists of a case type are read, however many cases there are: those of one state newest
    first, at the office of a district and of a region; the open ones, which are few, by their ends, and within a region
    or an organisation newest first and by number, too.

    Args:
        table: what their names begin with; the app and the model, 20 characters at most.
        open_states: states in which something is owed.
        organisation: column of the organisation whose desk has the list, too; "" when none has.
    """
    few, newest = Q(state__in=list(open_states)), (F("created_at").desc(), F("id").desc())
    region, shown = Left("territory_code", 2), ["state", "soon_at", "territory_code"]
    places = {"place": ("territory_code", shown[:2]), **({"org": (organisation, shown)} if organisation else {})}
    found = [
        models.Index(region, "state", *newest, name=f"{table}_region"),
        models.Index(region, *newest, include=[*shown, "due_at"], condition=few, name=f"{table}_region_new"),
        models.Index(region, "due_at", "id", include=shown, condition=few, name=f"{table}_region_due"),
        models.Index(region, "number", "id", include=[*shown, "due_at"], condition=few, name=f"{table}_region_number"),
    ]
    for name, (column, also) in places.items():
        found.append(models.Index(fields=[column, "state", "-created_at", "-id"], name=f"{table}_{name}"))
        found.append(
            models.Index(
                fields=[column, "due_at", "id"],
                include=["created_at", "number", *also],
                condition=few,
                name=f"{table}_{name}_due",
            )
        )
    if organisation:
        for name, order in (("new", ["-created_at", "-id"]), ("number", ["number", "id"])):
            found.append(
                models.Index(
                    fields=[organisation, *order],
                    include=[*shown, "due_at"],
                    condition=few,
                    name=f"{table}_org_{name}",
                )
            )
    return found


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
