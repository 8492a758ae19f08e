"""Orders that come to nothing, as people walk them on a phone: declined, cancelled, late, not paid, refused. Each ends
at another choice, with what was typed before and the whole entitlement.
"""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect
from tests.browser.paths import BOTH, act, said, shows
from tests.browser.stage import IMPORTER, OFFICER, WORKSHOP, Language, Someone, Stage, press, send
from tests.browser.test_other_ways import confirmed, door_code, handed_over

from tirek.core import clock
from tirek.core.case.deadlines import add_months

pytestmark = [pytest.mark.browser, pytest.mark.slow]
STREET = {"kk": "Семей, Шәкәрім даңғылы 5", "ru": "Семей, проспект Шакарима 5"}
COURIER = {"kk": "Лифт жоқ, екі рет қоңырау шалыңыз", "ru": "Лифта нет, звоните дважды"}


def typed(page: Page, someone: Someone, language: Language) -> str:
    """A whole order by hand: 45 of the importer's diapers to an address with words for the courier; its number."""
    page.goto(f"/order/{someone.lines['GI-01']}")
    pick(page, "Жайлы", quantity="45")
    page.wait_for_url(re.compile("/(delivery|check)"))
    if page.url.endswith("/check"):
        page.locator("a[href$='/delivery?from=check']").click()
    page.locator("[name=address]").fill(STREET[language])
    page.locator("[name=comment]").fill(COURIER[language])
    press(page)
    page.wait_for_url("**/check")
    return send(page)


def pick(page: Page, offer: str, *, quantity: str = "") -> None:
    """From the offers into the form; without a quantity as many as stand there."""
    page.locator(".offer h2 a", has_text=offer).first.click()
    page.get_by_role("radio", name=re.compile(r"^M\b")).check()
    if quantity:
        page.locator("[name=quantity]").fill(quantity)
    press(page)


def chosen_again(page: Page, language: Language, offer: str) -> str:
    """From the page of an order that came to nothing to the next one: choose, look, send; nothing is typed anew."""
    page.locator("main a.govuk-button[href^='/order/']").click()
    shows(page, language, "Narrow or sort the offers")
    page.locator(".offer h2 a", has_text=offer).first.click()
    expect(page.locator("[name=quantity]")).to_have_value("45")
    page.get_by_role("radio", name=re.compile(r"^M\b")).check()
    press(page)
    # straight to the check page: all is known
    expect(page).to_have_url(re.compile("/check$"))
    for kept in (STREET[language], COURIER[language]):
        expect(page.locator("main")).to_contain_text(kept)
    return send(page)


def left(page: Page, someone: Someone, count: int) -> None:
    """So many of the quarter are left to order."""
    page.goto(f"/programme/{someone.lines['GI-01']}")
    expect(page.locator("main")).to_contain_text(re.compile(rf"\b{count}\b"))


@BOTH
def test_declined_and_cancelled_order__is_chosen_again_with_what_was_typed(stage: Stage, language: Language) -> None:
    someone = stage.person(language=language)
    page = stage.at_desk(someone, language=language, phone=True)
    declined = typed(page, someone, language)
    seller, why = stage.at_desk(IMPORTER, language=language), f"{STREET[language]}?"
    seller.goto(f"/supply/orders/{declined}")
    seller.locator("main a[href$='/decline']").click()
    shows(seller, language, "Decline this order?", "Why do you decline?")
    seller.locator("[name=decline-reason][value=place]").check(force=True)
    seller.locator("[name=decline-note]").fill(why)
    press(seller)
    shows(seller, language, "The order is declined. The person has been told and can choose again.")

    page.goto("/notices")
    page.locator("main li a", has_text=declined).first.click()
    page.locator("main a.govuk-button").click()
    shows(page, language, "This order has ended. You can choose another offer now.")
    # why, above the way on
    told = page.locator(".next-step ~ p").first
    expect(told).to_contain_text(said(language, "does not deliver there"))
    expect(told).to_contain_text(why)
    second = chosen_again(page, language, "Ертіс")
    assert second != declined

    page.goto(f"/orders/{second}/cancel")
    shows(page, language, "We tell the supplier. You keep your full entitlement and can order again now.")
    press(page)
    shows(page, language, "The order was cancelled. You can order again now.")
    other = stage.at_desk(WORKSHOP, language=language)
    other.goto(f"/supply/orders/{second}")
    shows(other, language, "Nothing more: this order has ended.")
    expect(other.locator("main")).not_to_contain_text(STREET[language])
    third = chosen_again(page, language, "Жайлы")
    seller.goto(f"/supply/orders/{third}")
    expect(seller.locator("main")).to_contain_text(STREET[language])
    assert stage.backstage.ask("orders_of", person=someone.key) == {
        declined: "declined",
        second: "cancelled",
        third: "submitted",
    }
    left(page, someone, 320)


