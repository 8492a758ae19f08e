"""Verbs of claims, bound to the table of ``workflow.py``."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Count, DecimalField, ExpressionWrapper, F, QuerySet, Sum
from django.db.models.functions import Coalesce, TruncMonth
from django.utils.translation import gettext_lazy as _

from tirek.core import clock
from tirek.core.actors import CLOCK, Actor
from tirek.core.case.workflow import perform, repeated
from tirek.core.database import locks
from tirek.core.errors import RuleBroken
from tirek.core.numbers import Series
from tirek.core.places import region_of
from tirek.orders.models import Delivery
from tirek.orders.queries import last_day_of
from tirek.organisations.telling import SUPPLIERS, tell_office, tell_region, tell_staff
from tirek.reimbursements.models import Claim, MonthSum
from tirek.reimbursements.queries import first_month
from tirek.reimbursements.workflow import CLAIM
from tirek.ui.text import day_text

NUMBERS: Final = Series("ӨӨ", "reimbursements_claim_number")
#: Deliveries for which one round of the night makes claims.
BATCH: Final = 500
_MONEY: Final = DecimalField(max_digits=14, decimal_places=2)


def open_for(delivery_id: UUID) -> Claim | None:
    """Make the claim of a hand-over whose receipt is confirmed; called again it makes no second one.

    Returns:
        The claim; nothing where the receipt is not confirmed, or the budget pays nothing of it.
    """
    found = Delivery.objects.select_related("order__line").filter(pk=delivery_id, confirmed_at__isnull=False).first()
    if found is None or amount_of(found) <= 0:
        return None
    return _open(actor=CLOCK, delivery=found)


def amount_of(delivery: Delivery) -> Decimal:
    """What the budget pays of a hand-over, tenge: as its act says it."""
    order = delivery.order
    person_part = order.person_part if delivery.person_part is None else delivery.person_part
    return order.unit_price * delivery.quantity - person_part


@CLAIM.action("open")
def _open(*, actor: Actor, delivery: Delivery) -> Claim:
    locks.lock_rows(Delivery, [delivery.pk])
    known = Claim.objects.filter(delivery=delivery).first()
    if known is not None:
        return repeated(known)
    order, confirmed = delivery.order, delivery.confirmed_at or clock.now()
    claim = Claim(
        number=NUMBERS.take(),
        territory_code=order.territory_code,
        delivery=delivery,
        person_id=order.person_id,
        organisation_id=order.organisation_id,
        kind_id=order.kind_code,
        payer_code=order.payer_code or region_of(order.territory_code),
        amount=amount_of(delivery),
        received_on=confirmed.astimezone(clock.COUNTRY_ZONE).date(),
        entered_by=order.placed_by,
    )
    return perform(claim, data={"delivery": delivery.pk, "amount": claim.amount})


def open_missing() -> int:
    """Make the claims that are missing: of receipts from before claims were kept, and of effects that were lost.

    Returns:
        How many were made.
    """
    made = 0
    while keys := list(_without_claim().values_list("pk", flat=True)[:BATCH]):
        made += sum(open_for(key) is not None for key in keys)
    return made


def count_months() -> int:
    """Count the sums of the last months anew (nightly job): one read of the claims of these months; returns how many
    sums.
    """
    now, first = clock.now(), first_month(clock.today())
    counted = (
        Claim.objects.filter(received_on__gte=first)
        .order_by()
        .annotate(month=TruncMonth("received_on"))
        .values_list("organisation", "month", "state")
        .annotate(count=Count("*"), sum=Sum("amount"))
    )
    rows = [
        MonthSum(organisation_id=organisation, month=month, state=state, count=n, amount=amount, counted_at=now)
        for organisation, month, state, n, amount in counted
    ]
    with transaction.atomic():
        MonthSum.objects.all().delete()
        MonthSum.objects.bulk_create(rows, batch_size=BATCH)
    return len(rows)


def _without_claim() -> QuerySet[Delivery]:
    person_part = Coalesce(F("person_part"), F("order__person_part"))
    budget = ExpressionWrapper(F("order__unit_price") * F("quantity") - person_part, output_field=_MONEY)
    rows = Delivery.objects.filter(confirmed_at__isnull=False, claim__isnull=True)
    return rows.annotate(budget=budget).filter(budget__gt=0).order_by("pk")


@CLAIM.action("submit")
def submit_claim(*, actor: Actor, claim: Claim, invoice_number: str, invoice_on: date) -> Claim:
    """The supplier sends it for payment with the electronic invoice; the term of the department begins.

    Raises:
        RuleBroken: the invoice is made out before the receipt, or for a day to come.
    """
    check_invoice(actor=actor, case=claim, invoice_number=invoice_number, invoice_on=invoice_on)
    claim.invoice_number, claim.invoice_on = invoice_number.strip(), invoice_on
    claim.submitted_on, claim.pay_by = clock.today(), last_day_to_pay()
    claim.return_reason, claim.verified_by = "", None
    return perform(
        claim,
        data={"invoice": claim.invoice_number, "pay_by": claim.pay_by},
        changed=["invoice_number", "invoice_on", "submitted_on", "pay_by", "return_reason", "verified_by"],
    )


def check_invoice(*, actor: Actor, case: Claim, invoice_number: str, invoice_on: date) -> None:
    """Whether an invoice can belong to a claim.

    Raises:
        RuleBroken: it has no number; it is made out before the goods were handed over, or for a day to come.
    """
    del actor
    handed_over = case.delivery.handed_over_at.astimezone(clock.COUNTRY_ZONE).date()
    if not invoice_number.strip():
        raise RuleBroken(_("Type the number of the electronic invoice."), code="invoice_number")
    if not handed_over <= invoice_on <= clock.today():
        raise RuleBroken(
            _("The invoice is made out between the hand-over (%(first)s) and today.")
            % {"first": day_text(handed_over)},
            next_step=_("Look at the day of the invoice again."),
            code="invoice_on",
        )


def last_day_to_pay() -> date:
    """The last day on which what is sent now is to be paid: check and payment, one after the other."""
    checked = last_day_of(clock.now(), "claim.verification")
    return last_day_of(datetime.combine(checked, time(12), clock.COUNTRY_ZONE), "claim.payment")


@CLAIM.action("remind")
def remind_supplier(*, actor: Actor, claim: Claim) -> Claim:
    """The supplier has not asked for its money, or has not mended what was sent back."""
    perform(claim)
    _tell_supplier(claim, "claim.to_submit")
    return claim


@CLAIM.action("verify")
def verify_claim(*, actor: Actor, claim: Claim) -> Claim:
    """The act and the invoice agree: it waits for the payment, which another officer records."""
    claim.verified_by = actor.user_id
    return perform(claim, changed=["verified_by"])


@CLAIM.action("send_back")
def send_back(*, actor: Actor, claim: Claim, reason: str, words: str = "") -> Claim:
    """It cannot be paid so: the supplier mends it and sends it again.

    Raises:
        RuleBroken: the reason is none of the list, or nothing is said where the reason needs words.
    """
    if reason not in Claim.ReturnReason.values:
        raise RuleBroken(_("Choose a reason from the list."), code="reason")
    if reason == Claim.ReturnReason.OTHER and not words.strip():
        raise RuleBroken(_("Say in words what the supplier has to mend."), code="words")
    claim.return_reason, claim.verified_by = reason, None
    perform(claim, data={"reason": reason}, note=words.strip(), changed=["return_reason", "verified_by"])
    _tell_supplier(claim, "claim.sent_back", reason=reason)
    return claim


@CLAIM.action("pay")
def record_payment(*, actor: Actor, claim: Claim, paid_on: date, payment_number: str) -> Claim:
    """The local body has paid: the day and the number of the payment order are kept, and the supplier is told.

    Raises:
        RuleBroken: the day is before the claim was sent, or to come; the payment has no number.
    """
    check_payment(actor=actor, case=claim, paid_on=paid_on, payment_number=payment_number)
    claim.paid_on, claim.payment_number = paid_on, payment_number.strip()
    perform(
        claim,
        data={"paid_on": paid_on, "payment": claim.payment_number, "amount": claim.amount},
        changed=["paid_on", "payment_number"],
    )
    _tell_supplier(claim, "claim.paid", day=paid_on.isoformat())
    return claim


def check_payment(*, actor: Actor, case: Claim, paid_on: date, payment_number: str) -> None:
    """Whether a payment can belong to a claim.

    Raises:
        RuleBroken: the payment has no number; its day is before the claim was sent, or to come.
    """
    del actor
    if not payment_number.strip():
        raise RuleBroken(_("Type the number of the payment order."), code="payment_number")
    first = case.submitted_on or case.received_on
    if not first <= paid_on <= clock.today():
        raise RuleBroken(
            _("Choose a day between the one on which it was sent (%(first)s) and today.") % {"first": day_text(first)},
            code="paid_on",
        )


@CLAIM.action("escalate")
def warn_unchecked(*, actor: Actor, claim: Claim) -> Claim:
    """Nobody has checked it in time."""
    return _escalated(claim)


@CLAIM.action("escalate_payment")
def warn_unpaid(*, actor: Actor, claim: Claim) -> Claim:
    """It was checked and is not paid in time."""
    return _escalated(claim)


def _escalated(claim: Claim) -> Claim:
    perform(claim, data={"pay_by": claim.pay_by})
    told = {"number": claim.number, "amount": str(claim.amount)}
    tell_office(claim.territory_code, "claim.late_for_office", case=claim, **told)
    tell_region(claim.territory_code, "claim.late_for_region", case=claim, **told)
    _tell_supplier(claim, "claim.late_for_supplier")
    return claim


def _tell_supplier(claim: Claim, template: str, **context: str) -> None:
    told = {"number": claim.number, "amount": str(claim.amount)} | context
    tell_staff(claim.organisation_id, template, roles=SUPPLIERS, case=claim, **told)
