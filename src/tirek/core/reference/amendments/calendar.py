"""Days that differ from the ordinary calendar: entered one by one or from a file, withdrawn before they come."""

import csv
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.errors import NotFound, RuleBroken
from tirek.core.reference.amendments.record import (
    Amendment,
    Facts,
    check_day,
    check_near,
    check_source,
    forget,
    note,
    require_admin,
)
from tirek.core.reference.workcalendar import CalendarDay, ordinary

#: Rows that one import of days takes: ten years of moved days are less.
MOST_DAYS: Final = 400
_HEADINGS: Final = ("day", "working", "citation")
_WORDS: Final = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class DayEntered:
    """A day that differs from the ordinary calendar, as somebody enters it."""

    day: date
    working: bool
    citation: str


def _write_day(actor: Actor, one: DayEntered, reason: str) -> CalendarDay:
    citation = check_source(one.citation)
    check_near(one.day)
    check_day(one.day, reason)
    if ordinary(one.day) is one.working:
        raise RuleBroken(_("The ordinary calendar says the same of this day: nothing would change."), code="ordinary")
    if CalendarDay.objects.filter(day=one.day).exists():
        raise RuleBroken(_("This day is entered already. Withdraw it first."), code="already_entered")
    row = CalendarDay.objects.create(day=one.day, working=one.working, citation=citation)
    facts: Facts = {"working": row.working, "citation": row.citation}
    what = one.day.isoformat()
    note(
        actor,
        Amendment.Area.CALENDAR,
        Amendment.Kind.ADDED,
        what=what,
        row_id=row.pk,
        facts=facts,
        reason=reason.strip(),
    )
    return row


def add_day(*, actor: Actor, one: DayEntered, reason: str = "") -> CalendarDay:
    """Enter a day off that works, or a working day that is off. Terms that run already keep their last day.

    Raises:
        NotAllowed: the actor is no administrator.
        RuleBroken: no source, a day in the past without a reason, nothing would change, or the day is entered already.
    """
    require_admin(actor)
    with transaction.atomic():
        row = _write_day(actor, one, reason)
        forget()
    return row


def withdraw_day(*, actor: Actor, day: date) -> None:
    """Take back a day before it comes.

    Raises:
        NotAllowed: the actor is no administrator.
        NotFound: the day is not entered.
        RuleBroken: the day has come.
    """
    require_admin(actor)
    with transaction.atomic():
        row = CalendarDay.objects.select_for_update().filter(day=day).first()
        if row is None:
            raise NotFound
        if day <= clock.today():
            raise RuleBroken(_("This day has come: terms were counted by it."), code="in_force")
        facts: Facts = {"working": row.working, "citation": row.citation}
        what = day.isoformat()
        note(actor, Amendment.Area.CALENDAR, Amendment.Kind.WITHDRAWN, what=what, row_id=row.pk, facts=facts, reason="")
        row.delete()
        forget()


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


def _table(text: str) -> "csv.DictReader[str]":
    """The rows of a CSV text as a spreadsheet writes it: with the mark of its encoding, with semicolons or tabs, with a
    line that names the separator, with empty columns at the end, and headings in any case.
    """
    # a newline of any system ends a row, also the lone CR of old tables
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    first, _end, rest = plain.partition("\n")
    if first.strip().lower().startswith("sep="):
        plain, first = rest, rest.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    reader = csv.DictReader(StringIO(plain, newline=""), delimiter=separator)
    names = [name.strip().lower() for name in _headings(reader)]
    while names and not names[-1]:
        names.pop()
    reader.fieldnames = names
    return reader


def _parsed(row: dict[str, str | None]) -> DayEntered:
    cells = {name: (row.get(name) or "").strip() for name in _HEADINGS}
    if any("\0" in cell for cell in cells.values()):
        raise RuleBroken(_("The row holds a character that is no text."), code="unreadable")
    day = _day(cells["day"])
    working = cells["working"].lower()
    if working not in _WORDS:
        raise RuleBroken(
            _("In the column “%(column)s” there must be %(words)s.")
            % {"column": "working", "words": " / ".join(_WORDS)},
            code="working",
        )
    return DayEntered(day, _WORDS[working], cells["citation"])


def _day(written: str) -> date:
    """A day as a file has it, or as a spreadsheet of this country writes it back (22.03.2027)."""
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(written, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise RuleBroken(_("The day must be written like 2027-03-22."), code="day")


def import_days(*, actor: Actor, text: str, reason: str = "") -> int:
    """Enter all days of a CSV text with the columns ``day,working,citation``; all or nothing. Returns how many were
    entered.

    A day that stands already with the same meaning is passed over, so the same file can come twice.

    Raises:
        NotAllowed: the actor is no administrator.
        BrokenImport: rows that cannot be taken; none was written.
    """
    require_admin(actor)
    reader = _table(text)
    if tuple(reader.fieldnames or ()) != _HEADINGS:
        raise BrokenImport(
            [BrokenRow(1, str(_("The first line must be: %(columns)s") % {"columns": ",".join(_HEADINGS)}))]
        )
    with transaction.atomic():
        broken: list[BrokenRow] = []
        entered = _write_days(reader, lambda one: _write_day(actor, one, reason), broken)
        if broken:
            raise BrokenImport(broken)
        forget()
    return entered


def _headings(reader: "csv.DictReader[str]") -> Sequence[str]:
    try:
        return reader.fieldnames or ()
    except csv.Error:
        return ()


def _write_days(rows: "csv.DictReader[str]", write: Callable[[DayEntered], object], broken: list[BrokenRow]) -> int:
    known = dict(CalendarDay.objects.values_list("day", "working"))
    entered = 0
    for n in itertools.count():
        try:
            row = next(rows)
        except StopIteration:
            break
        except csv.Error:
            broken.append(BrokenRow(rows.line_num, str(_("The row cannot be read: a cell in it does not end."))))
            break
        if n >= MOST_DAYS:
            broken.append(BrokenRow(rows.line_num, str(_("The file is too long: it may have at most 400 days."))))
            break
        if not any(str(cell or "").strip() for name, cell in row.items() if name in _HEADINGS):
            continue
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
