"""Which open cases a new version of a value can still reach: each app says so for its own keys
(``reference_names.py``).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reach:
    """Open cases in which a value would still begin to count.

    Attributes:
        count: how many there are now.
        words: so many of them, in the present language.
    """

    count: Callable[[], int]
    words: Callable[[int], str]


#: Read once, when a case begins: no open case is reached.
NEW_CASES_ONLY = Reach(count=lambda: 0, words=str)
_reaches: dict[str, Reach] = {}


def reaching(reaches: Mapping[str, Reach]) -> None:
    """Say which open cases new versions of values reach."""
    _reaches.update(reaches)


def reached(key: str) -> int | None:
    """How many open cases a new version of a value can still reach; ``None`` where nobody has said which."""
    known = _reaches.get(key)
    return known.count() if known is not None else None


def words_of_reached(key: str, count: int) -> str:
    """So many open cases of those that a value reaches, in the present language; nothing for none."""
    known = _reaches.get(key)
    return known.words(count) if known is not None and count else ""
