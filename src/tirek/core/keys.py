"""Primary keys: UUIDv7, made in Python, ordered by time; and keys that pages send back."""

from uuid import UUID

import uuid_utils.compat

from tirek.core.errors import NotFound


def uuid7() -> UUID:
    """A new key; later keys sort after earlier ones."""
    return uuid_utils.compat.uuid7()


def read_key(text: str) -> UUID | None:
    """A key as a page or a draft holds it; ``None`` when it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def key_of(text: str) -> UUID:
    """A key that a page sent.

    Raises:
        NotFound: it is none.
    """
    found = read_key(text)
    if found is None:
        raise NotFound
    return found
