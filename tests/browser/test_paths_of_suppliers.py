"""Offers over time, in Kazakh and in Russian: a document that expires and the next one, a change of a card."""

import re
import secrets
from datetime import timedelta
from io import BytesIO
from urllib.parse import unquote

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from tests.browser.paths import BOTH, act, comes, fill_day, said, shows
from tests.browser.stage import COLLEAGUE, IMPORTER, OFFICER, REGION, Language, Stage, press, send

from tirek.core import clock

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def told_of(page: Page, language: Language, title: str, name: str) -> None:
    """There is a notice with this title about an offer."""
    page.goto("/notices")
    words = said(language, title).replace("{what}", name)
    comes(page, f"main li:has-text('{words}')")


def offered(page: Page, line: str, name: str, *, times: int) -> None:
    """The offer stands so many times among those of an item."""
    page.goto(f"/order/{line}")
    expect(page.locator(".offer h2 a", has_text=name)).to_have_count(times)


@BOTH
def test_expired_document__pauses_the_offer_until_the_supplier_brings_a_new_one(
    stage: Stage, language: Language
) -> None:
    kind, name = {"kk": "TI-15", "ru": "TI-16"}[language], f"Тірек {secrets.token_hex(3)}"
    key = stage.backstage.ask("offer", kind=kind, name=name, price=20_000)["key"]
    someone = stage.person({kind: 1}, measured={}, language=language)
    page = stage.at_desk(someone, language=language, phone=True)
    seller = stage.at_desk(IMPORTER, language=language, phone=True)
    assert stage.backstage.ask("certificate_ends", offer=key, in_days=20) == {"state": "active"}
    told_of(seller, language, "A document expires soon: {what}", name)
    seller.goto(f"/supply/cards/{key}")
    shows(seller, language, "expires soon")
    soon = (
        "A document expires soon. Last day: %(day)s. Add the new one by then, or people will no longer see the offer."
    )
    expect(seller.locator("main")).to_contain_text(said(language, soon).partition("%(day)s")[2])
    offered(page, someone.lines[kind], name, times=1)

    assert stage.backstage.ask("certificate_ends", offer=key, in_days=-1) == {"state": "paused"}
    offered(page, someone.lines[kind], name, times=0)
    told_of(seller, language, "Paused, a document has expired: {what}", name)
    seller.locator("main li a", has_text=name).first.click()
    seller.goto(f"/supply/cards/{key}")
    shows(
        seller,
        language,
        "A document has expired, so people do not see it. Add a valid document: then it is on sale again right away.",
        "expired",
    )
    seller.locator("main a.govuk-button[href$='/documents/new']").click()
    seller.locator("[name=sort][value=certificate]").check(force=True)
    seller.locator("[name=number]").fill("KZ-2")
    fill_day(seller, "issued_on", clock.today())
    fill_day(seller, "valid_until", clock.today() + timedelta(days=365))
    drawn = BytesIO()
    Image.new("RGB", (40, 30), "white").save(drawn, "PNG")
    seller.locator("[name=file]").set_input_files(
        {"name": "paper.png", "mimeType": "image/png", "buffer": drawn.getvalue()}
    )
    press(seller)
    seller.wait_for_url(f"**/supply/cards/{key}")
    shows(seller, language, "The document was added.", "The offer is on sale again.")
    offered(page, someone.lines[kind], name, times=1)

    region = stage.at_desk(REGION, language=language)
    told_of(region, language, "New document of an offer: {what}", name)
    region.goto(f"/office/cards/{key}")
    expect(region.locator("main tr", has_text="KZ-2")).to_have_count(1)


