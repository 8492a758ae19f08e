"""After the receipt, as people walk it on a phone: a fault is reported, repaired and confirmed; goods that harm are on
hold, and the supplier cannot hand them over.
"""

import re

import pytest
from playwright.sync_api import Page, expect
from tests.browser.stage import IMPORTER, Language, Stage, press, runs_over

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WORDS = {"kk": "Желімі ашылып кетті", "ru": "Отклеилась липучка"}
SAID = {
    "kk": {
        "fault": "Не дұрыс емес?",
        "thanks": "Рақмет. Ақау жөнделді.",
        "held": "топтамасы берілмейді: одан зиян келгені туралы хабар түсті",
    },
    "ru": {
        "fault": "Что не так?",
        "thanks": "Спасибо. Неисправность устранена.",
        "held": "не выдаётся: поступило сообщение о вреде",
    },
}


def report(page: Page, what: str, choice: str, words: str) -> str:
    """From the newest thing to the page of what was reported; its number."""
    page.goto("/my-things")
    page.locator(f"form[action='/{what}/begin'] button").first.click()
    page.locator(f"[name={choice}]").first.check(force=True)
    page.locator("[name=words]").fill(words)
    assert not runs_over(page)
    press(page)
    expect(page.locator("main")).to_contain_text(words)
    press(page)
    page.wait_for_url(re.compile(rf"/{what}/[^/]+$"))
    assert not runs_over(page)
    return page.url.rpartition("/")[2]


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_fault_and_harm__go_their_way_on_a_phone(stage: Stage, language: Language) -> None:
    someone = stage.person({"GI-02": 1460}, language=language)
    said, asked = SAID[language], {"person": someone.key, "kind": "GI-02", "label": "5 (12–17)", "quantity": 30}
    batch = {"kk": "KK-77", "ru": "RU-77"}[language]
    stage.backstage.ask("order", **asked, until="received", numbers=batch)
    waiting = stage.backstage.ask("order", **asked, until="accepted")["number"]
    page = stage.at_desk(someone, language=language, phone=True)
    seller = stage.at_desk(IMPORTER, language=language, phone=True)

    fault = report(page, "faults", "wrong", WORDS[language])
    expect(page.locator("main")).to_contain_text(said["fault"])
    seller.goto(f"/supply/faults/{fault}")
    expect(seller.locator("main")).to_contain_text(WORDS[language])
    seller.locator("[name=promise-way][value=repair]").check(force=True)
    press(seller, "form[action$='/promise']")
    seller.locator("form[action$='/hand_back']").wait_for(state="attached")
    assert not runs_over(seller)
    for fold in seller.locator("details:has(form[action$='/hand_back']) summary").all():
        fold.click()
    seller.locator("form[action$='/hand_back'] button").click()
    expect(seller.locator("form[action$='/hand_back']")).to_have_count(0)
    page.reload()
    page.locator("form[action$='/confirm'] button").click()
    expect(page.locator("main")).to_contain_text(said["thanks"])

    report(page, "harm", "what", WORDS[language])
    page.goto(f"/orders/{waiting}")
    code = page.locator(".door-code__digits").inner_text()
    seller.goto(f"/supply/orders/{waiting}")
    seller.locator("details:has([name=hand_over-code]) summary").click()
    seller.locator("[name=hand_over-numbers]").fill(batch.lower())
    seller.locator("[name=hand_over-code]").fill(code)
    seller.locator("form[action$=hand_over] button").click()
    expect(seller.locator(".govuk-error-summary")).to_contain_text(said["held"])
    expect(seller.locator("[name=hand_over-numbers]")).to_have_value(batch.lower())
    assert not runs_over(seller)
