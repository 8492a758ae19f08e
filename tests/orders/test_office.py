"""What the office does with orders: hand-overs without a code, late orders, orders of the dead and of programmes that
ended.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation
from tests import factories as make
from tests.kit.sign_in import for_years
from tests.orders.bulk import plan_acceptance

from tirek.core import clock, signing
from tirek.core.actors import Actor
from tirek.core.case import deadlines, effects, journal, workflow
from tirek.core.case.words import view_of
from tirek.core.errors import Busy, NotAllowed, RuleBroken, StaleState
from tirek.entitlements.actions import cancel_programme
from tirek.entitlements.models import Line, Programme
from tirek.entitlements.queries import status_of
from tirek.notices.models import Notice
from tirek.notices.templates import render_many
from tirek.orders import actions, acts, jobs, queries
from tirek.orders.actions import settling
from tirek.orders.case_types import ORDERS
from tirek.orders.models import Order
from tirek.people.actions import record_death
from tirek.people.models import Representation
from tirek.people.queries import representatives_of
from tirek.people.rules import is_minor, of_age_born_by
from tirek.people.telling import accounts_to_tell

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_english")]
TASK = Order.OfficeTask


@pytest.fixture
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def shop() -> make.Shop:
    with clock.at(make.MORNING):
        return make.Shop()


def _accepted(shop: make.Shop, quantity: int = 30) -> Order:
    return actions.accept_order(
        actor=shop.supplier_actor, order=shop.order(quantity), ready_on=clock.today() + timedelta(days=2)
    )


def _told(template: str) -> set[object]:
    return set(Notice.objects.filter(template=template).values_list("user_id", flat=True))


# --- hand-over without the code


def test_hand_over__the_office_confirms_it_where_the_recipient_could_tell_no_code(shop: make.Shop) -> None:
    clerk, colleague = make.officer(shop.place), make.officer(shop.place)
    with clock.at(make.MORNING):
        order = _accepted(shop)
        with pytest.raises(RuleBroken):
            actions.confirm_hand_over(actor=clerk, order=order, reason="because")
        order = actions.confirm_hand_over(actor=clerk, order=order, reason="lost", note="Both were called.")
        assert order.state == Order.State.AWAITING_CONFIRMATION
        delivery = order.deliveries.get()
        assert not delivery.code_matched
        assert "without the code: the phone or the code was lost" in bytes(delivery.act).decode()
        assert _told("order.handed_over_by_office") == {shop.actor.account}
        effects.run()
        assert _told("order.handed_over_for_supplier") == {shop.supplier_actor.account}
        last = view_of(ORDERS, clerk, order).newest_first[0]
        assert (str(last.reason), last.note) == ("the phone or the code was lost", "Both were called.")
        document = signing.Document(
            actions.SIGN_RECEIPT, "order", order.pk, acts.receipt_text(order, delivery), acts.TEXT_VERSION, "kk"
        )
        paper = signing.record_paper(clerk, document, signing.Signer(user_id=make.user_of(shop.actor)))
        with pytest.raises(RuleBroken) as refused:
            actions.confirm_receipt(actor=clerk, order=order, signature_id=paper.pk)
        assert refused.value.code == "two_persons"
        assert (
            actions.confirm_receipt(actor=colleague, order=order, signature_id=paper.pk).state == Order.State.RECEIVED
        )


def test_hand_over__an_officer_close_to_the_person_does_not_confirm_it(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        order = _accepted(shop)
        clerk = make.officer(shop.place)
        close = type(clerk)(**{name: getattr(clerk, name) for name in clerk.__slots__} | {"person_id": shop.person.pk})
        with pytest.raises(NotAllowed):
            actions.confirm_hand_over(actor=close, order=order, reason="lost")


def test_hand_over__is_confirmed_on_a_page_with_a_reason(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        order, client = _accepted(shop), for_years(make.officer(shop.place))
        here, page = (
            reverse("orders:officer-order", args=[order.number]),
            reverse("orders:officer-order-act", args=[order.number, "confirm_hand_over"]),
        )
        assert f'href="{page}"' in client.get(here).content.decode()
        assert client.post(page, {"note": "x"}).status_code == 422
        assert client.post(page, {"confirm_hand_over-reason": "no_phone"})["Location"] == here
        order.refresh_from_db()
        assert order.state == Order.State.AWAITING_CONFIRMATION
        assert page not in client.get(here).content.decode()
        assert client.get(page).status_code == 409


# --- late orders


def _late(shop: make.Shop) -> Order:
    with clock.at(make.MORNING):
        order = _accepted(shop)
    with clock.at(make.MORNING + timedelta(days=3)):
        assert workflow.sweep() == 1
    order.refresh_from_db()
    return order


def test_late_order__is_a_task_of_the_office_until_it_is_handed_over(shop: make.Shop) -> None:
    clerk = make.officer(shop.place)
    order = _late(shop)
    with clock.at(make.MORNING + timedelta(days=3)):
        assert [one.pk for one in queries.needing(clerk)] == [order.pk]
        for reader, words, who in (
            (clerk, "Ask the supplier", "You, then the supplier"),
            (shop.actor, "cancel it without giving a reason", "Supplier"),
            (shop.supplier_actor, "Bring the order now", "You"),
        ):
            step = view_of(ORDERS, reader, order).next_step
            assert words in str(step.text)
            assert (str(step.who), step.by) == (who, order.ready_on)
            assert step.deadline is not None
            assert step.deadline.present_light is deadlines.Light.RED
        assert "Overdue" in for_years(clerk).get(reverse("orders:officer-order", args=[order.number])).content.decode()
        actions.dispatch_order(actor=shop.supplier_actor, order=order)
        assert list(queries.needing(clerk)) == [order]
        actions.confirm_hand_over(actor=clerk, order=order, reason="at_office")
        assert not queries.needing(clerk).exists()


def test_silent_receipt__says_that_the_office_acts(shop: make.Shop) -> None:
    clerk = make.officer(shop.place)
    with clock.at(make.MORNING):
        order = _accepted(shop)
        actions.hand_over(actor=shop.supplier_actor, order=order, code=queries.door_code_for(shop.actor, order))
    with clock.at(make.MORNING + timedelta(days=40)):
        while workflow.sweep():
            pass
        order.refresh_from_db()
        assert order.office_task == TASK.CONFIRMATION
        step = view_of(ORDERS, clerk, order).next_step
        assert ("Contact the recipient" in str(step.text), str(step.who)) == (True, "You")
        assert step.by is not None
        assert "The office will contact you" in str(view_of(ORDERS, shop.actor, order).next_step.text)


# --- top-up


def test_top_up__the_promised_day_moves_by_the_days_that_the_payment_was_awaited() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop(price=Decimal(250))
        order = _accepted(shop, 10)
        promised = order.ready_on
        assert promised is not None
    pay_by = [one.last_day for one in deadlines.open_of(order)]
    [told] = Notice.objects.filter(template="order.accepted_top_up_ask")
    assert order.pay_by is not None
    assert told.context["until"] == order.pay_by.isoformat()
    assert pay_by == [order.record_by], "the supplier has a working day more to record it"
    with translation.override("en"):
        [words] = render_many(told.template, [told.context])
    assert "cancelled" in words.body
    with clock.at(make.MORNING + timedelta(days=5)):
        order = actions.record_top_up(actor=shop.supplier_actor, order=order, receipt="ФЧ-17")
        assert order.ready_on == promised + timedelta(days=5)
        order.refresh_from_db()
        assert order.ready_on == promised + timedelta(days=5)
        [owed] = deadlines.open_of(order)
        assert (owed.otherwise, owed.last_day) == ("warn_late", order.ready_on)
        event = journal.events_of(order)[-1]
        assert event.data["receipt"] is True
        assert "ФЧ-17" not in event.canonical
        assert view_of(ORDERS, shop.actor, order).newest_first[0].note == "ФЧ-17"
    with clock.at(make.MORNING + timedelta(days=8)):
        assert workflow.sweep() == 1
    order.refresh_from_db()
    assert order.office_task == TASK.LATE


# --- what is done for the person is told to the person


def test_cancellation_and_refusal_at_the_office__are_told_to_the_person(shop: make.Shop) -> None:
    clerk = make.officer(shop.place)
    with clock.at(make.MORNING):
        actions.cancel_order(actor=clerk, order=_accepted(shop))
        assert _told("order.cancelled_for_you") == {shop.actor.account}
        order = _accepted(shop)
        actions.hand_over(actor=shop.supplier_actor, order=order, code=queries.door_code_for(shop.actor, order))
        actions.refuse_delivery(actor=clerk, order=order, reason="defect")
        assert _told("order.refused_for_you") == {shop.actor.account}
        with translation.override("en"):
            [words] = render_many(
                "order.refused_for_you", [Notice.objects.get(template="order.refused_for_you").context]
            )
        assert "it has a defect" in words.body
        effects.run()
        [answer] = [one.last_day for one in deadlines.open_of(order)]
        assert Notice.objects.get(template="order.refused_for_supplier").context["until"] == answer.isoformat()


def test_cancellation_by_the_person__is_not_told_to_the_person(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        actions.cancel_order(actor=shop.actor, order=_accepted(shop))
    assert _told("order.cancelled_for_you") == set()


# --- who is told


@pytest.mark.parametrize(
    ("born", "of_age"),
    [(date(2008, 11, 10), False), (date(2008, 11, 9), True), (date(2008, 2, 29), True)],
    ids=["day before", "birthday", "leap"],
)
def test_orders_of_a_child__are_told_to_the_parent_until_the_child_is_of_age(born: date, of_age: bool) -> None:
    with clock.at(make.MORNING):
        assert clock.today() == date(2026, 11, 9)
        child, mother = make.person(born=born), make.person(born=date(1980, 1, 1), phone="+77017654321")
        Representation.objects.create(
            represented=child, representative=mother, basis=Representation.Basis.PARENT, since=born
        )
        told = accounts_to_tell(child.pk, clock.today())
        assert set(told) == {child.user_id, *(one.representative.user_id for one in representatives_of(child))}
    assert (mother.user_id in told) is not of_age


@pytest.mark.parametrize(
    ("day", "born", "minor"),
    [
        (date(2026, 2, 28), date(2008, 2, 29), True),
        (date(2026, 3, 1), date(2008, 2, 29), False),
        (date(2028, 2, 29), date(2010, 2, 28), False),
        (date(2028, 2, 29), date(2010, 3, 1), True),
    ],
)
def test_last_day_of_birth_of_who_is_of_age__is_right_in_leap_years(day: date, born: date, minor: bool) -> None:
    assert (born > of_age_born_by(day, majority_months=216)) is minor
    assert is_minor(born, day, majority_months=216) is minor


def test_representative_who_has_died__is_told_nothing(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        guardian = make.person(phone="+77017654321")
        Representation.objects.create(
            represented=shop.person,
            representative=guardian,
            basis=Representation.Basis.GUARDIAN,
            since=date(2020, 1, 1),
        )
        assert guardian.user_id in accounts_to_tell(shop.person.pk, clock.today())
        type(guardian).objects.filter(pk=guardian.pk).update(deceased_on=clock.today())
        assert guardian.user_id not in accounts_to_tell(shop.person.pk, clock.today())


# --- death, end of a programme


def test_death__brings_open_orders_to_the_office_and_stops_acceptance(shop: make.Shop) -> None:
    clerk = make.officer(shop.place)
    with clock.at(make.MORNING):
        waiting, running = shop.order(10), _accepted(shop, 20)
        record_death(actor=clerk, person=shop.person, deceased_on=clock.today())
        for order in (waiting, running):
            order.refresh_from_db()
        with pytest.raises(RuleBroken) as refused:
            actions.accept_order(actor=shop.supplier_actor, order=waiting, ready_on=clock.today())
        assert refused.value.code == "review"
        [planned] = plan_acceptance(actor=shop.supplier_actor, numbers=[waiting.number], ready_on=clock.today())
        assert planned.refusal is not None
        assert planned.refusal.code == "review"
        jobs.review_of_the_dead(0)
        jobs.review_of_the_dead(0)
        assert {one.pk for one in queries.needing(clerk)} == {waiting.pk, running.pk}
        running.refresh_from_db()
        assert [event.type for event in journal.events_of(running)].count("order.ask_for_review") == 1
        with pytest.raises(RuleBroken) as refused:
            settling.let_go_on(actor=clerk, order=running)
        assert refused.value.code == "deceased"
        actions.cancel_order(actor=clerk, order=running)
        assert [one.pk for one in queries.needing(clerk)] == [waiting.pk]


def test_programme_that_ends__brings_its_open_orders_to_the_office_which_lets_them_go_on(shop: make.Shop) -> None:
    clerk = make.officer(shop.place)
    with clock.at(make.MORNING):
        order = shop.order(10)
        programme = Programme.objects.get(pk=shop.line.programme_id)
        cancel_programme(actor=clerk, programme=programme, basis="Re-examination")
        effects.run()
        effects.run()
        order.refresh_from_db()
        assert order.office_task == TASK.REVIEW
        with pytest.raises(RuleBroken):
            actions.accept_order(actor=shop.supplier_actor, order=order, ready_on=clock.today())
        client, here = for_years(clerk), reverse("orders:officer-order", args=[order.number])
        assert "Let the order go on" in client.get(here).content.decode()
        assert client.post(f"{here}/let_go_on")["Location"] == here
        order.refresh_from_db()
        assert order.office_task == ""
        with pytest.raises(RuleBroken) as refused:
            settling.let_go_on(actor=clerk, order=order)
        assert refused.value.code == "no_review"
        order = actions.accept_order(actor=shop.supplier_actor, order=order, ready_on=clock.today())
        assert order.state == Order.State.ACCEPTED


def test_review__of_one_order_that_somebody_holds_stops_no_other(
    shop: make.Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clock.at(make.MORNING):
        held, free = shop.order(10), shop.order(10)
        real = settling.ask_for_review

        def ask(*, actor: Actor, order: Order, cause: str) -> Order:
            if order.pk == held.pk:
                raise Busy
            return real(actor=actor, order=order, cause=cause)

        monkeypatch.setattr(settling, "ask_for_review", ask)
        with pytest.raises(Busy):
            settling.ask_for_reviews([held, free], cause="death")
        free.refresh_from_db()
        assert free.office_task == TASK.REVIEW
        # the same event once more asks nothing of who was asked already
        assert [one.pk for one in queries.open_of_programme(shop.programme.pk)] == [held.pk]


def test_review__of_an_order_that_has_ended_is_asked_for_nowhere(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        order = shop.order(10)
        actions.cancel_order(actor=shop.actor, order=order)
        with pytest.raises(StaleState):
            settling.ask_for_review(actor=workflow.CLOCK, order=order, cause="death")
        assert settling.ask_for_reviews([order], cause="death") == 0
    assert (
        status_of(Line.objects.select_related("programme", "kind", "person").get(pk=shop.line.pk)).availability.quantity
        == 365
    )


# --- an officer without a place


def test_officer_without_a_territory__sees_no_order(shop: make.Shop) -> None:
    clerk = make.officer(shop.place)
    nowhere = type(clerk)(**{name: getattr(clerk, name) for name in clerk.__slots__} | {"territory": ""})
    with clock.at(make.MORNING):
        shop.order(10)
        assert ORDERS.visible_to(clerk).exists()
        assert not ORDERS.visible_to(nowhere).exists()
