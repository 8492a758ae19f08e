"""Pages as their readers see them: whole words, no column cut, a menu of two lines, marks of the language."""

import pytest
from playwright.sync_api import expect
from tests.browser.stage import ADMIN, Language, Stage

pytestmark = pytest.mark.browser
HEAD = "region@example.kz"

#: How many lines a menu takes.
_LINES = """
(all) => new Set([...document.querySelectorAll(all)].map((one) => Math.round(one.getBoundingClientRect().top))).size
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


@pytest.mark.finding("J-menu-lines")
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_menu_of_administrator__takes_two_lines(stage: Stage, language: Language) -> None:
    page = stage.at_desk(ADMIN, language=language)
    page.goto("/manage/")
    assert page.evaluate(_LINES, ".govuk-service-navigation__item") in {1, 2}


@pytest.mark.finding("J-whole-figures")
def test_characters_left__are_counted_with_the_marks_of_kazakh(stage: Stage) -> None:
    page = stage.at_desk(stage.person(), language="kk", phone=True)
    page.goto("/messages/department")
    told = page.locator(".govuk-character-count__status")
    expect(told).to_have_text("Қалған таңба саны: 2\u00a0000")
