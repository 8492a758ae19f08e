"""After the receipt: faults of items, reports of harm, and to whom a hold or a recall is told."""

from typing import Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tirek.core.tables import CaseRow, Row, list_indexes
from tirek.orders.models import Batch, Item, Stop
from tirek.organisations.models import Organisation
from tirek.people.models import Person

_FAULT_OPEN: Final = ("reported", "priced", "declined", "promised", "in_work", "back", "with_region")
_HARM_OPEN: Final = ("checking", "recalled")


class Fault(CaseRow):
    """A thing does not work: the supplier repairs it, brings another, names a price, or declines."""

    class State(models.TextChoices):
        REPORTED = "reported", _("reported, waiting for the supplier's answer")
        PRICED = "priced", _("waiting for the person's answer to the price")
        DECLINED = "declined", _("declined, waiting for the person")
        PROMISED = "promised", _("the supplier has promised a day")
        IN_WORK = "in_work", _("with the supplier for repair")
        BACK = "back", _("handed back, waiting for the person's answer")
        WITH_REGION = "with_region", _("with the regional department")
        MENDED = "mended", _("it works again")
        CLOSED = "closed", _("closed without a repair")

    class Wrong(models.TextChoices):
        DEAD = "dead", _("it does not work at all")
        BADLY = "badly", _("it works badly")
        BROKEN = "broken", _("a part is broken or worn out")
        POWER = "power", _("the battery or the charger")
        OTHER = "other", _("something else")

    class Way(models.TextChoices):
        REPAIR = "repair", _("we repair it")
        EXCHANGE = "exchange", _("we bring another one")

    class DeclineReason(models.TextChoices):
        WARRANTY = "warranty", _("the warranty has ended, and we do not repair it")
        MISUSE = "misuse", _("it was used as its maker does not allow")
        NO_FAULT = "no_fault", _("it works as it should")

    class Decision(models.TextChoices):
        FOR_PERSON = "for_person", _("the person is right: the supplier repairs it or brings another, at its cost")
        FOR_SUPPLIER = "for_supplier", _("the supplier is right")

    #: States in which nothing is owed any more.
    ENDED = frozenset({State.MENDED, State.CLOSED})
    #: States that wait for the supplier.
    WITH_SUPPLIER = frozenset({State.REPORTED, State.PROMISED, State.IN_WORK})
    #: States in which the person may say that it has settled itself.
    CAN_BE_WITHDRAWN = frozenset({State.REPORTED, State.PRICED, State.DECLINED, State.PROMISED})

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="faults", db_index=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="faults", db_index=False)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        db_index=False,
        help_text="The supplier that answers; empty: the local body that bought it.",
    )
    asked_by = models.UUIDField(help_text="Account that reported it.")
    wrong = models.CharField(max_length=10, choices=Wrong.choices)
    words = models.CharField(max_length=1000)
    place = models.CharField(max_length=300, blank=True, help_text="Where the thing is now.")
    in_warranty = models.BooleanField(help_text="On the day it was reported.")
    way = models.CharField(max_length=10, choices=Way.choices, blank=True)
    ready_on = models.DateField(null=True, help_text="The day the supplier promised.")
    has_loan = models.BooleanField(default=False, help_text="The person has another one meanwhile.")
    price = models.DecimalField(max_digits=14, decimal_places=2, null=True, help_text="Of a paid repair, tenge.")
    repair_days = models.PositiveSmallIntegerField(null=True, help_text="Days for it from the acceptance of the price.")
    decline_reason = models.CharField(max_length=10, choices=DeclineReason.choices, blank=True)
    is_ordered = models.BooleanField(default=False, help_text="The region has decided for the person.")
    came_back = models.PositiveSmallIntegerField(default=0, help_text="Times it did not work after a repair.")
    away_since = models.DateField(null=True, help_text="With the supplier since.")
    days_away = models.PositiveIntegerField(default=0, help_text="Days without the thing so far.")

    class Meta:
        indexes = [
            models.Index(fields=["person", "-created_at"], name="aftercare_fault_person"),
            models.Index(fields=["item", "-created_at"], name="aftercare_fault_item"),
            *list_indexes("aftercare_fault", open_states=_FAULT_OPEN, organisation="organisation"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(state__in=_FAULT_OPEN), name="aftercare_fault_open_once"
            ),
        ]


class Harm(CaseRow):
    """Goods harmed somebody: what is like them is on hold until the region has checked it."""

    class State(models.TextChoices):
        CHECKING = "checking", _("the regional department checks it")
        RECALLED = "recalled", _("the goods are recalled")
        CLEARED = "cleared", _("checked, nothing harmful found")
        CLOSED = "closed", _("the recall is over")

    class What(models.TextChoices):
        ITCH = "itch", _("itching or a rash")
        BURN = "burn", _("a burn")
        INJURY = "injury", _("an injury")
        OTHER = "other", _("something else")

    #: States in which nothing is owed any more.
    ENDED = frozenset({State.CLEARED, State.CLOSED})

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="harms", db_index=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="harms")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="harms", null=True)
    stop = models.ForeignKey(
        Stop, on_delete=models.PROTECT, related_name="harms", null=True, help_text="What is kept back without a batch."
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        db_index=False,
        help_text="The supplier that answers; empty: the local body that bought it.",
    )
    asked_by = models.UUIDField(null=True, help_text="Account that reported it; empty: goods were refused.")
    what = models.CharField(max_length=10, choices=What.choices)
    words = models.CharField(max_length=1000, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "-created_at"], name="aftercare_harm_person"),
            *list_indexes("aftercare_harm", open_states=_HARM_OPEN, organisation="organisation"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(batch__isnull=True) | Q(stop__isnull=True), name="aftercare_harm_one"),
        ]

    @property
    def kept(self) -> Batch | Stop | None:
        """What is kept back because of it; nothing where goods of a batch have no number."""
        return self.batch or self.stop


class Telling(Row):
    """Something about goods that are kept back that everybody who has some is told, and how far that has come."""

    class What(models.TextChoices):
        HELD = "held", _("on hold until it is checked")
        CLEARED = "cleared", _("checked, nothing harmful found")
        LEFT_OUT = "left_out", _("not among those that are kept back")
        RECALLED = "recalled", _("the goods are recalled")

    harm = models.ForeignKey(Harm, on_delete=models.PROTECT, related_name="tellings")
    stop = models.ForeignKey(
        Stop,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        help_text="Whose holders are told; empty: those of the batch.",
    )
    but = models.ForeignKey(
        Stop, on_delete=models.PROTECT, related_name="+", null=True, help_text="Whose holders know it already."
    )
    what = models.CharField(max_length=10, choices=What.choices)
    told_to = models.UUIDField(null=True, help_text="The last item whose holder was told.")
    told = models.PositiveIntegerField(default=0, help_text="Items whose holders were told.")
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="aftercare_telling_open", condition=Q(done_at__isnull=True)),
        ]
