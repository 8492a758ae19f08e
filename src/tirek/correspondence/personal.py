"""Personal data of messages: what a person sees of them, and how long they are kept."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from tirek.core.actors import CLOCK, Desk
from tirek.core.personal import export, retention
from tirek.core.personal.export import Entry, Subject
from tirek.correspondence.models import Message
from tirek.files.actions import delete

export.titles(
    "correspondence",
    written_at=_("Written"),
    by=_("Written by"),
    text=_("Message"),
    file=_("Photo or document"),
)


@export.section("messages", "correspondence.Message", "correspondence.Reading", title=_("Messages"), place=58)
def _messages(subject: Subject) -> list[Entry]:
    rows = Message.objects.filter(person=subject.person_id).select_related("file").prefetch_related("readings")
    return [
        {
            "written_at": one.created_at,
            "by": export.word(Desk, one.desk),
            "text": one.text,
            "file": one.file.name if one.file else None,
        }
        for one in rows.order_by("created_at", "pk")
        if one.desk == Desk.RECIPIENT or any(each.desk == Desk.RECIPIENT for each in one.readings.all())
    ]


@retention.forgets(
    "retention.messages",
    "correspondence.Message",
    "correspondence.Reading",
    what=_("Messages between you, the department and suppliers"),
    since=_("from the day they were written"),
)
def _forget(before: datetime, limit: int) -> int:
    found = list(Message.objects.filter(created_at__lte=before).select_related("file")[:limit])
    Message.objects.filter(pk__in=[one.pk for one in found]).delete()
    for one in found:
        if one.file is not None:
            delete(CLOCK, one.file)
    return len(found)
