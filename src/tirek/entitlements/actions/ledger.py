"""The entitlement ledger: windows open and end; orders reserve, release and consume; two officers correct. Nothing else
writes to it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.models import CarryOver, Period
from tirek.catalogue.terms import terms_of
from tirek.core import clock
from tirek.core.case.deadlines import add_months
from tirek.core.database import locks, rows
from tirek.core.database.compiled import Compiled, CompiledObject
from tirek.core.errors import RuleBroken
from tirek.entitlements import reasons, rules
from tirek.entitlements.models import LedgerEntry, Line, Programme
from tirek.entitlements.queries import circumstances, movements_of

EntryKind = LedgerEntry.Kind


def window_on(line: Line, on: date) -> rules.Window:
    """The window of a line (with its programme) that holds ``on``."""
    return rules.window_of(line.window, on, programme_start=line.programme.issued_on, next_on=line.next_on)


def _entry(
    line_id: UUID, window: rules.Window, kind: EntryKind, amount: int, reserved: int = 0, **more: str | int | UUID
) -> LedgerEntry:
    """A movement of a line in a window, not yet written."""
    return LedgerEntry(
        line_id=line_id,
        window_start=window.start,
        window_end=window.end,
        kind=kind,
        amount=amount,
        reserved=reserved,
        **more,
    )


def open_window(line: Line, on: date) -> bool:
    """Write the grant of the window that holds ``on`` once; a second writer changes nothing."""
    window = window_on(line, on)
    if line.programme.valid_until is not None and on > line.programme.valid_until:
        return False
    taken = movements_of(line, on=on).taken if line.year_quantity is not None else 0
    amount = rules.grant_of(line.quantity, year_quantity=line.year_quantity, taken=taken)
    if not amount:
        return False
    entry = _entry(line.pk, window, EntryKind.GRANT, amount, cause="window")
    return bool(LedgerEntry.objects.bulk_create([entry], ignore_conflicts=True))


def grant_fresh(lines: Iterable[Line]) -> None:
    """Write the grants of the present windows of new lines (with their programmes) whose person never had a line of
    their kind, in one statement: there is nothing to count.
    """
    today = clock.today()
    rows.insert(
        [
            _entry(
                line.pk,
                window_on(line, today),
                EntryKind.GRANT,
                rules.grant_of(line.quantity, year_quantity=line.year_quantity, taken=0),
                cause="window",
            )
            for line in lines
        ]
    )


def open_windows(*, limit: int = 100_000) -> int:
    """Grant the present window of every active line that has none yet (daily job); returns how many lines were looked
    at.
    """
    looked = 0
    for line in _without_window(Line.objects.all())[:limit].iterator(chunk_size=2000):
        looked += _open_present(line)
    return looked


def _without_window(lines: QuerySet[Line]) -> QuerySet[Line]:
    """Those of which the daily job opens the present window."""
    today = clock.today()
    return (
        lines.filter(programme__state=Programme.State.ACTIVE)
        .filter(Q(programme__valid_until__isnull=True) | Q(programme__valid_until__gte=today))
        .exclude(window=Period.ONCE, next_on__isnull=True)
        .select_related("programme")
        .order_by("pk")
    )


def _open_present(line: Line) -> bool:
    today = clock.today()
    if line.next_on is not None and line.next_on > today:
        return False
    open_window(line, today)
    return True


def expire_windows(*, limit: int = 10_000) -> int:
    """Write off what was left in windows that have ended, or carry it on where the terms of the kind say so (daily
    job); returns how many windows.
    """
    return _expire(LedgerEntry.objects.all(), limit)


def keep_days_of(person_id: UUID) -> None:
    """What the two daily jobs do, for one person: what has ended is closed, the present windows open."""
    for line in _without_window(Line.objects.filter(person=person_id)):
        _open_present(line)
    while _expire(LedgerEntry.objects.filter(line__person=person_id), 1000):
        pass


def _expire(entries: QuerySet[LedgerEntry], limit: int) -> int:
    today = clock.today()
    ended = (
        entries.filter(window_end__lt=today)
        .values_list("line_id", "window_start", "window_end")
        .annotate(rest=Sum("amount"))
        .filter(rest__gt=0)[:limit]
    )
    done = 0
    for key, start, end, _rest in list(ended):
        with locks.bounded(), transaction.atomic():
            rows_of_line = Line.objects.select_for_update(of=("self",)).select_related("programme")
            line, ended_window = rows_of_line.get(pk=key), rules.Window(start, end)
            if end is not None and _is_carried(line, end, today):
                done += _carry_on(line, ended_window, today)
            else:
                done += _expire_window(line.pk, ended_window, cause="window")
    return done


def _is_carried(line: Line, ended: date, today: date) -> bool:
    """Whether what was left on the last day of a window goes on into the present one: until the end of the year, while
    the programme holds.
    """
    programme = line.programme
    holds = programme.state == Programme.State.ACTIVE and (
        programme.valid_until is None or today <= programme.valid_until
    )
    terms = terms_of(line.kind_id, territory_code=programme.territory_code, on=ended)
    return holds and ended.year == today.year and terms.carry_over == CarryOver.YEAR


def _rest_of(line_id: UUID, window: rules.Window) -> int:
    """Units of a window that nobody has ordered."""
    moves = LedgerEntry.objects.filter(line_id=line_id, window_start=window.start)
    return max(0, int(moves.aggregate(rest=Sum("amount"))["rest"] or 0))


def _expire_window(line_id: UUID, window: rules.Window, *, cause: str) -> int:
    rest = _rest_of(line_id, window)
    if not rest:
        return 0
    _entry(line_id, window, EntryKind.EXPIRE, -rest, cause=cause).save(force_insert=True)
    return 1


def _carry_on(line: Line, window: rules.Window, today: date) -> int:
    """Move what is left of a window that has ended into the present one."""
    rest = _rest_of(line.pk, window)
    if not rest:
        return 0
    open_window(line, today)
    now = window_on(line, today)
    LedgerEntry.objects.bulk_create(
        [
            _entry(line.pk, window, EntryKind.EXPIRE, -rest, cause="carried"),
            _entry(line.pk, now, EntryKind.GRANT, rest, cause="carried"),
        ]
    )
    return 1


def expire_rest(programme: Programme, *, cause: str) -> None:
    """Write off what was not ordered of every line of a programme (three statements)."""
    locked = Line.objects.select_for_update().filter(programme=programme).order_by("pk")
    lines = list(locked.values_list("pk", flat=True))
    windows = LedgerEntry.objects.filter(line__in=lines).values_list("line_id", "window_start", "window_end")
    left = windows.annotate(rest=Sum("amount")).filter(rest__gt=0).order_by("line_id", "window_start")
    rows.insert(
        [
            _entry(line, rules.Window(start, end), EntryKind.EXPIRE, -rest, cause=cause)
            for line, start, end, rest in left
        ]
    )


#: what the rules of a line look at; other columns of the joined rows are not read
_NEEDED: Final = (
    "created_at",
    "quantity",
    "window",
    "year_quantity",
    "channel",
    "next_on",
    "term_passed_on",
    "last_received_on",
    "recommended",
    "must_match",
    "programme__state",
    "programme__issued_on",
    "programme__valid_until",
    "programme__territory_code",
    "kind__consumable",
    "kind__channel",
    "kind__orderable_from",
    "person__deceased_on",
    "person__territory_id",
    "person__birth_date",
    "person__sex",
)


_LINE: Final[CompiledObject[Line]] = CompiledObject(
    lambda key: (
        Line.objects.select_for_update(of=("self",))
        .select_related("programme", "kind", "person")
        .only(*_NEEDED)
        .filter(pk=key)
    ),
    key=UUID,
)


_PROGRAMME: Final = Compiled(lambda key: Programme.objects.filter(pk=key).values_list("state", "valid_until"), key=UUID)


def lock_line(key: UUID) -> Line:
    """Lock a line (with programme, kind and person) until the transaction ends.

    Raises:
        Line.DoesNotExist: there is none.
    """
    with locks.bounded():
        line = _LINE.get(key=key)
    if line is None:
        raise Line.DoesNotExist
    # who ends a programme locks its lines: what was joined before that lock was free may have ended meanwhile
    [(line.programme.state, line.programme.valid_until)] = _PROGRAMME.rows(key=line.programme_id)
    return line


def reserve(line: Line, *, quantity: int, case_id: UUID, on: date, bought: bool = False) -> LedgerEntry:
    """Hold ``quantity`` units of a locked line for an order: never more than what is available.

    Args:
        line: locked by ``lock_line``.
        quantity: units of the kind.
        case_id: the order, or the purchase by the local body.
        on: day by which the window is found.
        bought: the local body buys it (Social Code art. 169): that it is not ordered on the portal is no reason why
            not.

    Raises:
        RuleBroken: nothing or less is available; says why and from when.
    """
    movements = movements_of(line, on=on)
    given = rules.as_bought(circumstances(line, on), on) if bought else circumstances(line, on)
    state = rules.availability(given, movements.here, on=on, taken=movements.taken)
    if state.reason is not rules.Reason.AVAILABLE:
        answer = reasons.of_line(line, state)
        raise RuleBroken(answer.sentence, next_step=answer.next_step, code=answer.rule)
    if quantity < 1 or quantity > state.quantity:
        raise RuleBroken(
            _("You can order from 1 to %(most)s now.") % {"most": state.quantity},
            next_step=_("Choose a smaller quantity."),
            code="quantity",
        )
    if quantity > state.most:
        raise RuleBroken(
            _("At most %(most)s fit into one order.") % {"most": state.most},
            next_step=_("Choose a smaller quantity. You can send another order for the rest."),
            code="quantity",
        )
    if not any(one.kind == EntryKind.GRANT and one.cause == "window" for one in movements.here):
        open_window(line, on)
    entry = _entry(line.pk, state.window, EntryKind.RESERVE, -quantity, quantity, cause="order", case_id=case_id)
    rows.insert([entry])
    return entry


def _reservation(case_id: UUID) -> tuple[LedgerEntry, int]:
    entries = list(LedgerEntry.objects.filter(case_id=case_id, cause="order"))
    reserved = sum(one.reserved for one in entries)
    return next(one for one in entries if one.kind == EntryKind.RESERVE), reserved


def release(*, case_id: UUID, line_id: UUID) -> int:
    """Undo what an order still holds; what returns to an ended window is carried into the present one.

    Returns:
        Units released (0 when nothing was reserved: releasing again changes nothing).
    """
    line = lock_line(line_id)
    reservation, reserved = _reservation(case_id)
    if reserved <= 0:
        return 0
    today = clock.today()
    window, is_active = reservation.window, line.programme.state == Programme.State.ACTIVE
    entries = [_entry(line_id, window, EntryKind.RELEASE, reserved, -reserved, cause="order", case_id=case_id)]
    if not is_active:
        entries.append(_entry(line_id, window, EntryKind.EXPIRE, -reserved, cause="programme", case_id=case_id))
        entries += _to_successor(line, reserved, case_id, today)
    elif window.end is not None and window.end < today:
        now = window_on(line, today)
        open_window(line, today)
        entries += [
            _entry(line_id, window, EntryKind.EXPIRE, -reserved, cause="carried", case_id=case_id),
            _entry(line_id, now, EntryKind.GRANT, reserved, cause="carried", case_id=case_id),
        ]
    LedgerEntry.objects.bulk_create(entries)
    return reserved


def _successor(line: Line) -> Line | None:
    """The line, locked, by which the person has this kind now that the programme of ``line`` has ended; it counted what
    was open then.
    """
    rows = Line.objects.select_for_update(of=("self",)).select_related("programme")
    return rows.filter(person=line.person_id, kind=line.kind_id, programme__state=Programme.State.ACTIVE).first()


def _to_successor(line: Line, quantity: int, case_id: UUID, today: date) -> list[LedgerEntry]:
    """What returns to a programme that has ended is the person's to order by the one that came after it."""
    found = _successor(line)
    if found is None:
        return []
    open_window(found, today)
    return [_entry(found.pk, window_on(found, today), EntryKind.GRANT, quantity, cause="carried", case_id=case_id)]


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
    reservation, reserved = _reservation(case_id)
    if quantity < 1 or quantity > reserved:
        raise RuleBroken(_("More was received than was ordered."), code="quantity")
    entry = _entry(
        line_id, reservation.window, EntryKind.CONSUME, 0, -quantity, cause="order", case_id=case_id, part=part
    )
    entry.save(force_insert=True)
    months = terms_of(line.kind_id, territory_code=line.programme.territory_code, on=on).replacement_months
    line.last_received_on = on
    # the term begins when all that the line gives was received
    if line.window == Period.ONCE and months and not _is_left(line_id, reservation.window):
        line.next_on = add_months(on, months)
    line.save(update_fields=["last_received_on", "next_on"])
    if line.programme.state != Programme.State.ACTIVE:
        _tell_successor(line, on)
    return entry


