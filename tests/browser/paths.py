"""What every walk through a path does: looks at words in a language, fills in acts, waits for the worker."""

from collections.abc import Iterable
from datetime import date

import pytest
from django.utils import translation
from playwright.sync_api import Page, expect
from tests.browser.stage import Language, looks_until, runs_over

#: In Kazakh and in Russian.
BOTH = pytest.mark.parametrize("language", ["kk", "ru"])


def said(language: Language, words: str) -> str:
    """What the pages say for ``words`` in a language; it is translated."""
    with translation.override(language):
        found = translation.gettext(words)
    assert found != words, f"{words}: not translated into {language}"
    return found


def shows(page: Page, language: Language, *words: str) -> None:
    """The page is in the language, fits its width, and says all of this."""
    expect(page.locator("html")).to_have_attribute("lang", language)
    for one in words:
        expect(page.locator("main")).to_contain_text(said(language, one), ignore_case=True)
    assert not runs_over(page)


def fill_day(page: Page, field: str, day: date) -> None:
    """Type a day into its three fields."""
    for part in ("day", "month", "year"):
        page.locator(f"[name={field}_{part}]").fill(str(getattr(day, part)))


def act(page: Page, name: str, fields: dict[str, str] | None = None, days: Iterable[tuple[str, date]] = ()) -> None:
    """Fill in the form of an act on the page of its case, and send it; nothing is refused."""
    form = f"main form[action$='/{name}']"
    for fold in page.locator(f"details:not([open]):has(form[action$='/{name}']) > summary").all():
        fold.click()
    for field, value in (fields or {}).items():
        found = page.locator(f"{form} [name={name}-{field}]")
        if found.first.get_attribute("type") == "checkbox":
            found.check(force=True)
        elif found.first.get_attribute("type") == "radio":
            page.locator(f"{form} [name={name}-{field}][value='{value}']").check(force=True)
        elif found.evaluate("field => field.tagName") == "SELECT":
            found.select_option(value)
        else:
            found.fill(value)
    for field, day in days:
        fill_day(page, f"{name}-{field}", day)
    with page.expect_navigation():
        page.locator(f"{form} button").first.click()
    expect(page.locator(".govuk-error-summary")).to_have_count(0)


def comes(page: Page, what: str) -> None:
    """What the worker does beside the page is there after some looks at it."""
    looks_until(page, lambda: page.locator(what).count())
    expect(page.locator(what).first).to_be_attached()
