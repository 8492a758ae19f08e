"""What the pages of an order show, whoever looks: timeline, next step, facts. Plain values for the templates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tirek.core import deadlines, journal
from tirek.core.actors import Actor, Desk
from tirek.orders.models import Order
from tirek.orders.queries import door_code_for, listed, timeline_of
from tirek.orders.workflow import ORDER

S = Order.State
Words = str | Promise

_TONES: Final = {
    S.SUBMITTED: "waiting",
    S.AWAITING_TOP_UP: "waiting",
    S.AWAITING_CONFIRMATION: "waiting",
    S.ACCEPTED: "active",
    S.IN_PREPARATION: "active",
    S.ON_THE_WAY: "active",
    S.RECEIVED: "done",
    S.DECLINED: "stopped",
    S.CANCELLED: "quiet",
    S.REFUSED: "stopped",
}

_HAPPENED: Final[dict[str, Words]] = {
    "order.submit": _("The order was sent to the supplier."),
    "order.accept": _("The supplier accepted the order and named a day of delivery."),
    "order.decline": _("The supplier declined the order."),
    "order.lapse": _("The supplier did not answer in time. The order was cancelled."),
    "order.record_top_up": _("The supplier recorded the payment."),
    "order.lapse_top_up": _("The payment did not come in time. The order was cancelled."),
    "order.prepare": _("The supplier began to prepare the order."),
    "order.dispatch": _("The order is on the way."),
    "order.hand_over": _("The order was handed over. The recipient told the code at the door."),
    "order.confirm_hand_over": _("An officer confirmed the hand-over without the code."),
    "order.confirm": _("The receipt was confirmed by a signature."),
    "order.refuse": _("The goods were refused at receipt."),
    "order.remind": _("A reminder to confirm was sent."),
    "order.call_office": _("The office was asked to call."),
    "order.warn_late": _("The promised day has passed. The recipient was told, and the office was asked to see to it."),
    "order.take_back": _("The supplier took the goods back."),
    "order.decide_for_person": _("The supplier did not answer the refusal. It was decided in the recipient's favour."),
    "order.cancel": _("The order was cancelled."),
    "order.ask_for_review": _("The office was asked to look whether the order goes on."),
    "order.let_go_on": _("The office lets the order go on."),
}

_NEXT: Final[dict[str, tuple[Words, Words]]] = {
    S.SUBMITTED: (_("The supplier accepts the order or declines it."), _("Supplier")),
    S.AWAITING_TOP_UP: (
        _("The recipient pays their part to the supplier, and the supplier records the receipt."),
        _("Recipient and supplier"),
    ),
    S.ACCEPTED: (_("The supplier prepares the order and brings it."), _("Supplier")),
    S.IN_PREPARATION: (_("The supplier brings the order."), _("Supplier")),
    S.ON_THE_WAY: (_("The courier brings the order. The recipient tells the code at the door."), _("Supplier")),
    S.AWAITING_CONFIRMATION: (_("The recipient checks the goods and confirms the receipt, or refuses."), _("Recipient")),
    S.REFUSED: (_("The supplier takes the goods back. Without an answer it is decided in the recipient's favour."), _("Supplier")),
    S.RECEIVED: (_("Nothing more: the order is complete."), ""),
    S.DECLINED: (_("This order has ended. Another offer can be chosen at once."), ""),
    S.CANCELLED: (_("This order has ended. The entitlement is free again."), ""),
}

#: What happens next where an officer was asked to see to an order, by the task and who reads it; "" for everybody else.
_NEXT_TASK: Final[dict[str, dict[str, tuple[Words, Words]]]] = {
    Order.OfficeTask.LATE: {
        Desk.RECIPIENT: (
            _("The promised day has passed. Wait for the order, or cancel it without giving a reason. The office asks the supplier."),
            _("Supplier"),
        ),
        Desk.SUPPLIER: (_("The promised day has passed. Bring the order now: the recipient may cancel it at any moment."), _("You")),
        "": (
            _("The promised day has passed. Ask the supplier when the order comes, and tell the recipient, who may wait or cancel."),
            _("You, then the supplier"),
        ),
    },
    Order.OfficeTask.CONFIRMATION: {
        Desk.RECIPIENT: (_("Check the goods and confirm the receipt, or refuse them. The office will contact you."), _("You")),
        Desk.SUPPLIER: (_("The recipient has not answered yet. The office contacts the recipient."), _("Office")),
        "": (_("Contact the recipient: have the goods come, and are they right? Nothing is confirmed without the recipient."), _("You")),
    },
    Order.OfficeTask.REVIEW: {
        Desk.RECIPIENT: (_("The office looks whether this order goes on, because the programme has ended."), _("Office")),
        Desk.SUPPLIER: (_("The office looks whether this order goes on. Wait: you will be told."), _("Office")),
        "": (_("The person has died or the programme has ended. Let the order go on, or cancel it."), _("You")),
    },
}

#: States as the recipient (or who represents the recipient) and the supplier read them; others read the state's own words.
_STATES: Final[dict[str, dict[str, Words]]] = {
    Desk.RECIPIENT: {
        S.AWAITING_TOP_UP: _("waiting for your payment"),
        S.AWAITING_CONFIRMATION: _("handed over, waiting for your confirmation"),
    },
    Desk.SUPPLIER: {
        S.SUBMITTED: _("new, waiting for your answer"),
        S.DECLINED: _("declined by you"),
        S.REFUSED: _("refused at receipt, waiting for your answer"),
    },
}

_NEXT_AT: Final[dict[str, dict[str, tuple[Words, Words]]]] = {
    Desk.RECIPIENT: {
        S.SUBMITTED: (_("The supplier accepts the order or declines it. You need not do anything now."), _("Supplier")),
        S.AWAITING_TOP_UP: (_("Pay the top-up to the supplier. The supplier then records the receipt here."), _("You, then the supplier")),
        S.ON_THE_WAY: (_("The courier brings the order. Look at the goods, then tell the courier the code."), _("Supplier")),
        S.AWAITING_CONFIRMATION: (_("Check the goods and confirm the receipt, or refuse them."), _("You")),
        S.REFUSED: (_("The supplier takes the goods back. Without an answer it is decided in your favour."), _("Supplier")),
        S.DECLINED: (_("This order has ended. You can choose another offer at once."), ""),
        S.CANCELLED: (_("This order has ended. You can use the entitlement again."), ""),
    },
    Desk.SUPPLIER: {
        S.SUBMITTED: (_("Accept the order and promise a day, or decline it with a reason."), _("You")),
        S.AWAITING_TOP_UP: (_("The recipient pays the top-up to you. Record the number of the receipt."), _("Recipient, then you")),
        S.ACCEPTED: (_("Prepare the order and bring it by the promised day."), _("You")),
        S.IN_PREPARATION: (_("Bring the order by the promised day."), _("You")),
        S.ON_THE_WAY: (_("Hand the order over at the door. The recipient tells you the code."), _("You")),
        S.REFUSED: (_("Take the goods back. Without your answer it is decided in the recipient's favour."), _("You")),
        S.DECLINED: (_("Nothing more: you declined this order."), ""),
        S.CANCELLED: (_("Nothing more: this order has ended."), ""),
    },
}

_WHO: Final[dict[str, Words]] = {
    Desk.RECIPIENT: _("Recipient"),
    Desk.SUPPLIER: _("Supplier"),
    Desk.OFFICER: _("Officer at the counter"),
    Desk.CLOCK: _("System, when the term ended"),
}


@dataclass(frozen=True, slots=True)
class Happened:
    """One entry of the timeline."""

    text: Words
    at: datetime
    by: Words
    reason: Words
    note: str


@dataclass(frozen=True, slots=True)
class NextStep:
    """What happens next, who acts, by which day, and the deadline behind it, which may have passed."""

    text: Words
    who: Words
    by: date | None
    deadline: deadlines.Deadline | None


@dataclass(frozen=True, slots=True)
class OrderPage:
    """All that a page of an order shows beside the order itself."""

    order: Order
    state: Words
    tone: str
    happened: Sequence[Happened]
    next_step: NextStep
    actions: frozenset[str]
    door_code: str

    @property
    def has_ended(self) -> bool:
        """Whether nothing is owed any more."""
        return self.order.state in Order.ENDED

    @property
    def newest_first(self) -> Sequence[Happened]:
        """The timeline, newest entry first."""
        return tuple(reversed(self.happened))


def tone_of(state: str) -> str:
    """The tone of the tag of a state."""
    return _TONES[S(state)]


def words_of_state(state: str, desk: str) -> Words:
    """A state in the words of who reads it at a desk."""
    return _STATES.get(desk, {}).get(state, S(state).label)


@dataclass(frozen=True, slots=True)
class Row:
    """An order in a desk's list."""

    order: Order
    deadline: deadlines.Deadline | None
    state: Words
    tone: str

    @property
    def has_ended(self) -> bool:
        """Whether nothing is owed any more."""
        return self.order.state in Order.ENDED

    @property
    def can_be_accepted(self) -> bool:
        """Whether the supplier's answer is awaited."""
        return self.order.state == S.SUBMITTED


