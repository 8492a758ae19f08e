"""The other paths through the system, each walked from its beginning to its end on a phone and at a desk, in Kazakh and
in Russian.
"""

import re
import secrets
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from tests.browser.paths import BOTH, act, comes, fill_day, said, shows
from tests.browser.stage import COLLEAGUE, IMPORTER, OFFICER, REGION, Language, Stage, press
from tests.suppliers.joining import a_bin

from tirek.core import clock

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.mission("S2.13")
@BOTH
def test_fitting__is_arranged_held_and_checked_by_the_person(stage: Stage, language: Language) -> None:
    someone = stage.person({"PO-13": 1}, measured={"height_cm": 168}, language=language)
    number = stage.backstage.ask("order", person=someone.key, kind="PO-13", label="M", quantity=1, until="accepted")[
        "number"
    ]
    seller = stage.at_desk(IMPORTER, language=language)
    seller.goto(f"/supply/orders/{number}")
    shows(seller, language, "Name times of the fitting")
    soon, later = clock.today() + timedelta(days=2), clock.today() + timedelta(days=3)
    times = {"hour_1": "10:30", "place_1": "supplier", "hour_2": "15:00", "place_2": "home"}
    where = {"address": "Семей, Абай көшесі 5", "access": "Пандус, 95 см"}
    act(seller, "propose_times", times | where, [("day_1", soon), ("day_2", later)])

    page = stage.at_desk(someone, language=language, phone=True)
    page.goto(f"/orders/{number}")
    shows(page, language, "Choose a time of the fitting", "at the recipient's home")
    expect(page.locator("main")).to_contain_text("Пандус, 95 см")
    act(page, "choose_time", {"choice": "1-1"})
    shows(page, language, "The fitting is arranged. The supplier has been told.")

    stage.backstage.ask("fitting_comes", number=number)
    seller.goto(f"/supply/orders/{number}")
    shows(seller, language, "The fitting was held")
    sizes = seller.locator("form[action$='/hold_fitting'] input[inputmode=decimal]")
    for size in sizes.all():
        size.fill(size.input_value() or "40")
    assert sizes.count()
    act(seller, "hold_fitting")
    page.goto(f"/orders/{number}")
    shows(page, language, "Are the measurements right?")
    act(page, "check_measurements")
    shows(page, language, "Thank you. The supplier now makes the goods by these numbers.")
    seller.goto(f"/supply/orders/{number}")
    expect(seller.locator("form[action$='/hand_over']")).to_be_attached()


@BOTH
def test_dispute__is_decided_by_the_commission_and_recorded_by_another_officer(
    stage: Stage, language: Language
) -> None:
    someone = stage.person(language=language)
    asked = {"person": someone.key, "kind": "GI-01", "label": "M", "quantity": 30}
    number = stage.backstage.ask("order", **asked, until="handed_over", officer=OFFICER)["number"]
    page = stage.at_desk(someone, language=language, phone=True)
    page.goto(f"/orders/{number}/refuse")
    shows(page, language, "What is wrong?")
    page.locator("[name=refuse-reason][value=defect]").check()
    press(page)
    expect(page).to_have_url(re.compile(r"/orders/[^/]+$"))

    why = {"kk": "Қорап ашылмаған", "ru": "Упаковка цела"}[language]
    seller = stage.at_desk(IMPORTER, language=language)
    seller.goto(f"/supply/orders/{number}/dispute")
    shows(seller, language, "Disagree with the refusal")
    seller.locator("[name=dispute-words]").fill(why)
    press(seller)
    expect(seller).to_have_url(re.compile(r"/supply/orders/[^/]+$"))
    page.goto(f"/orders/{number}")
    expect(page.locator("main")).to_contain_text(why)

    conclusion = {"decision": "for_person", "number": "К-17", "reasons": why}
    first, second = stage.at_desk(OFFICER, language=language), stage.at_desk(COLLEAGUE, language=language)
    for officer in (first, second):
        officer.goto(f"/office/orders/{number}")
        shows(officer, language, "Record the commission's conclusion", "What has the commission decided?")
        for name, value in conclusion.items():
            field = officer.locator(f"[name=decide_dispute-{name}]")
            if name == "decision":
                officer.locator(f"[name=decide_dispute-{name}][value={value}]").check()
            else:
                field.fill(value)
        fill_day(officer, "decide_dispute-day", clock.today())
        with officer.expect_navigation():
            officer.locator("form[action$='/decide_dispute'] button").click()
    expect(first.locator(".govuk-error-summary")).to_contain_text(
        said(language, "Another officer records the conclusion: you entered this order yourself.")
    )
    shows(second, language, "The conclusion was recorded. Both sides have been told.")
    page.goto(f"/orders/{number}")
    expect(page.locator("main")).to_contain_text("К-17")
    page.goto(f"/programme/{someone.lines['GI-01']}")
    # nothing of the quarter is taken
    expect(page.locator("main")).to_contain_text(re.compile(r"\b365\b"))


