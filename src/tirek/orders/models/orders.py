"""Orders: one entitlement line, one version of an offer, one life; deliveries belong to an order."""

from decimal import Decimal
from typing import Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.models import OfferVersion
from tirek.catalogue.units import units_of_kind, units_text
from tirek.core.tables import CaseRow, Row, list_indexes
from tirek.entitlements.models import Line
from tirek.orders.rules import person_share
from tirek.organisations.models import Organisation
from tirek.people.models import Person
from tirek.suppliers.models import Supplier

#: What an officer is asked to do something with, as long as it is open.
FOR_OFFICE: Final = ~Q(office_task="") | Q(state__in=["disputed", "refused"])
#: What waits for the supplier; with those that the office looks at, the supplier waits too. One that waits for a
#: payment does so only as long as the person does not know where to pay to.
FOR_SUPPLIER: Final = (
    Q(
        state__in=[
            "accepted",
            "fitting",
            "fitting_agreed",
            "in_preparation",
            "money_owed",
            "on_the_way",
            "refused",
            "replacing",
            "submitted",
        ]
    )
    | Q(state="awaiting_top_up", pay_to__isnull=True)
) & ~Q(office_task="review")
#: ``Order.open_states()``, as the indexes of the lists name them.
_OPEN: Final = (
    "submitted",
    "clarifying",
    "awaiting_top_up",
    "fitting",
    "fitting_times",
    "fitting_agreed",
    "fitting_check",
    "accepted",
    "in_preparation",
    "on_the_way",
    "awaiting_confirmation",
    "refused",
    "disputed",
    "replacing",
    "money_owed",
)


