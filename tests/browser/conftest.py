"""One running product with demo data for all workers of a run; a story makes its own people in it."""

import json
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tests.browser.stage import Backstage, Stage, story
from tests.kit.alone import alone
from tests.runtime.installation import Installation, wait_for
from tests.runtime.tables import put_migrated

from tirek.cli.embedded import Embedded


def _of_the_run(factory: pytest.TempPathFactory) -> Path:
    base = factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def _wake_at_night(made: Installation) -> None:
    """Text messages leave at any hour, so that a story ends the same by day and by night."""
    done = made.tirek("prepare")
    assert done.returncode == 0, done.stdout
    with Embedded(made.var):
        first = Backstage(made)
        first.ask("wake_at_night")
        first.close()


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """``tirek run`` in a folder of its own; the first worker starts it, the last one ends it.

    ``TIREK_TEST_RUNNING=<folder>:<port>`` takes an installation that runs already: quicker while a story is being
    written.
    """
    folder_and_port = os.environ.get("TIREK_TEST_RUNNING", "")
    if folder_and_port:
        folder, _, port = folder_and_port.rpartition(":")
        yield Installation(Path(folder), port=int(port))
        return
    shared = _of_the_run(tmp_path_factory)
    lock, note = shared / "browser.lock", shared / "browser.json"
    with alone(lock):
        told = json.loads(note.read_text()) if note.exists() else {"users": 0}
        if not told["users"]:
            place = Path(tempfile.mkdtemp(prefix="tirek-browser-", dir="/tmp"))
            place.chmod(0o755)
            running = Installation(place / "var")
            put_migrated(running.var)
            _wake_at_night(running)
            running.start("run")
            wait_for(running.ready, within=240)
            assert running.supervisor is not None
            told = {"users": 0, "folder": str(place), "port": running.port, "pid": running.supervisor.pid}
            # whichever worker is the last ends it
            running.supervisor.returncode = 0
        note.write_text(json.dumps(told | {"users": told["users"] + 1}))
    running = Installation(Path(told["folder"]) / "var", port=told["port"])
    yield running
    with alone(lock):
        told = json.loads(note.read_text())
        left = told["users"] - 1
        note.write_text(json.dumps(told | {"users": left}))
        if not left:
            with suppress(ProcessLookupError):
                os.kill(told["pid"], signal.SIGINT)
            wait_for(lambda: not running.processes(), within=60)
            running.remove()
            shutil.rmtree(told["folder"], ignore_errors=True)


@pytest.fixture(scope="session")
def backstage(product: Installation) -> Iterator[Backstage]:
    """The one who prepares what stories begin with."""
    made = Backstage(product)
    yield made
    made.close()


@pytest.fixture
def stage(product: Installation, backstage: Backstage, chromium: Browser) -> Iterator[Stage]:
    """One story on the running product."""
    with story(f"http://127.0.0.1:{product.port}", chromium, backstage) as made:
        yield made
