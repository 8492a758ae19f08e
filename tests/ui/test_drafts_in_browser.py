"""Nothing typed is lost: the browser part of drafts, of queued submissions and of sessions."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

pytestmark = pytest.mark.browser

STATUS = "[data-draft-status]"


def wait_for_store(page: Page, *, entries: int) -> None:
    """Until the local store holds this many entries."""
    page.wait_for_function(
        """async (wanted) => {
          const names = (await indexedDB.databases()).map((one) => one.name)
          if (!names.includes("tirek")) return wanted === 0
          const database = await new Promise((done) => {
            const request = indexedDB.open("tirek")
            request.onsuccess = () => done(request.result)
          })
          if (!database.objectStoreNames.contains("kept")) { database.close(); return wanted === 0 }
          const count = await new Promise((done) => {
            const request = database.transaction("kept").objectStore("kept").count()
            request.onsuccess = () => done(request.result)
          })
          database.close()
          return count === wanted
        }""",
        arg=entries,
    )


@pytest.mark.mission("S0.4")
def test_step__is_saved_as_it_is_typed_and_says_when(page: Page, site: Any) -> None:
    page.goto("/step")
    page.get_by_label("Street").fill("Abai 10")
    expect(page.locator(STATUS)).to_have_text(re.compile(r"^Saved \d\d:\d\d$"))
    assert site.world.cells["street"].value == "Abai 10"
    page.reload()
    expect(page.get_by_label("Street")).to_have_value("Abai 10")


def open_with_stopped_clock(page: Page) -> None:
    """The page's clock moves only when the test moves it."""
    page.clock.install(time="2026-11-22T09:00:00Z")
    page.goto("/step")
    page.clock.pause_at("2026-11-22T09:10:00Z")


def test_step__sends_at_most_once_in_two_seconds_while_typing(page: Page, site: Any) -> None:
    open_with_stopped_clock(page)
    street = page.get_by_label("Street")
    street.press_sequentially("A")
    page.clock.run_for(100)
    expect(page.locator(STATUS)).to_have_text(re.compile("Saved"))
    street.press_sequentially("bai 10, flat 7")
    page.clock.run_for(1500)
    assert [list(save["street"]["value"]) for save in site.world.saves] == [["A"]]
    with page.expect_response("**/fields"):
        page.clock.run_for(600)
    assert [save["street"]["value"] for save in site.world.saves] == ["A", "Abai 10, flat 7"]


def test_step__leaving_a_field_saves_at_once(page: Page, site: Any) -> None:
    open_with_stopped_clock(page)
    street = page.get_by_label("Street")
    street.press_sequentially("A")
    page.clock.run_for(100)
    expect(page.locator(STATUS)).to_have_text(re.compile("Saved"))
    street.press_sequentially("bai")
    with page.expect_response("**/fields"):
        street.press("Tab")
    assert site.world.cells["street"].value == "Abai"


def test_step__closing_the_page_saves_what_was_typed_last(page: Page, site: Any) -> None:
    open_with_stopped_clock(page)
    street = page.get_by_label("Street")
    street.press_sequentially("A")
    page.clock.run_for(100)
    expect(page.locator(STATUS)).to_have_text(re.compile("Saved"))
    street.press_sequentially("bai 10")
    page.goto("/plain")
    assert site.world.comes_to_hold("street", "Abai 10")


def test_step__tries_again_when_the_browser_does_not_know_that_the_link_is_dead(page: Page, site: Any) -> None:
    page.clock.install()
    page.goto("/step")
    page.route("**/fields", lambda route: route.abort())
    page.get_by_label("Street").fill("Abai 10")
    page.clock.run_for(100)
    expect(page.locator(STATUS)).to_have_attribute("data-state", "offline")
    page.unroute("**/fields")
    with page.expect_response("**/fields"):
        page.clock.run_for(6000)
    expect(page.locator(STATUS)).to_have_text(re.compile("Saved"))
    assert site.world.cells["street"].value == "Abai 10"


def test_step__choices_are_saved_too(page: Page, site: Any) -> None:
    page.goto("/step")
    with page.expect_response("**/fields"):
        page.get_by_label("At the supplier's place").check()
    expect(page.locator(STATUS)).to_have_text(re.compile("Saved"))
    assert site.world.cells["way"].value == "point"


def test_continue__saves_first_and_sends_the_step_once(page: Page, site: Any) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.goto("/step")
    page.get_by_label("Street").fill("Abai 10")
    page.get_by_role("button", name="Continue").dblclick()
    page.wait_for_url("**/check")
    assert [url for url in sent if url.endswith("/step")] == [f"{site.url}/step"]
    assert site.world.cells["street"].value == "Abai 10"