@BOTH
def test_purchase__goes_from_the_need_to_the_things_of_the_person(stage: Stage, language: Language) -> None:
    # a kind of its own: a lot takes all that wait for it
    kind = {"kk": "PO-03", "ru": "PO-06"}[language]
    someone = stage.person({kind: 1}, language=language)
    number = stage.backstage.ask("purchase", person=someone.key, kind=kind, is_fitted=False)["number"]
    page = stage.at_desk(someone, language=language, phone=True)
    page.goto(f"/purchases/{number}")
    shows(page, language, "Waits since")

    region = stage.at_desk(REGION, language=language)
    region.goto(f"/office/purchases-needed/{kind}")
    shows(region, language, "New lot", "How many purchases go into the lot?")
    region.locator("[name=announcement]").fill("17-Т")
    region.locator("[name=planned]").fill("900000")
    fill_day(region, "announced_on", clock.today())
    press(region)
    expect(region).to_have_url(re.compile(r"/office/lots/[^/]+$"))
    shows(region, language, "The lot is announced. We tell each recipient.")
    contract = {"supplier_bin": a_bin(), "supplier_name": "ЖШС «Орто»", "supplier_phone": "+77222000013"}
    goods = {"number": "26-9", "price": "450000", "maker": "Орто", "model": "О-26", "warranty_months": "12"}
    days = [("concluded_on", clock.today()), ("deliver_until", clock.today() + timedelta(days=60))]
    act(region, "conclude", contract | goods, days)
    shows(region, language, "Recorded. The purchases of the lot follow, and we tell each recipient once.")

    officer = stage.at_desk(OFFICER, language=language)
    officer.goto(f"/office/purchases/{number}")
    comes(officer, "form[action$='/propose_times']")
    times = {"hour_1": "11:00", "place_1": "home"}
    act(officer, "propose_times", times, [("day_1", clock.today() + timedelta(days=2))])
    page.reload()
    shows(page, language, "Choose a time of the fitting")
    act(page, "choose_time", {"choice": "1-0"})
    stage.backstage.ask("fitting_comes", number=number)
    officer.reload()
    act(officer, "hold_fitting", {"note": "Сол аяқ / левая нога"})
    act(officer, "hand_over", {"is_shown": "on"})
    shows(officer, language, "Recorded. The recipient is asked to sign the receipt.")

    page.goto(f"/purchases/{number}/receive")
    press(page)
    page.locator("[name=code]").fill(stage.message_to(someone.phone))
    press(page, "form:has([name=code])")
    expect(page).to_have_url(re.compile(r"/purchases/[^/]+$"))
    page.goto("/my-things")
    shows(page, language, "My things")
    expect(page.locator("main")).to_contain_text("О-26")


