"""Notices tell the length of a term as it was on the day of their order."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import translation
from tests import factories as make

from tirek.core import clock, reference
from tirek.core.actors import Actor, Desk
from tirek.core.keys import uuid7
from tirek.core.reference import Unit
from tirek.core.reference.amendments import amend_value
from tirek.notices.templates import render_many
from tirek.ui.text import term_text

pytestmark = pytest.mark.django_db


def test_notice__keeps_the_term_of_the_day_of_its_order_after_a_new_version() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
        old = shop.order(3)
        (acceptance,) = reference.history("order.acceptance", "")
        admin = Actor(desk=Desk.ADMIN, user_id=uuid7(), role="admin")
        amend_value(
            actor=admin, one=replace(acceptance, text="7", effective_from=date(2026, 11, 16), citation="Order 2")
        )
    with clock.at(make.MORNING + timedelta(days=7)):
        new = shop.order(3)
        with translation.override("en"):
            told = render_many("order.submitted", [{"number": one.number, "kind": one.kind_code} for one in (old, new)])
            supplier = render_many("order.new_for_supplier", [{"number": new.number, "kind": new.kind_code}])
    assert "10\u00a0calendar days" in told[0].body
    assert "7\u00a0calendar days" in told[1].body
    assert "7\u00a0calendar days" in supplier[0].body


@pytest.mark.parametrize(
    ("language", "amount", "unit", "said"),
    [
        ("en", 1, Unit.WORKING_DAYS, "1 working day"),
        ("ru", 1, Unit.CALENDAR_DAYS, "1 календарный день"),
        ("ru", 3, Unit.WORKING_DAYS, "3 рабочих дня"),
        ("ru", 10, Unit.CALENDAR_DAYS, "10 календарных дней"),
        ("ru", 2, Unit.MONTHS, "2 месяца"),
        ("ru", 24, Unit.HOURS, "24 часа"),
        ("kk", 10, Unit.CALENDAR_DAYS, "10 күнтізбелік күн"),
        ("kk", 5, Unit.WORKING_DAYS, "5 жұмыс күні"),
        ("kk", 2, Unit.MINUTES, "2 минут"),
    ],
)
def test_term__in_words(language: str, amount: int, unit: Unit, said: str) -> None:
    with translation.override(language):
        assert term_text(amount, unit).replace("\u00a0", " ") == said
