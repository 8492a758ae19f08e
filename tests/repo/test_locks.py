"""What stands in the lock files."""

import re

import pytest
from tests.kit.floors import ROOT

#: What makes a package of the sources; nothing of it is used once the product is installed.
BUILDERS = {"editables", "hatchling", "tomlkit", "trove-classifiers"}


def pinned(name: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9-]+)==", (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE))


@pytest.mark.finding("R-L8")
@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_lock__of_what_runs_has_nothing_that_only_builds(lock: str) -> None:
    assert pinned(lock) & BUILDERS == set()
    assert pinned(lock) & {"django"}, "the control: libraries are found"
    assert pinned("requirements-build.lock") >= BUILDERS
