"""Verbs of programmes and of the entitlement ledger. Nothing else writes to the ledger."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.models import Channel, Kind
from tirek.core import clock, locks, reference, rows
from tirek.core.actors import Actor, Desk
from tirek.core.compiled import CompiledObject
from tirek.core.deadlines import add_months
from tirek.core.errors import NotAllowed, RuleBroken, StaleState
from tirek.core.numbers import Series
from tirek.core.workflow import perform
from tirek.entitlements import rules
from tirek.entitlements.models import Correction, LedgerEntry, Line, Period, Programme
from tirek.entitlements.queries import circumstances, explain, movements_of
from tirek.entitlements.workflow import PROGRAMME
from tirek.people.models import Person

NUMBERS: Final = Series("ЖБ", "entitlements_programme_number")
E_ = LedgerEntry.Kind


@dataclass(frozen=True, slots=True)
class LineGrant:
    """One line of a programme as it is registered.

    Attributes:
        kind: kind of the classifier.
        quantity: units, in the programme's own period.
        recommended: parameter code → value.
        channel: how it is provided; the kind's own channel when not given.
        queue_on: date in the queue; the day of the programme when not given.
    """

    kind: Kind
    quantity: int
    recommended: Mapping[str, str]
    channel: Channel | None = None
    queue_on: date | None = None


def quota_of(kind: Kind, quantity: int, *, on: date) -> tuple[Period, int, int | None]:
    """Window, units per window and year's norm of a kind on a day.

    A kind with a quota in the reference data (``quota.window``, ``quota.quantity`` of its scope) follows it; another kind
    follows its classifier period, or is granted once for the programme.
    """
    scope = (f"kind:{kind.code}",)
    window = reference.value("quota.window", at=on, scopes=scope)
    if window.scope:
        in_window = int(reference.value("quota.quantity", at=on, scopes=scope).number)
        return Period(window.text), in_window, quantity
    if kind.period:
        return Period(kind.period), quantity, None
    return Period.ONCE, quantity, None


@PROGRAMME.action("register")
def register_programme(
    *,
    actor: Actor,
    person: Person,
    issued_by: str,
    issued_on: date,
    valid_until: date | None,
    lines: Iterable[LineGrant],
    employer_pays: bool = False,
) -> Programme:
    """Register an active programme with its lines and grant the present windows.

    Raises:
        RuleBroken: no lines; ended before today; the person has died.
    """
    granted = list(lines)
    if not granted:
        raise RuleBroken(_("A programme has at least one line."))
    if valid_until is not None and valid_until < clock.today():
        raise RuleBroken(_("The programme ended before today."))
    if person.deceased_on is not None:
        raise RuleBroken(_("The person has died; no programme can begin."))
    programme = perform(
        Programme(
            number=NUMBERS.take(),
            person=person,
            territory_code=person.territory_id,
            issued_by=issued_by,
            issued_on=issued_on,
            valid_until=valid_until,
            employer_pays=employer_pays,
        ),
        data={"lines": [[one.kind.code, one.quantity] for one in granted]},
    )
    today = clock.today()
    made = []
    for one in granted:
        window, quantity, year = quota_of(one.kind, one.quantity, on=today)
        made.append(
            Line(
                programme=programme,
                person=person,
                kind=one.kind,
                quantity=quantity,
                window=window,
                year_quantity=year,
                recommended=dict(one.recommended),
                channel=one.channel or one.kind.channel,
                queue_on=one.queue_on or issued_on,
            )
        )
    rows.insert(made)
    for row in made:
        _open_window(row, today)
    return programme


@PROGRAMME.action("expire")
def expire_programme(*, actor: Actor, programme: Programme) -> Programme:
    """The programme's term has passed: what was not ordered expires; open orders go on."""
    _expire_rest(programme, cause="programme")
    return perform(programme)


@PROGRAMME.action("replace")
def replace_programme(*, actor: Actor, programme: Programme, by: Programme) -> Programme:
    """A newer programme takes the place of this one."""
    _expire_rest(programme, cause="programme")
    return perform(programme, data={"by": by.pk})


@PROGRAMME.action("cancel")
def cancel_programme(*, actor: Actor, programme: Programme, basis: str) -> Programme:
    """A re-examination ended the programme; ``basis`` names the decision."""
    _expire_rest(programme, cause="programme")
    return perform(programme, data={"basis": bool(basis)}, note=basis)


def _window(line: Line, on: date) -> rules.Window:
    return rules.window_of(line.window, on, programme_start=line.programme.issued_on, next_on=line.next_on)


