"""A deaf woman receives what she needs without one call: each step is told in writing, and what she asks she writes."""

import re
from typing import Final

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.browser.stage import IMPORTER, OFFICER, Language, Someone, Stage, choose, fill_in, looks_until, press, send
from tests.browser.test_thread_in_browser import sign

pytestmark = pytest.mark.browser


def told(stage: Stage, page: Page, someone: Someone, number: str, times: int) -> None:
    """So many steps of the order stand in her notices, and as many messages went to her phone as text."""
    page.goto("/notices")
    expect(page.locator("main li", has_text=number)).to_have_count(times)
    sent = stage.browser().new_page()
    sent.goto("/notices/sent")
    texts = sent.locator(".govuk-summary-card", has_text=someone.phone).filter(has_text=number)
    looks_until(sent, lambda: texts.count() >= times)
    expect(texts).to_have_count(times)
    sent.close()


def writes(page: Page, way: Locator, words: str) -> None:
    """By the link that stands there, not by an address that one must know."""
    way.click()
    expect(page).to_have_url(re.compile("/messages/(order|person)/"))
    page.locator("main textarea").fill(words)
    press(page)
    expect(page.locator(".govuk-notification-banner")).to_be_visible()
    expect(page.locator(".message--mine", has_text=words)).to_be_visible()


def answers(stage: Stage, who: str, words: str, answer: str) -> None:
    """At work the letter waits in the list; it is read and answered there."""
    page = stage.at_desk(who, language="ru")
    page.goto("/messages")
    writes(page, page.locator("main li", has_text=words).first.locator("a"), answer)


def reads(page: Page, answer: str) -> None:
    """The answer waits on her first page."""
    page.goto("/home")
    page.locator("main li", has_text=answer).locator("a").first.click()
    expect(page.locator(".message", has_text=answer)).to_be_visible()


#: Where a telephone number can be tapped; and those of them without a way to write, there or at the foot of the page.
CALLED: Final = """() => {
  const shown = (selector, where = document) =>
    [...where.querySelectorAll(selector)].filter((one) => one.checkVisibility());
  const write = "a[href^='/messages/']";
  const foot = shown(write, document.querySelector("footer")).length;
  return shown("a[href^='tel:']").map((call) => {
    const near = call.closest("section, dd, form, .govuk-inset-text, footer") ?? document.querySelector("main");
    return [call.innerText, shown(write, near).length + (call.closest("footer") ? 0 : foot)];
  });
}"""


def not_sent_to_the_telephone(page: Page, address: str) -> None:
    """The page that was expected; wherever it tells a telephone number, one can write in its place."""
    expect(page).to_have_url(re.compile(address))
    called = page.evaluate(CALLED)
    assert called, f"{page.url}: the control: the help line stands at the foot"
    assert [number for number, ways in called if not ways] == [], page.url


def signs_in_and_orders(stage: Stage, page: Page, someone: Someone, language: Language) -> str:
    """From the page of the sign-in to the receipt, by what stands there; the number of the order."""
    page.goto(f"/language/{language}?next=/sign-in/")
    not_sent_to_the_telephone(page, "/sign-in/$")
    page.locator("[name=iin]").fill(someone.iin)
    press(page)
    not_sent_to_the_telephone(page, "/sign-in/code$")
    page.locator("[name=code]").fill(stage.message_to(someone.phone))
    press(page)
    not_sent_to_the_telephone(page, "/home$")
    page.locator(f"main a[href='/order/{someone.lines['GI-01']}']").first.click()
    not_sent_to_the_telephone(page, "/order/[^/]+$")
    choose(page, offer="Жайлы")
    fill_in(page)
    not_sent_to_the_telephone(page, "/check$")
    number = send(page)
    not_sent_to_the_telephone(page, "/order/done/")
    return number


@pytest.mark.finding("J-deaf")
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_deaf_user__needs_no_call_from_the_first_page_to_the_receipt(stage: Stage, language: Language) -> None:
    someone = stage.person(language=language)
    page = stage.browser(language=language, phone=True).new_page()
    number = signs_in_and_orders(stage, page, someone, language)
    told(stage, page, someone, number, 1)
    page.goto(f"/orders/{number}")
    not_sent_to_the_telephone(page, "/orders/[^/]+$")
    asked, answer = f"Не звоните, пишите: {number}", f"Хорошо, напишем: {number}"
    writes(page, page.locator(".next-step a[href^='/messages/order/']"), asked)
    answers(stage, IMPORTER, asked, answer)
    reads(page, answer)
    stage.backstage.ask("carry", number=number, until="handed_over")
    told(stage, page, someone, number, 4)
    page.goto(f"/orders/{number}/confirm")
    sign(stage, page, someone.phone)
    asked, answer = f"Мне нужен жестовый язык: {number}", f"Отдел ответит письмом: {number}"
    writes(page, page.locator("footer a[href='/messages/department']"), asked)
    answers(stage, OFFICER, asked, answer)
    reads(page, answer)
