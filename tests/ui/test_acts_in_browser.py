"""A page with several acts: what was typed for one goes along when another is sent."""

from typing import Any

import pytest
from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.finding("J-typed-beside")]


def test_act__takes_along_what_was_typed_for_others_and_no_more(page: Page, site: Any) -> None:
    page.goto("/acts")
    page.get_by_label("Why").fill("It was late.\nTwice.")
    page.get_by_label("Told").check()
    page.get_by_label("Remark").fill("short")
    page.get_by_role("button", name="Keep it").click()
    page.wait_for_url("**/receipt")
    (sent,) = site.world.submissions
    # the day was proposed and nobody has touched it: it is proposed again
    assert {name: value.replace("\r\n", "\n") for name, value in sent.items()} == {
        "remark-text": "short",
        "finish-shown": "7",
        "finish-why": "It was late.\nTwice.",
        "finish-told": "on",
    }


def test_act__sends_only_itself_where_nothing_else_was_typed(page: Page, site: Any) -> None:
    page.goto("/acts")
    page.get_by_label("Remark").fill("short")
    page.get_by_role("button", name="Keep it").click()
    page.wait_for_url("**/receipt")
    assert site.world.submissions == [{"remark-text": "short"}]
