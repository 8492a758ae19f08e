"""Reads of messages: only those that the reader's desk wrote or that are for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.database.compiled import Compiled, CompiledObject
from tirek.core.errors import NotFound
from tirek.core.personal import viewlog
from tirek.core.places import codes_within, covered
from tirek.correspondence.models import Message, Reading
from tirek.correspondence.talks import Talk, talk
from tirek.organisations.queries import local_body_of
from tirek.people.queries import names_of_users


@dataclass(frozen=True, slots=True)
class Reader:
    """Who a message is for, and when it was read there."""

    name: str
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Shown:
    """One message as a page shows it.

    Attributes:
        message: with its file.
        author: who wrote it, by name.
        mine: whether the reader's own desk wrote it.
        readers: who it is for.
        topic: what it is about, in words; "" for a plain message.
    """

    message: Message
    author: str
    mine: bool
    readers: list[Reader]
    topic: str | Promise


def of_desk(actor: Actor) -> QuerySet[Reading]:
    """What is for the actor's desk, newest first."""
    rows = Reading.objects.filter(desk=actor.desk).order_by("-created_at", "-pk")
    match actor.desk:
        case Desk.RECIPIENT if actor.subject_id is not None:
            return rows.filter(person_id=actor.subject_id)
        case Desk.SUPPLIER if actor.organisation_id is not None:
            return rows.filter(organisation_id=actor.organisation_id)
        case Desk.OFFICER:
            return rows.filter(covered(actor.territory, "territory_code"))
        case _:
            return rows.none()


def unread(actor: Actor) -> QuerySet[Reading]:
    """What the actor's desk has not read yet, newest first."""
    return of_desk(actor).filter(read_at__isnull=True)


#: Own messages that the list of received ones looks through for what the person wrote about.
MOST_SENT: Final = 20
#: Messages that a menu counts at most; of more it says that there are.
MOST_COUNTED: Final = 100
_UNREAD: Final = {
    Desk.RECIPIENT: Compiled(lambda owner: _unread_rows(Desk.RECIPIENT, person_id=owner), owner=UUID),
    Desk.SUPPLIER: Compiled(lambda owner: _unread_rows(Desk.SUPPLIER, organisation_id=owner), owner=UUID),
}
_UNREAD_OF_OFFICE: Final = Compiled(
    lambda first, last: _unread_rows(Desk.OFFICER, territory_code__gte=first, territory_code__lte=last),
    first=str,
    last=str,
)


def _unread_rows(at: Desk, **owned: object) -> QuerySet[Reading, Any]:
    rows = Reading.objects.filter(desk=at.value, read_at__isnull=True, **owned)
    return rows.order_by().values_list("pk")[:MOST_COUNTED]


def count_unread(actor: Actor) -> int:
    """How many messages ``unread`` holds, ``MOST_COUNTED`` at most (one query)."""
    if actor.desk is Desk.OFFICER:
        first, last = codes_within(actor.territory)
        return len(_UNREAD_OF_OFFICE.rows(first=first, last=last)) if actor.territory else 0
    owner = actor.subject_id if actor.desk is Desk.RECIPIENT else actor.organisation_id
    return len(_UNREAD[actor.desk].rows(owner=owner)) if actor.desk in _UNREAD and owner else 0


def unread_of_person(person_id: UUID) -> int:
    """How many messages for a person have not been read; the caller has checked who asks."""
    return Reading.objects.filter(desk=Desk.RECIPIENT, person_id=person_id, read_at__isnull=True).count()


@viewlog.open_task
def waits_in_messages(actor: Actor, person_id: UUID) -> bool:
    """Whether a message about a person waits for the office, or was read by this officer within a day at work: then it
    may be answered.
    """
    answers = Q(read_by=actor.user_id, read_at__gt=clock.now() - viewlog.OPENED_FOR)
    rows = Reading.objects.filter(Q(read_at__isnull=True) | answers, desk=Desk.OFFICER, message__person=person_id)
    return rows.filter(covered(actor.territory, "territory_code")).exists()


def thread(actor: Actor, about: Talk, key: UUID) -> QuerySet[Message]:
    """The messages about something that the actor's desk wrote or that are for it, oldest first. The caller has found
    what they are about for this actor.
    """
    rows = Message.objects.filter(about=about.code, about_id=key).order_by("created_at", "pk")
    # joined and not looked up in a subquery, which would read all readings there are
    seen = Q(desk=actor.desk) | Q(readings__desk=actor.desk)
    rows = rows.filter(seen).distinct().select_related("organisation", "file", "person")
    return rows.prefetch_related("readings")


_KEYS: Final = Compiled(
    lambda about, key, desk: (
        Message.objects.filter(Q(desk=desk) | Q(readings__desk=desk), about=about, about_id=key)
        .order_by("-created_at", "-pk")
        .values_list("created_at", "pk")
        .distinct()
    ),
    about=str,
    key=UUID,
    desk=str,
)


def newest_of(actor: Actor, about: Talk, key: UUID, most: int) -> tuple[list[Message], int]:
    """The newest messages of ``thread``, oldest of them first, and how many there are in all (one query where there is
    none).
    """
    keys = [pk for _at, pk in _KEYS.rows(about=about.code, key=key, desk=actor.desk.value)]
    if not keys:
        return [], 0
    rows = Message.objects.filter(pk__in=keys[:most]).select_related("organisation", "file", "person")
    return list(rows.prefetch_related("readings").order_by("created_at", "pk")), len(keys)


