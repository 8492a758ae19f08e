"""What goes wrong on a bad day, and who helps: nobody loses what was typed, and one order stays one order."""

import re
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect
from tests.browser.stage import (
    COLLEAGUE,
    OFFICER,
    Language,
    Someone,
    Stage,
    agree_by_code,
    agree_on_paper,
    begin,
    fill_in,
    press,
    record_paper,
    send,
)

pytestmark = pytest.mark.browser

STATUS = "[data-draft-status]"


def draft_of(page: Page) -> str:
    found = re.search(r"/order/form/([0-9a-f-]{36})", page.url)
    assert found is not None
    return str(UUID(found.group(1)))


def to_delivery(page: Page, someone: Someone) -> None:
    begin(page, someone.lines["GI-01"])
    expect(page).to_have_url(re.compile("/(delivery|check)$"))
    page.goto(page.url.replace("/check", "/delivery"))


def sign_in_by_code(stage: Stage, page: Page, someone: Someone, address: str = "/sign-in/") -> None:
    page.goto(address)
    page.locator("[name=iin]").fill(someone.iin)
    press(page)
    expect(page).to_have_url(re.compile("/sign-in/code"))
    page.locator("[name=code]").fill(stage.message_to(someone.phone))
    press(page)


def open_file(page: Page, someone: Someone) -> None:
    """The officer finds the person by IIN."""
    page.goto("/office")
    page.locator("main [name=what]").fill(someone.iin)
    press(page)
    expect(page).to_have_url(re.compile("/office/people/"))
    assert someone.iin not in page.url


@pytest.mark.mission("S0.6", "S0.7", "S2.16")
@pytest.mark.parametrize("way", ["code", "paper"])
def test_counter__one_visit_is_enough_and_the_person_confirms(stage: Stage, way: str) -> None:
    someone = stage.person(language="ru")
    clerk = stage.at_desk(OFFICER, language="ru")
    open_file(clerk, someone)
    clerk.locator(f"a[href='/order/{someone.lines['GI-01']}']").click()
    expect(clerk).to_have_url(re.compile("/order/"))
    begin(clerk, someone.lines["GI-01"], offer="Жайлы")
    fill_in(clerk)
    expect(clerk.locator("main")).to_contain_text("Сынақова")
    number, code = agree_by_code(stage, clerk, someone.phone) if way == "code" else (agree_on_paper(clerk), "")
    stage.backstage.ask("carry", number=number, until="handed_over")
    clerk.goto(f"/office/orders/{number}/confirm")
    if way == "code":
        press(clerk)
        clerk.locator("[name=code]").fill(stage.message_to(someone.phone, after=code))
        press(clerk, "form:has([name=code])")
        expect(clerk).to_have_url(re.compile("/office/orders/[^/]+$"))
        expect(clerk.locator(".next-step")).to_be_visible()
    else:
        prints_the_sheet_alone(clerk)
        expect(clerk.locator("a[href$='paper=1']")).to_have_count(0)  # who entered the order does not record it
        colleague = stage.at_desk(COLLEAGUE, language="kk")
        colleague.goto(f"/office/orders/{number}/confirm")
        record_paper(colleague)
        expect(colleague).to_have_url(re.compile(r"/office/orders/[^/]+$"))
        expect(colleague.locator("a[href$='/confirm']")).to_have_count(0)


@pytest.mark.mission("S0.6")
def test_representative__a_mother_orders_for_her_son(stage: Stage) -> None:
    mother = stage.person({}, measured={}, born="1988-04-12")
    son = stage.person(
        {"GI-02": 1460}, measured={"weight_kg": 23}, born="2018-09-03", has_phone=False, registered=False
    )
    stage.backstage.ask("representative", of=son.key, by=mother.key)
    page = stage.at_desk(mother, language="kk", phone=True)
    page.goto("/for-whom")
    page.locator(f"[value='{son.key}']").check()
    press(page)
    expect(page.locator(".standing")).to_contain_text("Сынақова")
    expect(page.locator(".standing a")).to_have_attribute("href", "/for-whom")
    page.goto("/programme")
    page.locator(f"a[href='/order/{son.lines['GI-02']}']").click()
    expect(page).to_have_url(re.compile("/order/"))
    page.locator(".offer h2 a").first.click()
    page.get_by_role("radio").first.check()
    page.locator("[name=quantity]").fill("20")
    press(page)
    expect(page).to_have_url(re.compile("/check$"))
    if page.locator("[name=fit_acknowledged]").count():
        page.locator("[name=fit_acknowledged]").check()
    number = send(page)
    page.goto("/orders")
    expect(page.locator("main")).to_contain_text(number)
    page.goto("/for-whom")
    page.locator(f"[value='{mother.key}']").check()
    press(page)
    expect(page.locator(".standing")).to_have_count(0)
    page.goto("/orders")
    expect(page.locator("main")).not_to_contain_text(number)


