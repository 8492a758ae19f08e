"""Drafts: what a person types is kept on the server from the first keystrokes.

A draft has one holder at a time and a version per field. A save that was typed on the base of an older version is a
conflict: the newest typed value is kept, the other is offered. A draft can be handed over (person → office, office →
person); one that an officer took up and left lying can be taken back. It is submitted once: its id is the idempotency
key, bound to its first owner.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final, TypedDict, cast
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from tirek.core import acting, clock, reference
from tirek.core.actors import Actor, Channel, Desk
from tirek.core.case import deadlines
from tirek.core.case.registry import code_of
from tirek.core.database import locks, rows
from tirek.core.database.compiled import CompiledObject
from tirek.core.drafts.answers import Conflict, Saved, Typed
from tirek.core.drafts.errors import DraftLost, FormChanged, HeldElsewhere
from tirek.core.errors import NotAllowed, RuleBroken, StaleState
from tirek.core.places import covered
from tirek.core.reference import workcalendar
from tirek.core.tables import CaseRow, Row

MAX_FIELD: Final = 20_000
MAX_FIELDS: Final = 200
ANONYMOUS_DAYS: Final = 7
#: How the names begin under which a press says what its page has shown.
SHOWN: Final = "seen_"


class Cell(TypedDict):
    """One field of a draft as it is stored."""

    value: str
    version: int
    typed_at: str
    by: str


class Draft(Row):
    """What somebody has begun to fill in."""

    class State(models.TextChoices):
        OPEN = "open", _("being filled in")
        WAITING = "waiting", _("handed over, not taken up yet")
        SUBMITTED = "submitted", _("sent")
        ARCHIVED = "archived", _("archived")

    class EndReason(models.TextChoices):
        ASKED = "asked", _("the person asked for it")
        SENT = "sent", _("the same form was sent already")
        IMPOSSIBLE = "impossible", _("what it asks for cannot be had now")
        EMPTY = "empty", _("nothing was filled in")

    form = models.CharField(max_length=60)
    form_version = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    owner_id = models.UUIDField(null=True, help_text="Account that began it; binds the submission.")
    holder_id = models.UUIDField(null=True, help_text="Account that may write now.")
    session = models.CharField(max_length=64, blank=True, help_text="Hash of the session of somebody not signed in.")
    subject_id = models.UUIDField(null=True, help_text="Person it is about.")
    territory_code = models.CharField(
        max_length=9, blank=True, help_text="Office it waits for, or whose officer took it up."
    )
    taken_at = models.DateTimeField(null=True, help_text="When an officer took it up from the office.")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    fields = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    case_type = models.CharField(max_length=40, blank=True)
    case_id = models.UUIDField(null=True)
    ended_because = models.CharField(
        max_length=12,
        blank=True,
        default="",
        db_default="",
        choices=EndReason.choices,
        help_text="Why an officer deleted somebody else's form.",
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["holder_id", "-updated_at"],
                name="core_draft_holder",
                condition=Q(state__in=["open", "waiting"]),
            ),
            models.Index(fields=["owner_id"], name="core_draft_owner", condition=Q(state__in=["open", "waiting"])),
            models.Index(fields=["subject_id"], name="core_draft_subject", condition=Q(state__in=["open", "waiting"])),
            models.Index(fields=["subject_id"], name="core_draft_about"),
            models.Index(fields=["owner_id"], name="core_draft_owned"),
            models.Index(fields=["expires_at"], name="core_draft_expiry", condition=Q(state__in=["open", "waiting"])),
            models.Index(
                fields=["territory_code"],
                include=["form", "updated_at", "id"],
                name="core_draft_waits",
                condition=Q(state="waiting"),
            ),
            models.Index(
                fields=["territory_code"], name="core_draft_taken", condition=Q(state="open", taken_at__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="submitted", case_id__isnull=False)
                | (~Q(state="submitted") & Q(case_id__isnull=True)),
                name="core_draft_submitted",
            ),
            models.CheckConstraint(condition=Q(owner_id__isnull=False) | ~Q(session=""), name="core_draft_owned"),
        ]

    def cells(self) -> dict[str, Cell]:
        """The fields as stored."""
        return cast("dict[str, Cell]", self.fields)

    def values(self) -> dict[str, str]:
        """The typed values by field name. What a page has shown comes with the press alone: a cell that somebody made
        up for it is none.
        """
        return {name: cell["value"] for name, cell in self.cells().items() if not name.startswith(SHOWN)}

    def versions(self) -> dict[str, int]:
        """The version of each field, for the page that edits it."""
        return {name: cell["version"] for name, cell in self.cells().items()}


#: What became of a form at the office: ``(draft, handed_back | deleted, who did it)``.
Moved = Callable[[Draft, str, Actor], None]
_told: list[Moved] = []


def moved(tell: Moved) -> Moved:
    """Have a function told, in the same transaction, what an officer did with a form about a person."""
    _told.append(tell)
    return tell


def _tell(draft: Draft, what: str, actor: Actor) -> None:
    for tell in _told:
        tell(draft, what, actor)


#: Under which names a draft keeps answers to what its pages ask; ``None`` where nobody can say.
Asks = Callable[[Draft], frozenset[str] | None]


def _expiry(actor: Actor) -> datetime:
    now = clock.now()
    if actor.user_id is None:
        return now + timedelta(days=ANONYMOUS_DAYS)
    return now + timedelta(days=int(reference.value("drafts.keep", at=clock.today()).number))


def begin(
    actor: Actor,
    *,
    form: str,
    form_version: int,
    subject_id: UUID | None = None,
    values: Mapping[str, str] | None = None,
    step: str = "",
    key: UUID | None = None,
) -> Draft:
    """Begin a draft for ``actor``; ``key`` makes beginning repeatable (the same key gives the same draft)."""
    if actor.user_id is None and not actor.session:
        raise NotAllowed
    now = clock.now()
    cells = {
        name: Cell(value=value, version=1, typed_at=now.isoformat(), by=str(actor.user_id or ""))
        for name, value in (values or {}).items()
    }
    draft = Draft(
        form=form,
        form_version=form_version,
        step=step,
        owner_id=actor.user_id,
        holder_id=actor.user_id,
        session="" if actor.user_id else actor.session,
        subject_id=subject_id,
        channel=actor.channel.value,
        fields=cells,
        version=1,
        expires_at=_expiry(actor),
    )
    if key is not None:
        draft.pk = key
        known = Draft.objects.filter(pk=key).first()
        if known is not None:
            return draft_for(actor, key)
    draft.save(force_insert=True)
    return draft


def _may_read(draft: Draft, actor: Actor) -> bool:
    if draft.owner_id is None:
        return bool(actor.session) and draft.session == actor.session
    if actor.user_id is None:
        return False
    if actor.user_id in {draft.owner_id, draft.holder_id}:
        # what was begun for somebody is no longer of who represents that person no more
        at_home = actor.desk is Desk.RECIPIENT and draft.subject_id is not None
        return not at_home or acting.may_act_for(actor, cast("UUID", draft.subject_id))
    if actor.desk is Desk.RECIPIENT and draft.subject_id is not None and actor.subject_id == draft.subject_id:
        return True
    in_office = bool(draft.territory_code) and actor.desk is Desk.OFFICER and actor.covers(draft.territory_code)
    return in_office and (draft.state == Draft.State.WAITING or bool(left_lying([draft])))


def _at_work(users: Iterable[UUID]) -> frozenset[UUID]:
    ask = cast("Callable[[Iterable[UUID]], frozenset[UUID]]", import_string(settings.TIREK_OFFICERS_AT_WORK))
    return ask(users)


def lying_before() -> datetime:
    """What an officer took up before this moment lies too long (reference ``drafts.take_back_after``)."""
    now, working = clock.now(), workcalendar.calendar()
    length, day = reference.term("drafts.take_back_after", at=clock.today()), clock.today()
    while deadlines.due_at(deadlines.end_of_day(day) - timedelta(microseconds=1), length, working) > now:
        day -= timedelta(days=1)
    return deadlines.end_of_day(day)


def left_lying(drafts: Iterable[Draft]) -> frozenset[UUID]:
    """Keys of the forms that an officer took up from the office and did not finish in time, or who works there no more.

    The person, and every officer of the district, may take them back (three reads at most, none when no officer holds
    one).
    """
    held = {
        row.pk: (row.taken_at, row.holder_id)
        for row in drafts
        if row.state == Draft.State.OPEN and row.taken_at and row.holder_id
    }
    if not held:
        return frozenset()
    before = lying_before()
    young = {holder for taken, holder in held.values() if taken >= before}
    at_work = _at_work(young) if young else frozenset[UUID]()
    return frozenset(key for key, (taken, holder) in held.items() if taken < before or holder not in at_work)


def draft_for(actor: Actor, key: UUID, *, form: str = "") -> Draft:
    """The draft, if it is the actor's to see.

    Raises:
        DraftLost: there is none, or not for this actor.
    """
    draft = Draft.objects.filter(pk=key).exclude(state=Draft.State.ARCHIVED).first()
    if draft is None or not _may_read(draft, actor) or (form and draft.form != form):
        raise DraftLost
    return draft


_LOCKED: Final[CompiledObject[Draft]] = CompiledObject(
    lambda key: Draft.objects.select_for_update().filter(pk=key), key=UUID
)


def _locked(actor: Actor, key: UUID) -> Draft:
    with locks.bounded():
        draft = _LOCKED.get(key=key)
    if draft is None or draft.state == Draft.State.ARCHIVED or not _may_read(draft, actor):
        raise DraftLost
    return draft


def is_held_by(draft: Draft, actor: Actor) -> bool:
    """Whether the actor is who fills the draft in now."""
    return draft.owner_id is None or draft.holder_id == actor.user_id


def check_held_by(draft: Draft, actor: Actor) -> None:
    """Nobody goes on with a draft that somebody else fills in.

    Raises:
        HeldElsewhere: somebody else holds it, or it waits.
    """
    if not is_held_by(draft, actor):
        raise HeldElsewhere(left_lying=bool(left_lying([draft])))


def _writable(draft: Draft, actor: Actor) -> None:
    if draft.state == Draft.State.SUBMITTED:
        raise StaleState(state=draft.state, message=_("This form has already been sent."))
    check_held_by(draft, actor)


def save_fields(
    actor: Actor, key: UUID, typed: Mapping[str, Typed], *, step: str = "", asks: Asks | None = None
) -> Saved:
    """Keep what was typed.

    A field whose base version is older than the stored one is a conflict, unless both values are the same: the value
    typed last is kept, the other is offered.

    Args:
        actor: who holds the draft.
        key: of the draft.
        typed: by name of the field.
        step: the page on which the form goes on; "" leaves it.
        asks: where names come from a browser: which of them the form asks. Others are left out, so that nothing that
            nobody reads takes the room of the draft.

    Raises:
        DraftLost, HeldElsewhere, StaleState: the draft is not the actor's to write any more.
        RuleBroken: a value is longer than 20,000 characters, or there are more than 200 fields.
    """
    if len(typed) > MAX_FIELDS or any(len(one.value) > MAX_FIELD for one in typed.values()):
        raise RuleBroken(_("The text is too long to be saved: at most 20,000 characters in a field."), code="too_long")
    with transaction.atomic():
        draft = _locked(actor, key)
        _writable(draft, actor)
        now = clock.now()
        cells, conflicts = draft.cells(), dict[str, Conflict]()
        new = typed.keys() - cells.keys()
        asked = asks(draft) if asks is not None and new else None
        left_out = [] if asked is None else sorted(new - asked)
        kept = {name: one for name, one in typed.items() if name not in left_out}
        for name, one in kept.items():
            conflict = merge(cells, name, one, now - one.age, actor)
            if conflict is not None:
                conflicts[name] = conflict
        if len(cells) > MAX_FIELDS:
            raise RuleBroken(
                _("The text is too long to be saved: at most 20,000 characters in a field."), code="too_long"
            )
        draft.version += 1
        draft.updated_at = now
        if step:
            draft.step = step
        # kept from the last save on; what is reminded of is the end that counts now
        draft.expires_at, draft.reminded_at = max(draft.expires_at, _expiry(actor)), None
        draft.save(update_fields=["fields", "version", "updated_at", "step", "expires_at", "reminded_at"])
    return Saved(
        at=now,
        versions={name: cells[name]["version"] for name in kept},
        conflicts=conflicts,
        left_out=[typed[name].value for name in left_out],
    )


def merge(cells: dict[str, Cell], name: str, typed: Typed, typed_at: datetime, actor: Actor) -> Conflict | None:
    """Put an answer that was typed at a moment into the cells of a draft: ``None``, or the two answers to one question,
    of which the newest is kept.
    """
    known = cells.get(name)
    fresh = Cell(value=typed.value, version=1, typed_at=typed_at.isoformat(), by=str(actor.user_id or ""))
    if known is None:
        cells[name] = fresh
        return None
    if known["value"] == typed.value:
        return None
    fresh["version"] = known["version"] + 1
    if typed.base == known["version"]:
        cells[name] = fresh
        return None
    if datetime.fromisoformat(known["typed_at"]) <= typed_at:
        cells[name] = fresh
        return Conflict(kept=typed.value, other=known["value"], version=fresh["version"])
    return Conflict(kept=known["value"], other=typed.value, version=known["version"])


def check_version(form_version: int, *, present: int) -> None:
    """Whether a draft was begun, or last looked through, by the present version of its form.

    Raises:
        FormChanged: by another one.
    """
    if form_version != present:
        raise FormChanged


def shown_anew(actor: Actor, key: UUID, *, form_version: int) -> None:
    """The holder is shown the answers by the present version of the form: from now on they are checked by it."""
    with transaction.atomic():
        draft = _locked(actor, key)
        _writable(draft, actor)
        draft.form_version = form_version
        draft.save(update_fields=["form_version"])


def hand_to_office(actor: Actor, key: UUID, *, territory_code: str) -> Draft:
    """The holder hands the draft to the office of a district: an officer there can take it up."""
    with transaction.atomic():
        draft = _locked(actor, key)
        _writable(draft, actor)
        draft.holder_id, draft.state, draft.territory_code, draft.taken_at = (
            None,
            Draft.State.WAITING,
            territory_code,
            None,
        )
        draft.updated_at = clock.now()
        draft.save(update_fields=["holder_id", "state", "territory_code", "taken_at", "updated_at"])
    return draft


def hand_to_person(actor: Actor, key: UUID, *, user_id: UUID) -> Draft:
    """The holder (an officer) hands the draft to the person's account, to be finished at home."""
    with transaction.atomic():
        draft = _locked(actor, key)
        _writable(draft, actor)
        draft.holder_id, draft.state, draft.territory_code, draft.taken_at = user_id, Draft.State.OPEN, "", None
        draft.updated_at = clock.now()
        draft.save(update_fields=["holder_id", "state", "territory_code", "taken_at", "updated_at"])
        _tell(draft, "handed_back", actor)
    return draft


