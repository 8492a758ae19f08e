"""Verbs of orders, bound to the table of ``workflow.py``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from tirek.catalogue import actions as stock
from tirek.catalogue.models import GuaranteedAmount
from tirek.catalogue.queries import ToOrder, fit_for, guaranteed_amount, version_to_order
from tirek.catalogue.rules import Verdict, delivers_to
from tirek.core import clock, drafts, signing
from tirek.core.actors import Actor, Desk
from tirek.core.case import deadlines
from tirek.core.case.parties import is_organisation
from tirek.core.case.workflow import perform, repeated
from tirek.core.database import locks, ratelimit
from tirek.core.drafts import Draft
from tirek.core.errors import NotAllowed, NotFound, RuleBroken
from tirek.core.numbers import Series
from tirek.core.signing import codes
from tirek.entitlements import actions as ledger
from tirek.entitlements.models import Line
from tirek.orders import acts, rules
from tirek.orders.models import Delivery, Order
from tirek.orders.promises import check_acceptance
from tirek.orders.queries import MOMENT, is_door_code, last_day_of, last_delivery, money_back_by
from tirek.orders.requests import FORM, OrderRequest, changed_quantity, parse
from tirek.orders.workflow import ORDER
from tirek.people.actions import record_consent, require_agreement
from tirek.people.models import Consent
from tirek.people.queries import is_close_to
from tirek.people.telling import tell_person
from tirek.suppliers.models import Supplier
from tirek.suppliers.queries import account_of
from tirek.ui.text import paid_text

NUMBERS: Final = Series("ТС", "orders_order_number")
State = Order.State
#: Cancelled orders of a person; somebody who cannot decide is helped, and nobody plays with other people's stock.
CANCELS: Final = (
    ratelimit.Limit(times=5, within=timedelta(hours=1)),
    ratelimit.Limit(times=10, within=timedelta(days=1)),
)
#: Tries of the code at the door, right or wrong; then the office helps.
DOOR_TRIES: Final = (
    ratelimit.Limit(times=5, within=timedelta(hours=1)),
    ratelimit.Limit(times=20, within=timedelta(days=30)),
)
SIGN_RECEIPT: Final = "order.receipt"
#: What a person signs when an officer enters an order; the signature belongs to the draft.
SIGN_ORDER: Final = "order.agreement"


def tell(order: Order, template: str, *, but: UUID | None = None, **context: str) -> None:
    """Tell the person and who represents the person; ``but`` is who has just done it."""
    facts = {"number": order.number, "kind": order.kind_code, **context}
    tell_person(order.person_id, template, case=order, but=but, **facts)


@dataclass(frozen=True, slots=True)
class _Checked:
    """What an order rests on, all of it checked."""

    line: Line
    wanted: ToOrder
    guaranteed: GuaranteedAmount
    split: rules.PriceSplit


def _check(actor: Actor, draft: Draft, request: OrderRequest, today: date) -> _Checked:
    try:
        line = ledger.lock_line(request.line_id)
    except Line.DoesNotExist as error:
        raise NotFound from error
    person = line.person
    if draft.subject_id != person.pk or (actor.desk is Desk.RECIPIENT and actor.subject_id != person.pk):
        raise NotFound
    require_agreement(actor, person)
    wanted = version_to_order(request.version_id)
    if wanted.kind_code != line.kind_id:
        raise RuleBroken(_("This offer is of another kind than the item of your programme."), code="kind")
    if not wanted.supplier_takes_orders(today):
        raise RuleBroken(
            _("This supplier takes no new orders now."),
            next_step=_("Choose another offer: what you typed is kept."),
            code="supplier_suspended",
        )
    if not delivers_to(wanted.delivers_to, person.territory_id):
        raise RuleBroken(
            _("This supplier does not deliver to your district."), next_step=_("Choose another offer."), code="place"
        )
    if (
        not request.fit_acknowledged
        and fit_for(person, line.recommended, wanted.parameters, on=today).verdict is Verdict.DOES_NOT_FIT
    ):
        raise RuleBroken(
            _("By your measurements this does not fit."),
            next_step=_("Choose another size, or tick that you want to order it all the same."),
            code="does_not_fit",
        )
    guaranteed = guaranteed_amount(line.kind_id, territory_code=person.territory_id, on=today)
    split = rules.split_price(price=wanted.price, quantity=request.quantity, guaranteed=guaranteed.amount)
    if request.seen_quantity not in {None, request.quantity}:
        raise RuleBroken(
            changed_quantity(request.seen_quantity, request.quantity),
            next_step=_("Look at the amounts below, then send again. Nothing was sent yet."),
            code="amounts",
        )
    if request.seen_part is not None and request.seen_part != split.person:
        raise RuleBroken(
            _("What is to be paid has changed: it was %(old)s, now it is %(new)s.")
            % {"old": paid_text(request.seen_part), "new": paid_text(split.person)},
            next_step=_("Look at the amounts below, then send again. Nothing was sent yet."),
            code="amounts",
        )
    return _Checked(line, wanted, guaranteed, split)


@ORDER.action("submit")
def submit_order(
    *, actor: Actor, draft_key: UUID, final: Mapping[str, str] | None = None, signature_id: UUID | None = None
) -> Order:
    """Send an order from a draft: reserve the entitlement and the stock, and give the number.

    The same draft sent again gives the same order. At the counter the officer submits for the person of the draft, who
    has agreed to exactly these words by ``signature_id`` (portal.md section 8): the record says who typed and who
    decided. ``final`` holds the answers of the check page itself (consent, acknowledgement), which are given with the
    button.

    Raises:
        DraftLost, HeldElsewhere: the draft is not the actor's to send.
        RuleBroken: something is missing or does not hold any more; nothing is reserved and nothing typed is lost.
    """
    draft = drafts.lock_for_submit(actor, draft_key, form=FORM)
    if draft.case_id is not None:
        return repeated(Order.objects.get(pk=draft.case_id))
    request, today = parse({**draft.values(), **(final or {})}, form_version=draft.form_version), clock.today()
    checked = _check(actor, draft, request, today)
    drafts.check_shown(draft, final)
    line, wanted, person = checked.line, checked.wanted, checked.line.person
    agreed = _agreement(draft, checked, request, signature_id) if actor.desk is Desk.OFFICER else None
    order = Order(
        number=NUMBERS.take(),
        territory_code=person.territory_id,
        person=person,
        line=line,
        version_of_offer_id=wanted.version_id,
        supplier_id=wanted.supplier_id,
        organisation_id=wanted.organisation_id,
        kind_code=line.kind_id,
        quantity=request.quantity,
        unit_price=wanted.price,
        guaranteed_amount=checked.guaranteed.amount * request.quantity,
        guaranteed_reference=checked.guaranteed.pk,
        budget_part=checked.split.budget,
        person_part=checked.split.person,
        payer_code=f"{person.territory_id[:2]}0000000",
        placed_on=today,
        placed_by=actor.account,
        channel=actor.channel.value,
        address=request.address,
        phone=request.phone,
        comment=request.comment,
        fit_acknowledged=request.fit_acknowledged,
        consent_version=request.consent_version,
        # a first order ends the wait for what the programme gives; a later one begins its own
        waits_since=None if line.last_received_on else line.created_at.astimezone(clock.COUNTRY_ZONE).date(),
    )
    stock.take_stock(wanted.variant_id, request.quantity)
    ledger.reserve(line, quantity=request.quantity, case_id=order.pk, on=today)
    perform(
        order,
        data={
            "line": line.pk,
            "version": wanted.version_id,
            "quantity": request.quantity,
            "budget": checked.split.budget,
            "person_part": checked.split.person,
            "guaranteed": checked.guaranteed.pk,
            "draft": draft.pk,
            "consent": request.consent_version,
            "typed_by": actor.user_id,
            "decided_by": agreed.signer_user_id if agreed else actor.user_id,
            "signature": agreed.pk if agreed else None,
        },
    )
    record_consent(actor=actor, person=person, purpose=Consent.Purpose.ORDER, text_version=request.consent_version)
    drafts.mark_submitted(draft, order)
    tell(order, "order.submitted")
    return order


def _agreement(draft: Draft, checked: _Checked, request: OrderRequest, signature_id: UUID | None) -> signing.Signature:
    """The signature by which the person agreed to this order at the counter.

    Raises:
        RuleBroken: there is none, or it was given for other words.
    """
    if signature_id is None:
        raise RuleBroken(
            _("The person has not agreed to this order yet."),
            next_step=_("Send a code to the person's phone, or let the person sign the printed page."),
            code="not_agreed",
        )
    signature = signing.signed(signature_id, purpose=SIGN_ORDER, case_id=draft.pk)
    with translation.override(signature.language):
        words = acts.order_text(checked.line, request, checked.split)
    if signing.digest(words) != bytes(signature.text_hash):
        raise RuleBroken(
            _("Something has changed since the person agreed."),
            next_step=_("Let the person read the page again and agree once more."),
            code="agreed_to_other_words",
        )
    return signature


def words_to_agree_to(draft: Draft, final: Mapping[str, str]) -> tuple[str, Decimal]:
    """What the person of a complete draft would agree to at the counter, in the present language, and what the person
    would pay, tenge.

    Raises:
        RuleBroken: something is missing; ``code`` names the step.
        NotFound: the line or the offer is gone.
    """
    request = parse({**draft.values(), **final}, form_version=draft.form_version)
    line = Line.objects.select_related("person").filter(pk=request.line_id, person=draft.subject_id).first()
    if line is None:
        raise NotFound
    guaranteed = guaranteed_amount(line.kind_id, territory_code=line.person.territory_id, on=clock.today())
    price = version_to_order(request.version_id).price
    split = rules.split_price(price=price, quantity=request.quantity, guaranteed=guaranteed.amount)
    return acts.order_text(line, request, split), split.person


@ORDER.action("accept")
def accept_order(*, actor: Actor, order: Order, ready_on: date) -> Order:
    """The supplier takes the order, promises a day, and the price is frozen.

    Raises:
        RuleBroken: the day is past, or later than the offer's term or reference ``order.delivery`` allows; the office
            first looks whether the order goes on.
    """
    check_acceptance(order, ready_on)
    order.ready_on = ready_on
    target = State.AWAITING_TOP_UP if order.person_part > Decimal(0) else State.ACCEPTED
    if target == State.AWAITING_TOP_UP:
        order.pay_by = last_day_of(clock.now(), "order.top_up")
        order.record_by = last_day_of(deadlines.end_of_day(order.pay_by) - MOMENT, "order.top_up_record")
        # details that are entered meanwhile find the order waiting, or are read here
        locks.lock_rows(Supplier, [order.supplier_id])
        account = account_of(order.supplier_id)
        order.pay_to = account.pk if account else None
    told = {"ready_on": ready_on, **({"account": order.pay_to} if order.pay_to else {})}
    perform(order, to=target, data=told, changed=["ready_on", "pay_by", "record_by", "pay_to"])
    if order.pay_by is not None:
        tell(
            order,
            "order.accepted_top_up" if order.pay_to else "order.accepted_top_up_ask",
            day=ready_on.isoformat(),
            amount=str(order.person_part),
            until=order.pay_by.isoformat(),
        )
    else:
        tell(order, "order.accepted", day=ready_on.isoformat())
    return order


def _end(order: Order, reason: Order.CancelReason, *, to_stock: bool, tells: str = "", note: str = "") -> Order:
    """The order ends without a receipt: the entitlement is free, the person is told; what the person paid is owed."""
    order.cancel_reason, order.office_task = reason, ""
    is_paid, changed = order.is_paid, ["cancel_reason", "office_task"]
    if reason in {Order.CancelReason.LAPSED, Order.CancelReason.TOP_UP}:
        perform(order, data={"reason": reason}, note=note, changed=changed)
    else:
        target = State.MONEY_OWED if is_paid else State.CANCELLED
        perform(order, to=target, data={"reason": reason}, note=note, changed=changed)
    _give_back(order, to_stock=to_stock)
    if tells:
        tell(order, tells)
    if is_paid:
        tell(order, "order.money_owed", amount=str(order.person_part), until=money_back_by().isoformat())
    return order


def _give_back(order: Order, *, to_stock: bool) -> None:
    # the line before the stock, as a submit takes them: in the other order the two would wait for each other
    ledger.release(case_id=order.pk, line_id=order.line_id)
    if to_stock:
        stock.return_stock(order.version_of_offer.variant_id, order.quantity)


@ORDER.action("decline")
def decline_order(*, actor: Actor, order: Order, reason: str, note: str = "", left: int | None = None) -> Order:
    """The supplier does not take the order, with a reason from the closed list; the entitlement is free at once.

    Args:
        actor: of the supplier.
        order: the order.
        reason: one of the list.
        note: more in words.
        left: units that are really in stock, where the goods are not in stock: so many stay on offer.

    Raises:
        RuleBroken: the reason is not of the list; nothing is said of the stock, or as much as was ordered is there.
    """
    if reason not in Order.DeclineReason.values:
        raise RuleBroken(_("Choose a reason from the list."), code="reason")
    no_stock = reason == Order.DeclineReason.NO_STOCK
    if no_stock and (left is None or not 0 <= left < order.quantity):
        raise RuleBroken(
            _("Say how many are really in stock: fewer than the %(ordered)s that were ordered.")
            % {"ordered": order.quantity},
            next_step=_("If there are enough, accept the order or choose another reason."),
            code="left",
        )
    order.decline_reason = reason
    perform(order, data={"reason": reason}, note=note, changed=["decline_reason"])
    _give_back(order, to_stock=not no_stock)
    if no_stock and left is not None:
        stock.set_stock(actor=actor, variant=order.version_of_offer.variant, stock=left)
    tell(order, "order.declined", reason=reason)
    return order


@ORDER.action("lapse")
def lapse_order(*, actor: Actor, order: Order) -> Order:
    """The supplier did not answer in time: the order ends, the entitlement is free, the person is told and shown other
    offers.
    """
    return _end(order, Order.CancelReason.LAPSED, to_stock=True, tells="order.lapsed")


@ORDER.action("record_top_up")
def record_top_up(*, actor: Actor, order: Order, receipt: str) -> Order:
    """The supplier records that the person's part was paid, with the number of the fiscal receipt.

    The promised day moves by the days that the payment was awaited: it was promised for a paid order.
    """
    waited = clock.today() - order.state_since.astimezone(clock.COUNTRY_ZONE).date()
    if order.ready_on is not None:
        order.ready_on += waited
    told = {"receipt": bool(receipt.strip()), "amount": order.person_part, "ready_on": order.ready_on}
    perform(order, data=told, note=receipt.strip(), changed=["ready_on"])
    tell(order, "order.top_up_paid", day=order.ready_on.isoformat() if order.ready_on else "")
    return order


@ORDER.action("lapse_top_up")
def lapse_top_up(*, actor: Actor, order: Order) -> Order:
    """The person's part was not paid in time: the order ends and the entitlement is free."""
    return _end(order, Order.CancelReason.TOP_UP, to_stock=True, tells="order.top_up_lapsed")