def submitted(stage: Stage, someone: Someone, until: str = "submitted", *, quantity: int = 45) -> str:
    """An order of the importer's diapers that has come as far as that; its number."""
    asked = {"person": someone.key, "kind": "GI-01", "label": "M", "quantity": quantity}
    return str(stage.backstage.ask("order", **asked, until=until)["number"])


@BOTH
def test_late_order__may_be_left_at_any_moment_and_is_chosen_again(stage: Stage, language: Language) -> None:
    someone = stage.person(language=language)
    page = stage.at_desk(someone, language=language, phone=True)
    number = typed(page, someone, language)
    stage.backstage.ask("carry", number=number, until="accepted")
    assert stage.backstage.ask("term_passes", number=number) == {"state": "accepted"}
    page.goto("/notices")
    page.locator("main li a", has_text=number).first.click()
    page.locator("main a.govuk-button").click()
    shows(
        page,
        language,
        "The promised day has passed. Wait for the order, or cancel it without giving a reason. "
        "The office asks the supplier.",
    )
    seller, officer = stage.at_desk(IMPORTER, language=language), stage.at_desk(OFFICER, language=language)
    seller.goto(f"/supply/orders/{number}")
    shows(
        seller,
        language,
        "The promised day has passed. Bring the order now: the recipient may cancel it at any moment.",
    )
    officer.goto(f"/office/orders?number={number}")
    expect(officer.locator("main tr", has_text=number)).to_be_visible()

    page.locator("main a.govuk-button[href$='/cancel']").click()
    shows(page, language, "Cancel this order?")
    press(page)
    shows(page, language, "The order was cancelled. You can order again now.")
    second = chosen_again(page, language, "Ертіс")
    assert stage.backstage.ask("orders_of", person=someone.key) == {number: "cancelled", second: "submitted"}
    seller.reload()
    shows(seller, language, "Nothing more: this order has ended.")
    left(page, someone, 320)


@BOTH
def test_monthly_supply__comes_in_deliveries_that_are_signed_one_by_one(stage: Stage, language: Language) -> None:
    someone = stage.person(language=language)
    page = stage.at_desk(someone, language=language, phone=True)
    page.goto(f"/order/{someone.lines['GI-01']}")
    pick(page, "Жайлы", quantity="90")
    page.wait_for_url(re.compile("/(delivery|check)"))
    if page.url.endswith("/check"):
        page.locator("a[href$='/delivery?from=check']").click()
    shows(page, language, "When do you want the goods?")
    page.locator("[name=parts][value='3']").check(force=True)
    press(page)
    page.wait_for_url("**/check")
    monthly = said(language, "In %(n)s parts, one a month") % {"n": 3}
    expect(page.locator("main")).to_contain_text(monthly)
    number = send(page)
    stage.backstage.ask("carry", number=number, until="accepted")
    seller = stage.at_desk(IMPORTER, language=language)
    code, codes, first_day = "", set(), clock.today() + timedelta(days=2)
    for n in (1, 2, 3):
        told = door_code(page, number)
        codes.add(told)
        expect(page.locator("main")).to_contain_text(monthly)
        # a month later for each that has come
        expect(page.locator(".next-step time")).to_have_attribute("datetime", months_later(first_day, n - 1))
        handed_over(seller, number, told)
        page.goto(f"/orders/{number}")
        expect(page.locator("main")).to_contain_text(re.compile(r"\b30\b"))
        code = confirmed(stage, page, someone, number, after=code)
        left_to_come = page.locator("main", has_text=re.compile(r"\b60\b" if n == 1 else r"\b30\b"))
        expect(left_to_come).to_have_count(1)
    assert len(codes) == 3
    assert stage.backstage.ask("orders_of", person=someone.key) == {number: "received"}
    shows(page, language, "Nothing more: the order is complete.")
    left(page, someone, 275)


