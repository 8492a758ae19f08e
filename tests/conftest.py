"""One database server for the whole run, started before the workers; the outside world is out of reach.

``TIREK_TEST_VAR`` (default ``var/test``) holds the server, so that two runs at once take two folders.
``TIREK_TEST_BINARIES`` names a folder of other PostgreSQL programs, ``TIREK_TEST_DATABASE_URL`` the owner's address on
a server that runs already. ``--no-database`` runs only the tests that need none, ``--only-database`` only the others.
"""

import gc
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import settings as hypothesis
from playwright.sync_api import Browser, expect, sync_playwright
from pytest_django import DjangoDbBlocker

TEST_VAR = Path(os.environ.get("TIREK_TEST_VAR") or "var/test").absolute()

if os.environ.get("DJANGO_SETTINGS_MODULE") and "PYTEST_XDIST_WORKER" not in os.environ:
    pytest.exit(
        "DJANGO_SETTINGS_MODULE is set: Django was read before the tests could say which database. Run: unset "
        "DJANGO_SETTINGS_MODULE",
        2,
    )

# before Django's settings are read, in the workers too
for _name in [name for name in os.environ if name.startswith("TIREK_") and not name.startswith("TIREK_TEST_")]:
    del os.environ[_name]
os.environ |= {"TIREK_DEMO": "1", "TIREK_VAR": str(TEST_VAR), "TIREK_DATABASE_POOL": "0", "TIREK_LOG_LEVEL": "WARNING"}
os.environ["DJANGO_SETTINGS_MODULE"] = "tirek.settings"
# Playwright keeps an event loop in the main thread; Django would refuse the database to every later test
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

import django  # noqa: E402 - the environment comes first
from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.db.backends.utils import CursorWrapper  # noqa: E402
from django.utils import translation  # noqa: E402

from tirek.cli import embedded, rights  # noqa: E402

OUTSIDE = os.environ.get("TIREK_TEST_DATABASE_URL", "")
os.environ["TIREK_DATABASE_URL"] = OUTSIDE or embedded.address(TEST_VAR, embedded.OWNER)
# before the tables are imported, here and in the conftest of any folder
django.setup()

from tests.kit import database  # noqa: E402

from tirek.core import reference  # noqa: E402
from tirek.core.service import failures  # noqa: E402

pytest_plugins = ["tests.kit.seconds", "tests.kit.standing"]
HERE = (None, "", "127.0.0.1", "::1", "localhost")
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"]
DATABASE = {"db", "transactional_db", "live_server", "django_db_setup", "app_role"}
STARTS = {"new_app", "folder", "installation", "migrated", "chromium"}
_server = pytest.StashKey[embedded.Embedded]()
_blocker = pytest.StashKey[DjangoDbBlocker]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--no-database", action="store_true", help="run only the tests that need no database")
    parser.addoption("--only-database", action="store_true", help="run only the tests that need the database")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    # pages are rendered without the manifest that `tirek migrate` makes from the collected files
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    is_worker = hasattr(config, "workerinput")
    if is_worker or config.option.collectonly or config.getoption("--no-database"):
        return
    if OUTSIDE:
        rights.grant_serving(urlsplit(OUTSIDE)._replace(path="/template1").geturl(), embedded.APP)
        return
    binaries = os.environ.get("TIREK_TEST_BINARIES")
    server = embedded.Embedded(TEST_VAR, binaries=Path(binaries) if binaries else None, tests=True)
    server.start()
    config.stash[_server] = server


def pytest_unconfigure(config: pytest.Config) -> None:
    server = config.stash.get(_server, None)
    if server is not None:
        server.stop()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    # what takes minutes comes first and what is short last, so that no worker waits for another at the end
    items.sort(key=_turn)
    if config.getoption("--no-database"):
        chosen = [item for item in items if not _uses_the_database(item) and not _starts_something(item)]
    elif config.getoption("--only-database"):
        chosen = [item for item in items if _uses_the_database(item)]
    else:
        return
    kept = set(chosen)
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = chosen