@BOTH
def test_spare_part__is_found_by_the_serial_number_and_comes(stage: Stage, language: Language) -> None:
    serial, article = f"JR{secrets.token_hex(4)}".upper(), f"P-{secrets.token_hex(4)}".upper()
    someone = stage.person({"SU-05": 1}, language=language)
    asked = {"person": someone.key, "kind": "SU-05", "label": "JR-2", "quantity": 1}
    stage.backstage.ask("order", **asked, until="received", numbers=serial)
    stage.backstage.ask("part", article=article, kind="SU-05")
    page = stage.at_desk(someone, language=language, phone=True)
    page.goto("/my-things/find")
    page.locator("main [name=number]").fill("nothing")
    press(page, "main form[role=search]")
    shows(page, language, "Nothing has this number")
    page.locator("main [name=number]").fill(serial.lower())
    press(page, "main form[role=search]")
    # the one thing with the number: straight to its parts
    page.wait_for_url("**/parts")
    shows(page, language, "Spare parts and accessories")
    press_of = page.locator("main h2", has_text=article).locator("~ form[action='/part-orders/begin'] button")
    press_of.first.click()
    page.wait_for_url("**/how")
    shows(page, language, "How many, and where to?")
    press(page)
    page.wait_for_url("**/check")
    press(page)
    page.wait_for_url(re.compile(r"/part-orders/[^/]+$"))
    shows(page, language, "The part was ordered. The supplier has been told and answers here.")

    seller = stage.at_desk(IMPORTER, language=language)
    seller.goto(f"/supply{page.url.removeprefix(stage.url)}")
    expect(seller.locator("main")).to_contain_text(serial)
    act(seller, "accept", days=[("ready_on", clock.today() + timedelta(days=2))])
    shows(seller, language, "Promised. The recipient has been told.")
    act(seller, "send")
    page.reload()
    act(page, "confirm")
    shows(page, language, "Thank you. The order of the part is complete.")


@BOTH
def test_prepared_order__is_taken_by_one_press(stage: Stage, language: Language) -> None:
    someone = stage.person(language=language)
    stage.backstage.ask("order", person=someone.key, kind="GI-01", label="M", quantity=30, until="received")
    line = stage.backstage.ask("renewed", person=someone.key, kind="GI-01", quantity=1460)["line"]
    key = stage.backstage.ask("prepared", line=line)["key"]
    page = stage.at_desk(someone, language=language, phone=True)
    page.goto("/home")
    page.locator(f"main a[href='/prepared/{key}']").first.click()
    shows(page, language, "Prepared order", "By the button you agree:", "Order this")
    page.locator(f"form[action='/prepared/{key}/order'] button").click()
    expect(page).to_have_url(re.compile("/order/done/"))
    number = page.locator(".receipt__number").inner_text()
    assert stage.backstage.ask("order_count", person=someone.key) == {"count": 2}
    page.goto(f"/prepared/{key}")
    expect(page.locator("main")).to_contain_text(number)
    expect(page.locator(f"form[action='/prepared/{key}/order']")).to_have_count(0)


@BOTH
def test_need_that_nobody_offers__is_seen_at_the_office_and_by_suppliers(stage: Stage, language: Language) -> None:
    low = {"kk": 200, "ru": 220}[language]
    # suppliers are told of no fewer than five people
    stage.backstage.ask("needs", kind="GI-01", span="waist_cm", measured=low, people=4)
    words = {"kk": "Үлкен өлшем керек", "ru": "Нужен большой размер"}[language]
    someone = stage.person(language=language)
    page = stage.at_desk(someone, language=language, phone=True)
    page.goto(f"/order/{someone.lines['GI-01']}")
    page.locator("main details > summary").first.click()
    page.locator("[name=p-waist_cm]").fill(str(low))
    page.locator("main form[role=search] button").click()
    shows(page, language, "No offer is like that")
    page.locator("main a[href*='/need?']").click()
    shows(page, language, "I cannot find what I need", "Looked for with these conditions:")
    expect(page.locator("main li", has_text=str(low))).to_have_count(1)
    page.locator("[name=words]").fill(words)
    press(page)
    shows(page, language, "The department sees what is needed; suppliers see how many people need it.")

    officer = stage.at_desk(OFFICER, language=language)
    officer.goto("/demand")
    shows(officer, language, "Not offered as it is needed")
    mine = officer.locator("main tr", has=officer.locator(f"a[href*='{someone.key}']"))
    expect(mine).to_contain_text(words)
    expect(mine).to_contain_text(str(low))
    seller = stage.at_desk(IMPORTER, language=language)
    seller.goto("/demand")
    shows(seller, language, "Not offered as it is needed")
    expect(seller.locator("main tr", has_text=str(low))).to_have_count(1)
    expect(seller.locator("main")).not_to_contain_text(words)


