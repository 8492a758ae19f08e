"""Every page, at every desk: axe, one heading, no sideways scrolling, strict headers, nobody else asked."""

import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from itertools import cycle
from typing import Any, get_args
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import pytest
from django.urls import Resolver404, resolve
from PIL import Image
from playwright.sync_api import BrowserContext, Page, Response
from tests.browser.heard import misheard
from tests.browser.stage import (
    ADMIN,
    COLLEAGUE,
    DESKTOP,
    DISTRICT,
    IMPORTER,
    OFFICER,
    PHONE,
    REGION,
    WORKSHOP,
    Language,
    Someone,
    Stage,
    begin,
    press,
    runs_over,
)
from tests.kit import declared
from tests.kit.axe import violations
from tests.suppliers.joining import a_bin

from tirek.core import clock
from tirek.site.demo.who import WORKERS

#: Every language in every size.
LOOKS: list[tuple[Language, dict[str, int]]] = [
    (language, size) for size in (PHONE, DESKTOP) for language in get_args(Language)
]
_spread: dict[BrowserContext, tuple["Visit", Iterator[tuple[Language, dict[str, int]]]]] = {}


@dataclass
class Visit:
    """Walks pages in one language and one size.

    With ``spread`` pages that are opened by their address stand in the next language and size each time, so that a walk
    comes through all of them without looking at a page twice; forms are filled in the language of the visit.
    """

    stage: Stage
    language: Language
    phone: bool
    spread: bool = False
    looks: set[tuple[str | None, int]] = field(default_factory=set)
    answers: list[Response] = field(default_factory=list)
    opened: set[str] = field(default_factory=set)

    def page(self, who: Someone | str | None = None) -> Page:
        """A page of a fresh profile."""
        options: dict[str, Any] = {"language": self.language, "phone": self.phone}
        opened = self.stage.at_desk(who, **options) if who else self.stage.browser(**options).new_page()
        opened.on("response", self._answered)
        if self.spread:
            _spread[opened.context] = self, cycle(LOOKS)
        return opened

    def _answered(self, response: Response) -> None:
        self.answers.append(response)

    def keep_name(self, page: Page) -> None:
        """Note the route of the page that is shown, where it is no refusal."""
        status = next((one.status for one in reversed(self.answers) if one.url == page.url.partition("#")[0]), 0)
        if name := route_of(page.url, status):
            self.opened.add(name)


def route_of(address: str, status: int) -> str:
    """The name of the route whose own page an answer is; "" for the page of a refusal, and for what is no page."""
    if status not in {200, 422}:
        return ""
    try:
        return resolve(unquote(urlsplit(address).path)).view_name
    except Resolver404:
        return ""


Seen = Iterator[tuple[str, Page]]


@contextmanager
def _next_look(page: Page) -> Iterator[None]:
    """Pages that are loaded in the block stand in the next language and size, where the visit is spread."""
    if page.context not in _spread:
        yield
        return
    visit, looks = _spread[page.context]
    before = page.viewport_size or DESKTOP
    language, size = next(looks)
    page.context.add_cookies([{"name": "tirek_language", "value": language, "url": visit.stage.url}])
    page.set_viewport_size(size)
    yield
    visit.looks.add((page.locator("html").get_attribute("lang"), size["width"]))
    page.context.clear_cookies(name="tirek_language")
    page.set_viewport_size(before)


def go(page: Page, *addresses: str) -> Seen:
    for address in addresses:
        with _next_look(page):
            page.goto(address)
            yield address, page


def sent_empty(page: Page, form: str, name: str) -> Seen:
    """The form as it answers when it is sent with nothing or with mistakes."""
    with page.expect_navigation():
        press(page, form)
    yield f"{name}, with mistakes", page


def with_orders(stage: Stage) -> tuple[Someone, dict[str, str]]:
    someone = stage.person({"GI-01": 1460, "TI-01": 2}, language="kk")
    numbers = {
        until: stage.backstage.ask("order", person=someone.key, kind="GI-01", label="M", quantity=30, until=until)[
            "number"
        ]
        for until in ("submitted", "accepted", "handed_over")
    }
    numbers["cancelled"] = stage.backstage.ask("order", person=someone.key, kind="GI-01", label="M", quantity=30)[
        "number"
    ]
    stage.backstage.ask("term_passes", number=numbers["cancelled"])
    return someone, numbers


def ordering(page: Page, line: str) -> Seen:
    """From the offers to the check page; stays there."""
    yield from go(page, f"/order/{line}", f"/order/{line}?too-many=1", f"/order/{line}/compare")
    page.goto(f"/order/{line}")
    for box in page.locator("[name=offer]").all():
        box.check()
    page.locator("form[action$=compare] button").click()
    page.wait_for_url("**/compare?**")
    yield "compare", page
    page.goto(f"/order/{line}")
    page.locator(".offer h2 a").first.click()
    page.wait_for_url("**/offers/*")
    yield "offer", page
    page.locator("[name=quantity]").fill("999999")
    yield from sent_empty(page, "main form", "offer")
    begin(page, line)
    page.wait_for_url(re.compile("/(delivery|check)$"))
    form = page.url.rpartition("/")[0]
    page.goto(f"{form}/size")
    yield "size", page
    page.locator("[name=waist_cm]").fill("-7")
    yield from sent_empty(page, "main form", "size")
    page.goto(f"{form}/size?from=check")
    page.locator("[name=waist_cm]").fill("90")
    press(page)
    page.wait_for_url("**/check")
    page.goto(f"{form}/quantity")
    yield "quantity", page
    page.locator("[name=quantity]").fill("999999")
    yield from sent_empty(page, "main form", "quantity")
    yield from go(page, f"{form}/check")
    page.goto(f"{form}/quantity?from=check")
    page.locator("[name=quantity]").fill("10")
    press(page)
    page.wait_for_url("**/check")
    page.goto(f"{form}/delivery?from=check")
    yield "delivery", page
    page.locator("[name=phone]").fill("12")
    page.locator("[name=address]").fill("")
    yield from sent_empty(page, "main form", "delivery")
    page.locator("[name=phone]").fill("+7 701 123 45 67")
    page.locator("[name=address]").fill("Семей, Абай көшесі 10")
    press(page)
    page.wait_for_url("**/check")
    yield "check", page
    if page.locator("form:has([value=ask])").count():
        with page.expect_navigation():
            press(page, "form:has([value=ask])")
        yield "check at the counter, asked", page
    yield from sent_empty(page, "form[data-queue-submit]", "check")


def asking(page: Page, line: str) -> Seen:
    """From a line to the receipt of a request for a correction, and what was begun and not sent."""
    page.goto(f"/programme/{line}")
    page.locator("form[action='/corrections/begin'] button").first.click()
    page.wait_for_url("**/corrections/form/*/answers")
    yield "request", page
    yield from sent_empty(page, "main form", "request")
    page.locator("[name=wrong]").first.check()
    page.locator("[name=words]").fill("Аз беріледі")
    press(page)
    page.wait_for_url("**/check")
    yield "request, check", page
    press(page)
    page.wait_for_url("**/corrections/done/*")
    yield "request, receipt", page
    yield from go(page, "/corrections", page.url.replace("/done", ""))
    page.goto("/programme")
    page.locator("form[action='/corrections/begin'] button").first.click()
    page.wait_for_url("**/corrections/form/*/answers")
    yield "request about the programme", page
    yield from go(page, page.url.replace("/answers", "/discard"))


def correcting(page: Page, line: str) -> Seen:
    """From a line at the officer's desk to a correction that waits, its term, and the request to answer."""
    yield from go(page, "/office/tasks", "/office/waiting", f"/office/lines/{line}")
    yield from go(page, f"/office/lines/{line}/scenario/keep")
    yield from sent_empty(page, "main form", "case to keep")
    page.goto(f"/office/lines/{line}")
    page.locator("a[href^='/office/terms/']").first.click()
    page.wait_for_url("**/office/terms/*")
    yield "term", page
    page.goto(f"/office/lines/{line}")
    press(page, "form[action$=begin]")
    page.wait_for_url("**/office/corrections/form/*/answers")
    yield "correction", page
    yield from sent_empty(page, "main form", "correction")
    yield from go(page, page.url.replace("/answers", "/discard"))
    page.goto(page.url.replace("/discard", "/answers"))
    for name, words in (("amount", "5"), ("reason", "Қате енгізілген"), ("document", "№ 12")):
        page.locator(f"[name={name}]").fill(words)
    press(page)
    page.wait_for_url("**/check")
    yield "correction, check", page
    press(page)
    page.wait_for_url(re.compile(r"/office/corrections/[^/]+$"))
    yield "correction, proposed", page
    page.goto("/office/tasks")
    page.locator("a[href^='/office/requests/']").first.click()
    page.wait_for_url("**/office/requests/*")
    yield "request to answer", page
    page.locator("details:has(form[action$=explain]) summary").click()
    with page.expect_navigation():
        page.locator("form[action$=explain] button").click()
    yield "request to answer, with mistakes", page