def pytest_collection_finish() -> None:
    """What every test needs is there now: from here on the collector looks only at what tests make."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


def _turn(item: pytest.Item) -> int:
    """Runs of the guards in an example app, then walks of a browser, then all others."""
    if "new_app" in getattr(item, "fixturenames", ()):
        return 0
    return 1 if item.get_closest_marker("browser") else 2


def _uses_the_database(item: pytest.Item) -> bool:
    return item.get_closest_marker("django_db") is not None or bool(DATABASE & set(getattr(item, "fixturenames", ())))


def _starts_something(item: pytest.Item) -> bool:
    """A browser, or an installation of its own."""
    return any(item.get_closest_marker(name) for name in ("browser", "slow")) or bool(
        STARTS & set(getattr(item, "fixturenames", ()))
    )


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker) -> None:
    """On our own server databases are copied from a template; on somebody else's nothing is left behind."""
    if not OUTSIDE:
        connection.settings_dict["TEST"]["TEMPLATE"] = database.template(
            embedded.address(TEST_VAR, embedded.OWNER, "postgres"), django_db_blocker
        )


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, pytestconfig: pytest.Config
) -> Iterator[None]:
    """The product's dated values are in the database before the first test."""
    with django_db_blocker.unblock():
        database.load()
        database.keep()
    pytestconfig.stash[_blocker] = django_db_blocker
    yield
    del pytestconfig.stash[_blocker]
    with django_db_blocker.unblock():
        database.end_other_sessions()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Where the tables were emptied, the values come back."""
    try:
        yield
    finally:
        blocker = item.config.stash.get(_blocker, None)
        if blocker is not None and database.empties_tables(item):
            with blocker.unblock():
                database.restore()


@pytest.fixture
def no_values(db: None) -> None:
    """Nobody has loaded a dated value yet."""
    for model in database.VALUES:
        model._default_manager.all().delete()


@pytest.fixture(autouse=True)
def _nothing_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sockets reach this machine only, and no name is asked for outside."""
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def refuse(host: object) -> None:
        if host not in HERE:
            raise OSError(f"Tests do not call the outside world: {host!r}")

    def connect_here(self: socket.socket, address: tuple[str, int] | str | bytes) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            refuse(address[0])
        connect(self, address)

    def look_up_here(host: object, *arguments: object, **options: object) -> object:
        refuse(host)
        return look_up(host, *arguments, **options)

    monkeypatch.setattr(socket.socket, "connect", connect_here)
    monkeypatch.setattr(socket, "getaddrinfo", look_up_here)


@pytest.fixture(autouse=True)
def _no_remembered_language() -> Iterator[None]:
    """A request of the test client leaves its language to the thread; the next test does not speak it."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _no_remembered_reference() -> Iterator[None]:
    """What a test loaded as reference data is not remembered for the next."""
    yield
    reference.forget()


@pytest.fixture(autouse=True)
def _no_remembered_refusals() -> Iterator[None]:
    """Reads that a test refused are not written down by the next."""
    yield
    failures.SHED.forget()


# a test says what is right, never how long it may take
hypothesis.register_profile("tirek", deadline=None)
hypothesis.load_profile("tirek")
# a busy machine may answer slowly; no test waits longer than the page needs
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for the run of a worker; a test opens a context of its own in it."""
    with sync_playwright() as playwright:
        found = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("TIREK_TEST_CHROMIUM") or found, args=CHROMIUM_FLAGS
        )
        yield browser
        browser.close()


@pytest.fixture
def app_role(db: None) -> Callable[[], AbstractContextManager[CursorWrapper]]:
    """``with app_role() as cursor: …`` runs SQL as the role that serves, inside the test's transaction."""

    @contextmanager
    def as_app() -> Iterator[CursorWrapper]:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {embedded.APP}")
            yield cursor
            cursor.execute("RESET ROLE")

    return as_app
