"""What is not sent yet is seen on the device, tried again, saved to a file, deleted; a counter takes the file in."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.browser.paths import BOTH, said
from tests.browser.stage import ADMIN, OFFICER, Language, Stage, begin, fill_in, press
from tests.browser.test_stories import open_file

pytestmark = [pytest.mark.browser, pytest.mark.slow]
#: The browser keeps nothing for good by itself, and counts how often it is asked to.
_COUNTED = """
    navigator.storage.persisted = () => Promise.resolve(false)
    window.askedToKeep = 0
    navigator.storage.persist = () => { window.askedToKeep += 1; return Promise.resolve(true) }
"""


def _unsent(page: Page) -> None:
    """Open the list under the page."""
    page.locator("details:has(.unsent) > summary").click()


@pytest.mark.mission("S0.9")
@BOTH
def test_typed_without_a_link__is_listed_saved_to_a_file_and_taken_in_at_the_counter(
    stage: Stage, tmp_path: Path, language: Language
) -> None:
    someone = stage.person(language=language)
    page = stage.at_desk(someone, language=language, phone=True)
    page.add_init_script(_COUNTED)
    begin(page, someone.lines["GI-01"])
    fill_in(page)
    form = page.url.rpartition("/")[0]
    page.goto(f"{form}/delivery?from=check")
    page.context.set_offline(True)
    page.locator("[name=address]").fill("Мәдениет көшесі 77")
    page.locator("[name=phone]").focus()
    expect(page.locator("[data-draft-status][data-state=offline]").first).to_be_visible()
    assert page.evaluate("window.askedToKeep") == 1
    _unsent(page)
    item = page.locator(".unsent__item")
    expect(item).to_have_count(1)
    expect(item).to_contain_text(re.compile(r"\d{2}\.\d{2}\.\d{4} \d{2}:\d{2}"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    with page.expect_download() as saved:
        item.locator("button").nth(1).click()
    kept = tmp_path / saved.value.suggested_filename
    saved.value.save_as(kept)
    assert kept.name.startswith("tirek-")
    told = json.loads(kept.read_text())
    assert told["fields"]["address"]["value"] == "Мәдениет көшесі 77"
    assert "csrf" not in kept.read_text()
    page.close()
    # at the counter
    desk = stage.at_desk(OFFICER, language=language)
    open_file(desk, someone)
    desk.locator("main a[href$='/file']").click()
    desk.wait_for_url("**/file")
    desk.locator("[name=file]").set_input_files(kept)
    press(desk, "main form")
    expect(desk.locator("main")).to_contain_text("Мәдениет көшесі 77")
    expect(desk.locator("main")).to_contain_text(re.compile("қабылданды|принята|алынды|здесь|осында"))


@BOTH
def test_pressed_without_a_link__is_listed_and_goes_by_itself_or_not_at_all(stage: Stage, language: Language) -> None:
    someone = stage.person(language=language)
    page = stage.at_desk(someone, language=language, phone=True)
    begin(page, someone.lines["GI-01"])
    fill_in(page)
    page.locator("[name=consent]").check()
    page.context.set_offline(True)
    press(page, "form[data-queue-submit]")
    expect(page.locator("[data-draft-status][data-state=queued]")).to_be_visible()
    _unsent(page)
    item = page.locator(".unsent__item")
    expect(item).to_have_count(1)
    # thrown away after asking, it is not sent when the link is back
    expect(item.locator("button").nth(2)).to_contain_text(said(language, "Delete"))
    item.locator("button").nth(2).click()
    expect(item).to_contain_text(said(language, "Delete it, it will not be sent"))
    expect(item.locator("button:visible")).to_have_count(2)
    item.locator("button:visible").nth(1).click()
    expect(item.locator("button:visible")).to_have_count(3)
    item.locator("button").nth(2).click()
    item.locator("button:visible").first.click()
    expect(page.locator(".unsent__item")).to_have_count(0)
    page.context.set_offline(False)
    page.goto("/not-sent")
    expect(page.locator("[data-unsent-page]")).to_contain_text(said(language, "Nothing waits on this device."))
    assert stage.backstage.ask("order_count", person=someone.key) == {"count": 0}


@BOTH
def test_answers_of_another_page__are_seen_on_their_own_page_and_tried_again(stage: Stage, language: Language) -> None:
    someone = stage.person(language=language)
    page = stage.at_desk(someone, language=language, phone=True)
    begin(page, someone.lines["GI-01"])
    fill_in(page)
    form = page.url.rpartition("/")[0]
    page.goto(f"{form}/delivery?from=check")
    later = page.context.new_page()
    later.goto("/not-sent")
    page.context.set_offline(True)
    page.locator("[name=address]").fill("Мәдениет көшесі 78")
    page.locator("[name=phone]").focus()
    expect(page.locator("[data-draft-status][data-state=offline]").first).to_be_visible()
    # written down on the device; a tab that was open before is told
    expect(later.locator(".unsent__item")).to_have_count(1)
    page.close()
    later.context.set_offline(False)
    later.goto("/not-sent")
    item = later.locator(".unsent__item")
    expect(item).to_have_count(1)
    expect(item.locator("button").first).to_contain_text(said(language, "Try now"))
    item.locator("button").first.click()
    expect(later.locator(".unsent__item")).to_have_count(0)
    later.goto(f"{form}/delivery?from=check")
    expect(later.locator("[name=address]")).to_have_value("Мәдениет көшесі 78")


@BOTH
def test_session_that_died_at_the_press__still_leads_to_the_receipt(stage: Stage, language: Language) -> None:
    someone = stage.person(language=language)
    page = stage.at_desk(someone, language=language, phone=True)
    begin(page, someone.lines["GI-01"])
    fill_in(page)
    page.locator("[name=consent]").check()
    cookies = page.context.cookies()
    page.context.clear_cookies()
    press(page, "form[data-queue-submit]")
    told = said(language, "You were signed out. Sign in in another tab, and we will send this.")
    expect(page.locator("[data-draft-status][data-state=problem]")).to_contain_text(told)
    assert stage.backstage.ask("order_count", person=someone.key) == {"count": 0}
    # signed in again, in another tab
    page.context.add_cookies(cookies)
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_url("**/order/done/*")
    assert stage.backstage.ask("order_count", person=someone.key) == {"count": 1}


@pytest.mark.mission("S0.11")
def test_what_had_no_answer__stands_in_the_list_of_failures_when_it_got_through(stage: Stage) -> None:
    someone = stage.person()
    page = stage.at_desk(someone)
    begin(page, someone.lines["GI-01"])
    fill_in(page)
    page.locator("[name=consent]").check()
    page.context.set_offline(True)
    press(page, "form[data-queue-submit]")
    expect(page.locator("[data-draft-status][data-state=queued]")).to_be_visible()
    page.context.set_offline(False)
    expect(page).to_have_url(re.compile("/order/done/"))
    admin = stage.at_desk(ADMIN)
    admin.goto("/manage/failures")
    expect(admin.locator("main")).to_contain_text(re.compile(r"No answer reached the browser\s+no_answer\s+tries: \d+"))
