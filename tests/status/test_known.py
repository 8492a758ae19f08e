"""What is known is one small file: whole or not at all, and honest about its age."""

import json
import multiprocessing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tirek.status import known, rules
from tirek.status.keeping import Memory
from tirek.status.known import NOTHING, Announced, Known, PartState, Unreadable, Words
from tirek.status.rules import Standing, State

NOON = datetime(2026, 11, 9, 7, tzinfo=UTC)
REGION = "100000000"
INCIDENT = Announced(
    key="k",
    kind="incident",
    text=Words("қ", "р", "e"),
    parts=("sms",),
    regions=(REGION,),
    names=(Words("Абай облысы", "область Абай", "Abai Region"),),
    places=("public",),
    since=NOON,
    expected=NOON + timedelta(hours=2),
    ended_at=None,
)
KNOWN = Known(NOON, {"sms": PartState(State.LATE, NOON, State.LATE, NOON)}, NOON, (INCIDENT,))


def test_file__tells_again_what_was_written(place: Path) -> None:
    assert known.load(place) == NOTHING
    known.store(place, KNOWN)
    assert known.load(place) == KNOWN
    assert [one.name for one in place.parent.iterdir()] == [place.name]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"form": 2}',
        b'{"form": 1}',
        known.dumped(KNOWN)[:-20],
        known.dumped(KNOWN).replace(b"late", b"well"),
        known.dumped(KNOWN).replace(b"+00:00", b""),
        b"[" * 100_000,
        "Ж".encode("utf-16"),
    ],
)
def test_file__that_is_not_what_was_written_is_not_believed(place: Path, content: bytes) -> None:
    place.parent.mkdir()
    place.write_bytes(content)
    with pytest.raises(Unreadable):
        known.load(place)
    memory = Memory()
    assert (memory.known(), memory.is_broken) == (NOTHING, True)
    known.store(place, KNOWN)
    assert (memory.known(), memory.is_broken) == (KNOWN, False)