def follow_residence(person_id: UUID, territory_code: str) -> None:
    """Forms about a person that wait at an office, or lie with its officer, wait at the one where the person lives
    now.
    """
    Draft.objects.filter(subject_id=person_id).exclude(territory_code__in=["", territory_code]).update(
        territory_code=territory_code
    )


def take(actor: Actor, key: UUID) -> Draft:
    """Take up a draft: an officer one that waits for the office; a person (or representative) the one about them.

    One that an officer took up and left lying is taken back in the same way; one that another of the person's side has
    begun is taken over.

    Raises:
        DraftLost: it is not for this actor.
        HeldElsewhere: an officer has taken it up, and the time to finish it has not passed.
    """
    with transaction.atomic():
        draft = _locked(actor, key)
        if draft.state == Draft.State.SUBMITTED:
            raise StaleState(state=draft.state, message=_("This form has already been sent."))
        waiting = draft.state == Draft.State.WAITING
        if not waiting and draft.holder_id == actor.user_id:
            return draft
        is_in_family = actor.desk is Desk.RECIPIENT and is_at_home(draft)
        if not waiting and not is_in_family and not left_lying([draft]):
            raise HeldElsewhere
        now = clock.now()
        draft.holder_id, draft.state, draft.updated_at = actor.user_id, Draft.State.OPEN, now
        if actor.desk is Desk.OFFICER:
            draft.taken_at = now
        else:
            draft.taken_at, draft.territory_code = None, ""
        draft.save(update_fields=["holder_id", "state", "territory_code", "taken_at", "updated_at"])
    return draft