def rows_of(actor: Actor, orders: Iterable[Order]) -> list[Row]:
    """Orders of a page as the actor's desk lists them (one query more)."""
    return [Row(one.order, one.deadline, words_of_state(one.order.state, actor.desk), tone_of(one.order.state)) for one in listed(orders)]


def words_of_event(kind: str) -> str:
    """What an event of an order's history is called; one that is no longer known stands for itself."""
    return str(_HAPPENED.get(kind, kind))


def _reasons() -> dict[str, Words]:
    """Reasons that somebody chose; why an order was cancelled is said by the entry itself."""
    lists = (Order.DeclineReason, Order.RefusalReason, Order.NoCodeReason)
    return {value: label for choices in lists for value, label in choices.choices}


def _timeline(actor: Actor, order: Order) -> list[Happened]:
    events = timeline_of(order)
    notes = journal.notes_of(events)
    reasons = _reasons()
    own = actor.desk in {Desk.RECIPIENT, Desk.OFFICER, Desk.SUPPLIER}
    return [
        Happened(
            text=_HAPPENED.get(event.type, event.type),
            at=event.at,
            by=_who(event),
            reason=reasons.get(str(event.data.get("reason", "")), ""),
            note=notes.get(event.pk, "") if own else "",
        )
        for event in events
    ]


