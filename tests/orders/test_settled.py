"""What an order leaves open is settled: money that was paid, time to record it, stock and price, contacts."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from tests import factories as make
from tests.kit.pages import on_paper, open_page, pressed, read
from tests.kit.world import World

from tirek.catalogue.actions import change_price, take_stock
from tirek.catalogue.models import Variant
from tirek.core import clock, drafts
from tirek.core.actors import CLOCK
from tirek.core.case import deadlines, effects, workflow
from tirek.core.case.words import view_of
from tirek.core.drafts import Draft
from tirek.core.errors import TooMany
from tirek.entitlements.queries import status_of
from tirek.notices.models import Notice
from tirek.notices.templates import render_many
from tirek.orders import actions, queries
from tirek.orders.actions import settling
from tirek.orders.case_types import ORDERS
from tirek.orders.forms.person import CONSENT_VERSION
from tirek.orders.models import Order
from tirek.orders.queries import door_code_for
from tirek.people.actions import record_measurement
from tirek.ui.text import dialled_text, phone_text

pytestmark = pytest.mark.django_db
State = Order.State


@pytest.fixture
def world() -> Iterator[World]:
    """A person pays 50 above the guaranteed amount for each."""
    with clock.at(make.MORNING):
        yield World(price=Decimal(250))


def accepted(world: World, quantity: int = 60) -> Order:
    order = world.order(quantity)
    return actions.accept_order(actor=world.supplier_actor, order=order, ready_on=clock.today())


def paid(world: World) -> Order:
    return actions.record_top_up(actor=world.supplier_actor, order=accepted(world), receipt="CHK-1")


def told(template: str) -> list[str]:
    with translation.override("en"):
        rows = Notice.objects.filter(template=template)
        return [render_many(template, [one.context])[0].body.replace("\u00a0", " ") for one in rows]


@pytest.mark.finding("J-receipt-named")
def test_receipts_of_what_was_paid_and_returned__are_named_in_the_history(world: World) -> None:
    order = actions.cancel_order(actor=world.actor, order=paid(world), note="Not needed")
    settling.return_money(actor=world.supplier_actor, order=order, receipt="RET-1")
    page = open_page(world.client(world.actor), f"/orders/{order.number}").main
    assert "Number of the fiscal receipt: CHK-1" in page
    assert "Number of the receipt for the returned payment: RET-1" in page
    assert "Not needed" in page


@pytest.mark.finding("I-10")
def test_cancelled_after_payment__says_who_owes_what_to_whom_by_when_until_it_is_settled(world: World) -> None:
    order = actions.cancel_order(actor=world.actor, order=paid(world))
    assert order.state == State.MONEY_OWED
    assert status_of(world.line).availability.balance.reserved == 0, "nothing of the entitlement is held"
    [owed] = deadlines.open_of(order)
    effects.run()
    for template in ("order.money_owed", "order.money_owed_for_supplier"):
        assert told(template)
        assert all("3 000 ₸" in words for words in told(template))
        assert owed.last_day == queries.money_back_by()
    assert order in queries.needing(world.supplier_actor)
    for actor, page in ((world.actor, "orders"), (world.supplier_actor, "supply/orders")):
        assert "eturn" in open_page(world.client(actor), f"/{page}/{order.number}").main
    done = settling.return_money(actor=world.supplier_actor, order=order, receipt="RET-1")
    assert done.state == State.CANCELLED
    assert told("order.money_returned")
    assert order not in queries.needing(world.supplier_actor)


@pytest.mark.finding("I-10")
def test_payment__that_is_not_returned_in_time_is_a_task_of_the_office(world: World) -> None:
    order = actions.cancel_order(actor=world.actor, order=paid(world))
    with clock.at(make.MORNING + timedelta(days=30)):
        workflow.sweep()
        order.refresh_from_db()
        assert (order.state, order.office_task) == (State.MONEY_OWED, Order.OfficeTask.MONEY)
        assert order in queries.needing(world.officer)
        assert told("order.money_late")


@pytest.mark.finding("I-10")
@pytest.mark.parametrize("by", ["supplier", "clock"])
def test_refusal_taken_back_after_payment__is_settled_likewise(world: World, by: str) -> None:
    order = paid(world)
    order = actions.hand_over(actor=world.supplier_actor, order=order, code=door_code_for(world.actor, order))
    order = actions.refuse_delivery(actor=world.actor, order=order, reason="defect")
    if by == "supplier":
        order = actions.take_back(actor=world.supplier_actor, order=order)
    else:
        order = actions.decide_for_person(actor=CLOCK, order=order)
    assert order.state == State.MONEY_OWED


@pytest.mark.finding("I-10")
def test_cancelled_before_payment__owes_nothing(world: World) -> None:
    for order in (world.order(10), accepted(world, 10)):
        assert actions.cancel_order(actor=world.actor, order=order).state == State.CANCELLED
    assert not told("order.money_owed")


@pytest.mark.finding("J-M10")
def test_pages_that_end_a_paid_order__name_the_goods_and_the_money(world: World) -> None:
    order, client = paid(world), world.client(world.actor)
    page = open_page(client, f"/orders/{order.number}/cancel").main.replace("\u00a0", " ")
    assert "The supplier returns to you what you paid: 3 000 ₸, by" in page
    order = actions.hand_over(actor=world.supplier_actor, order=order, code=door_code_for(world.actor, order))
    page = open_page(client, f"/orders/{order.number}/refuse").main.replace("\u00a0", " ")
    for words in ("Diapers, M", order.number, "The supplier then returns what was paid: 3 000 ₸", "cannot be undone"):
        assert words in page, words


@pytest.mark.finding("I-9")
def test_payment_of_the_last_day__is_recorded_on_the_next_working_day(world: World) -> None:
    order = accepted(world)
    assert order.pay_by is not None
    assert order.record_by is not None
    assert order.record_by > order.pay_by
    assert view_of(ORDERS, world.actor, order).next_step.by == order.pay_by, "the person is told the own last day"
    assert view_of(ORDERS, world.supplier_actor, order).next_step.by == order.record_by
    morning_after = deadlines.end_of_day(order.pay_by) + timedelta(hours=9)
    with clock.at(morning_after):
        workflow.sweep()
        order = actions.record_top_up(actor=world.supplier_actor, order=order, receipt="CHK-1")
    assert order.state == State.ACCEPTED


@pytest.mark.finding("I-9")
def test_payment__that_nobody_recorded_by_then_ends_the_order(world: World) -> None:
    order = accepted(world)
    assert order.record_by is not None
    with clock.at(deadlines.end_of_day(order.record_by) + timedelta(minutes=1)):
        workflow.sweep()
    order.refresh_from_db()
    assert (order.state, order.cancel_reason) == (State.CANCELLED, Order.CancelReason.TOP_UP)


@pytest.mark.finding("J-M11")
def test_promised_day__that_waits_for_the_payment_is_told_so(world: World) -> None:
    order = accepted(world)
    page = open_page(world.client(world.actor), f"/orders/{order.number}").main
    assert "each day until the payment moves it by a day" in page


# --- stock and price


def variant_page(world: World, **sent: object) -> tuple[int, str]:
    address = f"/supply/offers/{world.version.variant_id}"
    # the difference of a new price was seen before
    answer = world.client(world.supplier_actor).post(address, {"step": "do"} | sent)
    return answer.status_code, read(answer).text if answer.status_code != 302 else ""


def stock_and_price(world: World) -> tuple[int, Decimal]:
    found = Variant.objects.select_related("current").get(pk=world.version.variant_id)
    assert found.current is not None
    return found.stock, found.current.price


@pytest.mark.finding("I-3")
def test_price_alone__does_not_write_the_stock_back(world: World) -> None:
    take_stock(world.version.variant_id, 30)
    sent = {"stock": "1000", "price": "260", "shown_stock": "1000", "shown_price": "250.00"}
    assert variant_page(world, **sent)[0] == 302
    assert stock_and_price(world) == (970, Decimal(260))


@pytest.mark.finding("I-3")
def test_old_tab__does_not_bring_the_old_price_back(world: World) -> None:
    change_price(actor=world.supplier_actor, variant=world.version.variant, price=Decimal(300))
    sent = {"stock": "900", "price": "250", "shown_stock": "1000", "shown_price": "250.00"}
    assert variant_page(world, **sent)[0] == 302
    assert stock_and_price(world) == (900, Decimal(300))


@pytest.mark.finding("I-3")
def test_what_changed_meanwhile__is_told_with_both_and_saved_at_the_next_press(world: World) -> None:
    take_stock(world.version.variant_id, 30)
    sent = {"stock": "50", "price": "260", "shown_stock": "1000", "shown_price": "250.00"}
    status, text = variant_page(world, **sent)
    assert status == 422
    assert "this page showed 1000, now it is 970. You typed 50." in text
    assert stock_and_price(world) == (970, Decimal(250)), "nothing was saved"
    assert variant_page(world, **sent | {"shown_stock": "970"})[0] == 302
    assert stock_and_price(world) == (50, Decimal(260))


# --- contacts and rounds


def exported(client: Client, query: str = "") -> str:
    return b"".join(client.get(f"/supply/orders/export{query}").streaming_content).decode("utf-8-sig")


@pytest.mark.finding("R-L1")
def test_contacts__of_an_order_without_delivery_are_the_suppliers_no_more(world: World) -> None:
    order = world.order(10)
    client, page = world.client(world.supplier_actor), f"/supply/orders/{order.number}"
    for words in (order.address, order.phone, world.person.full_name):
        shown = phone_text(words).replace("\xa0", " ") if words == order.phone else words
        assert shown in open_page(client, page).main
        assert (dialled_text(words) if words == order.phone else words) in exported(client)
    order = actions.cancel_order(actor=world.actor, order=order)
    told_now = open_page(client, page).main + exported(client, "?state=cancelled")
    assert phone_text(order.phone).replace("\xa0", " ") not in told_now
    assert order.number in told_now
    for words in (order.address, order.phone, dialled_text(order.phone), world.person.full_name):
        assert words not in told_now


@pytest.mark.finding("R-L4")
def test_ordering_and_cancelling__in_rounds_has_an_end(world: World) -> None:
    for _round in range(5):
        actions.cancel_order(actor=world.actor, order=world.order(1))
    order = world.order(1)
    with pytest.raises(TooMany):
        actions.cancel_order(actor=world.actor, order=order)
    assert actions.cancel_order(actor=world.officer, order=order).state == State.CANCELLED


@pytest.mark.finding("J-M5")
def test_errors_of_the_check_page__are_all_told_in_one_summary_and_nothing_disappears(world: World) -> None:
    record_measurement(
        actor=world.actor, person=world.person, parameter="waist_cm", value=Decimal(200), measured_on=clock.today()
    )
    draft, client = world.draft(), world.client(world.actor)
    for sent, links in (({}, {"consent", "fit_acknowledged"}), (make.as_shown(draft), {"fit_acknowledged"})):
        page = read(client.post(f"/order/form/{draft.pk}/submit", sent))
        assert page.html.count("govuk-error-summary__title") == 1
        assert 'name="fit_acknowledged"' in page.html
        for name in links:
            assert f'href="#id_{name}' in page.html, (sent, name)


def _plant(world: World, draft: Draft, **cells: str) -> None:
    fields = {name: {"value": value, "base": 0} for name, value in cells.items()}
    here = reverse("draft-fields", args=[draft.pk])
    saved = world.client(world.actor).post(here, {"fields": fields}, content_type="application/json")
    assert saved.status_code == 200, saved.content


@pytest.mark.finding("I-planted")
@pytest.mark.parametrize("planted", ["x", "", "1", "NaN"])
def test_cell_made_up_for_what_a_page_shows__does_not_stop_the_officer_who_finishes_the_form(
    world: World, planted: str
) -> None:
    draft = world.draft()
    _plant(world, draft, seen_person_part=planted, seen_quantity=planted)
    drafts.hand_to_office(world.actor, draft.pk, territory_code=world.place.code)
    drafts.take(world.officer, draft.pk)
    sent = world.client(world.officer).post(reverse("orders:sign", args=[draft.pk]), on_paper())
    assert sent.status_code == 302, read(sent).errors
    assert Order.objects.get().placed_by == world.officer.account


@pytest.mark.finding("I-planted")
def test_acknowledgement_made_up_in_a_draft__is_none_of_who_sends_it(world: World) -> None:
    record_measurement(
        actor=world.actor, person=world.person, parameter="waist_cm", value=Decimal(200), measured_on=clock.today()
    )
    draft = world.draft()
    _plant(world, draft, fit_acknowledged="yes")
    client, shown = world.client(world.actor), make.as_shown(draft)
    here = reverse("orders:submit", args=[draft.pk])
    assert (client.post(here, shown).status_code, Order.objects.count()) == (422, 0)
    assert client.post(here, shown | {"fit_acknowledged": "on"}).status_code == 302
    assert Order.objects.get().fit_acknowledged


@pytest.mark.finding("I-other-window")
def test_goods_chosen_in_another_window__are_not_sent_from_a_page_that_shows_others(world: World) -> None:
    other = make.version_of(make.offer(make.supplier(), world.kind, price=Decimal(250), to=world.place.code))
    draft, client = world.draft(), world.client(world.actor)
    check, here = (reverse("orders:step", args=[draft.pk, "check"]), reverse("orders:submit", args=[draft.pk]))
    shown = pressed(open_page(client, check), "Send the order") | {"consent": CONSENT_VERSION}
    held = Draft.objects.get(pk=draft.pk).versions()["version"]
    drafts.save_fields(world.actor, draft.pk, {"version": drafts.Typed(str(other.pk), held)})
    script = client.post(here, shown, headers={"Accept": "application/json"})
    assert (script.status_code, script.json()["code"]) == (422, "answers")
    refused = read(client.post(here, shown))
    assert (refused.status, Order.objects.count()) == (422, 0)
    assert "The answers were changed in another window." in refused.main
    again = pressed(refused, "Send the order") | {"consent": CONSENT_VERSION}
    assert client.post(here, again).status_code == 302
    assert Order.objects.get().version_of_offer_id == other.pk


def test_open_states__are_those_of_the_indexes_of_open_orders() -> None:
    named = {one.name: str(one.condition) for one in Order._meta.indexes if one.condition is not None}
    for name in ("orders_order_for_office", "orders_order_place_due", "orders_order_org_due"):
        assert all(f"'{state}'" in named[name] for state in Order.open_states()), name
