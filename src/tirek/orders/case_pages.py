"""The list of orders at the desks of staff, and the page of an order with what can be done there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

from django.urls import reverse
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tirek.catalogue.words import sizes_needed
from tirek.core import clock, reference
from tirek.core.actors import Actor, Desk
from tirek.core.case.deadlines import add_months
from tirek.core.case.words import ListedCase
from tirek.core.errors import Text
from tirek.entitlements.queries import status_of
from tirek.orders import actions, promises, queries
from tirek.orders.actions import settling
from tirek.orders.actions.refusing import refuse_with_photo
from tirek.orders.case_types import ORDERS
from tirek.orders.forms import (
    AcceptForm,
    AcceptManyForm,
    DeclineForm,
    HandedOverForm,
    HandOverForm,
    MoneyBackForm,
    NoteForm,
    RefuseForm,
    TopUpForm,
)
from tirek.orders.models import Order
from tirek.orders.signing import RECEIPT
from tirek.people.queries import needs_of, not_to_be_called
from tirek.people.words import needs_in_words, reach_in_words
from tirek.territory.queries import districts_of
from tirek.ui.acts import Act, Ask
from tirek.ui.cases import CasePages
from tirek.ui.lists import Bulk, CaseList, Column, Export, OwnList, Sheet, Sorting
from tirek.ui.lists.exports import Field, column
from tirek.ui.lists.filters import DAY
from tirek.ui.text import day_text, dialled_text, number_text, size_text, tenge_text, term_text
from tirek.ui.ways import way

State = Order.State
Task = Order.OfficeTask


def goods_of(order: Order) -> str:
    """The goods with their size or model."""
    variant = order.version_of_offer.variant
    return f"{variant.offer.name}, {size_text(variant.label)}"


def goods_and_quantity(order: Order) -> str:
    """The goods with their size or model, and how many; a size may be written with a cross itself."""
    return _("%(goods)s. Quantity: %(quantity)s") % {
        "goods": goods_of(order),
        "quantity": number_text(order.quantity),
    }


def _task(order: Order, *, writes: bool) -> str:
    if order.office_task != Task.CONFIRMATION:
        return str(order.get_office_task_display()) if order.office_task else ""
    return str(_("write to the person") if writes else _("call the person"))


def _tasks(actor: Actor, rows: Sequence[ListedCase]) -> dict[UUID, str]:
    """What an officer is asked to do, by order."""
    if actor.desk is not Desk.OFFICER:
        return {}
    orders = [one.case for one in rows if isinstance(one.case, Order)]
    writes = not_to_be_called(one.person_id for one in orders)
    return {one.pk: _task(one, writes=one.person_id in writes) for one in orders}


def _contact(order: Any, name: str) -> str:  # noqa: ANN401 - an order of a list
    """Whom a supplier delivers to, as long as there is something to deliver or to return."""
    return "" if order.is_over_for_supplier else str(attrgetter(name)(order))


_FIELDS: Final[Sequence[Field]] = (
    column(_("Number"), "number"),
    (_("State"), lambda _actor, one: capfirst(str(one.state))),
    column(_("Sent on"), "placed_on"),
    column(_("Goods"), "version_of_offer__variant__offer__name"),
    column(_("Size or model"), "version_of_offer__variant__label"),
    column(_("Quantity"), "quantity"),
    column(_("Price of one, tenge"), "unit_price"),
    column(_("Price, tenge"), "total"),
    column(_("The budget pays, tenge"), "budget_part"),
    column(_("The person pays, tenge"), "person_part"),
    column(_("Promised for"), "ready_on"),
    (_("Next step by"), lambda _actor, one: one.deadline.last_day if one.deadline else None),
    column(_("District"), "person__territory__name"),
    (_("Recipient"), lambda _actor, one: _contact(one.case, "person.full_name")),
    (_("Delivery to"), lambda _actor, one: _contact(one.case, "address")),
    (_("Phone for the delivery"), lambda _actor, one: dialled_text(_contact(one.case, "phone"))),
    (_("Message for the courier"), lambda _actor, one: _contact(one.case, "comment")),
)
_BY_NAME: Final = Sorting("name", "person__sort_key", _("surname, ascending"), _("surname, descending"))

ACCEPT: Final = Act(
    "accept",
    _("Accept"),
    _("Accept the order"),
    _("The order is accepted. The person has been told."),
    actions.accept_order,
    AcceptForm,
    fields={"promise": "ready_on"},
    main=True,
    knows=lambda order: {"last": promises.last_promise(order), "why": promises.why_last_promise(order)},
)


def _accepted(order: Order) -> str:
    """An order that is accepted with others: what it is, and whether the recipient pays first."""
    told = goods_and_quantity(order)
    if not order.person_part:
        return told
    first = _("The recipient pays %(amount)s to you first.") % {"amount": tenge_text(order.person_part)}
    return f"{told}. {first}"


def _day_of(order: Order, by: str, ready_on: date | None) -> date:
    """The day that is promised for an order accepted with others: of all, or its own last one."""
    return promises.last_promise(order) if by == AcceptManyForm.EACH or ready_on is None else ready_on


def _check_acceptance(*, actor: Actor, case: Order, by: str, ready_on: date | None) -> None:
    del actor
    promises.check_acceptance(case, _day_of(case, by, ready_on))


def _accept_many(*, actor: Actor, order: Order, by: str, ready_on: date | None) -> Order:
    return actions.accept_order(actor=actor, order=order, ready_on=_day_of(order, by, ready_on))


def _promised(order: Order, by: str, ready_on: date | None) -> str:
    return str(_("Delivery no later than: %(day)s") % {"day": day_text(_day_of(order, by, ready_on))})


_MANY: Final = (
    Bulk(
        Act("accept", _("Accept"), _("Accept the orders"), run=_accept_many, form=AcceptManyForm),
        title=_("Accept several orders"),
        button=_("Accept the ticked orders"),
        none=_("Tick the orders that you want to accept."),
        check=_check_acceptance,
        limit=(_("Latest day you can promise"), lambda order: day_text(promises.last_promise(order))),
        told=_("The recipients have been told."),
        describe=_accepted,
        promise=_promised,
    ),
    Bulk(
        Act("prepare", _("Begin to prepare"), _("Begin to prepare"), run=actions.prepare_order),
        title=_("Begin to prepare several orders"),
        button=_("Begin to prepare the ticked orders"),
        none=_("Tick the orders that you begin to prepare."),
        describe=goods_and_quantity,
    ),
    Bulk(
        Act("dispatch", _("Send it on its way"), _("They are on their way"), run=actions.dispatch_order),
        title=_("Send several orders on their way"),
        button=_("The ticked orders are on their way"),
        none=_("Tick the orders that are on their way."),
        told=_("The recipients have been told."),
        describe=goods_and_quantity,
    ),
)

OWN_ORDERS: Final = OwnList(
    case=ORDERS,
    title=_("Orders"),
    route="orders:recipient-orders",
    card=lambda one: f"{capfirst(one.line.kind.name)} — {one.units}",
    empty=(
        _("No orders yet"),
        _("When you have ordered something, you follow it here to your door."),
        _("See what you can order"),
    ),
    leads_to="entitlements:recipient-programme",
)
LIST: Final = CaseList(
    case=ORDERS,
    routes="orders:orders",
    title={Desk.OFFICER: _("Orders of your territory"), Desk.SUPPLIER: _("Orders")},
    counted=lambda n: ngettext("%(n)s order", "%(n)s orders", n) % {"n": n},
    columns=(
        Column(
            _("Recipient"),
            lambda one: f"{one.person.surname} {one.person.given_name}",
            _BY_NAME,
            desks=frozenset({Desk.OFFICER}),
            names_person=True,
        ),
        Column(_("Goods"), goods_of),
        Column(_("Quantity"), lambda one: one.quantity, kind="number"),
        Column(_("Sent on"), lambda one: day_text(one.placed_on), DAY),
        Column(_("District"), lambda one: one.person.territory.name),
    ),
    series=actions.NUMBERS,
    places=districts_of(ORDERS),
    tags=_tasks,
    export=Export("orders", _FIELDS, frozenset({Desk.SUPPLIER})),
    bulk={Desk.SUPPLIER: _MANY},
    sheets={
        Desk.SUPPLIER: (
            Sheet(_("Route sheet for the ticked orders"), "orders:supplier-route", Order.CAN_BE_HANDED_OVER),
        )
    },
)


def _answer_term(_order: Order) -> str:
    length = reference.term("order.refusal_answer", at=clock.today())
    return term_text(length.amount, length.unit)


_SUPPLIER: Final = (
    ACCEPT,
    Act(
        "decline",
        _("Decline"),
        _("Decline the order"),
        _("The order is declined. The person has been told and can choose again."),
        actions.decline_order,
        DeclineForm,
        Ask(
            _("Decline this order?"),
            _("The order ends. The person gets the reason and chooses another offer. This cannot be undone."),
        ),
        fields={"left": "left", "reason": "reason"},
        main=True,
    ),
    Act(
        "record_top_up",
        _("Record the person's payment"),
        _("Record the payment"),
        _("The payment is recorded."),
        actions.record_top_up,
        TopUpForm,
        main=True,
    ),
    Act(
        "prepare",
        _("Begin to prepare"),
        _("Begin to prepare"),
        _("The order is being prepared."),
        actions.prepare_order,
        main=True,
    ),
    Act(
        "dispatch",
        _("Send it on its way"),
        _("It is on its way"),
        _("The order is on the way. The person has been told."),
        actions.dispatch_order,
        main=True,
    ),
    Act(
        "hand_over",
        _("Hand over at the door"),
        _("Handed over"),
        _("Handed over. The act was made; the person is asked to confirm."),
        actions.hand_over_at_door,
        HandOverForm,
        fields={"door_code": "code", "too_many": "code"},
        main=True,
    ),
    Act(
        "return_money",
        _("The payment was returned"),
        _("Record that it was returned"),
        _("Recorded: the payment was returned. The person has been told."),
        settling.return_money,
        MoneyBackForm,
        main=True,
    ),
    Act(
        "take_back",
        _("Take the goods back"),
        _("Take back"),
        _("The goods are taken back. The person can order the item again."),
        actions.take_back,
        ask=Ask(
            _("Take the goods back?"),
            lambda order: _and(
                _("You agree with the refusal and fetch the goods. The order ends. This cannot be undone."),
                _owed(order, _("You return to the recipient what was paid: %(amount)s, by %(day)s.")),
            ),
        ),
        main=True,
    ),
)


def _owed(order: Order, words: Text) -> Text:
    """What becomes of the payment when an order ends; "" where nothing was paid."""
    if not order.is_paid:
        return ""
    return words % {"amount": tenge_text(order.person_part), "day": day_text(queries.money_back_by())}


def _and(first: Text, second: Text) -> str:
    return f"{first} {second}" if second else str(first)


def _money_after_refusal(order: Order) -> Text:
    if not order.is_paid:
        return ""
    length = reference.term("order.money_back", at=clock.today())
    return _("The supplier then returns what was paid: %(amount)s. Time for it: %(term)s.") % {
        "amount": tenge_text(order.person_part),
        "term": term_text(length.amount, length.unit),
    }


def _refusal(title: Text, done: Text, kept: Text) -> Act:
    """Refusing the goods; ``kept`` says to its reader, recipient or officer, that nothing is lost."""
    return Act(
        "refuse",
        title,
        _("Refuse"),
        lambda order: done % {"term": _answer_term(order)},
        refuse_with_photo,
        RefuseForm,
        Ask(
            _("Refuse the goods"),
            lambda order: _and(
                kept % {"goods": goods_of(order), "number": order.number, "term": _answer_term(order)},
                _money_after_refusal(order),
            ),
        ),
        fields={"photo": "photo"},
        main=True,
    )


_RECIPIENT: Final = (
    Act(
        "confirm",
        _("Confirm the receipt"),
        _("Confirm the receipt"),
        signing=RECEIPT,
        instead="refuse",
        main=True,
    ),
    _refusal(
        _("Something is wrong: refuse"),
        _("Your refusal was recorded. Time for the supplier to answer: %(term)s."),
        _(
            "Goods: %(goods)s, order %(number)s. You keep your full entitlement. Time for the supplier to answer: "
            "%(term)s. Without an answer it is decided in your favour. This cannot be undone."
        ),
    ),
    Act(
        "cancel",
        _("Cancel this order"),
        _("Cancel the order"),
        _("The order was cancelled. You can order again now."),
        actions.cancel_order,
        NoteForm,
        Ask(
            _("Cancel this order?"),
            lambda order: _and(
                _("We tell the supplier. You keep your full entitlement and can order again now."),
                _owed(order, _("The supplier returns to you what you paid: %(amount)s, by %(day)s.")),
            ),
        ),
    ),
)
_OFFICER: Final = (
    Act(
        "confirm",
        _("Confirm with the person present"),
        _("Confirm with the person present"),
        signing=RECEIPT,
        main=True,
    ),
    Act(
        "let_go_on",
        _("Let the order go on"),
        _("Let the order go on"),
        _("The order goes on."),
        settling.let_go_on,
        main=True,
        offered=lambda _actor, order: order.office_task in {Task.REVIEW, Task.OF_AGE},
    ),
    _refusal(
        _("Record a refusal"),
        _("The refusal was recorded. Time for the supplier to answer: %(term)s."),
        _(
            "Goods: %(goods)s, order %(number)s. The recipient keeps the full entitlement. Time for the supplier to "
            "answer: %(term)s. Without an answer it is decided in the recipient's favour. This cannot be undone."
        ),
    ),
    Act(
        "confirm_hand_over",
        _("Confirm the hand-over without the code"),
        _("The goods came"),
        _("The hand-over is confirmed. We told the recipient, who confirms the receipt or refuses."),
        actions.confirm_hand_over,
        HandedOverForm,
        Ask(
            _("Confirm the hand-over without the code"),
            format_lazy(
                "{} {}",
                _(
                    "Only when you have asked the supplier and the recipient, and both say that the goods came. We "
                    "tell the recipient, who still confirms the receipt or refuses."
                ),
                _(
                    "Whoever confirms the hand-over cannot record the paper signature of the receipt: another officer "
                    "does."
                ),
            ),
            warns=False,
        ),
    ),
    Act(
        "cancel",
        _("Cancel for the person"),
        _("Cancel the order"),
        _("The order was cancelled."),
        actions.cancel_order,
        NoteForm,
        Ask(
            _("Cancel this order for the person?"),
            lambda order: _and(
                _("We tell the supplier. The person keeps the full entitlement."),
                _owed(order, _("The supplier returns to the recipient what was paid: %(amount)s, by %(day)s.")),
            ),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class End:
    """What a person needs when an order was received.

    Attributes:
        act_url: the signed act.
        warranty_until: last day of the warranty; nothing without one.
        can_order: whether the same can be ordered again now.
        next_from: first day on which it can be, where that is known.
        write: where one writes that it broke.
    """

    act_url: str
    warranty_until: date | None
    can_order: bool
    next_from: date | None
    write: str


def end_of(order: Order) -> End | None:
    """The end of an order that was received; nothing for any other."""
    delivery = queries.last_delivery(order)
    if order.state != State.RECEIVED or delivery is None or delivery.confirmed_at is None:
        return None
    status, months = status_of(order.line), order.version_of_offer.warranty_months
    handed = delivery.handed_over_at.astimezone(clock.COUNTRY_ZONE).date()
    return End(
        act_url=reverse("orders:act", args=[order.number]),
        warranty_until=add_months(handed, months) if months else None,
        can_order=status.can_order,
        next_from=status.availability.from_day,
        write=way("write", ORDERS.code, order.pk),
    )


def _for_recipient(actor: Actor, order: Order) -> Mapping[str, object]:
    code, call = queries.door_code_for(actor, order), order.supplier.contact_phone
    return {"end": end_of(order), "door_code": code, "call": call, "payment": queries.payment_of(order)}


def _for_officer(_actor: Actor, order: Order) -> Mapping[str, object]:
    needs = needs_of(order.person)
    return {
        "tag": _task(order, writes=needs.no_voice_calls),
        "needed": needs_in_words(needs),
        "writes": needs.no_voice_calls,
        "call": order.supplier.contact_phone,
        "payment": queries.payment_of(order),
    }


def _for_supplier(_actor: Actor, order: Order) -> Mapping[str, object]:
    needs = needs_of(order.person)
    is_open = order.state in Order.open_states()
    sizes = sizes_needed(order.person_id, order.version_of_offer.parameters) if is_open else []
    return {
        "needed": reach_in_words(needs),
        "writes": needs.no_voice_calls,
        "sizes": sizes,
        "payment": queries.payment_of(order),
    }


def _heading(order: Order, at: Desk) -> str:
    return goods_of(order) if at is Desk.SUPPLIER else capfirst(order.line.kind.name)


PAGES: Final = CasePages(
    case=ORDERS,
    app="orders",
    name="order",
    heading=_heading,
    noun=lambda order: _("Order %(number)s") % {"number": order.number},
    facts="orders/facts.html",
    facts_title=_("Order"),
    acts={Desk.RECIPIENT: _RECIPIENT, Desk.SUPPLIER: _SUPPLIER, Desk.OFFICER: _OFFICER},
    context={Desk.RECIPIENT: _for_recipient, Desk.SUPPLIER: _for_supplier, Desk.OFFICER: _for_officer},
    extra={Desk.RECIPIENT: "orders/recipient/extra.html", Desk.SUPPLIER: "orders/supplier/extra.html"},
    lists={Desk.OFFICER: LIST, Desk.SUPPLIER: LIST},
    back=lambda _actor, _order: reverse("orders:recipient-orders"),
)
