"""One row per open obligation of a case, and one sweeping job that calls the action that is due.

Units: working days, calendar days (rolled forward to a working day when the last day is off), hours, minutes, months. A
deadline in days ends with the end of its last day, by the clock of the country. A pause moves the end by as long as it
lasted.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from dateutil.relativedelta import relativedelta
from django.db import models, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from tirek.core import clock
from tirek.core.case.registry import code_of
from tirek.core.database import rows
from tirek.core.database.compiled import CompiledObject
from tirek.core.errors import DomainError
from tirek.core.reference import Term, Unit
from tirek.core.reference.workcalendar import WorkCalendar, calendar
from tirek.core.tables import CaseRow, Row

log = logging.getLogger(__name__)

#: A deadline turns yellow when this share of its time is left.
SOON_SHARE: Final = 0.25
#: Units of terms that end at a moment of a day, not with it.
OF_TIME: Final = frozenset({Unit.HOURS, Unit.MINUTES})


class Light(models.TextChoices):
    """Traffic light of a deadline; always shown with its text."""

    GREEN = "green", _("in time")
    YELLOW = "yellow", _("soon due")
    RED = "red", _("overdue")
    PAUSED = "paused", _("paused")


class Outcome(models.TextChoices):
    """How a deadline ended."""

    MET = "met", _("done in time")
    LATE = "late", _("done late")
    PASSED = "passed", _("passed")
    DROPPED = "dropped", _("no longer needed")


class Deadline(Row):
    """An obligation of a case with its end."""

    case_type = models.CharField(max_length=40)
    case_id = models.UUIDField()
    transition = models.CharField(max_length=40, help_text="What is awaited.")
    otherwise = models.CharField(max_length=40, help_text="Action that the clock calls when the end has passed.")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    unit = models.CharField(max_length=20, choices=Unit.choices)
    reference_key = models.CharField(max_length=80, blank=True)
    paused_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    try_after = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"], name="core_deadline_due", condition=Q(closed_at__isnull=True, paused_at__isnull=True)
            ),
            models.Index(
                fields=["due_at"],
                name="core_deadline_stuck",
                condition=Q(closed_at__isnull=True, paused_at__isnull=True, tries__gt=0),
            ),
            models.Index(fields=["case_type", "case_id"], name="core_deadline_case"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case_type", "case_id", "otherwise"],
                name="core_deadline_one_open",
                condition=Q(closed_at__isnull=True),
            ),
        ]

    @property
    def last_day(self) -> date:
        """The last day, by the clock of the country."""
        return (self.due_at - timedelta(microseconds=1)).astimezone(clock.COUNTRY_ZONE).date()

    @property
    def present_light(self) -> Light:
        """Colour of the deadline now."""
        return self.light(clock.now())

    @property
    def soon_at(self) -> datetime | None:
        """From when it is yellow; nothing while it is paused."""
        return None if self.paused_at is not None else soon_at(self.opened_at, self.due_at, self.unit)

    def light(self, at: datetime) -> Light:
        """Colour of the deadline at a moment."""
        return light_of(self.due_at, self.soon_at, at)


class Pause(Row):
    """An interval in which a deadline did not run."""

    deadline = models.ForeignKey(Deadline, on_delete=models.CASCADE, related_name="pauses")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


def soon_at(opened_at: datetime, due_at: datetime, unit: str) -> datetime:
    """From when a term is soon over: a term of days from the beginning of a day."""
    soon = due_at - (due_at - opened_at) * SOON_SHARE
    if unit in OF_TIME:
        return soon
    return datetime.combine(soon.astimezone(clock.COUNTRY_ZONE).date(), time(), clock.COUNTRY_ZONE)


def light_of(due_at: datetime, soon_at: datetime | None, at: datetime) -> Light:
    """Colour of a term at a moment, by its end and from when it is soon over."""
    if soon_at is None:
        return Light.PAUSED
    if at >= due_at:
        return Light.RED
    return Light.YELLOW if at >= soon_at else Light.GREEN


def end_of_day(day: date) -> datetime:
    """The first moment after ``day``, by the clock of the country."""
    return datetime.combine(day + timedelta(days=1), time(), clock.COUNTRY_ZONE)


def add_months(day: date, count: int) -> date:
    """The same day ``count`` months later; the month's last day where there is none."""
    return day + relativedelta(months=count)


