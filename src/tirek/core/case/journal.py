"""Append-only journal of every case: the timeline that the citizen sees is this table.

An event holds codes and ids only; personal text lives beside it in ``EventNote`` and can be erased without touching the
chain. Each event's hash covers the stored canonical text and the hash before it, per case; a daily ``Seal`` covers the
heads of all cases that moved. Nothing has a foreign key to these tables, and the serving database role may only insert
and read them.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from typing import cast
from uuid import UUID

from django.db import models, transaction

from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.case import registry
from tirek.core.case.registry import code_of
from tirek.core.database import rows
from tirek.core.keys import uuid7
from tirek.core.tables import CaseRow, Row

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]
Data = dict[str, Json]


class Event(models.Model):
    """One fact about one case. Written once, never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case_type = models.CharField(max_length=40)
    case_id = models.UUIDField()
    n = models.PositiveIntegerField(help_text="Place in the case's history, from 1.")
    type = models.CharField(max_length=80)
    at = models.DateTimeField(db_index=True)
    actor_id = models.UUIDField(null=True)
    canonical = models.TextField(help_text="Canonical JSON of the event: the hashed text.")
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case_type", "case_id", "n"], name="core_event_place")]

    @cached_property
    def content(self) -> Data:
        """The event as it was written, brought to the newest version of its type."""
        return upcast(cast("Data", json.loads(self.canonical)))

    @property
    def data(self) -> Data:
        """What the event says beyond who, when and what."""
        return cast("Data", self.content["data"])


class EventNote(models.Model):
    """Personal text that belongs to an event (a reason in a person's own words); can be erased."""

    event_id = models.UUIDField(primary_key=True)
    text = models.TextField()


class Seal(Row):
    """One hash over the heads of all cases that moved in a day, chained to the seal before."""

    day = models.DateField(unique=True)
    cases = models.PositiveIntegerField()
    hash = models.BinaryField(max_length=32)
    previous = models.BinaryField(max_length=32, default=b"")


Upcaster = Callable[[Data], Data]
_upcasters: dict[tuple[str, int], Upcaster] = {}
_versions: dict[str, int] = {}


def upcaster(event_type: str, *, from_version: int) -> Callable[[Upcaster], Upcaster]:
    """Register how an event of an old version reads today: ``(data) -> data`` one version further."""

    def known(function: Upcaster) -> Upcaster:
        _upcasters[event_type, from_version] = function
        _versions[event_type] = max(_versions.get(event_type, 1), from_version + 1)
        return function

    return known


def upcast(content: Data) -> Data:
    """An event's content with its data brought to the newest version of its type."""
    kind, version = cast("str", content["type"]), cast("int", content["v"])
    while (step := _upcasters.get((kind, version))) is not None:
        version += 1
        content = {**content, "v": version, "data": step(cast("Data", content["data"]))}
    return content


def _plain(value: object) -> Json:
    """JSON of ids, codes, dates and amounts.

    Raises:
        TypeError: anything else, so that no object brings its own words along.
    """
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, UUID | datetime | date):
        return value.isoformat() if not isinstance(value, UUID) else str(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | frozenset | set):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in the journal.")


