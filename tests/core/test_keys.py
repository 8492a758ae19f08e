"""Keys that pages send back."""

from uuid import UUID

import pytest

from tirek.core.errors import NotFound
from tirek.core.keys import key_of, read_key, uuid7

NONE = ("", "12", "not-a-key", "01a2193c-59f1-71f8-93a1-8b44f2c6e2", "\x00", "0" * 4000)


def test_keys__sort_by_the_time_they_were_made() -> None:
    made = [uuid7() for _one in range(100)]
    assert sorted(made) == made
    assert len(set(made)) == 100


def test_key__is_read_as_it_was_sent() -> None:
    key = uuid7()
    assert read_key(str(key)) == key_of(str(key)) == key
    assert isinstance(read_key(key.hex), UUID)


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_key__is_none_and_not_found(text: str) -> None:
    assert read_key(text) is None
    with pytest.raises(NotFound):
        key_of(text)
