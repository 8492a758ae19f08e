"""Paths that begin or end at an office: goods that are recalled, letters by post, an announcement for a region, another
way of provision, a file that is imported, a case without personal data; in Kazakh and in Russian.
"""

import re
import secrets
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect
from tests.browser.paths import BOTH, act, comes, fill_day, said, shows
from tests.browser.stage import ADMIN, DISTRICT, IMPORTER, OFFICER, REGION, Language, Stage, looks_until, press
from tests.browser.test_after_the_receipt import report
from tests.browser.test_stories import open_file

from tirek.core import clock
from tirek.core.identifiers import Sex, synthetic_iin

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TARAZ, AYAGOZ = "311000000", "103600000"


@BOTH
def test_recall__is_told_to_everybody_who_has_the_batch_and_the_goods_come_back(
    stage: Stage, language: Language
) -> None:
    batch = f"R{secrets.token_hex(4)}".upper()
    harmed, other = stage.person({"GI-02": 1460}, language=language), stage.person({"GI-02": 1460}, language=language)
    numbers = {}
    for one in (harmed, other):
        asked = {"person": one.key, "kind": "GI-02", "label": "5 (12–17)", "quantity": 30}
        numbers[one.key] = stage.backstage.ask("order", **asked, until="received", numbers=batch)["number"]
    words = {"kk": "Терісі қызарды", "ru": "Покраснела кожа"}[language]
    page = stage.at_desk(harmed, language=language, phone=True)
    harm = report(page, "harm", "what", words)

    region = stage.at_desk(REGION, language=language)
    region.goto(f"/office/harm/{harm}")
    shows(region, language, "Recall the goods")
    expect(region.locator("main")).to_contain_text(words)
    act(region, "recall", {"reasons": words})
    shows(region, language, "The goods are recalled. Everybody who has some is being told.")

    neighbour = stage.at_desk(other, language=language, phone=True)
    neighbour.goto("/my-things")
    shows(neighbour, language, "Do not use it: it is recalled, and the supplier fetches it.")
    title = said(language, "Give back goods of batch {batch}").replace("{batch}", batch)
    stage.backstage.ask("holders_are_told")
    neighbour.goto("/notices")
    comes(neighbour, f"main li:has-text('{title}')")

    seller = stage.at_desk(IMPORTER, language=language)
    seller.goto(f"/supply/harm/{harm}")
    shows(seller, language, "Goods came back", "Which goods came back?")
    seller.locator("form[action$='/bring_back'] label", has_text=numbers[other.key]).click()
    act(seller, "bring_back")
    shows(seller, language, "Recorded. The recipient and the department have been told.")
    neighbour.goto("/my-things")
    shows(neighbour, language, "given back after a recall")
    expect(neighbour.locator("form[action='/faults/begin']")).to_have_count(0)


@BOTH
def test_letter__goes_to_who_has_no_phone_and_is_posted_once(stage: Stage, language: Language) -> None:
    # each language in a district of its own: who posts, posts all that was printed there
    where = {"kk": ("101000000", OFFICER), "ru": (AYAGOZ, DISTRICT)}
    place, clerk = where[language]
    street = f"Абай {secrets.randbelow(9000) + 1000}"
    someone = stage.person(language=language, has_phone=False, place=place, address=street)
    asked = {"person": someone.key, "kind": "GI-01", "label": "M", "quantity": 30}
    stage.backstage.ask("order", **asked, until="accepted", officer=clerk)
    stage.backstage.ask("letters_are_gathered", person=someone.key)
    officer = stage.at_desk(clerk, language=language)
    officer.goto("/office/letters")
    shows(officer, language, "Envelopes of the day", "Print the letters (PDF)")
    row = officer.locator("main tr", has_text=street)
    expect(row).to_have_count(1)
    with officer.expect_download() as saved:
        officer.locator("a[href*='envelopes.csv']").click()
    assert street in saved.value.path().read_text("utf-8-sig")
    printed = officer.request.post(
        "/office/letters/print",
        form={
            "csrfmiddlewaretoken": officer.locator("[name=csrfmiddlewaretoken]").first.input_value(),
            "day": clock.today().isoformat(),
        },
        headers={"Referer": officer.url},
    )
    assert printed.body().startswith(b"%PDF")
    officer.reload()
    press(officer, "form[action='/office/letters/posted']")
    expect(row).to_contain_text(said(language, "posted"))
    row.locator("a[href$='/returned']").click()
    shows(officer, language, "A letter came back")
    officer.locator("main [name=reason]").first.check(force=True)
    press(officer)
    shows(officer, language, "Recorded. The person is on the list of those to be reached.")