def test_continue__with_two_answers_asks_to_decide_first(page: Page, context: BrowserContext, site: Any) -> None:
    page.clock.install()
    page.goto("/step")
    site.world.cell("street", "Dostyk 5", version=3, typed_at=datetime.now(UTC) - timedelta(minutes=1))
    page.route("**/fields", lambda route: route.abort())
    page.get_by_label("Street").fill("Abai 10")
    expect(page.locator(STATUS)).to_have_attribute("data-state", "offline")
    page.unroute("**/fields")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("button", name="Use the other answer")).to_be_focused()
    page.get_by_role("button", name="Keep this one").click()
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/check")
    assert site.world.cells["street"].value == "Abai 10"


def test_leaving_an_answer__says_nothing_new(page: Page, site: Any) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/fields") else None)
    page.goto("/step")
    page.get_by_label("Street").fill("Abai 10")
    expect(page.locator(STATUS)).to_have_text(re.compile("Saved"))
    page.keyboard.press("Tab")
    with page.expect_response("**/fields"):
        page.get_by_label("At home").check()
    expect(page.locator(STATUS)).to_have_text(re.compile("Saved"))
    assert len(sent) == 2
    assert site.world.cells["street"].version == 1


def test_page__does_not_move_under_a_finger(page: Page, site: Any) -> None:
    page.goto("/step")
    site.world.cell("street", "Dostyk 5", version=3, typed_at=datetime.now(UTC) - timedelta(minutes=1))
    page.route("**/fields", lambda route: route.abort())
    page.get_by_label("Street").fill("Abai 10")
    expect(page.locator(STATUS)).to_have_attribute("data-state", "offline")
    page.unroute("**/fields")
    box = page.get_by_role("button", name="Continue").bounding_box()
    assert box
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    with page.expect_response("**/fields"):
        page.mouse.down()
        page.evaluate("dispatchEvent(new Event('online'))")
    under = page.get_by_role("button", name="Continue").bounding_box()
    assert under
    assert under["y"] - box["y"] <= 2, "a pressed button itself sinks by two pixels"
    page.mouse.up()
    expect(page.get_by_role("button", name="Use the other answer")).to_be_focused()


@pytest.mark.mission("S0.4")
@pytest.mark.finding("J-offline")
def test_step_without_link__keeps_the_page_says_so_and_saves_when_the_link_returns(
    page: Page, context: BrowserContext, site: Any
) -> None:
    page.goto("/step")
    promise = page.get_by_text("What you type is kept as you type.")
    expect(promise).to_be_visible()
    context.set_offline(True)
    page.get_by_label("Street").fill("Abai 10")
    expect(page.locator(STATUS)).to_have_text("Not saved yet: no connection. Keep this page open.")
    expect(promise).to_be_hidden()
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url(re.compile("/step$"))
    expect(page.get_by_label("Street")).to_have_value("Abai 10")
    context.set_offline(False)
    expect(page.locator(STATUS)).to_have_text(re.compile("Saved"))
    assert site.world.cells["street"].value == "Abai 10"
    wait_for_store(page, entries=0)


@pytest.mark.mission("S0.4")
def test_step_without_link__comes_back_after_the_page_was_closed(
    page: Page, context: BrowserContext, site: Any
) -> None:
    page.goto("/step")
    context.route("**/fields", lambda route: route.abort())
    page.get_by_label("Note for the supplier").fill("Third floor, no lift")
    expect(page.locator(STATUS)).to_have_attribute("data-state", "offline")
    wait_for_store(page, entries=1)
    page.close()
    context.unroute("**/fields")
    later = context.new_page()
    later.goto("/step")
    expect(later.get_by_label("Note for the supplier")).to_have_value("Third floor, no lift")
    expect(later.locator(STATUS)).to_have_text(re.compile("Saved"))
    assert site.world.cells["note"].value == "Third floor, no lift"
    wait_for_store(later, entries=0)


def test_local_store__holds_no_readable_text(page: Page, context: BrowserContext, site: Any) -> None:
    page.goto("/step")
    context.set_offline(True)
    page.get_by_label("Street").fill("Secret street 5")
    wait_for_store(page, entries=1)
    dump = page.evaluate(
        """async () => {
          const database = await new Promise((done) => {
            const request = indexedDB.open("tirek")
            request.onsuccess = () => done(request.result)
          })
          const [row] = await new Promise((done) => {
            const request = database.transaction("kept").objectStore("kept").getAll()
            request.onsuccess = () => done(request.result)
          })
          database.close()
          return { bytes: new TextDecoder().decode(row.box),
                kinds: Object.values(row).map((one) => Object.prototype.toString.call(one)) }
        }"""
    )
    assert "Secret" not in dump["bytes"]
    assert "street" not in dump["bytes"]
    assert "[object CryptoKey]" not in dump["kinds"]
    assert page.evaluate("document.documentElement.dataset.storeKey") is None