#: Forms that stand with the person or who represents the person: begun or handed there, and not at an office.
_AT_HOME: Final = Q(state="open", territory_code="") & ~Q(channel=Channel.COUNTER, holder_id=models.F("owner_id"))


def is_at_home(draft: Draft) -> bool:
    """Whether the person, or somebody who represents the person, fills a form in now."""
    with_officer = draft.channel == Channel.COUNTER and draft.holder_id == draft.owner_id
    return draft.state == Draft.State.OPEN and not draft.territory_code and not with_officer


def open_of(actor: Actor, about: Iterable[UUID] = ()) -> models.QuerySet[Draft]:
    """Unfinished drafts of the actor, newest first; at the recipient's desk those about the person that wait for the
    office, or stand with another who represents the person, too.

    Args:
        actor: whose.
        about: further people for whom the actor may act.
    """
    if actor.user_id is None:
        return (
            Draft.objects.filter(session=actor.session, state=Draft.State.OPEN)
            .exclude(session="")
            .order_by("-updated_at")
        )
    mine = Q(holder_id=actor.user_id) | Q(owner_id=actor.user_id)
    if actor.desk is Desk.RECIPIENT and actor.subject_id is not None:
        mine |= Q(subject_id__in={actor.subject_id, *about}) & (Q(state=Draft.State.WAITING) | _AT_HOME)
    return Draft.objects.filter(mine, state__in=[Draft.State.OPEN, Draft.State.WAITING]).order_by("-updated_at")