@BOTH
def test_announcement__stands_above_pages_of_the_region_alone(stage: Stage, language: Language) -> None:
    mark = secrets.token_hex(3)
    there = stage.person(language=language, place=TARAZ)
    here = stage.person(language=language)
    texts = {"kk": f"Қар басып қалды ({mark})", "ru": f"Снежные заносы ({mark})", "en": f"Snow ({mark})"}
    admin = stage.at_desk(ADMIN, language=language)
    admin.goto("/manage/announcements/new")
    shows(admin, language, "In which regions?")
    for one, text in texts.items():
        admin.locator(f"[name=text_{one}]").fill(text)
    admin.locator("[name=kind][value=incident]").check(force=True)
    admin.locator("[name=parts]").first.check(force=True)
    admin.locator(f"[name=regions][value='{TARAZ[:2]}0000000']").check(force=True)
    for box in admin.locator("[name=places]").all():
        box.set_checked(box.get_attribute("value") == "people", force=True)
    press(admin)
    expect(admin).to_have_url(re.compile("/manage/announcements/[^/]{36}$"))
    shows(admin, language, "It is announced. Every page shows it within a few seconds.")
    made = admin.url

    page = stage.at_desk(there, language=language, phone=True)
    page.goto("/home")
    comes(page, f".announcement:has-text('{texts[language]}')")
    stranger = stage.at_desk(here, language=language, phone=True)
    stranger.goto("/home")
    expect(stranger.locator("body")).not_to_contain_text(mark)
    page.locator(".announcement a").first.click()
    shows(page, language, "State of the service")
    expect(page.locator("main")).to_contain_text(texts[language])

    admin.goto(f"{made}/end")
    press(admin)
    admin.wait_for_url(made)
    page.goto("/home")
    looks_until(page, lambda: not page.locator(".announcement", has_text=mark).count())
    expect(page.locator(".announcement", has_text=mark)).to_have_count(0)


@pytest.mark.mission("S2.14")
@BOTH
def test_way_of_provision__is_changed_for_a_region_and_its_people_read_it(stage: Stage, language: Language) -> None:
    # kinds that no other story of this region orders
    kind = {"kk": "TI-05", "ru": "TI-06"}[language]
    there, here = stage.person({kind: 1}, language=language, place=TARAZ), stage.person({kind: 1}, language=language)
    page = stage.at_desk(there, language=language, phone=True)
    page.goto(f"/programme/{there.lines[kind]}")
    expect(page.locator(f"main a[href='/order/{there.lines[kind]}']").first).to_be_visible()
    admin = stage.at_desk(ADMIN, language=language)
    provided(admin, kind, language, way="procurement", words="bought by the local body", conclusion="17-К")

    # every process of the web server takes it up within half a minute
    page.goto(f"/programme/{there.lines[kind]}")
    comes(page, "main:has-text('17-К')")
    expect(page.locator(f"main a[href='/order/{there.lines[kind]}']")).to_have_count(0)
    stranger = stage.at_desk(here, language=language, phone=True)
    stranger.goto(f"/programme/{here.lines[kind]}")
    expect(stranger.locator("main")).not_to_contain_text("17-К")
    # of one day the newest version counts: the kind is left as it was found
    provided(admin, kind, language, way="portal", words="chosen on the portal")


