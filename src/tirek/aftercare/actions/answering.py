"""What the supplier answers to a fault, and what the person says to that."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from tirek.aftercare.actions.faults import needed
from tirek.aftercare.actions.telling import tell, tell_department, tell_of_answer, tell_supplier
from tirek.aftercare.forms import MOST_DAYS
from tirek.aftercare.models import Fault
from tirek.aftercare.queries import last_repair_day
from tirek.aftercare.workflow import FAULT
from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.case.workflow import perform
from tirek.core.errors import RuleBroken
from tirek.ui.text import until_text


@FAULT.action("promise")
def promise(*, actor: Actor, fault: Fault, way: str, ready_on: date, has_loan: bool = False) -> Fault:
    """The supplier repairs it or brings another, at its cost, by a day.

    Raises:
        RuleBroken: the way is not of the list; the day is past, or later than reference ``fault.repair`` allows.
    """
    if way not in Fault.Way.values:
        raise RuleBroken(_("Choose what you will do."), code="way")
    limit = last_repair_day()
    if not clock.today() <= ready_on <= limit:
        raise RuleBroken(_("Choose a day from today to %(limit)s.") % {"limit": until_text(limit)}, code="ready_on")
    fault.way, fault.ready_on, fault.has_loan, fault.price = way, ready_on, has_loan, None
    perform(fault, data={"way": way, "ready_on": ready_on}, changed=["way", "ready_on", "has_loan", "price"])
    tell(fault, f"fault.promised_{way}", day=ready_on.isoformat())
    return fault


def _at_suppliers_cost(fault: Fault) -> None:
    """Whether the person may be asked to pay, or refused.

    Raises:
        RuleBroken: the region has decided for the person.
    """
    if fault.is_ordered:
        raise RuleBroken(
            _("The regional department has decided for the recipient: you repair it or bring another at your cost."),
            next_step=_("Promise a day."),
            code="ordered",
        )


@FAULT.action("name_price")
def name_price(*, actor: Actor, fault: Fault, price: Decimal, repair_days: int) -> Fault:
    """The warranty has ended: the supplier says what a repair costs and how long it takes.

    Raises:
        RuleBroken: it is within the warranty, or the region has decided; price or days are out of bounds.
    """
    _at_suppliers_cost(fault)
    if fault.in_warranty:
        raise RuleBroken(
            _("The warranty has not ended: the repair costs the recipient nothing."),
            next_step=_("Promise a day, or decline with a reason."),
            code="price",
        )
    if price <= 0 or not 0 < repair_days <= MOST_DAYS:
        raise RuleBroken(_("Name a price and from 1 to %(most)s days.") % {"most": MOST_DAYS}, code="price")
    fault.price, fault.repair_days = price, repair_days
    perform(fault, data={"price": price, "days": repair_days}, changed=["price", "repair_days"])
    tell(fault, "fault.priced", price=str(price))
    return fault


@FAULT.action("decline")
def decline_fault(*, actor: Actor, fault: Fault, reason: str, words: str) -> Fault:
    """The supplier does not repair it, and says why; the person may take it to the region.

    Raises:
        RuleBroken: the reason is not of the list, or does not hold; nothing is explained; the region has decided.
    """
    _at_suppliers_cost(fault)
    if reason not in Fault.DeclineReason.values:
        raise RuleBroken(_("Choose a reason from the list."), code="reason")
    if reason == Fault.DeclineReason.WARRANTY and fault.in_warranty:
        raise RuleBroken(
            _("The warranty has not ended."), next_step=_("Promise a day, or choose another reason."), code="reason"
        )
    words = needed(words, "words")
    fault.decline_reason = reason
    perform(fault, data={"reason": reason}, note=words, changed=["decline_reason"])
    tell(fault, "fault.declined")
    return fault


@FAULT.action("accept_price")
def accept_price(*, actor: Actor, fault: Fault) -> Fault:
    """The person pays for the repair: the supplier's days begin today."""
    fault.way = Fault.Way.REPAIR
    fault.ready_on = clock.today() + timedelta(days=fault.repair_days or 1)
    perform(fault, data={"ready_on": fault.ready_on, "price": fault.price}, changed=["way", "ready_on"])
    tell_supplier(fault, "fault.price_accepted")
    tell_of_answer(actor, fault, "accept_price")
    return fault


@FAULT.action("go_to_region")
def go_to_region(*, actor: Actor, fault: Fault, words: str) -> Fault:
    """The person does not agree with the supplier: the region decides.

    Raises:
        RuleBroken: nothing is said.
    """
    perform(fault, note=needed(words, "words"))
    tell_supplier(fault, "fault.with_region_for_supplier")
    tell_of_answer(actor, fault, "go_to_region")
    tell_department(fault, "fault.new_for_region")
    return fault
