"""Programme (ИПАР; жеке бағдарлама), its lines, and the ledger of what a person is entitled to."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.models import Channel, Kind
from tirek.core import clock
from tirek.core.tables import CaseRow, Row
from tirek.people.models import Person


class Programme(CaseRow):
    """An individual programme of a person (Social Code art. 157)."""

    class State(models.TextChoices):
        ACTIVE = "active", _("active")
        EXPIRED = "expired", _("expired")
        REPLACED = "replaced", _("replaced by a newer one")
        CANCELLED = "cancelled", _("ended by a re-examination")

    class Part(models.TextChoices):
        SOCIAL = "social", _("social part")
        MEDICAL = "medical", _("medical part")
        PROFESSIONAL = "professional", _("professional part")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="programmes")
    issued_by = models.CharField(max_length=200, help_text="Department of medical-social expertise.")
    issued_on = models.DateField()
    valid_until = models.DateField(null=True, blank=True, help_text="Last day; empty without term.")
    part = models.CharField(max_length=14, choices=Part.choices, default=Part.SOCIAL)
    employer_pays = models.BooleanField(default=False, help_text="Injury by the employer's fault (art. 162(4)).")

    class Meta:
        indexes = [models.Index(fields=["person"], name="entitlements_prog_active", condition=Q(state="active"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("issued_on")), name="entitlements_programme_term"
            ),
        ]


class Period(models.TextChoices):
    """Over what a quantity is granted."""

    ONCE = "once", _("for the term of the programme")
    DAY = "day", _("a day")
    MONTH = "month", _("a month")
    QUARTER = "quarter", _("a quarter")
    YEAR = "year", _("a year")


class Line(Row):
    """One kind of a programme: how much, how often, with which recommended parameters."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="lines")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.ForeignKey(Kind, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField(help_text="Units of the kind in one window.")
    window = models.CharField(max_length=10, choices=Period.choices)
    year_quantity = models.PositiveIntegerField(null=True, help_text="The year's norm where windows are shorter.")
    recommended = models.JSONField(default=dict, help_text="Parameter code → value asked for by the programme.")
    channel = models.CharField(max_length=12, choices=Channel.choices)
    last_received_on = models.DateField(null=True)
    next_on = models.DateField(null=True, help_text="First day on which the next one may be ordered.")
    queue_on = models.DateField(help_text="Date in the queue, carried over at the end of the year.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "kind"], name="entitlements_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="entitlements_line_quantity"),
        ]


class LedgerEntry(Row):
    """One movement of a line in a window. Append-only; a balance is a sum, never a column.

    ``amount`` changes what can be ordered, ``held`` what is reserved by open orders, both in units of the kind:
    grant (+q, 0), reserve (−q, +q), release (+q, −q), consume (0, −q), correct (±q, 0), expire (−q, 0).
    """

    class Kind(models.TextChoices):
        GRANT = "grant", _("granted")
        RESERVE = "reserve", _("reserved by an order")
        RELEASE = "release", _("released")
        CONSUME = "consume", _("received")
        CORRECT = "correct", _("corrected by a decision")
        EXPIRE = "expire", _("expired")

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="entries")
    window_start = models.DateField()
    window_end = models.DateField(null=True, help_text="Last day of the window; empty when it has none.")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    amount = models.IntegerField()
    held = models.IntegerField()
    at = models.DateTimeField(default=clock.now)
    cause = models.CharField(max_length=20, blank=True, help_text="Code of why: window, order, carried, decision, programme.")
    case_id = models.UUIDField(null=True, help_text="Order it belongs to.")
    part = models.PositiveSmallIntegerField(default=0, help_text="Delivery of the order; 0 for the order itself.")
    decided_by = models.UUIDField(null=True)
    second_by = models.UUIDField(null=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["line", "window_start"], name="entitlements_entry_window")]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "window_start"], condition=Q(kind="grant", cause="window"), name="entitlements_grant_once"
            ),
            models.UniqueConstraint(
                fields=["case_id", "kind", "part", "cause"], condition=Q(case_id__isnull=False), name="entitlements_entry_once_per_order"
            ),
            models.CheckConstraint(
                name="entitlements_entry_signs",
                condition=(
                    Q(kind="grant", amount__gt=0, held=0)
                    | Q(kind="reserve", amount__lt=0, held=-F("amount"))
                    | Q(kind="release", amount__gt=0, held=-F("amount"))
                    | Q(kind="consume", amount=0, held__lt=0)
                    | (Q(kind="correct", held=0) & ~Q(amount=0))
                    | Q(kind="expire", amount__lt=0, held=0)
                ),
            ),
            models.CheckConstraint(
                name="entitlements_correct_two_persons",
                condition=~Q(kind="correct") | (Q(decided_by__isnull=False, second_by__isnull=False) & ~Q(decided_by=F("second_by"))),
            ),
        ]


class Correction(Row):
    """A change of a balance that one officer proposes and another approves."""

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="corrections")
    amount = models.IntegerField()
    reason = models.CharField(max_length=300)
    proposed_by = models.UUIDField()
    approved_by = models.UUIDField(null=True)
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")), name="entitlements_correction_two_persons"
            ),
        ]
