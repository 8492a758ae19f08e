"""The test database: copied from a template that lasts until a migration changes, filled with the product's values.

Migrations run once per state of the migrations, not once per worker and run. What they and the values leave in the
tables is in every test's transaction without a query; a test that empties the tables leaves them to the next
(``restore``).
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection, models
from psycopg import sql
from pytest_django import DjangoDbBlocker
from tests.kit.floors import ROOT, SOURCE

from tirek.core.case import figures
from tirek.core.case.figures import FigureStart
from tirek.core.reference import ReferenceValue, values
from tirek.suppliers.models import PublicOffer, Requirement
from tirek.suppliers.reference_data import load_public_offers, load_requirements

#: Tables that hold the product's dated values.
VALUES: tuple[type[models.Model], ...] = (ReferenceValue, Requirement, PublicOffer)
#: Tables that are not empty before the first test (those that Django fills again itself aside).
FILLED: tuple[type[models.Model], ...] = (*VALUES, FigureStart)
_PREFIX = "test_template_"
#: How a migration names a module of the product.
_NAMED = re.compile(r"^ *(?:import|from) (tirek(?:\.\w+)+)", re.MULTILINE)
_AFTERWARDS = Path(figures.__file__)
_kept: dict[type[models.Model], list[models.Model]] = {}


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256((ROOT / "requirements-dev.lock").read_bytes())
    for path in sorted(paths):
        digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def state_of_the_source() -> str:
    """A digest of everything that an installation is made from."""
    return _digest(one for one in SOURCE.rglob("*") if one.suffix in {".py", ".csv"})


def state_of_the_migrations() -> str:
    """A digest of the migrations, of the modules of the product that they name, and of what is made after them."""
    migrations = list(SOURCE.glob("*/migrations/*.py"))
    named = {name for path in migrations for name in _NAMED.findall(path.read_text(encoding="utf-8"))}
    modules = {SOURCE.parent / f"{name.replace('.', '/')}.py" for name in named}
    rooms = {one for module in modules for one in module.with_suffix("").rglob("*.py")}
    return _digest({*migrations, *rooms, *(one for one in modules if one.exists()), _AFTERWARDS})


@contextmanager
def _alone(address: str) -> Iterator[psycopg.Connection[Any]]:
    """No other worker is in this block."""
    with psycopg.connect(address, autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(hashtext('tests.kit.database'))")
        yield server


def template(address: str, blocker: DjangoDbBlocker) -> str:
    """The name of a database with all migrations; the first worker that asks makes it.

    Args:
        address: of the server's database ``postgres``, as somebody who may make databases.
        blocker: guards the database outside of tests.
    """
    name = f"{_PREFIX}{state_of_the_migrations()}"
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