class Order(CaseRow):
    """One order (заказ; тапсырыс). States are those of portal.md section 6."""

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("sent, waiting for the supplier's answer")
        CLARIFYING = "clarifying", _("waiting for the recipient's answer")
        DECLINED = "declined", _("declined by the supplier")
        AWAITING_TOP_UP = "awaiting_top_up", _("waiting for the recipient's payment")
        FITTING = "fitting", _("waiting for times of the fitting")
        FITTING_TIMES = "fitting_times", _("waiting for the recipient to choose a time of the fitting")
        FITTING_AGREED = "fitting_agreed", _("fitting arranged")
        FITTING_CHECK = "fitting_check", _("measured, waiting for the recipient to check the measurements")
        ACCEPTED = "accepted", _("accepted")
        IN_PREPARATION = "in_preparation", _("being prepared")
        ON_THE_WAY = "on_the_way", _("on the way")
        AWAITING_CONFIRMATION = "awaiting_confirmation", _("handed over, waiting for the recipient's confirmation")
        RECEIVED = "received", _("received")
        REFUSED = "refused", _("refused at receipt")
        DISPUTED = "disputed", _("the commission decides on the refusal")
        REPLACING = "replacing", _("waiting for other goods in exchange")
        MONEY_OWED = "money_owed", _("ended, the supplier returns the payment")
        CANCELLED = "cancelled", _("cancelled")

    class DeclineReason(models.TextChoices):
        NO_STOCK = "no_stock", _("not in stock")
        PARAMETERS = "parameters", _("cannot meet the parameters")
        PLACE = "place", _("does not deliver there")
        INVALID = "invalid", _("the order's data are not valid")
        CAPACITY = "capacity", _("no capacity")

    class RefusalReason(models.TextChoices):
        WRONG_ITEM = "wrong_item", _("a wrong item was brought")
        MISMATCH = "mismatch", _("it is not as described")
        DOES_NOT_FIT = "does_not_fit", _("it is as described but does not fit")
        DEFECT = "defect", _("it has a defect")
        INCOMPLETE = "incomplete", _("something is missing")
        EXPIRED = "expired", _("it is expired or damaged")
        REACTION = "reaction", _("it caused itching, burning or illness")
        LATE = "late", _("it came too late")
        NOT_ORDERED = "not_ordered", _("I did not order it")

    class CancelReason(models.TextChoices):
        PERSON = "person", _("cancelled by the person")
        LAPSED = "lapsed", _("the supplier did not answer in time")
        TOP_UP = "top_up", _("the payment did not come in time")
        TAKEN_BACK = "taken_back", _("the supplier took it back")
        NO_ANSWER = "no_answer", _("decided for the person: the supplier did not answer the refusal")
        COMMISSION = "commission", _("decided for the person by the commission")
        NOT_REPLACED = "not_replaced", _("the supplier did not bring other goods in time")
        CANNOT_FIT = "cannot_fit", _("the fitting showed that the goods cannot be made to fit")

    class OfficeTask(models.TextChoices):
        CONFIRMATION = "confirmation", _("contact the person")
        LATE = "late", _("late: ask the supplier")
        REVIEW = "review", _("look whether it goes on")
        OF_AGE = "of_age", _("came of age: who acts now?")
        MONEY = "money", _("see that the payment is returned")
        QUESTION = "question", _("the supplier's question is not answered")
        DISPUTE = "dispute", _("the commission's decision is late")
        FITTING = "fitting", _("help with the fitting")

    class Decision(models.TextChoices):
        FOR_PERSON = "for_person", _("the recipient is right: the goods go back")
        REPLACE = "replace", _("the recipient is right: the supplier brings other goods")
        FOR_SUPPLIER = "for_supplier", _("the goods are as they were ordered")

    class Asked(models.TextChoices):
        ADDRESS = "address", _("where to deliver")
        PHONE = "phone", _("the phone for the delivery")
        COMMENT = "comment", _("the message for the courier")
        SIZES = "sizes", _("the sizes of the recipient")
        DOCUMENT = "document", _("a photo or a document")
        WORDS = "words", _("something else, in words")

    class NoCodeReason(models.TextChoices):
        NO_PHONE = "no_phone", _("the person has no phone for the code")
        LOST = "lost", _("the phone or the code was lost")
        AT_OFFICE = "at_office", _("handed over at the office")

    #: States in which nothing is owed any more.
    ENDED = frozenset({State.DECLINED, State.RECEIVED, State.CANCELLED})
    #: States that wait for the person.
    NEEDS_PERSON = frozenset(
        {
            State.AWAITING_CONFIRMATION,
            State.AWAITING_TOP_UP,
            State.CLARIFYING,
            State.FITTING_TIMES,
            State.FITTING_CHECK,
        }
    )
    #: States of the fitting: nothing is made yet, and the promised day moves with each day.
    BEING_FITTED = frozenset({State.FITTING, State.FITTING_TIMES, State.FITTING_AGREED, State.FITTING_CHECK})
    #: States in which the person's part is not paid yet.
    BEFORE_PAYMENT = frozenset({State.SUBMITTED, State.CLARIFYING, State.DECLINED, State.AWAITING_TOP_UP})
    #: States in which the person can still cancel.
    CAN_BE_CANCELLED = frozenset(
        {
            State.SUBMITTED,
            State.CLARIFYING,
            State.AWAITING_TOP_UP,
            State.ACCEPTED,
            State.IN_PREPARATION,
            State.ON_THE_WAY,
            State.REPLACING,
            *BEING_FITTED,
        }
    )
    #: States in which an officer may have to look whether the order goes on.
    CAN_BE_REVIEWED = CAN_BE_CANCELLED | {State.AWAITING_CONFIRMATION}
    #: States in which the supplier can hand the goods over.
    CAN_BE_HANDED_OVER = frozenset({State.ACCEPTED, State.IN_PREPARATION, State.ON_THE_WAY})
    #: States in which the recipient has a code for the door.
    HAS_DOOR_CODE = CAN_BE_HANDED_OVER | {State.REPLACING}
    #: States in which what was brought last was refused.
    AFTER_REFUSAL = frozenset({State.REFUSED, State.DISPUTED, State.REPLACING})

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="orders", db_index=False)
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="orders")
    version_of_offer = models.ForeignKey(OfferVersion, on_delete=models.PROTECT, related_name="orders")
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="orders")
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text="The supplier's organisation.",
    )
    kind_code = models.CharField(max_length=10)
    quantity = models.PositiveIntegerField()
    unit_price = models.DecimalField(max_digits=14, decimal_places=2)
    guaranteed_amount = models.DecimalField(max_digits=14, decimal_places=2, help_text="For the whole quantity, tenge.")
    guaranteed_reference = models.UUIDField(help_text="Row of the guaranteed amount that was used.")
    budget_part = models.DecimalField(max_digits=14, decimal_places=2)
    person_part = models.DecimalField(max_digits=14, decimal_places=2)
    payer_code = models.CharField(max_length=9, help_text="КАТО code of the region whose budget pays.")
    placed_on = models.DateField()
    placed_by = models.UUIDField(help_text="Account that typed it.")
    channel = models.CharField(max_length=10)
    address = models.CharField(max_length=300)
    phone = models.CharField(max_length=16, help_text="Phone for the delivery, E.164.")
    comment = models.CharField(max_length=500, blank=True)
    fit_acknowledged = models.BooleanField(
        default=False, help_text="Ordered although the comparison said it does not fit."
    )
    consent_version = models.CharField(
        max_length=20, help_text="Version of the words by which the person let the supplier see the order."
    )
    monthly_parts = models.PositiveSmallIntegerField(
        default=1, db_default=1, help_text="In how many parts, one a month, the person wants the goods."
    )
    sent_together = models.UUIDField(
        null=True, help_text="The same for all orders that were sent by one press; empty: sent alone."
    )
    received_so_far = models.PositiveIntegerField(
        default=0, db_default=0, help_text="Units received while others are still to come."
    )
    ready_on = models.DateField(null=True, help_text="The day the supplier promised.")
    needs_fitting = models.BooleanField(
        default=False, db_default=False, help_text="Whether a fitting goes before the making; as it was at acceptance."
    )
    fitting_since = models.DateField(null=True, help_text="From which day on the fitting is awaited.")
    fitting_eve = models.DateField(null=True, help_text="The day at whose end both are reminded of the fitting.")
    fitting_by = models.DateField(null=True, help_text="The last day on which the supplier records the fitting.")
    fitting_call_by = models.DateField(null=True, help_text="The day after which the office asks about the fitting.")
    replace_by = models.DateField(null=True, help_text="The last day on which the supplier brings other goods.")
    pay_by = models.DateField(null=True, help_text="The last day on which the person pays the own part.")
    record_by = models.DateField(null=True, help_text="The last day on which the supplier records that payment.")
    pay_to = models.UUIDField(null=True, help_text="Row of the supplier's bank details that the person was shown.")
    decline_reason = models.CharField(max_length=20, choices=DeclineReason.choices, blank=True)
    refusal_reason = models.CharField(max_length=20, choices=RefusalReason.choices, blank=True)
    cancel_reason = models.CharField(max_length=20, choices=CancelReason.choices, blank=True)
    asked_about = models.CharField(
        max_length=20,
        choices=Asked.choices,
        blank=True,
        default="",
        db_default="",
        help_text="What the person is asked about; the question stands in the journal.",
    )
    office_task = models.CharField(
        max_length=20,
        choices=OfficeTask.choices,
        blank=True,
        default="",
        db_default="",
        help_text="What an officer is asked to do.",
    )

    class Meta:
        indexes = [
            models.Index(fields=["person", "-created_at"], name="orders_order_person"),
            models.Index(
                fields=["territory_code", "state_since"],
                include=["id"],
                name="orders_order_for_office",
                condition=FOR_OFFICE & Q(state__in=_OPEN),
            ),
            models.Index(
                fields=["organisation", "due_at", "created_at", "id"],
                name="orders_order_for_supplier",
                condition=FOR_SUPPLIER,
            ),
            # what is held of each version, and the open ones of people who are read by name
            models.Index(
                fields=["version_of_offer", "state"],
                include=["quantity", "received_so_far"],
                name="orders_order_held",
                condition=Q(state__in=_OPEN),
            ),
            models.Index(
                fields=["person", "territory_code"],
                include=["state", "id"],
                name="orders_order_person_open",
                condition=Q(state__in=_OPEN),
            ),
            models.Index(
                fields=["sent_together"], name="orders_order_together", condition=Q(sent_together__isnull=False)
            ),
            # what a driver takes along
            models.Index(
                fields=["organisation", "-state_since"],
                include=["id", "number"],
                name="orders_order_under_way",
                condition=Q(state="on_the_way"),
            ),
            *list_indexes("orders_order", open_states=_OPEN, organisation="organisation"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="orders_order_quantity"),
            models.CheckConstraint(
                condition=Q(
                    budget_part__gte=0,
                    person_part__gte=0,
                    budget_part=F("unit_price") * F("quantity") - F("person_part"),
                ),
                name="orders_order_split",
            ),
            models.CheckConstraint(
                condition=Q(received_so_far__lt=F("quantity"), monthly_parts__gte=1), name="orders_order_parts"
            ),
        ]

    @property
    def is_paid(self) -> bool:
        """Whether the supplier has the person's part of goods that have not been received."""
        return self.owed > 0 and self.state not in self.BEFORE_PAYMENT

    @property
    def owed(self) -> Decimal:
        """The person's part of what has not been received, tenge."""
        return self.person_part - person_share(self.person_part, of=self.quantity, units=self.received)

    @property
    def received(self) -> int:
        """Units whose receipt the person has confirmed."""
        return self.quantity if self.state == self.State.RECEIVED else self.received_so_far

    @property
    def rest(self) -> int:
        """Units that the person has not received."""
        return self.quantity - self.received

    @property
    def units(self) -> str:
        """How many, with the unit of the kind: "120 pieces"."""
        return units_text(self.quantity, self.line.kind.unit)

    @property
    def units_received(self) -> str:
        """How many have come and were confirmed, with the unit."""
        return units_text(self.received_so_far, self.line.kind.unit)

    @property
    def units_to_come(self) -> str:
        """How many have not come, with the unit."""
        return units_text(self.rest, self.line.kind.unit)

    @property
    def days_after_fitting(self) -> int:
        """Days from the fitting to the delivery, as the supplier has promised."""
        return (self.ready_on - self.fitting_since).days if self.ready_on and self.fitting_since else 0

    @property
    def is_being_fitted(self) -> bool:
        """Whether the fitting is not done yet."""
        return self.state in self.BEING_FITTED

    @property
    def is_over_for_supplier(self) -> bool:
        """Whether it has ended without a delivery and nothing is owed: the supplier needs no contact any more."""
        return self.state in {self.State.DECLINED, self.State.CANCELLED}

    @property
    def total(self) -> object:
        """Price of the whole order, tenge."""
        return self.unit_price * self.quantity