def provided(admin: Page, kind: str, language: Language, *, way: str, words: str, conclusion: str = "") -> None:
    """From today on a kind is provided so in the region of Taraz."""
    admin.goto(f"/manage/provision/{kind}/new")
    shows(admin, language, "How is it provided?")
    admin.locator(f"[name=way][value={way}]").check(force=True)
    admin.locator("[name=region_code]").select_option(f"{TARAZ[:2]}0000000")
    admin.locator("[name=citation]").fill("№ 17-К")
    fill_day(admin, "effective_from", clock.today())
    if conclusion:
        admin.locator("[name=conclusion_number]").fill(conclusion)
        fill_day(admin, "conclusion_on", clock.today())
    admin.locator("[name=status]").first.check(force=True)
    press(admin)
    admin.wait_for_selector("[name=confirmed]", state="attached")
    shows(admin, language, "People whose programme gives it there", words)
    press(admin)
    shows(admin, language, "The new version is saved.")


@BOTH
def test_file__is_refused_line_by_line_then_put_right_and_imported(stage: Stage, language: Language) -> None:
    born = date(1950, 1, 1) + timedelta(days=secrets.randbelow(9000))
    iin = synthetic_iin(born, Sex.MALE, secrets.randbelow(900) + 1).digits
    head, right = "iin;surname;given_name;place", f"{iin};Қабылов;Ерлан;101000000"
    admin = stage.at_desk(ADMIN, language=language)

    def bring(*lines: str) -> None:
        admin.goto("/manage/imports/people")
        content = "\n".join((head, *lines)).encode()
        # what another story brings in the same minute has another name
        name = f"{secrets.token_hex(4)}.csv"
        admin.locator("[name=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
        press(admin)
        expect(admin).to_have_url(re.compile("/manage/imports/run/"))

    bring(right, f"{iin[:11]}{(int(iin[11]) + 1) % 10};Қабылов;Ерлан;101000000", f"{iin};Қабылов;;7")
    comes(admin, f"main h2:has-text('{said(language, 'What is wrong')}')")
    shows(admin, language, "Nothing was imported. Put these lines right in the file and choose it again.")
    mistakes = admin.locator("main ul.govuk-list--bullet li")
    for line in (3, 4):
        expect(mistakes.filter(has_text=said(language, "Line %(line)s") % {"line": line}).first).to_be_visible()
    expect(mistakes.filter(has_text=said(language, "Line %(line)s") % {"line": 2})).to_have_count(0)
    bring(right)
    comes(admin, "main button[name=take]")
    shows(admin, language, "Nothing is written yet.")
    admin.locator("main button[name=take]").click()
    comes(admin, f"main dd:has-text('{said(language, 'imported').capitalize()}')")

    officer = stage.at_desk(OFFICER, language=language)
    officer.goto("/office")
    officer.locator("main [name=what]").fill(iin)
    press(officer)
    expect(officer).to_have_url(re.compile("/office/people/"))


@BOTH
def test_case__is_taken_along_by_an_officer_without_personal_data(stage: Stage, language: Language) -> None:
    someone = stage.person(language=language)
    # a case is kept once: that of the other language is another
    quantity = {"kk": 30, "ru": 31}[language]
    stage.backstage.ask("order", person=someone.key, kind="GI-01", label="M", quantity=quantity, until="received")
    line = someone.lines["GI-01"]
    officer = stage.at_desk(OFFICER, language=language)
    open_file(officer, someone)
    officer.goto(f"/office/lines/{line}")
    officer.locator("main a[href$='/scenario/keep']").click()
    shows(officer, language, "Keep this case to check the rules")
    with officer.expect_download() as saved:
        officer.locator("main a[href$='/scenario']").click()
    told = saved.value.path().read_text()
    assert "GI-01" in told
    assert re.search(rf"\b{quantity}\b", told)
    for personal in (someone.iin, someone.phone, someone.key, line, "Сынақова", "Айгүл", "Абай көшесі"):
        assert personal not in told
    title = f"Бір тапсырыс: {secrets.token_hex(2)}"
    officer.locator("[name=title]").fill(title)
    press(officer)
    shows(officer, language, "It is kept. Whoever changes a rule sees whether it still comes out so.")
    admin = stage.at_desk(ADMIN, language=language)
    admin.goto("/manage/scenarios")
    admin.locator("main a", has_text=title).click()
    press(admin)
    shows(admin, language, "Played just now, it comes out as it says.")
