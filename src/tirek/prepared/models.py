"""Orders that the portal has prepared for a person, and who wants none to be prepared.

A prepared order is a row and no case: nobody owes anything because of it, no desk works on it, and its silence has no
consequence but its own end. What follows from a press is an order, which is a case with a journal.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.models import Kind, OfferVersion
from tirek.core.tables import Row
from tirek.entitlements.models import Line
from tirek.orders.models import Order
from tirek.people.models import Person


class Prepared(Row):
    """What could be ordered of a line, shown to the person; nothing is ordered or reserved by it."""

    class Cause(models.TextChoices):
        OPENED = "opened", _("a new item of the programme")
        WINDOW = "window", _("a new period has begun")
        TERM = "term", _("the time until the next one is over")
        OUTGROWN = "outgrown", _("what was received no longer fits")
        SIZE = "size", _("the measurements of a child are old")

    class State(models.TextChoices):
        OPEN = "open", _("waits for your answer")
        TAKEN = "taken", _("ordered")
        DECLINED = "declined", _("not now")
        EXPIRED = "expired", _("not answered in time")
        ENDED = "ended", _("cannot be ordered any more")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.ForeignKey(Kind, on_delete=models.PROTECT, related_name="+")
    territory_code = models.CharField(max_length=9, help_text="КАТО code of the district on the day it was offered.")
    cause = models.CharField(max_length=10, choices=Cause.choices)
    since = models.DateField(help_text="Day of the cause: each is told once.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    version = models.ForeignKey(
        OfferVersion,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Received last or the only one that fits, as offered on that day; empty where the person chooses.",
    )
    quantity = models.PositiveIntegerField(help_text="Units of the kind.")
    repeats = models.CharField(max_length=32, blank=True, help_text="Number of the order that it repeats.")
    offered_on = models.DateField()
    open_until = models.DateField(help_text="Last day to answer.")
    ended_on = models.DateField(null=True)
    answered_by = models.UUIDField(null=True, help_text="Account that said not now.")
    order = models.OneToOneField(Order, on_delete=models.PROTECT, null=True, related_name="+")
    draft = models.UUIDField(null=True, help_text="Form by which it was ordered from its page.")
    as_prepared = models.BooleanField(default=False, help_text="The order is of the goods that were prepared.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line"], condition=Q(state="open"), name="prepared_open_once"),
            models.UniqueConstraint(fields=["line", "cause", "since"], name="prepared_cause_once"),
            models.CheckConstraint(
                condition=Q(state="open", ended_on__isnull=True) | (~Q(state="open") & Q(ended_on__isnull=False)),
                name="prepared_ended_on",
            ),
            models.CheckConstraint(
                condition=Q(order__isnull=True) | Q(state="taken"), name="prepared_order_when_taken"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-offered_on"], name="prepared_of_person"),
            models.Index(fields=["open_until"], name="prepared_open_until", condition=Q(state="open")),
            models.Index(fields=["offered_on"], name="prepared_offered_on"),
        ]


class Unwanted(Row):
    """A person wants no orders to be prepared; taken back by deleting it."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="+")
    said_by = models.UUIDField(help_text="Account that said so.")
