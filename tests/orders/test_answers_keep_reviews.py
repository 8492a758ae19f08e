"""What the office was asked to look at stays asked, whatever else happens to the order meanwhile."""

from datetime import timedelta

import pytest
from tests import factories as make

from tirek.core import clock
from tirek.core.actors import CLOCK
from tirek.core.errors import RuleBroken
from tirek.orders import actions
from tirek.orders.actions.settling import ask_for_review, come_of_age
from tirek.orders.models import Order

pytestmark = pytest.mark.django_db
Task = Order.OfficeTask


def test_answer__ends_the_question_and_no_review() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
        order = actions.submit_order(actor=shop.actor, draft_key=shop.draft(30).pk)
        order = actions.ask_question(actor=shop.supplier_actor, order=order, field="comment", words="?")
        order = ask_for_review(actor=CLOCK, order=order, cause="programme")
        order = actions.answer_question(actor=shop.actor, order=order, given={"comment": "By the yard"})
        assert (order.asked_about, order.office_task) == ("", Task.REVIEW)
        with pytest.raises(RuleBroken) as refused:
            actions.accept_order(actor=shop.supplier_actor, order=order, ready_on=clock.today())
        assert refused.value.code == "review"


def test_majority__is_asked_about_where_the_order_is_late() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
        order = actions.submit_order(actor=shop.actor, draft_key=shop.draft(30).pk)
        order = actions.accept_order(actor=shop.supplier_actor, order=order, ready_on=clock.today() + timedelta(days=1))
    with clock.at(make.MORNING + timedelta(days=3)):
        order = actions.warn_late(actor=CLOCK, order=order)
        assert order.office_task == Task.LATE
        assert come_of_age(actor=CLOCK, order=order).office_task == Task.OF_AGE
