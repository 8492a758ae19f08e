"""Programme (ИПАР; жеке бағдарлама), its lines, the term to order, the ledger of what a person is entitled to, and its
corrections.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.models import Kind, Period, ProvisionChannel
from tirek.catalogue.rules import Requirement
from tirek.core import clock
from tirek.core.languages import own_part
from tirek.core.tables import CaseRow, Row
from tirek.entitlements.rules import Window
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

    ENDED = frozenset({State.EXPIRED, State.REPLACED, State.CANCELLED})

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="programmes")
    issued_by = models.CharField(max_length=200, help_text="Department of medical-social expertise.")
    issued_on = models.DateField()
    valid_until = models.DateField(null=True, blank=True, help_text="Last day; empty without term.")
    part = models.CharField(max_length=14, choices=Part.choices, default=Part.SOCIAL)
    employer_pays = models.BooleanField(
        default=False,
        help_text="Injury by the employer's fault (art. 162(4)): as it was registered; each line says who pays now.",
    )

    class Meta:
        indexes = [models.Index(fields=["person"], name="entitlements_prog_active", condition=Q(state="active"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("issued_on")),
                name="entitlements_programme_term",
            ),
        ]

    @property
    def issuer(self) -> str:
        """Who issued it, in the reader's language where the paper names it in two."""
        return own_part(self.issued_by)


class Line(Row):
    """One kind of a programme: how much, how often, with which recommended parameters."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="lines", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.ForeignKey(Kind, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField(help_text="Units of the kind in one window.")
    window = models.CharField(max_length=10, choices=Period.choices)
    year_quantity = models.PositiveIntegerField(null=True, help_text="The year's norm where windows are shorter.")
    recommended = models.JSONField(default=dict, help_text="Parameter code → value asked for by the programme.")
    must_match = models.JSONField(
        default=list,
        db_default=models.Value([], models.JSONField()),
        help_text="Codes of those of them that an offer must match; the others are wishes.",
    )
    channel = models.CharField(max_length=12, choices=ProvisionChannel.choices)
    last_received_on = models.DateField(null=True)
    next_on = models.DateField(null=True, help_text="First day on which the next one may be ordered.")
    queue_on = models.DateField(help_text="Date in the queue, carried over at the end of the year.")
    term_passed_on = models.DateField(
        null=True, help_text="Last day of the term to order that passed without an order; empty while it runs."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "kind"], name="entitlements_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="entitlements_line_quantity"),
        ]

    @property
    def asked(self) -> Requirement:
        """What an offer for this line is compared with."""
        return Requirement(self.kind_id, self.recommended, self.must_match)


class LedgerEntry(Row):
    """One movement of a line in a window. Append-only; a balance is a sum, never a column.

    ``amount`` changes what can be ordered, ``reserved`` what is reserved by open orders, both in units of the kind:
    grant (+q, 0), reserve (−q, +q), release (+q, −q), consume (0, −q), correct (±q, 0), expire (−q, 0).
    """

    class Kind(models.TextChoices):
        GRANT = "grant", _("granted")
        RESERVE = "reserve", _("reserved by an order")
        RELEASE = "release", _("released")
        CONSUME = "consume", _("received")
        CORRECT = "correct", _("corrected by a decision")
        EXPIRE = "expire", _("expired")

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="entries", db_index=False)
    window_start = models.DateField()
    window_end = models.DateField(null=True, help_text="Last day of the window; empty when it has none.")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    amount = models.IntegerField()
    reserved = models.IntegerField(db_column="held")
    at = models.DateTimeField(default=clock.now)
    cause = models.CharField(
        max_length=20, blank=True, help_text="Code of why: window, order, carried, decision, programme."
    )
    case_id = models.UUIDField(null=True, help_text="Order it belongs to.")
    part = models.PositiveSmallIntegerField(default=0, help_text="Delivery of the order; 0 for the order itself.")
    decided_by = models.UUIDField(null=True)
    second_by = models.UUIDField(null=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["line", "window_start"], name="entitlements_entry_window")]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "window_start"],
                condition=Q(kind="grant", cause="window"),
                name="entitlements_grant_once",
            ),
            models.UniqueConstraint(
                fields=["case_id", "kind", "part", "cause"],
                condition=Q(case_id__isnull=False),
                name="entitlements_entry_once_per_order",
            ),
            models.CheckConstraint(
                name="entitlements_entry_signs",
                condition=(
                    Q(kind="grant", amount__gt=0, reserved=0)
                    | Q(kind="reserve", amount__lt=0, reserved=-F("amount"))
                    | Q(kind="release", amount__gt=0, reserved=-F("amount"))
                    | Q(kind="consume", amount=0, reserved__lt=0)
                    | (Q(kind="correct", reserved=0) & ~Q(amount=0))
                    | Q(kind="expire", amount__lt=0, reserved=0)
                ),
            ),
            models.CheckConstraint(
                name="entitlements_correct_two_persons",
                condition=~Q(kind="correct")
                | (Q(decided_by__isnull=False, second_by__isnull=False) & ~Q(decided_by=F("second_by"))),
            ),
        ]

    @property
    def window(self) -> Window:
        """The window it belongs to."""
        return Window(self.window_start, self.window_end)


class OrderingTerm(CaseRow):
    """The two months in which a person orders a line (Social Code art. 168(2)), from the notice that it was sent to the
    portal.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("waiting for an order")
        ORDERED = "ordered", _("ordered")
        NOT_ORDERED = "not_ordered", _("not ordered in time")
        CLOSED = "closed", _("no longer running")

    class CallResult(models.TextChoices):
        WILL_ORDER = "will_order", _("reached: the person wants to order")
        HELP_AT_OFFICE = "help_at_office", _("reached: the person comes to the office")
        NOT_WANTED = "not_wanted", _("reached: the person does not want it now")
        NOT_REACHED = "not_reached", _("not reached after several tries")

    ENDED = frozenset({State.CLOSED})

    line = models.OneToOneField(Line, on_delete=models.PROTECT, related_name="term")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    started_on = models.DateField(help_text="Day of the notice, or of the reopening.")
    order_by = models.DateField(help_text="Last day to order.")
    first_reminder = models.DateField(
        help_text="The day before the first reminder: reminders are sent when a day has ended."
    )
    second_reminder = models.DateField(help_text="The day before the second reminder.")
    third_reminder = models.DateField(help_text="The day before the third reminder.")
    call_waits = models.BooleanField(default=False, help_text="An officer is asked to call the person.")
    call_result = models.CharField(max_length=20, choices=CallResult.choices, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["territory_code", "state_since"],
                include=["id"],
                name="entitlements_term_calls",
                condition=Q(call_waits=True),
            ),
            # those of a region in the order in which they wait
            models.Index(
                fields=["state_since", "id"],
                include=["territory_code"],
                name="entitlements_term_call_order",
                condition=Q(call_waits=True),
            ),
        ]


