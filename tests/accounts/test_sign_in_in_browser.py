"""Signing in as a browser does it: without script, with a security key, and past axe."""

import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.test import override_settings
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer
from tests import factories as make
from tests.kit.axe import violations

from tirek.accounts.actions import factors, passwords, secrets
from tirek.accounts.limits import Origin
from tirek.accounts.models import User
from tirek.notices.models import SentMessage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "four words put together"
OTHER_PASSWORD = "four other words together"
HERE = Origin(address="127.0.0.1", device="")
SHOTS = os.environ.get("TIREK_TEST_SHOTS", "")
NewPage = Callable[..., Page]


@pytest.fixture
def new_page(chromium: Browser, live_server: LiveServer) -> Iterator[NewPage]:
    """A page of a browser of its own; ``width`` and what else Playwright's contexts take."""
    contexts = []

    def make_page(**options: Any) -> Page:
        options.setdefault("locale", "en-GB")
        context = chromium.new_context(base_url=live_server.url, **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        return context.new_page()

    yield make_page
    for context in contexts:
        context.close()


def last_code() -> str:
    secrets.hand_over()
    found = re.search(r"\b[0-9]{6}\b", SentMessage.objects.order_by("-at", "-id")[0].text)
    assert found is not None
    return found.group()


def last_link() -> str:
    secrets.hand_over()
    found = re.search(r"/sign-in/password/\S+", SentMessage.objects.order_by("-at", "-id")[0].text)
    assert found is not None
    return found.group()


def ask_by(page: Page, iin: str) -> None:
    page.goto("/sign-in/")
    page.get_by_label("Your IIN").fill(f"{iin[:6]} {iin[6:]}")
    page.get_by_role("button", name="Send me a code").click()


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.mission("S0.9", "S0.25")
def test_recipient__signs_in_and_out_with_and_without_script(new_page: NewPage, script: bool) -> None:
    person = make.person()
    page = new_page(java_script_enabled=script)
    ask_by(page, person.iin)
    page.get_by_label("Code from the message").fill(last_code())
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You have signed out")


def test_mistake__moves_the_focus_to_what_is_wrong(new_page: NewPage) -> None:
    page = new_page()
    ask_by(page, "123")
    expect(page).to_have_title(re.compile("^Error:"))
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("An IIN has 12 digits.")
    summary.get_by_role("link").click()
    expect(page.get_by_label("Your IIN")).to_be_focused()


def test_security_key__is_connected_at_the_first_sign_in_and_opens_the_second(new_page: NewPage) -> None:
    user = User.objects.create_user(email="officer@example.kz", password=PASSWORD, language="en")
    page = new_page()
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "usb",
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    def first_step() -> None:
        page.goto("/sign-in/staff?next=/help")
        page.get_by_label("E-mail address or IIN").fill("officer@example.kz")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Continue").click()

    with override_settings(DEMO=False):
        first_step()
        page.get_by_role("button", name="Connect a security key").click()
        expect(page).to_have_url(re.compile("/help$"))
        assert factors.factors_of(user) == {"webauthn"}
        page.get_by_role("button", name="Sign out").click()
        expect(page).to_have_url(re.compile("/signed-out$"))
        first_step()
        page.get_by_role("button", name="Use the security key").click()
        expect(page).to_have_url(re.compile("/help$"))


def test_key_that_does_not_answer__is_told_and_the_app_stays(new_page: NewPage) -> None:
    User.objects.create_user(email="officer@example.kz", password=PASSWORD, language="en")
    page = new_page()
    page.add_init_script("navigator.credentials.create = () => Promise.reject(new Error('no key'))")
    with override_settings(DEMO=False):
        page.goto("/sign-in/staff")
        page.get_by_label("E-mail address or IIN").fill("officer@example.kz")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Continue").click()
        page.get_by_role("button", name="Connect a security key").click()
        expect(page.get_by_role("alert")).to_have_text("The key did not answer. Touch it again, or use the app.")
        expect(page.get_by_role("button", name="Connect the app")).to_be_visible()


@pytest.mark.finding("J-link-of-a-browser")
def test_invited_staff__set_their_password_in_a_browser(new_page: NewPage) -> None:
    User.objects.create_user(email="officer@example.kz", password=PASSWORD)
    passwords.ask_link(name="officer@example.kz", origin=HERE)
    page = new_page(locale="en-GB")
    page.goto(last_link())
    page.locator("[name=password]").fill(OTHER_PASSWORD)
    page.locator("main form button").first.click()
    expect(page).to_have_url(re.compile("/sign-in/staff$"))
    assert User.objects.get(email="officer@example.kz").check_password(OTHER_PASSWORD)


def check(page: Page, name: str) -> None:
    """Axe finds nothing, nothing runs over the edge; a picture where somebody wants to look."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)
    assert violations(page) == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} runs over the edge"


@pytest.mark.parametrize(("width", "locale"), [(360, "kk-KZ"), (1280, "ru-RU")])
@pytest.mark.mission("S0.25")
def test_pages_outside_the_demo__pass_axe_and_fit_a_phone(new_page: NewPage, width: int, locale: str) -> None:
    """Every other page of signing in is on the walk of ``tests/browser/test_every_page.py``, which runs a demo."""
    user = User.objects.create_user(email="officer@example.kz", password=PASSWORD)
    page = new_page(viewport={"width": width, "height": 800}, locale=locale)

    def second_step() -> None:
        page.goto("/sign-in/staff")
        page.locator("[name=name]").fill("officer@example.kz")
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("main form button").first.click()

    def sent_wrong(name: str, field: str, typed: str) -> None:
        page.locator(f"[name={field}]").fill(typed)
        with page.expect_navigation():
            page.locator(f"main form:has([name={field}]) button").first.click()
        expect(page.locator(".govuk-error-summary a").first).to_be_visible()
        check(page, f"{width}-{name}-error")

    page.goto(f"/sign-in/password/{user.pk}/x")
    check(page, f"{width}-link-gone")
    passwords.ask_link(name="officer@example.kz", origin=HERE)
    page.goto(last_link())
    check(page, f"{width}-new-password")
    sent_wrong("new-password", "password", "short")
    with override_settings(DEMO=False):
        second_step()
        expect(page).to_have_url(re.compile("/sign-in/connect$"))
        check(page, f"{width}-enrol")
        sent_wrong("enrol", "code", "000000")
        secret = factors.new_app_secret()
        code = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
        factors.enrol_app(user=user, secret=secret, code=code, origin=HERE)
        second_step()
        expect(page).to_have_url(re.compile("/sign-in/second-step$"))
        check(page, f"{width}-second-step")
        sent_wrong("second-step", "code", "000000")
