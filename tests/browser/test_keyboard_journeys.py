"""The main journeys with nothing but a keyboard, on a phone's width and on a desktop.

The hand presses Tab, Shift+Tab, Enter, Space, arrows and letters; it never clicks and never sets the focus. Each press
is watched:
the focus is on something that is seen, it is marked, nothing covers it, and on a page it only goes on in the order of
reading.
"""

import re
import secrets
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect
from tests.browser.stage import DESKTOP, IMPORTER, OFFICER, PHONE, Language, Someone, Stage

from tirek.core import clock
from tirek.core.identifiers import Sex, synthetic_iin

pytestmark = pytest.mark.browser

#: Keys that a registration takes beside what is typed: one for each stop, two to write over, the button.
MOST_KEYS: Final = 30

#: Where the focus is: its name for a message, its place in the document, and what is wrong with how it is seen.
_FOCUS: Final = """
() => {
  const at = document.activeElement;
  if (!at || at === document.body) return {name: "", order: -1, wrong: ""};
  const box = at.getBoundingClientRect();
  const middle = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  const label = at.labels && at.labels[0];
  const look = getComputedStyle(at);
  const beside = label ? getComputedStyle(label, "::before") : look;
  const marked = [look, beside].some((one) => one.outlineStyle !== "none" || one.boxShadow !== "none");
  const covered = middle && !at.contains(middle) && !middle.contains(at) && !(label && label.contains(middle)) &&
  !middle.closest("label");
  const outside = box.bottom <= 0 || box.top >= innerHeight;
  const wrong = outside ? "is out of sight" : !marked ? "is not marked" : covered ? `is covered by
  ${middle.outerHTML.slice(0, 80)}` : "";
  return {name: at.outerHTML.slice(0, 90), order: [...document.querySelectorAll("*")].indexOf(at), wrong};
}
"""


@dataclass
class Keyboard:
    """A page and a hand on its keyboard."""

    page: Page
    troubles: list[str] = field(default_factory=list)
    pressed: int = 0

    def press(self, key: str) -> None:
        """One key."""
        self.pressed += 1
        self.page.keyboard.press(key)

    def to(self, selector: str, *, key: str = "Tab") -> None:
        """As far as the element; every stop on the way must be seen, and the order only goes on."""
        before = -1
        for _step in range(150):
            if self.page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
                return
            self.press(key)
            stop = self.page.evaluate(_FOCUS)
            if stop["wrong"]:
                self.troubles.append(f"{self.page.url}: {stop['name']} {stop['wrong']}")
            if key == "Tab" and -1 < stop["order"] <= before:
                self.troubles.append(f"{self.page.url}: the focus goes back to {stop['name']}")
            before = stop["order"]
        raise AssertionError(f"The keyboard does not reach {selector} at {self.page.url}: {self.troubles}")

    def write(self, selector: str, words: str) -> None:
        """Into a field, in the place of what stands there."""
        self.to(selector)
        self.press("Control+A")
        self.page.keyboard.type(words)

    def follow(self, selector: str, address: str, *, key: str = "Enter") -> None:
        """Press a link or a button and wait for where it leads."""
        self.to(selector)
        self.press(key)
        expect(self.page).to_have_url(re.compile(address))

    def skip(self) -> None:
        """The first stop of a page leads past the header."""
        self.press("Tab")
        assert self.page.evaluate("document.activeElement.matches('.govuk-skip-link')"), self.page.url
        self.press("Enter")
        expect(self.page.locator("#main-content")).to_be_focused()

    def corrects(self, selector: str) -> None:
        """After a mistake the summary has the focus, and its link leads into the field."""
        expect(self.page.locator(".govuk-error-summary")).to_be_focused()
        self.press("Tab")
        self.press("Enter")
        expect(self.page.locator(selector)).to_be_focused()


def hand(stage: Stage, width: str, language: Language) -> Keyboard:
    """A fresh profile without a mouse."""
    size: dict[str, Any] = {"viewport": PHONE if width == "360" else DESKTOP}
    return Keyboard(stage.browser(language=language, **size).new_page())


def order(keys: Keyboard) -> str:
    """From the offers of a line to the receipt; the number of the order."""
    fill_in(keys)
    for box in ("[name=fit_acknowledged]", "[name=consent]"):
        if keys.page.locator(box).count():
            keys.to(box)
            keys.press("Space")
    keys.follow("form[data-queue-submit] button", "/order/done/")
    return keys.page.locator(".receipt__number").inner_text()


