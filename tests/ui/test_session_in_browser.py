"""A session ends with a warning and loses nothing."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def ends_in(site: Any, **term: float) -> None:
    site.world.ends_at = datetime.now(UTC) + timedelta(**term)


def type_behind_the_dialog(page: Page) -> None:
    """What was typed in the moment before the dialog opened."""
    page.evaluate(
        """() => {
          const street = document.querySelector('[name=street]')
          street.value = 'Abai 10'
          street.dispatchEvent(new Event('input', { bubbles: true }))
        }"""
    )


def test_warning__comes_five_minutes_before_the_end_holds_the_focus_and_gives_it_back(page: Page, site: Any) -> None:
    ends_in(site, seconds=301.5)
    page.goto("/step")
    page.get_by_label("Street").focus()
    dialog = page.get_by_role("dialog", name="You will be signed out soon")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("You will be signed out in 5 min.")
    expect(page.get_by_role("button", name="Stay signed in")).to_be_focused()
    for _ in range(3):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body || document.activeElement.closest('dialog') !== null"
        )
    page.get_by_role("button", name="Stay signed in").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_label("Street")).to_be_focused()
    assert site.world.keeps == 1


def test_warning__escape_means_stay(page: Page, site: Any) -> None:
    ends_in(site, seconds=200)
    page.goto("/step")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    with page.expect_response("**/session/keep"):
        page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert site.world.keeps == 1


def test_warning__is_not_shown_when_another_tab_kept_the_session(page: Page, site: Any) -> None:
    page.clock.install()
    ends_in(site, seconds=302)
    page.goto("/step")
    ends_in(site, minutes=30)
    with page.expect_response("**/session/state"):
        page.clock.run_for(3000)
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_end__says_that_typed_values_are_saved_and_leads_back_here(page: Page, site: Any) -> None:
    page.clock.install()
    ends_in(site, seconds=200)
    page.goto("/step")
    expect(page.get_by_role("dialog")).to_be_visible()
    type_behind_the_dialog(page)
    expect(page.locator("[data-draft-status]")).to_have_text(re.compile("Saved"))
    site.world.signed_in = None
    page.clock.fast_forward("03:30")
    dialog = page.get_by_role("dialog", name="You were signed out")
    expect(dialog).to_contain_text("What you typed on this page is saved.")
    link = dialog.get_by_role("link", name="Sign in again")
    expect(link).to_be_focused()
    expect(link).to_have_attribute("href", re.compile(r"/sign-in\?next=%2Fstep$"))
    assert site.world.cells["street"].value == "Abai 10"


def test_end__with_something_unsaved_says_so_and_goes_on_after_signing_in_elsewhere(page: Page, site: Any) -> None:
    page.clock.install()
    ends_in(site, seconds=200)
    page.goto("/step")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.route("**/fields", lambda route: route.abort())
    type_behind_the_dialog(page)
    site.world.signed_in = None
    page.clock.fast_forward("03:30")
    dialog = page.get_by_role("dialog", name="You were signed out")
    expect(dialog).to_contain_text("What you typed last is not saved yet.")
    expect(dialog.get_by_role("link", name="Sign in again")).to_have_attribute("target", "_blank")
    page.unroute("**/fields")
    site.world.sign_in_again()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(dialog).to_be_hidden()
    page.clock.run_for(40000)
    expect(page.locator("[data-draft-status]")).to_have_text(re.compile("Saved"))
    assert site.world.cells["street"].value == "Abai 10"


def test_anonymous_page__has_no_dialog(page: Page, site: Any) -> None:
    site.world.signed_in = None
    page.goto("/step")
    assert page.locator("dialog").count() == 0
    assert page.evaluate("Object.keys(document.documentElement.dataset)") == []