class CorrectionRequest(CaseRow):
    """A person says that something in the programme or in a balance is wrong, and asks for it to be put right."""

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("sent to your department")
        CORRECTING = "correcting", _("being corrected")
        CORRECTED = "corrected", _("corrected")
        EXPLAINED = "explained", _("answered with a reason")

    class Wrong(models.TextChoices):
        MISSING = "missing", _("something that I need is missing")
        QUANTITY = "quantity", _("the quantity is wrong")
        TERM = "term", _("the term or the date is wrong")
        PARAMETERS = "parameters", _("the size or something else that it asks for is wrong")
        EARLIER = "earlier", _("what I received is broken or no longer fits: I need the next one earlier")
        EMPLOYER = "employer", _("the employer that has to pay is bankrupt, liquidated or closed")
        RECEIVED = "received", _("it says that I received something that I did not receive")
        OTHER = "other", _("something else is wrong")

    ENDED = frozenset({State.CORRECTED, State.EXPLAINED})

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    line = models.ForeignKey(
        Line, on_delete=models.PROTECT, null=True, related_name="+", help_text="Empty when a kind is missing."
    )
    kind = models.ForeignKey(
        Kind, on_delete=models.PROTECT, null=True, related_name="+", help_text="The kind it is about, when known."
    )
    wrong = models.CharField(max_length=20, choices=Wrong.choices)
    words = models.TextField(help_text="In the person's own words.")
    asked_by = models.UUIDField(help_text="Account that sent it.")
    escalated_at = models.DateTimeField(null=True, help_text="When the region was told that no answer came in time.")
    answer = models.TextField(blank=True, help_text="What the office answered.")

    class Meta:
        indexes = [
            models.Index(
                fields=["territory_code", "state_since"],
                include=["id", "escalated_at"],
                name="entitlements_request_open",
                condition=Q(state__in=["submitted", "correcting"]),
            )
        ]