def fill_in(keys: Keyboard) -> None:
    """From the offers of a line to the check page, with a mistake on the way."""
    page = keys.page
    wanted = page.locator(".offer h2 a", has_text=re.compile("Жайлы|Zhaily")).first.get_attribute("href")
    keys.follow(f".offer a[href='{wanted}']", "/offers/")
    keys.to("[name=version]")
    keys.press("Space")
    keys.write("[name=quantity]", "999999")
    keys.press("Enter")
    keys.corrects("[name=quantity]")
    keys.write("[name=quantity]", "10")
    keys.press("Enter")
    expect(page).to_have_url(re.compile("/check$"))
    keys.follow("a[href$='/delivery?from=check']", r"/delivery\?from=check$")
    keys.write("[name=phone]", "+7 701 123 45 67")
    keys.write("[name=address]", "Семей, Абай көшесі 10")
    keys.follow("main form button[type=submit]", "/check$", key="Space")


def sign_in(keys: Keyboard, stage: Stage, someone: Someone) -> None:
    """By IIN and the code of the message, after a mistake in the IIN."""
    keys.page.goto("/sign-in/")
    keys.skip()
    keys.write("[name=iin]", "12")
    keys.press("Enter")
    keys.corrects("[name=iin]")
    keys.write("[name=iin]", someone.iin)
    keys.press("Enter")
    expect(keys.page).to_have_url(re.compile("/sign-in/code"))
    keys.write("[name=code]", stage.message_to(someone.phone))
    keys.press("Enter")


@pytest.mark.mission("S0.25")
@pytest.mark.parametrize(("width", "language"), [("360", "kk"), ("1280", "ru")])
def test_recipient__from_the_first_sign_in_to_the_signed_receipt_by_keyboard(
    stage: Stage, width: str, language: Language
) -> None:
    someone = stage.person(language=language, registered=False)
    keys = hand(stage, width, language)
    page = keys.page
    sign_in(keys, stage, someone)
    expect(page).to_have_url(re.compile("/welcome"))
    keys.to("[name=privacy]")
    keys.press("Space")
    keys.follow("main form button[type=submit]", "/(home|programme)")
    keys.follow(f"a[href='/order/{someone.lines['GI-01']}']", "/order/")
    number = order(keys)
    stage.backstage.ask("carry", number=number, until="handed_over")
    page.goto(f"/orders/{number}")
    keys.follow("main a[href$='/confirm']", "/confirm$")
    keys.follow("main form button", "asked=")
    keys.write("[name=code]", stage.message_to(someone.phone))
    keys.press("Enter")
    expect(page).to_have_url(re.compile(r"/orders/[^/]+$"))
    expect(page.locator("a[href$='/confirm']")).to_have_count(0)
    assert keys.troubles == []


@pytest.mark.mission("S0.7", "S0.25")
@pytest.mark.parametrize(("width", "language"), [("360", "ru"), ("1280", "kk")])
def test_officer__finds_orders_and_confirms_at_the_counter_by_keyboard(
    stage: Stage, width: str, language: Language
) -> None:
    someone = stage.person(language=language)
    keys = hand(stage, width, language)
    stage.sign_in(keys.page.context, OFFICER)
    page = keys.page
    page.goto("/office")
    keys.skip()
    keys.write("main [name=what]", someone.iin)
    keys.press("Enter")
    expect(page).to_have_url(re.compile("/office/people/"))
    # the link looks like a button: it answers the space bar as a button does
    keys.follow(f"a[href='/order/{someone.lines['GI-01']}']", "/order/", key="Space")
    fill_in(keys)
    keys.follow("form:has([value=ask]) button", "asked=")
    code = stage.message_to(someone.phone)
    keys.write("[name=code]", code)
    keys.press("Enter")
    expect(page).to_have_url(re.compile("/order/done/"))
    number = page.locator(".receipt__number").inner_text()
    stage.backstage.ask("carry", number=number, until="handed_over")
    page.goto(f"/office/orders/{number}")
    keys.follow("main a[href$='/confirm']", "/confirm$")
    keys.follow("main form button", "asked=")
    keys.write("[name=code]", stage.message_to(someone.phone, after=code))
    keys.press("Enter")
    expect(page).to_have_url(re.compile("/office/orders/[^/]+$"))
    expect(page.locator(".next-step")).to_be_visible()
    assert keys.troubles == []


@pytest.mark.mission("S0.25")
@pytest.mark.finding("J-own-district")
@pytest.mark.parametrize(("width", "language"), [("360", "ru"), ("1280", "kk")])
def test_officer__registers_a_person_by_keyboard(stage: Stage, width: str, language: Language) -> None:
    keys = hand(stage, width, language)
    stage.sign_in(keys.page.context, OFFICER)
    page = keys.page
    page.goto("/counter/register")
    keys.skip()
    keys.to("main form button.govuk-button")
    keys.press("Enter")
    keys.corrects("[name=iin]")
    keys.pressed = 0
    wanted = synthetic_iin(date(1990, 3, 4), Sex.FEMALE, secrets.randbelow(900)).digits
    for name, words in {"iin": wanted, "surname": "Сынақова", "given_name": "Сәуле", "address": "Абай 1"}.items():
        keys.write(f"[name={name}]", words)
    keys.to("[name=checked]")
    keys.press("Space")
    keys.follow("main form button.govuk-button", "/office/people/")
    assert keys.pressed <= MOST_KEYS, "the own district is chosen, and there are as many stops as questions"
    assert keys.troubles == []


