"""Append-only journal of every case: the timeline that the citizen sees is this table.

An event holds codes and ids only; personal text lives beside it in ``EventNote`` and can be erased without touching the
chain. Each event's hash covers the stored canonical text and the hash before it, per case; a daily ``Seal`` covers the
heads of all cases that moved. Nothing has a foreign key to these tables, and the serving database role may only insert
and read them.
"""

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Final, cast
from uuid import UUID

from django.db import models, transaction

from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.case.registry import code_of
from tirek.core.database import rows
from tirek.core.database.compiled import Compiled, CompiledObject
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
    """Personal text that belongs to an event (a reason in a person's own words); can be erased, never changed.

    The event holds its hash; the salt that keeps a short text from being guessed is erased with the text.
    """

    event_id = models.UUIDField(primary_key=True)
    text = models.TextField()
    salt = models.BinaryField(max_length=16, default=b"", db_default=b"")


class Seal(Row):
    """One hash over the heads of all cases that moved in a day, chained to the seal before."""

    day = models.DateField(unique=True)
    cases = models.PositiveIntegerField()
    hash = models.BinaryField(max_length=32)
    previous = models.BinaryField(max_length=32, default=b"")


class HourSeal(Row):
    """One hash over the heads of all cases that moved in an hour, chained to the seal before: what happened today is
    sealed today.
    """

    start = models.DateTimeField(unique=True)
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


def note_hash(salt: bytes, text: str) -> str:
    """What an event holds of the note beside it."""
    return hashlib.sha256(salt + text.encode()).hexdigest()


def append(case: CaseRow, kind: str, *, actor: Actor, data: Mapping[str, object], note: str = "") -> Event:
    """Write the next event of a case and advance ``case.version`` and ``case.journal_head`` in memory.

    The caller holds the case's lock and stores the two columns (``workflow.perform`` with its compare-and-swap,
    ``record`` by itself).
    """
    at, salt = clock.now(), secrets.token_bytes(16) if note else b""
    content = {
        "v": _versions.get(kind, 1),
        "case": [code_of(type(case)), case.pk],
        "n": case.version + 1,
        "type": kind,
        "at": at,
        "actor": actor.user_id,
        "person": actor.person_id,
        "for": actor.on_behalf_of,
        "of": getattr(case, "person_id", None),
        "organisation": actor.organisation_id,
        "desk": actor.desk.value,
        "role": actor.role,
        "channel": actor.channel.value,
        "device": actor.device,
        "note": note_hash(salt, note) if note else None,
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
        rows.insert([EventNote(event_id=event.pk, text=note, salt=salt)])
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


_EVENTS: Final[CompiledObject[Event]] = CompiledObject(
    lambda case_type, case: Event.objects.filter(case_type=case_type, case_id=case).order_by("n"),
    case_type=str,
    case=UUID,
)
_NOTES: Final = Compiled(
    lambda events: EventNote.objects.filter(event_id__any_of=events).values_list("event_id", "text"), events=list
)


def events_of(case: CaseRow) -> list[Event]:
    """The case's history, oldest first."""
    return _EVENTS.all(case_type=code_of(type(case)), case=case.pk)


def notes_of(events: list[Event]) -> dict[UUID, str]:
    """Personal texts that still stand beside these events."""
    return dict(_NOTES.rows(events=[event.pk for event in events]))