def joining(page: Page) -> Seen:
    """An application to join the register: each question, the check page, a document, what is begun and not sent."""
    yield from go(page, "/registrations")
    page.goto("/join")
    press(page, "main form")
    page.wait_for_url("**/registrations/form/*/who")
    form = page.url.removesuffix("/who")
    yield from go(page, f"{form}/discard", f"{form}/who")
    yield from sent_empty(page, "main form", "who joins")
    page.locator("[name=who][value=entity]").check()
    press(page)
    page.wait_for_url("**/bin")
    page.locator("[name=bin]").fill("12")
    yield from sent_empty(page, "main form", "bin")
    page.locator("[name=bin]").fill(a_bin())
    press(page)
    page.wait_for_url("**/names")
    yield from sent_empty(page, "main form", "names")
    for name in ("name_kk", "name_ru"):
        page.locator(f"[name={name}]").fill("ЖШС «Жаңа»")
    press(page)
    page.wait_for_url("**/place")
    yield from sent_empty(page, "main form", "place")
    page.locator("[name=place_code]").select_option("101000000")
    page.locator("[name=address]").fill("Абай көшесі 7")
    page.locator("[name=contact_phone]").fill("+7 701 765 43 21")
    press(page)
    page.wait_for_url("**/supplies")
    yield from sent_empty(page, "main form", "supplies")
    page.locator("[name=supplies][value=goods]").check()
    press(page)
    page.wait_for_url("**/check")
    yield "application, check", page
    press(page, "form[data-queue-submit], main form")
    page.wait_for_url(re.compile(r"/registrations/[^/]+$"))
    yield "application", page
    case = page.url
    yield from go(page, f"{case}/data")
    page.locator("[name=address]").fill("")
    yield from sent_empty(page, "main form", "data of an application")
    yield from go(page, f"{case}/papers/authority")
    yield from sent_empty(page, "main form", "document of an application")
    yield from go(page, f"{case}/withdraw")


def registering(page: Page) -> Seen:
    """The regional department: applications in each state, findings, a supplier of the register, checks."""
    yield from keeping_a_filter(page, "/office/registrations")
    yield from go(page, "/office/registrations")
    for state in ("returned", "commission", "checking"):
        page.goto(f"/office/registrations?state={state}")
        found = page.locator("main tbody a").first.get_attribute("href")
        assert found is not None
        yield from go(page, found)
    case = page.url.partition("?")[0]
    yield from go(page, f"{case}/checks/debts")
    yield from sent_empty(page, "main form", "finding")
    page.goto(case)
    with page.expect_navigation():
        page.locator("form[action*='/pass_on'] button").click()
    yield "not everything is in order", page
    yield from go(page, "/office/checks", "/office/suppliers?name=nothing", "/office/suppliers")
    entry = page.locator("main tbody a").first.get_attribute("href")
    assert entry is not None
    yield from go(page, entry, f"{entry}/suspend", f"{entry}/remove")
    yield from sent_empty(page, "main form", "removal")
    yield from go(page, f"{entry}/checks/debts")
    page.locator("[name=finding][value=not]").check()
    yield from sent_empty(page, "main form", "check of a supplier")


def recipient(visit: Visit) -> Seen:
    someone, numbers = with_orders(visit.stage)
    page, line = visit.page(someone), someone.lines["GI-01"]
    yield from go(page, "/home", "/programme", f"/programme/{line}", f"/programme/{someone.lines['TI-01']}")
    yield from asking(page, line)
    yield from joining(page)
    yield from go(page, f"/order/{line}/need?p-waist_cm=155")
    yield from go(page, f"/order/{line}/need")
    yield from sent_empty(page, "main form", "need")
    yield from ordering(page, line)
    form = re.sub("/(check|submit)$", "", page.url.partition("?")[0])
    yield from go(page, "/drafts", "/not-sent", f"{form}/discard", "/orders", f"/order/together/{someone.key}")
    yield from go(page, "/not-sent/kk", f"/order/together/{someone.key}")
    yield from sent_empty(page, "main form", "together")
    page.locator("[name=consent]").check()
    press(page)
    page.wait_for_url("**/together/done/*")
    yield "sent together", page
    for number in numbers.values():
        yield from go(page, f"/orders/{number}")
    yield from go(page, f"/order/done/{numbers['submitted']}", f"/orders/{numbers['submitted']}/cancel")
    above = visit.stage.backstage.ask(
        "order", person=someone.key, kind="GI-01", label="L", quantity=30, until="accepted"
    )["number"]
    yield from go(page, f"/orders/{above}", f"/orders/{above}/payment")
    yield from go(page, f"/orders/{numbers['handed_over']}/refuse")
    yield from sent_empty(page, "main form", "refuse")
    yield from go(page, f"/orders/{numbers['handed_over']}/confirm")
    press(page)
    page.wait_for_url("**asked=**")
    yield "confirm, asked", page
    page.locator("[name=code]").fill("000000")
    yield from sent_empty(page, "form:has([name=code])", "confirm")
    done = visit.stage.backstage.ask(
        "order", person=someone.key, kind="GI-01", label="M", quantity=30, until="received"
    )["number"]
    yield from go(page, f"/orders/{done}")
    begin(page, line, quantity=20)
    yield from go(page, f"/order/{line}/unfinished")
    yield from reporting(page)
    yield from being_bought(visit)
    yield from ordering_a_part(page)
    new = visit.stage.person({"GI-01": 1460})
    offered = visit.stage.backstage.ask("prepared", line=new.lines["GI-01"])["key"]
    yield from go(visit.page(new), "/prepared", f"/prepared/{offered}")
    yield from go(page, "/notices")
    page.locator("main ul a").first.click()
    page.wait_for_url("**/notices/*")
    yield "notice", page
    yield from go(page, "/my-data")
    page.locator("main a[href*=consents]").first.click()
    page.wait_for_url("**/consents/*")
    yield "consent", page
    yield from go(page, "/messages", "/messages/department")
    page.goto(f"/orders/{numbers['accepted']}")
    page.locator("a[href*='/messages/order/']").last.click()
    page.wait_for_url("**/messages/order/*")
    yield from sent_empty(page, "main form", "message")
    page.locator("[name=text]").fill("Қашан келеді?")
    press(page)
    page.wait_for_url("**/messages/order/*")
    yield "message", page
    yield from go(page, "/my-data/all", "/for-whom", "/roles", "/phone", "/display", "/welcome")
    page.locator("[name=privacy]").uncheck()
    yield from sent_empty(page, "main form", "welcome")
    nobody = visit.page(visit.stage.person({}, measured={}))
    for name, empty in go(nobody, "/home", "/programme", "/orders", "/drafts", "/notices", "/my-data", "/my-data/all"):
        yield f"{name}, empty", empty
    fresh = visit.page(visit.stage.person({}, measured={}, registered=False))
    yield from go(fresh, "/welcome")


def reporting(page: Page) -> Seen:
    """From a thing to the pages of a fault and of harm that were reported."""
    for what, where, choice in (("fault", "faults", "wrong"), ("harm", "harm", "what")):
        page.goto("/my-things")
        page.locator(f"form[action='/{where}/begin'] button").first.click()
        page.wait_for_url("**/what")
        yield f"report of {what}", page
        yield from sent_empty(page, "main form", f"report of {what}")
        page.locator(f"[name={choice}]").first.check(force=True)
        page.locator("[name=words]").fill("Бір күннен кейін бүлінді")
        press(page)
        page.wait_for_url("**/check")
        yield f"report of {what}, check", page
        yield from go(page, page.url.replace("/check", "/discard"))
        page.goto(page.url.replace("/discard", "/check"))
        with page.expect_navigation():
            press(page)
        yield f"{what}, reported", page
        if what == "fault":
            yield from go(page, f"{page.url.partition('?')[0]}/withdraw", "/faults")
    yield from go(page, "/my-things")


def bought(visit: Visit) -> tuple[Someone, dict[str, str]]:
    """Somebody for whom the local body buys two things: one is being fitted, one waits for a lot."""
    someone = visit.stage.person({"PO-01": 1, "PO-02": 1})
    visit.stage.backstage.ask("purchase", person=someone.key, kind="PO-02", is_fitted=False)
    return someone, visit.stage.backstage.ask("purchase", person=someone.key, kind="PO-01", is_fitted=True)


