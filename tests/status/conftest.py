"""A file of what is known for each test, and the memory of a process that has just begun."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tirek.status import keeping, known


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the file lies."""
    path = tmp_path / "state" / "known.json"
    monkeypatch.setattr(known, "place", lambda: path)
    monkeypatch.setattr(keeping, "STAT_EVERY_SECONDS", 0.0)
    keeping.MEMORY.forget()
    yield path
    keeping.MEMORY.forget()