@pytest.mark.mission("S0.8")
def test_draft__is_handed_to_the_office_and_finished_there(stage: Stage) -> None:
    someone = stage.person(language="kk")
    page = stage.at_desk(someone, language="kk", phone=True)
    begin(page, someone.lines["GI-01"])
    fill_in(page, address="Семей, Шәкәрім даңғылы 5")
    form = draft_of(page)
    page.locator("form[action$='/hand'] button").click()
    expect(page).to_have_url(re.compile("/drafts$"))
    clerk = stage.at_desk(OFFICER, language="ru")
    clerk.goto("/office/drafts")
    clerk.locator(f"form[action='/order/form/{form}/take'] button").click()
    clerk.goto(f"/order/form/{form}/check")
    expect(clerk.locator("main")).to_contain_text("Шәкәрім")
    number, _code = agree_by_code(stage, clerk, someone.phone)
    page.goto("/orders")
    expect(page.locator("main")).to_contain_text(number)
    page.goto("/notices")
    expect(page.locator("main ul li").filter(has_text=number)).not_to_have_count(0)


def prints_the_sheet_alone(page: Page) -> None:
    """What is signed, and the lines to sign on: nothing of the screen, on one sheet of paper."""
    page.emulate_media(media="print")
    for kept in (".signed-text", ".signed-sheet"):
        expect(page.locator(f"main {kept}")).to_be_visible()
    for gone in ("main h1", "main form", "main .govuk-summary-list", ".app-footer", ".standing"):
        expect(page.locator(gone).filter(visible=True)).to_have_count(0)
    page.emulate_media(media="screen")


@pytest.mark.mission("S0.7", "S0.8")
def test_draft__begun_at_the_counter_is_handed_back_and_finished_at_home(stage: Stage) -> None:
    someone = stage.person(language="ru")
    clerk = stage.at_desk(OFFICER, language="ru")
    open_file(clerk, someone)
    begin(clerk, someone.lines["GI-01"])
    fill_in(clerk, address="Семей, Шакарима 38")
    form = draft_of(clerk)
    clerk.locator("form[action$='/hand'] button").click()
    expect(clerk).to_have_url(re.compile("/office/drafts"))
    page = stage.at_desk(someone, language="ru", phone=True)
    page.goto("/drafts")
    page.locator(f"form[action='/order/form/{form}/take'] button, a[href='/order/form/{form}']").first.click()
    page.goto(f"/order/form/{form}/check")
    expect(page.locator("main")).to_contain_text("Шакарима 38")
    send(page)
    assert stage.backstage.ask("order_count", person=someone.key) == {"count": 1}


@pytest.mark.mission("S0.4", "S0.9")
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_link_cut_while_typing__keeps_the_words_and_saves_them_when_it_returns(
    stage: Stage, language: Language
) -> None:
    someone = stage.person(language=language)
    page = stage.at_desk(someone, language=language, phone=True)
    to_delivery(page, someone)
    page.context.set_offline(True)
    page.locator("[name=address]").fill("Тарбағатай ауылы, Абай көшесі 14")
    expect(page.locator(STATUS)).to_have_attribute("data-state", "offline")
    page.context.set_offline(False)
    expect(page.locator(STATUS)).to_have_attribute("data-state", "saved")
    page.reload()
    expect(page.locator("[name=address]")).to_have_value("Тарбағатай ауылы, Абай көшесі 14")


