"""What it costs a mother to order diapers for her son on a phone: pages, clicks and words, from the first page on."""

import re
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.browser.stage import Language, Stage

pytestmark = pytest.mark.browser

#: As few pages and clicks as there are decisions; the words are those of the pages from the sign-in on.
MOST_PAGES, MOST_CLICKS, MOST_WORDS = 8, 8, 600


@dataclass
class Cost:
    """A page in use, and what was spent on it."""

    page: Page
    clicks: int = 0
    words: dict[str, int] = field(default_factory=dict)

    def read(self, name: str, address: str) -> None:
        """One more page, read from end to end."""
        expect(self.page).to_have_url(re.compile(address))
        self.words[name] = len(self.page.locator("main").inner_text().split())

    def click(self, what: Locator) -> None:
        """One more click."""
        self.clicks += 1
        what.click()


@pytest.mark.finding("J-M1", "J-M3", "J-M4", "J-M8", "J-M15", "J-M20")
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_mother__orders_diapers_in_eight_pages_and_eight_clicks(stage: Stage, language: Language) -> None:
    mother = stage.person({}, measured={}, born="1988-04-12", language=language)
    son = stage.person(
        {"GI-02": 1460}, measured={"weight_kg": 23}, born="2018-09-03", has_phone=False, registered=False
    )
    stage.backstage.ask("representative", of=son.key, by=mother.key)
    page = stage.browser(language=language, phone=True).new_page()
    cost = Cost(page)
    page.goto(f"/language/{language}?next=/")
    cost.read("public home", "/$")
    cost.click(page.locator("a.govuk-button--start"))
    cost.read("sign-in", "/sign-in/")
    page.locator("[name=iin]").fill(mother.iin)
    cost.click(page.locator("main form button").first)
    cost.read("code", "/sign-in/code")
    page.locator("[name=code]").fill(stage.message_to(mother.phone))
    cost.click(page.locator("main form button").first)
    cost.read("home", "/home$")
    cost.click(page.locator("form.ward-order button").first)
    cost.read("offers", "/order/[^/]+$")
    cost.click(page.locator(".offer h2 a").first)
    cost.read("offer", "/offers/")
    page.locator("[name=quantity]").fill("240")
    expect(page.locator("[data-total]")).to_be_visible()
    cost.click(page.locator("main form button.govuk-button").first)
    cost.read("check", "/check$")
    expect(page.locator("main")).to_contain_text("240")
    cost.click(page.locator("[name=consent]"))
    cost.click(page.locator("form[data-queue-submit] button").first)
    cost.read("receipt", "/order/done/")
    told = sum(words for name, words in cost.words.items() if name != "public home")
    assert len(cost.words) <= MOST_PAGES, cost.words
    assert cost.clicks <= MOST_CLICKS
    assert told <= MOST_WORDS, cost.words


@pytest.mark.finding("J-M23")
def test_same_again__takes_three_clicks(stage: Stage) -> None:
    someone = stage.person(language="ru")
    stage.backstage.ask("order", person=someone.key, kind="GI-01", label="M", quantity=30, until="received")
    page = stage.at_desk(someone, language="ru", phone=True)
    cost = Cost(page)
    page.goto("/home")
    cost.click(page.locator("form[action$='/again'] button").first)
    cost.read("check", "/check$")
    cost.click(page.locator("[name=consent]"))
    cost.click(page.locator("form[data-queue-submit] button").first)
    cost.read("receipt", "/order/done/")
    assert cost.clicks == 3
