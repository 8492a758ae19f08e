"""A submit pressed without a link goes when the link is back: once, for the one who pressed it."""

import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

pytestmark = pytest.mark.browser

STATUS = "[data-draft-status]"
NO_LINK = "No connection. We will send this as soon as the connection is back. Keep this page open."


def press_without_link(page: Page, context: BrowserContext) -> None:
    page.goto("/check")
    context.set_offline(True)
    page.get_by_role("button", name="Send the order").click()
    expect(page.locator(STATUS)).to_have_text(NO_LINK)


def test_submit__leads_to_the_receipt(page: Page, site: Any) -> None:
    page.goto("/check")
    page.get_by_role("button", name="Send the order").click()
    page.wait_for_url("**/receipt")
    expect(page.get_by_role("heading", name="The order is sent")).to_be_visible()
    assert [one["act"] for one in site.world.submissions] == ["send"]
    assert site.world.receipts == 1


def test_submit__double_click_sends_once(page: Page, site: Any) -> None:
    page.goto("/check")
    page.get_by_role("button", name="Send the order").dblclick()
    page.wait_for_url("**/receipt")
    assert len(site.world.submissions) == 1


@pytest.mark.mission("S0.4")
def test_submit_without_link__waits_and_is_sent_once_when_the_link_returns(
    page: Page, context: BrowserContext, site: Any
) -> None:
    press_without_link(page, context)
    page.get_by_role("button", name="Send the order").click()
    assert site.world.submissions == []
    context.set_offline(False)
    page.wait_for_url("**/receipt")
    assert len(site.world.submissions) == 1


def test_submit_without_link__link_that_dies_in_the_middle_is_tried_again(page: Page, site: Any) -> None:
    page.clock.install()
    page.goto("/check")
    page.route("**/submit", lambda route: route.abort())
    page.get_by_role("button", name="Send the order").click()
    expect(page.locator(STATUS)).to_have_text(NO_LINK)
    page.unroute("**/submit")
    page.clock.run_for(6000)
    page.wait_for_url("**/receipt")
    assert len(site.world.submissions) == 1


def test_submit_without_link__survives_a_closed_page(page: Page, context: BrowserContext, site: Any) -> None:
    press_without_link(page, context)
    page.close()
    context.set_offline(False)
    later = context.new_page()
    later.goto("/plain")
    done = later.get_by_role("alert").filter(has_text="What you pressed while there was no connection has been sent.")
    expect(done).to_be_visible()
    expect(done).to_have_class(re.compile("govuk-notification-banner--success"))
    later.get_by_role("link", name="Open the receipt").click()
    expect(later).to_have_url(re.compile("/receipt$"))
    assert len(site.world.submissions) == 1


def test_submit_without_link__uses_the_token_of_the_new_session(page: Page, context: BrowserContext, site: Any) -> None:
    press_without_link(page, context)
    context.clear_cookies(name="tirek_csrf")
    context.set_offline(False)
    page.wait_for_url("**/receipt")
    assert len(site.world.submissions) == 1


def test_submit_without_link__is_not_sent_for_somebody_else(page: Page, context: BrowserContext, site: Any) -> None:
    press_without_link(page, context)
    site.world.sign_in_other()
    context.set_offline(False)
    expect(page.locator(STATUS)).to_contain_text("Somebody else is signed in now")
    assert site.world.submissions == []


def test_submit_after_the_session_ended__waits_for_the_same_person(
    page: Page, context: BrowserContext, site: Any
) -> None:
    press_without_link(page, context)
    site.world.signed_in = None
    context.set_offline(False)
    expect(page.locator(STATUS)).to_contain_text("You were signed out")
    assert site.world.submissions == []
    site.world.sign_in_again()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_url("**/receipt")
    assert len(site.world.submissions) == 1


def test_submit_on_a_shared_computer__stores_nothing_but_still_waits(
    page: Page, context: BrowserContext, site: Any
) -> None:
    site.world.shared = True
    press_without_link(page, context)
    assert page.evaluate("async () => (await indexedDB.databases()).length") == 0
    context.set_offline(False)
    page.wait_for_url("**/receipt")
    assert len(site.world.submissions) == 1


def test_submit_that_is_refused__shows_the_page_of_the_server(page: Page, site: Any) -> None:
    page.goto("/check")
    page.evaluate("document.querySelector('[data-queue-submit] [name=draft]').name = 'refuse'")
    page.get_by_role("button", name="Send the order").click()
    expect(page.get_by_role("heading", name="The limit is used up.")).to_be_visible()


def test_submit_without_scripts__works(browser: Any, site: Any) -> None:
    context = browser.new_context(base_url=site.url, java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto("/check")
    page.get_by_role("button", name="Send the order").click()
    page.wait_for_url("**/receipt")
    context.close()
    assert len(site.world.submissions) == 1
