"""Verbs of an order of a part: asked for, answered, sent, received, or not."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tirek.aftercare.actions.faults import held_item, locked_item, needed
from tirek.aftercare.actions.telling import said
from tirek.core import clock, drafts
from tirek.core.actors import Actor
from tirek.core.case.workflow import perform, repeated
from tirek.core.database import locks
from tirek.core.errors import NotFound, RuleBroken
from tirek.core.keys import key_of, read_key
from tirek.core.numbers import Series
from tirek.core.typed import shown_amount
from tirek.orders.models import Item
from tirek.orders.queries import last_day_of
from tirek.parts import queries
from tirek.parts.actions.telling import tell, tell_department, tell_of_answer, tell_supplier
from tirek.parts.forms import ASK_FORM, FORM_VERSION, AskForm
from tirek.parts.models import Part, PartOrder
from tirek.parts.rules import Pays
from tirek.parts.workflow import PART_ORDER
from tirek.ui.draftform import answers
from tirek.ui.text import day_text, paid_text, until_text

NUMBERS: Final = Series("ҚБ", "parts_order_number")
#: From this time on that something else came the region is told.
TELLS_REGION: Final = 2
_SEEN: Final = f"{drafts.SHOWN}amount"


@PART_ORDER.action("ask")
def ask_for_part(*, actor: Actor, draft_key: UUID, final: Mapping[str, str] | None = None) -> PartOrder:
    """Ask for a part from a draft; the same draft sent again gives the same order. Its stock is taken at once.

    ``final`` holds the amount that the page had shown: another one is never taken in silence.

    Raises:
        DraftLost, HeldElsewhere: the draft is not the actor's to send.
        NotFound: the thing is not the person's, or there is no such part of it.
        RuleBroken: something is missing; the price, the stock or the rule has changed; the supplier takes no orders; an
            order of this part for this thing is open.
    """
    draft = drafts.lock_for_submit(actor, draft_key, form=ASK_FORM)
    if draft.case_id is not None:
        return repeated(PartOrder.objects.get(pk=draft.case_id))
    drafts.check_version(draft.form_version, present=FORM_VERSION)
    typed = draft.values()
    given = answers([("how", AskForm(typed))])
    drafts.check_shown(draft, final)
    part = locked_part(key_of(typed.get("part", "")))
    item = _thing(actor, typed.get("item", ""), draft.subject_id)
    rule, price = _checked(item, part), part.current
    if price is None or item.organisation_id is None:
        raise NotFound
    quantity = given["quantity"]
    to_pay = queries.person_part(price.price, quantity, rule)
    _check_seen(final, to_pay)
    if part.stock < quantity:
        raise RuleBroken(
            _("The supplier has only %(left)s left.") % {"left": part.stock},
            next_step=_("Order fewer, or report a fault of the thing: then the supplier has to answer."),
            code="stock",
        )
    order = PartOrder(
        number=NUMBERS.take(),
        territory_code=item.person.territory_id,
        person=item.person,
        item=item,
        part=part,
        price=price,
        organisation_id=item.organisation_id,
        asked_by=actor.account,
        quantity=quantity,
        payer=PartOrder.Payer.WARRANTY if rule.pays is Pays.WARRANTY else PartOrder.Payer.PERSON,
        person_part=to_pay,
        delivery_days=part.delivery_days,
        address=given["address"],
        phone=given["phone"],
        comment=said(given["comment"]),
    )
    Part.objects.filter(pk=part.pk).update(stock=part.stock - quantity)
    perform(
        order,
        data={
            "item": item.pk,
            "part": part.pk,
            "price": price.pk,
            "payer": order.payer,
            "quantity": quantity,
            "person_part": to_pay,
            "draft": draft.pk,
        },
    )
    drafts.mark_submitted(draft, order)
    tell(order, "part.asked")
    tell_of_answer(actor, order, "ask")
    tell_supplier(order, "part.new_for_supplier")
    return order


def locked_part(key: UUID) -> Part:
    """A part, locked until the transaction ends: its price and its stock stay as they are read.

    Raises:
        NotFound: there is none.
    """
    found = locks.lock_rows(Part, [key]).get(key)
    if found is None:
        raise NotFound
    return found


def _thing(actor: Actor, typed: str, person_id: UUID | None) -> Item:
    """The thing of a draft, read again with all that the rule reads, and locked.

    Raises:
        NotFound: it is somebody else's.
        RuleBroken: it came back, or is not received yet.
    """
    item = held_item(actor, typed, person_id)
    locked_item(item)
    found = queries.rows_of_things().get(pk=item.pk)
    if found.received_on is None:
        raise RuleBroken(
            _("You have not confirmed the receipt of this thing."),
            next_step=_("Open the order or the purchase and confirm the receipt, or refuse the goods there."),
            code="not_received",
        )
    return found


def _checked(item: Item, part: Part) -> queries.Rule:
    """Whether a part of a thing can be ordered now, and who pays.

    Raises:
        RuleBroken: it does not fit or is not ordered any more; the supplier takes no orders; the term of use is over;
            an order of it is open.
    """
    if not queries.fitting(item).filter(pk=part.pk).exists():
        raise RuleBroken(
            _("This part is no longer on the supplier's list for this thing."),
            next_step=_("Open the parts of the thing and choose another one."),
            code="gone",
        )
    if not queries.takes_orders(item):
        raise RuleBroken(
            _("This supplier takes no new orders now."),
            next_step=_("Report a fault of the thing: the supplier still has to answer it."),
            code="supplier_suspended",
        )
    rule = queries.rule_of(item, part)
    if rule.pays is Pays.ANEW:
        message = (
            _("The term of use ended. First day on which the thing itself can be ordered anew: %(day)s.")
            % {"day": day_text(rule.anew)}
            if rule.anew is not None and rule.is_over
            else _("No parts are ordered here after the warranty.")
        )
        raise RuleBroken(message, next_step=_("Open your programme and order the thing itself."), code="anew")
    if PartOrder.objects.filter(item=item, part=part, state__in=PartOrder.open_states()).exists():
        raise RuleBroken(
            _("An order of this part for this thing is open already."),
            next_step=_("Open the parts of the thing to see what happens with it."),
            code="open_already",
        )
    return rule


def _check_seen(final: Mapping[str, str] | None, to_pay: Decimal) -> None:
    """Whether the page had shown what the person pays; a press that says nothing of it comes from no page.

    Raises:
        RuleBroken: it had shown another amount, or none.
    """
    if final is None or _SEEN not in final:
        return
    seen = shown_amount(final[_SEEN])
    if seen is None or seen != to_pay:
        raise RuleBroken(
            _("What is to be paid has changed: it was %(old)s, now it is %(new)s.")
            % {"old": "–" if seen is None else paid_text(seen), "new": paid_text(to_pay)},
            next_step=_("Look at the amounts below, then send again. Nothing was sent yet."),
            code="amounts",
        )


def last_promise(order: PartOrder) -> date:
    """The last day that a supplier may promise today: by its own days to deliver, as they were when it was asked."""
    return clock.today() + timedelta(days=order.delivery_days)


@PART_ORDER.action("accept")
def accept_part(*, actor: Actor, order: PartOrder, ready_on: date) -> PartOrder:
    """The supplier brings it by a day.

    Raises:
        RuleBroken: the day is past, or later than its own days to deliver allow.
    """
    limit = last_promise(order)
    if not clock.today() <= ready_on <= limit:
        raise RuleBroken(_("Choose a day from today to %(limit)s.") % {"limit": until_text(limit)}, code="ready_on")
    order.ready_on = ready_on
    perform(order, data={"ready_on": ready_on}, changed=["ready_on"])
    tell(order, "part.accepted", day=ready_on.isoformat())
    return order


@PART_ORDER.action("decline")
def decline_part(*, actor: Actor, order: PartOrder, reason: str, instead: str = "", words: str = "") -> PartOrder:
    """The supplier does not bring it, says why, and may name another part that fits the same thing.

    Raises:
        RuleBroken: the reason is not of the list; another part is the right one and none is named; it does not fit.
    """
    if reason not in PartOrder.DeclineReason.values:
        raise RuleBroken(_("Choose a reason from the list."), code="reason")
    if reason == PartOrder.DeclineReason.OTHER_PART and not instead:
        raise RuleBroken(_("Name the part that is the right one, or choose another reason."), code="instead")
    if instead and instead not in queries.others_of(order):
        raise RuleBroken(_("Choose a part from the list."), code="instead")
    order.decline_reason, order.instead_id = reason, read_key(instead) if instead else None
    perform(
        order,
        data={"reason": reason, "instead": order.instead_id},
        note=said(words),
        changed=["decline_reason", "instead"],
    )
    _give_back(order)
    tell(order, "part.declined")
    return order


def _give_back(order: PartOrder) -> None:
    """The pieces that an order had taken are in stock again."""
    part = locked_part(order.part_id)
    Part.objects.filter(pk=part.pk).update(stock=part.stock + order.quantity)


@PART_ORDER.action("lapse")
def lapse_part(*, actor: Actor, order: PartOrder) -> PartOrder:
    """The supplier did not answer: it ends, and the region hears of it."""
    perform(order)
    _give_back(order)
    tell(order, "part.lapsed")
    tell_supplier(order, "part.lapsed_for_supplier")
    tell_department(order, "part.lapsed_for_region")
    return order


@PART_ORDER.action("send")
def send_part(*, actor: Actor, order: PartOrder, note: str = "") -> PartOrder:
    """It was sent, or handed over: the person is asked whether it came."""
    perform(order, note=said(note))
    tell(order, "part.sent")
    return order


@PART_ORDER.action("warn")
def warn_late(*, actor: Actor, order: PartOrder) -> PartOrder:
    """The promised day has passed: the region and the person are told."""
    perform(order)
    tell(order, "part.late")
    tell_supplier(order, "part.late_for_supplier")
    tell_department(order, "part.late_for_region")
    return order


@PART_ORDER.action("confirm")
def confirm_part(*, actor: Actor, order: PartOrder) -> PartOrder:
    """The person has it."""
    perform(order)
    tell_supplier(order, "part.received_for_supplier")
    tell_of_answer(actor, order, "confirm")
    return order


@PART_ORDER.action("not_right")
def not_right(*, actor: Actor, order: PartOrder, words: str) -> PartOrder:
    """Something else came, or nothing: the supplier brings the right one, and the region hears of the second time.

    Raises:
        RuleBroken: nothing is said.
    """
    words = needed(words, "words")
    order.came_wrong += 1
    order.ready_on = last_day_of(clock.now(), "parts.again")
    perform(
        order,
        data={"ready_on": order.ready_on, "times": order.came_wrong},
        note=words,
        changed=["came_wrong", "ready_on"],
    )
    tell_supplier(order, "part.not_right_for_supplier")
    tell_of_answer(actor, order, "not_right")
    if order.came_wrong >= TELLS_REGION:
        tell_department(order, "part.not_right_for_region", times=str(order.came_wrong))
    return order


@PART_ORDER.action("remind")
def remind_of_receipt(*, actor: Actor, order: PartOrder) -> PartOrder:
    """The person has not said whether it came."""
    perform(order)
    tell(order, "part.confirm_reminder")
    return order


@PART_ORDER.action("cancel")
def cancel_part(*, actor: Actor, order: PartOrder) -> PartOrder:
    """The person does not want it any more; nothing was sent yet."""
    perform(order)
    _give_back(order)
    tell_supplier(order, "part.cancelled_for_supplier")
    tell_of_answer(actor, order, "cancel")
    return order