def test_file__stays_as_it_was_when_a_new_one_cannot_be_written(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known.store(place, KNOWN)

    def full(_number: int) -> None:
        raise OSError("no room")

    monkeypatch.setattr(known.os, "fsync", full)
    with pytest.raises(OSError, match="no room"):
        known.store(place, replace(KNOWN, announcements=()))
    assert known.load(place) == KNOWN
    assert [one.name for one in place.parent.iterdir()] == [place.name]


def test_memory__reads_a_file_once_and_looks_at_it_at_most_every_two_seconds(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known.store(place, KNOWN)
    memory, read = Memory(), []
    real = known.load
    monkeypatch.setattr(known, "load", lambda path: read.append(path) or real(path))
    for _n in range(5):
        memory.known()
    assert len(read) == 1
    monkeypatch.setattr("tirek.status.keeping.STAT_EVERY_SECONDS", 60.0)
    memory.known()
    known.store(place, NOTHING)
    assert memory.known() == KNOWN


def _holds(path: Path, held: "multiprocessing.synchronize.Event", end: "multiprocessing.synchronize.Event") -> None:
    with known.alone(path, within=5) as mine:
        assert mine
        held.set()
        end.wait(30)


def test_only_one_process__looks_and_writes(place: Path) -> None:
    spawn = multiprocessing.get_context("fork")
    held, end = spawn.Event(), spawn.Event()
    other = spawn.Process(target=_holds, args=(place, held, end))
    other.start()
    try:
        assert held.wait(30)
        with known.alone(place, within=0.1) as mine:
            assert not mine
    finally:
        end.set()
        other.join()
    with known.alone(place, within=0.1) as mine:
        assert mine


def test_state__that_is_unknown_now_keeps_what_was_known_last() -> None:
    first = known.seen({}, {"sms": State.WORKS}, at=NOON)
    later = known.seen(first, {"sms": State.UNKNOWN}, at=NOON + timedelta(minutes=1))["sms"]
    assert (later.state, later.seen, later.seen_at) == (State.UNKNOWN, State.WORKS, NOON)
    again = known.seen({"sms": later}, {"sms": State.UNKNOWN}, at=NOON + timedelta(minutes=2))["sms"]
    assert (again.since, again.seen_at) == (NOON + timedelta(minutes=1), NOON)
    same = known.seen(first, {"sms": State.WORKS}, at=NOON + timedelta(minutes=3))["sms"]
    assert (same.since, same.seen_at) == (NOON, NOON + timedelta(minutes=3))


@pytest.mark.parametrize(
    ("ago", "old"),
    [(0, False), (119, False), (121, True), (-121, True)],
)
def test_what_was_checked_over_two_minutes_ago__is_old_also_by_a_clock_set_back(ago: int, old: bool) -> None:
    assert rules.is_old(NOON - timedelta(seconds=ago), now=NOON) is old
    assert rules.is_old(None, now=NOON)


@pytest.mark.parametrize(
    ("kind", "since", "expected", "ended", "standing"),
    [
        ("incident", -1, None, None, Standing.PRESENT),
        ("incident", -3, -1, None, Standing.PRESENT),
        ("incident", -3, -1, -2, Standing.ENDED),
        ("news", 1, None, None, Standing.PLANNED),
        ("news", -1, 1, None, Standing.PRESENT),
        ("news", -3, -1, None, Standing.ENDED),
        ("news", -3, None, None, Standing.PRESENT),
    ],
)
def test_news__ends_by_itself_and_an_incident_never(
    kind: str, since: int, expected: int | None, ended: int | None, standing: Standing
) -> None:
    def moment(hours: int | None) -> datetime | None:
        return None if hours is None else NOON + timedelta(hours=hours)

    one = replace(
        INCIDENT, kind=kind, since=NOON + timedelta(hours=since), expected=moment(expected), ended_at=moment(ended)
    )
    assert rules.standing(one, now=NOON) is standing
    assert rules.standing(one, now=NOON, withdrawn=True) is Standing.WITHDRAWN


@pytest.mark.parametrize(
    ("regions", "reader", "concerned"),
    [
        ((), None, True),
        ((), frozenset({REGION}), True),
        ((REGION,), frozenset({REGION}), True),
        ((REGION,), frozenset({"750000000"}), False),
        ((REGION,), frozenset({"750000000", REGION}), True),
        ((REGION,), frozenset(), False),
        ((REGION,), None, True),
    ],
)
def test_regional_announcement__concerns_its_region_and_whoever_is_not_known(
    regions: tuple[str, ...], reader: frozenset[str] | None, concerned: bool
) -> None:
    assert rules.concerns(regions, reader) is concerned


@pytest.mark.parametrize(
    ("silent", "waits", "state"),
    [
        (None, None, State.DOWN),
        (61.0, None, State.DOWN),
        (5.0, None, State.WORKS),
        (5.0, 299.0, State.WORKS),
        (5.0, 301.0, State.LATE),
    ],
)
def test_work_in_the_background__is_known_by_its_sign_of_life_and_its_queue(
    silent: float | None, waits: float | None, state: State
) -> None:
    assert rules.of_worker(silent=silent, allowed=60.0, waits=waits) is state


@pytest.mark.parametrize(
    ("connected", "waits", "lost", "state"),
    [
        (False, True, 50, State.OFF),
        (True, False, 9, State.WORKS),
        (True, False, 10, State.LATE),
        (True, True, 0, State.LATE),
    ],
)
def test_messages__are_late_when_one_waits_or_many_are_lost(
    connected: bool, waits: bool, lost: int, state: State
) -> None:
    assert rules.of_way(connected=connected, waits=waits, lost=lost) is state


def test_file__holds_no_more_than_it_says(place: Path) -> None:
    """Nothing personal: the names of what it holds are these."""
    known.store(place, KNOWN)
    told = json.loads(place.read_bytes())
    assert set(told) == {"form", "checked_at", "parts", "read_at", "announcements"}
    assert set(told["announcements"][0]) == set(Announced.__slots__)
