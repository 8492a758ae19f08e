"""The person refuses what was brought, and what the supplier does then."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.case.workflow import perform
from tirek.core.errors import NotAllowed, RuleBroken
from tirek.correspondence.actions import write
from tirek.correspondence.talks import talk
from tirek.files.rules import Unsuitable
from tirek.orders.actions.ending import end
from tirek.orders.actions.keeping import end_items, give_back_items, hold_of_refusal
from tirek.orders.actions.telling import tell
from tirek.orders.case_types import ORDERS
from tirek.orders.models import Item, Order
from tirek.orders.queries import last_day_of, last_delivery, next_n
from tirek.orders.workflow import ORDER
from tirek.organisations.telling import tell_region
from tirek.people.queries import is_close_to
from tirek.ui.text import day_text, until_text

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

State = Order.State


@ORDER.action("refuse")
def refuse_delivery(*, actor: Actor, order: Order, reason: str, note: str = "") -> Order:
    """The person does not accept what was brought; a refusal never burns the entitlement.

    Raises:
        RuleBroken: the reason is not of the list.
    """
    if reason not in Order.RefusalReason.values:
        raise RuleBroken(_("Choose a reason from the list."), code="reason")
    order.refusal_reason, order.office_task = reason, ""
    delivery, data = last_delivery(order), {"reason": reason}
    if delivery is not None:
        delivery.refused_at = clock.now()
        delivery.save(update_fields=["refused_at"])
        if reason == Order.RefusalReason.REACTION:
            hold_of_refusal(delivery)
        end_items(delivery.items.all(), Item.Ended.REFUSED)
        data["delivery"] = str(delivery.pk)
    perform(order, data=data, note=note, changed=["refusal_reason", "office_task"])
    if actor.person_id != order.person_id:
        tell(order, "order.refused_for_you", but=actor.user_id, reason=reason)
    return order


@ORDER.action("take_back")
def take_back(*, actor: Actor, order: Order) -> Order:
    """The supplier takes the refused goods back; the entitlement is free."""
    return end(order, Order.CancelReason.TAKEN_BACK, tells="order.taken_back")


@ORDER.action("decide_for_person")
def decide_for_person(*, actor: Actor, order: Order) -> Order:
    """The supplier did not answer the refusal in time: it is decided for the person, the entitlement is free."""
    return end(order, Order.CancelReason.NO_ANSWER, tells="order.taken_back")


def last_replacement() -> date:
    """The last day by which a supplier may promise other goods today."""
    return last_day_of(clock.now(), "order.replacement")


def _to_be_replaced(order: Order, replace_by: date) -> None:
    """What an order needs before its goods are exchanged.

    Raises:
        RuleBroken: the day is past, or later than reference ``order.replacement`` allows.
    """
    limit = last_replacement()
    if not clock.today() <= replace_by <= limit:
        raise RuleBroken(_("Choose a day from today to %(limit)s.") % {"limit": until_text(limit)}, code="replace_by")
    order.replace_by = replace_by


def _tell_of_replacement(order: Order, template: str) -> None:
    day = order.replace_by.isoformat() if order.replace_by else ""
    tell(order, template, day=day, n=str(next_n(order)))


@ORDER.action("replace")
def replace_goods(*, actor: Actor, order: Order, replace_by: date) -> Order:
    """The supplier agrees with the refusal and brings other goods by a day; the entitlement stays held for them.

    Raises:
        RuleBroken: the day is past, or later than reference ``order.replacement`` allows.
    """
    _to_be_replaced(order, replace_by)
    perform(order, data={"replace_by": replace_by}, changed=["replace_by"])
    _tell_of_replacement(order, "order.replacing")
    return order


@ORDER.action("lapse_replacement")
def lapse_replacement(*, actor: Actor, order: Order) -> Order:
    """No other goods came in time: it is decided for the person, the entitlement is free."""
    return end(order, Order.CancelReason.NOT_REPLACED, tells="order.not_replaced")


@ORDER.action("dispute")
def dispute_refusal(*, actor: Actor, order: Order, words: str) -> Order:
    """The supplier does not agree with the refusal, and says why: the commission examines it.

    Raises:
        RuleBroken: nothing is said.
    """
    if not words.strip():
        raise RuleBroken(_("Say why you do not agree: the commission and the recipient read it."), code="words")
    perform(order, data={"words": True}, note=words.strip())
    tell(order, "order.disputed")
    return order


@dataclass(frozen=True, slots=True)
class Conclusion:
    """A conclusion of the commission: its number, its day, and its reasons in words."""

    number: str
    day: date
    reasons: str

    @property
    def told(self) -> str:
        """The conclusion as the journal keeps it, the same in every language."""
        return f"№ {self.number.strip()}, {self.day:%d.%m.%Y}. {self.reasons.strip()}"


@ORDER.action("decide_dispute")
def decide_dispute(*, actor: Actor, order: Order, decision: str, conclusion: Conclusion) -> Order:
    """An officer records what the commission has decided of a refusal; the office never decides it itself.

    Raises:
        NotAllowed: the officer is the person, or one of the two ever represented the other.
        RuleBroken: the decision is none of the list, or its conclusion has no number, no reasons or a day to come; the
            officer entered the order.
    """
    if is_close_to(actor, order.person_id):
        raise NotAllowed
    if actor.user_id == order.placed_by:
        raise RuleBroken(
            _("Another officer records the conclusion: you entered this order yourself."),
            next_step=_("Ask a colleague."),
            code="two_persons",
        )
    _check_conclusion(order, decision, conclusion)
    told = {"decision": decision, "conclusion": conclusion.number.strip(), "day": conclusion.day}
    order.office_task = ""
    match Order.Decision(decision):
        case Order.Decision.FOR_PERSON:
            return end(
                order,
                Order.CancelReason.COMMISSION,
                tells="order.decided_for_person",
                note=conclusion.told,
                data=told,
            )
        case Order.Decision.REPLACE:
            order.replace_by, target, template = last_replacement(), State.REPLACING, "order.decided_replace"
        case Order.Decision.FOR_SUPPLIER:
            target, template = State.AWAITING_CONFIRMATION, "order.decided_for_supplier"
            _answered_no_more(order)
    changed = ["office_task", "replace_by", "refusal_reason"]
    perform(order, to=target, data=told, note=conclusion.told, changed=changed)
    _tell_of_replacement(order, template)
    return order


def _check_conclusion(order: Order, decision: str, conclusion: Conclusion) -> None:
    if decision not in Order.Decision.values:
        raise RuleBroken(_("Choose what the commission has decided."), code="decision")
    if not conclusion.number.strip():
        raise RuleBroken(_("Type the number of the commission's conclusion."), code="number")
    if not conclusion.reasons.strip():
        raise RuleBroken(_("Write the commission's reasons: both sides read them."), code="reasons")
    disputed = order.state_since.astimezone(clock.COUNTRY_ZONE).date()
    if not disputed <= conclusion.day <= clock.today():
        raise RuleBroken(
            _("The day of the conclusion is between %(first)s and today.") % {"first": day_text(disputed)}, code="day"
        )


def _answered_no_more(order: Order) -> None:
    """What was refused waits for the person's answer again."""
    order.refusal_reason = ""
    delivery = last_delivery(order)
    if delivery is not None:
        delivery.refused_at = None
        delivery.save(update_fields=["refused_at"])
        give_back_items(delivery)


