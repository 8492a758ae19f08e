"""Every other way an order can go, walked as people walk it: a question before it is accepted, goods in parts, refused
goods that are replaced, several orders by one press; and sizes kept by a table and by a workbook.
"""

import io
import re
from datetime import timedelta

import openpyxl
import pytest
from playwright.sync_api import Page, expect
from tests.browser.stage import (
    IMPORTER,
    WORKSHOP,
    Language,
    Someone,
    Stage,
    begin,
    fill_in,
    looks_until,
    press,
    runs_over,
)

from tirek.core import clock

pytestmark = [pytest.mark.browser, pytest.mark.slow]
BOTH = pytest.mark.parametrize("language", ["kk", "ru"])
QUESTION = {"kk": "Үйдің кіреберісі қай жақтан?", "ru": "С какой стороны подъезд?"}
ANSWER = {"kk": "Семей, Абай көшесі 10, ауладан", "ru": "Семей, улица Абая 10, со двора"}


def opened(page: Page, act: str) -> None:
    """Unfold an act of a case."""
    for fold in page.locator(f"details:has(form[action$='/{act}']) summary").all():
        fold.click()


def ordered(stage: Stage, someone: Someone, until: str = "submitted") -> str:
    return str(
        stage.backstage.ask("order", person=someone.key, kind="GI-01", label="M", quantity=30, until=until)["number"]
    )


def door_code(page: Page, number: str) -> str:
    page.goto(f"/orders/{number}")
    return page.locator(".door-code__digits").inner_text()


def handed_over(seller: Page, number: str, code: str, *, act: str = "hand_over", quantity: int | None = None) -> None:
    seller.goto(f"/supply/orders/{number}")
    opened(seller, act)
    if quantity is not None:
        seller.locator(f"[name={act}-quantity]").fill(str(quantity))
    seller.locator(f"[name={act}-numbers]").fill("L-2026-11")
    seller.locator(f"[name={act}-code]").fill(code)
    assert not runs_over(seller)
    with seller.expect_navigation():
        seller.locator(f"form[action$='/{act}'] button").click()
    expect(seller.locator(".govuk-error-summary")).to_have_count(0)


def confirmed(stage: Stage, page: Page, someone: Someone, number: str, *, after: str = "") -> str:
    """The person confirms a receipt by a code, which is given back."""
    page.goto(f"/orders/{number}/confirm")
    press(page)
    expect(page).to_have_url(re.compile("asked="))
    code = stage.message_to(someone.phone, after=after)
    page.locator("[name=code]").fill(code)
    press(page, "form:has([name=code])")
    expect(page).to_have_url(re.compile(r"/orders/[^/]+$"))
    return code


@BOTH
def test_question__opens_exactly_its_step_with_the_words_beside_it(stage: Stage, language: Language) -> None:
    someone = stage.person(language=language)
    number = ordered(stage, someone)
    seller = stage.at_desk(IMPORTER, language=language)
    seller.goto(f"/supply/orders/{number}")
    seller.locator("a[href$='/ask']").click()
    seller.locator("[name=ask-field][value=address]").check()
    seller.locator("[name=ask-words]").fill(QUESTION[language])
    with seller.expect_navigation():
        press(seller)
    expect(seller.locator("[name=accept-ready_on_day]")).to_have_count(0)
    page = stage.at_desk(someone, language=language, phone=True)
    page.goto(f"/orders/{number}")
    expect(page.locator("main")).to_contain_text(QUESTION[language])
    asked = page.locator("form[action$='/answer'] :is(input:not([type=hidden]), textarea, select)")
    assert [one.get_attribute("name") for one in asked.all()] == ["answer-address"], "nothing else is asked"
    assert not runs_over(page)
    page.locator("[name=answer-address]").fill(ANSWER[language])
    with page.expect_navigation():
        press(page, "form[action$='/answer']")
    expect(page).to_have_url(re.compile(r"/orders/[^/]+$"))
    seller.goto(f"/supply/orders/{number}")
    expect(seller.locator("main")).to_contain_text(ANSWER[language])
    expect(seller.locator("[name=accept-ready_on_day]")).to_be_attached()


@BOTH
def test_goods_in_parts__are_confirmed_part_by_part(stage: Stage, language: Language) -> None:
    someone = stage.person(language=language)
    number = ordered(stage, someone, "accepted")
    page = stage.at_desk(someone, language=language, phone=True)
    seller = stage.at_desk(IMPORTER, language=language)
    handed_over(seller, number, door_code(page, number), quantity=20)
    code = confirmed(stage, page, someone, number)
    expect(page.locator(".door-code__digits")).to_be_visible()
    assert not runs_over(page)
    handed_over(seller, number, door_code(page, number))
    confirmed(stage, page, someone, number, after=code)
    expect(page.locator(".door-code__digits")).to_have_count(0)
    page.goto("/my-things")
    expect(page.locator("form[action='/faults/begin']")).not_to_have_count(0)