@pytest.mark.mission("S0.25")
@pytest.mark.parametrize(("width", "language"), [("360", "kk"), ("1280", "ru")])
def test_officer__records_a_signed_sheet_by_keyboard(stage: Stage, width: str, language: Language) -> None:
    someone = stage.person(language=language)
    keys = hand(stage, width, language)
    stage.sign_in(keys.page.context, OFFICER)
    page = keys.page
    page.goto("/office")
    keys.skip()
    keys.write("main [name=what]", someone.iin)
    keys.press("Enter")
    expect(page).to_have_url(re.compile("/office/people/"))
    keys.follow(f"a[href='/order/{someone.lines['GI-01']}']", "/order/")
    fill_in(keys)
    keys.follow("main a[href$='paper=1']", "paper=1")
    keys.to("form:has([value=paper]) button")
    keys.press("Enter")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    keys.to("[name=filed]")
    keys.press("Space")
    keys.follow("form:has([value=paper]) button", "/order/done/")
    assert keys.troubles == []


@pytest.mark.mission("S0.25")
@pytest.mark.parametrize("width", ["360", "1280"])
def test_refusal__is_given_by_keyboard(stage: Stage, width: str) -> None:
    someone = stage.person()
    number = stage.backstage.ask(
        "order", person=someone.key, kind="GI-01", label="M", quantity=30, until="handed_over"
    )["number"]
    keys = hand(stage, width, "kk")
    stage.sign_in(keys.page.context, someone)
    keys.page.goto(f"/orders/{number}")
    keys.follow("main a[href$='/refuse']", "/refuse$")
    keys.to("main form button")
    keys.press("Enter")
    keys.corrects("#id_refuse-reason_0")
    keys.press("Space")
    keys.press("ArrowDown")
    keys.follow("main form button", r"/orders/[^/]+$")
    assert keys.troubles == []


@pytest.mark.mission("S0.25")
@pytest.mark.parametrize(("width", "language"), [("360", "kk"), ("1280", "ru")])
def test_supplier__accepts_and_hands_over_by_keyboard(stage: Stage, width: str, language: Language) -> None:
    someone = stage.person(language=language)
    made = stage.backstage.ask("order", person=someone.key, kind="GI-01", label="M", quantity=30)
    keys = hand(stage, width, language)
    stage.sign_in(keys.page.context, IMPORTER)
    page = keys.page
    page.goto(f"/supply/orders?number={made['number']}")
    keys.skip()
    waiting = page.get_by_role("link", name=made["number"]).first.get_attribute("href")
    keys.follow(f"main a[href='{waiting}']", "/supply/orders/")
    promised = clock.today() + timedelta(days=2)
    for part in ("day", "month", "year"):
        keys.write(f"[name=accept-ready_on_{part}]", str(getattr(promised, part)))
    keys.press("Enter")
    expect(page.locator("form[action*='/hand_over']")).to_be_attached()
    at_the_door = stage.at_desk(someone, language=language)
    at_the_door.goto(f"/orders/{made['number']}")
    code = at_the_door.locator(".door-code__digits").inner_text()
    page.goto(f"/supply/orders/{made['number']}")
    keys.to("details:has([name=hand_over-code]) summary")
    keys.press("Enter")
    keys.write("[name=hand_over-numbers]", "L-2026-04")
    keys.write("[name=hand_over-code]", code)
    keys.press("Enter")
    expect(page.locator("[name=hand_over-code]")).to_have_count(0)
    assert keys.troubles == []


@pytest.mark.mission("S0.25")
@pytest.mark.parametrize("width", ["360", "1280"])
def test_comparison__is_reached_and_left_by_keyboard(stage: Stage, width: str) -> None:
    someone = stage.person(language="kk")
    keys = hand(stage, width, "kk")
    stage.sign_in(keys.page.context, someone)
    page = keys.page
    page.goto(f"/order/{someone.lines['GI-01']}")
    keys.skip()
    for box in page.locator("[name=offer]").all()[:2]:
        keys.to(f"[name=offer][value='{box.get_attribute('value')}']")
        keys.press("Space")
    keys.follow("form[action$=compare] button", "/compare")
    keys.follow("tbody td a.govuk-button", "/offers/")
    assert keys.troubles == []