def due_at(opened_at: datetime, term: Term, working: WorkCalendar) -> datetime:
    """When a term that was opened at a moment ends (exclusive)."""
    day = opened_at.astimezone(clock.COUNTRY_ZONE).date()
    match term.unit:
        case Unit.HOURS:
            return opened_at + timedelta(hours=term.amount)
        case Unit.MINUTES:
            return opened_at + timedelta(minutes=term.amount)
        case Unit.WORKING_DAYS:
            return end_of_day(working.add_working_days(day, term.amount))
        case Unit.CALENDAR_DAYS:
            return end_of_day(working.roll_forward(day + timedelta(days=term.amount)))
        case Unit.MONTHS:
            return end_of_day(working.roll_forward(add_months(day, term.amount)))
        case _:
            raise ValueError(f"{term.unit} is no unit of time.")


def moved_due_at(deadline: Deadline, started: datetime, ended: datetime, working: WorkCalendar) -> datetime:
    """The end of a deadline after a pause: later by the working days, days or time that the pause took."""
    if deadline.unit in OF_TIME:
        return deadline.due_at + (ended - started)
    first, last = (moment.astimezone(clock.COUNTRY_ZONE).date() for moment in (started, ended))
    if deadline.unit == Unit.WORKING_DAYS:
        return end_of_day(working.add_working_days(deadline.last_day, working.working_days_between(first, last)))
    return end_of_day(working.roll_forward(deadline.last_day + (last - first)))


@dataclass(frozen=True, slots=True)
class Obligation:
    """What a state asks for: the awaited transition, the action when it does not come, and the end."""

    transition: str
    otherwise: str
    due_at: datetime
    unit: Unit
    reference_key: str = ""


def open_for(case: CaseRow, obligations: Iterable[Obligation], *, at: datetime) -> None:
    """Open the obligations of the state a case has entered (one statement); the columns by which it stands are set in
    memory, and the caller stores them.
    """
    opened = [
        Deadline(
            case_type=code_of(type(case)),
            case_id=case.pk,
            transition=one.transition,
            otherwise=one.otherwise,
            opened_at=at,
            due_at=one.due_at,
            unit=one.unit,
            reference_key=one.reference_key,
        )
        for one in obligations
    ]
    rows.insert(opened)
    owed = [one for one in opened if one.transition != one.otherwise]
    _stand(case, min(owed, key=lambda one: one.due_at, default=None))


def _stand(case: CaseRow, owed: Deadline | None) -> None:
    """Set in memory by what a case stands."""
    told = None if case.state in case.ENDED else owed
    case.due_at, case.soon_at = (told.due_at, told.soon_at) if told else (None, None)


def settle(case: CaseRow) -> None:
    """Bring the columns by which a case stands up to date, in memory, from its deadlines (one query)."""
    _stand(case, standing_of(code_of(type(case)), [case]).get(case.pk))


def _settled(case: CaseRow) -> None:
    settle(case)
    type(case)._default_manager.filter(pk=case.pk).update(due_at=case.due_at, soon_at=case.soon_at)