@ORDER.action("prepare")
def prepare_order(*, actor: Actor, order: Order) -> Order:
    """The supplier has begun to prepare the order."""
    return perform(order)


@ORDER.action("dispatch")
def dispatch_order(*, actor: Actor, order: Order) -> Order:
    """The order is on the way; the person is reminded of the code for the door."""
    perform(order)
    tell(order, "order.on_the_way", day=order.ready_on.isoformat() if order.ready_on else "")
    return order


@ORDER.action("hand_over")
def hand_over(*, actor: Actor, order: Order, code: str) -> Order:
    """The goods are handed over: the recipient told the code at the door; the supplier's act is made from what
    happened.

    Callers count wrong codes with ``check_door_code`` before, so that a failed try is kept.

    Raises:
        RuleBroken: this is not the order's code.
    """
    if not is_door_code(order, code):
        raise _wrong_code()
    _deliver(order, by=actor)
    tell(order, "order.handed_over")
    return order


def _deliver(order: Order, *, by: Actor, reason: str = "", note: str = "") -> None:
    """Write the delivery with its act and carry the transition out; ``reason`` says why there was no code."""
    now = clock.now()
    delivery = Delivery(
        order=order,
        n=order.deliveries.count() + 1,
        quantity=order.quantity,
        handed_over_at=now,
        handed_over_by=by.account,
        code_matched=not reason,
    )
    text = acts.supplier_act(order, delivery, reason=reason)
    delivery.act, delivery.act_hash = text.encode(), signing.digest(text)
    delivery.save(force_insert=True)
    told = {"delivery": delivery.pk, "quantity": delivery.quantity, "act": delivery.act_hash.hex()}
    if order.office_task == Order.OfficeTask.LATE:
        order.office_task = ""
    perform(order, data=told | ({"reason": reason} if reason else {}), note=note, changed=["office_task"], at=now)


