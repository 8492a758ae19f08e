"""The main thread: from the programme to the signed receipt."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import factories as make

from tirek.core import clock, drafts, signing
from tirek.core.actors import CLOCK
from tirek.core.case import deadlines, effects, journal, proof, workflow
from tirek.core.errors import NotAllowed, NotFound, RuleBroken, StaleState, TooMany
from tirek.entitlements.models import LedgerEntry, Line
from tirek.entitlements.queries import status_of
from tirek.entitlements.rules import PriceSplit, split_price
from tirek.notices.models import Notice
from tirek.orders import actions, acts
from tirek.orders.items import numbering
from tirek.orders.models import Order
from tirek.orders.numbers import SERIAL
from tirek.orders.queries import door_code_for, last_delivery
from tirek.suppliers.actions import suspend_supplier

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> make.Shop:
    with clock.at(make.MORNING):
        return make.Shop()


def _sign(shop: make.Shop, order: Order) -> signing.Signature:
    """The person signs the receipt with a code, as the page does."""
    delivery = last_delivery(order)
    assert delivery is not None
    document = signing.Document(
        actions.SIGN_RECEIPT, "order", order.pk, acts.receipt_text(order, delivery), acts.TEXT_VERSION, "kk"
    )
    return signing.record_paper(make.officer(shop.place), document, signing.Signer(user_id=make.user_of(shop.actor)))


def _to_handed_over(shop: make.Shop, order: Order) -> Order:
    order = actions.accept_order(actor=shop.supplier_actor, order=order, ready_on=clock.today() + timedelta(days=5))
    is_serial = numbering(order.kind_code, at=clock.today()) == SERIAL
    numbers = "\n".join(f"{order.number}-{n}" for n in range(order.quantity)) if is_serial else ""
    code = door_code_for(shop.actor, order)
    return actions.hand_over(actor=shop.supplier_actor, order=order, code=code, numbers=numbers)


@pytest.mark.mission("S2.7", "S2.8", "S2.17")
def test_order__travels_from_draft_to_signed_receipt(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        order = shop.order(30)
        assert order.number.startswith("ТС-2026-")
        assert order.state == Order.State.SUBMITTED
        order = _to_handed_over(shop, order)
        assert order.state == Order.State.AWAITING_CONFIRMATION
        order = actions.confirm_receipt(actor=shop.actor, order=order, signature_id=_sign(shop, order).pk)
    assert order.state == Order.State.RECEIVED
    assert [event.type for event in journal.events_of(order)] == [
        "order.submit",
        "order.accept",
        "order.hand_over",
        "order.confirm",
    ]
    assert list(proof.verify()) == []
    with clock.at(make.MORNING):
        left = status_of(Line.objects.select_related("programme", "kind", "person").get())
    assert (left.availability.balance.received, left.availability.quantity) == (30, 335)


@pytest.mark.mission("S0.5")
def test_submit__the_same_draft_five_times_gives_one_order(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        draft = shop.draft(30)
        numbers = {actions.submit_order(actor=shop.actor, draft_key=draft.pk).number for _ in range(5)}
    assert len(numbers) == 1
    assert Order.objects.count() == 1
    assert LedgerEntry.objects.filter(kind="reserve").count() == 1


@pytest.mark.mission("S0.2", "S0.3")
def test_submit__takes_at_most_25_statements(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        draft = shop.draft(30)
        with CaptureQueriesContext(connection) as seen:
            actions.submit_order(actor=shop.actor, draft_key=draft.pk)
    assert len(seen) <= 25, "\n".join(query["sql"][:110] for query in seen)


@pytest.mark.mission("S2.16")
def test_submit__splits_the_price_at_the_guaranteed_amount() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop(price=Decimal(250))
        order = shop.order(10)
    assert (order.budget_part, order.person_part, order.guaranteed_amount) == (
        Decimal(2000),
        Decimal(500),
        Decimal(2000),
    )


def test_submit__another_person_cannot_send_the_draft(shop: make.Shop) -> None:
    stranger = make.recipient_of(make.person())
    with clock.at(make.MORNING), pytest.raises(drafts.DraftLost):
        actions.submit_order(actor=stranger, draft_key=shop.draft().pk)
    assert not Order.objects.exists()


def test_submit__somebody_elses_line_is_refused(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        other = make.person()
        draft = drafts.begin(
            make.recipient_of(other),
            form="order",
            form_version=1,
            subject_id=other.pk,
            values=make.answers(shop.line, shop.version),
        )
        with pytest.raises(NotFound):
            actions.submit_order(actor=make.recipient_of(other), draft_key=draft.pk)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"quantity": "0"}, "incomplete_quantity"),
        ({"quantity": "many"}, "incomplete_quantity"),
        ({"quantity": "366"}, "quantity"),
        ({"phone": "12"}, "incomplete_delivery"),
        ({"address": " "}, "incomplete_delivery"),
        ({"consent": ""}, "incomplete_check"),
        ({"version": "none"}, "incomplete_offer"),
    ],
)
def test_submit__says_which_step_lacks_something_and_keeps_the_draft(
    shop: make.Shop, changes: dict[str, str], code: str
) -> None:
    with clock.at(make.MORNING):
        draft = shop.draft(30, **changes)
        with pytest.raises(RuleBroken) as refused:
            actions.submit_order(actor=shop.actor, draft_key=draft.pk)
    assert refused.value.code == code
    draft.refresh_from_db()
    assert draft.state == "open"
    assert draft.values()["address"] == changes.get("address", "Абай көшесі 1, пәтер 2")
    assert not LedgerEntry.objects.filter(kind="reserve").exists()


def test_submit__a_price_that_changed_meanwhile_is_shown_first(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        draft = shop.draft()
        make.version_of(shop.offer)
        from_catalogue = shop.version.variant
        from_catalogue.refresh_from_db()
        make_new_price(shop, Decimal(199))
        with pytest.raises(RuleBroken) as refused:
            actions.submit_order(actor=shop.actor, draft_key=draft.pk)
    assert refused.value.code == "offer_changed"


def make_new_price(shop: make.Shop, price: Decimal) -> None:
    from tirek.catalogue.actions import change_price

    change_price(actor=shop.supplier_actor, variant=shop.version.variant, price=price)


def test_submit__a_suspended_supplier_gets_no_order(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        suspend_supplier(actor=make.staff("centre", "admin"), supplier=shop.supplier, basis="№ 7")
        with pytest.raises(RuleBroken) as refused:
            shop.order()
    assert refused.value.code == "supplier_suspended"


@pytest.mark.mission("S0.12", "S0.13")
def test_submit__what_does_not_fit_needs_an_acknowledgement(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        shop.person.measurements.create(parameter="waist_cm", number=140, measured_on=date(2026, 11, 1), source="self")
        with pytest.raises(RuleBroken) as refused:
            shop.order()
        assert refused.value.code == "does_not_fit"
        order = actions.submit_order(actor=shop.actor, draft_key=shop.draft(fit_acknowledged="yes").pk)
    assert order.fit_acknowledged


def test_accept__another_supplier_may_not(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        order = shop.order()
        with pytest.raises(NotAllowed):
            actions.accept_order(actor=make.supplier_actor(make.supplier()), order=order, ready_on=clock.today())


@pytest.mark.parametrize("day", [-1, 8])
def test_accept__promises_a_day_within_the_term_of_the_offer(shop: make.Shop, day: int) -> None:
    with clock.at(make.MORNING):
        order = shop.order()
        with pytest.raises(RuleBroken) as refused:
            actions.accept_order(actor=shop.supplier_actor, order=order, ready_on=clock.today() + timedelta(days=day))
    assert refused.value.code == "promise"


def test_accept__twice_is_stale(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        order = shop.order()
        actions.accept_order(actor=shop.supplier_actor, order=order, ready_on=clock.today())
        with pytest.raises(StaleState) as stale:
            actions.accept_order(actor=shop.supplier_actor, order=order, ready_on=clock.today())
    assert stale.value.state == Order.State.ACCEPTED


def test_order__lapses_after_ten_calendar_days_and_frees_the_entitlement(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        order = shop.order(365)
        (deadline,) = deadlines.open_of(order)
    # ten days after Monday the 9th is Thursday the 19th
    assert deadline.last_day == date(2026, 11, 19)
    with clock.at(deadline.due_at - timedelta(seconds=1)):
        assert workflow.sweep() == 0
    with clock.at(deadline.due_at):
        assert workflow.sweep() == 1
        assert workflow.sweep() == 0
    order.refresh_from_db()
    assert (order.state, order.cancel_reason) == (Order.State.CANCELLED, Order.CancelReason.LAPSED)
    with clock.at(deadline.due_at):
        line = Line.objects.select_related("programme", "kind", "person").get()
        assert status_of(line).availability.quantity == 365
    shop.version.variant.refresh_from_db()
    assert shop.version.variant.stock == 1000
    assert Notice.objects.filter(template="order.lapsed", user_id=make.user_of(shop.actor)).count() == 1


def test_lapse__does_nothing_when_the_supplier_accepted_in_time(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        order = shop.order()
        actions.accept_order(actor=shop.supplier_actor, order=order, ready_on=clock.today() + timedelta(days=7))
    with clock.at(make.MORNING + timedelta(days=11)):
        workflow.fire("order", order.pk, "lapse")
    order.refresh_from_db()
    assert order.state == Order.State.ACCEPTED


def test_hand_over__needs_the_code_of_the_recipient(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        order = shop.order()
        order = actions.accept_order(actor=shop.supplier_actor, order=order, ready_on=clock.today())
        assert door_code_for(shop.supplier_actor, order) == ""
        code = door_code_for(shop.actor, order)
        wrong = f"{(int(code) + 1) % 1_000_000:06d}"
        with pytest.raises(RuleBroken) as refused:
            actions.hand_over(actor=shop.supplier_actor, order=order, code=wrong)
        assert refused.value.code == "door_code"
        for _ in range(5):
            with pytest.raises(RuleBroken):
                actions.check_door_code(actor=shop.supplier_actor, order=order, code=wrong)
        with pytest.raises(TooMany):
            actions.check_door_code(actor=shop.supplier_actor, order=order, code=code)


def test_confirmation__is_never_silent(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        order = _to_handed_over(shop, shop.order())
    with clock.at(make.MORNING + timedelta(days=40)):
        while workflow.sweep():
            pass
    order.refresh_from_db()
    assert order.state == Order.State.AWAITING_CONFIRMATION
    assert order.office_task == Order.OfficeTask.CONFIRMATION
    assert Notice.objects.filter(template="order.confirm_reminder").count() == 1
    assert not LedgerEntry.objects.filter(kind="consume").exists()


def test_confirm__without_a_signature_is_refused(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        order = _to_handed_over(shop, shop.order())
        with pytest.raises(RuleBroken) as refused:
            actions.confirm_receipt(actor=shop.actor, order=order, signature_id=order.pk)
    assert refused.value.code == "not_signed"


@pytest.mark.mission("S0.6")
def test_counter__the_officer_who_entered_the_order_does_not_record_the_paper_signature(shop: make.Shop) -> None:
    clerk, colleague = make.officer(shop.place), make.officer(shop.place)
    with clock.at(make.MORNING):
        order = _to_handed_over(shop, shop.order(actor=clerk))
        signature = _sign(shop, order)
        with pytest.raises(RuleBroken) as refused:
            actions.confirm_receipt(actor=clerk, order=order, signature_id=signature.pk)
        assert refused.value.code == "two_persons"
        order = actions.confirm_receipt(actor=colleague, order=order, signature_id=signature.pk)
    assert order.state == Order.State.RECEIVED


def test_refuse__never_burns_the_entitlement(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        order = _to_handed_over(shop, shop.order(365))
        actions.refuse_delivery(actor=shop.actor, order=order, reason="does_not_fit", note="тым кіші")
    with clock.at(make.MORNING + timedelta(days=20)):
        assert workflow.sweep() == 1
    order.refresh_from_db()
    assert (order.state, order.cancel_reason) == (Order.State.CANCELLED, Order.CancelReason.NO_ANSWER)
    with clock.at(make.MORNING + timedelta(days=20)):
        assert status_of(Line.objects.select_related("programme", "kind", "person").get()).availability.quantity == 365


def test_top_up__is_paid_or_the_order_ends() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop(price=Decimal(250))
        paid, unpaid = shop.order(10), shop.order(10)
        for order in (paid, unpaid):
            accepted = actions.accept_order(
                actor=shop.supplier_actor, order=order, ready_on=clock.today() + timedelta(days=3)
            )
            assert accepted.state == Order.State.AWAITING_TOP_UP
        actions.record_top_up(actor=shop.supplier_actor, order=paid, receipt="ФЧ-17")
    with clock.at(make.MORNING + timedelta(days=12)):
        workflow.sweep()
    paid.refresh_from_db()
    unpaid.refresh_from_db()
    assert paid.state == Order.State.ACCEPTED
    assert (unpaid.state, unpaid.cancel_reason) == (Order.State.CANCELLED, Order.CancelReason.TOP_UP)


def test_late__the_person_is_told_once_and_may_still_cancel(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        order = actions.accept_order(
            actor=shop.supplier_actor, order=shop.order(), ready_on=clock.today() + timedelta(days=2)
        )
    with clock.at(make.MORNING + timedelta(days=4)):
        assert workflow.sweep() == 1
        order.refresh_from_db()
        actions.dispatch_order(actor=shop.supplier_actor, order=order)
        assert workflow.sweep() == 0
        order.refresh_from_db()
        actions.cancel_order(actor=shop.actor, order=order)
    assert Notice.objects.filter(template="order.late").count() == 1


def test_release__into_an_ended_quarter_is_carried_into_the_present_one(shop: make.Shop) -> None:
    with clock.at(datetime(2026, 12, 28, 4, 0, tzinfo=UTC)):
        order = shop.order(365)
    with clock.at(datetime(2027, 1, 20, 4, 0, tzinfo=UTC)):
        while workflow.sweep():
            pass
        order.refresh_from_db()
        assert order.state == Order.State.CANCELLED
        line = Line.objects.select_related("programme", "kind", "person").get()
        assert status_of(line).availability.quantity == 730


def test_supplier__learns_of_a_new_order_by_an_effect(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        shop.order()
    assert effects.run() >= 1
    assert effects.run() == 0
    assert (
        Notice.objects.filter(template="order.new_for_supplier", user_id=make.user_of(shop.supplier_actor)).count() == 1
    )


def test_clock__alone_lapses_an_order(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        order = shop.order()
        for actor in (shop.actor, shop.supplier_actor, make.officer(shop.place)):
            with pytest.raises(NotAllowed):
                actions.lapse_order(actor=actor, order=order)
        actions.lapse_order(actor=CLOCK, order=order)


def test_price_split__table() -> None:
    assert split_price(price=Decimal(180), quantity=10, guaranteed=Decimal(200)) == PriceSplit(
        Decimal(1800), Decimal(1800), Decimal(0)
    )
    assert split_price(price=Decimal("250.50"), quantity=2, guaranteed=Decimal(200)) == PriceSplit(
        Decimal(501), Decimal(400), Decimal(101)
    )
