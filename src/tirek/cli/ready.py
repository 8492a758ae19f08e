"""Django made ready for a command, and the role a command works as."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import django
from django.conf import settings
from django.db import connection


def ready() -> None:
    """Loads settings and models. No connection is made yet.

    Raises:
        pydantic.ValidationError: a setting is missing or unsafe.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tirek.settings")
    django.setup()


@contextmanager
def as_owner() -> Iterator[None]:
    """Within the block this process speaks to the database as the owner of its tables, with no limit on a statement's
    length.
    """
    serving = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(settings.TIREK_OWNER_DATABASE)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(serving)
