"""What becomes of what runs when something turns: the time to order passes, a message does not arrive, a child comes of
age, somebody dies, the employer has to pay; in Kazakh and in Russian.
"""

import re
from datetime import date

import pytest
from dateutil.relativedelta import relativedelta
from playwright.sync_api import Page, expect
from tests.browser.paths import BOTH, act, comes, fill_day, said, shows
from tests.browser.stage import ADMIN, COLLEAGUE, IMPORTER, OFFICER, Language, Someone, Stage, press
from tests.browser.test_stories import open_file

from tirek.core import clock

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MOTHER = "1980-04-12"
#: What a notice says where a newer programme has ended something.
ENDED = (
    "What the earlier programme gave and this one does not has ended: %(ended)s. If this one leaves it out by mistake, "
    "ask for a correction."
)


@BOTH
def test_time_to_order_that_has_passed__is_given_anew_by_the_officer(stage: Stage, language: Language) -> None:
    someone = stage.person(language=language)
    line, why = someone.lines["GI-01"], {"kk": "Ауруханада болды", "ru": "Лежала в больнице"}[language]
    assert stage.backstage.ask("ordering_term_passes", line=line) == {"state": "not_ordered"}
    page = stage.at_desk(someone, language=language, phone=True)
    page.goto("/notices")
    page.locator("main li a").first.click()
    page.goto(f"/programme/{line}")
    shows(page, language, "Ask for more time to order")
    expect(page.locator(f"main a[href='/order/{line}']")).to_have_count(0)

    officer = stage.at_desk(OFFICER, language=language)
    open_file(officer, someone)
    officer.locator(f"main a[href='/office/lines/{line}']").first.click()
    officer.locator("main a[href^='/office/terms/']").first.click()
    shows(officer, language, "The last day to order has passed.", "Give more time to order")
    act(officer, "record_call", {"result": "will_order"})
    shows(officer, language, "The call was recorded. The task is done.")
    act(officer, "reopen", {"reason": why})
    shows(officer, language, "There is more time to order. We have told the person.")
    expect(officer.locator("main")).to_contain_text(why)

    page.goto("/notices")
    page.locator("main li a").first.click()
    page.goto(f"/programme/{line}")
    expect(page.locator("main")).not_to_contain_text(said(language, "Ask for more time to order"))
    page.locator(f"main a[href='/order/{line}']").first.click()
    shows(page, language, "Narrow or sort the offers")
    expect(page.locator(".offer")).not_to_have_count(0)


@BOTH
def test_message_that_was_not_sent__goes_once_more_to_the_present_phone(stage: Stage, language: Language) -> None:
    someone = stage.person(language=language)
    # a notice of its own: both languages may be walked at once
    until, template = {"kk": ("accepted", "order.accepted"), "ru": ("handed_over", "order.handed_over")}[language]
    asked = {"person": someone.key, "kind": "GI-01", "label": "M", "quantity": 30}
    number = stage.backstage.ask("order", **asked, until=until)["number"]
    failed = stage.backstage.ask("message_fails", user=someone.user)
    assert failed == {"address": someone.phone, "template": template}
    admin = stage.at_desk(ADMIN, language=language)
    admin.goto("/notices/undelivered")
    shows(
        admin,
        language,
        "The provider refuses it: the phone or e-mail may be wrong.",
        "What is sent once more goes to the phone or e-mail that is on file now.",
    )
    row = admin.locator("main tr", has=admin.locator(f"a[href$='/{template}']"))
    expect(row).to_have_count(1)

    officer, phone = stage.at_desk(OFFICER, language=language), f"+7707{someone.phone[-7:]}"
    officer.goto("/counter/phone")
    officer.locator("[name=iin]").fill(someone.iin)
    officer.locator("[name=phone]").fill(phone)
    officer.locator("[name=checked]").check(force=True)
    press(officer)
    row.locator("form[action$='/again'] button").click()
    shows(admin, language, "The message goes out once more, to the phone or e-mail that is on file now.")
    expect(row).to_have_count(0)
    sent = stage.browser(language=language).new_page()
    sent.goto("/notices/sent")
    told = f".govuk-summary-card:has-text('{phone}'):has-text('{number}')"
    comes(sent, told)
    expect(sent.locator(told)).to_have_count(1)


