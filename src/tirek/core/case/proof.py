"""Proof that the journal is what was written: its chains walked, its days and hours sealed, its seals compared with
those that were printed.

What a break means stands in docs/howto/operate/journal.md.
"""

import hashlib
import json
import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, cast
from uuid import UUID

from django.db import connection, models
from django.db.models.functions import Trunc, TruncDate

from tirek.core import clock
from tirek.core.case import registry
from tirek.core.case.journal import Data, Event, EventNote, HourSeal, Seal, link, note_hash
from tirek.core.tables import CaseRow

log = logging.getLogger(__name__)
HOUR: Final = timedelta(hours=1)
#: How long after its end a day or an hour is sealed: no transaction that began in it is open (they end after 60 s).
DAY_SETTLES: Final = timedelta(minutes=30)
HOUR_SETTLES: Final = timedelta(minutes=5)
_AT_ONCE: Final = 2000


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the journal does not hold.

    Attributes:
        case_type: code of the case's type.
        case_id: which case.
        n: which event of it.
        problem: ``hash`` (the text was changed), ``missing`` (an event before it is gone), ``columns`` (a column tells
            another story than the text), ``unreadable`` (the text is none of ours), ``tail`` (the last events are gone,
            or are others), ``case`` (the case itself is gone), ``state`` or ``person`` (the case was changed past its
            journal), ``note`` (the note beside the event was changed, or put there later).
    """

    case_type: str
    case_id: UUID
    n: int
    problem: str


@dataclass(slots=True)
class _Chain:
    """What a walk knows of one case when it has read its events."""

    case_type: str
    case_id: UUID
    n: int = 0
    head: bytes = b""
    states: list[str] = field(default_factory=list)
    person: str | None = None


def verify() -> Iterator[Break]:
    """Walk all chains, compare each case with what its journal says, and each note with its event; yield each break."""
    chain: _Chain | None = None
    ended: list[_Chain] = []
    for event in Event.objects.order_by("case_type", "case_id", "n").iterator(chunk_size=_AT_ONCE):
        if chain is None or (event.case_type, event.case_id) != (chain.case_type, chain.case_id):
            if chain is not None:
                ended.append(chain)
            if len(ended) >= _AT_ONCE or (ended and ended[0].case_type != event.case_type):
                yield from _compared(ended)
                ended.clear()
            chain = _Chain(event.case_type, event.case_id)
        yield from _walked(chain, event)
    if chain is not None:
        ended.append(chain)
    yield from _compared(ended)
    yield from _cut_tails()
    yield from _notes()


def _walked(chain: _Chain, event: Event) -> Iterator[Break]:
    """One step along a chain."""
    case = (chain.case_type, chain.case_id)
    chain.n += 1
    if event.n != chain.n:
        yield Break(*case, n=chain.n, problem="missing")
        chain.n = event.n
    elif bytes(event.hash) != link(chain.head, event.canonical):
        yield Break(*case, n=chain.n, problem="hash")
    chain.head = bytes(event.hash)
    content = _content(event)
    if content is None:
        yield Break(*case, n=chain.n, problem="unreadable")
        return
    told = tuple(content[name] for name in ("case", "n", "type", "at", "actor"))
    actor = str(event.actor_id) if event.actor_id else None
    if told != ([event.case_type, str(event.case_id)], event.n, event.type, event.at.isoformat(), actor):
        yield Break(*case, n=chain.n, problem="columns")
    if isinstance(target := cast("Data", content["data"]).get("to"), str):
        chain.states.append(target)
    if "of" in content:
        chain.person = cast("str | None", content["of"])


def _content(event: Event) -> Data | None:
    """The text of an event, whatever it holds; ``None`` where it is none of ours."""
    try:
        content = json.loads(event.canonical)
    except (ValueError, RecursionError):
        return None
    needed = {"case", "n", "type", "at", "actor", "data"}
    if not isinstance(content, dict) or not needed <= content.keys() or not isinstance(content["data"], dict):
        return None
    return content


def _compared(chains: list[_Chain]) -> Iterator[Break]:
    """Cases of one type against the ends of their chains."""
    if not chains:
        return
    kind = next((one for one in registry.all_types() if one.code == chains[0].case_type), None)
    found: dict[UUID, CaseRow] = kind.model._default_manager.in_bulk([one.case_id for one in chains]) if kind else {}
    for chain in chains:
        case = found.get(chain.case_id)
        if kind is None or case is None:
            yield Break(chain.case_type, chain.case_id, n=chain.n, problem="case")
            continue
        states = [state for state in chain.states if state in kind.model.State.values]
        if states and states[-1] != case.state:
            yield Break(chain.case_type, chain.case_id, n=chain.n, problem="state")
        person = getattr(case, "person_id", None)
        if chain.person is not None and chain.person != str(person):
            yield Break(chain.case_type, chain.case_id, n=chain.n, problem="person")


def _cut_tails() -> Iterator[Break]:
    """Cases whose last event is not the one that the case itself remembers."""
    for kind in registry.all_types():
        last = (
            Event.objects.filter(case_type=kind.code, case_id=models.OuterRef("pk")).order_by("-n").values("hash")[:1]
        )
        rows = kind.model._default_manager.annotate(last=models.Subquery(last))
        broken = models.Q(last__isnull=True) | ~models.Q(last=models.F("journal_head"))
        for key, version in rows.filter(broken).values_list("pk", "version").iterator(chunk_size=_AT_ONCE):
            yield Break(kind.code, key, n=version, problem="tail")


def _notes() -> Iterator[Break]:
    """Notes that are not those which their events were written with. Events of before hold no hash of their note."""
    waiting: list[EventNote] = []
    for note in EventNote.objects.order_by("pk").iterator(chunk_size=_AT_ONCE):
        waiting.append(note)
        if len(waiting) == _AT_ONCE:
            yield from _compared_notes(waiting)
            waiting.clear()
    yield from _compared_notes(waiting)


def _compared_notes(notes: list[EventNote]) -> Iterator[Break]:
    events = Event.objects.in_bulk([one.pk for one in notes])
    for note in notes:
        event = events.get(note.pk)
        if event is None:
            yield Break("", note.pk, n=0, problem="note")
            continue
        content = _content(event) or {}
        if "note" in content and content["note"] != note_hash(bytes(note.salt), note.text):
            yield Break(event.case_type, event.case_id, n=event.n, problem="note")


# --- seals


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), clock.COUNTRY_ZONE)


def _day_of(moment: datetime) -> date:
    return moment.astimezone(clock.COUNTRY_ZONE).date()


def _hour_of(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _sealed_hash(start: datetime, end: datetime, previous: bytes) -> tuple[int, bytes]:
    heads = (
        Event.objects.filter(at__gte=start, at__lt=end)
        .order_by("case_type", "case_id", "-n")
        .distinct("case_type", "case_id")
        .values_list("case_type", "case_id", "n", "hash")
    )
    digest, count = hashlib.sha256(previous), 0
    for case_type, case_id, n, head in heads.iterator(chunk_size=5000):
        digest.update(f"{case_type} {case_id} {n} ".encode() + bytes(head))
        count += 1
    return count, digest.digest()


def _now() -> datetime:
    """The moment up to which may be sealed: by this machine's clock and by the database's. One that was set ahead must
    not seal days that are still to come: a seal is never taken back.
    """
    if clock.is_set():
        return clock.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (there,) = cursor.fetchone()
    return min(clock.now(), cast("datetime", there))


def _newest() -> datetime | None:
    return Event.objects.order_by("-at").values_list("at", flat=True).first()


def _oldest() -> datetime | None:
    return Event.objects.order_by("at").values_list("at", flat=True).first()


def seal() -> list[Seal]:
    """Seal every whole day that is not sealed yet, up to yesterday, half an hour after its end.

    A day without events is sealed when a later one has some: a clock that runs ahead seals no empty days.
    """
    made: list[Seal] = []
    first, newest = _oldest(), _newest()
    if first is None or newest is None:
        return made
    last = Seal.objects.order_by("-day").first()
    day = last.day + timedelta(days=1) if last else _day_of(first)
    limit = min(_day_of(_now() - DAY_SETTLES), _day_of(newest) + timedelta(days=1))
    previous = bytes(last.hash) if last else b""
    while day < limit:
        count, digest = _sealed_hash(_start_of(day), _start_of(day + timedelta(days=1)), previous)
        made.append(Seal.objects.create(day=day, cases=count, hash=digest, previous=previous))
        log.warning("seal of the journal: %s %d %s", day.isoformat(), count, digest.hex())
        previous = digest
        day += timedelta(days=1)
    return made


def seal_hours() -> list[HourSeal]:
    """Seal every whole hour that has events and is not sealed yet, five minutes after its end."""
    made: list[HourSeal] = []
    last = HourSeal.objects.order_by("-start").first()
    limit = _hour_of(_now() - HOUR_SETTLES)
    waiting = Event.objects.filter(at__lt=limit)
    if last is not None:
        waiting = waiting.filter(at__gte=last.start + HOUR)
    previous = bytes(last.hash) if last else b""
    for moment in (
        waiting.annotate(hour=Trunc("at", "hour", tzinfo=UTC))
        .order_by("hour")
        .values_list("hour", flat=True)
        .distinct()
    ):
        count, digest = _sealed_hash(moment, moment + HOUR, previous)
        made.append(HourSeal.objects.create(start=moment, cases=count, hash=digest, previous=previous))
        log.warning("seal of the journal: %s %d %s", _hour_name(moment), count, digest.hex())
        previous = digest
    return made


def _hour_name(start: datetime) -> str:
    return start.astimezone(UTC).strftime("%Y-%m-%dT%HZ")


@dataclass(frozen=True, slots=True)
class SealBreak:
    """A day or an hour whose seal does not hold.

    Attributes:
        day: the day it is about.
        name: the day or the hour as it is printed.
        problem: ``changed`` (the journal, or the seal, is another than when it was sealed), ``missing`` (there should
            be a seal and is none), ``printed`` (it is another than the one that was printed), ``lost`` (it was printed,
            and is gone).
    """

    day: date
    name: str
    problem: str


def verify_seals(printed: Iterable[str] = ()) -> Iterator[SealBreak]:
    """Yield each day and hour whose seal does not hold.

    Args:
        printed: lines of seals that were kept elsewhere (``seal_lines``, or the log): only they show that every seal
            was made anew.
    """
    yield from _changed_days()
    yield from _changed_hours()
    yield from _missing()
    yield from _unlike(printed)


def _changed_days() -> Iterator[SealBreak]:
    previous, expected = b"", None
    for one in Seal.objects.order_by("day"):
        while expected is not None and expected < one.day:
            yield SealBreak(expected, expected.isoformat(), "missing")
            expected += timedelta(days=1)
        _count, digest = _sealed_hash(_start_of(one.day), _start_of(one.day + timedelta(days=1)), previous)
        if bytes(one.previous) != previous or bytes(one.hash) != digest:
            yield SealBreak(one.day, one.day.isoformat(), "changed")
        previous, expected = bytes(one.hash), one.day + timedelta(days=1)


def _changed_hours() -> Iterator[SealBreak]:
    previous = b""
    for one in HourSeal.objects.order_by("start").iterator(chunk_size=_AT_ONCE):
        _count, digest = _sealed_hash(one.start, one.start + HOUR, previous)
        if bytes(one.previous) != previous or bytes(one.hash) != digest:
            yield SealBreak(_day_of(one.start), _hour_name(one.start), "changed")
        previous = bytes(one.hash)


def _unsealed() -> models.QuerySet[Event]:
    due = _start_of(_day_of(_now() - timedelta(days=1) - DAY_SETTLES))
    waiting = Event.objects.filter(at__lt=due)
    first, last = Seal.objects.order_by("day").first(), Seal.objects.order_by("-day").first()
    if first is not None and last is not None:
        outside = models.Q(at__lt=_start_of(first.day)) | models.Q(at__gte=_start_of(last.day + timedelta(days=1)))
        waiting = waiting.filter(outside)
    return waiting


def unsealed_days() -> list[date]:
    """Days with events that should have been sealed by now and are not; reads every such event."""
    days = _unsealed().annotate(day=TruncDate("at", tzinfo=clock.COUNTRY_ZONE)).order_by("day")
    return list(days.values_list("day", flat=True).distinct())


def is_late() -> bool:
    """Whether a day with events should have been sealed by now and is not."""
    return _unsealed().exists()


def _missing() -> Iterator[SealBreak]:
    for day in unsealed_days():
        yield SealBreak(day, day.isoformat(), "missing")
    first = HourSeal.objects.order_by("start").values_list("start", flat=True).first()
    if first is None:
        return
    due = _hour_of(_now() - 2 * HOUR)
    hours = Event.objects.filter(at__gte=first, at__lt=due).annotate(hour=Trunc("at", "hour", tzinfo=UTC))
    sealed = set(HourSeal.objects.values_list("start", flat=True))
    for hour in hours.order_by("hour").values_list("hour", flat=True).distinct():
        if hour not in sealed:
            yield SealBreak(_day_of(hour), _hour_name(hour), "missing")


def _unlike(printed: Iterable[str]) -> Iterator[SealBreak]:
    known = dict(line.rsplit(" ", 1) for line in seal_lines())
    kept = {head.split(" ")[0]: digest for head, digest in known.items()}
    for line in printed:
        match = _LINE.search(line)
        if match is None:
            continue
        name, digest = match["name"], match["hash"]
        day = date.fromisoformat(name[:10])
        if name not in kept:
            yield SealBreak(day, name, "lost")
        elif kept[name] != digest:
            yield SealBreak(day, name, "printed")


#: A seal in a printed list, or anywhere in a line of the log.
_LINE: Final = re.compile(r"(?P<name>\d{4}-\d\d-\d\d(?:T\d\dZ)?) \d+ (?P<hash>[0-9a-f]{64})\b")


def seal_lines() -> Iterator[str]:
    """The seals as lines ``day cases sha256`` and ``hour cases sha256``, for printing and export."""
    for one in Seal.objects.order_by("day"):
        yield f"{one.day.isoformat()} {one.cases} {bytes(one.hash).hex()}"
    for hour in HourSeal.objects.order_by("start").iterator(chunk_size=_AT_ONCE):
        yield f"{_hour_name(hour.start)} {hour.cases} {bytes(hour.hash).hex()}"
