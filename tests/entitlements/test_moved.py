"""Somebody who moved is served by the office of the place where the person lives now."""

from dataclasses import replace

import pytest
from tests import factories as make
from tests.entitlements import papers
from tests.entitlements.test_terms import noon, passed
from tests.kit.sign_in import for_years

from tirek.core import clock, drafts
from tirek.core.actors import Actor
from tirek.core.errors import NotAllowed, NotFound
from tirek.entitlements import actions, queries
from tirek.entitlements.case_pages import TO_ANSWER
from tirek.entitlements.case_types import CORRECTIONS, PROGRAMMES, REQUESTS, TERMS
from tirek.entitlements.models import LedgerEntry, OrderingTerm
from tirek.orders.case_types import ORDERS
from tirek.people.actions import change_residence

pytestmark = pytest.mark.django_db
NEW = "311000000"


@pytest.fixture
def shop() -> make.Shop:
    with clock.at(make.MORNING):
        return make.Shop()


def move(shop: make.Shop) -> tuple[Actor, Actor]:
    """The person moves; officers of the old and of the new place."""
    there = make.district(NEW)
    old, new = make.officer(shop.place), make.officer(there)
    change_residence(actor=old, person=shop.person, territory_code=there.code, address="Тараз, Төле би көшесі 5")
    return old, new


def test_new_office__sees_every_case_and_the_old_one_none(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        request = papers.asked(shop)
        correction = papers.proposed(shop, make.officer(shop.place))
        order, form = shop.order(3), shop.draft(3)
        drafts.hand_to_office(shop.actor, form.pk, territory_code=shop.place.code)
        old, new = move(shop)
        term = OrderingTerm.objects.get()
        region = make.officer(make.district("310000000"))
        for office in (new, region):
            assert queries.line_for(office, shop.line.pk) == shop.line
            assert PROGRAMMES.find(office, shop.programme.number) == shop.programme
            assert TERMS.find(office, term.number) == term
            assert CORRECTIONS.find(office, correction.number) == correction
            assert REQUESTS.find(office, request.number) == request
            assert TO_ANSWER.count(office) == 1
            assert ORDERS.find(office, order.number) == order
            assert [one.pk for one in drafts.waiting_for_office(office)] == [form.pk]
        for read in (
            lambda: queries.line_for(old, shop.line.pk),
            lambda: PROGRAMMES.find(old, shop.programme.number),
            lambda: TERMS.find(old, term.number),
            lambda: CORRECTIONS.find(old, correction.number),
            lambda: REQUESTS.find(old, request.number),
            lambda: ORDERS.find(old, order.number),
        ):
            with pytest.raises(NotFound):
                read()
        assert queries.line_for(shop.actor, shop.line.pk) == shop.line


def test_new_office__orders_calls_reopens_and_corrects(shop: make.Shop) -> None:
    term = passed(shop)
    with clock.at(noon(term.order_by)):
        old, new = move(shop)
        with pytest.raises(NotAllowed):
            actions.record_call(actor=old, term=term, result="will_order")
        term = TERMS.find(new, term.number)
        actions.record_call(actor=new, term=term, result="will_order")
        actions.reopen_term(actor=new, term=term, reason="Көшті")
        correction = papers.proposed(shop, new, 3)
        actions.sign_correction(actor=make.officer(make.district(NEW)), correction=correction)
    assert LedgerEntry.objects.filter(line=shop.line, kind="correct", amount=3).exists()
    with clock.at(make.MORNING):
        make.came(new, shop.person)
        assert for_years(new).get(f"/order/{shop.line.pk}").status_code == 200
        assert for_years(old).get(f"/order/{shop.line.pk}").status_code == 404


def test_officer_without_a_territory__sees_nothing(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        request = papers.asked(shop)
        drafts.hand_to_office(shop.actor, shop.draft(3).pk, territory_code=shop.place.code)
        officer = make.officer(shop.place)
        nowhere = replace(officer, territory="")
        assert drafts.waiting_for_office(officer).count() == 1
        assert drafts.waiting_for_office(nowhere).count() == 0
    assert list(PROGRAMMES.visible_to(nowhere)) == []
    assert list(TERMS.visible_to(nowhere)) == []
    assert TO_ANSWER.count(nowhere) == 0
    with pytest.raises(NotFound):
        REQUESTS.find(nowhere, request.number)
