"""Writing a message, and reading it."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.case.registry import moves_along
from tirek.core.database.ratelimit import hit
from tirek.core.errors import NotAllowed, NotFound, RuleBroken
from tirek.core.keys import uuid7
from tirek.correspondence.models import Message, Reading
from tirek.correspondence.queries import of_desk
from tirek.correspondence.rules import LIMITS, LONGEST
from tirek.correspondence.talks import Talk
from tirek.files.actions import store
from tirek.organisations.telling import SUPPLIERS, tell_staff
from tirek.people.telling import tell_person

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


def write(
    *,
    actor: Actor,
    talk: Talk,
    key: UUID,
    text: str,
    readers: Collection[str],
    topic: str = "",
    upload: "UploadedFile[bytes] | None" = None,
    once: UUID | None = None,
) -> Message:
    """Write a message about something to the chosen others who take part in it; they are told.

    Args:
        actor: who writes; may see what it is about.
        talk: the sort of things it is about.
        key: of the case, or of the person.
        text: at most ``LONGEST`` characters.
        readers: desks; the writer's own is none of them.
        topic: code of what it is about; "" for a plain message.
        upload: a photo or document.
        once: key of the page's form: pressed twice, or sent again after a lost answer, it is one message.

    Raises:
        NotFound: what it is about is not the actor's to see.
        NotAllowed: the actor's desk takes no part in it.
        RuleBroken: no text, too long, or nobody chosen.
        TooMany: the account wrote too often.
        files.rules.Unsuitable: the file is none that may be kept.
    """
    it, text = talk.find(actor, key), text.strip()
    if actor.desk not in talk.desks or actor.user_id is None:
        raise NotAllowed
    chosen = [one for one in talk.others(actor, it) if one.value in readers]
    if not chosen:
        raise RuleBroken(_("Choose who reads your message."), code="readers")
    if not text or len(text) > LONGEST:
        raise RuleBroken(_("Write a message of at most 2 000 characters."), code="text")
    known = _known(actor, talk, key, once)
    if known is not None and once is not None and known.text != text:
        # a page that was kept by the browser and filled in anew: another message, and the same press of it is one
        once = uuid5(once, text)
        known = _known(actor, talk, key, once)
    if known is not None:
        return known
    hit("correspondence.write", str(actor.user_id), limits=LIMITS)
    person = talk.person_of(it)
    try:
        with transaction.atomic():
            message = Message.objects.create(
                id=once or uuid7(),
                about=talk.code,
                about_id=key,
                person=person,
                desk=actor.desk,
                written_by=actor.user_id,
                organisation_id=actor.organisation_id,
                topic=topic if topic in talk.topics else "",
                text=text,
            )
            Reading.objects.bulk_create([_reading(message, talk, it, one) for one in chosen])
            if upload is not None:
                message.file = store(actor, upload, owner_id=person.pk, case=message)
                message.save(update_fields=["file"])
            _tell(message, talk, it, chosen, but=actor.user_id)
    except IntegrityError:
        # the same press came twice at once, and the other was written first
        known = _known(actor, talk, key, once)
        if known is None:
            raise
        return known
    return message


def _known(actor: Actor, talk: Talk, key: UUID, once: UUID | None) -> Message | None:
    """The message of this press of the page's form, where it was written before."""
    known = Message.objects.filter(pk=once).first() if once is not None else None
    if known is not None and (known.about, known.about_id, known.written_by) != (talk.code, key, actor.user_id):
        raise NotFound
    return known


def _reading(message: Message, talk: Talk, it: Any, desk: Desk) -> Reading:  # noqa: ANN401 - a case, or a person
    found = Reading(message=message, desk=desk, created_at=message.created_at)
    if desk is Desk.RECIPIENT:
        found.person_id = message.person_id
    elif desk is Desk.SUPPLIER:
        found.organisation_id = talk.organisation_of(it)
    else:
        found.territory_code = talk.territory_of(it)
    return found


def _tell(message: Message, talk: Talk, it: Any, readers: Collection[Desk], *, but: UUID) -> None:  # noqa: ANN401
    """The person and the supplier's people get a notice; an office has the message among its tasks."""
    facts = {"number": getattr(it, "number", ""), "desk": message.desk}
    if Desk.RECIPIENT in readers:
        tell_person(message.person_id, "correspondence.message", case=message, but=but, **facts)
    firm = talk.organisation_of(it)
    if Desk.SUPPLIER in readers and firm is not None:
        tell_staff(firm, "correspondence.message", roles=SUPPLIERS, case=message, **facts)


def mark_read(actor: Actor, messages: Collection[UUID]) -> int:
    """The actor's desk has read these messages; returns how many it had not read before."""
    rows = of_desk(actor).filter(message__in=messages, read_at__isnull=True)
    return rows.update(read_at=clock.now(), read_by=actor.user_id) if messages else 0


@moves_along
def follow_residence(person_id: UUID, territory_code: str) -> None:
    """What the office has not read yet goes along with a person who moves; the caller has moved the person in the same
    transaction.
    """
    rows = Reading.objects.filter(desk=Desk.OFFICER, message__person=person_id, read_at__isnull=True)
    rows.update(territory_code=territory_code)