@ORDER.action("escalate_dispute")
def escalate_dispute(*, actor: Actor, order: Order) -> Order:
    """No conclusion came in time: the office is asked to see to it, the region and both sides are told."""
    order.office_task = Order.OfficeTask.DISPUTE
    perform(order, changed=["office_task"])
    tell(order, "order.decision_late")
    tell_region(order.territory_code, "order.decision_late_for_region", case=order, number=order.number)
    return order


def refuse_with_photo(
    *, actor: Actor, order: Order, reason: str, note: str = "", photo: "UploadedFile[bytes] | None" = None
) -> Order:
    """Refuse the goods, and show what is wrong with them; both or nothing.

    Raises:
        RuleBroken: as for ``refuse_delivery``; with the code ``photo`` when the file is none that may be kept.
        TooMany: the account wrote too many messages today; without the photo it refuses all the same.
    """
    with transaction.atomic():
        refused = refuse_delivery(actor=actor, order=order, reason=reason, note=note)
        if photo is not None:
            about = talk(ORDERS.code)
            words = [str(order.get_refusal_reason_display()).capitalize(), note.strip()]
            try:
                write(
                    actor=actor,
                    talk=about,
                    key=order.pk,
                    text=". ".join(filter(None, words)),
                    readers=[one.value for one in about.others(actor, order)],
                    topic="delivery",
                    upload=photo,
                )
            except Unsuitable as unfit:
                raise RuleBroken(unfit.message, next_step=unfit.next_step, code="photo") from unfit
    return refused
