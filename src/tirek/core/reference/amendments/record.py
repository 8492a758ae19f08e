"""The list of amendments: who changed which dated data, when and why. Written once.

The serving role can only add to it and read it.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final
from uuid import UUID

from django.db import models, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from tirek.core import clock, reference
from tirek.core.actors import CLOCK, Actor, Desk
from tirek.core.errors import NotAllowed, RuleBroken
from tirek.core.tables import Row

#: What an amendment wrote, or took back.
Facts = dict[str, str | bool | int | None]


class Amendment(Row):
    """One change of dated data by an administrator. Written once."""

    class Area(models.TextChoices):
        REFERENCE = "reference", _("reference value")
        CALENDAR = "calendar", _("working calendar")
        AMOUNT = "amount", _("guaranteed amount")
        TERMS = "terms", _("terms of a kind")
        PROVISION = "provision", _("how a kind is provided")

    class Kind(models.TextChoices):
        ADDED = "added", _("added")
        WITHDRAWN = "withdrawn", _("withdrawn")

    at = models.DateTimeField(default=clock.now)
    area = models.CharField(max_length=20, choices=Area.choices)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    what = models.CharField(max_length=170, help_text="Key and scope of the value, the day, or kind and region.")
    row_id = models.UUIDField(help_text="The version or the day that was added or withdrawn.")
    facts = models.JSONField(
        help_text="What was written: value, unit, days, citation, status, open cases that it could reach then."
    )
    reason = models.CharField(max_length=300, blank=True)
    actor_id = models.UUIDField(null=True)
    organisation_id = models.UUIDField(null=True)
    desk = models.CharField(max_length=20)

    class Meta:
        indexes = [models.Index(fields=["area", "what", "-at"], name="core_amendment_what")]


def require_admin(actor: Actor) -> None:
    """Administrators amend, and the clock.

    Raises:
        NotAllowed: the actor is neither.
    """
    if actor != CLOCK and actor.desk is not Desk.ADMIN:
        raise NotAllowed


def require_reader(actor: Actor) -> None:
    """Administrators amend, analysts read.

    Raises:
        NotAllowed: the actor is neither.
    """
    if actor.desk not in {Desk.ADMIN, Desk.ANALYST}:
        raise NotAllowed


def note(
    actor: Actor,
    area: Amendment.Area,
    kind: Amendment.Kind,
    *,
    what: str,
    row_id: UUID,
    facts: Facts,
    reason: str,
) -> Amendment:
    """Write one amendment down, in the transaction that makes it."""
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


def forget() -> None:
    """This process asks anew: now, and once more when others can see what was written."""
    reference.forget()
    transaction.on_commit(reference.forget)


def check_source(citation: str) -> str:
    """Whoever amends names the source; returns it trimmed.

    Raises:
        RuleBroken: there is none.
    """
    if not citation.strip():
        raise RuleBroken(_("Name the source: an act and its article, or the decision."), code="citation")
    return citation.strip()


#: Days that may be amended: from here on, and so many years ahead. Beyond them nobody means what was typed.
EARLIEST: Final = date(2000, 1, 1)
YEARS_AHEAD: Final = 5


def check_near(day: date) -> None:
    """A day that somebody may mean.

    Raises:
        RuleBroken: it lies before 2000 or more than five years ahead.
    """
    latest = date(clock.today().year + YEARS_AHEAD, 12, 31)
    if not EARLIEST <= day <= latest:
        raise RuleBroken(
            _("The day must lie between %(first)s and %(last)s.")
            % {"first": date_format(EARLIEST), "last": date_format(latest)},
            code="far_day",
        )


def check_day(day: date, reason: str) -> None:
    """A change that reaches back says why.

    Raises:
        RuleBroken: the day has passed and there is no reason.
    """
    if day < clock.today() and not reason.strip():
        raise RuleBroken(
            _("This day has passed. Say why the change reaches back: what was decided until now keeps its old value."),
            code="past",
        )


def amendments_of(actor: Actor, area: Amendment.Area, whats: Iterable[str] | None = None) -> models.QuerySet[Amendment]:
    """What was amended, newest first; of some values or days only.

    Raises:
        NotAllowed: the actor is neither administrator nor analyst.
    """
    require_reader(actor)
    rows = Amendment.objects.filter(area=area).order_by("-at", "-pk")
    return rows if whats is None else rows.filter(what__in=list(whats))