@pytest.mark.mission("S0.13")
@BOTH
def test_offers__are_narrowed_in_the_address_widened_one_by_one_and_compared(stage: Stage, language: Language) -> None:
    someone = stage.person({"SM-02": 1}, measured={}, language=language)
    page = stage.at_desk(someone, language=language, phone=True)
    page.goto(f"/order/{someone.lines['SM-02']}")
    every = page.locator(".offer").count()
    page.locator("main details > summary").first.click()
    page.locator("[name=p-seat_width_cm_from]").fill("41")
    page.locator("[name=p-seat_width_cm_to]").fill("46")
    page.locator("[name=only][value=stock]").check(force=True)
    page.locator("main form[role=search] button").click()
    expect(page).to_have_url(re.compile("p-seat_width_cm_from=41.*p-seat_width_cm_to=46"))
    shows(page, language, "what can be had now", "Narrow or sort the offers")
    narrowed = page.locator(".offer").count()
    assert 0 < narrowed < every
    page.reload()
    expect(page.locator(".offer")).to_have_count(narrowed)
    conditions = page.locator(".saved-filters a")
    expect(conditions).to_have_count(2)
    conditions.filter(has_text="41").click()
    expect(page).not_to_have_url(re.compile("p-seat_width_cm_from"))
    expect(conditions).to_have_count(1)
    conditions.click()
    expect(page.locator(".offer")).to_have_count(every)

    for box in page.locator("[name=offer]").all()[:2]:
        box.check(force=True)
    page.locator("form[action$=compare] button").click()
    page.wait_for_url("**/compare?**")
    shows(page, language, "Side by side", "Choose this")
    rows = page.locator("main tbody tr")
    all_rows = rows.count()
    page.locator("main a[href$='differences=1']").click()
    shows(page, language, "Show all rows")
    assert 0 < rows.count() < all_rows


@BOTH
def test_next_one_earlier__is_asked_for_proposed_and_signed_by_a_second_officer(
    stage: Stage, language: Language
) -> None:
    # a kind of its own: a lot takes all that wait for it
    kind = {"kk": "SU-02", "ru": "SU-03"}[language]
    someone = stage.person({kind: 1}, language=language)
    line = someone.lines[kind]
    bought = stage.backstage.ask("purchase", person=someone.key, kind=kind, is_fitted=True)["number"]
    stage.backstage.ask("receive_purchase", number=bought)
    why = {"kk": "Сынды, жөндеуге келмейді", "ru": "Сломался, ремонту не подлежит"}[language]
    page = stage.at_desk(someone, language=language, phone=True)
    page.goto(f"/programme/{line}")
    page.locator("form[action='/corrections/begin'] button").last.click()
    page.wait_for_url("**/answers")
    shows(page, language, "What is wrong?")
    page.locator("[name=wrong][value=earlier]").check(force=True)
    page.locator("[name=words]").fill(why)
    press(page)
    page.wait_for_url("**/check")
    press(page)
    page.wait_for_url("**/corrections/done/*")
    request = page.url.rpartition("/")[2]

    proposed = correction_of(stage, request, language, why)
    second = stage.at_desk(OFFICER, language=language)
    second.goto(proposed)
    shows(second, language, "Sign: it is right")
    expect(second.locator("main")).to_contain_text(why)
    act(second, "sign")
    shows(second, language, "Signed. It is now in the record, and we have told the person.")

    page.goto(f"/corrections/{request}")
    expect(page.locator("main")).to_contain_text(why)
    shows(page, language, "signed", "Early replacement")


def correction_of(stage: Stage, request: str, language: Language, why: str) -> str:
    """An officer proposes what was asked for, and cannot sign it; the address of the correction."""
    first = stage.at_desk(COLLEAGUE, language=language)
    first.goto(f"/office/requests/{request}")
    expect(first.locator("main")).to_contain_text(why)
    press(first, "main form[action$='/begin']")
    first.wait_for_url("**/office/corrections/form/*/answers")
    first.locator("[name=earlier]").check(force=True)
    first.locator("[name=reason]").fill(why)
    first.locator("[name=document]").fill("№ 12")
    press(first)
    first.wait_for_url("**/check")
    shows(first, language, "Early replacement")
    press(first)
    first.wait_for_url(re.compile(r"/office/corrections/[^/]+$"))
    expect(first.locator("form[action$='/sign']")).to_have_count(0)
    return first.url
