"""The goods come: handed over, confirmed, or late."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tirek.core import clock, signing
from tirek.core.actors import Actor, Desk
from tirek.core.case import deadlines
from tirek.core.case.parties import is_organisation
from tirek.core.case.workflow import perform
from tirek.core.database import ratelimit
from tirek.core.errors import NotAllowed, RuleBroken
from tirek.core.signing import codes
from tirek.entitlements import actions as ledger
from tirek.orders import acts, rules
from tirek.orders.actions.keeping import begin_warranty, keep_items, may_be_handed_over, told_numbers
from tirek.orders.actions.telling import tell
from tirek.orders.items import goods_lines, of_an_order
from tirek.orders.models import Delivery, Order
from tirek.orders.queries import is_door_code, last_delivery, next_n, next_quantity
from tirek.orders.workflow import ORDER
from tirek.people.queries import is_close_to

State = Order.State
#: Tries of the code at the door, right or wrong; then the office helps.
DOOR_TRIES: Final = (
    ratelimit.Limit(times=5, within=timedelta(hours=1)),
    ratelimit.Limit(times=20, within=timedelta(days=30)),
)
SIGN_RECEIPT: Final = "order.receipt"


@ORDER.action("hand_over")
def hand_over(*, actor: Actor, order: Order, code: str, quantity: int | None = None, numbers: str = "") -> Order:
    """Goods are handed over: the recipient told the code at the door; the supplier's act is made from what happened.

    Callers count wrong codes with ``check_door_code`` before, so that a failed try is kept.

    Args:
        actor: of the supplier.
        order: the order.
        code: that the recipient told.
        quantity: units that came; what is due next, when not given. The rest stays owed by the promised day.
        numbers: serial or batch numbers of the goods, as they were typed.

    Raises:
        RuleBroken: this is not the order's code; more came than was ordered; the numbers are not those of the goods, or
            of a batch that is on hold.
    """
    if not is_door_code(order, code):
        raise _wrong_code()
    _deliver(order, by=actor, quantity=quantity, numbers=numbers)
    tell(order, "order.handed_over")
    return order


@ORDER.action("hand_over_replacement")
def hand_over_replacement(*, actor: Actor, order: Order, code: str, numbers: str = "") -> Order:
    """Other goods are handed over in exchange for those that were refused; the recipient told the new code.

    Raises:
        RuleBroken: this is not the order's code; the numbers are not those of the goods, or of a batch on hold.
    """
    if not is_door_code(order, code):
        raise _wrong_code()
    _deliver(order, by=actor, numbers=numbers)
    tell(order, "order.handed_over")
    return order


def _deliver(
    order: Order, *, by: Actor, quantity: int | None = None, numbers: str = "", reason: str = "", note: str = ""
) -> None:
    """Write the delivery with its act and items and carry the transition out; ``reason`` says why there was no code.

    Raises:
        RuleBroken: more came than was ordered, or nothing; or other units than those that are exchanged; the numbers
            are not those of the goods, or of a batch that is on hold.
    """
    now, due = clock.now(), next_quantity(order)
    count = due if quantity is None else quantity
    _check_quantity(order, count, due)
    goods = told_numbers(order.kind_code, numbers, count, by_office=bool(reason))
    batches = may_be_handed_over(of_an_order(order), goods)
    before, after = order.received, order.received + count
    shares = [rules.person_share(order.person_part, of=order.quantity, units=units) for units in (before, after)]
    delivery = Delivery(
        order=order,
        n=order.deliveries.count() + 1,
        quantity=count,
        handed_over_at=now,
        handed_over_by=by.account,
        code_matched=not reason,
        person_part=shares[1] - shares[0],
    )
    text = acts.supplier_act(order, delivery, reason=reason, goods=goods_lines(order.kind_code, goods))
    delivery.act, delivery.act_hash = text.encode(), signing.digest(text)
    delivery.save(force_insert=True)
    keep_items(of_an_order(order, delivery), goods, batches)
    told = {"delivery": delivery.pk, "quantity": delivery.quantity, "act": delivery.act_hash.hex()}
    if order.office_task == Order.OfficeTask.LATE:
        order.office_task = ""
    perform(order, data=told | ({"reason": reason} if reason else {}), note=note, changed=["office_task"], at=now)


def _check_quantity(order: Order, count: int, due: int) -> None:
    if order.state == State.REPLACING and count != due:
        raise RuleBroken(
            _("In exchange for what was refused, %(due)s are brought.") % {"due": due}, code="delivered_quantity"
        )
    if not 0 < count <= order.rest:
        raise RuleBroken(
            _("From 1 to %(rest)s can be handed over: that is what is still to come.") % {"rest": order.rest},
            next_step=_("Type how many the recipient really gets now."),
            code="delivered_quantity",
        )


@ORDER.action("confirm_hand_over")
def confirm_hand_over(
    *, actor: Actor, order: Order, reason: str, note: str = "", quantity: int | None = None, numbers: str = ""
) -> Order:
    """An officer confirms that the goods came although the recipient could tell no code; the receipt is still the
    person's to sign.

    Raises:
        NotAllowed: the officer is the person, or one of the two ever represented the other.
        RuleBroken: the reason is not of the list; more came than was ordered; or the numbers are not of the goods.
    """
    if is_close_to(actor, order.person_id):
        raise NotAllowed
    if reason not in Order.NoCodeReason.values:
        raise RuleBroken(_("Choose a reason from the list."), code="reason")
    _deliver(order, by=actor, quantity=quantity, numbers=numbers, reason=reason, note=note)
    tell(order, "order.handed_over_by_office")
    return order


def _wrong_code() -> RuleBroken:
    return RuleBroken(
        _("This is not the code of the order."),
        next_step=_("Ask the recipient to read the six digits from the order's page or from the message."),
        code="door_code",
    )


def check_door_code(*, actor: Actor, order: Order, code: str) -> None:
    """Count a try and check the code told at the door, outside of any transaction.

    Raises:
        NotAllowed: the order is another supplier's.
        TooMany: five tries in an hour, or twenty in thirty days, for this order.
        RuleBroken: this is not the order's code; what is no code at all is no try.
    """
    if not is_organisation(actor, order):
        raise NotAllowed
    if not codes.read_code(code):
        raise _wrong_code()
    ratelimit.hit("order.door_code", str(order.pk), limits=DOOR_TRIES)
    if not is_door_code(order, code):
        raise _wrong_code()


def hand_over_at_door(
    *, actor: Actor, order: Order, code: str, quantity: int | None = None, numbers: str = ""
) -> Order:
    """What the supplier does at the door: the code is counted as a try first, then the goods are handed over.

    Raises:
        NotAllowed, TooMany, RuleBroken: as ``check_door_code`` and ``hand_over``.
    """
    check_door_code(actor=actor, order=order, code=code)
    return hand_over(actor=actor, order=order, code=code, quantity=quantity, numbers=numbers)


def replace_at_door(*, actor: Actor, order: Order, code: str, numbers: str = "") -> Order:
    """What the supplier does at the door with the other goods: the code is counted as a try first.

    Raises:
        NotAllowed, TooMany, RuleBroken: as ``check_door_code`` and ``hand_over_replacement``.
    """
    check_door_code(actor=actor, order=order, code=code)
    return hand_over_replacement(actor=actor, order=order, code=code, numbers=numbers)


@ORDER.action("warn_late")
def warn_late(*, actor: Actor, order: Order) -> Order:
    """The promised day has passed: the person may cancel without reason or wait; the office is asked to see to it."""
    order.office_task = order.office_task or Order.OfficeTask.LATE
    perform(order, data={"ready_on": order.ready_on}, changed=["office_task"])
    tell(order, "order.late", day=order.ready_on.isoformat() if order.ready_on else "")
    return order


@ORDER.action("confirm")
def confirm_receipt(*, actor: Actor, order: Order, signature_id: UUID) -> Order:
    """The person confirms the receipt by a signature; what came is consumed, and with the last of it the replacement
    term starts. Where more is to come the order goes on.

    Raises:
        RuleBroken: not signed, or the receipt of an earlier hand-over was signed; the officer at the counter is the one
            who entered the order.
    """
    signature = signing.signed(signature_id, purpose=SIGN_RECEIPT, case_id=order.pk)
    delivery = last_delivery(order)
    if delivery is None:
        raise RuleBroken(_("Nothing has been handed over yet."), code="no_delivery")
    if delivery.n > 1:
        _is_of(signature, delivery)
    if signature.strength == signing.Signature.Strength.PAPER:
        require_second_officer(actor, order, delivery)
    now = clock.now()
    delivery.signature_id, delivery.confirmed_at = signature.pk, now
    delivery.save(update_fields=["signature_id", "confirmed_at"])
    begin_warranty(delivery.items.all())
    received, changed = order.received + delivery.quantity, ["office_task"]
    is_all, order.office_task = received == order.quantity, ""
    if not is_all:
        before, order.received_so_far = order.received_so_far, received
        changed += ["received_so_far", *_next_month(order, before)]
        if order.ready_on is not None and order.ready_on < clock.today():
            # the clock has told of this day already, and does not tell of it twice
            order.office_task = Order.OfficeTask.LATE
    target = State.RECEIVED if is_all else State.IN_PREPARATION
    told = {"signature": signature.pk, "delivery": delivery.pk}
    perform(order, to=target, data=told, changed=changed, at=now)
    ledger.consume(
        case_id=order.pk, line_id=order.line_id, quantity=delivery.quantity, part=delivery.n, on=clock.today()
    )
    if is_all:
        tell(order, "order.received")
    else:
        day = order.ready_on.isoformat() if order.ready_on else ""
        left, n = str(order.quantity - received), str(next_n(order))
        tell(order, "order.part_received", received=str(received), left=left, day=day, n=n)
    return order


def _is_of(signature: signing.Signature, delivery: Delivery) -> None:
    """A signature for an earlier hand-over of the order says nothing of this one.

    Raises:
        RuleBroken: it was asked for before these goods came, or confirmed others.
    """
    is_used = Delivery.objects.filter(order=delivery.order_id, signature_id=signature.pk).exists()
    if is_used or signature.created_at < delivery.handed_over_at:
        raise RuleBroken(
            _("This signature belongs to an earlier hand-over of the order."),
            next_step=_("Ask for a new code."),
            code="earlier_hand_over",
        )


def _next_month(order: Order, before: int) -> list[str]:
    """The promised day of the next monthly part: a month later for each whole part that has come, so that less than a
    part moves nothing; returns what changed.
    """
    months = rules.parts_between(order.quantity, parts=order.monthly_parts, before=before, after=order.received_so_far)
    if not months or order.ready_on is None:
        return []
    order.ready_on = deadlines.add_months(order.ready_on, months)
    return ["ready_on"]


def require_second_officer(actor: Actor, order: Order, delivery: Delivery) -> None:
    """Whether this officer may record that the person signed the receipt on paper.

    Raises:
        RuleBroken: the officer entered the order, or confirmed its hand-over without the code.
    """
    if actor.desk is Desk.OFFICER and actor.user_id in {order.placed_by, delivery.handed_over_by}:
        raise RuleBroken(
            _(
                "Another officer records the paper signature: you entered this order or confirmed its hand-over "
                "yourself."
            ),
            next_step=_("Ask a colleague, or let the person sign with a code."),
            code="two_persons",
        )


@ORDER.action("remind")
def remind_of_confirmation(*, actor: Actor, order: Order) -> Order:
    """Remind the person to confirm or refuse."""
    perform(order)
    tell(order, "order.confirm_reminder")
    return order


@ORDER.action("call_office")
def call_office(*, actor: Actor, order: Order) -> Order:
    """Nobody answered: an officer is asked to call or visit. Never a silent confirmation."""
    order.office_task = order.office_task or Order.OfficeTask.CONFIRMATION
    return perform(order, changed=["office_task"])
