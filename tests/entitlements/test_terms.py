"""The two months to order: notice, reminders, time-out, the officer's call, reopening, and what orders do to it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from tests import factories as make

from tirek.core import clock
from tirek.core.case import deadlines, effects, journal, workflow
from tirek.core.errors import NotAllowed, NotFound, RuleBroken, StaleState
from tirek.entitlements import actions, queries
from tirek.entitlements.actions import terms
from tirek.entitlements.actions.terms import lapse_term, open_terms
from tirek.entitlements.case_pages import TO_CALL
from tirek.entitlements.case_types import TERMS
from tirek.entitlements.models import Line, OrderingTerm
from tirek.entitlements.rules import Reason, TermDays, prolonged, term_days
from tirek.notices.models import Notice
from tirek.orders import actions as orders
from tirek.orders.models import Order

pytestmark = pytest.mark.django_db
State = OrderingTerm.State
LAST_DAY = date(2027, 1, 11)  # two months after 9 November 2026 is a Saturday: the next working day


@pytest.fixture
def shop() -> make.Shop:
    with clock.at(make.MORNING):
        return make.Shop()


def term_of(shop: make.Shop) -> OrderingTerm:
    return OrderingTerm.objects.get(line=shop.line)


def line_of(shop: make.Shop) -> Line:
    return Line.objects.select_related("programme", "kind", "person").get(pk=shop.line.pk)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 7, 0, tzinfo=UTC)


def told(shop: make.Shop, template: str) -> int:
    return Notice.objects.filter(user_id=shop.person.user_id, template=template).count()


def passed(shop: make.Shop) -> OrderingTerm:
    with clock.at(noon(LAST_DAY + timedelta(days=1))):
        while workflow.sweep():
            pass
    return term_of(shop)


def test_registration__gives_the_notice_and_two_months(shop: make.Shop) -> None:
    term = term_of(shop)
    assert (term.state, term.order_by) == (State.RUNNING, LAST_DAY)
    assert told(shop, "programme.on_portal") == 1
    with clock.at(make.MORNING):
        status = queries.status_of(line_of(shop))
    assert status.term is not None
    assert status.term.order_by == LAST_DAY


def test_line_that_cannot_be_ordered_here__has_no_term() -> None:
    with clock.at(make.MORNING):
        person = make.person()
        make.programme(person, make.kind("PO-01", channel="procurement"))
        make.programme(person, make.kind("SM-09", orderable_from=None))
        make.programme(person, make.kind("GI-03"), employer_pays=True)
    assert not OrderingTerm.objects.exists()
    assert not Notice.objects.filter(template="programme.on_portal").exists()


def test_reminders__are_sent_after_30_45_and_55_days_once_each(shop: make.Shop) -> None:
    start = make.MORNING.date()
    for days, sent in ((29, 0), (30, 1), (44, 1), (45, 2), (54, 2), (55, 3), (60, 3)):
        with clock.at(noon(start + timedelta(days=days))):
            while workflow.sweep():
                pass
        assert told(shop, "term.reminder") == sent, days
    assert term_of(shop).state == State.RUNNING


@pytest.mark.parametrize("which", ["first", "second", "third"])
def test_reminder__that_falls_due_while_an_order_holds_the_item_tells_nobody(shop: make.Shop, which: str) -> None:
    with clock.at(noon(LAST_DAY)):
        shop.order(10)
        # the effect that ends the term has not run yet
        assert workflow.fire(TERMS.code, term_of(shop).pk, f"remind_{which}")
    assert told(shop, "term.reminder") == 0


def test_reminder__of_what_is_bought_where_the_person_lives_tells_nobody(
    shop: make.Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terms, "can_be_ordered_here", lambda _line: False)
    with clock.at(noon(make.MORNING.date() + timedelta(days=30))):
        while workflow.sweep():
            pass
    assert told(shop, "term.reminder") == 0


def test_time_out__keeps_the_line_asks_an_officer_to_call_and_says_why(shop: make.Shop) -> None:
    with clock.at(noon(LAST_DAY)):
        while workflow.sweep():
            pass
        assert term_of(shop).state == State.RUNNING
    term = passed(shop)
    assert (term.state, term.call_waits) == (State.NOT_ORDERED, True)
    assert told(shop, "term.passed") == 1
    with clock.at(noon(LAST_DAY + timedelta(days=1))):
        status = queries.status_of(line_of(shop))
        assert status.availability.reason is Reason.TERM_PASSED
        assert "January" in status.explanation or "қаңтар" in status.explanation
        with pytest.raises(RuleBroken) as refused:
            shop.order(10)
        assert refused.value.code == Reason.TERM_PASSED
        assert TO_CALL.count(make.officer(shop.place)) == 1
        assert TO_CALL.count(make.officer(make.district("311000000"))) == 0


def test_call__closes_the_task_and_the_line_still_waits(shop: make.Shop) -> None:
    term, officer = passed(shop), make.officer(shop.place)
    with clock.at(noon(date(2027, 1, 13))):
        for stranger in (shop.actor, shop.supplier_actor, make.officer(make.district("311000000"))):
            with pytest.raises(NotAllowed):
                actions.record_call(actor=stranger, term=term, result="will_order")
        with pytest.raises(RuleBroken):
            actions.record_call(actor=officer, term=term, result="maybe")
        actions.record_call(actor=officer, term=term, result="will_order", note="Қоңырау шалды")
        assert TO_CALL.count(officer) == 0
        assert queries.status_of(line_of(shop)).availability.reason is Reason.TERM_PASSED
    assert term_of(shop).call_result == "will_order"


def test_reopening__needs_a_reason_and_begins_the_term_anew(shop: make.Shop) -> None:
    term, officer = passed(shop), make.officer(shop.place)
    with clock.at(noon(date(2027, 1, 13))):
        with pytest.raises(RuleBroken):
            actions.reopen_term(actor=officer, term=term, reason="  ")
        actions.reopen_term(actor=officer, term=term, reason="Ауруханада болды")
        fresh = term_of(shop)
        assert (fresh.state, fresh.started_on, fresh.order_by) == (State.RUNNING, date(2027, 1, 13), date(2027, 3, 16))
        assert not fresh.call_waits
        assert told(shop, "term.reopened") == 1
        shop.order(10)
        with pytest.raises(StaleState):
            actions.reopen_term(actor=officer, term=fresh, reason="тағы")
    with clock.at(noon(date(2027, 2, 12))):
        effects.run()
        while workflow.sweep():
            pass
    assert told(shop, "term.reminder") == 3, "no reminder of the new term after the order"


def test_order__stops_the_reminders_and_the_term(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        shop.order(10)
        effects.run()
    assert term_of(shop).state == State.ORDERED
    assert deadlines.open_of(term_of(shop)) == []


def test_order_in_the_last_moment__wins_although_its_effect_has_not_run(shop: make.Shop) -> None:
    with clock.at(noon(LAST_DAY)):
        shop.order(10)
    with clock.at(noon(LAST_DAY + timedelta(days=1))):
        lapse_term(actor=workflow.CLOCK, term=term_of(shop))
    assert term_of(shop).state == State.ORDERED
    assert line_of(shop).term_passed_on is None
    assert told(shop, "term.passed") == 0


def _declined(shop: make.Shop, order: Order) -> None:
    orders.decline_order(actor=shop.supplier_actor, order=order, reason="capacity")
    effects.run()


def test_order_that_comes_to_nothing__gives_back_the_rest_of_the_term(shop: make.Shop) -> None:
    with clock.at(noon(date(2026, 11, 20))):
        order = shop.order(10)
        effects.run()
        _declined(shop, order)
    term = term_of(shop)
    assert (term.state, term.order_by) == (State.RUNNING, LAST_DAY)
    assert told(shop, "term.runs_on") == 1


def test_order_that_comes_to_nothing_late__gives_ten_working_days_with_a_reminder(shop: make.Shop) -> None:
    with clock.at(noon(LAST_DAY)):
        order = shop.order(10)
        effects.run()
    with clock.at(noon(date(2027, 1, 18))):
        _declined(shop, order)
        term = term_of(shop)
        assert (term.state, term.order_by) == (State.RUNNING, date(2027, 2, 1))
        assert [one.otherwise for one in deadlines.open_of(term)] == ["remind_third", "lapse"]


def test_order_that_came_and_went_before_its_effects_ran__costs_nobody_the_line(shop: make.Shop) -> None:
    with clock.at(noon(LAST_DAY)):
        order = shop.order(10)
    with clock.at(noon(LAST_DAY + timedelta(days=1))):
        orders.decline_order(actor=shop.supplier_actor, order=order, reason="capacity")
        while workflow.sweep():
            pass
        term = term_of(shop)
        assert (term.state, term.order_by) == (State.RUNNING, date(2027, 1, 26))
        effects.run()
        assert term_of(shop).order_by == term.order_by
    assert told(shop, "term.passed") == 0


def test_receipt__ends_the_term(shop: make.Shop) -> None:
    from tests.orders.test_thread import _sign, _to_handed_over

    with clock.at(make.MORNING):
        order = _to_handed_over(shop, shop.order(10))
        orders.confirm_receipt(actor=shop.actor, order=order, signature_id=_sign(shop, order).pk)
        effects.run()
    assert term_of(shop).state == State.CLOSED


def test_end_of_the_programme__ends_its_terms() -> None:
    with clock.at(make.MORNING):
        programme = make.programme(make.person(), make.kind(), until=date(2026, 11, 20))
    with clock.at(noon(date(2026, 11, 21))):
        while workflow.sweep():
            pass
    assert OrderingTerm.objects.get(line__programme=programme).state == State.CLOSED


def test_following__is_the_same_however_often_it_is_called(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        shop.order(10)
        for _ in range(3):
            actions.follow_orders(shop.line)
    term = term_of(shop)
    assert term.state == State.ORDERED
    assert [event.type for event in journal.events_of(term)] == ["orderingterm.open", "orderingterm.order"]


def test_term__is_seen_by_the_person_and_the_office_only(shop: make.Shop) -> None:
    term = term_of(shop)
    for actor in (shop.actor, make.officer(shop.place), make.officer(make.district("100000000"))):
        assert TERMS.find(actor, term.number) == term
    for actor in (make.recipient_of(make.person()), shop.supplier_actor, make.officer(make.district("311000000"))):
        with pytest.raises(NotFound):
            TERMS.find(actor, term.number)


def test_calls__hold_every_line_that_was_not_ordered(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        make.programme(shop.person, make.kind("GI-03"))
    passed(shop)
    assert TO_CALL.count(make.officer(shop.place)) == 2


def test_term_without_lines__tells_nobody(shop: make.Shop) -> None:
    before = Notice.objects.count()
    with clock.at(make.MORNING):
        open_terms(shop.programme, [])
    assert Notice.objects.count() == before


def test_days__of_a_fresh_and_of_a_prolonged_term() -> None:
    fresh = term_days(date(2026, 11, 9), order_by=LAST_DAY, remind_after=(30, 45, 55))
    # reminders are sent when the day named here has ended: on the 30th, 45th and 55th
    assert fresh == TermDays(LAST_DAY, (date(2026, 12, 8), date(2026, 12, 23), date(2027, 1, 2)))
    assert prolonged(fresh, least=date(2027, 1, 4)) is fresh
    later = prolonged(fresh, least=LAST_DAY + timedelta(days=7))
    assert later == TermDays(date(2027, 1, 18), (date(2026, 12, 15), date(2026, 12, 30), date(2027, 1, 9)))