def being_bought(visit: Visit) -> Seen:
    """What the local body buys, as the person sees it."""
    someone, made = bought(visit)
    page, own = visit.page(someone), f"/purchases/{made['number']}"
    yield from go(page, "/home", "/programme", f"/programme/{someone.lines['PO-01']}", "/purchases", own)
    yield from go(page, f"{own}/none_suits")
    yield from sent_empty(page, "main form", "no time suits")


def buying(visit: Visit) -> Seen:
    """Purchases at the desk of a district, lots at that of a region."""
    someone, made = bought(visit)
    page, one = visit.page(OFFICER), f"/office/purchases/{made['number']}"
    yield from keeping_a_filter(page, "/office/purchases")
    yield from go(page, "/office/purchases-waiting", one, f"/office/lines/{someone.lines['PO-02']}/need")
    yield from go(page, f"{one}/none_suits")
    yield from sent_empty(page, "main form", "no time suits the recipient")
    region = visit.page(REGION)
    yield from keeping_a_filter(region, "/office/lots")
    yield from go(region, "/office/lots-waiting", "/office/purchases-needed", "/office/purchases-needed/PO-02")
    yield from sent_empty(region, "main form", "lot")
    yield from go(region, f"/office/lots/{made['lot']}", f"/office/lots/{made['lot']}/terminate")
    yield from sent_empty(region, "main form", "terminated")


def ordering_a_part(page: Page) -> Seen:
    """From a thing to the page of an order of a part; a number that nothing has, and one that a thing has."""
    yield from go(page, "/my-things/find", "/my-things/find?number=nothing")
    yield from sent_empty(page, "main form[role=search]", "number of a thing")
    page.goto("/my-things")
    page.locator("main a[href$='/parts']").first.click()
    page.wait_for_url("**/parts")
    yield "parts of a thing", page
    page.locator("form[action='/part-orders/begin'] button").first.click()
    page.wait_for_url("**/how")
    yield "order of a part", page
    page.locator("[name=quantity]").fill("0")
    yield from sent_empty(page, "main form", "order of a part")
    page.locator("[name=quantity]").fill("1")
    press(page)
    page.wait_for_url("**/check")
    yield "order of a part, check", page
    yield from go(page, page.url.replace("/check", "/discard"))
    page.goto(page.url.replace("/discard", "/check"))
    with page.expect_navigation():
        press(page)
    yield "part, ordered", page
    yield from go(page, f"{page.url.partition('?')[0]}/cancel", "/part-orders")


def list_of_parts(page: Page) -> Seen:
    """A supplier's list of parts, one of them, a file of it, and an order."""
    yield from go(page, "/supply/parts", "/supply/parts?article=nothing", "/supply/parts-waiting")
    yield from go(page, "/supply/parts/find", "/supply/parts/find?number=nothing", "/supply/parts/file")
    yield from sent_empty(page, "main form", "list of parts")
    yield from go(page, "/supply/parts/new")
    yield from sent_empty(page, "main form", "new part")
    page.goto("/supply/parts")
    page.locator("main th a").first.click()
    page.wait_for_url(re.compile("/supply/parts/[^/]+$"))
    yield "part", page
    part = page.url
    yield from go(page, f"{part}/edit", f"{part}/fits?words=nothing", f"{part}/fits")
    yield from sent_empty(page, "main form[method=post]", "what a part fits")
    yield from keeping_a_filter(page, "/supply/part-orders")
    yield from go(page, "/supply/part-orders?state=asked")
    page.locator("main tbody a").first.click()
    page.wait_for_url(re.compile("[0-9]{7}"))
    # as it is without the list behind it
    yield from go(page, page.url.partition("?")[0])
    for fold in page.locator("details:has(form[action$='/decline']) summary").all():
        fold.click()
    yield from sent_empty(page, "form[action$='/decline']", "decline a part")


def payments_of(page: Page) -> Seen:
    """A supplier's payments, one of them with its form, several at once, what people need, and the own figures."""
    yield from go(page, "/supply/payments", "/supply/payments?state=late&kind=nothing", "/supply/payments-waiting")
    yield from go(page, "/demand/open", "/demand/open?kind=PO-12", "/supply/figures")
    yield from keeping_a_filter(page, "/supply/claims")
    yield from go(page, "/supply/claims?state=to_submit")
    page.locator("main tbody input[type=checkbox]").first.check(force=True)
    with page.expect_navigation():
        page.locator("button[formaction*='/bulk/submit']").click()
    yield "payments, several at once", page
    page.goto("/supply/claims?state=to_submit")
    page.locator("main tbody a").first.click()
    page.wait_for_url(re.compile("[0-9]{7}"))
    yield "payment", page
    # as it is without the list behind it
    yield from go(page, page.url.partition("?")[0])
    yield from sent_empty(page, "form[action$='/submit']", "payment, sent empty")


def payments_at_the_office(page: Page) -> Seen:
    """Payments of a territory: checked one by one, several at once, and sent back."""
    yield from go(page, "/office/payments-waiting", "/demand/open")
    yield from keeping_a_filter(page, "/office/payments")
    yield from go(page, "/office/payments?state=submitted")
    page.locator("main tbody input[type=checkbox]").first.check(force=True)
    with page.expect_navigation():
        page.locator("button[formaction*='/bulk/verify']").click()
    yield "payments to check, several at once", page
    page.goto("/office/payments?state=submitted")
    page.locator("main tbody a").first.click()
    page.wait_for_url(re.compile("[0-9]{7}"))
    yield from go(page, page.url.partition("?")[0])
    for fold in page.locator("details:has(form[action$='/send_back']) summary").all():
        fold.click()
    yield from sent_empty(page, "form[action$='/send_back']", "payment, sent back")


def parts_at_the_office(page: Page, someone: Someone) -> Seen:
    """Orders of parts of a territory, and a person's thing with its parts."""
    yield from keeping_a_filter(page, "/office/part-orders")
    yield from go(page, f"/office/things/{someone.key}/find?number=nothing", f"/office/things/{someone.key}")
    page.locator("main a[href$='/parts']").first.click()
    page.wait_for_url("**/parts")
    yield "parts of a thing", page
    yield from go(page, "/office/part-orders?state=accepted")
    page.locator("main tbody a").first.click()
    page.wait_for_url(re.compile("[0-9]{7}"))
    yield "order of a part", page
    yield from go(page, f"{page.url.partition('?')[0]}/cancel")


def after_the_receipt(page: Page, desk: str, *, acts: dict[str, str]) -> Seen:
    """Lists and cases of faults and harm at a desk of staff; ``acts`` are sent with mistakes."""
    for what in ("faults", "harm"):
        yield from keeping_a_filter(page, f"/{desk}/{what}")
        page.goto(f"/{desk}/{what}")
        for case in page.locator("main tbody a").evaluate_all(
            "links => links.map(one => one.getAttribute('href')).filter(one => /[0-9]{7}$/.test(one))"
        ):
            yield from go(page, case)
            form = page.locator(f"form[action$='/{acts.get(what, 'none')}']")
            if form.count():
                for fold in page.locator(f"details:has(form[action$='/{acts[what]}']) summary").all():
                    fold.click()
                yield from sent_empty(page, f"form[action$='/{acts.pop(what)}']", what)


def keeping_a_filter(page: Page, address: str) -> Seen:
    """A filter without a name, with one, and the question before it is deleted.

    Other walks keep filters with the same account at the same time: this one looks for a number that nobody else looks
    for, and deletes what it named itself.
    """
    mine = uuid4().hex[:8].upper()
    page.goto(f"{address}?number={mine}&sort=deadline")
    page.locator("details summary").click()
    with page.expect_navigation():
        page.locator("details form button").click()
    yield "name of a filter, with mistakes", page
    page.locator("[name=name]").fill(f"Мерзімі {mine}")
    page.locator("details form button").click()
    page.wait_for_url(f"**{address}?number={mine}&sort=deadline")
    yield "saved filter", page
    page.locator(".saved-filters__delete", has_text=mine).click()
    page.wait_for_url("**/filters/*")
    yield "delete a filter", page
    press(page)
    page.wait_for_url(re.compile(f"{address}$"))


