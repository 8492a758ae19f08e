"""The administrator's desk says things in words: failures, holidays, who changed what."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client
from django.utils import translation
from tests import factories as make
from tests.kit.declared import routes
from tests.kit.pages import open_page, read
from tests.kit.sign_in import signed_in

from tirek.core import clock
from tirek.core.reference import amendments, workcalendar
from tirek.organisations.models import Membership
from tirek.site.steps import words_of_step
from tirek.site.year import HOLIDAYS

NEW = "/manage/reference/order.acceptance/new"


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.at(make.MORNING):
        yield


@pytest.fixture
def boss() -> Membership:
    return make.member(make.organisation("centre"), "admin")


@pytest.fixture
def admin(boss: Membership) -> Client:
    return signed_in(boss)


def version(**changes: str) -> dict[str, str]:
    given = {
        "value": "7",
        "unit": "calendar_days",
        "effective_from_day": "1",
        "effective_from_month": "1",
        "effective_from_year": "2027",
        "citation": "Order 5",
        "status": "approved",
        "reason": "",
    }
    return given | changes


@pytest.mark.finding("J-A5")
def test_every_step__has_words_and_never_its_route() -> None:
    with translation.override("en"):
        _all_steps_have_words()


def _all_steps_have_words() -> None:
    for _address, name, _entry in routes():
        said = words_of_step(name)
        assert said, name
        assert ":" not in said.replace(": ", ""), name
        assert said != name
    assert words_of_step("orders:submit") == "Sending an order"
    assert words_of_step("gone:page") == words_of_step("") == "Other pages"


@pytest.mark.finding("J-A4")
@pytest.mark.parametrize("year", range(2020, 2032))
def test_every_holiday__has_a_name_of_ours(year: int) -> None:
    assert set(workcalendar.holiday_names(year).values()) <= set(HOLIDAYS)


@pytest.mark.finding("J-A4")
@pytest.mark.django_db
def test_calendar__shows_twelve_months_with_names_and_moved_days(admin: Client, boss: Membership) -> None:
    actor = make.staff("centre", "admin")
    amendments.add_day(actor=actor, one=amendments.DayEntered(date(2027, 1, 9), True, "Decree"))
    page = open_page(admin, "/manage/calendar?year=2027")
    assert page.html.count("year__month") == 12
    assert "22 March 2027: Nauryz" in page.main.replace("\u00a0", " ")
    assert "9 working day" in page.main
    assert {"?year=2026", "?year=2028"} <= {one.address for one in page.links}
    del boss


@pytest.mark.finding("J-A3")
@pytest.mark.django_db
def test_amendments__say_who_and_the_day_in_words(admin: Client, boss: Membership) -> None:
    admin.post(NEW, version(confirmed="yes"))
    page = open_page(admin, "/manage/reference/order.acceptance").main.replace("\u00a0", " ")
    assert f"{boss.user.email}: added 7 from 1 January 2027." in page
    assert "2027-01-01" not in page


@pytest.mark.finding("J-A3")
@pytest.mark.django_db
def test_new_version__says_what_is_wrong_with_every_field(admin: Client) -> None:
    refused = read(admin.post(NEW, version(value="abc", effective_from_month="13")))
    assert "Error: The value must be a number, for example 10." in refused.errors
    assert len(refused.errors) == 2
