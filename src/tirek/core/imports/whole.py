"""Files that an app reads and takes as a whole: what a line means depends on what is there, and rows are written set by
set. Begun, checked, taken, checked again and thrown away as every other import (``runs``), by those of a desk.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from tirek.core.actors import Actor, Desk
from tirek.core.errors import Text

#: A file as its kind reads it.
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file comes to.

    Attributes:
        lines: that were read.
        made: of them, what is new.
        changed: what would be changed, or was.
        same: what is there already as it is.
        wrong: lines with what is wrong with them; nothing is taken while there are any.
        found: what the page of the check shows, and what the taking compares with; plain values.
    """

    lines: int = 0
    made: int = 0
    changed: int = 0
    same: int = 0
    wrong: Sequence[tuple[int, Text]] = ()
    found: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class WholeFile(Generic[R]):
    """A kind of file that is taken as a whole.

    Attributes:
        code: names it in the record of imports; never changed.
        title: what it holds.
        desk: whose file it is; members of the organisation that brought it see it, and nobody else.
        read: reads a file of something (``about``), in no transaction and with nothing locked, however long it takes.
        check: what it would do; writes nothing.
        take: carries it out in the caller's transaction, where it comes to what was found when it was checked; what is
            wrong by now is told and taken back.
    """

    code: str
    title: Text
    desk: Desk
    read: Callable[[Actor, str, bytes], R]
    check: Callable[[Actor, R], Checked]
    take: Callable[[Actor, R, Mapping[str, Any]], Checked]


_files: dict[str, WholeFile[Any]] = {}


def register_whole(file: WholeFile[R]) -> WholeFile[R]:
    """Make a kind of file known; once, from an app's room ``imports``.

    Raises:
        ValueError: the code is taken.
    """
    if file.code in _files:
        raise ValueError(f"Import {file.code} is registered twice.")
    _files[file.code] = file
    return file


def whole_of(code: str) -> WholeFile[Any] | None:
    """The kind of file with this code."""
    return _files.get(code)
