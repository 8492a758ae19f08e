"""The verbs of announcements. Each writes one version more; none changes a row."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.errors import NotAllowed, RuleBroken, StaleState
from tirek.core.keys import uuid7
from tirek.status import keeping, rules
from tirek.status.models import Announcement
from tirek.status.queries import announcement_for
from tirek.status.rules import Entered, Standing
from tirek.territory.queries import regions

#: Nobody announces further ahead, or looks further back.
FURTHEST: Final = timedelta(days=366)
_LASTS: Final = frozenset({Standing.PLANNED, Standing.PRESENT})


def _require(actor: Actor) -> UUID:
    if actor.desk is not Desk.ADMIN:
        raise NotAllowed
    return actor.account


def _check(one: Entered) -> None:
    now = clock.now()
    for text, code in ((one.text_kk, "text_kk"), (one.text_ru, "text_ru"), (one.text_en, "text_en")):
        if not text.strip():
            raise RuleBroken(_("Write the text in all three languages."), code=code)
    if one.kind == Announcement.Kind.INCIDENT and not one.parts:
        raise RuleBroken(_("Choose what does not work."), code="parts")
    if one.kind == Announcement.Kind.INCIDENT and one.since > now:
        raise RuleBroken(
            _("What does not work has begun already: its beginning cannot be in the future."), code="since"
        )
    if abs(one.since - now) > FURTHEST:
        raise RuleBroken(_("The beginning is more than a year away. Check the day."), code="since")
    if one.expected is not None and one.expected <= one.since:
        raise RuleBroken(_("The expected end must be after the beginning."), code="expected")
    if one.expected is not None and one.expected - now > FURTHEST:
        raise RuleBroken(_("The expected end is more than a year away. Check the day."), code="expected")
    if set(one.regions) - {region.code for region in regions()}:
        raise RuleBroken(_("There is no such region today. Choose the regions again."), code="regions")


def _write(actor: Actor, row: Announcement) -> Announcement:
    """Add a version; the file is written anew when it is there for all to see.

    Raises:
        StaleState: somebody has written the same version meanwhile.
    """
    row.actor_id, row.organisation_id, row.desk = _require(actor), actor.organisation_id, actor.desk.value
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            keeping.after_save()
    except IntegrityError as error:
        raise StaleState(
            state=row.act, message=_("Somebody has changed this announcement since you opened the page.")
        ) from error
    return row


def _next(row: Announcement, act: Announcement.Act) -> Announcement:
    """The version that follows, not written yet."""
    return Announcement(
        row_id=row.row_id,
        version=row.version + 1,
        act=act,
        **{name: getattr(row, name) for name in Entered.__slots__},
        ended_at=row.ended_at,
    )


def announce(*, actor: Actor, entered: Entered) -> Announcement:
    """Announce an incident or news.

    Raises:
        NotAllowed: the actor is no administrator.
        RuleBroken: a text is missing, or a moment makes no sense; the code names the field.
    """
    _require(actor)
    _check(entered)
    said = {name: getattr(entered, name) for name in Entered.__slots__}
    lists = {name: list(said[name]) for name in ("parts", "regions", "places")}
    return _write(actor, Announcement(row_id=uuid7(), version=1, act=Announcement.Act.ADDED, **{**said, **lists}))


def _opened(actor: Actor, key: UUID, version: int) -> Announcement:
    """The present version, as it was seen by who acts.

    Raises:
        NotFound: there is none.
        StaleState: somebody has changed it meanwhile.
        RuleBroken: it has ended.
    """
    row = announcement_for(actor, key)
    if row.version != version:
        raise StaleState(state=row.act, message=_("Somebody has changed this announcement since you opened the page."))
    withdrawn = row.act == Announcement.Act.WITHDRAWN
    if rules.standing(row, now=clock.now(), withdrawn=withdrawn) not in _LASTS:
        raise RuleBroken(
            _("This announcement has ended. It stays as it was."),
            next_step=_("If the same happens again, announce it anew."),
            code="ended",
        )
    return row


def change(*, actor: Actor, key: UUID, version: int, entered: Entered) -> Announcement:
    """Change an announcement that lasts: its words, where it stands, when it is expected to end.

    Args:
        actor: an administrator.
        key: of the announcement.
        version: the one that the actor has seen.
        entered: all that it says from now on.

    Raises:
        NotAllowed: the actor is no administrator.
        NotFound: there is none.
        StaleState: somebody has changed it meanwhile.
        RuleBroken: it has ended, or what was entered makes no sense.
    """
    _require(actor)
    row = _next(_opened(actor, key, version), Announcement.Act.CHANGED)
    _check(entered)
    for name in Entered.__slots__:
        given = getattr(entered, name)
        setattr(row, name, list(given) if isinstance(given, tuple) else given)
    return _write(actor, row)


def end(*, actor: Actor, key: UUID, version: int) -> Announcement:
    """It works again, or the news is over: the banner goes, the page of the state tells when it ended.

    Raises:
        NotAllowed: the actor is no administrator.
        NotFound: there is none.
        StaleState: somebody has changed it meanwhile.
        RuleBroken: it has ended already.
    """
    _require(actor)
    row = _next(_opened(actor, key, version), Announcement.Act.ENDED)
    row.ended_at = clock.now()
    return _write(actor, row)


def withdraw(*, actor: Actor, key: UUID, version: int) -> Announcement:
    """It was announced by mistake: nobody is told of it any more, its versions stay.

    Raises:
        NotAllowed: the actor is no administrator.
        NotFound: there is none.
        StaleState: somebody has changed it meanwhile.
        RuleBroken: it has ended.
    """
    _require(actor)
    return _write(actor, _next(_opened(actor, key, version), Announcement.Act.WITHDRAWN))
