"""Reads of programmes and entitlements."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.compiled import Compiled
from tirek.core.errors import NotAllowed, NotFound
from tirek.entitlements import rules
from tirek.entitlements.models import LedgerEntry, Line, Programme
from tirek.people.models import Person
from tirek.ui.text import day_text


@dataclass(frozen=True, slots=True)
class LineStatus:
    """A line of the programme with what can be ordered of it now, and the words for it."""

    line: Line
    availability: rules.Availability
    explanation: str

    @property
    def can_order(self) -> bool:
        """Whether something can be ordered now."""
        return self.availability.reason is rules.Reason.AVAILABLE


def _may_see(actor: Actor, person_id: UUID, territory_code: str) -> bool:
    if actor.desk is Desk.RECIPIENT:
        return actor.subject_id == person_id
    return actor.desk is Desk.OFFICER and actor.covers(territory_code)


def visible_to(actor: Actor) -> QuerySet[Programme]:
    """Programmes the actor may see."""
    rows = Programme.objects.select_related("person")
    if actor.desk is Desk.RECIPIENT and actor.subject_id is not None:
        return rows.filter(person_id=actor.subject_id)
    if actor.desk is Desk.OFFICER:
        if actor.territory.endswith("0000000"):
            return rows.filter(territory_code__startswith=actor.territory[:2])
        return rows.filter(territory_code=actor.territory) if actor.territory else rows
    return rows.none()


def programme_for(actor: Actor, number: str) -> Programme:
    """The programme of this number, if it is the actor's to see.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    found = visible_to(actor).filter(number=number).first()
    if found is None:
        raise NotFound
    return found


def programme_by_key(actor: Actor, key: UUID) -> Programme:
    """The programme with this key, if it is the actor's to see (``core.cases``)."""
    found = visible_to(actor).filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


def line_for(actor: Actor, key: UUID) -> Line:
    """The line with this key, with programme, kind and person, if it is the actor's to see.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    line = Line.objects.select_related("programme", "kind", "person__territory").filter(pk=key).first()
    if line is None or not _may_see(actor, line.person_id, line.programme.territory_code):
        raise NotFound
    return line


def circumstances(line: Line) -> rules.Circumstances:
    """What decides about a line, as plain values (programme, kind and person are loaded)."""
    return rules.Circumstances(
        programme_state=line.programme.state,
        programme_start=line.programme.issued_on,
        programme_end=line.programme.valid_until,
        employer_pays=line.programme.employer_pays,
        channel=line.channel,
        orderable_from=line.kind.orderable_from,
        period=line.window,
        quantity=line.quantity,
        next_on=line.next_on,
        deceased=line.person.deceased_on is not None,
    )


def _window(line: Line, on: date) -> rules.Window:
    return rules.window_of(line.window, on, programme_start=line.programme.issued_on, next_on=line.next_on)


_MOVEMENTS = Compiled(
    lambda line, start: (
        LedgerEntry.objects.filter(line_id=line, window_start=start).order_by("at", "pk").values_list("kind", "amount", "held", "cause")
    ),
    line=UUID,
    start=date,
)


def movements_of(line: Line, *, on: date) -> list[rules.Movement]:
    """Movements of the window that holds ``on``."""
    return [rules.Movement(*row) for row in _MOVEMENTS.rows(line=line.pk, start=_window(line, on).start)]


def status_of(line: Line, *, on: date | None = None) -> LineStatus:
    """What can be ordered of one line (one query)."""
    day = on or clock.today()
    state = rules.availability(circumstances(line), movements_of(line, on=day), on=day)
    return LineStatus(line, state, explain(line, state))


def statuses_of(person: Person, *, on: date | None = None) -> list[LineStatus]:
    """Every line of the person's programmes, active programmes first (two queries, however many lines)."""
    day = on or clock.today()
    lines = list(
        Line.objects.filter(person=person)
        .exclude(programme__state=Programme.State.REPLACED)
        .select_related("programme", "kind", "person__territory")
        .order_by("programme__state", "kind__position")
    )
    by_window: dict[tuple[UUID, date], list[rules.Movement]] = defaultdict(list)
    entries = LedgerEntry.objects.filter(line__in=lines).order_by("at", "pk")
    for line_id, start, kind, amount, held, cause in entries.values_list("line_id", "window_start", "kind", "amount", "held", "cause"):
        by_window[line_id, start].append(rules.Movement(kind, amount, held, cause))
    found = []
    for line in lines:
        state = rules.availability(circumstances(line), by_window[line.pk, _window(line, day).start], on=day)
        found.append(LineStatus(line, state, explain(line, state)))
    return found