@pytest.mark.mission("S0.4", "S0.5", "S0.9")
def test_link_cut_at_submit__the_order_goes_by_itself_and_once(stage: Stage) -> None:
    someone = stage.person(language="kk")
    page = stage.at_desk(someone, language="kk", phone=True)
    begin(page, someone.lines["GI-01"])
    fill_in(page)
    page.locator("[name=consent]").check()
    page.context.set_offline(True)
    press(page, "form[data-queue-submit]")
    expect(page.locator("[data-draft-status], [data-queue-status], [role=status]").first).to_be_visible()
    assert stage.backstage.ask("order_count", person=someone.key) == {"count": 0}
    page.context.set_offline(False)
    expect(page.locator(".receipt__number")).to_be_visible()
    assert stage.backstage.ask("order_count", person=someone.key) == {"count": 1}


@pytest.mark.mission("S0.5")
@pytest.mark.parametrize("script", [True, False])
def test_submit_pressed_five_times__is_one_order(stage: Stage, script: bool) -> None:
    someone = stage.person()
    page = stage.at_desk(someone, language="ru", java_script_enabled=script)
    begin(page, someone.lines["GI-01"])
    fill_in(page)
    page.locator("[name=consent]").check()
    fields = {"consent": page.locator("[name=consent]").get_attribute("value") or "on"}
    fields |= {name: page.locator(f"[name={name}]").input_value() for name in ("seen_person_part", "seen_quantity")}
    token = page.locator("form[data-queue-submit] [name=csrfmiddlewaretoken]").input_value()
    address = f"/order/form/{draft_of(page)}/submit"
    if script:
        page.locator("form[data-queue-submit] button").click(click_count=5, delay=5)
        expect(page).to_have_url(re.compile("/order/done/"))
    for _press in range(5):
        answer = page.request.post(address, form=fields | {"csrfmiddlewaretoken": token}, headers={"Referer": page.url})
        assert answer.ok
        assert "/order/done/" in answer.url
    assert stage.backstage.ask("order_count", person=someone.key) == {"count": 1}


@pytest.mark.mission("S0.4")
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_session_that_ends_in_the_middle__loses_nothing(stage: Stage, language: Language) -> None:
    someone = stage.person(language=language)
    context = stage.browser(language=language, phone=True)
    cookie = stage.sign_in(context, someone)
    page = context.new_page()
    to_delivery(page, someone)
    page.locator("[name=address]").fill("Семей, Интернационал көшесі 7")
    expect(page.locator(STATUS)).to_have_attribute("data-state", "saved")
    here = page.url
    stage.backstage.ask("end_session", cookie=cookie)
    page.reload()
    expect(page).to_have_url(re.compile(r"/sign-in/\?next="))
    page.locator("[name=iin]").fill(someone.iin)
    press(page)
    expect(page).to_have_url(re.compile("/sign-in/code"))
    page.locator("[name=code]").fill(stage.message_to(someone.phone))
    press(page)
    expect(page).to_have_url(here)
    expect(page.locator("[name=address]")).to_have_value("Семей, Интернационал көшесі 7")


@pytest.mark.mission("S0.4")
def test_two_devices_on_one_draft__both_answers_are_shown(stage: Stage) -> None:
    someone = stage.person()
    first, second = stage.at_desk(someone, language="ru"), stage.at_desk(someone, language="ru", phone=True)
    to_delivery(first, someone)
    second.goto(first.url)
    first.locator("[name=address]").fill("Семей, первый адрес 1")
    expect(first.locator(STATUS)).to_have_attribute("data-state", "saved")
    second.locator("[name=address]").fill("Семей, второй адрес 2")
    conflict = second.locator("[data-conflict=address]")
    expect(conflict).to_contain_text("первый адрес 1")
    expect(second.locator("[name=address]")).to_have_value("Семей, второй адрес 2")
    conflict.get_by_role("button").first.click()
    expect(conflict).to_have_count(0)
    kept = second.locator("[name=address]").input_value()
    press(second)
    expect(second).to_have_url(re.compile("/check$"))
    assert stage.backstage.ask("draft_values", key=draft_of(second))["address"] == kept


