"""Claims: what the local body pays a supplier for one confirmed hand-over (portal.md section 6, states 15-17)."""

from datetime import date
from typing import Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.models import Kind
from tirek.core.tables import CaseRow, list_indexes
from tirek.orders.models import Delivery
from tirek.organisations.models import Organisation
from tirek.people.models import Person

_OPEN: Final = ("to_submit", "submitted", "sent_back", "in_payment")


class Claim(CaseRow):
    """A claim for the reimbursement of one act (құнын өтеуге өтінім; заявка на возмещение). Each act is paid once.

    It is made from the receipt that the person has confirmed; its amount is never typed.
    """

    class State(models.TextChoices):
        TO_SUBMIT = "to_submit", _("not sent for payment yet")
        SUBMITTED = "submitted", _("waiting for the department's check")
        SENT_BACK = "sent_back", _("sent back to the supplier")
        IN_PAYMENT = "in_payment", _("checked, waiting for the payment")
        PAID = "paid", _("paid")

    class ReturnReason(models.TextChoices):
        NOT_FOUND = "not_found", _("there is no such electronic invoice")
        AMOUNT = "amount", _("the invoice is made out for another amount")
        DAY = "day", _("the day of the invoice is wrong")
        ACCOUNT = "account", _("the bank details are wrong")
        OTHER = "other", _("something else, in words")

    #: States in which nothing is owed any more.
    ENDED = frozenset({State.PAID})
    #: States that wait for the supplier.
    WITH_SUPPLIER = frozenset({State.TO_SUBMIT, State.SENT_BACK})
    #: States that wait for the department: money is late when ``pay_by`` has passed in one of them.
    WITH_OFFICE = frozenset({State.SUBMITTED, State.IN_PAYMENT})

    delivery = models.OneToOneField(Delivery, on_delete=models.PROTECT, related_name="claim")
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", db_index=False, help_text="Who received the goods."
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text="The supplier's organisation.",
    )
    kind = models.ForeignKey(Kind, on_delete=models.PROTECT, related_name="+")
    payer_code = models.CharField(max_length=9, help_text="КАТО code of the region whose budget pays.")
    amount = models.DecimalField(max_digits=14, decimal_places=2, help_text="What the budget pays, tenge.")
    received_on = models.DateField(help_text="The day on which the person confirmed the receipt.")
    entered_by = models.UUIDField(help_text="Account that entered the order: it never checks the claim.")
    invoice_number = models.CharField(max_length=60, blank=True, help_text="Of the supplier's electronic invoice.")
    invoice_on = models.DateField(null=True)
    submitted_on = models.DateField(null=True, help_text="The last time it was sent for payment.")
    pay_by = models.DateField(null=True, help_text="The last day of check and payment together.")
    return_reason = models.CharField(max_length=10, choices=ReturnReason.choices, blank=True)
    verified_by = models.UUIDField(null=True, help_text="Account that checked it: it never records the payment.")
    paid_on = models.DateField(null=True)
    payment_number = models.CharField(max_length=60, blank=True, help_text="Of the payment order of the treasury.")

    class Meta:
        indexes = [
            # the supplier's page of payments: newest first, and the sums of a year by month and state
            models.Index(
                fields=["organisation", "-received_on", "-id"],
                include=["state", "amount"],
                name="reimburse_claim_page",
            ),
            models.Index(fields=["organisation", "state", "-received_on", "-id"], name="reimburse_claim_of_state"),
            models.Index(fields=["organisation", "kind", "-received_on", "-id"], name="reimburse_claim_of_kind"),
            models.Index(
                fields=["organisation", "pay_by"],
                include=["territory_code", "amount"],
                name="reimburse_claim_late",
                condition=Q(state__in=["submitted", "in_payment"]),
            ),
            models.Index(fields=["person"], name="reimburse_claim_person"),
            *list_indexes("reimburse_claim", open_states=_OPEN, organisation="organisation"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="reimburse_claim_amount"),
            models.CheckConstraint(
                condition=Q(state="to_submit")
                | Q(invoice_on__isnull=False, submitted_on__isnull=False, pay_by__isnull=False) & ~Q(invoice_number=""),
                name="reimburse_claim_invoice",
            ),
            models.CheckConstraint(
                condition=~Q(state="paid")
                | Q(paid_on__isnull=False, verified_by__isnull=False) & ~Q(payment_number=""),
                name="reimburse_claim_paid",
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("entered_by")),
                name="reimburse_claim_two",
            ),
        ]

    def days_late(self, today: date) -> int:
        """Calendar days by which the payment is, or was, later than ``pay_by``; 0 in time or where it owes nothing."""
        if self.pay_by is None or self.state in self.WITH_SUPPLIER:
            return 0
        return max(((self.paid_on or today) - self.pay_by).days, 0)


class MonthSum(models.Model):
    """Claims of a supplier for what was received in a month, in one state, as they were counted last by night: a
    supplier may have a hundred thousand of them in a year, and no page adds them up.
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    month = models.DateField(help_text="Its first day.")
    state = models.CharField(max_length=20, choices=Claim.State.choices)
    count = models.PositiveIntegerField()
    amount = models.DecimalField(max_digits=18, decimal_places=2, help_text="Of all of them, tenge.")
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "month", "state"], name="reimburse_monthsum_once")
        ]