@ORDER.action("confirm_hand_over")
def confirm_hand_over(*, actor: Actor, order: Order, reason: str, note: str = "") -> Order:
    """An officer confirms that the goods came although the recipient could tell no code; the receipt is still the
    person's to sign.

    Raises:
        NotAllowed: the officer is the person, or one of the two ever represented the other.
        RuleBroken: the reason is not of the list.
    """
    if is_close_to(actor, order.person_id):
        raise NotAllowed
    if reason not in Order.NoCodeReason.values:
        raise RuleBroken(_("Choose a reason from the list."), code="reason")
    _deliver(order, by=actor, reason=reason, note=note)
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


def hand_over_at_door(*, actor: Actor, order: Order, code: str) -> Order:
    """What the supplier does at the door: the code is counted as a try first, then the goods are handed over.

    Raises:
        NotAllowed, TooMany, RuleBroken: as ``check_door_code`` and ``hand_over``.
    """
    check_door_code(actor=actor, order=order, code=code)
    return hand_over(actor=actor, order=order, code=code)


@ORDER.action("warn_late")
def warn_late(*, actor: Actor, order: Order) -> Order:
    """The promised day has passed: the person may cancel without reason or wait; the office is asked to see to it."""
    order.office_task = order.office_task or Order.OfficeTask.LATE
    perform(order, data={"ready_on": order.ready_on}, changed=["office_task"])
    tell(order, "order.late", day=order.ready_on.isoformat() if order.ready_on else "")
    return order