@pytest.mark.mission("S0.4")
def test_two_devices_without_script__both_answers_are_shown(stage: Stage) -> None:
    someone = stage.person()
    options: dict[str, Any] = {"language": "ru", "java_script_enabled": False}
    first, second = stage.at_desk(someone, **options), stage.at_desk(someone, **options)
    to_delivery(first, someone)
    second.goto(first.url)
    first.locator("[name=address]").fill("Семей, первый адрес 1")
    press(first)
    second.locator("[name=address]").fill("Семей, второй адрес 2")
    press(second)
    expect(second.get_by_role("alert")).to_contain_text("первый адрес 1")
    expect(second.get_by_role("alert")).to_contain_text("второй адрес 2")


def tab_to(page: Page, selector: str) -> None:
    """With the Tab key alone, as far as the element."""
    for _step in range(120):
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"The keyboard does not reach {selector}")


@pytest.mark.mission("S0.25")
def test_keyboard_alone__signs_in_and_orders(stage: Stage) -> None:
    someone = stage.person()
    page = stage.browser(language="kk").new_page()
    page.goto("/sign-in/")
    tab_to(page, "[name=iin]")
    page.keyboard.type(someone.iin)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/sign-in/code"))
    code = stage.message_to(someone.phone)
    tab_to(page, "[name=code]")
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/home$"))
    tab_to(page, f"a[href='/order/{someone.lines['GI-01']}']")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/order/"))
    tab_to(page, ".offer h2 a")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/offers/"))
    tab_to(page, "[name=version]")
    page.keyboard.press("Space")
    tab_to(page, "[name=quantity]")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("10")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/check$"))
    for box in ("[name=consent]", "[name=fit_acknowledged]"):
        if page.locator(box).count():
            tab_to(page, box)
            page.keyboard.press("Space")
    tab_to(page, "form[data-queue-submit] button")
    page.keyboard.press("Enter")
    expect(page.locator(".receipt__number")).to_be_visible()


@pytest.mark.mission("S2.6")
@pytest.mark.parametrize("script", [True, False])
def test_first_sign_in__is_the_registration(stage: Stage, script: bool) -> None:
    someone = stage.person(language="ru", registered=False)
    page = stage.browser(language="ru", phone=True, java_script_enabled=script).new_page()
    sign_in_by_code(stage, page, someone)
    expect(page).to_have_url(re.compile("/welcome"))
    page.goto("/programme")
    expect(page).to_have_url(re.compile(r"/welcome\?next=%2Fprogramme"))
    page.locator("[name=language][value=kk]").check()
    page.locator("[name=no_voice_calls]").check()
    press(page)
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    expect(page.locator("[name=no_voice_calls]")).to_be_checked()
    page.locator("[name=privacy]").check()
    press(page)
    expect(page).to_have_url(re.compile("/programme$"))
    expect(page.locator("html")).to_have_attribute("lang", "kk")
    page.goto("/home")
    expect(page).to_have_url(re.compile("/home$"))


@pytest.mark.mission("S2.6")
def test_sign_in__takes_one_back_to_where_one_wanted_to_go(stage: Stage) -> None:
    someone = stage.person()
    page = stage.browser(language="kk").new_page()
    sign_in_by_code(stage, page, someone, "/orders")
    expect(page).to_have_url(re.compile("/orders$"))


def test_language_switch__keeps_the_page_and_what_is_typed(stage: Stage) -> None:
    someone = stage.person()
    page = stage.at_desk(someone, language="kk")
    to_delivery(page, someone)
    here = page.url
    page.locator("[name=comment]").fill("Қоңырауды екі рет басыңыз")
    page.locator("[hreflang=ru]").click()
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    expect(page).to_have_url(here)
    expect(page.locator("[name=comment]")).to_have_value("Қоңырауды екі рет басыңыз")


def test_standing__says_in_which_role_one_works(stage: Stage) -> None:
    page = stage.at_desk(OFFICER, language="ru")
    page.goto("/office")
    expect(page.locator(".standing")).to_contain_text("Отдел занятости города Семей")
    expect(page.locator(".standing a"), "the one role cannot be switched").to_have_count(0)
