"""One last day and true words: the term to order, the window that ends before it, the programme that ends before
both.
"""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client, override_settings
from django.utils import translation
from tests import factories as make
from tests.entitlements.test_terms import LAST_DAY, noon, passed
from tests.kit.pages import open_page, text
from tests.kit.sign_in import for_years

from tirek.core import clock, reference
from tirek.core.actors import Actor, Desk
from tirek.core.case import workflow
from tirek.core.keys import uuid7
from tirek.core.reference.amendments import amend_value
from tirek.entitlements import queries
from tirek.entitlements.models import Line
from tirek.notices.models import Notice
from tirek.notices.templates import Rendered, render_many

pytestmark = pytest.mark.django_db
QUARTER_ENDS = date(2026, 12, 31)
NEXT_QUARTER = "The next period begins on 1 January 2027, with a new quota."


@pytest.fixture
def shop() -> make.Shop:
    with clock.at(make.MORNING):
        shop = make.Shop()
        make.agree(shop.person)
        return shop


@pytest.fixture
def client(shop: make.Shop) -> Client:
    return for_years(shop.actor)


def line_of(shop: make.Shop, **changes: object) -> Line:
    Line.objects.filter(pk=shop.line.pk).update(**changes)
    return Line.objects.select_related("programme", "kind", "person").get(pk=shop.line.pk)


def told(shop: make.Shop, template: str) -> Rendered:
    """The newest notice of a kind, as the person reads it."""
    notice = Notice.objects.filter(user_id=shop.person.user_id, template=template).latest("created_at")
    with translation.override("en"):
        (found,) = render_many(template, [notice.context])
    return Rendered(*(one.replace("\u00a0", " ") for one in (found.title, found.body, found.sms)))


def days_named(page: str) -> set[str]:
    """The last days that a page names."""
    return set(re.findall(r"(?:until|[Bb]y) (\d+ [A-Z][a-z]+ \d{4})", page))


def test_window_that_ends_before_the_term__is_the_one_last_day(shop: make.Shop, client: Client) -> None:
    with clock.at(make.MORNING):
        pages = [text(client, "/programme"), text(client, f"/programme/{shop.line.pk}")]
        status = queries.status_of(line_of(shop))
        clerk = make.officer(shop.place)
        make.came(clerk, shop.person)
        office = text(for_years(clerk), f"/office/people/{shop.person.pk}")
    assert status.order_by == status.written_off_after == QUARTER_ENDS
    for page in pages:
        assert days_named(page) == {"31 December 2026"}
        assert f"What you do not order of this period is written off after this day. {NEXT_QUARTER}" in page
        assert "nothing is lost" not in page
    assert office.count("31 December 2026") == 1


def test_term_that_ends_before_the_window__is_the_one_last_day(shop: make.Shop, client: Client) -> None:
    with clock.at(noon(date(2027, 1, 4))):
        page = text(client, f"/programme/{shop.line.pk}")
        status = queries.status_of(line_of(shop))
    assert (status.order_by, status.written_off_after) == (LAST_DAY, None)
    assert days_named(page) == {"11 January 2027"}
    assert "If you do not, nothing is lost" in page


def test_programme_that_ends_first__is_the_last_day_without_a_new_quota(shop: make.Shop, client: Client) -> None:
    type(shop.programme).objects.filter(pk=shop.programme.pk).update(valid_until=date(2026, 12, 20))
    with clock.at(make.MORNING):
        page = text(client, f"/programme/{shop.line.pk}")
    assert days_named(page) == {"20 December 2026"}
    assert "What you do not order is written off after this day: the programme ends." in page
    assert "new quota" not in page


def test_line_without_windows__keeps_the_term(shop: make.Shop, client: Client) -> None:
    line_of(shop, window="once")
    with clock.at(make.MORNING):
        page = text(client, f"/programme/{shop.line.pk}")
    assert "Order by 11 January 2027." in page
    assert "If you do not, nothing is lost" in page


def test_rest_of_the_quarter__is_written_off_after_the_day_that_was_said(shop: make.Shop) -> None:
    """What the words promise is what the daily work does."""
    from tirek.entitlements.actions import expire_windows, open_windows

    with clock.at(noon(QUARTER_ENDS)):
        assert expire_windows() == 0
    with clock.at(noon(date(2027, 1, 1))):
        assert expire_windows() == 1
        open_windows()
        status = queries.status_of(line_of(shop))
    assert status.can_order
    assert status.availability.quantity == shop.line.quantity


