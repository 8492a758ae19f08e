"""The common pages as people meet them: axe, phone, large text, keyboard, colours, weight."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.kit.axe import violations

pytestmark = pytest.mark.browser

PAGES = [
    "/?said=1",
    "/form",
    "/step",
    "/check",
    "/receipt",
    "/display",
    "/confirm",
    "/refusal",
    "/broken/404",
    "/broken/403",
    "/broken/500",
]
DARK = "contrast=dark.size=150"
YELLOW = "contrast=yellow.spacing=wide"
LIGHT = "contrast=light.size=200"

Open = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser, site: Any) -> Any:
    contexts = []

    def open_page(path: str, *, width: int = 1280, locale: str = "en-GB", display: str = "", **options: Any) -> Page:
        context = browser.new_context(
            base_url=site.url, locale=locale, viewport={"width": width, "height": 800}, **options
        )
        contexts.append(context)
        if display:
            context.add_cookies([{"name": "tirek_display", "value": display, "url": site.url}])
        page = context.new_page()
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("path", PAGES)
def test_page__has_nothing_that_axe_objects_to(opened: Open, path: str) -> None:
    assert violations(opened(path)) == []


@pytest.mark.parametrize("display", [DARK, YELLOW, LIGHT])
@pytest.mark.parametrize("path", ["/?said=1", "/form"])
def test_page__is_readable_in_every_choice_of_the_display_panel(opened: Open, path: str, display: str) -> None:
    page = opened(path, display=display)
    if path == "/form":
        page.get_by_role("button", name="Continue").click()
    assert violations(page) == []


def test_form_with_errors__passes_axe_moves_the_focus_and_leads_to_the_field(opened: Open) -> None:
    page = opened("/form")
    page.get_by_role("button", name="Continue").click()
    assert violations(page) == []
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.get_by_role("link", name="Fill in “Date of birth”.").click()
    expect(page.get_by_label("Day")).to_be_focused()


def test_two_answers_and_the_warning__pass_axe(opened: Open, site: Any) -> None:
    page = opened("/step")
    site.world.cell("street", "Dostyk 5", version=3, typed_at=datetime.now(UTC) - timedelta(minutes=1))
    page.get_by_label("Street").fill("Abai 10")
    expect(page.get_by_role("button", name="Use the other answer")).to_be_visible()
    assert violations(page) == []
    site.world.ends_at = datetime.now(UTC) + timedelta(minutes=2)
    page.goto("/step")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("locale", ["kk", "ru", "en"])
@pytest.mark.parametrize("path", ["/?said=1", "/form", "/receipt", "/display", "/refusal"])
def test_phone__shows_pages_without_sideways_scrolling(opened: Open, path: str, locale: str) -> None:
    page = opened(path, width=360, locale=locale)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("path", ["/?said=1", "/form", "/display"])
def test_phone_at_double_text__shows_pages_without_sideways_scrolling(opened: Open, path: str) -> None:
    page = opened(path, width=360, locale="kk", display="size=200")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_targets_on_touch__are_large_enough(opened: Open) -> None:
    page = opened("/?said=1", width=360, has_touch=True)
    small = page.evaluate(
        """() => [...document.querySelectorAll('.app-header a, .app-header button,'
            + ' .govuk-button, .govuk-input, .app-footer a')]
            .filter((one) => one.checkVisibility())
            .map((one) => [one.textContent.trim(), one.getBoundingClientRect().height])
            .filter(([, height]) => height < 43.5)"""
    )
    assert small == []


#: What leads on, as a link and as a button, and who one can be in the demo.
BUTTONS: Final = """
  <a class="govuk-button" href="/" role="button">Choose</a> <button class="govuk-button">Send</button>
  <div class="personas"><button class="govuk-button">Marat</button><p class="govuk-hint">Orders a cane.</p>
    <button class="govuk-button">Dina</button></div>
"""
#: Room above and below the words of a button; the shadow under it is none.
ROOM: Final = """button => {
  const range = document.createRange();
  range.selectNodeContents(button);
  const [words, box] = [range.getBoundingClientRect(), button.getBoundingClientRect()];
  return [words.top - box.top, box.bottom - words.bottom];
}"""


@pytest.mark.finding("J-buttons")
def test_words_of_a_button__stand_in_its_middle_and_those_of_a_persona_by_their_own_name(opened: Open) -> None:
    page = opened("/plain", width=360)
    page.locator("main").evaluate("(main, buttons) => main.insertAdjacentHTML('beforeend', buttons)", BUTTONS)
    for button in page.locator("main .govuk-button").all():
        above, below = button.evaluate(ROOM)
        assert abs(above - below) <= 2, button.inner_text()
    box = "one => { const box = one.getBoundingClientRect(); return [box.top, box.bottom] }"
    (_top, name), (hint, end), (other, _bottom) = (one.evaluate(box) for one in page.locator(".personas > *").all())
    assert hint - name < (other - end) / 2


#: Links that stand alone, as the templates write them.
ALONE: Final = """
  <div id="alone">
    <p class="govuk-body"><a class="govuk-link" href="/">All orders</a></p>
    <ul class="govuk-list"><li><a class="govuk-link" href="/">Read</a></li>
      <li><a class="govuk-link" href="/">Load</a></li></ul>
    <div class="govuk-button-group"><a class="govuk-link" href="/">Staff</a></div>
    <table class="desk-table"><tr><th><a class="govuk-link" href="/">Accept</a></th></tr></table>
    <dl><dd class="govuk-summary-list__value"><a class="govuk-link" href="/">Name</a></dd></dl>
    <form><button class="link-button" type="button">Page</button></form>
  </div>