def test_shared_computer__stores_nothing_and_keeps_the_open_page(
    page: Page, context: BrowserContext, site: Any
) -> None:
    site.world.shared = True
    page.goto("/step")
    context.set_offline(True)
    page.get_by_label("Street").fill("Abai 10")
    expect(page.locator(STATUS)).to_have_attribute("data-state", "offline")
    assert page.evaluate("async () => (await indexedDB.databases()).length") == 0
    context.set_offline(False)
    expect(page.locator(STATUS)).to_have_text(re.compile("Saved"))
    assert site.world.cells["street"].value == "Abai 10"


def test_sign_out__wipes_the_local_store(page: Page, context: BrowserContext, site: Any) -> None:
    page.goto("/step")
    context.set_offline(True)
    page.get_by_label("Street").fill("Abai 10")
    wait_for_store(page, entries=1)
    page.goto("about:blank")
    context.set_offline(False)
    page.goto("/plain")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/plain?wipe=1")
    assert page.evaluate("async () => (await indexedDB.databases()).length") == 0


def test_page_that_wipes__wipes_even_when_nobody_pressed_sign_out(
    page: Page, context: BrowserContext, site: Any
) -> None:
    page.goto("/step")
    context.set_offline(True)
    page.get_by_label("Street").fill("Abai 10")
    wait_for_store(page, entries=1)
    page.goto("about:blank")
    context.set_offline(False)
    site.world.signed_in = None
    page.goto("/plain?wipe=1")
    page.wait_for_function("async () => (await indexedDB.databases()).length === 0")


@pytest.mark.mission("S0.4")
def test_two_devices__both_values_are_shown_and_the_other_can_be_taken(
    page: Page, context: BrowserContext, site: Any
) -> None:
    page.goto("/step")
    other = context.new_page()
    other.goto("/step")
    other.get_by_label("Street").fill("Dostyk 5")
    expect(other.locator(STATUS)).to_have_text(re.compile("Saved"))

    page.get_by_label("Street").fill("Abai 10")
    conflict = page.get_by_role("alert").filter(has_text="changed somewhere else")
    expect(conflict).to_contain_text("Dostyk 5")
    expect(page.get_by_label("Street")).to_have_value("Abai 10")
    assert site.world.cells["street"].value == "Abai 10"

    with page.expect_response("**/fields"):
        conflict.get_by_role("button", name="Use the other answer").click()
    expect(page.get_by_label("Street")).to_have_value("Dostyk 5")
    expect(page.get_by_label("Street")).to_be_focused()
    expect(conflict).to_have_count(0)
    assert site.world.cells["street"].value == "Dostyk 5"


def test_two_devices__older_typing_gives_way_and_can_be_taken_back(
    page: Page, context: BrowserContext, site: Any
) -> None:
    page.goto("/step")
    other = context.new_page()
    other.goto("/step")
    context.set_offline(True)
    page.get_by_label("At home").check()
    expect(page.locator(STATUS)).to_have_attribute("data-state", "offline")
    # the other device types later, and is heard first
    site.world.cell("way", "point", version=4, typed_at=datetime.now(UTC) + timedelta(seconds=1))
    context.set_offline(False)
    conflict = page.get_by_role("alert").filter(has_text="changed somewhere else")
    expect(conflict).to_contain_text("At home")
    expect(page.get_by_label("At the supplier's place")).to_be_checked()


def test_seen_again_while_it_comes_back__is_sent_once_and_told_saved(
    page: Page, context: BrowserContext, site: Any
) -> None:
    held: list[Route] = []
    page.route("**/session/state", lambda route: route.continue_() if held else held.append(route))
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.url) if one.url.endswith("/fields") else None)
    page.goto("/step")
    site.world.signed_in = None
    with page.expect_request("**/session/state"):
        page.get_by_label("Street").fill("Abai 10")
    expect(page.locator(STATUS)).to_have_text(re.compile("you were signed out"))
    site.world.sign_in_again()
    context.clear_cookies(name="tirek_csrf")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    held[0].continue_()
    expect(page.locator(STATUS)).to_have_text(re.compile("Saved"))
    page.wait_for_load_state("networkidle")
    expect(page.locator(STATUS)).to_have_text(re.compile("Saved"))
    assert len(sent) == 2, "refused once, then sent once"


def test_session_ended_while_typing__goes_on_after_signing_in_in_another_tab(
    page: Page, context: BrowserContext, site: Any
) -> None:
    page.goto("/step")
    site.world.signed_in = None
    page.get_by_label("Street").fill("Abai 10")
    expect(page.locator(STATUS)).to_have_text(re.compile("you were signed out"))
    site.world.sign_in_again()
    context.clear_cookies(name="tirek_csrf")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator(STATUS)).to_have_text(re.compile("Saved"))
    assert site.world.cells["street"].value == "Abai 10"