def test_notice_of_the_programme__says_the_length_of_the_term_and_what_ends_before_it(shop: make.Shop) -> None:
    notice = told(shop, "programme.on_portal")
    assert "by 11 January 2027: the Social Code, article 168, gives 2 months." in notice.body
    assert "Some of it ends earlier: by 31 December 2026 order what is given for a period." in notice.body
    assert "Order by 31 December 2026." in notice.sms


def test_notice_of_the_programme__without_windows_has_one_day() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop(kind_code="SM-01")
    notice = told(shop, "programme.on_portal")
    assert days_named(notice.body) == days_named(notice.sms) == {"11 January 2027"}
    assert "ends earlier" not in notice.body


def test_reminder__names_the_day_until_which_it_can_really_be_ordered(shop: make.Shop) -> None:
    with clock.at(noon(date(2026, 12, 9))):
        while workflow.sweep():
            pass
    before = told(shop, "term.reminder")
    with clock.at(noon(date(2027, 1, 3))):
        while workflow.sweep():
            pass
    after = told(shop, "term.reminder")
    assert days_named(f"{before.title} {before.body} {before.sms}") == {"31 December 2026"}
    assert f"What is left of this period is written off after this day. {NEXT_QUARTER}" in before.body
    assert days_named(f"{after.title} {after.body} {after.sms}") == {"11 January 2027"}
    assert "written off" not in after.body


def test_notice_that_was_sent_before__is_still_read() -> None:
    with clock.at(make.MORNING), translation.override("en"):
        (reminder,) = render_many("term.reminder", [{"kind": "GI-01", "day": "2027-01-11"}])
        (programme,) = render_many("programme.on_portal", [{"number": "none", "day": "2027-01-11"}])
    assert days_named(reminder.body.replace("\u00a0", " ")) == {"11 January 2027"}
    assert days_named(programme.sms.replace("\u00a0", " ")) == {"11 January 2027"}


def _amend(months: str, since: date) -> None:
    (known,) = reference.history("entitlement.order_within", "")
    admin = Actor(desk=Desk.ADMIN, user_id=uuid7(), role="admin")
    amend_value(actor=admin, one=replace(known, text=months, effective_from=since, citation="Law 2"))


@override_settings(TIREK_LONGEST_SESSION=timedelta(days=30))  # one browser for a week
def test_length_of_the_term__follows_the_reference_value_of_its_first_day(client: Client, shop: make.Shop) -> None:
    passed(shop)
    with clock.at(noon(date(2027, 1, 20))):
        assert "(2 months, Social Code, article 168)" in text(client, f"/programme/{shop.line.pk}")
        _amend("3", date(2027, 1, 25))
    with clock.at(noon(date(2027, 1, 26))):
        assert "(2 months, Social Code, article 168)" in text(client, f"/programme/{shop.line.pk}")
        new = make.Shop.__new__(make.Shop)
        new.person = make.person(place=shop.place)
        new.programme = make.programme(new.person, shop.kind)
    assert "article 168, gives 3 months." in told(new, "programme.on_portal").body
    assert "article 168, gives 2 months." in told(shop, "programme.on_portal").body


# --- the present period


def test_present_period__is_said_in_words_for_a_line_that_is_given_once(shop: make.Shop, client: Client) -> None:
    with clock.at(make.MORNING):
        assert "Present period 1 October 2026 – 31 December 2026" in text(client, f"/programme/{shop.line.pk}")
        line_of(shop, window="once")
        assert "Present period From 12 January 2026, without a last day" in text(client, f"/programme/{shop.line.pk}")
        type(shop.programme).objects.filter(pk=shop.programme.pk).update(valid_until=date(2027, 6, 30))
        assert "Present period From 12 January 2026 until the programme ends on 30 June 2027" in text(
            client, f"/programme/{shop.line.pk}"
        )


def test_movements_of_a_balance__have_their_day_as_the_head_of_a_row(shop: make.Shop, client: Client) -> None:
    with clock.at(make.MORNING):
        page = open_page(client, f"/programme/{shop.line.pk}")
    heads = re.findall(r'<th scope="row">(.*?)</th>', page.html, re.DOTALL)
    assert any("2026" in head for head in heads), "a screen reader says the day with each number of the row"
