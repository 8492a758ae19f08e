"""Reads of letters: who gets notices by post, the envelopes of a day for the office of the place."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Final
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from tirek.core import clock, reference
from tirek.core.actors import Actor, Desk
from tirek.core.errors import NotAllowed, NotFound
from tirek.core.places import covered
from tirek.letters.models import ByPost, Envelope, Letter
from tirek.notices.models import ContactPoint, Notice
from tirek.people.models import Person

State = Envelope.State
#: Envelopes of one document to print.
PER_PRINT: Final = 100


def wants_post(person_id: UUID) -> bool:
    """Whether a person has said that notices shall come by post (one query)."""
    return ByPost.objects.filter(person=person_id).exists()


def is_reached_otherwise(person: Person) -> bool:
    """Whether a phone or an e-mail address of the person is on file for notices (one query)."""
    return person.user_id is not None and ContactPoint.objects.filter(user_id=person.user_id).exists()


def readers_after(key: UUID | None, limit: int) -> list[Person]:
    """The next people, by key, to whom notices go by post and for whom there is one that did not go yet: those with
    no phone and no e-mail on file, and those who said so; the dead get none (one query).
    """
    said = Exists(ByPost.objects.filter(person=OuterRef("pk")))
    silent = ~Exists(ContactPoint.objects.filter(user_id=OuterRef("user_id")))
    rows = Person.objects.filter(user__isnull=False, deceased_on__isnull=True).filter(Q(said) | silent)
    rows = rows.filter(Exists(_unsent(_since()).filter(user_id=OuterRef("user_id"))))
    if key is not None:
        rows = rows.filter(pk__gt=key)
    return list(rows.order_by("pk")[:limit])


def _since() -> datetime:
    """From when on notices go by post: none that is older than reference ``letters.look_back``."""
    days = reference.term("letters.look_back", at=clock.today()).amount
    return datetime.combine(clock.today() - timedelta(days=days), time(), clock.COUNTRY_ZONE)


def _unsent(since: datetime) -> QuerySet[Notice]:
    """Notices about a person that stand in no envelope: what is told to staff has no person."""
    rows = Notice.objects.filter(about__isnull=False, created_at__gte=since)
    return rows.exclude(Exists(Letter.objects.filter(notice=OuterRef("pk"))))


def unsent_of(person: Person) -> list[Notice]:
    """The notices of a person that go into the next envelope, the oldest first; of who said so, those from then on."""
    since = _since()
    if is_reached_otherwise(person):
        said = ByPost.objects.filter(person=person).values_list("created_at", flat=True).first()
        since = max(since, said) if said is not None else since
    return list(_unsent(since).filter(user_id__in=[person.user_id]).order_by("created_at", "pk"))


# --- the office


def of_office(actor: Actor) -> QuerySet[Envelope]:
    """Envelopes of the places that an officer serves.

    Raises:
        NotAllowed: the actor is no officer.
    """
    if actor.desk is not Desk.OFFICER:
        raise NotAllowed
    return Envelope.objects.filter(covered(actor.territory, "territory_code"))


@dataclass(frozen=True, slots=True)
class Day:
    """The envelopes of a day: how many are in each state."""

    day: date
    counts: dict[str, int]
    batches: Sequence["Batch"] = ()

    @property
    def to_print(self) -> int:
        """Envelopes that are not printed yet."""
        return self.counts.get(State.QUEUED, 0)


@dataclass(frozen=True, slots=True)
class Batch:
    """Envelopes that were printed in one document and are not posted yet.

    Attributes:
        key: of the print.
        at: when it was.
        count: how many there are.
        shown: tells whether they are still the same ones.
    """

    key: UUID
    at: datetime
    count: int
    shown: str


def shown_as(keys: Iterable[UUID]) -> str:
    """By what a page says which envelopes it has shown."""
    return hashlib.sha256(b"".join(sorted(one.bytes for one in keys))).hexdigest()


def day_of(actor: Actor, day: date) -> Day:
    """How many envelopes of a day are in each state, and those that are printed by their prints (two queries)."""
    of_day = of_office(actor).filter(day=day)
    counts = dict(of_day.order_by().values_list("state").annotate(Count("pk")))
    printed = of_day.filter(state=State.PRINTED, printed_in__isnull=False).order_by("printed_at", "printed_in")
    batches = []
    for (key, at), rows in groupby(printed.values_list("printed_in", "printed_at", "pk"), key=lambda row: row[:2]):
        keys = [pk for _key, _at, pk in rows]
        batches.append(Batch(key, at, len(keys), shown_as(keys)))
    return Day(day, counts, batches)


def printed_in(actor: Actor, day: date, batch: UUID) -> QuerySet[Envelope]:
    """The envelopes of one print of a day that are not posted yet.

    Raises:
        NotAllowed: the actor is no officer.
    """
    return of_office(actor).filter(day=day, printed_in=batch, state=State.PRINTED)


def envelopes_of(actor: Actor, day: date) -> QuerySet[Envelope]:
    """Envelopes of a day with their people and numbers of pages, in the order of the list."""
    rows = of_office(actor).filter(day=day).select_related("person").annotate(pages=Count("letters"))
    return rows.order_by("territory_code", "pk")


def came_back(actor: Actor) -> QuerySet[Envelope]:
    """Envelopes that came back, of people who were not reached since; the oldest first."""
    rows = of_office(actor).filter(state=State.RETURNED, settled_at__isnull=True)
    return rows.select_related("person").order_by("returned_on", "pk")


def envelope_for(actor: Actor, key: UUID) -> Envelope:
    """One envelope of the office's places.

    Raises:
        NotFound: there is none, or it is of another place.
    """
    found = of_office(actor).select_related("person").filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


def notices_in(envelopes: Sequence[Envelope]) -> dict[UUID, list[Notice]]:
    """What is in each envelope, by its key (one query)."""
    found: dict[UUID, list[Notice]] = {one.pk: [] for one in envelopes}
    rows = Letter.objects.filter(envelope__in=list(found)).select_related("notice")
    for one in rows.order_by("notice__created_at", "pk"):
        found[one.envelope_id].append(one.notice)
    return found
