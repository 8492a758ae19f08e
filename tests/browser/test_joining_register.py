"""An organisation joins the register on a phone: from the public page to the first offer card, by its own pages."""

import re
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from tests.browser.stage import REGION, Language, Stage, press, runs_over
from tests.kit.axe import violations
from tests.suppliers.joining import a_bin

pytestmark = [pytest.mark.browser, pytest.mark.slow]
_CASE = re.compile(r"/registrations/[^/]+$")


def _picture() -> dict[str, object]:
    out = BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "PNG")
    return {"name": "a.png", "mimeType": "image/png", "buffer": out.getvalue()}


def _day(page: Page, field: str, day: str, month: str, year: str) -> None:
    for part, text in (("day", day), ("month", month), ("year", year)):
        page.locator(f"[name={field}_{part}]").fill(text)


def _looked_at(page: Page) -> None:
    """The page as a person with a phone and a screen reader has it."""
    assert violations(page) == []
    assert not runs_over(page)


def _fill_in(page: Page, number: str) -> None:
    """Each question of the form, one a page; what was typed is there after a reload."""
    expect(page).to_have_url(re.compile("/who$"))
    page.locator("[name=who][value=entity]").check()
    press(page)
    expect(page).to_have_url(re.compile("/bin$"))
    page.locator("[name=bin]").fill(f"{number[:11]}{(int(number[11]) + 1) % 10}")
    press(page)
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    page.locator("[name=bin]").fill(number)
    press(page)
    expect(page).to_have_url(re.compile("/names$"))
    page.locator("[name=name_kk]").fill(f"ЖШС «Қанат Мед {number[-4:]}»")
    page.locator("[name=name_ru]").fill(f"ТОО «Қанат Мед {number[-4:]}»")
    press(page)
    expect(page).to_have_url(re.compile("/place$"))
    page.locator("[name=place_code]").select_option("101000000")
    page.locator("[name=address]").fill("Абай көшесі 7")
    page.locator("[name=contact_phone]").fill("+7 701 765 43 21")
    press(page)
    expect(page).to_have_url(re.compile("/supplies$"))
    page.locator("[name=supplies][value=goods]").check()
    press(page)
    expect(page).to_have_url(re.compile("/check$"))
    page.reload()
    expect(page.locator("main")).to_contain_text(f"ЖШС «Қанат Мед {number[-4:]}»")
    expect(page.locator("main")).to_contain_text(number)


def _decide(stage: Stage, number: str) -> None:
    """The officer of the region looks at each requirement; the commission's conclusion is entered."""
    page = stage.at_desk(REGION, language="ru")
    case = f"/office/registrations/{number}"
    page.goto(case)
    links = page.locator("main a[href*='/checks/']").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    for way in (one for one in links if not one.endswith("/data")):
        page.goto(way)
        page.locator("[name=finding][value=in_order]").check()
        press(page)
        expect(page).to_have_url(_CASE)
    page.locator("form[action*='/pass_on'] button").click()
    expect(page.locator("form[action*='/register']")).to_be_visible()
    page.locator("[name=register-conclusion_number]").fill("77-2026")
    today = page.evaluate("new Date().toLocaleDateString('en-CA', {timeZone: 'Asia/Almaty'})").split("-")
    _day(page, "register-conclusion_on", today[2], today[1], today[0])
    page.locator("form[action*='/register'] button").click()
    expect(page.locator("form[action*='/register']")).to_have_count(0)


@pytest.mark.mission("S2.2")
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_organisation__joins_the_register_on_a_phone(stage: Stage, language: Language) -> None:
    owner, bin_ = stage.person({}, measured={}, language=language), a_bin()
    page = stage.at_desk(owner, language=language, phone=True)
    page.goto("/?stay")
    page.locator("main a[href='/join']").click()
    expect(page).to_have_url(re.compile("/join$"))
    _looked_at(page)
    press(page)
    _fill_in(page, bin_)
    _looked_at(page)
    press(page)
    expect(page).to_have_url(_CASE)
    _looked_at(page)
    case = page.url
    page.locator("main a[href$='/papers/authority']").click()
    page.locator("[name=document_number]").fill("12-к")
    _day(page, "issued_on", "12", "1", "2026")
    page.locator("[name=file]").set_input_files(_picture())  # type: ignore[arg-type]  # made here
    press(page)
    expect(page).to_have_url(_CASE)
    page.locator("main a[href$='/send'], main form[action$='/send'] button").first.click()
    press(page)
    expect(page).to_have_url(_CASE)
    _decide(stage, _number(page))
    page.goto(case)
    page.locator("main a[href$='/accept'], main form[action$='/accept'] button").first.click()
    _looked_at(page)
    press(page)
    expect(page).to_have_url(re.compile("asked="))
    page.locator("[name=code]").fill(stage.message_to(owner.phone))
    press(page, "form:has([name=code])")
    expect(page).to_have_url(_CASE)
    page.goto("/roles")
    page.locator("form", has_text=f"Қанат Мед {bin_[-4:]}").locator("button").first.click()
    page.goto("/supply/checks")
    _looked_at(page)
    page.goto("/supply/cards/new")
    expect(page.locator("main button[name=kind]").first).to_be_visible()
    page.goto(f"/suppliers?name={bin_}")
    expect(page.locator("main tbody tr")).to_have_count(1)
    expect(page.locator("main tbody")).to_contain_text(f"Қанат Мед {bin_[-4:]}")


def _number(page: Page) -> str:
    """The number of the application that the page shows."""
    found = re.search(r"ӨТ-\d{4}-\d{7}", page.locator("h1").inner_text())
    assert found is not None
    return found.group()