class Correction(CaseRow):
    """A change of a balance, of what a line asks for or of how it is provided, or a line that is missing, that one
    officer proposes and another signs.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("waiting for the second signature")
        SIGNED = "signed", _("signed")
        REJECTED = "rejected", _("rejected")

    ENDED = frozenset({State.SIGNED, State.REJECTED})

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="corrections")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    line = models.ForeignKey(
        Line, on_delete=models.PROTECT, null=True, related_name="corrections", help_text="Empty when a line is added."
    )
    kind = models.ForeignKey(Kind, on_delete=models.PROTECT, related_name="+")
    amount = models.IntegerField(
        help_text="Units to add to the present window or take from it; the quantity of a new line."
    )
    recommended = models.JSONField(
        null=True, help_text="What the line asks for from now on (``Line.recommended``); empty: as before."
    )
    must_match = models.JSONField(null=True, help_text="The same of ``Line.must_match``; empty: as before.")
    line_channel = models.CharField(
        max_length=12,
        choices=ProvisionChannel.choices,
        blank=True,
        default="",
        db_default="",
        help_text="How the line is provided from now on; empty: as before.",
    )
    earlier = models.BooleanField(
        default=False,
        db_default=False,
        help_text="The next one can be ordered at once, before the replacement term ends.",
    )
    reason = models.CharField(max_length=1000)
    document = models.CharField(max_length=100, help_text="Number and date of the document it rests on.")
    proposed_by = models.UUIDField()
    decided_by = models.UUIDField(null=True)
    decision_reason = models.CharField(max_length=1000, blank=True)
    request = models.ForeignKey(CorrectionRequest, on_delete=models.PROTECT, null=True, related_name="corrections")

    class Meta:
        indexes = [
            models.Index(
                fields=["territory_code", "state_since"],
                include=["id", "proposed_by"],
                name="entitlements_correction_open",
                condition=Q(state="proposed"),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="entitlements_correction_two_officers",
            ),
            models.CheckConstraint(
                condition=(Q(line__isnull=False) | Q(amount__gt=0))
                & (~Q(amount=0) | Q(recommended__isnull=False) | ~Q(line_channel="") | Q(earlier=True)),
                name="entitlements_correction_amount",
            ),
            models.CheckConstraint(
                condition=Q(recommended__isnull=True, must_match__isnull=True)
                | Q(recommended__isnull=False, must_match__isnull=False),
                name="entitlements_correction_asked",
            ),
            models.CheckConstraint(
                condition=Q(earlier=False) | Q(line__isnull=False), name="entitlements_correction_earlier"
            ),
            models.UniqueConstraint(
                fields=["line"], condition=Q(state="proposed"), name="entitlements_correction_one_open"
            ),
        ]


class KeptScenario(Row):
    """A scenario that somebody of the staff kept: it is played whenever rules change, until it is set aside."""

    title = models.CharField(max_length=200, help_text="Why it is kept; nobody is named.")
    text = models.TextField(help_text="The scenario as a file has it, without personal data.")
    digest = models.CharField(max_length=64, help_text="SHA-256 (hex) of the scenario without its title.")
    kinds = ArrayField(models.CharField(max_length=20), help_text="Codes of the kinds in its programmes.")
    asked_on = models.DateField(help_text="The day it asks about.")
    kept_by = models.UUIDField()
    organisation_id = models.UUIDField(null=True)
    set_aside_at = models.DateTimeField(null=True)
    set_aside_by = models.UUIDField(null=True)
    set_aside_why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["digest"], condition=Q(set_aside_at__isnull=True), name="entitlements_scenario_once"
            ),
            models.CheckConstraint(
                condition=Q(set_aside_at__isnull=True, set_aside_by__isnull=True, set_aside_why="")
                | (Q(set_aside_at__isnull=False, set_aside_by__isnull=False) & ~Q(set_aside_why="")),
                name="entitlements_scenario_set_aside",
            ),
        ]
