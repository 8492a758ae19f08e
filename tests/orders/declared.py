"""What the guards know of orders: pages of three desks, lists, and one order in each stage."""

from django.db.models import F
from tests import factories as make
from tests.entitlements.declared import line_of
from tests.kit.declared import (
    OFFICE,
    RECIPIENT,
    SUPPLIER,
    THE_CLOCK,
    Declared,
    Keys,
    List,
    Page,
    at,
    by,
    numbered,
)
from tests.kit.world import World

from tirek.core import clock, drafts
from tirek.core.actors import Desk
from tirek.orders import actions
from tirek.orders.models import Order
from tirek.orders.queries import door_code_for
from tirek.orders.signing import RECEIPT
from tirek.ui.models import SavedFilter


def accepted(world: World) -> Order:
    """An order that the supplier has promised."""
    return actions.accept_order(actor=world.supplier_actor, order=world.order(3), ready_on=clock.today())


def to_be_paid(world: World) -> Order:
    """An order that waits for the person's part, of a supplier who has said where it is paid."""
    make.account(world.supplier)
    order = world.order(3)
    Order.objects.filter(pk=order.pk).update(
        unit_price=F("unit_price") + 50, person_part=F("quantity") * 50, budget_part=F("unit_price") * F("quantity")
    )
    order.refresh_from_db()
    return actions.accept_order(actor=world.supplier_actor, order=order, ready_on=clock.today())


def handed_over(world: World) -> Order:
    """An order that the person has and has not yet confirmed."""
    order = accepted(world)
    return actions.hand_over(actor=world.supplier_actor, order=order, code=door_code_for(world.actor, order))


def received(world: World) -> Order:
    """An order whose receipt was signed on paper."""
    order = handed_over(world)
    return actions.confirm_receipt(
        actor=world.officer, order=order, signature_id=RECEIPT.on_paper(world.officer, order).pk
    )


def _grow(world: World) -> None:
    """One more order under way, one to confirm, one refused, and one draft of each kind."""
    world.order(3)
    handed_over(world)
    actions.refuse_delivery(actor=world.actor, order=handed_over(world), reason="does_not_fit", note="")
    world.draft(3)
    world.draft(3, actor=world.officer)
    drafts.hand_to_office(world.actor, world.draft(3).pk, territory_code=world.place.code)


def _both_offers(world: World) -> str:
    return "&".join(f"offer={one.pk}" for one in world.supplier.offers.all()[:4])


def _to_accept(world: World) -> str:
    numbers = Order.objects.filter(organisation=world.supplier.organisation, state=Order.State.SUBMITTED).values_list(
        "number", flat=True
    )
    return "&".join(f"case={one}" for one in numbers)


def _route(world: World) -> str:
    """A sheet of all that is accepted."""
    world.order(3)
    accepted(world)
    rows = Order.objects.filter(organisation=world.supplier.organisation, state=Order.State.ACCEPTED)
    return "/supply/orders/route?" + "&".join(f"case={one}" for one in rows.values_list("number", flat=True))


_line = at(line_key=lambda world: world.line.pk)
_person = at(person_key=lambda world: world.person.pk)
_order = numbered("placed")
_draft = by("open_draft")


def _act(attribute: str, verb: str) -> Keys:
    """What can be done with an order, on a page of its own."""
    return at(number=lambda world: getattr(world, attribute).number, verb=lambda _world: verb)


