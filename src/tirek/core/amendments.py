"""How administrators amend dated data: a new version of a reference value, a day of the working calendar.

Nothing is edited in place. Each amendment is written down once in ``Amendment`` (who, when, what, why), which the serving role
can only add to and read. Other processes see an amendment when their snapshot is read anew (``core.snapshot``).
"""

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from io import StringIO
from typing import Final
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from tirek.core import clock, reference
from tirek.core.actors import CLOCK, Actor, Desk
from tirek.core.errors import NotAllowed, NotFound, RuleBroken
from tirek.core.reference import ReferenceValue, Unit, Value
from tirek.core.tables import Row
from tirek.core.workcalendar import CalendarDay, ordinary

#: Characters that a value holds at most.
LONGEST_VALUE: Final = 200
#: Rows that one import of days takes: ten years of moved days are less.
MOST_DAYS: Final = 400
_HEADINGS: Final = ("day", "working", "citation")
_WORDS: Final = {"yes": True, "no": False}


class Amendment(Row):
    """One change of dated data by an administrator. Written once."""

    class Area(models.TextChoices):
        REFERENCE = "reference", _("reference value")
        CALENDAR = "calendar", _("working calendar")

    class Kind(models.TextChoices):
        ADDED = "added", _("added")
        WITHDRAWN = "withdrawn", _("withdrawn")

    at = models.DateTimeField(default=clock.now)
    area = models.CharField(max_length=20, choices=Area.choices)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    what = models.CharField(max_length=170, help_text="Key and scope of the value, or the day.")
    row_id = models.UUIDField(help_text="The version or the day that was added or withdrawn.")
    facts = models.JSONField(help_text="What was written: value, unit, days, citation, status.")
    reason = models.CharField(max_length=300, blank=True)
    actor_id = models.UUIDField(null=True)
    organisation_id = models.UUIDField(null=True)
    desk = models.CharField(max_length=20)

    class Meta:
        indexes = [models.Index(fields=["area", "what", "-at"], name="core_amendment_what")]


def _require_admin(actor: Actor) -> None:
    if actor != CLOCK and actor.desk is not Desk.ADMIN:
        raise NotAllowed


def require_reader(actor: Actor) -> None:
    """Administrators amend, analysts read.

    Raises:
        NotAllowed: the actor is neither.
    """
    if actor.desk not in {Desk.ADMIN, Desk.ANALYST}:
        raise NotAllowed


def name_of(key: str, scope: str) -> str:
    """How a value is called in the list of amendments."""
    return f"{key} {scope}".strip()


def _note(
    actor: Actor, area: Amendment.Area, kind: Amendment.Kind, *, what: str, row_id: UUID, facts: dict[str, str | bool | None], reason: str
) -> Amendment:
    return Amendment.objects.create(
        area=area,
        kind=kind,
        what=what,
        row_id=row_id,
        facts=facts,
        reason=reason,
        actor_id=actor.user_id,
        organisation_id=actor.organisation_id,
        desk=actor.desk.value,
    )


def _forget() -> None:
    """This process asks anew: now, and once more when others can see what was written."""
    reference.forget()
    transaction.on_commit(reference.forget)


def _facts(one: Value) -> dict[str, str | bool | None]:
    return {
        "value": one.text,
        "unit": one.unit.value,
        "effective_from": one.effective_from.isoformat(),
        "effective_to": one.effective_to.isoformat() if one.effective_to else None,
        "citation": one.citation,
        "status": one.status.value,
    }


def _check_value(one: Value) -> Value:
    text = one.text.strip()
    if one.unit is not Unit.TEXT:
        text = "".join(text.split()).replace(",", ".")
        try:
            number = Decimal(text)
        except InvalidOperation:
            raise RuleBroken(_("The value must be a number, for example 10."), code="number") from None
        if not number.is_finite() or number < 0:
            raise RuleBroken(_("The value must be a number of zero or more."), code="number")
        if one.unit not in {Unit.TENGE, Unit.PERCENT} and number != number.to_integral_value():
            raise RuleBroken(_("The value must be a whole number."), code="number")
        text = f"{number.normalize():f}"
    if not text or len(text) > LONGEST_VALUE:
        raise RuleBroken(_("Enter a value of at most 200 characters."), code="value")
    if not one.citation.strip():
        raise RuleBroken(_("Name the source: an act and its article, or the decision."), code="citation")
    if one.effective_to is not None and one.effective_to < one.effective_from:
        raise RuleBroken(_("The last day cannot lie before the first day."), code="term")
    return replace(one, text=text, citation=one.citation.strip())