def canonical_text(content: Mapping[str, object]) -> str:
    """The one text of an event that is hashed: sorted keys, no spaces, UTF-8."""
    return json.dumps(_plain(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def link(previous: bytes, canonical: str) -> bytes:
    """SHA-256 over the hash before and the canonical text."""
    return hashlib.sha256(previous + canonical.encode()).digest()


def append(case: CaseRow, kind: str, *, actor: Actor, data: Mapping[str, object], note: str = "") -> Event:
    """Write the next event of a case and advance ``case.version`` and ``case.journal_head`` in memory.

    The caller holds the case's lock and stores the two columns (``workflow.perform`` with its compare-and-swap,
    ``record`` by itself).
    """
    at = clock.now()
    content = {
        "v": _versions.get(kind, 1),
        "case": [code_of(type(case)), case.pk],
        "n": case.version + 1,
        "type": kind,
        "at": at,
        "actor": actor.user_id,
        "person": actor.person_id,
        "for": actor.on_behalf_of,
        "organisation": actor.organisation_id,
        "desk": actor.desk.value,
        "role": actor.role,
        "channel": actor.channel.value,
        "device": actor.device,
        "data": dict(data),
    }
    text = canonical_text(content)
    event = Event(
        case_type=code_of(type(case)),
        case_id=case.pk,
        n=case.version + 1,
        type=kind,
        at=at,
        actor_id=actor.user_id,
        canonical=text,
        hash=link(bytes(case.journal_head), text),
    )
    rows.insert([event])
    if note:
        rows.insert([EventNote(event_id=event.pk, text=note)])
    case.version = event.n
    case.journal_head = event.hash
    return event


def record(
    case: CaseRow, kind: str, *, actor: Actor, data: Mapping[str, object] | None = None, note: str = ""
) -> Event:
    """Write an event that changes no state (a call, a remark, a document)."""
    model = type(case)
    with transaction.atomic():
        locked = model._default_manager.select_for_update(of=("self",)).get(pk=case.pk)
        event = append(locked, kind, actor=actor, data=data or {}, note=note)
        model._default_manager.filter(pk=case.pk).update(version=locked.version, journal_head=locked.journal_head)
    case.version, case.journal_head = locked.version, locked.journal_head
    return event


def events_of(case: CaseRow) -> list[Event]:
    """The case's history, oldest first."""
    return list(Event.objects.filter(case_type=code_of(type(case)), case_id=case.pk).order_by("n"))


def notes_of(events: list[Event]) -> dict[UUID, str]:
    """Personal texts that still stand beside these events."""
    return dict(EventNote.objects.filter(event_id__in=[event.pk for event in events]).values_list("event_id", "text"))


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the journal does not hold: which case, which event, and what is wrong there."""

    case_type: str
    case_id: UUID
    n: int
    problem: str


def verify() -> Iterator[Break]:
    """Walk all chains and yield each break: a changed text, a missing or foreign event, a wrong column, a tail that was
    cut off.
    """
    case: tuple[str, UUID] | None = None
    n, head = 0, b""
    for event in Event.objects.order_by("case_type", "case_id", "n").iterator(chunk_size=2000):
        if (event.case_type, event.case_id) != case:
            case, n, head = (event.case_type, event.case_id), 0, b""
        n += 1
        if event.n != n:
            yield Break(*case, n=n, problem="missing")
            n = event.n
        elif bytes(event.hash) != link(head, event.canonical):
            yield Break(*case, n=n, problem="hash")
        content = json.loads(event.canonical)
        told = (content["case"], content["n"], content["type"], content["at"], content["actor"])
        actor = str(event.actor_id) if event.actor_id else None
        if told != ([event.case_type, str(event.case_id)], event.n, event.type, event.at.isoformat(), actor):
            yield Break(*case, n=n, problem="columns")
        head = bytes(event.hash)
    yield from _cut_tails()


def _cut_tails() -> Iterator[Break]:
    """Cases whose last event is not the one that the case itself remembers."""
    broken = models.Q(last__isnull=True) | ~models.Q(last=models.F("journal_head"))
    for kind in registry.all_types():
        last = (
            Event.objects.filter(case_type=kind.code, case_id=models.OuterRef("pk")).order_by("-n").values("hash")[:1]
        )
        rows = kind.model._default_manager.filter(version__gt=0).annotate(last=models.Subquery(last))
        for key, version in rows.filter(broken).values_list("pk", "version").iterator(chunk_size=2000):
            yield Break(kind.code, key, n=version, problem="tail")


def _sealed_hash(day: date, previous: bytes) -> tuple[int, bytes]:
    start = datetime.combine(day, time(), clock.COUNTRY_ZONE)
    heads = (
        Event.objects.filter(at__gte=start, at__lt=start + timedelta(days=1))
        .order_by("case_type", "case_id", "-n")
        .distinct("case_type", "case_id")
        .values_list("case_type", "case_id", "n", "hash")
    )
    digest, count = hashlib.sha256(previous), 0
    for case_type, case_id, n, head in heads.iterator(chunk_size=5000):
        digest.update(f"{case_type} {case_id} {n} ".encode() + bytes(head))
        count += 1
    return count, digest.digest()


def seal() -> list[Seal]:
    """Seal every whole day that is not sealed yet, up to yesterday.

    A day is sealed once half an hour of the next has passed, so that no transaction that began in it is still open
    (they end after 60 s at most).
    """
    made: list[Seal] = []
    first = Event.objects.order_by("at").values_list("at", flat=True).first()
    if first is None:
        return made
    last = Seal.objects.order_by("-day").first()
    day = last.day + timedelta(days=1) if last else first.astimezone(clock.COUNTRY_ZONE).date()
    limit = (clock.now() - timedelta(minutes=30)).astimezone(clock.COUNTRY_ZONE).date()
    previous = bytes(last.hash) if last else b""
    while day < limit:
        count, digest = _sealed_hash(day, previous)
        made.append(Seal.objects.create(day=day, cases=count, hash=digest, previous=previous))
        previous = digest
        day += timedelta(days=1)
    return made


def verify_seals() -> Iterator[Seal]:
    """Yield each seal that no longer matches the journal or the seal before it."""
    previous = b""
    for one in Seal.objects.order_by("day"):
        _count, digest = _sealed_hash(one.day, previous)
        if bytes(one.previous) != previous or bytes(one.hash) != digest:
            yield one
        previous = bytes(one.hash)


def seal_lines() -> Iterator[str]:
    """The seals as lines ``day cases sha256`` for printing and export."""
    for one in Seal.objects.order_by("day"):
        yield f"{one.day.isoformat()} {one.cases} {bytes(one.hash).hex()}"