def _tell_successor(line: Line, on: date) -> None:
    """What an order of an ended programme brought is what the person has by the one that came after it, too."""
    found = _successor(line)
    if found is None:
        return
    found.last_received_on = max(on, found.last_received_on or on)
    if line.next_on is not None and not _is_left(found.pk, window_on(found, on)):
        found.next_on = max(line.next_on, found.next_on or line.next_on)
    found.save(update_fields=["last_received_on", "next_on"])


def _is_left(line_id: UUID, window: rules.Window) -> bool:
    """Whether something of a window can still be ordered, or is held by an order."""
    sums = LedgerEntry.objects.filter(line_id=line_id, window_start=window.start).aggregate(
        available=Sum("amount"), held=Sum("reserved")
    )
    return (sums["available"] or 0) > 0 or (sums["held"] or 0) > 0


def count_before(line: Line, replaced: Collection[Line]) -> None:
    """What the person took of this kind by earlier programmes counts in the windows of a new line: a second programme
    gives no second quota.

    Args:
        line: the new line, with its programme; nothing is written of it yet.
        replaced: lines of the same kind whose programme this one has just replaced.
    """
    today = clock.today()
    others = Line.objects.filter(person=line.person_id, kind=line.kind_id).exclude(pk=line.pk)
    if line.window == Period.ONCE:
        open_window(line, today)
        known = others.filter(next_on__gt=today).order_by("-next_on").first()
        if known is not None:
            line.next_on, line.last_received_on = known.next_on, known.last_received_on
            line.save(update_fields=["next_on", "last_received_on"])
            return
        # what a line before that one had taken stands there as carried
        gone = sum(_taken(window_on(one, today).start, one.pk, "order", "carried") for one in replaced)
        if not replaced:
            gone = sum(_gone_once(one, today) for one in others.select_related("programme"))
        _carry(line, window_on(line, today), gone)
        return
    keys, year = list(others.values_list("pk", flat=True)), date(today.year, 1, 1)
    starts = LedgerEntry.objects.filter(line__in=keys, window_start__range=(year, today))
    ends = dict(sorted(set(starts.values_list("window_start", "window_end"))))
    taken = {start: sum(_taken(start, key, "order") for key in keys) for start in ends}
    # the past first: the present window gives no more than the past has left of the year
    now = window_on(line, today)
    here, beyond = taken.pop(now.start, 0), 0
    for start, units in taken.items():
        beyond += _carry(line, rules.Window(start, ends[start]), units)
    open_window(line, today)
    beyond += _carry(line, now, here) - _beside_norm(keys, year)
    if line.year_quantity is not None and beyond > 0:
        LedgerEntry.objects.bulk_create(
            [
                _entry(line.pk, now, EntryKind.GRANT, beyond, cause=rules.COUNTED),
                _entry(line.pk, now, EntryKind.EXPIRE, -beyond, cause="carried"),
            ]
        )


