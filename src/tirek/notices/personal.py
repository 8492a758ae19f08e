"""Personal data of notices: what a person sees of them, and how long they are kept."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from tirek.core.personal import export, retention
from tirek.core.personal.export import Entry, Subject
from tirek.notices.models import ContactPoint, Delivery, Notice, Route, SentMessage
from tirek.notices.queries import in_words

export.titles(
    "notices",
    route=_("Message by"),
    verified_at=_("Checked"),
    title=_("Title"),
    read_at=_("Read"),
    sent=_("Sent by"),
    ended_at=_("Ended on"),
    subject=_("Subject"),
    address=_("Phone or e-mail address"),
)


@export.section("contacts", "notices.ContactPoint", title=_("Where messages go"), place=21)
def _contacts(subject: Subject) -> list[Entry]:
    rows = ContactPoint.objects.filter(user_id__in=subject.accounts).order_by("channel")
    return [
        {"route": export.word(Route, one.channel), **export.entry(one, "address", "language", "verified_at")}
        for one in rows
    ]


@export.section("notices", "notices.Notice", "notices.Delivery", title=_("Notices"), place=60)
def _notices(subject: Subject) -> list[Entry]:
    notices = list(Notice.objects.filter(user_id__in=subject.accounts).order_by("created_at", "pk"))
    sent: dict[object, list[Entry]] = {}
    for one in Delivery.objects.filter(notice__in=notices).order_by("created_at", "pk"):
        sent.setdefault(one.notice_id, []).append(
            {"route": export.word(Route, one.channel), **export.entry(one, "address", "state", "ended_at")}
        )
    words = {one.notice.pk: one.words for one in in_words(notices)}
    return [
        export.entry(one, "created_at", "read_at")
        | {
            "title": words[one.pk].title if one.pk in words else one.template,
            "text": words[one.pk].body if one.pk in words else "",
            "sent": sent.get(one.pk, []),
        }
        for one in notices
    ]


@export.section("sent_messages", "notices.SentMessage", title=_("Messages of the demo"), place=62)
def _sent(subject: Subject) -> list[Entry]:
    rows = SentMessage.objects.filter(user_id__in=subject.accounts).order_by("at", "pk")
    return [
        {"route": export.word(Route, one.channel), **export.entry(one, "at", "address", "subject", "text")}
        for one in rows
    ]


@retention.forgets(
    "retention.notices",
    "notices.Notice",
    "notices.Delivery",
    what=_("Notices in your inbox"),
    since=_("from the day they were written"),
)
def _forget_notices(before: datetime, limit: int) -> int:
    return retention.delete_some(Notice.objects.filter(created_at__lte=before, dispatched_at__isnull=False), limit)


@retention.forgets(
    "retention.message_addresses",
    "notices.Delivery",
    what=_("The phone or e-mail address a message went to"),
    since=_("from the day it was sent"),
)
def _forget_addresses(before: datetime, limit: int) -> int:
    rows = Delivery.objects.filter(created_at__lte=before).exclude(state__in=Delivery.UNFINISHED).exclude(address="")
    return Delivery.objects.filter(pk__in=list(rows.values_list("pk", flat=True)[:limit])).update(address="")


@retention.forgets(
    "retention.sent_messages",
    "notices.SentMessage",
    what=_("Messages of the demo, which leave no machine"),
    since=_("from the day they were written"),
)
def _forget_sent(before: datetime, limit: int) -> int:
    return retention.delete_some(SentMessage.objects.filter(at__lte=before), limit)


retention.keeps("Where a person is reached: as long as the account, and changed with it.", "notices.ContactPoint")
