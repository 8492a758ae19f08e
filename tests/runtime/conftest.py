"""Folders and installations of their own."""

import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.runtime.installation import Installation
from tests.runtime.tables import put_migrated


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every user may enter."""
    made = Path(tempfile.mkdtemp(prefix="tirek-test-", dir="/tmp"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def installation(folder: Path) -> Iterator[Installation]:
    """A new installation without a database yet."""
    made = Installation(folder / "var")
    yield made
    made.remove()


@pytest.fixture
def migrated(folder: Path) -> Iterator[Installation]:
    """An installation whose tables are made: a copy of one that is made once."""
    made = Installation(folder / "var")
    put_migrated(made.var)
    yield made
    made.remove()


@pytest.fixture
def ordinary_user() -> str:
    """Name of a user without rights; needs root to become it."""
    if os.geteuid() != 0:
        pytest.skip("only root can become another user; as an ordinary user the other tests prove the same")
    try:
        return pwd.getpwnam("nobody").pw_name
    except KeyError:
        pytest.skip("there is no user nobody")