def accepting_many(page: Page, number: str) -> Seen:
    """From the ticks to the page that says what was accepted and what was not."""
    yield from go(page, f"/supply/orders?all=1&number={number}")
    press(page, "#cases")
    page.wait_for_url("**/supply/orders/bulk/accept?**")
    yield "accept many", page
    page.locator("[name=by][value=one]").check()
    yield from sent_empty(page, "main form", "accept many")
    for name, text in {"day": "1", "month": "2", "year": "2100"}.items():
        page.locator(f"[name=ready_on_{name}]").fill(text)
    press(page)
    page.wait_for_load_state()
    yield "accept many, all too late", page
    today = page.evaluate("new Date().toLocaleDateString('en-CA', {timeZone: 'Asia/Almaty'})")
    year, month, day = today.split("-")
    page.goto(f"/supply/orders/bulk/accept?case={number}&case=none")
    page.locator("[name=by][value=one]").check()
    for name, text in {"day": day, "month": month, "year": year}.items():
        page.locator(f"[name=ready_on_{name}]").fill(text)
    press(page)
    page.wait_for_load_state()
    yield "accept many, check", page
    press(page)
    page.wait_for_load_state()
    yield "accept many, done", page


def offering(page: Page) -> Seen:
    """A supplier makes an offer: the kind, each part, a size, a document, a photo."""
    yield from go(page, "/supply/cards/new?text=nothing", "/supply/cards/new")
    page.locator("main button[name=kind]").first.click()
    page.wait_for_url(re.compile(r"/supply/cards/[0-9a-f-]{36}$"))
    yield "draft of an offer", page
    card = page.url
    yield from go(page, f"{card}/part/words", f"{card}/part/places", f"{card}/part/terms")
    page.locator("[name=delivery_days]").fill("0")
    yield from sent_empty(page, "main form", "terms of a card")
    for part in ("sizes", "documents", "photos"):
        yield from go(page, f"{card}/{part}/new")
        yield from sent_empty(page, "main form", part)
    out = BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "PNG")
    picture = {"name": "a.png", "mimeType": "image/png", "buffer": out.getvalue()}
    filled = {
        "sizes": {"label": "M", "price": "100", "stock": "1"},
        "documents": {"number": "1", "issued_on_day": "1", "issued_on_month": "2", "issued_on_year": "2026"},
        "photos": {"alt_kk": "Сурет", "alt_ru": "Фото"},
    }
    for part, fields in filled.items():
        page.goto(f"{card}/{part}/new")
        for name, value in fields.items():
            page.locator(f"[name={name}]").fill(value)
        if part == "documents":
            page.locator("[name=sort]").first.check(force=True)
        if part != "sizes":
            page.locator("[name=file]").set_input_files(picture)  # type: ignore[arg-type]  # made here
        with page.expect_navigation():
            press(page)
    page.goto(card)
    ways = page.locator("main a[href*='/off'], main td a[href*='/sizes/']")
    for way in ways.evaluate_all("links => links.map(one => one.getAttribute('href'))"):
        yield from go(page, way)
    yield from go(page, f"{card}/send", f"{card}/archive")
    with page.expect_navigation():
        press(page)


