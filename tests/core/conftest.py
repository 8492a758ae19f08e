"""The made-up case types, for tests of what every case has."""

from collections.abc import Iterator

import pytest
from tests import factories as make
from tests.core import made_up

from tirek.core import clock
from tirek.core.actors import Actor


@pytest.fixture
def clerk(db: None) -> Iterator[Actor]:
    """An officer in whose district the made-up cases are; their tables go with the test's transaction."""
    with clock.at(make.MORNING), made_up.tables(), made_up.known():
        yield make.officer()
