"""Pictures of each desk for the README: on a phone (360 px) and on a desktop (1280 px), from a fresh demo installation.

``make screens`` writes ``docs/screens/<desk>-<page>-<width>.png``. Times and numbers in them are of the moment.
"""

import io
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from rich.progress import track

ROOT = Path(__file__).parents[1]
SCREENS = ROOT / "docs" / "screens"
WIDTHS = {360: 740, 1280: 900}
FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--force-color-profile=srgb",
]
START_SECONDS = 300.0
COLOURS = 128


@dataclass(frozen=True, slots=True)
class Screen:
    """One page to be pictured.

    Attributes:
        desk: who looks at it.
        name: of the file.
        path: address; "" stays where the link led.
        follow: text patterns of links to follow from there, one after another.
        language: of the page.
        person: which of the desk's demo people.
    """

    desk: str
    name: str
    path: str
    follow: tuple[str, ...] = ()
    language: str = "kk"
    person: int = 0


SCREENS_WANTED = (
    Screen("public", "home", "/", language="kk"),
    Screen("public", "sign-in", "/sign-in/", language="ru"),
    Screen("recipient", "home", "/home", person=2),
    Screen("recipient", "programme", "/programme", person=3),
    Screen("recipient", "offers", "/programme", follow=(r"^/order/[0-9a-f-]{36}$",), person=4),  # some fit, some do not
    Screen("recipient", "order", "/orders", follow=(r"^/orders/[^/]+$",), person=2),
    Screen("supplier", "home", "/supply", language="ru"),
    Screen("supplier", "orders", "/supply/orders?all=1", language="ru"),
    Screen("supplier", "order", "/supply/orders", follow=(r"^/supply/orders/[^/]+$",), language="ru"),
    Screen("officer", "home", "/office", language="ru"),
    Screen("officer", "orders", "/office/orders?sort=name", language="en"),
    Screen("officer", "order", "/office/orders", follow=(r"^/office/orders/[^/]+$",), language="kk"),
    Screen("administrator", "home", "/manage/", language="ru"),
    Screen("administrator", "value", "/manage/reference/order.acceptance", language="kk"),
)


@contextmanager
def demo() -> Iterator[str]:
    """A fresh demo installation; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="tirek-screens-"))
    folder.chmod(0o755)  # the database's own user must get through
    settings = {"TIREK_DEMO": "1", "TIREK_VAR": str(folder / "var"), "TIREK_PORT": str(port)}
    url = f"http://127.0.0.1:{port}"
    running = subprocess.Popen([sys.executable, "-m", "tirek.cli", "run"], env=os.environ | settings)
    try:
        deadline = time.monotonic() + START_SECONDS
        while not _answers(url):
            if running.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("The demo did not start; the reason stands above.")
            time.sleep(0.2)
        yield url
    finally:
        running.send_signal(signal.SIGINT)
        running.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=5) as answer:  # noqa: S310 - this machine
            return bool(answer.status == 200)  # noqa: PLR2004 - HTTP's OK
    except (urllib.error.URLError, OSError):
        return False


def become(page: Page, desk: str, person: int) -> None:
    """Signs in as one of the demo people of ``desk``."""
    page.goto("/sign-in/demo")
    page.locator(f"h2:text-is('{desk.capitalize()}') + ul button").nth(person).click()
    page.wait_for_load_state()


def speak(context: BrowserContext, url: str, language: str) -> None:
    """Chooses the language of the pages to come."""
    context.add_cookies([{"name": "tirek_language", "value": language, "url": url}])


def picture(browser: Browser, url: str, screen: Screen, width: int) -> None:
    """Takes one picture."""
    context = browser.new_context(
        base_url=url, viewport={"width": width, "height": WIDTHS[width]}, reduced_motion="reduce", device_scale_factor=1
    )
    try:
        page = context.new_page()
        if screen.desk != "public":
            speak(context, url, "en")  # the language in which `become` looks for a desk
            become(page, screen.desk, screen.person)
        speak(context, url, screen.language)
        page.goto(screen.path)
        for pattern in screen.follow:
            links = [link.get_attribute("href") or "" for link in page.locator("main a").all()]
            page.goto(next(link for link in links if re.search(pattern, link)))
        page.wait_for_load_state("networkidle")
        write(page.screenshot(full_page=True), SCREENS / f"{screen.desk}-{screen.name}-{width}.png")
    finally:
        context.close()


def write(png: bytes, path: Path) -> None:
    """Few colours are enough for pages of text, and the repository stays small."""
    Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS).save(path, optimize=True)


def main() -> None:
    """Takes all pictures anew."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    for old in SCREENS.glob("*.png"):
        old.unlink()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with demo() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        wanted = [(screen, width) for screen in SCREENS_WANTED for width in WIDTHS]
        for screen, width in track(wanted, description="Pictures"):
            picture(browser, url, screen, width)
        browser.close()


if __name__ == "__main__":
    main()