def months_later(day: date, months: int) -> str:
    return add_months(day, months).isoformat()


@BOTH
def test_refused_goods__are_taken_back_and_chosen_again(stage: Stage, language: Language) -> None:
    someone = stage.person(language=language)
    number = submitted(stage, someone, "handed_over")
    reason, words = {
        "kk": ("wrong_item", "a wrong item was brought"),
        "ru": ("does_not_fit", "it is as described but does not fit"),
    }[language]
    page = stage.at_desk(someone, language=language, phone=True)
    page.goto(f"/orders/{number}")
    page.locator("main a[href$='/refuse']").click()
    shows(page, language, "Refuse the goods", "What is wrong?", words)
    expect(page.locator("[name=refuse-reason]")).to_have_count(9)
    page.locator(f"[name=refuse-reason][value={reason}]").check(force=True)
    press(page)
    expect(page).to_have_url(re.compile(r"/orders/[^/]+$"))
    shows(page, language, words)

    seller = stage.at_desk(IMPORTER, language=language)
    seller.goto(f"/supply/orders/{number}")
    shows(seller, language, words)
    seller.locator("main a[href$='/take_back']").click()
    shows(seller, language, "Take the goods back?")
    press(seller)
    shows(seller, language, "The goods are taken back. The person can order the item again.")
    page.goto("/notices")
    page.locator("main li a", has_text=number).first.click()
    page.locator("main a.govuk-button").click()
    shows(page, language, "This order has ended. You can use the entitlement again.")
    expect(page.locator(".next-step ~ p").first).to_have_text(said(language, "The supplier took the goods back."))
    page.locator("main a.govuk-button[href^='/order/']").click()
    shows(page, language, "Narrow or sort the offers")
    assert stage.backstage.ask("orders_of", person=someone.key) == {number: "cancelled"}
    left(page, someone, 365)


@BOTH
def test_payment_of_ones_own__is_awaited_recorded_and_without_it_the_order_ends(
    stage: Stage, language: Language
) -> None:
    someone = stage.person(language=language)
    page = stage.at_desk(someone, language=language, phone=True)
    paid = own_part(page, someone)
    unpaid = own_part(page, someone)
    seller = stage.at_desk(WORKSHOP, language=language)
    for number in (paid, unpaid):
        seller.goto(f"/supply/orders/{number}")
        act(seller, "accept", days=[("ready_on", clock.today() + timedelta(days=2))])
        page.goto(f"/orders/{number}")
        shows(page, language, "Pay the top-up to the supplier. The supplier then records the receipt here.")
        expect(page.locator("main .govuk-inset-text")).to_contain_text("300")
        expect(page.locator(".door-code__digits")).to_have_count(0)
    seller.goto(f"/supply/orders/{paid}")
    act(seller, "record_top_up", {"receipt": "ФЧ-7001"})
    page.goto(f"/orders/{paid}")
    shows(page, language, "The supplier recorded the payment.")
    expect(page.locator("main")).to_contain_text("ФЧ-7001")
    expect(page.locator(".door-code__digits")).to_be_visible()

    stage.backstage.ask("term_passes", number=unpaid)
    page.goto(f"/orders/{unpaid}")
    shows(page, language, "This order has ended. You can use the entitlement again.")
    expect(page.locator(".next-step ~ p").first).to_have_text(
        said(language, "The payment did not come in time. The order was cancelled.")
    )
    expect(page.locator("main a.govuk-button[href^='/order/']")).to_be_visible()
    seller.goto(f"/supply/orders/{unpaid}")
    expect(seller.locator("form[action$='/record_top_up']")).to_have_count(0)
    assert stage.backstage.ask("orders_of", person=someone.key) == {paid: "accepted", unpaid: "cancelled"}
    left(page, someone, 355)


def own_part(page: Page, someone: Someone) -> str:
    """Ten of the workshop's diapers, for each of which the person pays; the number of the order."""
    page.goto(f"/order/{someone.lines['GI-01']}")
    pick(page, "Ертіс", quantity="10")
    page.wait_for_url("**/check")
    return send(page)
