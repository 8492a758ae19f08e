"""What is known of the service, in one small file: the page of the state and every banner are read from it alone.

It is replaced whole, so that a reader gets the old or the new one, never a part.
"""

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from fcntl import LOCK_EX, LOCK_NB, LOCK_UN, flock
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Final

from tirek.config import config
from tirek.core.languages import in_language
from tirek.status.rules import State

#: Form of the file; one of another form is not read.
FORM: Final = 1
_FILE_MODE: Final = 0o644
#: More is no file of ours.
_MOST_BYTES: Final = 2_000_000


class Unreadable(Exception):
    """There is a file, and it is not what was written."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text in three languages."""

    kk: str
    ru: str
    en: str

    def __str__(self) -> str:
        return in_language(kk=self.kk, ru=self.ru, en=self.en)


@dataclass(frozen=True, slots=True)
class PartState:
    """State of a part of the service.

    Attributes:
        state: as far as it is known.
        since: from when this machine has seen it so.
        seen: the last state that was known, and when.
        seen_at: as above.
    """

    state: State
    since: datetime
    seen: State
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Announced:
    """An announcement as pages tell it.

    Attributes:
        key: of the announcement.
        kind: ``incident`` or ``news``.
        text: its words.
        parts: codes of parts.
        regions: КАТО codes; none: the whole country.
        names: names of these regions.
        places: codes of the pages above which it stands.
        since: its beginning.
        expected: when it is expected to end.
        ended_at: when it was ended.
    """

    key: str
    kind: str
    text: Words
    parts: tuple[str, ...]
    regions: tuple[str, ...]
    names: tuple[Words, ...]
    places: tuple[str, ...]
    since: datetime
    expected: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known.

    Attributes:
        checked_at: when the parts were looked at; ``None``: never.
        parts: their states, by code.
        read_at: when the announcements were read; ``None``: never.
        announcements: present, planned and of late, newest first.
    """

    checked_at: datetime | None
    parts: Mapping[str, PartState]
    read_at: datetime | None
    announcements: tuple[Announced, ...]


NOTHING: Final = Known(None, {}, None, ())


def place() -> Path:
    """Where the file lies on this machine."""
    return config().var / "state" / "known.json"


def dumped(known: Known) -> bytes:
    """The bytes of the file."""
    told = {
        "form": FORM,
        "checked_at": _text(known.checked_at),
        "parts": {
            code: {
                "state": one.state.value,
                "since": _text(one.since),
                "seen": one.seen.value,
                "seen_at": _text(one.seen_at),
            }
            for code, one in known.parts.items()
        },
        "read_at": _text(known.read_at),
        "announcements": [
            {
                "key": one.key,
                "kind": one.kind,
                "text": _three(one.text),
                "parts": list(one.parts),
                "regions": list(one.regions),
                "names": [_three(name) for name in one.names],
                "places": list(one.places),
                "since": _text(one.since),
                "expected": _text(one.expected),
                "ended_at": _text(one.ended_at),
            }
            for one in known.announcements
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def parsed(content: bytes) -> Known:
    """What the bytes of the file tell.

    Raises:
        Unreadable: they are not whole, or of another form.
    """
    try:
        told = json.loads(content)
        if told["form"] != FORM:
            raise Unreadable(f"form {told['form']!r}")
        return Known(
            checked_at=_moment(told["checked_at"]),
            parts={
                str(code): PartState(
                    State(one["state"]), _certain(one["since"]), State(one["seen"]), _certain(one["seen_at"])
                )
                for code, one in told["parts"].items()
            },
            read_at=_moment(told["read_at"]),
            announcements=tuple(_announced(one) for one in told["announcements"]),
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Unreadable(type(error).__name__) from error


def load(path: Path) -> Known:
    """What the file tells; ``NOTHING`` where there is none yet.

    Raises:
        Unreadable: it cannot be read, or is not what was written.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        return NOTHING
    except OSError as error:
        raise Unreadable(type(error).__name__) from error
    if len(content) > _MOST_BYTES:
        raise Unreadable("too long")
    return parsed(content)


def store(path: Path, known: Known) -> None:
    """Put a new file in the place of the old one, whole.

    Raises:
        OSError: there is no room, or no right to write.
    """
    path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
    new = Path(name)
    try:
        with os.fdopen(number, "wb") as stream:
            stream.write(dumped(known))
            stream.flush()
            os.fsync(stream.fileno())
        new.chmod(_FILE_MODE)
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


@contextmanager
def alone(path: Path, *, within: float) -> Iterator[bool]:
    """Whether this process alone looks and writes now: what was read first is never written last.

    Args:
        path: the file.
        within: seconds to wait for whoever is at it.
    """
    path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    ends = monotonic() + within
    with path.with_name("lock").open("ab") as stream:
        is_held = _taken(stream.fileno())
        while not is_held and monotonic() < ends:
            sleep(0.05)
            is_held = _taken(stream.fileno())
        try:
            yield is_held
        finally:
            if is_held:
                flock(stream.fileno(), LOCK_UN)


def _taken(number: int) -> bool:
    try:
        flock(number, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        return False
    return True


def seen(before: Mapping[str, PartState], states: Mapping[str, State], *, at: datetime) -> dict[str, PartState]:
    """The states of a look, each since when it has been so; of one that is unknown now, what was known last."""
    found = {}
    for code, state in states.items():
        old = before.get(code)
        is_same = old is not None and old.state is state
        since = old.since if old is not None and is_same else at
        if state is State.UNKNOWN and old is not None:
            found[code] = replace(old, state=state, since=since)
        else:
            found[code] = PartState(state, since, state, at)
    return found


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _certain(written: str) -> datetime:
    moment = datetime.fromisoformat(written)
    if moment.tzinfo is None:
        raise ValueError("a moment without its zone")
    return moment


def _moment(written: str | None) -> datetime | None:
    return None if written is None else _certain(written)


def _three(words: Words) -> dict[str, str]:
    return {"kk": words.kk, "ru": words.ru, "en": words.en}


def _words(told: Mapping[str, Any]) -> Words:
    return Words(str(told["kk"]), str(told["ru"]), str(told["en"]))


def _announced(told: Mapping[str, Any]) -> Announced:
    return Announced(
        key=str(told["key"]),
        kind=str(told["kind"]),
        text=_words(told["text"]),
        parts=tuple(str(one) for one in told["parts"]),
        regions=tuple(str(one) for one in told["regions"]),
        names=tuple(_words(one) for one in told["names"]),
        places=tuple(str(one) for one in told["places"]),
        since=_certain(told["since"]),
        expected=_moment(told["expected"]),
        ended_at=_moment(told["ended_at"]),
    )