def close_for(case: CaseRow, *, at: datetime, transition: str) -> None:
    """Close the open obligations of a case that leaves its state by ``transition`` (one statement).

    What was awaited and came after its end is done late; a deadline that is paused has no end yet.
    """
    passed = Q(due_at__lte=at, paused_at__isnull=True)
    Deadline.objects.filter(case_type=code_of(type(case)), case_id=case.pk, closed_at__isnull=True).update(
        closed_at=at,
        outcome=models.Case(
            models.When(passed, otherwise=transition, then=models.Value(Outcome.PASSED)),
            models.When(passed, transition=transition, then=models.Value(Outcome.LATE)),
            models.When(transition=transition, then=models.Value(Outcome.MET)),
            default=models.Value(Outcome.DROPPED),
            output_field=models.CharField(),
        ),
    )


def close_one(case: CaseRow, *, at: datetime, otherwise: str) -> None:
    """Close the obligation that has just fired without leaving the state (a reminder), and set in memory by what the
    case stands then; the caller stores it.
    """
    fired = Deadline.objects.filter(
        case_type=code_of(type(case)), case_id=case.pk, otherwise=otherwise, closed_at__isnull=True
    ).update(closed_at=at, outcome=Outcome.PASSED)
    if fired:
        settle(case)


def pause(case: CaseRow) -> None:
    """Stop the clock of all open obligations of a case."""
    at = clock.now()
    with transaction.atomic():
        running = list(
            Deadline.objects.select_for_update().filter(
                case_type=code_of(type(case)), case_id=case.pk, closed_at__isnull=True, paused_at__isnull=True
            )
        )
        Pause.objects.bulk_create([Pause(deadline=row, started_at=at) for row in running])
        Deadline.objects.filter(pk__in=[row.pk for row in running]).update(paused_at=at)
        _settled(case)


def resume(case: CaseRow) -> None:
    """Let the clock run again; each end moves by as long as the pause took."""
    at, working = clock.now(), calendar()
    with transaction.atomic():
        running = list(
            Deadline.objects.select_for_update().filter(
                case_type=code_of(type(case)), case_id=case.pk, closed_at__isnull=True, paused_at__isnull=False
            )
        )
        for row in running:
            if row.paused_at is not None:
                row.due_at = moved_due_at(row, row.paused_at, at, working)
                row.paused_at = None
                row.save(update_fields=["due_at", "paused_at"])
        Pause.objects.filter(deadline__in=running, ended_at__isnull=True).update(ended_at=at)
        _settled(case)


def open_of(case: CaseRow) -> list[Deadline]:
    """Open obligations of a case, soonest first."""
    return list(
        Deadline.objects.filter(case_type=code_of(type(case)), case_id=case.pk, closed_at__isnull=True).order_by(
            "due_at", "otherwise"
        )
    )


def _telling(case_type: str) -> QuerySet[Deadline]:
    """Deadlines that tell how cases stand: what is owed, and what was owed and did not come. A reminder is owed by
    nobody. The soonest that is open goes before the soonest that has passed.
    """
    counts = Q(closed_at__isnull=True) | Q(outcome=Outcome.PASSED)
    rows = Deadline.objects.filter(counts, ~Q(transition=F("otherwise")), case_type=case_type)
    return rows.order_by(F("closed_at").asc(nulls_first=True), "due_at")


_OF_CASES: Final[CompiledObject[Deadline]] = CompiledObject(
    lambda case_type, cases: _telling(case_type).filter(case_id__any_of=cases), case_type=str, cases=list
)


def standing_of(case_type: str, cases: Iterable[CaseRow]) -> dict[UUID, Deadline]:
    """How each case stands, by its key (one query): the soonest that is owed; where nothing is owed and the clock has
    called in the present state, what has passed: what brought the case into its state is over. A case that has ended
    stands nowhere.
    """
    since = {case.pk: case.state_since for case in cases if case.state not in case.ENDED}
    found: dict[UUID, Deadline] = {}
    for one in _OF_CASES.all(case_type=case_type, cases=list(since)) if since else ():
        if one.closed_at is None or one.closed_at > since[one.case_id]:
            found.setdefault(one.case_id, one)
    return found


