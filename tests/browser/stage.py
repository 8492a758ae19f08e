"""The running product as a story needs it: people, sign-ins, browsers, and what the pages must never do."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, expect
from tests.runtime.installation import Installation

ROOT = Path(__file__).resolve().parents[2]
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}
IMPORTER, WORKSHOP = "importer@example.kz", "workshop@example.kz"
ADMIN = "admin@example.kz"
OFFICER, COLLEAGUE, DISTRICT = "officer@example.kz", "colleague@example.kz", "district@example.kz"
REGION = "region@example.kz"
Language = Literal["kk", "ru", "en"]

#: What a refused or cut request may put on the console without being a mistake of the page.
_NETWORK = re.compile(r"Failed to load resource|net::ERR_|Fetch|NetworkError")


@dataclass(frozen=True)
class Someone:
    """A person made for one story."""

    key: str
    iin: str
    phone: str
    user: str
    lines: dict[str, str]


class Backstage:
    """Asks ``backstage.py``, which works inside the installation."""

    def __init__(self, installation: Installation) -> None:
        environment = installation.environment | {
            "DJANGO_SETTINGS_MODULE": "tirek.settings",
            "TIREK_DATABASE_POOL": "0",
        }
        environment["PYTHONPATH"] = f"{environment['PYTHONPATH']}:{ROOT}"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.browser.backstage"],
            cwd=ROOT,
            env=environment,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def ask(self, do: str, **arguments: Any) -> dict[str, Any]:
        """What ``do`` answers."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": do, "with": arguments}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "backstage has ended"
        answer = json.loads(line)
        assert "ok" in answer, f"{do}: {answer['failed']}"
        found: dict[str, Any] = answer["ok"]
        return found

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(20)
        if self._process.stdout is not None:
            self._process.stdout.close()


