"""Personal data of messages: what a person sees of them, and how long they are kept."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Desk
from tirek.core.personal import export, retention
from tirek.core.personal.export import Entry, Subject
from tirek.correspondence.models import Message

export.titles("correspondence", written_at=_("Written"), by=_("Written by"), text=_("Message"))


@export.section("messages", "correspondence.Message", "correspondence.Reading", title=_("Messages"), place=58)
def _messages(subject: Subject) -> list[Entry]:
    rows = Message.objects.filter(person=subject.person_id).prefetch_related("readings").order_by("created_at", "pk")
    return [
        {"written_at": one.created_at, "by": export.word(Desk, one.desk), "text": one.text}
        for one in rows
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
    return retention.delete_some(Message.objects.filter(created_at__lte=before), limit)
