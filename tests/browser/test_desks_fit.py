"""Pages as their readers see them: whole words, no column cut, a menu of two lines, marks of the language."""

import pytest
from playwright.sync_api import expect
from tests.browser.stage import ADMIN, OFFICER, WORKSHOP, Language, Stage

pytestmark = pytest.mark.browser
HEAD = "region@example.kz"

#: On how many lines visible things stand: what is on one line has its middle at nearly one height.
_LINES = """
(all) => [...document.querySelectorAll(all)].filter((one) => one.offsetParent)
  .map((one) => one.getBoundingClientRect()).map((box) => (box.top + box.bottom) / 2).sort((one, other) => one - other)
  .filter((middle, n, every) => !n || middle - every[n - 1] > 15).length
"""
#: What can be pressed, filled in and read in the content of a page. On a phone the heads of a table stand in each cell,
#: and the order of the list is chosen in its filter.
_REACHED = """
() => {
  const seen = (one) => one.checkVisibility ? one.checkVisibility() : Boolean(one.offsetParent)
  const all = (what) => [...document.querySelectorAll(what)].filter((one) => seen(one) && !one.closest("thead"))
  const words = (one) => one.textContent.trim().replace(/\\s+/g, " ")
  return {
    acts: all("main :is(a[href], button, input:not([type=hidden]), select, textarea, summary)").map(
      (one) => `${one.tagName} ${one.getAttribute("href") ?? one.name ?? ""} ${words(one)}`),
    words: all("main :is(h1, h2, h3, p, td, dd, dt, li, label, legend)").map(words).filter(Boolean),
  }
}
"""
#: Words that stand on two lines.
_BROKEN = """
(all) => [...document.querySelectorAll(all)].flatMap((one) => {
  const found = [];
  const texts = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    for (const word of texts.currentNode.data.matchAll(/[\\p{L}]+/gu)) {
      const range = document.createRange();
      range.setStart(texts.currentNode, word.index);
      range.setEnd(texts.currentNode, word.index + word[0].length);
      if (range.getClientRects().length > 1) found.push(word[0]);
    }
  }
  return found;
})
"""


@pytest.mark.finding("J-overview-phone")
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_overview__breaks_no_word_and_cuts_no_column_on_a_phone(stage: Stage, language: Language) -> None:
    page = stage.at_desk(HEAD, language=language, phone=True)
    page.goto("/overview")
    assert page.locator(".counter").count() > 1
    assert page.locator(".table-scroll").count() > 0
    assert page.evaluate(_BROKEN, ".counter") == []
    assert page.evaluate(_BROKEN, ".tile") == []
    assert page.evaluate("[...document.querySelectorAll('.table-scroll')].every((t) => t.scrollWidth <= t.clientWidth)")
    page.locator(".desk-table--sorted thead a").first.click()
    assert "by=waiting" in page.url


@pytest.mark.finding("J-whole-figures")
def test_list_of_orders__has_each_number_on_one_line(stage: Stage) -> None:
    page = stage.at_desk(HEAD, language="kk")
    page.goto("/office/orders?all=1")
    numbers = page.locator(".case-number")
    assert numbers.count() > 0
    assert all(len(one.evaluate("(link) => [...link.getClientRects()]")) == 1 for one in numbers.all())
    assert page.evaluate("[...document.querySelectorAll('.table-scroll')].every((t) => t.scrollWidth <= t.clientWidth)")


@pytest.mark.mission("S2.5")
@pytest.mark.parametrize(
    ("who", "addresses"),
    [
        ("", ("/", "/things", "/waiting", "/suppliers")),
        ("person", ("/home", "/programme", "/orders", "/my-things", "/messages", "/notices", "/my-data")),
        (OFFICER, ("/office", "/office/orders", "/office/faults", "/office/purchases", "/office/letters")),
        (WORKSHOP, ("/supply", "/supply/orders", "/supply/cards", "/supply/parts", "/supply/faults")),
    ],
)
def test_phone__has_every_link_button_field_and_word_of_the_desktop(
    stage: Stage, who: str, addresses: tuple[str, ...]
) -> None:
    page = stage.at_desk(stage.person() if who == "person" else who) if who else stage.browser().new_page()
    for address in addresses:
        page.set_viewport_size({"width": 1280, "height": 900})
        assert page.goto(address, wait_until="load").status == 200, address
        there = page.evaluate(_REACHED)
        assert there["acts"], address
        page.set_viewport_size({"width": 360, "height": 740})
        here = page.evaluate(_REACHED)
        assert {kind: [one for one in told if one not in here[kind]] for kind, told in there.items()} == {
            "acts": [],
            "words": [],
        }, address


@pytest.mark.finding("J-menu-lines")
@pytest.mark.parametrize("language", ["kk", "ru"])
@pytest.mark.parametrize(
    ("who", "address"),
    [(ADMIN, "/manage/"), (HEAD, "/office/lots"), (OFFICER, "/office/faults"), (WORKSHOP, "/supply/parts")],
)
def test_menu_of_staff__takes_two_lines(stage: Stage, language: Language, who: str, address: str) -> None:
    page = stage.at_desk(who, language=language)
    page.goto(address)
    assert page.evaluate(_LINES, ".govuk-service-navigation__link") in {1, 2}
    expect(page.locator(".govuk-service-navigation__link[aria-current=true]")).to_be_visible()


@pytest.mark.finding("J-whole-figures")
def test_characters_left__are_counted_with_the_marks_of_kazakh(stage: Stage) -> None:
    page = stage.at_desk(stage.person(), language="kk", phone=True)
    page.goto("/messages/department")
    told = page.locator(".govuk-character-count__status")
    expect(told).to_have_text("Қалған таңба саны: 2\u00a0000")
