"""The failures that people met, for the administrator's desk: counted by step and user group, newest first (S0.11)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from http import HTTPStatus
from typing import Final

from django.db.models import Max, QuerySet, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.errors import NotAllowed, Text
from tirek.core.service.failures import UNANSWERED, Failure
from tirek.site.steps import key_of_step, words_of_step

#: Periods back from now.
PERIODS: Final[dict[str, timedelta | None]] = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=30),
    "all": None,
}
#: What the answer was, in words.
_MET: Final[dict[int, Text]] = {
    UNANSWERED: pgettext_lazy("what somebody met", "No answer reached the browser"),
    HTTPStatus.BAD_REQUEST: pgettext_lazy("what somebody met", "What was sent could not be read"),
    HTTPStatus.FORBIDDEN: pgettext_lazy("what somebody met", "Not allowed"),
    HTTPStatus.METHOD_NOT_ALLOWED: pgettext_lazy("what somebody met", "What was sent could not be read"),
    HTTPStatus.CONFLICT: pgettext_lazy("what somebody met", "Somebody else had changed it"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: pgettext_lazy("what somebody met", "Too large"),
    HTTPStatus.TOO_MANY_REQUESTS: pgettext_lazy("what somebody met", "Tried too many times"),
    HTTPStatus.SERVICE_UNAVAILABLE: pgettext_lazy("what somebody met", "Asked to come back"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which failures are looked for.

    Attributes:
        period: a key of ``PERIODS``; counts where there is no ``day``.
        day: one day in Kazakhstan.
        step: what ``key_of_step`` gives; "" for all.
        desk: a user group; "" for all.
    """

    period: str = "day"
    day: date | None = None
    step: str = ""
    desk: str = ""

    def between(self, now: datetime) -> tuple[datetime | None, datetime | None]:
        """The first moment, and the one after the last; ``None`` where nothing bounds them."""
        if self.day is not None:
            first = datetime.combine(self.day, time(), clock.COUNTRY_ZONE)
            return first, datetime.combine(self.day + timedelta(days=1), time(), clock.COUNTRY_ZONE)
        back = PERIODS[self.period]
        return (None if back is None else now - back), None


@dataclass(slots=True)
class Counted:
    """How often something was met, and when last."""

    key: str
    words: str
    times: int = 0
    last: datetime | None = None
    steps: set[str] = field(default_factory=set)

    def add(self, step: str, times: int, last: datetime) -> None:
        """Count more of it."""
        self.times += times
        self.last = last if self.last is None else max(self.last, last)
        self.steps.add(step)


@dataclass(frozen=True, slots=True)
class Found:
    """What was found.

    Attributes:
        rows: the failures, newest first.
        times: how often they were met.
        steps: what people were doing, most often first, whichever step is looked for.
        desks: whom they met, most often first, whichever group is looked for.
    """

    rows: QuerySet[Failure]
    times: int
    steps: list[Counted]
    desks: list[Counted]


def met(status: int) -> str:
    """What the answer was, in words."""
    otherwise: Text = (
        pgettext_lazy("what somebody met", "Error of the system")
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR
        else pgettext_lazy("what somebody met", "Refused")
    )
    return str(_MET.get(status, otherwise))


def words_of_desk(code: str) -> str:
    """A user group in words."""
    if code in {Desk.PUBLIC.value, ""}:
        return str(_("Not signed in, or not known"))
    return str(Desk(code).label) if code in Desk.values else code


def _often(counted: Iterable[Counted]) -> list[Counted]:
    return sorted(counted, key=lambda one: (-one.times, one.words))


def found(actor: Actor, wanted: Wanted) -> Found:
    """Failures that are looked for (one query for the counts; the rows are asked for by their page).

    Raises:
        NotAllowed: the actor is no administrator.
    """
    if actor.desk is not Desk.ADMIN:
        raise NotAllowed
    first, after = wanted.between(clock.now())
    rows = Failure.objects.all()
    rows = rows if first is None else rows.filter(at__gte=first)
    rows = rows if after is None else rows.filter(at__lt=after)
    steps: dict[str, Counted] = {}
    desks: dict[str, Counted] = {}
    total = 0
    grouped = rows.order_by().values_list("step", "desk").annotate(met=Sum("times"), last=Max("at"))
    for step, desk, times, last in grouped:
        key, desk_key = key_of_step(step), desk or Desk.PUBLIC.value
        is_step, is_desk = wanted.step in {"", key}, wanted.desk in {"", desk_key}
        if is_desk:
            steps.setdefault(key, Counted(key, words_of_step(step))).add(step, times, last)
        if is_step:
            desks.setdefault(desk_key, Counted(desk_key, words_of_desk(desk_key))).add(step, times, last)
        total += times if is_step and is_desk else 0
    if wanted.step:
        chosen = steps.get(wanted.step)
        rows = rows.filter(step__in=sorted(chosen.steps) if chosen else [])
    if wanted.desk:
        rows = rows.filter(desk__in=[wanted.desk, *([""] if wanted.desk == Desk.PUBLIC else [])])
    return Found(rows.order_by("-at", "-pk"), total, _often(steps.values()), _often(desks.values()))