def by_table(page: Page) -> Seen:
    """Sizes of a kind together: the table with a mistake and with a difference, a file that is checked."""
    yield from go(page, "/supply/cards/table", "/supply/cards/table?kind=PO-12")
    page.locator("main [name$='-price']").first.fill("0")
    press(page)
    page.wait_for_load_state()
    yield "table of sizes, with a mistake", page
    page.locator("main [name$='-price']").first.fill("9000")
    press(page)
    page.wait_for_load_state()
    yield "table of sizes, the difference", page
    yield from go(page, "/supply/cards/files", "/supply/cards/files?kind=PO-12")
    yield from sent_empty(page, "main form[method=post]", "file of offers")
    page.goto("/supply/cards/files?kind=PO-12")
    links = page.locator("main tbody a").evaluate_all("links => links.map(one => one.getAttribute('href'))")
    yield from go(page, *links)
    content = "name_ru;label;price;stock\nНовая;M;100;1\n".encode()
    page.goto("/supply/cards/files?kind=PO-12")
    # other walks bring theirs in the same minute
    name = f"{uuid4().hex[:8]}.csv"
    page.locator("[name=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
    with page.expect_navigation():
        press(page)
    yield "file of offers that is checked", page


def kept_cards(page: Page) -> Seen:
    """The offers that a supplier made in the demo: in every state, one with a change before the commission."""
    yield from go(page, "/supply/cards?words=nothing", "/supply/cards")
    links = page.locator("main tbody a").evaluate_all("links => links.map(one => one.getAttribute('href'))")
    for card in links:
        yield from go(page, card)
    sold = next(card for card in links if _leads_to(page, card, "/pause"))
    page.goto(f"{sold}/part/terms")
    page.locator("[name=delivery_days]").fill("5")
    page.locator("[name=maker]").fill("Qadam 2")
    with page.expect_navigation():
        press(page)
    yield "difference of a change", page
    yield from keeping_a_filter(page, "/supply/admissions")
    page.goto("/supply/admissions")
    number = page.locator("main tbody a").first.get_attribute("href")
    assert number is not None
    yield from go(page, "/supply/admissions", number, f"{number}/take_back")


def _leads_to(page: Page, address: str, ending: str) -> bool:
    page.goto(address)
    return page.locator(f"main a[href$='{ending}']").count() > 0


def admitting(page: Page) -> Seen:
    """The regional department: offers before the commission, what is wrong with a conclusion, a block."""
    yield from go(page, "/office/admissions", "/office/cards?words=nothing", "/office/cards")
    card = page.locator("main tbody a").first.get_attribute("href")
    yield from keeping_a_filter(page, "/office/admissions")
    for state in ("checking", "commission"):
        page.goto(f"/office/admissions?state={state}")
        found = page.locator("main tbody a").first.get_attribute("href")
        assert found is not None
        yield from go(page, found)
    yield from sent_empty(page, "form[action*='/admit']", "conclusion")
    assert card is not None
    yield from go(page, card)
    page.goto("/office/cards?state=active")
    card = page.locator("main tbody a").first.get_attribute("href")
    yield from go(page, f"{card}/block")
    yield from sent_empty(page, "main form", "block")


def supplier(visit: Visit) -> Seen:
    someone, numbers = with_orders(visit.stage)
    page = visit.page(IMPORTER)
    more = visit.stage.backstage.ask("order", person=someone.key, kind="GI-01", label="M", quantity=30)["number"]
    yield from accepting_many(page, more)
    yield from keeping_a_filter(page, "/supply/orders")
    yield from go(page, "/demand")
    yield from go(page, "/supply", "/supply/waiting", "/supply/orders")
    yield from go(page, "/supply/orders?state=received", "/supply/orders?number=nothing")
    for number in numbers.values():
        yield from go(page, f"/supply/orders/{number}")
    page.goto(f"/supply/orders/{numbers['submitted']}")
    page.locator("[name=accept-ready_on_year]").fill("1999")
    yield from sent_empty(page, "form[action$=accept]", "accept")
    yield from go(page, f"/supply/orders/{numbers['submitted']}/decline")
    yield from sent_empty(page, "main form", "decline")
    page.goto(f"/supply/orders/{numbers['accepted']}")
    page.locator("details:has([name=hand_over-code]) summary").click()
    page.locator("[name=hand_over-code]").fill("000000")
    with page.expect_navigation():
        page.locator("form[action$=hand_over] button").click()
    yield "hand over, with mistakes", page
    yield from go(page, f"/supply/orders/route?case={numbers['accepted']}", "/supply/orders/route")
    yield from go(page, "/supply/offers")
    for way in page.locator("main td a").first.evaluate_all("links => links.map(one => one.getAttribute('href'))"):
        yield from go(page, way)
    yield from go(page, "/supply/offers?edit=1", "/supply/offers/table")
    yield from sent_empty(page, "main form", "table")
    page.goto("/supply/offers")
    page.locator("main th a").first.click()
    page.wait_for_url("**/supply/offers/*")
    yield "stock", page
    page.locator("[name=stock]").fill("-1")
    yield from sent_empty(page, "main form", "stock")
    yield from offering(page)
    yield from after_the_receipt(page, "supply", acts={"faults": "decline"})
    yield from go(page, "/supply/faults-waiting")
    yield from list_of_parts(page)
    workshop = visit.page(WORKSHOP)
    yield from payments_of(workshop)
    yield from kept_cards(workshop)
    yield from go(workshop, "/supply/checks", "/supply/agreement", "/supply/checks/authority")
    yield from sent_empty(workshop, "main form", "newer document")
    yield from by_table(visit.page(WORKSHOP))
    yield from go(page, "/supply/account")
    yield from sent_empty(page, "main form", "account")
    yield from go(page, "/roles", "/notices", "/phone", "/display")


def officer(visit: Visit) -> Seen:
    someone, numbers = with_orders(visit.stage)
    stranger = visit.stage.person({}, measured={}, has_phone=False)
    page = visit.page(COLLEAGUE)
    yield from go(
        page, "/office", "/office/people", "/office/drafts", "/office/orders", "/office/orders?number=nothing"
    )
    yield from go(page, "/office/orders?state=submitted&sort=name")
    posted = visit.stage.backstage.ask("posted", person=someone.key)["key"]
    yield from go(page, "/office/letters", f"/office/letters/{posted}/returned")
    yield from sent_empty(page, "main form", "letter came back")
    yield from go(page, "/demand", "/overview", "/overview/100000000?by=waited")
    yield from keeping_a_filter(page, "/office/orders")
    for number in numbers.values():
        yield from go(page, f"/office/orders/{number}")
    yield from go(page, f"/office/people/{someone.key}", f"/office/people/{stranger.key}")
    for _name, _page in asking(visit.page(someone), someone.lines["GI-01"]):
        pass
    yield from correcting(page, someone.lines["GI-01"])
    second = visit.page(OFFICER)
    second.goto("/office/tasks")
    second.locator("#sign ~ * a[href^='/office/corrections/']").first.click()
    second.wait_for_url(re.compile(r"/office/corrections/[^/]+$"))
    yield "correction to sign", second
    second.locator("details:has(form[action$=reject]) summary").click()
    with second.expect_navigation():
        second.locator("form[action$=reject] button").click()
    yield "correction to sign, with mistakes", second
    page.goto("/office/people")
    page.locator("[name=what]").fill("Қ")
    yield from sent_empty(page, "main form", "find")
    page.locator("[name=what]").fill("880412401016")
    yield from sent_empty(page, "main form", "find a stranger")
    yield from go(
        page, f"/office/orders/{numbers['submitted']}/cancel", f"/office/orders/{numbers['handed_over']}/confirm"
    )
    yield from go(page, f"/office/orders/{numbers['handed_over']}/refuse")
    yield from sent_empty(page, "main form", "refuse")
    yield from go(page, f"/office/orders/{numbers['accepted']}/confirm_hand_over")
    yield from sent_empty(page, "main form", "handed over")
    yield from ordering(page, someone.lines["GI-01"])
    yield from admitting(visit.page(REGION))
    yield from go(page, f"/office/people/{someone.key}/file")
    yield from sent_empty(page, "main form", "file")
    yield from after_the_receipt(visit.page(REGION), "office", acts={"faults": "decide", "harm": "clear"})
    yield from buying(visit)
    yield from parts_at_the_office(page, someone)
    of_region = visit.page(REGION)
    yield from payments_at_the_office(of_region)
    yield from registering(of_region)
    yield from go(of_region, "/office/faults-waiting", "/office/admissions-waiting", "/office/registrations-waiting")
    yield from go(page, "/office/bought-faults-waiting", "/office/drafts", "/counter/phone")
    yield from sent_empty(page, "main form", "phone")
    yield from go(page, "/counter/register")
    yield from sent_empty(page, "main form", "register")
    yield from go(page, f"/office/people/{someone.key}/programme")
    yield from sent_empty(page, "main form", "programme")
    for what in ("needs", "move", "representative", "disability", "death"):
        yield from go(page, f"/counter/{someone.key}/{what}")
    page.goto(f"/office/people/{someone.key}")
    withdrawing = page.locator("main a[href$='/withdraw']").first.get_attribute("href")
    assert withdrawing is not None
    yield from go(page, withdrawing)
    yield from go(page, "/roles", "/notices", "/phone", "/display")
    villagers = visit.page(DISTRICT)
    yield from go(villagers, "/office", "/office/drafts")


def filling(page: Page) -> Seen:
    """Organisations, an invitation, and a file that is checked."""
    yield from go(
        page, "/manage/organisations", "/manage/organisations?text=nothing+like+it", "/manage/organisations/new"
    )
    yield from sent_empty(page, "main form", "new organisation")
    page.goto("/manage/organisations")
    page.locator("main tbody a").first.click()
    page.wait_for_url(re.compile("/manage/organisations/[^/?]{36}$"))
    place = page.url
    yield "organisation", page
    yield from go(page, f"{place}/contact", f"{place}/register", f"{place}/invite")
    yield from sent_empty(page, "main form", "invite")
    page.goto("/manage/organisations?text=Семей")
    page.locator("main tbody a").first.click()
    page.wait_for_url(re.compile("/manage/organisations/[^/?]{36}$"))
    yield from go(page, page.url, f"{page.url}/training")
    yield from sent_empty(page, "main form", "training")
    page.goto("/manage/organisations?text=Qoldau")
    page.locator("main tbody a").first.click()
    page.wait_for_url(re.compile("/manage/organisations/[^/?]{36}$"))
    yield from go(page, page.url, f"{page.url}/account")
    yield from sent_empty(page, "main form", "bank details")
    yield from go(page, "/manage/imports", "/manage/imports/people")
    yield from sent_empty(page, "main form", "import")
    table = {"name": "people.csv", "mimeType": "text/csv", "buffer": b"iin;surname;given_name;place\n12;A;B;1\n"}
    page.locator("[name=file]").set_input_files(table)  # type: ignore[arg-type]  # a file that is made here
    press(page)
    page.wait_for_url("**/manage/imports/run/*")
    yield "check of a file", page


def pricing(page: Page) -> Seen:
    """Guaranteed amounts and terms of kinds, and new ones that are looked at and not saved."""
    yield from go(page, "/manage/prices")
    page.locator("main tbody a").first.click()
    page.wait_for_url(re.compile("/manage/prices/[^/?]+$"))
    kind = page.url
    yield "amounts of a kind", page
    yield from go(page, f"{kind}/new")
    yield from sent_empty(page, "main form", "new amount")
    for name, text in {
        "amount": "1000",
        "citation": "Бұйрық № 1",
        "effective_from_day": "1",
        "effective_from_month": "2",
        "effective_from_year": str(clock.today().year + 1),
    }.items():
        page.locator(f"[name={name}]").fill(text)
    page.locator("[name=status]").first.check()
    press(page)
    page.wait_for_selector("[name=confirmed]")
    yield "check of a new amount", page
    yield from go(page, "/manage/terms")
    page.locator("main tbody a").first.click()
    page.wait_for_url(re.compile("/manage/terms/[^/?]+$"))
    yield "terms of a kind", page
    yield from go(page, f"{page.url}/new")
    yield from sent_empty(page, "main form", "new terms")
    for name, text in {
        "max_per_order": "100",
        "citation": "Бұйрық № 1",
        "effective_from_day": "1",
        "effective_from_month": "2",
        "effective_from_year": str(clock.today().year + 1),
    }.items():
        page.locator(f"[name={name}]").fill(text)
    page.locator("[name=status]").first.check()
    press(page)
    page.wait_for_selector("[name=confirmed]")
    yield "check of new terms", page
    yield from go(page, "/manage/provision")
    page.locator("main tbody a").first.click()
    page.wait_for_url(re.compile("/manage/provision/[^/?]+$"))
    yield "how a kind is provided", page
    yield from go(page, f"{page.url}/new")
    yield from sent_empty(page, "main form", "new provision")
    for name, text in {
        "citation": "Бұйрық № 1",
        "effective_from_day": "1",
        "effective_from_month": "2",
        "effective_from_year": str(clock.today().year + 2),
    }.items():
        page.locator(f"[name={name}]").fill(text)
    page.locator("[name=way][value=portal]").check()
    page.locator("[name=status]").first.check()
    press(page)
    page.wait_for_selector("[name=confirmed]")
    yield "check of new provision", page


def announcing(page: Page) -> Seen:
    """An incident that stands above no page, so that no other walk meets it."""
    yield from go(page, "/manage/announcements", "/manage/failures", "/manage/failures?period=all&step=orders:submit")
    yield from go(page, "/manage/failures?day_day=31&day_month=2&day_year=2026")
    yield from go(page, "/manage/announcements/new")
    yield from sent_empty(page, "main form", "new announcement")
    # another walk has announced the same
    mine = secrets.token_hex(3)
    for language, text in {"kk": "SMS кешігіп жатыр", "ru": "SMS опаздывают", "en": "Messages are late"}.items():
        page.locator(f"[name=text_{language}]").fill(f"{text} ({mine}).")
    page.locator("[name=kind]").first.check()
    page.locator("[name=parts]").first.check()
    for box in page.locator("[name=places]").all():
        box.uncheck()
    press(page)
    page.wait_for_url(re.compile("/manage/announcements/[^/]{36}$"))
    made = page.url
    yield "announcement", page
    yield from go(page, f"{made}/change", f"{made}/withdraw", f"{made}/end")
    press(page)
    page.wait_for_url(made)
    yield "announcement that has ended", page
    yield from go(page, "/manage/announcements", "/status")


def checking_rules(page: Page) -> Seen:
    """A scenario of a file that is refused and taken, played, and set aside."""
    yield from go(page, "/manage/scenarios", "/manage/scenarios/add")
    yield from sent_empty(page, "main form", "file of scenarios")
    # another walk has kept the same
    mine = secrets.randbelow(300)
    good = (
        f"title: Сынақ {mine}\non: 2027-02-10\nprogrammes:\n  - {{issued: 2027-01-12, "
        f"lines: [{{kind: GI-01, quantity: {1000 + mine}}}]}}\nexpect:\n  - {{kind: GI-01, rule: available}}\n"
    )
    for text in (good.replace("available", "quota_used"), good):
        page.locator("[name=file]").set_input_files(
            {"name": "mine.yml", "mimeType": "application/yaml", "buffer": text.encode()}
        )
        press(page)
        yield "scenarios that were sent", page
    press(page)
    page.wait_for_selector("main [role=status]")
    yield "all scenarios were played", page
    page.locator("main a", has_text=f"Сынақ {mine}").first.click()
    page.wait_for_url(re.compile("/manage/scenarios/[^/]{36}$"))
    press(page)
    page.wait_for_selector("main [role=status]")
    yield "a scenario was played", page
    # what was pressed is kept as an answer at an address of its own
    yield from go(page, f"{page.url.partition('?')[0]}/set-aside")
    page.locator("[name=why]").fill("Сынақ")
    press(page)
    page.wait_for_url(re.compile("/manage/scenarios/[^/]{36}$"))
    yield "a scenario that was set aside", page


def admin(visit: Visit) -> Seen:
    page = visit.page(ADMIN)
    new = "/manage/reference/order.acceptance/new"
    yield from go(
        page,
        "/manage/",
        "/manage/reference",
        "/manage/reference?text=nothing+like+it",
        "/manage/reference/order.acceptance",
        new,
    )
    for name, text in {
        "value": "ten",
        "effective_from_day": "1",
        "effective_from_month": "2",
        "effective_from_year": str(clock.today().year + 1),
    }.items():
        page.locator(f"[name={name}]").fill(text)
    page.locator("[name=citation]").fill("Бұйрық № 1")
    yield from sent_empty(page, "main form", "new version")
    page.locator("[name=value]").fill("7")
    press(page)
    page.wait_for_selector("[name=confirmed]")
    yield "check of a new version", page
    yield from go(page, "/manage/calendar", "/manage/calendar/new")
    yield from sent_empty(page, "main form", "new day")
    yield from go(page, "/manage/calendar/import")
    yield from sent_empty(page, "main form", "import")
    yield from go(page, "/manage/users")
    with page.expect_navigation():
        page.locator("main form[method=post] button").click()
    yield "find a user, with mistakes", page
    page.goto("/manage/users")
    page.locator("main tbody a", has_text=next(one.name for one in WORKERS if one.email == COLLEAGUE)).first.click()
    page.wait_for_url("**/manage/users/*")
    account = page.url
    yield "user", page
    ending = page.locator("main a[href$='/end']").first.get_attribute("href")
    assert ending is not None
    yield from go(page, ending, f"{account}/block", f"{account}/unblock", f"{account}/second-step")
    # an office: an organisation with one role takes the form as it stands
    yield from go(page, f"{account}/roles", f"{account}/roles?text=department+Semey")
    page.locator("main li a[href*='organisation=']").first.click()
    page.wait_for_url("**/roles?organisation=*")
    yield "role in an organisation", page
    yield from sent_empty(page, "main form", "give a role")
    yield from filling(page)
    yield from pricing(page)
    yield from announcing(page)
    yield from checking_rules(page)
    yield from go(page, "/sign-in/confirm?next=/manage/")
    yield from sent_empty(page, "main form", "confirm")
    yield from go(page, "/notices/undelivered", "/notices/texts", "/notices/texts/order.accepted", "/manage/preview")
    yield from sent_empty(page, "main form", "preview")
    for name, text in {"day": "1", "month": "2", "year": "2027"}.items():
        page.locator(f"[name=day_{name}]").fill(text)
    press(page)
    page.wait_for_url("**/manage/reference")
    yield "preview", page
    yield from go(page, "/manage/preview", "/manage/calendar", "/manage/prices", "/terms", "/help")


def public(visit: Visit) -> Seen:
    page = visit.page()
    yield from go(
        page,
        "/",
        "/things",
        "/things?text=nothing",
        "/things/GI-01",
        "/things/GI-01/offers",
        "/things/GI-01/offers?place=100000000",
        "/things/GI-01/offers?place=nowhere",
        "/waiting",
        "/waiting?kind=GI-01&region=310000000&by=waiting",
        "/prepared-orders",
        "/orders-in-figures",
        "/readiness",
        "/readiness/310000000",
        "/readiness/310000000?state=bought",
        "/join",
        "/join/offer",
        "/suppliers",
        "/suppliers?name=nothing",
        "/help",
        "/privacy",
        "/accessibility",
        "/terms",
        "/status",
        "/display",
        "/sign-in/demo",
        "/signed-out",
    )
    page.goto("/things/GI-01/offers?place=100000000")
    for one in page.locator("main [name=offer]").all()[:2]:
        one.check()
    page.locator("main form[action$=compare] button").click()
    yield "offers side by side", page
    page.goto("/things/GI-01/offers?place=100000000")
    yield from go(page, str(page.locator("main tbody a").first.get_attribute("href")))
    yield from go(page, "/notices/sent", "/sign-in/password/sent", "/sign-in/password")
    yield from sent_empty(page, "main form", "forgotten")
    yield from go(page, "/sign-in/staff")
    yield from sent_empty(page, "main form", "staff sign-in")
    yield from go(page, "/sign-in/")
    yield from sent_empty(page, "main form", "sign-in")
    page.locator("[name=iin]").fill(visit.stage.person({}, measured={}).iin)
    press(page)
    page.wait_for_url("**/sign-in/code")
    yield "code", page
    page.locator("[name=code]").fill("000000")
    yield from sent_empty(page, "main form", "code")


def refusals(visit: Visit) -> Seen:
    someone, numbers = with_orders(visit.stage)
    page = visit.page(someone)
    yield from go(
        page, "/no-such-page", "/supply", "/office", f"/orders/{numbers['submitted']}/confirm", "/orders/no-such-order"
    )
    yield from go(page, f"/orders/{numbers['handed_over']}/cancel")
    page.goto("/welcome")
    page.context.clear_cookies(name="tirek_csrf")
    yield from sent_empty(page, "main form", "form without a token")
    nobody = visit.page()
    yield from go(nobody, "/no-such-page")


DESKS: dict[str, Callable[[Visit], Seen]] = {
    "recipient": recipient,
    "supplier": supplier,
    "officer": officer,
    "admin": admin,
    "public": public,
    "refusals": refusals,
}


#: What the walk of each desk opens, by the name of the route; a page of several desks stands at one of them.
WALKED: dict[str, frozenset[str]] = {
    "recipient": frozenset(
        {
            "accounts:phone",
            "aftercare:fault-discard",
            "aftercare:fault-step",
            "aftercare:harm-discard",
            "aftercare:harm-step",
            "aftercare:recipient-fault",
            "aftercare:recipient-fault-act",
            "aftercare:recipient-faults",
            "aftercare:recipient-harm",
            "aftercare:things",
            "correspondence:list",
            "correspondence:thread",
            "demand:need",
            "desks:offline",
            "desks:recipient-forms",
            "desks:recipient-home",
            "desks:unsent",
            "entitlements:recipient-line",
            "entitlements:recipient-programme",
            "entitlements:recipient-request",
            "entitlements:recipient-requests",
            "entitlements:request-discard",
            "entitlements:request-receipt",
            "entitlements:request-step",
            "entrance:all-data",
            "entrance:consent",
            "entrance:for-whom",
            "entrance:my-data",
            "entrance:roles",
            "entrance:welcome",
            "notices:inbox",
            "notices:notice",
            "procurement:recipient-purchase",
            "procurement:recipient-purchase-act",
            "procurement:recipient-purchases",
            "orders:compare",
            "orders:discard",
            "orders:offer",
            "orders:offers",
            "orders:payment",
            "orders:receipt",
            "orders:recipient-order",
            "orders:recipient-order-act",
            "orders:recipient-orders",
            "orders:step",
            "orders:together",
            "orders:together-done",
            "orders:unfinished",
            "parts:ask-discard",
            "parts:ask-step",
            "parts:find",
            "parts:of",
            "parts:recipient-order",
            "parts:recipient-order-act",
            "parts:recipient-orders",
            "prepared:mine",
            "prepared:one",
            "suppliers:join-discard",
            "suppliers:join-step",
            "suppliers:recipient-data",
            "suppliers:recipient-paper",
            "suppliers:recipient-registration",
            "suppliers:recipient-registration-act",
            "suppliers:recipient-registrations",
            "ui:display",
        }
    ),
    "supplier": frozenset(
        {
            "aftercare:supplier-fault",
            "aftercare:supplier-fault-act",
            "aftercare:supplier-faults",
            "aftercare:supplier-tasks",
            "aftercare:supplier-faults-filter",
            "aftercare:supplier-harm",
            "aftercare:supplier-harms",
            "aftercare:supplier-harms-filter",
            "catalogue:supplier-admission",
            "catalogue:supplier-admission-act",
            "catalogue:supplier-admissions",
            "catalogue:supplier-admissions-filter",
            "catalogue:supplier-card",
            "catalogue:supplier-card-act",
            "catalogue:supplier-card-file",
            "catalogue:supplier-card-files",
            "catalogue:supplier-card-table",
            "catalogue:supplier-card-document",
            "catalogue:supplier-card-document-off",
            "catalogue:supplier-card-part",
            "catalogue:supplier-card-photo",
            "catalogue:supplier-card-photo-off",
            "catalogue:supplier-card-size",
            "catalogue:supplier-card-size-edit",
            "catalogue:supplier-card-size-off",
            "catalogue:supplier-cards",
            "catalogue:supplier-kind",
            "demand:list",
            "demand:open",
            "desks:supplier-home",
            "insight:supplier",
            "orders:supplier-offers",
            "orders:supplier-offers-table",
            "orders:supplier-order",
            "orders:supplier-order-act",
            "orders:supplier-orders",
            "orders:supplier-orders-bulk",
            "orders:supplier-orders-filter",
            "orders:supplier-tasks",
            "orders:supplier-route",
            "orders:supplier-variant",
            "parts:supplier-find",
            "parts:supplier-order",
            "parts:supplier-order-act",
            "parts:supplier-orders",
            "parts:supplier-orders-filter",
            "parts:supplier-part",
            "parts:supplier-part-edit",
            "parts:supplier-part-fits",
            "parts:supplier-part-new",
            "parts:supplier-parts",
            "parts:supplier-parts-file",
            "parts:supplier-tasks",
            "reimbursements:payments",
            "reimbursements:supplier-claim",
            "reimbursements:supplier-claim-act",
            "reimbursements:supplier-claims",
            "reimbursements:supplier-claims-bulk",
            "reimbursements:supplier-claims-filter",
            "reimbursements:supplier-tasks",
            "suppliers:account",
            "suppliers:supplier-agreement",
            "suppliers:supplier-checks",
            "suppliers:supplier-paper",
        }
    ),
    "officer": frozenset(
        {
            "aftercare:bought-tasks",
            "aftercare:officer-fault",
            "aftercare:officer-fault-act",
            "aftercare:officer-faults",
            "aftercare:officer-tasks",
            "aftercare:officer-faults-filter",
            "aftercare:officer-harm",
            "aftercare:officer-harm-act",
            "aftercare:officer-harms",
            "aftercare:officer-harms-filter",
            "aftercare:things-of",
            "catalogue:officer-admission",
            "catalogue:officer-admission-act",
            "catalogue:officer-admissions",
            "catalogue:officer-tasks",
            "catalogue:officer-admissions-filter",
            "catalogue:officer-card",
            "catalogue:officer-card-act",
            "catalogue:officer-cards",
            "desks:officer-bring",
            "desks:officer-find",
            "desks:officer-forms",
            "desks:officer-home",
            "desks:officer-person",
            "desks:officer-reason",
            "desks:overview",
            "desks:overview-of",
            "entitlements:correction-discard",
            "entitlements:correction-step",
            "entitlements:new-programme",
            "entitlements:officer-correction",
            "entitlements:officer-correction-act",
            "entitlements:keep-scenario",
            "entitlements:officer-line",
            "entitlements:officer-request",
            "entitlements:officer-request-act",
            "entitlements:officer-tasks",
            "entitlements:officer-term",
            "letters:day",
            "letters:returned",
            "procurement:needs",
            "procurement:new-lot",
            "procurement:officer-lot",
            "procurement:officer-lot-act",
            "procurement:officer-lots",
            "procurement:officer-lots-filter",
            "procurement:officer-purchase",
            "procurement:officer-purchase-act",
            "procurement:officer-purchases",
            "procurement:officer-purchases-filter",
            "procurement:officer-tasks",
            "procurement:record",
            "procurement:region-tasks",
            "orders:officer-order",
            "orders:officer-order-act",
            "orders:officer-orders",
            "orders:officer-orders-filter",
            "orders:officer-tasks",
            "parts:find-of",
            "parts:of-thing",
            "parts:officer-order",
            "parts:officer-order-act",
            "parts:officer-orders",
            "parts:officer-orders-filter",
            "people:death",
            "people:disability",
            "people:move",
            "people:needs",
            "people:phone",
            "people:register",
            "people:representative",
            "people:withdraw-consent",
            "reimbursements:officer-claim",
            "reimbursements:officer-claim-act",
            "reimbursements:officer-claims",
            "reimbursements:officer-claims-bulk",
            "reimbursements:officer-claims-filter",
            "reimbursements:officer-tasks",
            "suppliers:officer-checks",
            "suppliers:officer-finding",
            "suppliers:officer-registration",
            "suppliers:officer-registration-act",
            "suppliers:officer-registrations",
            "suppliers:officer-tasks",
            "suppliers:officer-registrations-filter",
            "suppliers:officer-supplier",
            "suppliers:officer-supplier-act",
            "suppliers:officer-supplier-check",
            "suppliers:officer-suppliers",
        }
    ),
    "admin": frozenset(
        {
            "accounts:confirm",
            "manage:add-scenarios",
            "manage:announcement",
            "manage:announcements",
            "manage:block",
            "manage:calendar",
            "manage:change-announcement",
            "manage:end-announcement",
            "manage:failures",
            "manage:end-role",
            "manage:give-role",
            "manage:home",
            "manage:import",
            "manage:import-days",
            "manage:import-run",
            "manage:imports",
            "manage:invite",
            "manage:training",
            "manage:prices-new",
            "manage:kind-terms",
            "manage:provision",
            "manage:kind-terms-new",
            "manage:provision-new",
            "manage:kind-terms-of-kind",
            "manage:provision-of-kind",
            "manage:new-announcement",
            "manage:new-day",
            "manage:new-organisation",
            "manage:new-version",
            "manage:organisation",
            "manage:organisation-contact",
            "manage:organisations",
            "manage:preview",
            "manage:prices-of-kind",
            "manage:prices",
            "manage:reference",
            "manage:register-supplier",
            "manage:supplier-account",
            "manage:reset-factors",
            "manage:scenario",
            "manage:scenarios",
            "manage:set-aside-scenario",
            "manage:unblock",
            "manage:user",
            "manage:users",
            "manage:value",
            "manage:withdraw-announcement",
            "notices:text",
            "notices:texts",
            "notices:undelivered",
        }
    ),
    "public": frozenset(
        {
            "accounts:code",
            "accounts:forgotten",
            "accounts:link-sent",
            "accounts:persona",
            "accounts:sign-in",
            "accounts:signed-out",
            "accounts:staff-sign-in",
            "catalogue:offer",
            "catalogue:offers",
            "catalogue:offers-compare",
            "catalogue:thing",
            "catalogue:things",
            "entrance:accessibility",
            "entrance:home",
            "entrance:help",
            "entrance:privacy",
            "entrance:status",
            "entrance:terms",
            "insight:outcomes",
            "insight:prepared",
            "insight:readiness",
            "insight:readiness-of",
            "insight:waiting",
            "notices:sent",
            "suppliers:join",
            "suppliers:public-offer",
            "suppliers:register",
        }
    ),
    "refusals": frozenset(),
}
_LEADS_ON = "leads on to the first step of the form"
_NO_PAGE = "no page: a file, or an answer to a script"
_OUTSIDE = "opened past axe by tests/accounts/test_sign_in_in_browser.py: a demo has no such step"
_ASKED = "the page of a question, as manage:block is, about what the walk does not make"
_QUESTION = "the page of a question, as manage:block is, about what only an amendment of the shared product would make"
_NO_RECALL = "what is out of a recall, and the demo has none: read by tests/aftercare/test_stops.py"
#: Declared pages that no walk opens, each with its reason.
EXCUSED = {
    "aftercare:fault-form": _LEADS_ON,
    "aftercare:harm-form": _LEADS_ON,
    "aftercare:supplier-harm-out": _NO_RECALL,
    "aftercare:officer-harm-out": _NO_RECALL,
    "aftercare:supplier-harm-act": "leads back to the report, whose page is opened: no act has a page of its own",
    "accounts:enrol": _OUTSIDE,
    "accounts:mfa": _OUTSIDE,
    "accounts:new-password": _OUTSIDE,
    "catalogue:offer-paper": _NO_PAGE,
    "catalogue:offers-paper": _NO_PAGE,
    "catalogue:photo": _NO_PAGE,
    "catalogue:supplier-card-book": _NO_PAGE,
    "catalogue:supplier-card-file-wrong": _NO_PAGE,
    "correspondence:office": _LEADS_ON,
    "desks:offline-worker": _NO_PAGE,
    "entitlements:correction-form": _LEADS_ON,
    "entitlements:officer-line-scenario": _NO_PAGE,
    "manage:scenario-file": _NO_PAGE,
    "entitlements:officer-term-act": "leads back to the term, whose page is opened: no act has a page of its own",
    "entitlements:request-form": _LEADS_ON,
    "entrance:export": _NO_PAGE,
    "files:download": _NO_PAGE,
    "health": _NO_PAGE,
    "insight:outcomes-csv": _NO_PAGE,
    "insight:prepared-csv": _NO_PAGE,
    "insight:waiting-csv": _NO_PAGE,
    "letters:envelopes": _NO_PAGE,
    "insight:waiting-json": _NO_PAGE,
    "insight:waiting-schema": _NO_PAGE,
    "manage:import-template": _NO_PAGE,
    "parts:ask-form": _LEADS_ON,
    "parts:supplier-parts-book": _NO_PAGE,
    "manage:invite-again": _ASKED,
    "manage:prices-withdraw": _QUESTION,
    "manage:kind-terms-withdraw": _QUESTION,
    "manage:provision-withdraw": _QUESTION,
    "manage:withdraw-day": _QUESTION,
    "manage:withdraw-invitation": _ASKED,
    "manage:withdraw-version": _QUESTION,
    "orders:act": _NO_PAGE,
    "orders:form": _LEADS_ON,
    "orders:supplier-offers-export": _NO_PAGE,
    "reimbursements:payments-file": _NO_PAGE,
    "suppliers:join-form": _LEADS_ON,
    "suppliers:supplier-registration": "the facts of the applicant's page, which is opened, and nothing to press",
    "orders:supplier-orders-export": _NO_PAGE,
    "session-state": _NO_PAGE,
    "web-health": _NO_PAGE,
    "people:end-representative": _ASKED,
    "ui:language": "leads back to the page it was asked from",
}


def not_walked(pages: Iterable[str]) -> set[str]:
    """Pages that no walk opens, and that nothing excuses."""
    return set(pages) - frozenset().union(*WALKED.values()) - set(EXCUSED)


def not_opened(desk: str, opened: set[str]) -> list[str]:
    """Pages that the table says a walk opens, and that it did not."""
    return [f"{name}: in WALKED, and not opened" for name in sorted(WALKED[desk] - opened)]


def wrong_in_both_sizes(name: str, page: Page) -> list[str]:
    """All that is wrong with the page on a phone and on a desktop; it is left as it was found."""
    before = page.viewport_size or DESKTOP
    found = []
    for size in (PHONE, DESKTOP) if before == DESKTOP else (DESKTOP, PHONE):
        page.set_viewport_size(size)
        found += [f"{size['width']}, {one}" for one in wrong_with(name, page)]
    return found


def wrong_with(name: str, page: Page) -> list[str]:
    """All that is wrong with the page as it stands, then with the text twice as large as the display panel makes it."""
    found = [f"{name}: {one}" for one in misheard(page) + violations(page)]
    if runs_over(page):
        found.append(f"{name}: scrolls sideways")
    page.evaluate("document.documentElement.classList.add('display-size-200')")
    if runs_over(page):
        found.append(f"{name}: scrolls sideways at double text")
    page.evaluate("document.documentElement.classList.remove('display-size-200')")
    if page.locator("h1").count() != 1:
        found.append(f"{name}: {page.locator('h1').count()} headings of the first level")
    return found


def unsafe(response: Response) -> list[str]:
    """What the headers of a page lack."""
    if "text/html" not in response.headers.get("content-type", "") or response.status in range(300, 400):
        return []
    headers = response.headers
    policy = headers.get("content-security-policy", "")
    wanted = {
        "default-src 'none'": policy,
        "script-src 'self'": policy,
        "style-src 'self'": policy,
        "frame-ancestors 'none'": policy,
        "form-action 'self'": policy,
        "DENY": headers.get("x-frame-options", ""),
        "nosniff": headers.get("x-content-type-options", ""),
        "same-origin": headers.get("referrer-policy", ""),
    }
    found = [f"{response.url}: {value!r} is missing" for value, where in wanted.items() if value not in where]
    if "unsafe" in policy:
        found.append(f"{response.url}: {policy}")
    return found


def walk(visit: Visit, desk: str) -> list[str]:
    """All that is wrong with the pages of a desk, and with their headers."""
    found: list[str] = []
    for name, page in DESKS[desk](visit):
        visit.keep_name(page)
        found += wrong_with(name, page) if visit.spread else wrong_in_both_sizes(name, page)
    found += not_opened(desk, visit.opened)
    return found + [problem for answer in visit.answers for problem in unsafe(answer)]


def test_every_declared_page__is_opened_by_the_walk_of_a_desk() -> None:
    pages = {name for name, page in declared.pages().items() if not page.post}
    walked = [name for names in WALKED.values() for name in names]
    assert not_walked(pages) == set(), "a new page: let a walk open it, and name it in WALKED"
    assert {*walked, *EXCUSED} - pages == set(), "a page that is no more"
    assert len(walked) == len(set(walked)), "named at two desks"
    assert set(walked) & set(EXCUSED) == set(), "excused and opened"
    assert set(WALKED) == set(DESKS)


def test_guard__sees_a_page_that_no_walk_opens() -> None:
    assert not_walked({"repairs:officer-repairs", "orders:officer-orders", "health"}) == {"repairs:officer-repairs"}
    assert not_opened("public", {*WALKED["public"]} - {"entrance:help"}) == ["entrance:help: in WALKED, and not opened"]


@pytest.mark.parametrize(
    ("address", "status", "name"),
    [
        ("http://127.0.0.1:8000/office/orders?state=submitted", 200, "orders:officer-orders"),
        ("http://127.0.0.1:8000/office/orders/%D0%A2%D0%A1-2026-0000001/cancel", 422, "orders:officer-order-act"),
        ("http://127.0.0.1:8000/office/orders", 403, ""),
        ("http://127.0.0.1:8000/orders/no-such-order", 404, ""),
        ("http://127.0.0.1:8000/no-such-page", 404, ""),
        ("http://127.0.0.1:8000/no-such-page", 200, ""),
    ],
)
def test_page_of_a_refusal__counts_for_no_route(address: str, status: int, name: str) -> None:
    assert route_of(address, status) == name


@pytest.mark.browser
@pytest.mark.finding("J-heard")
@pytest.mark.mission("S0.25")
@pytest.mark.parametrize(
    ("desk", "language", "phone"),
    [
        # the walks of people and of the desks of work take a minute each
        pytest.param("recipient", "kk", True, marks=pytest.mark.slow),
        pytest.param("supplier", "ru", False, marks=pytest.mark.slow),
        pytest.param("officer", "kk", False, marks=pytest.mark.slow),
        pytest.param("admin", "kk", True, marks=pytest.mark.slow),
        ("public", "ru", True),
        ("refusals", "en", True),
    ],
)
def test_every_page__passes_axe_fits_at_double_text_and_has_strict_headers(
    stage: Stage, desk: str, language: Language, phone: bool
) -> None:
    visit = Visit(stage, language, phone, spread=True)
    assert walk(visit, desk) == []
    assert visit.looks == {(one, size["width"]) for one, size in LOOKS}


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize(("language", "phone"), [("kk", True), ("ru", False)])
@pytest.mark.parametrize("desk", list(DESKS))
def test_every_page__in_both_sizes(stage: Stage, desk: str, language: Language, phone: bool) -> None:
    """Every page and every page with mistakes, at 360 and at 1280; English stands in the spread walk."""
    assert walk(Visit(stage, language, phone), desk) == []
