"""Primary keys: UUIDv7, made in Python, ordered by time."""

from uuid import UUID

import uuid_utils.compat


def uuid7() -> UUID:
    """A new key; later keys sort after earlier ones."""
    return uuid_utils.compat.uuid7()
