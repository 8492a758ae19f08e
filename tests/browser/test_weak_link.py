"""A village: 400 kilobits a second, half a second there and back, and a phone that is six times slower than a new
one.
"""

import pytest
from playwright.sync_api import Page, expect
from tests.browser.stage import Stage, begin, fill_in, send

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def far_away(page: Page) -> None:
    """The page's link and processor become those of a village."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 500, "downloadThroughput": 50_000, "uploadThroughput": 20_000},
    )
    session.send("Emulation.setCPUThrottlingRate", {"rate": 6})


@pytest.mark.mission("S0.9", "S0.3")
def test_village__orders_over_a_weak_link_on_a_slow_phone(stage: Stage) -> None:
    someone = stage.person(language="kk")
    page = stage.at_desk(someone, language="kk", phone=True)
    page.set_default_timeout(60_000)
    far_away(page)
    page.goto("/programme")
    begin(page, someone.lines["GI-01"])
    fill_in(page, address="Аягөз ауданы, Мәдениет ауылы, Абай көшесі 10")
    number = send(page)
    page.goto("/orders")
    expect(page.locator("main")).to_contain_text(number)
    assert stage.backstage.ask("order_count", person=someone.key)["count"] == 1
