"""With the tab closed and no link, the browser still opens the list of what is not sent yet, and nothing else."""

import re

import pytest
from playwright.sync_api import Error, Page, expect
from tests.browser.stage import Stage, begin, fill_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]
#: Frame by frame, until a question is answered with yes.
_UNTIL = """
    async () => {
        while (!(await (%s))) {
            if (performance.now() > 30000) throw new Error("it did not come to be")
            await new Promise(requestAnimationFrame)
        }
    }
"""
#: A page outside of what the worker is for asks for it by its place.
_READY = (
    _UNTIL
    % "navigator.serviceWorker.getRegistration('/not-sent').then((found) => found?.active?.state === 'activated')"
)
_CACHES = """
    async () => {
        const kept = {}
        for (const name of await caches.keys()) {
            const cache = await caches.open(name)
            for (const { url } of await cache.keys()) {
                kept[new URL(url).pathname] = [name, await (await cache.match(url)).text()]
            }
        }
        return kept
    }
"""


def _typed_without_a_link(page: Page, line: str) -> None:
    begin(page, line)
    fill_in(page)
    page.goto(f"{page.url.rpartition('/')[0]}/delivery?from=check")
    page.evaluate(_READY)
    page.context.set_offline(True)
    page.locator("[name=address]").fill("Мәдениет көшесі 77")
    page.locator("[name=phone]").focus()
    expect(page.locator("[data-draft-status][data-state=offline]").first).to_be_visible()


@pytest.mark.mission("S0.9")
@pytest.mark.parametrize(("language", "says"), [("kk", "Байланыс жоқ"), ("ru", "Нет связи")], ids=["kk", "ru"])
def test_tab_that_was_closed__is_followed_by_the_list_of_what_waits(stage: Stage, language: str, says: str) -> None:
    someone = stage.person(language=language)
    page = stage.at_desk(someone, language=language, phone=True)
    _typed_without_a_link(page, someone.lines["GI-01"])
    context = page.context
    page.close()
    later = context.new_page()
    later.goto("/not-sent")
    expect(later.locator(".unsent__item")).to_have_count(1)
    expect(later.locator("main")).to_contain_text(says)
    assert later.locator("html").get_attribute("lang") == language
    assert later.evaluate("document.documentElement.scrollWidth") <= 360
    assert "Мәдениет" not in later.content()
    assert later.evaluate("document.fonts.ready.then(() => document.fonts.check('16px \\'Noto Sans\\''))")
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        later.goto("/home")
    # with the link back, it is the page of the account again
    context.set_offline(False)
    later.goto("/not-sent")
    expect(later.locator("[data-unsent-page] .unsent__item")).to_have_count(1)


def test_nothing_of_anybody__is_kept_with_the_page(stage: Stage) -> None:
    someone = stage.person()
    page = stage.at_desk(someone, language="kk")
    begin(page, someone.lines["GI-01"])
    page.evaluate(_READY)
    page.goto("/not-sent")
    kept = page.evaluate(_CACHES)
    documents = {address for address in kept if not address.startswith("/static/")}
    assert documents == {"/not-sent/kk"}
    words = kept["/not-sent/kk"][1]
    for told in ("data-who", "data-store-key", "csrfmiddlewaretoken", someone.key):
        assert told not in words
    # after the sign-out nothing waits, and the page says so
    page.goto("/home")
    with page.expect_navigation():
        page.locator("form[data-wipes-store] button").first.evaluate("button => button.click()")
    page.context.set_offline(True)
    later = page.context.new_page()
    later.goto("/not-sent")
    expect(later.locator("[data-sealed-list]")).to_contain_text("ештеңе")
    assert set(later.evaluate(_CACHES)) == set(kept)


def test_other_version__takes_the_place_of_the_one_before(stage: Stage) -> None:
    someone = stage.person()
    page = stage.at_desk(someone, language="kk")
    page.goto("/not-sent")
    page.evaluate(_READY)
    (before,) = page.evaluate("caches.keys()")
    assert before.startswith("not-sent-")
    # the page in another language is another version of what is kept
    page.goto("/language/ru?next=/not-sent")
    page.evaluate(_UNTIL % f"caches.keys().then((names) => names.length === 1 && names[0] !== '{before}')")
    kept = page.evaluate(_CACHES)
    assert [address for address in kept if not address.startswith("/static/")] == ["/not-sent/ru"]


def test_shared_computer__keeps_no_page(stage: Stage) -> None:
    someone = stage.person()
    page = stage.at_desk(someone)
    shared = page.request.get("/not-sent").text()
    shared = re.sub('data-store-key="[^"]*"', 'data-shared="true"', shared)
    page.route("**/not-sent", lambda route: route.fulfill(body=shared, content_type="text/html"))
    page.goto("/not-sent")
    expect(page.locator("[data-unsent-page] p")).to_be_visible()
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then((found) => found.length)") == 0
    assert page.evaluate("caches.keys()") == []
