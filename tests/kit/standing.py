"""Worlds that stand as long as the tests of a module: they are made once, and every test finds them as they were made.

What a test changes ends with its own transaction, which is inside the module's. A module with tests that empty the
tables (``transactional_db``) cannot hold such a world.
"""

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker
from tests import factories as make
from tests.kit.world import World, furnished

from tirek.core import clock, reference


@contextmanager
def rolled_back() -> Iterator[None]:
    """What is written in this block is gone after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _standing(blocker: DjangoDbBlocker, make_world: Callable[[], World]) -> Iterator[World]:
    with blocker.unblock(), rolled_back():
        with clock.at(make.MORNING):
            made = make_world()
        yield made
    reference.forget()


def _grown_twice() -> World:
    made = World()
    made.grow()
    made.grow()
    return made


@pytest.fixture(scope="module")
def furnished_for_all(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """A world in which every sort of object is there, for fixtures of a module."""
    yield from _standing(django_db_blocker, furnished)


@pytest.fixture(scope="module")
def grown_for_all(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """A world that has grown twice, for fixtures of a module."""
    yield from _standing(django_db_blocker, _grown_twice)


@pytest.fixture
def furnished_world(furnished_for_all: World, db: None) -> World:
    """A world in which every sort of object is there; what the test adds to it is not seen by the next."""
    return copy.copy(furnished_for_all)


@pytest.fixture
def grown_world(grown_for_all: World, db: None) -> World:
    """A world that has grown twice; what the test adds to it is not seen by the next."""
    return copy.copy(grown_for_all)