def _check_day(day: date, reason: str) -> None:
    if day < clock.today() and not reason.strip():
        raise RuleBroken(
            _("This day has passed. Say why the change reaches back: what was decided until now keeps its old value."), code="past"
        )


def check_version(*, actor: Actor, one: Value, reason: str = "") -> Value:
    """What ``amend_value`` would refuse, without writing; returns the version as it would be written.

    Raises:
        NotAllowed: the actor is no administrator.
        RuleBroken: see ``amend_value``.
    """
    _require_admin(actor)
    known = reference.history(one.key, one.scope)
    if not known:
        raise NotFound
    clean = _check_value(one)
    _check_day(clean.effective_from, reason)
    if clean.unit is not known[0].unit and {clean.unit, known[0].unit} - reference.TERMS:
        raise RuleBroken(_("This value is counted in another unit: the rules that read it would not understand the new one."), code="unit")
    reference.check_place(clean, known)
    return clean


def amend_value(*, actor: Actor, one: Value, reason: str = "") -> ReferenceValue:
    """Add a new version of a value; the open version before it ends the day before.

    Args:
        actor: an administrator.
        one: the version. Its key and scope must have a version already: a value that no rule reads is not made here.
        reason: why it reaches back, when its first day has passed.

    Raises:
        NotAllowed: the actor is no administrator.
        NotFound: no value has this key and scope.
        RuleBroken: no number, no source, a first day in the past without a reason, another kind of unit, or days of another version.
    """
    with transaction.atomic():
        reference.lock(one.key, one.scope)
        clean = check_version(actor=actor, one=one, reason=reason)
        row = reference.add_version(clean)
        what = name_of(one.key, one.scope)
        _note(actor, Amendment.Area.REFERENCE, Amendment.Kind.ADDED, what=what, row_id=row.pk, facts=_facts(clean), reason=reason.strip())
        _forget()
    return row


def withdraw_value(*, actor: Actor, key: UUID, reason: str = "") -> ReferenceValue:
    """Take back a version before its first day: it never was in force. The version that it closed is open again.

    What the version said stays in its amendments.

    Raises:
        NotAllowed: the actor is no administrator.
        NotFound: there is no such version.
        RuleBroken: its first day has come: it may have decided something.
    """
    _require_admin(actor)
    with transaction.atomic():
        row = ReferenceValue.objects.select_for_update().filter(pk=key).first()
        if row is None:
            raise NotFound
        if row.effective_from <= clock.today():
            raise RuleBroken(_("This version is in force already. Add a new version instead."), code="in_force")
        reference.lock(row.key, row.scope)
        ReferenceValue.objects.filter(closed_by=row.pk).update(effective_to=None, closed_by=None)
        what = name_of(row.key, row.scope)
        _note(
            actor,
            Amendment.Area.REFERENCE,
            Amendment.Kind.WITHDRAWN,
            what=what,
            row_id=row.pk,
            facts=_facts(reference.plain(row)),
            reason=reason.strip(),
        )
        ReferenceValue.objects.filter(pk=row.pk).delete()
        _forget()
    return row


@dataclass(frozen=True, slots=True)
class DayEntered:
    """A day that differs from the ordinary calendar, as somebody enters it."""

    day: date
    working: bool
    citation: str


def _write_day(actor: Actor, one: DayEntered, reason: str) -> CalendarDay:
    if not one.citation.strip():
        raise RuleBroken(_("Name the source: an act and its article, or the decision."), code="citation")
    _check_day(one.day, reason)
    if ordinary(one.day) is one.working:
        raise RuleBroken(_("The ordinary calendar says the same of this day: nothing would change."), code="ordinary")
    if CalendarDay.objects.filter(day=one.day).exists():
        raise RuleBroken(_("This day is entered already. Withdraw it first."), code="already_entered")
    row = CalendarDay.objects.create(day=one.day, working=one.working, citation=one.citation.strip())
    facts: dict[str, str | bool | None] = {"working": row.working, "citation": row.citation}
    what = one.day.isoformat()
    _note(actor, Amendment.Area.CALENDAR, Amendment.Kind.ADDED, what=what, row_id=row.pk, facts=facts, reason=reason.strip())
    return row