def in_words(actor: Actor, about: Talk, it: object, messages: Sequence[Message]) -> list[Shown]:
    """Messages with the names of who wrote them and who they are for (at most three queries; none for none)."""
    if not messages:
        return []
    names = party_names(actor, about, it)
    writers = [one.written_by for one in messages if one.desk == Desk.RECIPIENT]
    people = names_of_users(writers) if about.names_person(actor, it) else {}
    return [
        Shown(
            message=one,
            author=_author(one, names, people),
            mine=one.desk == actor.desk,
            readers=[Reader(names.get(each.desk, ""), each.read_at) for each in one.readings.all()],
            topic=about.topics.get(one.topic, ""),
        )
        for one in messages
    ]


def _author(one: Message, names: dict[str, str], people: dict[UUID, str]) -> str:
    if one.organisation is not None:
        return one.organisation.name
    wrote = people.get(one.written_by, "")
    person = names.get(Desk.RECIPIENT, "")
    return _("%(name)s for %(person)s") % {"name": wrote, "person": person} if wrote not in {"", person} else person


def party_names(actor: Actor, about: Talk, it: object) -> dict[str, str]:
    """Names of those who take part, by desk: the person (as long as the actor may know it), the organisation, the
    department.
    """
    person = about.person_of(it).full_name if about.names_person(actor, it) else _("Recipient")
    found: dict[str, str] = {Desk.RECIPIENT: person}
    if about.organisation_of(it) is not None:
        found[Desk.SUPPLIER] = it.organisation.name  # type: ignore[attr-defined]  # a case with an organisation
    body = local_body_of(about.territory_of(it))
    found[Desk.OFFICER] = body.name if body else _("Department")
    return found


def address_of(actor: Actor, key: UUID) -> str:
    """The page on which a message is read.

    Raises:
        NotFound: there is none, or it is not for this actor.
    """
    found = Message.objects.filter(pk=key).first()
    if found is None:
        raise NotFound
    about = talk(found.about)
    about.find(actor, found.about_id)
    if found.desk != actor.desk and not found.readings.filter(desk=actor.desk).exists():
        raise NotFound
    return reverse("correspondence:thread", args=[found.about, found.about_id])


@dataclass(frozen=True, slots=True)
class Received:
    """A message of a list.

    Attributes:
        reading: with its message.
        title: what it is about.
        author: who wrote it, by name.
        url: where it is read.
    """

    reading: Reading
    author: str
    title: str | Promise
    url: str


_RECEIVED: Final[CompiledObject[Reading]] = CompiledObject(
    lambda keys: Reading.objects.filter(pk__any_of=keys).select_related("message__organisation", "message__person"),
    keys=list,
)


def received(actor: Actor, rows: QuerySet[Reading]) -> list[Received]:
    """Messages of a list with what they are about and who wrote them; the rows are the page's alone."""
    found = _RECEIVED.all(keys=keys) if (keys := list(rows.values_list("pk", flat=True))) else []
    found.sort(key=lambda one: keys.index(one.pk))
    people = names_of_users([one.message.written_by for one in found])
    titles = _titles(actor, [one.message for one in found])

    def author(one: Message) -> str:
        if one.organisation:
            return one.organisation.name
        is_named = one.desk != Desk.RECIPIENT or (one.about, one.about_id) in titles.named
        return people.get(one.written_by, one.person.full_name) if is_named else _("Recipient")

    return [
        Received(
            reading=one,
            author=author(one.message),
            title=titles.words.get((one.message.about, one.message.about_id), ""),
            url=reverse("correspondence:thread", args=[one.message.about, one.message.about_id]),
        )
        for one in found
    ]


@dataclass(frozen=True, slots=True)
class Sent:
    """What a person wrote last about one thing.

    Attributes:
        message: the newest of them.
        title: what it is about.
        url: where it is read, with its answers.
    """

    message: Message
    title: str | Promise
    url: str


def sent(actor: Actor) -> list[Sent]:
    """What the person wrote about each thing, newest first, of the last ``MOST_SENT`` messages; none at other desks."""
    if actor.desk is not Desk.RECIPIENT or actor.subject_id is None:
        return []
    rows = Message.objects.filter(desk=Desk.RECIPIENT, person_id=actor.subject_id).order_by("-created_at", "-pk")
    newest: dict[tuple[str, UUID], Message] = {}
    for one in rows[:MOST_SENT]:
        newest.setdefault((one.about, one.about_id), one)
    titles = _titles(actor, list(newest.values())).words
    return [
        Sent(message=one, title=titles.get(about, ""), url=reverse("correspondence:thread", args=about))
        for about, one in newest.items()
    ]


@dataclass(frozen=True, slots=True)
class _Titles:
    """What messages are about, by code and key: in words, and those of which the reader may know the person."""

    words: dict[tuple[str, UUID], "str | Promise"]
    named: set[tuple[str, UUID]]


def _titles(actor: Actor, found: Sequence[Message]) -> _Titles:
    """What the messages are about: one query for each type of case."""
    titles = _Titles({}, set())
    for code in {one.about for one in found}:
        about = talk(code)
        keys = {one.about_id for one in found if one.about == code}
        for it in about.many(actor, keys):
            titles.words[code, it.pk] = about.title(it)
            if about.names_person(actor, it):
                titles.named.add((code, it.pk))
    return titles