@dataclass
class Stage:
    """One story: it opens browsers on the running product and watches every page of them."""

    url: str
    chromium: Browser
    backstage: Backstage
    troubles: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def person(
        self,
        lines: dict[str, int] | None = None,
        *,
        measured: dict[str, int] | None = None,
        language: Language = "kk",
        **more: Any,
    ) -> Someone:
        """A person with a programme: 1,460 diapers a year unless told otherwise."""
        wanted = {"GI-01": 1460} if lines is None else lines
        sizes = {"waist_cm": 90} if measured is None else measured
        return Someone(**self.backstage.ask("person", lines=wanted, measured=sizes, language=language, **more))

    def browser(
        self, *, language: Language = "en", phone: bool = False, watch: bool = True, **options: Any
    ) -> BrowserContext:
        """A fresh profile in a language, on a desktop or a phone; whatever a page does wrong fails the story."""
        size = {"viewport": PHONE, "has_touch": True, "is_mobile": True} if phone else {"viewport": DESKTOP}
        locale = {"kk": "kk-KZ", "ru": "ru-RU", "en": "en-GB"}[language]
        context = self.chromium.new_context(base_url=self.url, locale=locale, **(size | options))
        context.set_default_timeout(30_000)
        self.contexts.append(context)
        if watch:
            context.on("weberror", lambda error: self.troubles.append(f"script: {error.error}"))
            context.on("console", self._said)
            context.on("response", self._answered)
            context.on("request", lambda request: self._asked(request.url))
        return context

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not _NETWORK.search(message.text):
            self.troubles.append(f"console: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500 and "/health" not in response.url:
            self.troubles.append(f"{response.status} {response.url}")

    def _asked(self, url: str) -> None:
        if not url.startswith((self.url, "data:", "blob:", "about:")):
            self.troubles.append(f"asked somebody else: {url}")

    def sign_in(self, context: BrowserContext, who: Someone | str) -> str:
        """Give the profile a session: a person of the story, or somebody at work by e-mail address. Returns the
        cookie.
        """
        told = {"worker": who} if isinstance(who, str) else {"user": who.user}
        cookie = str(self.backstage.ask("session", **told)["cookie"])
        context.add_cookies(
            [{"name": "tirek_session", "value": cookie, "url": self.url, "httpOnly": True, "sameSite": "Lax"}]
        )
        return cookie

    def at_desk(self, who: Someone | str, *, language: Language = "en", phone: bool = False, **options: Any) -> Page:
        """A page of a profile that is signed in."""
        context = self.browser(language=language, phone=phone, **options)
        self.sign_in(context, who)
        return context.new_page()

    def message_to(self, phone: str, *, context: BrowserContext | None = None, after: str = "") -> str:
        """The newest code to sign (not one for the courier) that went to a phone, as the demo's page of sent messages
        shows it.

        ``after`` is the code before it, which may still be the newest one there.
        """
        page = (context or self.browser()).new_page()
        page.goto("/notices/sent")
        card = (
            page.locator(".govuk-summary-card", has_text=phone)
            .filter(has_text=re.compile(r"Tirek: (\d{6}\b|кіру коды)"))
            .first
        )
        looks_until(page, lambda: card.count() and not (after and after in card.inner_text()))
        expect(card).to_be_visible()
        found = re.search(r"\b(\d{6})\b", card.locator(".govuk-summary-card__content").inner_text())
        assert found is not None
        page.close()
        return found.group(1)

    def close(self) -> None:
        """Close all browsers of the story."""
        for context in self.contexts:
            context.close()


def looks_until(page: Page, seen: Callable[[], object]) -> None:
    """Load a page again until ``seen`` is true of it: what the worker does beside it, every second or by the minute,
    has come by then. What is expected of the page afterwards says what is missing.
    """
    for _look in range(80):
        if seen():
            break
        page.wait_for_timeout(500)
        page.reload(wait_until="load")


def press(page: Page, form: str = "main form") -> None:
    """Press the main button of a form."""
    page.locator(f"{form} button.govuk-button:not(.govuk-button--secondary)").first.click()


def begin(page: Page, line: str, *, label: str = "M", offer: str = "", quantity: int = 30) -> None:
    """From the offers of a line into the form: the first offer (or the one named), the size ``label``, how many."""
    page.goto(f"/order/{line}")
    choose(page, label=label, offer=offer, quantity=quantity)


def choose(page: Page, *, label: str = "M", offer: str = "", quantity: int = 30) -> None:
    """The same from the page of the offers on."""
    links = page.locator(".offer h2 a")
    (links.filter(has_text=offer) if offer else links).first.click()
    page.get_by_role("radio", name=re.compile(rf"^{re.escape(label)}\b")).check()
    page.locator("[name=quantity]").fill(str(quantity))
    press(page)


def fill_in(page: Page, *, address: str = "Семей, Абай көшесі 10") -> None:
    """The rest of the form up to the check page: another address, from there and back."""
    expect(page).to_have_url(re.compile("/(delivery|check)$"))
    if page.url.endswith("/check"):
        page.locator("a[href$='/delivery?from=check']").click()
    expect(page).to_have_url(re.compile(r"/delivery(\?from=check)?$"))
    page.locator("[name=address]").fill(address)
    press(page)
    expect(page).to_have_url(re.compile("/check$"))


def send(page: Page) -> str:
    """Agree and send; the number of the order."""
    page.locator("[name=consent]").check()
    press(page, "form[data-queue-submit]")
    expect(page).to_have_url(re.compile("/order/done/"))
    return page.locator(".receipt__number").inner_text()


def agree_by_code(stage: Stage, page: Page, phone: str) -> tuple[str, str]:
    """At the counter the person agrees by a code to the phone; the number of the order, and the code."""
    press(page, "form:has([value=ask])")
    expect(page).to_have_url(re.compile("asked="))
    code = stage.message_to(phone)
    page.locator("[name=code]").fill(code)
    press(page, "form:has([name=code])")
    expect(page).to_have_url(re.compile("/order/done/"))
    return page.locator(".receipt__number").inner_text(), code


def record_paper(page: Page) -> None:
    """The signed sheet is recorded: today, and it lies in the file."""
    page.locator("a[href$='paper=1']").click()
    page.locator("[name=filed]").check()
    page.locator("form:has([value=paper]) button").click()


def agree_on_paper(page: Page) -> str:
    """At the counter the person signs the printed page; the number of the order."""
    record_paper(page)
    expect(page).to_have_url(re.compile("/order/done/"))
    return page.locator(".receipt__number").inner_text()


def runs_over(page: Page) -> bool:
    """Whether the page scrolls sideways."""
    assert page.viewport_size is not None
    # a phone's browser widens its inner width with what runs over
    return bool(page.evaluate("(width) => document.documentElement.scrollWidth > width", page.viewport_size["width"]))


@contextmanager
def story(url: str, chromium: Browser, backstage: Backstage) -> Iterator[Stage]:
    """A stage that is swept afterwards; a trouble of any page fails the story."""
    made = Stage(url, chromium, backstage)
    yield made
    made.close()
    assert made.troubles == [], made.troubles
