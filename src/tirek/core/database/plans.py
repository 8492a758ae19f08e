"""Statements that PostgreSQL plans for the values they are run with.

A statement that a connection has seen three times is prepared, and later planned once for whatever values come: right
for the short statements of a submit. How a list is best read depends on the values: a district of a thousand cases or a
region of a million, a state that all have or hardly any. Planned for none of them, such a read took a hundred times as
long at the size of the country.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def for_these_values() -> Iterator[None]:
    """In the block nothing is prepared; each statement is planned as it is run."""
    connection.ensure_connection()
    driver = connection.connection
    before, driver.prepare_threshold = driver.prepare_threshold, None
    try:
        yield
    finally:
        driver.prepare_threshold = before