@BOTH
def test_change_of_a_card__is_seen_by_the_commission_and_a_new_price_is_for_new_orders_alone(
    stage: Stage, language: Language
) -> None:
    kind, name = {"kk": "TI-08", "ru": "TI-09"}[language], f"Тірек {secrets.token_hex(3)}"
    made = stage.backstage.ask("offer", kind=kind, name=name, price=10_000)
    before, after = (stage.person({kind: 1}, measured={}, language=language) for _ in range(2))
    page = stage.at_desk(before, language=language, phone=True)
    number = ordered(page, before.lines[kind], name)
    page.goto(f"/orders/{number}")
    expect(page.locator("main")).to_contain_text("10\xa0000\xa0₸")

    seller = stage.at_desk(IMPORTER, language=language)
    seller.goto(f"/supply/cards/{made['key']}/sizes/{made['size']}")
    seller.locator("[name=price]").fill("11500")
    press(seller)
    shows(seller, language, "Check the change", "right away, for new orders")
    expect(seller.locator("main tr", has_text="11\xa0500\xa0₸")).to_contain_text(
        re.compile(r"10.000.₸.*\+15.%", re.DOTALL)
    )
    press(seller, "main form")
    shows(seller, language, "Saved. It holds from now on.")
    seller.goto(f"/supply/cards/{made['key']}/part/terms")
    seller.locator("[name=maker]").fill("Altai")
    press(seller)
    shows(seller, language, "after the admission")
    press(seller, "main form")
    shows(seller, language, "Saved. Send the change for admission when it is complete.")
    seller.locator("main a[href$='/send']").click()
    press(seller)

    region = stage.at_desk(REGION, language=language)
    region.goto(f"/office/cards/{made['key']}")
    region.locator("main a[href*='/office/admissions/']").first.click()
    shows(region, language, "What is changed", "after the admission")
    differ = region.locator("main tr", has_text="Altai").first
    expect(differ).to_contain_text(said(language, "Maker"))
    expect(differ).to_contain_text("Ertis")
    act(region, "pass_on")
    act(region, "admit", {"conclusion_number": "21"}, [("conclusion_on", clock.today())])
    shows(region, language, "It is admitted. We have told the supplier.")

    page.reload()
    expect(page.locator("main")).to_contain_text("10\xa0000\xa0₸")
    expect(page.locator("main")).not_to_contain_text("11\xa0500")
    other = stage.at_desk(after, language=language, phone=True)
    newer = ordered(other, after.lines[kind], name, says="Altai")
    other.goto(f"/orders/{newer}")
    expect(other.locator("main")).to_contain_text("11\xa0500\xa0₸")


def ordered(page: Page, line: str, name: str, *, says: str = "Ertis") -> str:
    """One of these goods, with what the offer says; the number of the order."""
    page.goto(f"/order/{line}")
    page.locator(".offer h2 a", has_text=name).first.click()
    expect(page.locator("main")).to_contain_text(says)
    for size in page.get_by_role("radio").all()[:1]:
        size.check()
    press(page)
    page.wait_for_url(re.compile("/(size|check)$"))
    if page.url.endswith("/size"):
        press(page)
        page.wait_for_url("**/check")
    return send(page)


@BOTH
def test_payment__is_followed_from_the_receipt_to_the_payment_order(stage: Stage, language: Language) -> None:
    someone = stage.person(language=language)
    asked = {"person": someone.key, "kind": "GI-01", "label": "M", "quantity": 30, "until": "received"}
    number = stage.backstage.ask("order", **asked)["number"]
    seller = stage.at_desk(IMPORTER, language=language)
    seller.goto(f"/supply/orders/{number}")
    # the claim is made beside the receipt
    comes(seller, "main a[href^='/supply/claims/']")
    seller.locator("main a[href^='/supply/claims/']").first.click()
    claim = unquote(seller.url.partition("?")[0].rpartition("/")[2])
    act(seller, "submit", {"invoice_number": f"ESF-{claim[-4:]}"}, [("invoice_on", clock.today())])
    shows(seller, language, "Sent. The last day of the payment is on the page.")

    first, second = stage.at_desk(OFFICER, language=language), stage.at_desk(COLLEAGUE, language=language)
    first.goto(f"/office/payments/{claim}")
    act(first, "verify")
    shows(first, language, "Checked. Another officer records the payment.")
    expect(first.locator("form[action$='/pay']")).to_have_count(0)
    second.goto(f"/office/payments/{claim}")
    act(second, "pay", {"payment_number": f"PO-{claim[-4:]}"}, [("paid_on", clock.today())])
    shows(second, language, "Recorded. The supplier has been told.")
    seller.goto(f"/supply/claims/{claim}")
    expect(seller.locator("main")).to_contain_text(f"PO-{claim[-4:]}")
    seller.goto("/notices")
    expect(seller.locator("main li", has_text=claim)).not_to_have_count(0)
