"""Kilobytes over the wire in Chromium: the first page with fonts and scripts, and later ones, also of somebody who
orders. Images are lazy and not counted."""

from playwright.sync_api import CDPSession, Page, sync_playwright

from bench.browser import launch
from bench.world import prepare, world


def _counted(session: CDPSession, page: Page, url: str) -> float:
    kinds: dict[str, str] = {}
    total = 0.0

    def answered(event: dict[str, object]) -> None:
        kinds[str(event["requestId"])] = str(event["type"])

    def finished(event: dict[str, object]) -> None:
        nonlocal total
        if kinds.get(str(event["requestId"])) != "Image":
            total += float(str(event["encodedDataLength"]))

    session.on("Network.responseReceived", answered)
    session.on("Network.loadingFinished", finished)
    page.goto(url, wait_until="networkidle")
    session.remove_listener("Network.responseReceived", answered)
    session.remove_listener("Network.loadingFinished", finished)
    return total / 1024


def run() -> dict[str, float]:
    """Measure; keys of ``wire.*``. The heaviest of the three languages counts."""
    first, later = 0.0, 0.0
    with world() as one, sync_playwright() as play, launch(play) as browser:
        someone = prepare(one, 1)[0]
        own = (
            "/home",
            "/programme",
            f"/programme/{someone.line}",
            f"/order/{someone.line}",
            f"/order/form/{someone.draft}/delivery",
            "/orders",
        )
        for language in ("kk", "ru", "en"):
            context = browser.new_context(viewport={"width": 360, "height": 740})
            address = f"http://127.0.0.1:{one.port}"
            context.add_cookies([{"name": "tirek_language", "value": language, "url": address}])
            page = context.new_page()
            session = context.new_cdp_session(page)
            session.send("Network.enable")
            first = max(first, _counted(session, page, f"{address}/"))
            for path in ("/help", "/terms", "/sign-in/", "/privacy"):
                later = max(later, _counted(session, page, address + path))
            context.add_cookies([{"name": "tirek_session", "value": someone.session, "url": address}])
            for path in own:
                later = max(later, _counted(session, page, address + path))
                if not page.url.endswith(path):
                    raise SystemExit(f"{path} led to {page.url}")
            context.close()
    return {"wire.first_page_kb": round(first, 1), "wire.next_page_kb": round(later, 1)}
