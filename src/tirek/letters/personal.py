"""Personal data of letters: what a person sees of them, and how long they are kept."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from tirek.core import clock
from tirek.core.personal import export, retention
from tirek.core.personal.export import Entry, Subject
from tirek.letters.models import ByPost, Envelope

export.titles(
    "letters",
    day=_("Day of the letter"),
    address=_("Address"),
    posted_on=_("Posted on"),
    returned_on=_("Came back on"),
    reason=_("Why it came back"),
    since=_("You want notices by post, since"),
)


@export.section("letters", "letters.Envelope", "letters.Letter", title=_("Letters to you"), place=63)
def _letters(subject: Subject) -> list[Entry]:
    rows = Envelope.objects.filter(person=subject.person_id).order_by("day", "pk")
    return [export.entry(one, "day", "address", "state", "posted_on", "returned_on", "reason") for one in rows]


@export.section("by_post", "letters.ByPost", title=_("Notices by post"), place=64)
def _by_post(subject: Subject) -> list[Entry]:
    rows = ByPost.objects.filter(person=subject.person_id)
    return [{"since": one.created_at.astimezone(clock.COUNTRY_ZONE).date()} for one in rows]


@retention.forgets(
    "retention.letters",
    "letters.Envelope",
    "letters.Letter",
    what=_("Letters to you"),
    since=_("from the day of the letter"),
)
def _forget(before: datetime, limit: int) -> int:
    day = before.astimezone(clock.COUNTRY_ZONE).date()
    return retention.delete_some(Envelope.objects.filter(day__lte=day), limit)


retention.keeps("That a person wants notices by post: until the person says otherwise.", "letters.ByPost")