DECLARED = Declared(
    makes={
        "placed": lambda world: world.order(3),
        "running": accepted,
        "delivered": handed_over,
        "received": received,
        "to_be_paid": to_be_paid,
        "open_draft": lambda world: world.draft(3),
        "sent_together": lambda world: actions.submit_together(
            actor=world.actor, finals={world.draft(3).pk: {}, world.draft(3).pk: {}}
        ),
        "officer_draft": lambda world: world.draft(3, actor=world.officer),
        "filter": lambda world: SavedFilter.objects.create(
            user_id=world.officer.account, desk="officer", list="order", name="Mine", query=""
        ),
        "suppliers_filter": lambda world: SavedFilter.objects.create(
            user_id=world.supplier_actor.account, desk="supplier", list="order", name="Mine", query=""
        ),
    },
    cases={"order": lambda world: world.placed},
    may={
        "order": {
            "submit": RECIPIENT | OFFICE,
            "accept": SUPPLIER,
            "ask": SUPPLIER | OFFICE,
            "answer": RECIPIENT | OFFICE,
            "call_about_question": THE_CLOCK,
            "decline": SUPPLIER,
            "lapse": THE_CLOCK,
            "record_top_up": SUPPLIER,
            "lapse_top_up": THE_CLOCK,
            "propose_times": SUPPLIER,
            "replace_times": SUPPLIER,
            "choose_time": RECIPIENT | OFFICE,
            "none_suits": RECIPIENT | OFFICE,
            "move_fitting": RECIPIENT | SUPPLIER | OFFICE,
            "hold_fitting": SUPPLIER,
            "fit_again": SUPPLIER,
            "cannot_fit": SUPPLIER,
            "miss_fitting": RECIPIENT | SUPPLIER | OFFICE,
            "check_measurements": RECIPIENT | OFFICE,
            "remind_of_fitting": THE_CLOCK,
            "call_about_fitting": THE_CLOCK,
            "call_about_held": THE_CLOCK,
            "remind_day_before": THE_CLOCK,
            "prepare": SUPPLIER,
            "dispatch": SUPPLIER,
            "hand_over": SUPPLIER,
            "hand_over_replacement": SUPPLIER,
            "lapse_replacement": THE_CLOCK,
            "confirm_hand_over": OFFICE,
            "warn_late": THE_CLOCK,
            "confirm": RECIPIENT | OFFICE,
            "refuse": RECIPIENT | OFFICE,
            "remind": THE_CLOCK,
            "call_office": THE_CLOCK,
            "take_back": SUPPLIER,
            "decide_for_person": THE_CLOCK,
            "replace": SUPPLIER,
            "dispute": SUPPLIER,
            "decide_dispute": OFFICE,
            "escalate_dispute": THE_CLOCK,
            "cancel": RECIPIENT | OFFICE,
            "return_money": SUPPLIER,
            "call_about_money": THE_CLOCK,
            "come_of_age": THE_CLOCK,
            "ask_for_review": THE_CLOCK,
            "let_go_on": OFFICE,
        },
    },
    grow=_grow,
    pages={
        "orders:offers": Page(keys=_line),
        "orders:compare": Page(keys=_line, query=_both_offers),
        "orders:offer": Page(keys=at(line_key=lambda world: world.line.pk, offer_key=lambda world: world.offer.pk)),
        "orders:form": Page(keys=_draft),
        "orders:act": Page(keys=numbered("received")),
        "orders:payment": Page(keys=numbered("to_be_paid")),
        "orders:together": Page(keys=_person),
        "orders:together-sign": Page(keys=_person, post=True),
        "orders:together-done": Page(keys=at(key=lambda world: world.sent_together)),
        "orders:again": Page(keys=_line, post=True),
        "orders:unfinished": Page(keys=_line),
        "orders:submit": Page(keys=_draft, post=True),
        "orders:hand": Page(keys=_draft, post=True),
        "orders:take": Page(keys=_draft, post=True),
        "orders:discard": Page(keys=_draft),
        "orders:step": Page(keys=at(key=lambda world: world.open_draft.pk, step=lambda _world: "delivery")),
        "orders:receipt": Page(keys=_order),
        "orders:recipient-orders": Page(),
        "orders:recipient-order": Page(keys=_order),
        "orders:recipient-order-act": Page(keys=_act("placed", "cancel")),
        "orders:supplier-orders": Page(),
        "orders:supplier-orders-bulk": Page(keys=at(name=lambda _world: "accept"), query=_to_accept, nobodys=True),
        "orders:supplier-orders-export": Page(),
        "orders:supplier-route": Page(query=lambda world: f"case={world.running.number}"),
        "orders:supplier-order": Page(keys=_order),
        "orders:supplier-order-act": Page(keys=_act("placed", "decline")),
        "orders:supplier-offers": Page(),
        "orders:supplier-offers-export": Page(),
        "orders:supplier-offers-table": Page(),
        "orders:supplier-variant": Page(keys=at(key=lambda world: world.version.variant_id)),
        "orders:supplier-orders-filters": Page(post=True),
        "orders:supplier-orders-filter": Page(keys=by("suppliers_filter")),
        "orders:officer-orders-filters": Page(post=True),
        "orders:officer-orders-filter": Page(keys=by("filter")),
        "orders:officer-orders": Page(),
        "orders:officer-order": Page(keys=_order),
        "orders:officer-order-act": Page(keys=_act("delivered", "confirm")),
        "orders:officer-tasks": Page(),
        "orders:supplier-tasks": Page(),
        "orders:sign": Page(keys=by("officer_draft"), post=True),
    },
    lists=(
        List("offers of a line", Desk.RECIPIENT, lambda world: f"/order/{line_of(world)}"),
        List(
            "offers side by side",
            Desk.RECIPIENT,
            lambda world: f"/order/{line_of(world)}/compare?{_both_offers(world)}",
        ),
        List("begun orders together", Desk.RECIPIENT, lambda world: f"/order/together/{world.person.pk}"),
        List("recipient's orders", Desk.RECIPIENT, "/orders"),
        List("supplier's orders", Desk.SUPPLIER, "/supply/orders"),
        List("supplier's orders by a filter", Desk.SUPPLIER, "/supply/orders?light=green&sort=-deadline&all=1"),
        List(
            "supplier's orders to accept",
            Desk.SUPPLIER,
            lambda world: f"/supply/orders/bulk/accept?{_to_accept(world)}",
        ),
        List("supplier's route sheet", Desk.SUPPLIER, _route),
        List("supplier's offers", Desk.SUPPLIER, "/supply/offers"),
        List("orders that wait for the supplier", Desk.SUPPLIER, "/supply/waiting"),
        List("orders that an officer is to see to", Desk.OFFICER, "/office/waiting"),
        List("supplier's offers to change", Desk.SUPPLIER, "/supply/offers?edit=1"),
        List("officer's orders", Desk.OFFICER, "/office/orders"),
        List(
            "officer's orders by a filter",
            Desk.OFFICER,
            lambda world: f"/office/orders?light=green&sort=deadline&district={world.place.code}",
        ),
        List("officer's orders by name", Desk.OFFICER, "/office/orders?state=submitted&sort=name"),
    ),
    small=frozenset({"orders_make", "orders_stop", "orders_stoppednumber"}),
    big=frozenset({"orders_batch", "orders_delivery", "orders_fitting", "orders_item", "orders_order"}),
)