def child_of(stage: Stage, mother: Someone, language: Language, born: date, *, days_ago: int = 0) -> Someone:
    """A child without a phone, for whom the mother acts."""
    child = stage.person(language=language, born=born.isoformat(), spread=1, has_phone=False, registered=False)
    stage.backstage.ask("representative", of=child.key, by=mother.key, days_ago=days_ago)
    return child


@BOTH
def test_child_that_comes_of_age__is_asked_for_by_the_office_and_the_mother_still_follows(
    stage: Stage, language: Language
) -> None:
    mother, today = stage.person({}, measured={}, born=MOTHER, language=language), clock.today()
    child = child_of(stage, mother, language, today - relativedelta(years=18), days_ago=2)
    told = {"child": child.key, "parent": mother.key, "kind": "GI-01", "label": "M", "quantity": 30}
    number = stage.backstage.ask("parents_order", **told)["number"]
    stage.backstage.ask("birthdays")
    stage.backstage.ask("carry", number=number, until="accepted")

    page = stage.at_desk(mother, language=language, phone=True)
    page.goto("/for-whom")
    expect(page.locator(f"[value='{child.key}']")).to_have_count(0)
    page.goto("/notices")
    page.locator("main li a", has_text=number).first.click()
    page.locator("main a.govuk-button").click()
    shows(page, language, "The order goes on. The office asks who acts now that the recipient is of age.")
    expect(page.locator(".door-code__digits")).to_be_visible()
    expect(page.locator("main a[href$='/cancel']")).to_have_count(0)

    officer = stage.at_desk(OFFICER, language=language)
    officer.goto(f"/office/orders/{number}")
    shows(officer, language, "came of age: who acts now?")
    act(officer, "let_go_on")
    shows(officer, language, "The order goes on.")
    page.reload()
    shows(page, language, "The supplier prepares the order and brings it.")
    assert stage.backstage.ask("orders_of", person=child.key) == {number: "accepted"}


@BOTH
def test_death__closes_the_account_and_the_office_ends_the_order_for_the_mother(
    stage: Stage, language: Language
) -> None:
    mother = stage.person(born=MOTHER, language=language)
    child = child_of(stage, mother, language, date(2015, 3, 3))
    asked = {"kind": "GI-01", "label": "M", "quantity": 30, "until": "accepted"}
    number = stage.backstage.ask("order", person=child.key, parent=mother.key, **asked)["number"]
    own = stage.backstage.ask("order", person=mother.key, **asked)["number"]
    page = stage.at_desk(mother, language=language, phone=True)
    page.goto("/for-whom")
    page.locator(f"[value='{child.key}']").check(force=True)
    press(page)

    officer = stage.at_desk(OFFICER, language=language)
    dies(officer, child, language)
    page.goto(f"/orders/{number}")
    shows(page, language, "The office closes this order. You do not need to do anything.")
    officer.goto(f"/office/orders/{number}")
    shows(officer, language, "The recipient has died. Cancel the order, or record a refusal of what was handed over.")
    expect(officer.locator("form[action$='/let_go_on']")).to_have_count(0)
    officer.locator("main a[href$='/cancel']").click()
    press(officer)
    shows(officer, language, "The order was cancelled.")
    assert stage.backstage.ask("orders_of", person=child.key) == {number: "cancelled"}
    seller = stage.at_desk(IMPORTER, language=language)
    seller.goto(f"/supply/orders/{number}")
    shows(seller, language, "Nothing more: this order has ended.")

    dies(officer, mother, language)
    page.goto(f"/orders/{own}")
    # whoever holds the phone now sees nothing more
    expect(page).to_have_url(re.compile("/sign-in/"))


def dies(officer: Page, who: Someone, language: Language) -> None:
    """The officer enters a death of today."""
    officer.goto(f"/counter/{who.key}/death")
    shows(officer, language, "Enter a death")
    fill_day(officer, "deceased_on", clock.today())
    officer.locator("[name=checked]").check(force=True)
    press(officer)
    shows(officer, language, "The death is entered.")