@BOTH
def test_refused_goods__are_replaced_and_nothing_of_the_entitlement_is_lost(stage: Stage, language: Language) -> None:
    someone = stage.person(language=language)
    number = ordered(stage, someone, "handed_over")
    page = stage.at_desk(someone, language=language, phone=True)
    page.goto(f"/orders/{number}/refuse")
    page.locator("[name=refuse-reason][value=defect]").check()
    press(page)
    expect(page).to_have_url(re.compile(r"/orders/[^/]+$"))
    seller = stage.at_desk(IMPORTER, language=language)
    seller.goto(f"/supply/orders/{number}")
    opened(seller, "replace")
    promised = clock.today() + timedelta(days=2)
    for part in ("day", "month", "year"):
        seller.locator(f"[name=replace-replace_by_{part}]").fill(str(getattr(promised, part)))
    with seller.expect_navigation():
        seller.locator("form[action$='/replace'] button").click()
    handed_over(seller, number, door_code(page, number), act="hand_over_replacement")
    confirmed(stage, page, someone, number)
    page.goto(f"/programme/{someone.lines['GI-01']}")
    # 365 of the quarter: thirty are taken, not sixty
    expect(page.locator("main")).to_contain_text(re.compile(r"\b335\b"))
    assert not runs_over(page)


@BOTH
def test_several_orders__go_by_one_press_and_are_one_receipt(stage: Stage, language: Language) -> None:
    someone = stage.person({"GI-01": 1460, "TI-01": 2}, language=language)
    page = stage.at_desk(someone, language=language, phone=True)
    begin(page, someone.lines["GI-01"])
    fill_in(page)
    page.goto(f"/order/{someone.lines['TI-01']}")
    page.locator(".offer h2 a").first.click()
    # which offer comes first changes daily; some have several sizes
    for size in page.get_by_role("radio").all()[:1]:
        size.check()
    page.locator("[name=quantity]").fill("1")
    press(page)
    page.wait_for_url(re.compile("/(size|delivery|check)$"))
    if page.url.endswith("/size"):
        # what the size depends on is asked first, and need not be told
        press(page)
    fill_in(page)
    page.locator("main a[href*='/order/together/']").first.click()
    expect(page).to_have_url(re.compile("/order/together/"))
    assert not runs_over(page)
    page.locator("[name=consent]").check()
    press(page)
    page.wait_for_url("**/together/done/*")
    numbers = set(re.findall(r"ТС-\d{4}-\d{7}", page.locator("main").inner_text()))
    assert len(numbers) == 2
    page.goto("/orders")
    for number in numbers:
        expect(page.locator("main")).to_contain_text(number)


@BOTH
def test_table_of_sizes__shows_the_difference_before_it_is_kept(stage: Stage, language: Language) -> None:
    price = {"kk": "9100", "ru": "9200"}[language]
    page = stage.at_desk(WORKSHOP, language=language)
    page.goto("/supply/cards/table?kind=PO-12")
    page.locator("main [name$='-price']").first.fill(price)
    press(page)
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text("%")
    press(page)
    page.wait_for_load_state()
    page.goto("/supply/cards/table?kind=PO-12")
    assert re.sub(r"\D.*", "", page.locator("main [name$='-price']").first.input_value()) == price


@BOTH
def test_workbook__is_taken_along_changed_and_brought_back(stage: Stage, language: Language) -> None:
    stock = {"kk": 41, "ru": 42}[language]
    page = stage.at_desk(WORKSHOP, language=language)
    page.goto("/supply/cards/files?kind=PO-12")
    with page.expect_download() as saved:
        page.locator("main a[href*='/supply/cards/book']").first.click()
    book = openpyxl.load_workbook(io.BytesIO(saved.value.path().read_bytes()))
    sheet = book.worksheets[0]
    heads = next(row for row in sheet.iter_rows() if "stock" in {one.value for one in row})
    at = {one.value: one.column for one in heads}
    first = next(row for row in range(heads[0].row + 1, sheet.max_row + 1) if sheet.cell(row, at["label"]).value)
    sheet.cell(first, at["stock"]).value = stock
    out = io.BytesIO()
    book.save(out)
    page.goto("/supply/cards/files?kind=PO-12")
    page.locator("[name=file]").set_input_files(
        {
            "name": "offers.xlsx",
            "mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "buffer": out.getvalue(),
        }
    )
    with page.expect_navigation():
        press(page)
    looks_until(page, lambda: page.locator("form[method=post] button.govuk-button").count())
    expect(page.locator("main")).to_contain_text(str(stock))
    press(page)
    page.goto("/supply/cards/table?kind=PO-12")
    expect(page.locator(f"main [name$='-stock'][value='{stock}']")).not_to_have_count(0)
