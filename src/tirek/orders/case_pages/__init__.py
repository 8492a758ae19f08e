"""The list of orders at the desks of staff, and the page of an order with what can be done there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tirek.catalogue.words import sizes_needed
from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.case.deadlines import add_months
from tirek.core.case.words import ListedCase
from tirek.entitlements.queries import status_of
from tirek.entitlements.reasons import Reader
from tirek.orders import actions, fittings, items, promises, queries
from tirek.orders.acts import why_paid
from tirek.orders.case_pages import fitting
from tirek.orders.case_pages.acts import OFFICER, RECIPIENT, SUPPLIER, goods_and_quantity, goods_of
from tirek.orders.case_types import ORDERS
from tirek.orders.forms.supplier import AcceptManyForm
from tirek.orders.models import Order
from tirek.people.queries import needs_of, not_to_be_called
from tirek.people.words import needs_in_words, reach_in_words
from tirek.territory.queries import districts_of
from tirek.ui.acts import Act
from tirek.ui.cases import CasePages
from tirek.ui.lists import Bulk, CaseList, Column, Export, OwnList, Sheet, Sorting
from tirek.ui.lists.exports import Field, column
from tirek.ui.lists.filters import DAY
from tirek.ui.text import day_text, dialled_text, tenge_text
from tirek.ui.ways import way

State = Order.State
Task = Order.OfficeTask


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
    received = delivery.confirmed_at.astimezone(clock.COUNTRY_ZONE).date()
    return End(
        act_url=reverse("orders:act", args=[order.number]),
        warranty_until=add_months(received, months) if months else None,
        can_order=status.can_order,
        next_from=status.availability.from_day,
        write=way("write", ORDERS.code, order.pk),
    )


def _for_recipient(actor: Actor, order: Order) -> Mapping[str, object]:
    code, call = queries.door_code_for(actor, order), order.supplier.contact_phone
    return {
        "items": items.shown(order),
        "at_hand": queries.part_at_hand(order),
        "fitting": fittings.shown(order),
        "end": end_of(order),
        "door_code": code,
        "call": call,
        "payment": queries.payment_of(order),
        "why": why_paid(order, Reader.PERSON),
    }


def _for_officer(_actor: Actor, order: Order) -> Mapping[str, object]:
    needs = needs_of(order.person)
    return {
        "items": items.shown(order),
        "at_hand": queries.part_at_hand(order),
        "fitting": fittings.shown(order),
        "tag": _task(order, writes=needs.no_voice_calls),
        "needed": needs_in_words(needs),
        "writes": needs.no_voice_calls,
        "call": order.supplier.contact_phone,
        "payment": queries.payment_of(order),
        "why": why_paid(order, Reader.OFFICE),
    }


def _for_supplier(_actor: Actor, order: Order) -> Mapping[str, object]:
    needs = needs_of(order.person)
    is_open = order.state in Order.open_states()
    sizes = sizes_needed(order.person_id, order.kind_code, order.version_of_offer.parameters) if is_open else []
    return {
        "items": items.shown(order),
        "at_hand": queries.part_at_hand(order),
        "fitting": fittings.shown(order) if is_open else None,
        "needed": reach_in_words(needs),
        "writes": needs.no_voice_calls,
        "sizes": sizes,
        "words_of_refusal": queries.words_of_refusal(order),
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
    acts={
        Desk.RECIPIENT: (*fitting.RECIPIENT, *RECIPIENT),
        Desk.SUPPLIER: (*fitting.SUPPLIER, *SUPPLIER),
        Desk.OFFICER: (*fitting.OFFICER, *OFFICER),
    },
    context={Desk.RECIPIENT: _for_recipient, Desk.SUPPLIER: _for_supplier, Desk.OFFICER: _for_officer},
    extra={Desk.RECIPIENT: "orders/recipient/extra.html", Desk.SUPPLIER: "orders/supplier/extra.html"},
    lists={Desk.OFFICER: LIST, Desk.SUPPLIER: LIST},
    back=lambda _actor, _order: reverse("orders:recipient-orders"),
)
