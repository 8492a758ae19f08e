"""The language switch keeps the page, its query and what is typed."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_switch__keeps_page_and_query(page: Page, site: Any) -> None:
    page.goto("/?page=3")
    page.get_by_role("link", name="Русский").click()
    expect(page).to_have_url(re.compile(r"/\?page=3$"))
    expect(page.locator("html")).to_have_attribute("lang", "ru")


def test_switch__keeps_what_was_typed_into_a_form(page: Page, site: Any) -> None:
    page.goto("/form")
    page.get_by_label("Phone").fill("+7 701 000 00 00")
    page.get_by_label("At home").check()
    page.get_by_label("City").select_option("Астана")
    page.get_by_label("Day").fill("27")
    page.get_by_role("link", name="Қазақша").click()
    expect(page.locator("html")).to_have_attribute("lang", "kk")
    expect(page.get_by_label("Phone")).to_have_value("+7 701 000 00 00")
    expect(page.get_by_label("At home")).to_be_checked()
    expect(page.get_by_label("City")).to_have_value("711110000")
    expect(page.locator("[name=born_day]")).to_have_value("27")
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_label("Phone")).to_have_value("+7 701 000 00 00")


def test_switch__saves_a_draft_first(page: Page, site: Any) -> None:
    page.clock.install()
    page.goto("/step")
    page.get_by_label("Street").fill("Abai 10")
    page.get_by_role("link", name="Русский").click()
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    expect(page.get_by_label("Street")).to_have_value("Abai 10")
    assert site.world.cells["street"].value == "Abai 10"


def test_switch__works_without_scripts(browser: Any, site: Any) -> None:
    context = browser.new_context(base_url=site.url, java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto("/?page=3")
    page.get_by_role("link", name="Русский").click()
    expect(page).to_have_url(re.compile(r"/\?page=3$"))
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    context.close()