def waiting_for_office(actor: Actor) -> models.QuerySet[Draft]:
    """Drafts that wait for the office of the actor's territory, and those a colleague left lying; oldest first."""
    if actor.desk is not Desk.OFFICER:
        return Draft.objects.none()
    here = Draft.objects.filter(covered(actor.territory, "territory_code")).exclude(territory_code="")
    taken = here.filter(state=Draft.State.OPEN, taken_at__isnull=False).exclude(holder_id=actor.user_id)
    return here.filter(Q(state=Draft.State.WAITING) | Q(pk__in=left_lying(taken))).order_by("updated_at")


def lock_for_submit(actor: Actor, key: UUID, *, form: str) -> Draft:
    """Lock a draft inside the submitting transaction. When it is submitted already, its ``case_id`` names the receipt.

    Raises:
        DraftLost: not this actor's draft, or of another form.
        HeldElsewhere: somebody else holds it.
    """
    draft = _locked(actor, key)
    if draft.form != form:
        raise DraftLost
    if draft.state != Draft.State.SUBMITTED:
        _writable(draft, actor)
    return draft


def mark_submitted(draft: Draft, case: CaseRow) -> None:
    """Bind the draft to the case it became (one statement, in the submitting transaction)."""
    draft.state, draft.case_type, draft.case_id = Draft.State.SUBMITTED, code_of(type(case)), case.pk
    draft.updated_at = clock.now()
    rows.update(draft, "state", "case_type", "case_id", "updated_at")


