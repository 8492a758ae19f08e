"""The test database: copied from a template that lasts until the source changes, with the product's dated values in it.

Migrations run once per state of the source, not once per worker and run. What they and the values leave in the tables
is in every test's transaction without a query; a test that empties the tables leaves them to the next (``restore``).
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection, models
from psycopg import sql
from pytest_django import DjangoDbBlocker

from tirek.core.case.figures import FigureStart
from tirek.core.reference import ReferenceValue, values
from tirek.suppliers.models import PublicOffer, Requirement
from tirek.suppliers.reference_data import load_public_offers, load_requirements

ROOT = Path(__file__).resolve().parents[2]
#: Tables that hold the product's dated values.
VALUES: tuple[type[models.Model], ...] = (ReferenceValue, Requirement, PublicOffer)
#: Tables that are not empty before the first test (those that Django fills again itself aside).
FILLED: tuple[type[models.Model], ...] = (*VALUES, FigureStart)
_PREFIX = "test_template_"
_MADE_FROM = {".py", ".csv"}
_kept: dict[type[models.Model], list[models.Model]] = {}


def _state_of_the_source() -> str:
    """A digest of everything that migrations and reference data are made from."""
    digest = hashlib.sha256((ROOT / "requirements-dev.lock").read_bytes())
    for path in sorted(one for one in (ROOT / "src").rglob("*") if one.suffix in _MADE_FROM):
        digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _alone(address: str) -> Iterator[psycopg.Connection[Any]]:
    """No other worker is in this block."""
    with psycopg.connect(address, autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(hashtext('tests.kit.database'))")
        yield server


def template(address: str, blocker: DjangoDbBlocker) -> str:
    """The name of a database with all migrations and values; the first worker that asks makes it.

    Args:
        address: of the server's database ``postgres``, as somebody who may make databases.
        blocker: guards the database outside of tests.
    """
    name = f"{_PREFIX}{_state_of_the_source()}"
    with _alone(address) as server:
        found = {row[0] for row in server.execute("SELECT datname FROM pg_database").fetchall()}
        if name in found:
            return name
        for old in (one for one in found if one.startswith(_PREFIX)):
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(old)))
        with blocker.unblock():
            _make(f"{name}_unfinished")
        # a broken-off attempt leaves nothing under the real name
        server.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(f"{name}_unfinished"), sql.Identifier(name))
        )
    return name


def _make(name: str) -> None:
    known, own = connection.settings_dict["NAME"], connection.settings_dict["TEST"]
    connection.settings_dict["TEST"] = own | {"NAME": name}
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        load()
        connection.close()
    finally:
        connection.settings_dict["NAME"], connection.settings_dict["TEST"] = known, own


def load() -> None:
    """The product's own dated values and small tables of texts (not its large ones); loading again changes nothing."""
    for path in values.files():
        for one in values._parsed(path, []):
            values.add_version(one)
    load_requirements()
    load_public_offers()


def end_other_sessions() -> None:
    """End what else is connected to the test database: a thread of a test may end a moment after it, and a database in
    use is not dropped.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND pg_has_role(usename, 'MEMBER')"
        )


def keep() -> None:
    """Remember what stands in the filled tables, to restore it."""
    for model in FILLED:
        _kept[model] = list(model._default_manager.all())


def restore() -> None:
    """What ``keep`` has seen stands in the tables that a test has emptied."""
    for model, rows in _kept.items():
        model._default_manager.bulk_create(rows)


def empties_tables(item: pytest.Item) -> bool:
    """Whether the tables are emptied after this test, because it does not run inside a transaction."""
    marker = item.get_closest_marker("django_db")
    return bool(marker and marker.kwargs.get("transaction")) or bool(
        {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    )
