"""The main thread as people walk it: from the programme to the signed receipt, between real desks."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from tests.browser.paths import said
from tests.browser.stage import IMPORTER, WORKSHOP, Language, Stage, begin, fill_in, press, send

from tirek.core import clock

pytestmark = pytest.mark.browser


def speaks(page: Page, language: Language, *, kk: str, ru: str) -> None:
    """The page is in the language: its mark, and a heading that says it in the words of that language."""
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("h1")).to_have_count(1)
    expect(page.locator("h1")).to_contain_text({"kk": kk, "ru": ru}[language])


def accept(page: Page, number: str) -> None:
    """The supplier promises a day in two days."""
    page.goto(f"/supply/orders/{number}")
    day = clock.today() + timedelta(days=2)
    page.locator("[name=accept-ready_on_day]").fill(str(day.day))
    page.locator("[name=accept-ready_on_month]").fill(str(day.month))
    page.locator("[name=accept-ready_on_year]").fill(str(day.year))
    press(page, "form[action$=accept]")
    receipt, handed = page.locator("[name=record_top_up-receipt]"), page.locator("form[action$=hand_over]")
    expect(receipt.or_(handed).first).to_be_attached()
    if receipt.count():
        receipt.fill("ФЧ-1001")
        press(page, "form[action$=record_top_up]")
    expect(handed).to_be_attached()


def hand_over(page: Page, number: str, code: str) -> None:
    """The supplier enters the code that was told at the door, and the batch where the kind has one."""
    page.goto(f"/supply/orders/{number}")
    page.locator("details:has([name=hand_over-code]) summary").click()
    page.locator("[name=hand_over-code]").fill(code)
    numbers = page.locator("[name=hand_over-numbers]")
    if numbers.count():
        numbers.fill("L-2026-04")
    page.locator("form[action$=hand_over] button").click()
    expect(page.locator("[name=hand_over-code]")).to_have_count(0)


def sign(stage: Stage, page: Page, phone: str) -> None:
    """The person asks for a code and signs with it."""
    press(page)
    page.locator("[name=code]").fill(stage.message_to(phone))
    press(page, "form:has([name=code])")
    expect(page).to_have_url(re.compile(r"/orders/[^/]+$"))


@pytest.mark.mission("S0.1", "S0.9", "S2.7", "S2.8", "S2.16", "S2.17")
@pytest.mark.parametrize(
    ("language", "phone", "offer", "desk"),
    [("kk", True, "Ертіс", WORKSHOP), ("ru", False, "Жайлы", IMPORTER)],
    ids=["kk, phone, with a payment of one's own", "ru, desktop"],
)
def test_thread__goes_from_the_programme_to_the_signed_receipt(
    stage: Stage, language: Language, phone: bool, offer: str, desk: str
) -> None:
    someone = stage.person(language=language)
    page = stage.at_desk(someone, language=language, phone=phone)
    page.goto("/programme")
    speaks(page, language, kk="Бағдарлама", ru="Программа")
    page.locator(f"a[href='/order/{someone.lines['GI-01']}']").click()
    speaks(page, language, kk="Ересектерге арналған жөргек", ru="Подгузники для взрослых")
    for box in page.locator("[name=offer]").all():
        box.check()
    page.locator("form[action$=compare] button").click()
    speaks(page, language, kk="Қатар салыстыру", ru="Сравнение")
    expect(page.locator("thead th")).to_have_count(page.locator("tbody tr").first.locator("td").count())
    page.locator("tbody td a.govuk-button", has_text=offer).first.click()
    speaks(page, language, kk="жөргегі", ru="Подгузники для взрослых")
    page.get_by_role("radio", name=re.compile("^M")).check()
    press(page)
    fill_in(page)
    speaks(page, language, kk="Жауаптарыңызды тексеріңіз", ru="Проверьте свои ответы")
    expect(page.locator("main")).to_contain_text("Абай көшесі 10")
    number = send(page)
    speaks(page, language, kk="Тапсырыс жіберілді", ru="Заказ отправлен")
    expect(page.locator(".next-step time")).to_be_visible()
    expect(page.locator(".next-step a[href^='tel:']")).to_be_visible()

    supplier = stage.at_desk(desk, language=language, phone=phone)
    supplier.goto("/supply")
    speaks(supplier, language, kk="ЖШС", ru="ТОО")
    supplier.goto(f"/supply/orders?number={number}")
    supplier.get_by_role("link", name=number).click()
    accept_day = clock.today() + timedelta(days=2)
    accept(supplier, number)
    page.goto(f"/orders/{number}")
    expect(page.locator(".next-step time")).to_have_attribute("datetime", accept_day.isoformat())
    code = page.locator(".door-code__digits").inner_text()
    hand_over(supplier, number, code)
    speaks(supplier, language, kk="жөргегі", ru="Подгузники для взрослых")

    page.reload()
    page.locator("a[href$='/confirm']").click()
    speaks(page, language, kk="Алынғанын растау", ru="Подтвердить получение")
    sign(stage, page, someone.phone)
    speaks(page, language, kk="Ересектерге арналған жөргек", ru="Подгузники для взрослых")
    expect(page.locator("main .timeline li")).to_have_count(5 if desk == WORKSHOP else 4)
    page.goto(f"/programme/{someone.lines['GI-01']}")
    expect(page.locator("main tbody tr")).to_have_count(3)


@pytest.mark.mission("S2.8")
@pytest.mark.parametrize("language", [pytest.param("kk", marks=pytest.mark.slow), "ru"])
def test_order_that_nobody_accepts__is_cancelled_and_offers_others(stage: Stage, language: Language) -> None:
    someone = stage.person(language=language)
    number = stage.backstage.ask("order", person=someone.key, kind="GI-01", label="M", quantity=365)["number"]
    page = stage.at_desk(someone, language=language, phone=True)
    page.goto(f"/order/{someone.lines['GI-01']}")
    expect(page.locator("main p.govuk-body").first).not_to_contain_text("365")
    assert stage.backstage.ask("term_passes", number=number) == {"state": "cancelled"}
    page.goto("/notices")
    # that the term to order runs on may be told already
    page.locator("main ul a", has_text=number).first.click()
    page.locator("main a.govuk-button").click()
    expect(page.locator("h1")).to_contain_text(number)
    expect(page.locator(".next-step ~ p").first).to_have_text(
        said(language, "The supplier did not answer in time. The order was cancelled.")
    )
    page.locator(f"main a.govuk-button[href='/order/{someone.lines['GI-01']}']").click()
    expect(page.locator("main p.govuk-body").first).to_contain_text("365")
    expect(page.locator(".offer")).not_to_have_count(0)


@pytest.mark.mission("S0.25", "S2.7")
def test_thread_without_javascript__goes_its_whole_way(stage: Stage) -> None:
    someone = stage.person()
    page = stage.at_desk(someone, language="kk", phone=True, java_script_enabled=False)
    page.goto("/programme")
    page.locator(f"a[href='/order/{someone.lines['GI-01']}']").click()
    begin(page, someone.lines["GI-01"], offer="Жайлы")
    fill_in(page)
    number = send(page)
    supplier = stage.at_desk(IMPORTER, language="kk", java_script_enabled=False)
    accept(supplier, number)
    page.goto(f"/orders/{number}")
    hand_over(supplier, number, page.locator(".door-code__digits").inner_text())
    page.goto(f"/orders/{number}/confirm")
    sign(stage, page, someone.phone)
    page.goto(f"/programme/{someone.lines['GI-01']}")
    expect(page.locator("main tbody tr")).to_have_count(3)
