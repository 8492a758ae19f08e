"""Orders: one entitlement line, one version of an offer, one life; deliveries belong to an order."""

from typing import Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.models import OfferVersion
from tirek.catalogue.words import units_text
from tirek.core.tables import CaseRow, Row, list_indexes
from tirek.entitlements.models import Line
from tirek.organisations.models import Organisation
from tirek.people.models import Person
from tirek.suppliers.models import Supplier

#: What an officer is asked to do something with, as long as it is open.
FOR_OFFICE: Final = ~Q(office_task="") | Q(state="refused")
#: What waits for the supplier; with those that the office looks at, the supplier waits too. One that waits for a
#: payment does so only as long as the person does not know where to pay to.
FOR_SUPPLIER: Final = (
    Q(state__in=["accepted", "in_preparation", "money_owed", "on_the_way", "refused", "submitted"])
    | Q(state="awaiting_top_up", pay_to__isnull=True)
) & ~Q(office_task="review")
#: ``Order.open_states()``, as the indexes of the lists name them.
_OPEN: Final = (
    "submitted",
    "accepted",
    "awaiting_top_up",
    "in_preparation",
    "on_the_way",
    "awaiting_confirmation",
    "refused",
    "money_owed",
)


class Order(CaseRow):
    """One order (заказ; тапсырыс). States are those of portal.md section 6."""

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("sent, waiting for the supplier's answer")
        DECLINED = "declined", _("declined by the supplier")
        ACCEPTED = "accepted", _("accepted")
        AWAITING_TOP_UP = "awaiting_top_up", _("waiting for the recipient's payment")
        IN_PREPARATION = "in_preparation", _("being prepared")
        ON_THE_WAY = "on_the_way", _("on the way")
        AWAITING_CONFIRMATION = "awaiting_confirmation", _("handed over, waiting for the recipient's confirmation")
        RECEIVED = "received", _("received")
        REFUSED = "refused", _("refused at receipt")
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

    class OfficeTask(models.TextChoices):
        CONFIRMATION = "confirmation", _("contact the person")
        LATE = "late", _("late: ask the supplier")
        REVIEW = "review", _("look whether it goes on")
        OF_AGE = "of_age", _("came of age: who acts now?")
        MONEY = "money", _("see that the payment is returned")

    class NoCodeReason(models.TextChoices):
        NO_PHONE = "no_phone", _("the person has no phone for the code")
        LOST = "lost", _("the phone or the code was lost")
        AT_OFFICE = "at_office", _("handed over at the office")

    #: States in which nothing is owed any more.
    ENDED = frozenset({State.DECLINED, State.RECEIVED, State.CANCELLED})
    #: States that wait for the person.
    NEEDS_PERSON = frozenset({State.AWAITING_CONFIRMATION, State.AWAITING_TOP_UP})
    #: States in which the person's part is not paid yet.
    BEFORE_PAYMENT = frozenset({State.SUBMITTED, State.DECLINED, State.AWAITING_TOP_UP})
    #: States in which the person can still cancel.
    CAN_BE_CANCELLED = frozenset(
        {State.SUBMITTED, State.AWAITING_TOP_UP, State.ACCEPTED, State.IN_PREPARATION, State.ON_THE_WAY}
    )
    #: States in which an officer may have to look whether the order goes on.
    CAN_BE_REVIEWED = CAN_BE_CANCELLED | {State.AWAITING_CONFIRMATION}
    #: States in which the supplier can hand the goods over.
    CAN_BE_HANDED_OVER = frozenset({State.ACCEPTED, State.IN_PREPARATION, State.ON_THE_WAY})

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
    ready_on = models.DateField(null=True, help_text="The day the supplier promised.")
    pay_by = models.DateField(null=True, help_text="The last day on which the person pays the own part.")
    record_by = models.DateField(null=True, help_text="The last day on which the supplier records that payment.")
    pay_to = models.UUIDField(null=True, help_text="Row of the supplier's bank details that the person was shown.")
    decline_reason = models.CharField(max_length=20, choices=DeclineReason.choices, blank=True)
    refusal_reason = models.CharField(max_length=20, choices=RefusalReason.choices, blank=True)
    cancel_reason = models.CharField(max_length=20, choices=CancelReason.choices, blank=True)
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
                include=["quantity"],
                name="orders_order_held",
                condition=Q(state__in=_OPEN),
            ),
            models.Index(
                fields=["person", "territory_code"],
                include=["state", "id"],
                name="orders_order_person_open",
                condition=Q(state__in=_OPEN),
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
        ]

    @property
    def is_paid(self) -> bool:
        """Whether the supplier has the person's part."""
        return self.person_part > 0 and self.state not in self.BEFORE_PAYMENT

    @property
    def units(self) -> str:
        """How many, with the unit of the kind: "120 pieces"."""
        return units_text(self.quantity, self.line.kind.unit)

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

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "n"], name="orders_delivery_n"),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(signature_id__isnull=False), name="orders_delivery_signed"
            ),
        ]
