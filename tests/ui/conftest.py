"""The test site of ``pages.py`` on a port of its own, and one Chromium for the run."""

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from types import ModuleType
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test import Client, override_settings
from playwright.sync_api import Browser, BrowserContext, Page

from tirek import settings as product
from tirek.ui import navigation

HERE = Path(__file__).parent


def _load(name: str, path: Path) -> ModuleType:
    """Import a file beside the tests; pytest keeps its folder off the path."""
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


pages = _load("tirek_ui_test_pages", HERE / "pages.py")

MIDDLEWARE = [
    name
    for name in product.MIDDLEWARE
    if name.endswith("SessionMiddleware") or not name.startswith(("tirek.", "allauth.", "whitenoise."))
]
MIDDLEWARE = [name for name in MIDDLEWARE if not name.endswith("AuthenticationMiddleware")]
SETTINGS: dict[str, Any] = {
    "ROOT_URLCONF": "tirek_ui_test_pages",
    "MIDDLEWARE": [*MIDDLEWARE, "tirek_ui_test_pages.actor_middleware"],
    "TEMPLATES": [{**product.TEMPLATES[0], "DIRS": [HERE / "templates"]}],
    "STORAGES": {
        **product.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    },
    "SESSION_ENGINE": "django.contrib.sessions.backends.signed_cookies",
    "MESSAGE_STORAGE": "django.contrib.messages.storage.cookie.CookieStorage",
    "CSRF_FAILURE_VIEW": "django.views.csrf.csrf_failure",
    "ALLOWED_HOSTS": ["*"],
}


@pytest.fixture
def world() -> Iterator[Any]:
    """What the test site remembers, fresh."""
    menu = {desk: dict(items) for desk, items in navigation._items.items()}
    unread, standing = list(navigation._unread), list(navigation._role_lines)
    navigation._items.clear()
    pages.register_menu()
    pages.MEMORY.reset()
    yield pages.MEMORY
    navigation._items.clear()
    navigation._items.update(menu)
    navigation._unread[:] = unread
    navigation._role_lines[:] = standing


@pytest.fixture
def client(world: Any) -> Iterator[Client]:
    """A client of the test site, in English unless it asks otherwise."""
    with override_settings(**SETTINGS):
        yield Client(headers={"Accept-Language": "en"})


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@dataclass
class Site:
    """The running test site; ``down`` cuts the server off without the browser knowing."""

    url: str
    world: Any


@contextmanager
def _serving() -> Iterator[str]:
    server = ThreadedWSGIServer(("127.0.0.1", 0), _Quiet)
    server.daemon_threads = True
    server.set_app(StaticFilesHandler(WSGIHandler()))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def site(world: Any) -> Iterator[Site]:
    """The test site, reachable by a browser."""
    with override_settings(**SETTINGS), _serving() as url:
        yield Site(url, world)


@pytest.fixture(scope="session")
def browser(chromium: Browser) -> Browser:
    """The Chromium of the run."""
    return chromium


@pytest.fixture
def context(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    """A fresh profile that speaks English; errors of scripts and of the content policy fail the test."""
    context = browser.new_context(base_url=site.url, locale="en-GB", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(10_000)
    troubles: list[str] = []
    context.on("weberror", lambda error: troubles.append(str(error.error)))
    context.on(
        "console", lambda message: troubles.append(message.text) if "Content Security Policy" in message.text else None
    )
    yield context
    context.close()
    assert not troubles


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page of that profile."""
    return context.new_page()