@BOTH
def test_what_the_employer_pays__is_paid_by_the_budget_when_two_officers_have_seen_that_it_is_gone(
    stage: Stage, language: Language
) -> None:
    someone = stage.person({}, measured={"waist_cm": 90}, language=language)
    line = stage.backstage.ask("employer_pays", person=someone.key, kind="GI-01")["line"]
    words = {"kk": "Зауыт таратылды", "ru": "Завод ликвидирован"}[language]
    page = stage.at_desk(someone, language=language, phone=True)
    page.goto(f"/programme/{line}")
    shows(
        page,
        language,
        "Your employer pays for this, because the injury was by the employer's fault (Social Code, article 162).",
    )
    expect(page.locator(f"main a[href='/order/{line}']")).to_have_count(0)
    page.locator("form[action='/corrections/begin'] button").last.click()
    page.locator("[name=wrong][value=employer]").check(force=True)
    page.locator("[name=words]").fill(words)
    press(page)
    page.wait_for_url("**/check")
    press(page)
    page.wait_for_url("**/corrections/done/*")
    request = page.url.rpartition("/")[2]

    first, second = stage.at_desk(COLLEAGUE, language=language), stage.at_desk(OFFICER, language=language)
    first.goto(f"/office/requests/{request}")
    expect(first.locator("main")).to_contain_text(words)
    press(first, "main form[action$='/begin']")
    first.wait_for_url("**/office/corrections/form/*/answers")
    first.locator("[name=channel]").select_option("portal")
    first.locator("[name=reason]").fill(words)
    first.locator("[name=document]").fill("№ 12")
    press(first)
    first.wait_for_url("**/check")
    press(first)
    first.wait_for_url(re.compile(r"/office/corrections/[^/]+$"))
    second.goto(first.url)
    act(second, "sign")
    shows(second, language, "Signed. It is now in the record, and we have told the person.")
    page.goto(f"/programme/{line}")
    page.locator(f"main a[href='/order/{line}']").first.click()
    shows(page, language, "Narrow or sort the offers")


@BOTH
def test_newer_programme__says_what_ends_and_what_is_open_counts_in_it(stage: Stage, language: Language) -> None:
    someone = stage.person({"GI-01": 1460, "TI-05": 1}, language=language)
    asked = {"person": someone.key, "kind": "GI-01", "label": "M", "quantity": 365, "until": "accepted"}
    number = stage.backstage.ask("order", **asked)["number"]
    officer = stage.at_desk(OFFICER, language=language)
    open_file(officer, someone)
    officer.goto(f"/office/people/{someone.key}/programme")
    officer.locator("[name=issued_by]").fill("МӘС № 2")
    fill_day(officer, "issued_on", clock.today())
    officer.locator("[name=kind_1]").select_option("GI-01")
    officer.locator("[name=quantity_1]").fill("1460")
    press(officer)
    shows(officer, language, "These items end:")
    ends = officer.locator("main .govuk-inset-text li")
    expect(ends).to_have_count(1)
    # pressed in the warning itself: nothing has to be found below it
    officer.locator("main .govuk-inset-text button").click()
    officer.wait_for_url(f"**/office/people/{someone.key}")

    page = stage.at_desk(someone, language=language, phone=True)
    page.goto("/notices")
    page.locator("main li a").first.click()
    gone = said(language, ENDED).partition("%(ended)s")[0]
    expect(page.locator("main")).to_contain_text(gone)
    page.goto("/programme")
    expect(
        page.locator("main details summary", has_text=said(language, "Ended: replaced by a newer programme"))
    ).to_have_count(1)
    # all of the quarter stands in the open order: no second one, and the sentence says why
    expect(page.locator("main a", has_text=number)).not_to_have_count(0)
    page.goto(f"/order/{someone.lines['GI-01']}")
    expect(page).not_to_have_url(re.compile(someone.lines["GI-01"]))