@ORDER.action("confirm")
def confirm_receipt(*, actor: Actor, order: Order, signature_id: UUID) -> Order:
    """The person confirms the receipt by a signature; the entitlement is consumed and the replacement term starts.

    Raises:
        RuleBroken: not signed, or the officer at the counter is the one who entered the order.
    """
    signature = signing.signed(signature_id, purpose=SIGN_RECEIPT, case_id=order.pk)
    delivery = last_delivery(order)
    if delivery is None:
        raise RuleBroken(_("Nothing has been handed over yet."), code="no_delivery")
    if signature.strength == signing.Signature.Strength.PAPER:
        require_second_officer(actor, order, delivery)
    now = clock.now()
    delivery.signature_id, delivery.confirmed_at = signature.pk, now
    delivery.save(update_fields=["signature_id", "confirmed_at"])
    order.office_task = ""
    perform(order, data={"signature": signature.pk, "delivery": delivery.pk}, changed=["office_task"], at=now)
    ledger.consume(
        case_id=order.pk, line_id=order.line_id, quantity=delivery.quantity, part=delivery.n, on=clock.today()
    )
    tell(order, "order.received")
    return order


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


@ORDER.action("refuse")
def refuse_delivery(*, actor: Actor, order: Order, reason: str, note: str = "") -> Order:
    """The person does not accept what was brought; a refusal never burns the entitlement.

    Raises:
        RuleBroken: the reason is not of the list.
    """
    if reason not in Order.RefusalReason.values:
        raise RuleBroken(_("Choose a reason from the list."), code="reason")
    order.refusal_reason, order.office_task = reason, ""
    perform(order, data={"reason": reason}, note=note, changed=["refusal_reason", "office_task"])
    if actor.person_id != order.person_id:
        tell(order, "order.refused_for_you", but=actor.user_id, reason=reason)
    return order


@ORDER.action("take_back")
def take_back(*, actor: Actor, order: Order) -> Order:
    """The supplier takes the refused goods back; the entitlement is free."""
    return _end(order, Order.CancelReason.TAKEN_BACK, to_stock=False, tells="order.taken_back")


@ORDER.action("decide_for_person")
def decide_for_person(*, actor: Actor, order: Order) -> Order:
    """The supplier did not answer the refusal in time: it is decided for the person, the entitlement is free."""
    return _end(order, Order.CancelReason.NO_ANSWER, to_stock=False, tells="order.taken_back")


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


@ORDER.action("cancel")
def cancel_order(*, actor: Actor, order: Order, note: str = "") -> Order:
    """The person cancels before the hand-over; the entitlement is free.

    Raises:
        TooMany: five orders of this person were cancelled in an hour, or ten in a day; an officer may cancel more.
    """
    if actor.desk is Desk.RECIPIENT:
        ratelimit.hit("order.cancel", str(order.person_id), limits=CANCELS)
    _end(order, Order.CancelReason.PERSON, to_stock=True, note=note)
    if actor.person_id != order.person_id:
        tell(order, "order.cancelled_for_you", but=actor.user_id)
    return order