def _open_window(line: Line, on: date) -> bool:
    """Write the grant of the window that holds ``on`` once; a second writer changes nothing."""
    window = _window(line, on)
    if line.programme.valid_until is not None and on > line.programme.valid_until:
        return False
    entry = LedgerEntry(
        line=line,
        window_start=window.start,
        window_end=window.end,
        kind=E_.GRANT,
        amount=line.quantity,
        held=0,
        cause="window",
    )
    made = LedgerEntry.objects.bulk_create([entry], ignore_conflicts=True)
    return bool(made)


def open_windows(*, limit: int = 100_000) -> int:
    """Grant the present window of every active line that has none yet (daily job); returns how many lines were looked at."""
    today, looked = clock.today(), 0
    lines = (
        Line.objects.filter(programme__state=Programme.State.ACTIVE)
        .filter(Q(programme__valid_until__isnull=True) | Q(programme__valid_until__gte=today))
        .exclude(window=Period.ONCE, next_on__isnull=True)
        .select_related("programme")
        .order_by("pk")
    )
    for line in lines[:limit].iterator(chunk_size=2000):
        if line.next_on is None or line.next_on <= today:
            _open_window(line, today)
            looked += 1
    return looked


def expire_windows(*, limit: int = 10_000) -> int:
    """Write off what was left in windows that have ended (daily job); returns how many windows."""
    today = clock.today()
    ended = (
        LedgerEntry.objects.filter(window_end__lt=today)
        .values("line_id", "window_start", "window_end")
        .annotate(rest=Sum("amount"))
        .filter(rest__gt=0)[:limit]
    )
    done = 0
    for row in list(ended):
        with locks.bounded(), transaction.atomic():
            Line.objects.select_for_update().get(pk=row["line_id"])
            done += _expire_window(row["line_id"], row["window_start"], row["window_end"], cause="window")
    return done


def _expire_window(line_id: UUID, start: date, end: date | None, *, cause: str) -> int:
    rest = LedgerEntry.objects.filter(line_id=line_id, window_start=start).aggregate(rest=Sum("amount"))["rest"] or 0
    if rest <= 0:
        return 0
    LedgerEntry.objects.create(line_id=line_id, window_start=start, window_end=end, kind=E_.EXPIRE, amount=-rest, held=0, cause=cause)
    return 1


def _expire_rest(programme: Programme, *, cause: str) -> None:
    for line in Line.objects.select_for_update().filter(programme=programme).order_by("pk"):
        windows = LedgerEntry.objects.filter(line=line).values_list("window_start", "window_end").distinct()
        for start, end in list(windows):
            _expire_window(line.pk, start, end, cause=cause)


#: what the rules of a line look at; other columns of the joined rows are not read
_NEEDED: Final = (
    "quantity",
    "window",
    "channel",
    "next_on",
    "last_received_on",
    "recommended",
    "programme__state",
    "programme__issued_on",
    "programme__valid_until",
    "programme__employer_pays",
    "programme__territory_code",
    "kind__orderable_from",
    "kind__replacement_term_months",
    "person__deceased_on",
    "person__territory_id",
    "person__birth_date",
)


_LINE: Final[CompiledObject[Line]] = CompiledObject(
    lambda key: Line.objects.select_for_update(of=("self",)).select_related("programme", "kind", "person").only(*_NEEDED).filter(pk=key),
    key=UUID,
)


def lock_line(key: UUID) -> Line:
    """Lock a line (with programme, kind and person) until the transaction ends.

    Raises:
        Line.DoesNotExist: there is none.
    """
    with locks.bounded():
        line = _LINE.get(key=key)
    if line is None:
        raise Line.DoesNotExist
    return line


def reserve(line: Line, *, quantity: int, case_id: UUID, on: date) -> LedgerEntry:
    """Hold ``quantity`` units of a locked line for an order: never more than what is available.

    Raises:
        RuleBroken: nothing or less is available; says why and from when.
    """
    movements = movements_of(line, on=on)
    state = rules.availability(circumstances(line), movements, on=on)
    if state.reason is not rules.Reason.AVAILABLE:
        raise RuleBroken(
            explain(line, state), next_step=_("Look at your programme: it shows what can be ordered and when."), code=state.reason
        )
    if quantity < 1 or quantity > state.quantity:
        raise RuleBroken(
            _("You can order from 1 to %(most)s now.") % {"most": state.quantity},
            next_step=_("Choose a smaller quantity."),
            code="quantity",
        )
    if not any(one.kind == E_.GRANT and one.cause == "window" for one in movements):
        _open_window(line, on)
    entry = LedgerEntry(
        line=line,
        window_start=state.window.start,
        window_end=state.window.end,
        kind=E_.RESERVE,
        amount=-quantity,
        held=quantity,
        cause="order",
        case_id=case_id,
    )
    rows.insert([entry])
    return entry


