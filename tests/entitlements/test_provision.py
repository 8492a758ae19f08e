"""What a person can order where a kind is bought by the local body or opens later: the reason, the order, the term."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation
from tests import factories as make
from tests.kit.pages import open_page
from tests.kit.sign_in import for_years
from tests.kit.together import at_once

from tirek.catalogue.provision import PROVISIONS
from tirek.core import clock
from tirek.core.case import workflow
from tirek.core.errors import RuleBroken
from tirek.entitlements import actions, queries
from tirek.entitlements.models import Line, OrderingTerm
from tirek.entitlements.reasons import Answer
from tirek.entitlements.rules import Reason
from tirek.notices.models import Notice
from tirek.orders.actions import submit_order
from tirek.orders.models import Order
from tirek.ui.ways import way

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 9)
ABAI = "100000000"
State = OrderingTerm.State


@pytest.fixture
def shop() -> make.Shop:
    with clock.at(make.MORNING):
        return make.Shop()


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 7, 0, tzinfo=UTC)


def answer(shop: make.Shop, *, office: bool = False) -> Answer:
    line = Line.objects.select_related("programme", "kind", "person__territory").get(pk=shop.line.pk)
    status = queries.status_of(line)
    return status.answer_for_office if office else status.answer


def sweep(day: date) -> None:
    with clock.at(noon(day)):
        while workflow.sweep():
            pass


def test_bought_here__says_so_with_the_conclusion_the_article_and_what_would_change_it(shop: make.Shop) -> None:
    with clock.at(make.MORNING), translation.override("en"):
        make.provision(shop.kind, "procurement", since=TODAY, region=ABAI)
        told = answer(shop)
        assert (told.rule, told.holds) == (Reason.BOUGHT_HERE, False)
        assert "Conclusion of the commission: No 7-2026, 9\xa0November\xa02026." in told.sentence
        assert told.citation.startswith("Social Code art. 169(1)")
        [used] = told.used
        assert (used.name, used.value, used.citation, used.since) == ("conclusion", TODAY, "Decision 7", TODAY)
        assert "the button to order appears by itself" in told.next_step
        assert "your department buys it" in answer(shop, office=True).sentence
        make.provision(shop.kind, "portal", since=date(2027, 2, 1), region=ABAI)
        assert "It can be ordered here from 1\xa0February\xa02027." in answer(shop).sentence


def test_kind_that_opens_later__names_the_day_and_the_decision(shop: make.Shop) -> None:
    with clock.at(make.MORNING), translation.override("en"):
        make.provision(shop.kind, "closed", since=TODAY, region=ABAI)
        assert (answer(shop).rule, answer(shop).used) == (Reason.NOT_ON_PORTAL_YET, ())
        make.provision(shop.kind, "portal", since=date(2027, 2, 1), region=ABAI)
        told = answer(shop)
        assert "can be ordered here from 1\xa0February\xa02027" in told.sentence
        assert [(one.value, one.citation) for one in told.used] == [(date(2027, 2, 1), "Decision 7")]


def test_version_that_begins_between_page_and_press__refuses_the_order_and_lets_sent_ones_go_on(
    shop: make.Shop,
) -> None:
    with clock.at(make.MORNING):
        sent, draft = shop.order(30), shop.draft(30)
        make.provision(shop.kind, "procurement", since=TODAY, region=ABAI)
        with pytest.raises(RuleBroken) as refused:
            submit_order(actor=shop.actor, draft_key=draft.pk)
        assert refused.value.code == Reason.BOUGHT_HERE
        assert refused.value.next_step
        draft.refresh_from_db()
        assert draft.values()["quantity"] == "30", "nothing typed is lost"
        assert [one.pk for one in Order.objects.all()] == [sent.pk]
        sent.refresh_from_db()
        assert sent.state == Order.State.SUBMITTED


def test_pages__say_why_beside_the_offers_the_comparison_and_the_need(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        make.provision(shop.kind, "procurement", since=TODAY, region=ABAI)
        client = for_years(shop.actor)
        key, need = shop.line.pk, way("tell-need", shop.line.pk)
        for address in (
            f"/programme/{key}",
            way("order-line", key),
            need,
            f"/order/{key}/compare?offer={shop.offer.pk}",
        ):
            assert "7-2026" in open_page(client, address).main, address
        assert "Tell what is needed" not in open_page(client, need).main


@pytest.mark.mission("S2.12", "S2.14")
def test_night__opens_the_terms_of_a_kind_that_has_opened_once_and_tells_people() -> None:
    with clock.at(make.MORNING):
        kind = make.kind("SM-09", orderable_from=None)
        here, there = make.person(), make.person(place=make.district("311000000"))
        for who in (here, there):
            make.programme(who, kind, quantity=1)
        make.provision(kind, "portal", since=TODAY + timedelta(days=3), region=ABAI)
        assert actions.open_terms_of_opened() == 0
    with clock.at(noon(TODAY + timedelta(days=4))):
        assert [actions.open_terms_of_opened(limit=1) for _ in range(2)] == [1, 0]
        term = OrderingTerm.objects.get()
        assert (term.person_id, term.state, term.started_on) == (here.pk, State.RUNNING, TODAY + timedelta(days=4))
    told = Notice.objects.filter(template="programme.opened")
    assert [one.user_id for one in told] == [here.user_id]


def test_term__does_not_pass_while_the_local_body_buys_and_begins_anew_after_it(shop: make.Shop) -> None:
    last = date(2027, 1, 31)
    with clock.at(make.MORNING):
        make.provision(shop.kind, "procurement", since=TODAY + timedelta(days=1), until=last, region=ABAI)
    sweep(date(2027, 1, 20))
    term = OrderingTerm.objects.get(line=shop.line)
    assert (term.state, term.call_waits) == (State.NOT_ORDERED, False)
    assert not Notice.objects.filter(template__in=["term.reminder", "term.passed"]).exists()
    with clock.at(noon(last + timedelta(days=2))):
        assert [actions.open_terms_of_opened() for _ in range(2)] == [1, 0]
        term.refresh_from_db()
        assert (term.state, term.started_on) == (State.RUNNING, last + timedelta(days=2))
        assert answer(shop).holds
    assert Notice.objects.filter(template="term.reopened").count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_nights_at_once__begin_each_term_once() -> None:
    with clock.at(make.MORNING):
        kind = make.kind("SM-09", orderable_from=None)
        for _ in range(3):
            make.programme(make.person(), kind, quantity=1)
        make.provision(kind, "portal", since=TODAY, region=ABAI)
    found = at_once(actions.open_terms_of_opened, actions.open_terms_of_opened, at=make.MORNING)
    assert sum(found) == 3
    assert OrderingTerm.objects.count() == 3
    assert Notice.objects.filter(template="programme.opened").count() == 3


def test_provision__is_read_from_memory(shop: make.Shop, django_assert_num_queries: object) -> None:
    with clock.at(make.MORNING):
        line = Line.objects.select_related("programme", "kind", "person__territory").get(pk=shop.line.pk)
        PROVISIONS.at("GI-01", territory_code=ABAI, on=TODAY)
        queries.circumstances(line, TODAY)
        with django_assert_num_queries(0):  # type: ignore[operator]  # of pytest-django
            queries.circumstances(line, TODAY)
