"""Reads of notices: everybody their own."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from tirek.core.acting import OtherPerson
from tirek.core.actors import Actor, Desk
from tirek.core.case import registry
from tirek.core.database.compiled import Compiled
from tirek.core.errors import DomainError, NotAllowed, NotFound
from tirek.notices import templates
from tirek.notices.models import ContactPoint, Delivery, Notice, Route, SentMessage
from tirek.notices.templates import Rendered

#: Every page says how many are unread: no more are counted for it than it says.
MOST_UNREAD: Final = 100
#: A message that waits so long past its time is late.
LONGEST_WAIT: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Entry:
    """A notice with its words in the reader's language."""

    notice: Notice
    words: Rendered


_UNREAD: Final = Compiled(
    lambda user: Notice.objects.filter(user_id=user, read_at__isnull=True).order_by().values_list("pk")[:MOST_UNREAD],
    user=UUID,
)


def unread_count(user_id: UUID | None) -> int:
    """How many notices of an account were not opened yet, ``MOST_UNREAD`` at most (one query; none for nobody)."""
    return 0 if user_id is None else len(_UNREAD.rows(user=user_id))


def inbox(actor: Actor) -> QuerySet[Notice]:
    """The actor's own notices, newest first."""
    if actor.user_id is None:
        return Notice.objects.none()
    return Notice.objects.filter(user_id=actor.user_id).order_by("-created_at", "-pk")


def in_words(notices: list[Notice]) -> list[Entry]:
    """Notices with their words; one whose kind is no longer known is left out. Each kind asks for its words once."""
    by_kind: dict[str, list[Notice]] = {}
    for notice in notices:
        if templates.is_known(notice.template):
            by_kind.setdefault(notice.template, []).append(notice)
    names = dict(zip((one.pk for one in notices), templates.names_in(notices), strict=True))
    easy = dict(zip((one.pk for one in notices), templates.easy_in(notices), strict=True))
    words = {
        notice.pk: rendered
        for kind, some in by_kind.items()
        for notice, rendered in zip(
            some,
            templates.render_many(
                kind,
                [one.context for one in some],
                names=[names[one.pk] for one in some],
                easy=[easy[one.pk] for one in some],
            ),
            strict=True,
        )
    }
    return [Entry(notice, words[notice.pk]) for notice in notices if notice.pk in words]


def notice_for(actor: Actor, key: UUID) -> Notice:
    """One of the actor's own notices.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    notice = inbox(actor).filter(pk=key).first()
    if notice is None:
        raise NotFound
    return notice


def case_url(actor: Actor, notice: Notice) -> str:
    """The page of the notice's case at the actor's desk; "" when there is none or it is not this actor's (any more).

    Where it is about somebody else for whom the reader may act, the page asks to act for that person first.
    """
    if not notice.case_type or notice.case_id is None:
        return ""
    try:
        return registry.address_of(notice.case_type, actor, notice.case_id)
    except OtherPerson as other:
        return registry.address_of(notice.case_type, actor.behalf(other.subject_id), notice.case_id)
    except (KeyError, DomainError):
        return ""


def undelivered(actor: Actor) -> QuerySet[Delivery]:
    """Messages that failed, or may not have arrived, newest first; for administrators.

    Raises:
        NotAllowed: the actor is no administrator.
    """
    if actor.desk is not Desk.ADMIN:
        raise NotAllowed
    rows = Delivery.objects.filter(state__in=Delivery.NEEDS_STAFF, repeated_by__isnull=True)
    return rows.select_related("notice").order_by("-created_at", "-pk")


def refused_of(user_id: UUID) -> Delivery | None:
    """The newest message of an account that the provider refused, where it went to the address that is on file still
    (one query); ``None`` for none.
    """
    on_file = ContactPoint.objects.filter(user_id=user_id, channel=OuterRef("channel"), address=OuterRef("address"))
    rows = Delivery.objects.filter(notice__user_id=user_id, state=Delivery.State.FAILED, repeated_by__isnull=True)
    return rows.filter(Exists(on_file)).order_by("-created_at", "-pk").first()


def delivery_for(actor: Actor, key: UUID) -> Delivery:
    """One message that needs an administrator.

    Raises:
        NotAllowed: the actor is no administrator.
        NotFound: there is none.
    """
    delivery = undelivered(actor).filter(pk=key).first()
    if delivery is None:
        raise NotFound
    return delivery


@dataclass(frozen=True, slots=True)
class OnTheWay:
    """How messages of one way leave.

    Attributes:
        waits: whether one waits longer than it should, or was put off more than once.
        lost: how many did not leave, or may not have arrived, in the last hour.
    """

    waits: bool
    lost: int


def on_the_way(at: datetime) -> dict[Route, OnTheWay]:
    """How messages leave by each way at a moment (two queries, each by an index of what is not sent)."""
    late = at - LONGEST_WAIT
    stuck = Q(state=Delivery.State.PENDING) & (Q(try_after__lt=late) | Q(tries__gt=1))
    held = Q(state=Delivery.State.CLAIMED, claimed_at__lt=late)
    waiting = set(Delivery.objects.filter(stuck | held).order_by().values_list("channel", flat=True).distinct())
    failed = Delivery.objects.filter(state__in=Delivery.NEEDS_STAFF, created_at__gte=at - timedelta(hours=1))
    lost = dict(failed.order_by().values_list("channel").annotate(Count("pk")))
    return {route: OnTheWay(route in waiting, lost.get(route, 0)) for route in Route}


def sent_messages() -> QuerySet[SentMessage]:
    """What the demo channels kept, newest first."""
    return SentMessage.objects.order_by("-at", "-pk")
