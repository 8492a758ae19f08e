"""A submit that waited too long for a connection is not forgotten in silence."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from tests.browser.paths import said
from tests.browser.stage import Language, Stage, begin, fill_in, press

from tirek.core import clock

pytestmark = pytest.mark.browser


@pytest.mark.mission("S0.9")
@pytest.mark.parametrize(("days", "language"), [(2, "kk"), (9, "ru")])
def test_submit_that_waited_more_than_a_day__is_told_not_sent_with_the_way_to_the_form(
    stage: Stage, days: int, language: Language
) -> None:
    someone = stage.person(language=language)
    page = stage.at_desk(someone, language=language)
    begin(page, someone.lines["GI-01"])
    fill_in(page)
    form = page.url
    page.locator("[name=consent]").check()
    page.context.set_offline(True)
    press(page, "form[data-queue-submit]")
    expect(page.locator("[data-draft-status][data-state=queued]")).to_be_visible()
    page.close()
    later = page.context.new_page()
    later.clock.install(time=clock.now() + timedelta(days=days))
    later.context.set_offline(False)
    later.goto("/")
    told = later.locator("[data-draft-status][data-state=problem]")
    words = (
        "What you pressed more than a day ago, while there was no connection, was not sent. Open the form, check it "
        "and send it again."
    )
    expect(told).to_contain_text(said(language, words))
    assert stage.backstage.ask("order_count", person=someone.key) == {"count": 0}
    later.locator("#main-content > div > a").first.click()
    expect(later).to_have_url(form)
    expect(later.locator("[data-draft-status][data-state=problem]")).to_have_count(0)