class Delivery(Row):
    """Goods handed over: quantity, proof and act. Without the recipient's code it is an officer who confirmed the
    hand-over.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="deliveries", db_index=False)
    n = models.PositiveSmallIntegerField()
    quantity = models.PositiveIntegerField()
    handed_over_at = models.DateTimeField()
    handed_over_by = models.UUIDField(help_text="Account of the supplier.")
    code_matched = models.BooleanField(help_text="The recipient told the code at the door.")
    act = models.BinaryField(help_text="The act as it was shown, UTF-8.")
    act_hash = models.BinaryField(max_length=32)
    signature_id = models.UUIDField(null=True, help_text="The recipient's signature.")
    confirmed_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    person_part = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, help_text="What the person pays of it, tenge; empty: of the order."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "n"], name="orders_delivery_n"),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(refused_at__isnull=True), name="orders_delivery_one_answer"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(signature_id__isnull=False), name="orders_delivery_signed"
            ),
        ]

    @property
    def units(self) -> str:
        """How many, with the unit of the kind: "30 pieces"."""
        return units_of_kind(self.quantity, self.order.kind_code)


class FittingRound(Row):
    """One round of fitting: the times that were named, the one that was chosen, and what came of it; of an order, or of
    what a local body buys.

    ``times`` holds up to three of ``orders.fittings.Time`` as JSON; ``measured`` the measurements, code → number, until
    they stand in the person's file.
    """

    class Outcome(models.TextChoices):
        HELD = "held", _("held")
        AGAIN = "again", _("held, another one is needed")
        CANNOT = "cannot", _("held, the goods cannot be made to fit")
        NONE_SUITED = "none_suited", _("no time suited")
        PASSED = "passed", _("passed before one was chosen")
        MOVED = "moved", _("called off to another time")
        MISSED_PERSON = "missed_person", _("the recipient did not come")
        MISSED_SUPPLIER = "missed_supplier", _("the supplier did not come")

    #: Outcomes by which somebody was waited for in vain.
    MISSED = frozenset({Outcome.MISSED_PERSON, Outcome.MISSED_SUPPLIER})

    n = models.PositiveSmallIntegerField()
    times = models.JSONField(help_text="Up to three: moment, place, address and how one gets in.")
    chosen = models.PositiveSmallIntegerField(null=True, help_text="Which of the times, from 0.")
    at = models.DateTimeField(null=True, help_text="The chosen moment.")
    chosen_by = models.UUIDField(null=True, help_text="Account that chose.")
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    told_by = models.UUIDField(null=True, help_text="Account that recorded the outcome.")
    told_at = models.DateTimeField(null=True)
    told_desk = models.CharField(max_length=12, blank=True, help_text="Desk at which the outcome was recorded.")
    measured = models.JSONField(default=dict, help_text="What was measured: code of the measurement → number.")

    class Meta:
        abstract = True


class Fitting(FittingRound):
    """One round of the fitting of an order."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="fittings", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "n"], name="orders_fitting_n"),
            models.UniqueConstraint(fields=["order"], condition=Q(outcome=""), name="orders_fitting_one_open"),
            models.CheckConstraint(
                condition=Q(chosen__isnull=True, at__isnull=True) | Q(chosen__isnull=False, at__isnull=False),
                name="orders_fitting_chosen",
            ),
        ]