def needs_reason(draft: Draft, actor: Actor) -> bool:
    """Whether the actor says why the form is thrown away: an officer, of one that somebody else began or had."""
    return actor.desk is Desk.OFFICER and (draft.owner_id != actor.user_id or bool(draft.taken_at))


def archive(actor: Actor, key: UUID, *, reason: str = "") -> None:
    """The holder throws a draft away.

    Raises:
        DraftLost, HeldElsewhere, StaleState: the draft is not the actor's to throw away.
        RuleBroken: it is somebody else's, and no reason is given.
    """
    with transaction.atomic():
        draft = _locked(actor, key)
        _writable(draft, actor)
        if needs_reason(draft, actor) and reason not in Draft.EndReason.values:
            raise RuleBroken(_("Choose a reason from the list."), code="reason")
        draft.state, draft.ended_because = Draft.State.ARCHIVED, reason
        draft.save(update_fields=["state", "ended_because"])
        if reason:
            _tell(draft, "deleted", actor)


def remind(tell: Callable[[Draft], None], *, limit: int = 1000) -> int:
    """Tell the owners of forms that end within ``drafts.remind_before``, once each; returns how many.

    Args:
        tell: says it to ``draft.owner_id``, in this transaction.
        limit: at most so many at once.
    """
    now = clock.now()
    ahead = timedelta(days=reference.term("drafts.remind_before", at=clock.today()).amount)
    with transaction.atomic():
        ending = list(
            Draft.objects.select_for_update(skip_locked=True)
            .filter(state__in=[Draft.State.OPEN, Draft.State.WAITING], expires_at__gt=now, expires_at__lte=now + ahead)
            .filter(owner_id__isnull=False, reminded_at__isnull=True)
            .order_by("expires_at")[:limit]
        )
        for draft in ending:
            tell(draft)
        Draft.objects.filter(pk__in=[draft.pk for draft in ending]).update(reminded_at=now)
    return len(ending)


def purge(*, limit: int = 1000) -> int:
    """Archive drafts past their time; returns how many.

    An archived form cannot be sent any more and stands in no list, but its owner still finds what was typed among the
    held data until ``retention.drafts`` erases it. What somebody typed who was not signed in is erased at once.
    """
    with transaction.atomic():
        keys = list(
            Draft.objects.select_for_update(skip_locked=True)
            .filter(state__in=[Draft.State.OPEN, Draft.State.WAITING], expires_at__lte=clock.now())
            .values_list("pk", flat=True)[:limit]
        )
        ended = Draft.objects.filter(pk__in=keys)
        ended.filter(owner_id__isnull=True).update(fields={})
        ended.update(state=Draft.State.ARCHIVED, updated_at=clock.now())
    return len(keys)
