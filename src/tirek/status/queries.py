"""Reads of announcements: for the file of what is known, and for the administrator's desk."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from tirek.core.actors import Actor, Desk
from tirek.core.errors import NotAllowed, NotFound
from tirek.status.known import Announced, Words
from tirek.status.models import Announcement
from tirek.territory.queries import names_in_all

#: What has ended stands on the page of the state for so long.
TOLD_AFTER: Final = timedelta(days=30)
#: More are not told at once.
MOST_TOLD: Final = 50


def _present() -> QuerySet[Announcement]:
    """The present version of each announcement."""
    newest = Announcement.objects.filter(row_id=OuterRef("row_id")).order_by("-version").values("version")[:1]
    return Announcement.objects.filter(version=Subquery(newest))


def to_be_told(at: datetime) -> tuple[Announced, ...]:
    """Announcements that last, are to come or have ended of late, newest first (two queries at most)."""
    rows = list(
        _present()
        .exclude(act=Announcement.Act.WITHDRAWN)
        .filter(Q(ended_at__isnull=True) | Q(ended_at__gt=at - TOLD_AFTER))
        .exclude(kind=Announcement.Kind.NEWS, expected__lte=at - TOLD_AFTER)
        .order_by("-since", "-row_id")[:MOST_TOLD]
    )
    codes = {code for row in rows for code in row.regions}
    names = names_in_all(codes) if codes else {}
    return tuple(
        Announced(
            key=str(row.row_id),
            kind=row.kind,
            text=Words(row.text_kk, row.text_ru, row.text_en),
            parts=tuple(row.parts),
            regions=tuple(row.regions),
            names=tuple(Words(*names.get(code, (code, code, code))) for code in row.regions),
            places=tuple(row.places),
            since=row.since,
            expected=row.expected,
            ended_at=row.ended_at,
        )
        for row in rows
    )


def _require_admin(actor: Actor) -> None:
    if actor.desk is not Desk.ADMIN:
        raise NotAllowed


def announcements(actor: Actor) -> QuerySet[Announcement]:
    """The present version of every announcement, newest first.

    Raises:
        NotAllowed: the actor is no administrator.
    """
    _require_admin(actor)
    return _present().order_by("-since", "-row_id")


def announcement_for(actor: Actor, key: UUID) -> Announcement:
    """The present version of one announcement.

    Raises:
        NotAllowed: the actor is no administrator.
        NotFound: there is none.
    """
    _require_admin(actor)
    row = Announcement.objects.filter(row_id=key).order_by("-version").first()
    if row is None:
        raise NotFound
    return row


def versions_of(actor: Actor, key: UUID) -> list[Announcement]:
    """Every version of one announcement, newest first.

    Raises:
        NotAllowed: the actor is no administrator.
    """
    _require_admin(actor)
    return list(Announcement.objects.filter(row_id=key).order_by("-version"))