def _who(event: journal.Event) -> Words:
    """Who acted: at the recipient's desk the recipient, or somebody for the recipient."""
    desk = str(event.content["desk"])
    if desk == Desk.RECIPIENT and event.content["for"]:
        return _("Representative of the recipient")
    return _WHO.get(desk, "")


def next_step_of(order: Order, owed: deadlines.Deadline | None, desk: str) -> NextStep:
    """What happens next with an order, by its state, what the office was asked to do and the soonest deadline, for who reads it."""
    asked = {} if order.state in Order.ENDED else _NEXT_TASK.get(order.office_task, {})
    text, who = asked.get(desk) or asked.get("") or _NEXT_AT.get(desk, {}).get(order.state) or _NEXT[S(order.state)]
    return NextStep(text=text, who=who, by=owed.last_day if owed else None, deadline=owed)


def order_page(actor: Actor, order: Order) -> OrderPage:
    """The page of an order for a reader (four queries)."""
    return OrderPage(
        order=order,
        state=words_of_state(order.state, actor.desk),
        tone=tone_of(order.state),
        happened=_timeline(actor, order),
        next_step=next_step_of(order, listed([order])[0].deadline, actor.desk),
        actions=frozenset(ORDER.open_to(actor, order)),
        door_code=door_code_for(actor, order),
    )