def programmes_of(actor: Actor, person: Person) -> list[Programme]:
    """Programmes of a person, newest first.

    Raises:
        NotAllowed: the person's file is not the actor's to see.
    """
    if not _may_see(actor, person.pk, person.territory_id):
        raise NotAllowed
    return list(Programme.objects.filter(person=person).order_by("-issued_on"))


def history_of(line: Line) -> list[LedgerEntry]:
    """All movements of a line, newest first."""
    return list(LedgerEntry.objects.filter(line=line).order_by("-at", "-pk"))


_NO_DAY: Final = {
    rules.Reason.DECEASED: _lazy("The person has died. Open orders are looked at by an officer."),
    rules.Reason.PROGRAMME_EXPIRED: _lazy("Your programme ended on %(ended)s. Ask your clinic for a referral to a new examination."),
    rules.Reason.PROGRAMME_ENDED: _lazy("This programme was ended by a re-examination. The newer programme counts."),
    rules.Reason.EMPLOYER_PAYS: _lazy(
        "Your employer pays for this, because the injury was by the employer's fault (Social Code, article 162)."
    ),
    rules.Reason.PROCUREMENT: _lazy("This is made to your measure. The local department buys it for you; you need not order it here."),
    rules.Reason.NOT_ON_PORTAL_YET: _lazy(
        "This cannot be ordered here yet. Your local department arranges it: call 1414 or come to the office."
    ),
    rules.Reason.QUOTA_USED: _lazy("You have received all that the programme gives."),
    rules.Reason.ALL_RECEIVED: _lazy("You have received all that the programme gives."),
    rules.Reason.QUOTA_HELD: _lazy("Your open order holds all that the programme gives."),
    rules.Reason.ALL_HELD: _lazy("Your open order holds all that the programme gives."),
}
_FROM_DAY: Final = {
    rules.Reason.NOT_ON_PORTAL_YET: _lazy("This can be ordered here from %(day)s. Until then ask your local department."),
    rules.Reason.TERM_NOT_OVER: _lazy("You received this already. The next one can be ordered from %(day)s."),
    rules.Reason.QUOTA_USED: _lazy("You have received all that this period gives. The next part can be ordered from %(day)s."),
    rules.Reason.QUOTA_HELD: _lazy("Your open order holds all that this period gives. The next part can be ordered from %(day)s."),
}


def explain(line: Line, state: rules.Availability) -> str:
    """In words: what can be ordered now, or why not and from when."""
    if state.reason is rules.Reason.AVAILABLE:
        if state.window.end is not None:
            words = ngettext(
                "You can order up to %(quantity)s until %(end)s.", "You can order up to %(quantity)s until %(end)s.", state.quantity
            )
            return words % {"quantity": state.quantity, "end": day_text(state.window.end)}
        words = ngettext("You can order %(quantity)s now.", "You can order up to %(quantity)s now.", state.quantity)
        return words % {"quantity": state.quantity}
    if state.from_day is not None:
        return str(_FROM_DAY[state.reason]) % {"day": day_text(state.from_day)}
    ended = line.programme.valid_until
    return str(_NO_DAY[state.reason]) % {"ended": day_text(ended) if ended else ""}