def light_now() -> models.Case:
    """The colour of what ``standing_of`` names, for an annotation of a case's rows; nothing where nothing is owed."""
    now = clock.now()
    return models.Case(
        models.When(due_at__isnull=True, then=models.Value(None)),
        models.When(soon_at__isnull=True, then=models.Value(Light.PAUSED.value)),
        models.When(due_at__lte=now, then=models.Value(Light.RED.value)),
        models.When(soon_at__lte=now, then=models.Value(Light.YELLOW.value)),
        default=models.Value(Light.GREEN.value),
        output_field=models.CharField(null=True),
    )


def in_light(light: str) -> Q:
    """The condition that a case's row has this light now."""
    now = clock.now()
    return {
        Light.PAUSED: Q(due_at__isnull=False, soon_at__isnull=True),
        Light.RED: Q(due_at__lte=now, soon_at__isnull=False),
        # said as two bounds, a planner takes it for rare, and sorts what an index has in order
        Light.YELLOW: Q(Exact(light_now(), models.Value(Light.YELLOW.value))),
        # what is not soon over is not over
        Light.GREEN: Q(soon_at__gt=now),
    }[Light(light)]


def was_called(case: CaseRow, *, otherwise: str, due_at: datetime) -> bool:
    """Whether the clock has called ``otherwise`` for this end already, in an earlier state of the case."""
    told = Deadline.objects.filter(
        case_type=code_of(type(case)), case_id=case.pk, otherwise=otherwise, outcome=Outcome.PASSED
    )
    return told.filter(due_at__gte=due_at).exists()


def has_passed(case: CaseRow, *, transition: str) -> bool:
    """Whether the time that is open for ``transition`` is over."""
    owed = Deadline.objects.filter(
        case_type=code_of(type(case)), case_id=case.pk, transition=transition, closed_at__isnull=True
    )
    return owed.filter(paused_at__isnull=True, due_at__lte=clock.now()).exists()


def stuck() -> int:
    """Deadlines whose end has passed and which the clock has tried in vain."""
    return Deadline.objects.filter(
        closed_at__isnull=True, paused_at__isnull=True, due_at__lte=clock.now(), tries__gt=0
    ).count()


Fire = Callable[[str, UUID, str], bool]


def due(*, limit: int) -> list[Deadline]:
    """Open obligations whose end has passed, longest first."""
    at = clock.now()
    return list(
        Deadline.objects.filter(closed_at__isnull=True, paused_at__isnull=True, due_at__lte=at)
        .filter(Q(try_after__isnull=True) | Q(try_after__lte=at))
        .order_by("due_at")[:limit]
    )


def postpone(deadline: Deadline) -> None:
    """Note that the clock's call failed, and try again later (1, 2, 4 … minutes, a day at most)."""
    wait = timedelta(minutes=min(2**deadline.tries, 1440))
    Deadline.objects.filter(pk=deadline.pk).update(tries=deadline.tries + 1, try_after=clock.now() + wait)


def sweep_with(fire: Fire, *, limit: int = 500) -> int:
    """Call what is due, each in its own transaction; returns how many were carried out.

    ``fire`` is ``workflow.fire``: it locks the case and checks the deadline again, so that two sweeping workers, or a
    sweep against a person's action, carry each out once at most. It says whether it carried something out. What one
    case
    raises, whatever it is, stops no other: that deadline is tried again later.
    """
    done = 0
    for deadline in due(limit=limit):
        try:
            done += fire(deadline.case_type, deadline.case_id, deadline.otherwise)
        except DomainError as error:
            log.warning(
                "deadline %s of %s %s waits: %s", deadline.otherwise, deadline.case_type, deadline.case_id, error
            )
            postpone(deadline)
        except Exception:  # whatever one case raises, the others have their turn; the failure is kept and shown
            log.exception(
                "deadline %s of %s %s could not be called", deadline.otherwise, deadline.case_type, deadline.case_id
            )
            postpone(deadline)
    return done
