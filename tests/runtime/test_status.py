"""The page of the state of the service, of real installations: it opens when PostgreSQL is down, and when it hangs."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from tests.runtime.installation import Installation, wait_for

from tirek.cli import embedded
from tirek.cli.child import living_in

pytestmark = pytest.mark.mission("S0.10")
#: Who has a session is known by the database alone.
SIGNED_IN = {"Cookie": "tirek_session=abcdefghijklmnopqrstuvwxyz012345", "Accept-Language": "en"}


def asked(installation: Installation, path: str, *, seconds: float = 30) -> tuple[int, str]:
    """Status and page; 0 where nobody answers."""
    request = Request(f"http://127.0.0.1:{installation.port}{path}", headers=SIGNED_IN)
    try:
        with urlopen(request, timeout=seconds) as answer:  # noqa: S310 - this machine
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


def test_page_of_the_state__opens_where_there_is_no_database_at_all(migrated: Installation) -> None:
    """The web server alone, as when the machine of the database is lost."""
    migrated.settings |= {"TIREK_WEB_PROCESSES": "1"}
    assert migrated.tirek("gather").returncode == 0
    migrated.start("web")
    wait_for(lambda: asked(migrated, "/status")[0] == 200)
    # the round of this machine has seen it by itself and says so
    wait_for(lambda: "Nothing can be saved now." in asked(migrated, "/status")[1])
    assert (migrated.var / "state" / "known.json").exists()
    assert asked(migrated, "/")[0] == 503
    assert asked(migrated, "/language/ru?next=/status")[0] == 200
    assert "Something does not work" in asked(migrated, "/status")[1]


@contextmanager
def hanging(installation: Installation) -> Iterator[None]:
    """A database that is there and says nothing."""
    halted = living_in(embedded.home(installation.var) / "data")
    for pid in halted:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in halted:
            os.kill(pid, signal.SIGCONT)


@pytest.mark.slow
def test_page_of_the_state__opens_while_every_thread_waits_for_the_database(migrated: Installation) -> None:
    migrated.settings |= {"TIREK_WEB_PROCESSES": "1", "TIREK_WEB_THREADS": "3", "TIREK_READS_IN_FLIGHT": "2"}
    migrated.start_and_wait()
    wait_for(lambda: "Everything works" in asked(migrated, "/status")[1])
    with hanging(migrated):
        waiting = [threading.Thread(target=asked, args=(migrated, "/"), daemon=True) for _n in range(6)]
        for one in waiting:
            one.start()
        time.sleep(1)
        began = time.monotonic()
        assert asked(migrated, "/status", seconds=3)[0] == 200
        assert time.monotonic() - began < 3
        assert any(one.is_alive() for one in waiting), "the others wait for the database"
        wait_for(lambda: "Nothing can be saved now." in asked(migrated, "/status")[1])