def _gone_once(line: Line, today: date) -> int:
    """Units of a line without windows that are on the way, or were received and whose term of replacement runs, though
    its programme has ended.
    """
    moves = LedgerEntry.objects.filter(line=line)
    months = terms_of(line.kind_id, territory_code=line.programme.territory_code, on=today).replacement_months
    received = line.last_received_on
    if months and received is not None and line.next_on is None and add_months(received, months) > today:
        return -int(moves.filter(cause="order").aggregate(sum=Sum("amount"))["sum"] or 0)
    return int(moves.aggregate(sum=Sum("reserved"))["sum"] or 0)


def _taken(start: date, line_id: UUID, *causes: str) -> int:
    """Units of a window that are gone by these causes: by "order", those that orders hold or have received."""
    moves = LedgerEntry.objects.filter(line=line_id, window_start=start, cause__in=causes)
    return -int(moves.aggregate(sum=Sum("amount"))["sum"] or 0)


def _beside_norm(lines: Iterable[UUID], year: date) -> int:
    """Units that lines gave in a year beside its norm: what officers added, and what orders of the years before gave
    back.
    """
    moves = LedgerEntry.objects.filter(line__in=lines, window_start__gte=year)
    added = moves.filter(kind=EntryKind.CORRECT).aggregate(sum=Sum("amount"))["sum"] or 0
    back = dict(moves.filter(kind=EntryKind.GRANT, cause="carried").values_list("case_id", "amount"))
    old = LedgerEntry.objects.filter(case_id__in=back, kind=EntryKind.RESERVE, window_start__lt=year)
    return max(0, int(added)) + sum(back[key] for key in old.values_list("case_id", flat=True))