def _reservation(case_id: UUID) -> tuple[LedgerEntry, int]:
    entries = list(LedgerEntry.objects.filter(case_id=case_id, cause="order"))
    held = sum(one.held for one in entries)
    return next(one for one in entries if one.kind == E_.RESERVE), held


def release(*, case_id: UUID, line_id: UUID) -> int:
    """Undo what an order still holds; what returns to an ended window is carried into the present one.

    Returns:
        Units released (0 when nothing was held: releasing again changes nothing).
    """
    line = lock_line(line_id)
    reservation, held = _reservation(case_id)
    if held <= 0:
        return 0
    today = clock.today()
    start, end = reservation.window_start, reservation.window_end
    common = {"line": line, "window_start": start, "window_end": end, "case_id": case_id}
    entries = [LedgerEntry(kind=E_.RELEASE, amount=held, held=-held, cause="order", **common)]
    if end is not None and end < today and line.programme.state == Programme.State.ACTIVE:
        now = _window(line, today)
        _open_window(line, today)
        entries += [
            LedgerEntry(kind=E_.EXPIRE, amount=-held, held=0, cause="carried", **common),
            LedgerEntry(
                line=line,
                window_start=now.start,
                window_end=now.end,
                kind=E_.GRANT,
                amount=held,
                held=0,
                cause="carried",
                case_id=case_id,
            ),
        ]
    elif line.programme.state != Programme.State.ACTIVE:
        entries.append(LedgerEntry(kind=E_.EXPIRE, amount=-held, held=0, cause="programme", **common))
    LedgerEntry.objects.bulk_create(entries)
    return held


def consume(*, case_id: UUID, line_id: UUID, quantity: int, part: int, on: date) -> LedgerEntry:
    """Turn what an order holds into what was received; the replacement term starts.

    Args:
        case_id: the order.
        line_id: its line.
        quantity: units received.
        part: number of the delivery, from 1.
        on: day of receipt.

    Raises:
        RuleBroken: the order holds less.
    """
    line = lock_line(line_id)
    reservation, held = _reservation(case_id)
    if quantity < 1 or quantity > held:
        raise RuleBroken(_("More was received than was ordered."), code="quantity")
    entry = LedgerEntry.objects.create(
        line=line,
        window_start=reservation.window_start,
        window_end=reservation.window_end,
        kind=E_.CONSUME,
        amount=0,
        held=-quantity,
        cause="order",
        case_id=case_id,
        part=part,
    )
    months = line.kind.replacement_term_months
    line.last_received_on = on
    if line.window == Period.ONCE and months and quantity == held:
        line.next_on = add_months(on, months)
    line.save(update_fields=["last_received_on", "next_on"])
    return entry


def propose_correction(*, actor: Actor, line: Line, amount: int, reason: str) -> Correction:
    """An officer proposes to add (or take) units in the present window, with a reason.

    Raises:
        NotAllowed: not an officer of the person's territory.
        RuleBroken: no reason, or nothing to correct.
    """
    if actor.desk is not Desk.OFFICER or actor.user_id is None or not actor.covers(line.programme.territory_code):
        raise NotAllowed
    if not reason.strip() or amount == 0:
        raise RuleBroken(_("A correction has an amount and a reason."))
    return Correction.objects.create(line=line, amount=amount, reason=reason.strip(), proposed_by=actor.user_id)


def approve_correction(*, actor: Actor, correction: Correction) -> LedgerEntry:
    """A second officer signs a proposed correction; only then it enters the ledger.

    Raises:
        NotAllowed: the actor proposed it, or is no officer of the territory.
        StaleState: it is decided already.
        RuleBroken: the balance would become negative.
    """
    with locks.bounded(), transaction.atomic():
        locked = Correction.objects.select_for_update().get(pk=correction.pk)
        line = lock_line(locked.line_id)
        if actor.desk is not Desk.OFFICER or actor.user_id in {None, locked.proposed_by} or not actor.covers(line.programme.territory_code):
            raise NotAllowed
        if locked.approved_by is not None:
            raise StaleState(state="approved")
        today = clock.today()
        _open_window(line, today)
        sums = rules.balance(movements_of(line, on=today))
        if sums.available + locked.amount < 0:
            raise RuleBroken(_("Only %(most)s can be taken away.") % {"most": sums.available}, code="quantity")
        locked.approved_by, locked.approved_at = actor.user_id, clock.now()
        locked.save(update_fields=["approved_by", "approved_at"])
        window = _window(line, today)
        return LedgerEntry.objects.create(
            line=line,
            window_start=window.start,
            window_end=window.end,
            kind=E_.CORRECT,
            amount=locked.amount,
            held=0,
            cause="decision",
            decided_by=locked.proposed_by,
            second_by=actor.user_id,
            note=str(locked.pk),
        )
