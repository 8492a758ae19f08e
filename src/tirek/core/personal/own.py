"""Personal data in the tables of the core: what a person sees of them, and how long they are kept."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tirek.core import clock, drafts
from tirek.core.case.effects import Effect
from tirek.core.case.journal import Event, EventNote
from tirek.core.database.ratelimit import RateWindow
from tirek.core.drafts import Draft
from tirek.core.imports import Run
from tirek.core.personal import export, retention
from tirek.core.personal.export import Entry, Subject
from tirek.core.personal.viewlog import View
from tirek.core.service.failures import Failure
from tirek.core.signing import Signature

_SENT_OR_GONE: Final = (Draft.State.SUBMITTED, Draft.State.ARCHIVED)

export.titles(
    "core",
    at=_("When"),
    number=_("Number"),
    kind=_("What"),
    history=_("History"),
    state=_("State"),
    channel=_("Channel"),
    desk=_("Who"),
    language=_("Language"),
    created_at=_("Entered"),
    updated_at=_("Last changed"),
    expires_at=_("Kept until"),
    purpose=_("For what"),
    text=_("Text"),
    answers=_("Answers"),
    field=_("Field"),
    value=_("Value"),
    form=_("Form"),
    strength=_("How it was signed"),
    signed_at=_("Signed"),
    phone_end=_("Last digits of the phone"),
)


@export.section("drafts", "core.Draft", title=_("Forms"), place=80)
def _drafts(subject: Subject) -> list[Entry]:
    mine = Q(subject_id=subject.person_id)
    if subject.user_id is not None:
        mine |= Q(subject_id__isnull=True, owner_id=subject.user_id)
    rows = list(Draft.objects.filter(mine).order_by("created_at", "pk"))
    answered: dict[UUID, list[Entry]] = {}
    for form in {one.form for one in rows}:
        own = [one for one in rows if one.form == form]
        given = export.answers(form, [one.values() for one in own])
        answered |= {one.pk: some for one, some in zip(own, given, strict=True)}
    return [
        {
            "form": export.coded(one.form),
            **export.entry(one, "state", "channel", "created_at", "updated_at", "expires_at"),
            "answers": answered[one.pk],
        }
        for one in rows
    ]


@export.section("signatures", "core.Signature", title=_("Signatures"), place=70)
def _signatures(subject: Subject) -> list[Entry]:
    rows = Signature.objects.filter(Q(signer_person_id=subject.person_id) | Q(on_behalf_of=subject.person_id)).order_by(
        "created_at", "pk"
    )
    return [
        {
            "purpose": export.coded(one.purpose),
            **export.entry(one, "strength", "state", "channel", "language", "phone_end", "created_at", "signed_at"),
            "text": bytes(one.text).decode(),
        }
        for one in rows
    ]


export.leaves_out("terms of cases: the dates stand with the case", "core.Deadline", "core.Pause")
export.leaves_out("files of the office: what they brought stands where it belongs", "core.Run")
export.leaves_out("work of the machine on an event: ids only", "core.Effect")
export.leaves_out("dated data of the system, amended by administrators", "core.Amendment", "core.ReferenceValue")


@retention.forgets(
    "drafts.keep", "core.Draft", what=_("Forms that were begun and not sent"), since=_("from the last change")
)
def _forget_unfinished(before: datetime, limit: int) -> int:
    del before  # each form holds its own end: people who are not signed in have less time
    return drafts.purge(limit=limit)


@retention.forgets(
    "retention.drafts",
    "core.Draft",
    what=_("What was typed into forms that were sent or thrown away"),
    since=_("from the last change"),
)
def _forget_drafts(before: datetime, limit: int) -> int:
    rows = Draft.objects.filter(state__in=_SENT_OR_GONE, updated_at__lte=before).exclude(fields={})
    return Draft.objects.filter(pk__in=list(rows.values_list("pk", flat=True)[:limit])).update(fields={})


@retention.forgets(
    "retention.notes",
    "core.EventNote",
    what=_("Reasons in your own words beside the history of a case"),
    since=_("from the day they were written"),
)
def _forget_notes(before: datetime, limit: int) -> int:
    old = Event.objects.filter(at__lte=before).values("pk")
    return retention.delete_some(EventNote.objects.filter(event_id__in=old), limit)


@retention.forgets(
    "retention.unsigned",
    "core.Signature",
    what=_("Texts that were shown for signing and not signed"),
    since=_("from the day they were shown"),
)
def _forget_unsigned(before: datetime, limit: int) -> int:
    return retention.delete_some(
        Signature.objects.filter(created_at__lte=before).exclude(state=Signature.State.SIGNED), limit
    )


@retention.forgets(
    "retention.signed",
    "core.Signature",
    what=_("Texts that were signed, with the device and the last digits of the phone"),
    since=_("from the signature"),
)
def _forget_signed(before: datetime, limit: int) -> int:
    signed = Signature.objects.filter(state=Signature.State.SIGNED, signed_at__lte=before)
    rows = signed.exclude(text=b"", device="", phone_end="")
    keys = list(rows.values_list("pk", flat=True)[:limit])
    # the hash stays: whoever still holds the text can prove it
    return Signature.objects.filter(pk__in=keys).update(text=b"", device="", phone_end="")


@retention.forgets("retention.views", "core.View", what=_("Who looked at your file"), since=_("from the look"))
def _forget_views(before: datetime, limit: int) -> int:
    return retention.delete_some(View.objects.filter(at__lte=before), limit)


@retention.forgets(
    "retention.failures", "core.Failure", what=_("Failures that people met, without names"), since=_("from the failure")
)
def _forget_failures(before: datetime, limit: int) -> int:
    return retention.delete_some(Failure.objects.filter(at__lte=before), limit)


@retention.forgets(
    "retention.effects",
    "core.Effect",
    what=_("Finished background tasks"),
    since=_("from the day it was asked for"),
)
def _forget_effects(before: datetime, limit: int) -> int:
    return retention.delete_some(Effect.objects.filter(state=Effect.State.DONE, created_at__lte=before), limit)


@retention.forgets("retention.sessions", "sessions.Session", what=_("Sessions"), since=_("from their end"))
def _forget_sessions(before: datetime, limit: int) -> int:
    return retention.delete_some(Session.objects.filter(expire_date__lte=before), limit)


@retention.forgets(
    "retention.rate_windows",
    "core.RateWindow",
    what=_("How often somebody tried (no names)"),
    since=_("from the end of the count"),
)
def _forget_rate_windows(before: datetime, limit: int) -> int:
    return retention.delete_some(RateWindow.objects.filter(ends_at__lte=before), limit)


@retention.forgets(
    "retention.imports",
    "core.Run",
    what=_("Files that the office chose for import and did not import"),
    since=_("from the day they were chosen"),
)
def _forget_imports(before: datetime, limit: int) -> int:
    rows = Run.objects.filter(created_at__lte=before, content__isnull=False)
    keys = list(rows.values_list("pk", flat=True)[:limit])
    return Run.objects.filter(pk__in=keys).update(
        content=None, found=None, state=Run.State.REFUSED, ended_at=clock.now()
    )


retention.keeps(
    "The journal: codes, ids and hashes only; append-only, so that a history can be proven.",
    "core.Event",
    "core.Seal",
    "core.HourSeal",
)
retention.keeps("Terms of cases: codes and dates.", "core.Deadline", "core.Pause")
retention.keeps("Counts of cases by place.", "core.Figure", "core.FigureChange", "core.FigureStart")
retention.keeps(
    "Dated data of the system and who amended them; no person is in them.",
    "core.ReferenceValue", "core.CalendarDay", "core.OpeningHours", "core.Amendment",
)  # fmt: skip