def _carry(line: Line, window: rules.Window, taken: int) -> int:
    """Write units that were taken elsewhere as taken of a window; one that is not open is opened by as many.

    Returns:
        Units that did not go into the window.
    """
    if taken <= 0:
        return 0
    moves, entries, left = LedgerEntry.objects.filter(line=line, window_start=window.start), [], taken
    if moves.filter(kind=EntryKind.GRANT).exists():
        left = min(taken, max(0, int(moves.aggregate(sum=Sum("amount"))["sum"] or 0)))
    else:
        entries.append(_entry(line.pk, window, EntryKind.GRANT, taken, cause="window"))
    if left:
        entries.append(_entry(line.pk, window, EntryKind.EXPIRE, -left, cause="carried"))
    LedgerEntry.objects.bulk_create(entries)
    return taken - left


def check_correction(line: Line, amount: int) -> None:
    """A correction never takes more than what can still be ordered in the present window.

    Raises:
        RuleBroken: it would.
    """
    today = clock.today()
    movements = movements_of(line, on=today)
    state = rules.availability(circumstances(line, today), movements.here, on=today, taken=movements.taken)
    most = max(state.balance.available, 0)
    if amount < -most:
        raise RuleBroken(
            _("Only %(most)s can be taken away.") % {"most": most},
            next_step=_("Propose a smaller correction; what open orders hold cannot be taken away."),
            code="quantity",
        )