"""


@pytest.mark.finding("J-targets")
def test_links_alone_on_a_phone__are_as_high_as_a_finger_and_do_not_overlap(opened: Open) -> None:
    page = opened("/plain", width=360, has_touch=True)
    page.locator("main").evaluate("(main, alone) => main.insertAdjacentHTML('beforeend', alone)", ALONE)
    boxes = [one.bounding_box() for one in page.locator("#alone :is(a, button)").all()]
    assert len(boxes) == 7
    assert [round(one["height"]) for one in boxes if one and one["height"] < 40] == []
    first, second = boxes[1], boxes[2]
    assert first is not None
    assert second is not None
    assert first["y"] + first["height"] <= second["y"] + 0.5, "two links of a list"


CHOICE: Final = """
  <div class="govuk-checkboxes__item">
    <input class="govuk-checkboxes__input" type="checkbox" id="x">
    <label class="govuk-label govuk-checkboxes__label" for="x">Words that take more than one line of a phone</label>
  </div>
"""


@pytest.mark.finding("J-double-text")
@pytest.mark.parametrize(("size", "pixels"), [("", "40px"), ("size=200", "60px")])
def test_boxes_of_a_choice__grow_with_the_text(opened: Open, size: str, pixels: str) -> None:
    page = opened("/display", width=360, display=size)
    box = "one => getComputedStyle(one, '::before').width"
    assert page.locator(".govuk-radios__label").first.evaluate(box) == pixels
    page.locator("main").evaluate("(main, choice) => main.insertAdjacentHTML('beforeend', choice)", CHOICE)
    label, tick = page.locator(".govuk-checkboxes__label").last, page.locator(".govuk-checkboxes__input").last
    assert label.evaluate(box) == pixels
    beside, square = label.bounding_box(), tick.bounding_box()
    assert beside is not None
    assert square is not None
    assert beside["y"] < square["y"] + square["height"], "the words stand beside the box, not under it"
    assert beside["x"] >= square["x"] + square["width"]


@pytest.mark.finding("J-double-text")
@pytest.mark.parametrize("word", ["Бағдарлама", "қажеттіліктер"])
def test_heading_at_double_text_on_a_phone__keeps_its_words_whole(opened: Open, word: str) -> None:
    page = opened("/plain", width=360, locale="kk", display="size=200")
    heading = page.locator("h1")
    lines = "(one, word) => { one.textContent = word; const range = document.createRange();"
    lines += " range.selectNodeContents(one); return new Set([...range.getClientRects()].map(r => r.top)).size }"
    assert heading.evaluate(lines, word) == 1


@pytest.mark.finding("J-minor-header")
@pytest.mark.parametrize("locale", ["kk", "ru"])
def test_content_on_a_phone__begins_in_the_first_third_of_the_screen(opened: Open, locale: str) -> None:
    page = opened("/plain", width=360, locale=locale)
    heading = page.locator("h1").bounding_box()
    assert heading is not None
    assert heading["y"] <= 740 / 3


@pytest.mark.finding("J-minor-header")
def test_bell__on_a_phone_is_wide_enough_and_has_its_name(opened: Open) -> None:
    page = opened("/plain", width=360)
    page.locator(".count").last.evaluate("count => count.remove()")  # nothing is unread
    bell = page.get_by_role("link", name="Notices").bounding_box()
    assert bell is not None
    assert min(bell["width"], bell["height"]) >= 44


def test_keyboard__reaches_the_content_first_and_everything_after(opened: Open) -> None:
    page = opened("/plain")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main-content")).to_be_focused()


def test_menu_on_a_phone__opens_with_scripts_and_stands_open_without(opened: Open) -> None:
    page = opened("/plain", width=360)
    expect(page.get_by_role("link", name="My orders")).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_role("link", name="My orders")).to_be_visible()
    without = opened("/plain", width=360, java_script_enabled=False)
    expect(without.get_by_role("link", name="My orders")).to_be_visible()


def test_letters__of_kazakh_come_from_our_own_font(opened: Open) -> None:
    page = opened("/", locale="kk")
    page.evaluate("document.fonts.ready")
    letters = "ӘәҒғҚқҢңӨөҰұҮүҺһІі«»№₸–—…"
    assert page.evaluate("(letters) => document.fonts.check('16px \"Noto Sans\"', letters)", letters)
    assert page.evaluate("[...document.fonts].filter((one) => one.status === 'loaded').length") == 2


def test_page__asks_only_its_own_server_and_runs_nothing_inline(browser: Browser, site: Any) -> None:
    context = browser.new_context(base_url=site.url, locale="en-GB")
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto("/?said=1")
    page.wait_for_load_state("networkidle")
    context.close()
    assert [url for url in asked if not url.startswith((site.url, "data:"))] == []
    assert said == []


def test_printed_page__holds_the_content_alone(opened: Open) -> None:
    page = opened("/receipt")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="The order is sent")).to_be_visible()
    expect(page.locator(".app-header__tools")).to_be_hidden()
    expect(page.locator(".app-footer ul")).to_be_hidden()
    colour = page.locator(".receipt").evaluate("one => getComputedStyle(one).color")
    assert colour == "rgb(0, 0, 0)"