def add_day(*, actor: Actor, one: DayEntered, reason: str = "") -> CalendarDay:
    """Enter a day off that works, or a working day that is off. Terms that run already keep their last day.

    Raises:
        NotAllowed: the actor is no administrator.
        RuleBroken: no source, a day in the past without a reason, nothing would change, or the day is entered already.
    """
    _require_admin(actor)
    with transaction.atomic():
        row = _write_day(actor, one, reason)
        _forget()
    return row


def withdraw_day(*, actor: Actor, day: date) -> None:
    """Take back a day before it comes.

    Raises:
        NotAllowed: the actor is no administrator.
        NotFound: the day is not entered.
        RuleBroken: the day has come.
    """
    _require_admin(actor)
    with transaction.atomic():
        row = CalendarDay.objects.select_for_update().filter(day=day).first()
        if row is None:
            raise NotFound
        if day <= clock.today():
            raise RuleBroken(_("This day has come: terms were counted by it."), code="in_force")
        facts: dict[str, str | bool | None] = {"working": row.working, "citation": row.citation}
        what = day.isoformat()
        _note(actor, Amendment.Area.CALENDAR, Amendment.Kind.WITHDRAWN, what=what, row_id=row.pk, facts=facts, reason="")
        row.delete()
        _forget()


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row of an import that cannot be taken: its line (the heading is line 1) and why."""

    line: int
    text: str


class BrokenImport(RuleBroken):
    """An import with rows that cannot be taken; nothing of it was written."""

    code = "import"

    def __init__(self, broken: list[BrokenRow]) -> None:
        super().__init__(_("Nothing was imported. Put the rows below right and choose the file again."))
        self.rows = broken


def _parsed(row: dict[str, str | None]) -> DayEntered:
    cells = {name: (row.get(name) or "").strip() for name in _HEADINGS}
    try:
        day = date.fromisoformat(cells["day"])
    except ValueError:
        raise RuleBroken(_("The day must be written like 2027-03-22."), code="day") from None
    if cells["working"] not in _WORDS:
        raise RuleBroken(
            _("In the column “%(column)s” there must be %(words)s.") % {"column": "working", "words": " / ".join(_WORDS)}, code="working"
        )
    return DayEntered(day, _WORDS[cells["working"]], cells["citation"])


def import_days(*, actor: Actor, text: str, reason: str = "") -> int:
    """Enter all days of a CSV text with the columns ``day,working,citation``; all or nothing. Returns how many were entered.

    A day that stands already with the same meaning is passed over, so the same file can come twice.

    Raises:
        NotAllowed: the actor is no administrator.
        BrokenImport: rows that cannot be taken; none was written.
    """
    _require_admin(actor)
    reader = csv.DictReader(StringIO(text.removeprefix("\ufeff")))
    if tuple(name.strip() for name in reader.fieldnames or ()) != _HEADINGS:
        raise BrokenImport([BrokenRow(1, str(_("The first line must be: %(columns)s") % {"columns": ",".join(_HEADINGS)}))])
    with transaction.atomic():
        broken: list[BrokenRow] = []
        entered = _write_days(reader, lambda one: _write_day(actor, one, reason), broken)
        if broken:
            raise BrokenImport(broken)
        _forget()
    return entered


def _write_days(rows: "csv.DictReader[str]", write: Callable[[DayEntered], object], broken: list[BrokenRow]) -> int:
    known = dict(CalendarDay.objects.values_list("day", "working"))
    entered = 0
    for n, row in enumerate(rows):
        if n >= MOST_DAYS:
            broken.append(BrokenRow(rows.line_num, str(_("The file is too long: at most 400 days at once."))))
            break
        try:
            one = _parsed(row)
            if known.get(one.day) is one.working:
                continue
            write(one)
        except RuleBroken as error:
            broken.append(BrokenRow(rows.line_num, str(error.message)))
        else:
            entered += 1
            known[one.day] = one.working
    return entered


def amendments_of(actor: Actor, area: Amendment.Area, whats: Iterable[str] | None = None) -> models.QuerySet[Amendment]:
    """What was amended, newest first; of some values or days only.

    Raises:
        NotAllowed: the actor is neither administrator nor analyst.
    """
    require_reader(actor)
    rows = Amendment.objects.filter(area=area).order_by("-at", "-pk")
    return rows if whats is None else rows.filter(what__in=list(whats))