def correct(line: Line, *, amount: int, decided_by: UUID, second_by: UUID, case_id: UUID) -> LedgerEntry:
    """Write a correction that two officers signed into the present window of a locked line.

    Raises:
        RuleBroken: the balance would become negative.
    """
    today = clock.today()
    open_window(line, today)
    check_correction(line, amount)
    entry = _entry(line.pk, window_on(line, today), EntryKind.CORRECT, amount, cause="decision", case_id=case_id)
    entry.decided_by, entry.second_by = decided_by, second_by
    entry.save(force_insert=True)
    return entry


@dataclass(frozen=True, slots=True)
class Orders:
    """What the ledger knows of a line's orders.

    Attributes:
        holding: open orders hold something.
        received: something was received.
        came: an order came since the moment that was asked about, whatever became of it.
    """

    holding: bool
    received: bool
    came: bool


def orders_of(line: Line, *, since: datetime) -> Orders:
    """What the ledger knows of a line's orders (one query)."""
    sums = LedgerEntry.objects.filter(line=line).aggregate(
        in_orders=Sum("reserved"),
        received=Sum("reserved", filter=Q(kind=EntryKind.CONSUME)),
        came=Count("pk", filter=Q(kind=EntryKind.RESERVE, at__gt=since)),
    )
    return Orders(holding=(sums["in_orders"] or 0) > 0, received=(sums["received"] or 0) < 0, came=sums["came"] > 0)
