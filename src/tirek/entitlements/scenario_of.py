"""A line as it stands, as a scenario without personal data: what was given, what happened, and what the rules say.

Left out: names, numbers, IIN, address, date of birth, disability, officers and their words. No rule asks for them. The
region and the days stay, because the rules count by them.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from uuid import UUID

from tirek.core import clock
from tirek.core.case.journal import Event
from tirek.entitlements.asking import Asked
from tirek.entitlements.asking import written as written_asked
from tirek.entitlements.models import Correction, LedgerEntry, Line, OrderingTerm, Programme
from tirek.entitlements.queries import LineStatus
from tirek.entitlements.scenarios import written

EntryKind = LedgerEntry.Kind
_Keys = dict[str, object]


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.COUNTRY_ZONE).date()


def scenario_of(status: LineStatus, *, title: str = "") -> str:
    """The file (eight queries); ``title`` says why it is kept, without it the kind, the day and the rule do."""
    line, today = status.line, clock.today()
    lines = list(
        Line.objects.filter(person=line.person_id, kind=line.kind_id)
        .select_related("programme", "kind")
        .order_by("created_at", "pk")
    )
    found: _Keys = {
        "title": title or f"{line.kind_id}, {today.isoformat()}: {status.answer.rule}",
        "on": today,
        "place": f"{line.programme.territory_code[:2]}0000000",
    }
    if line.person.deceased_on is not None:
        found["person"] = {"died": line.person.deceased_on}
    provided, began = _provided(lines)
    found["programmes"] = [
        _programme(one, began.get(one.pk, one.channel), later=lines[n + 1 :]) for n, one in enumerate(lines)
    ]
    # of one moment a decision comes before what it lets people do
    steps = [*provided, *_earlier(lines), *_reopened(lines, decided={at for at, _keys in provided}), *_movements(lines)]
    if steps:
        found["steps"] = [keys for _at, keys in sorted(steps, key=lambda step: step[0])]
    found["expect"] = [_expected(status)]
    return written(found)


def _programme(line: Line, channel: str, *, later: Iterable[Line]) -> _Keys:
    programme = line.programme
    given: _Keys = {"kind": line.kind_id, "quantity": line.year_quantity or line.quantity}
    if channel != line.kind.channel:
        given["channel"] = channel
    if line.recommended:
        given["asks"] = written_asked(Asked.of(line))
    keys: _Keys = {"issued": programme.issued_on, "entered": _day(programme.created_at)}
    if programme.valid_until is not None:
        keys["until"] = programme.valid_until
    if programme.state == Programme.State.CANCELLED:
        keys["cancelled"] = _day(programme.state_since)
    # a later programme with the same kind replaces it by itself
    if programme.state == Programme.State.REPLACED and not any(True for _one in later):
        keys["replaced"] = _day(programme.state_since)
    return keys | {"lines": [given]}


def _movements(lines: list[Line]) -> list[tuple[datetime, _Keys]]:
    """What orders and officers did; what the clock did follows by itself."""
    found: list[tuple[datetime, _Keys]] = []
    orders: dict[object, int] = {}
    of_lines = LedgerEntry.objects.filter(line__in=lines).order_by("at", "pk")
    for one in of_lines.filter(cause__in=["order", "decision"]):
        keys: _Keys = {"on": _day(one.at), "kind": lines[0].kind_id}
        if one.kind == EntryKind.RESERVE:
            orders[one.case_id] = len(orders) + 1
            keys["order"] = one.reserved
        elif one.kind == EntryKind.CONSUME:
            keys |= {"receive": -one.reserved, "of": orders.get(one.case_id, 0)}
        elif one.kind == EntryKind.RELEASE:
            keys |= {"cancel": "yes", "of": orders.get(one.case_id, 0)}
        else:
            keys["correct"] = one.amount
        found.append((one.at, keys))
    return found


def _reopened(lines: list[Line], *, decided: Collection[datetime]) -> list[tuple[datetime, _Keys]]:
    """Terms that began anew; not those that follow by themselves from how a line is provided, ``decided`` that day."""
    terms, days = OrderingTerm.objects.filter(line__in=lines).values_list("pk", flat=True), {_day(at) for at in decided}
    events = Event.objects.filter(case_type="orderingterm", case_id__in=list(terms), type="orderingterm.reopen")
    return [
        (at, {"on": _day(at), "kind": lines[0].kind_id, "reopen": "yes"})
        for at, by in events.values_list("at", "actor_id")
        if by is not None or _day(at) not in days
    ]


def _earlier(lines: list[Line]) -> list[tuple[datetime, _Keys]]:
    signed = Correction.objects.filter(line__in=lines, state=Correction.State.SIGNED, earlier=True)
    return [
        (at, {"on": _day(at), "kind": lines[0].kind_id, "earlier": "yes"})
        for at in signed.values_list("state_since", flat=True)
    ]


def _provided(lines: list[Line]) -> tuple[list[tuple[datetime, _Keys]], dict[UUID, str]]:
    """From when lines were provided otherwise, by decision, and how they were provided before."""
    signed = {
        one.pk: one
        for one in Correction.objects.filter(line__in=lines, state=Correction.State.SIGNED)
        .exclude(line_channel="")
        .order_by("state_since")
    }
    events = Event.objects.filter(case_type="correction", case_id__in=list(signed), type="correction.sign")
    before = {one.case_id: str(one.data.get("provided_before", "")) for one in events}
    began: dict[UUID, str] = {}
    steps: list[tuple[datetime, _Keys]] = []
    for one in signed.values():
        # a line that the correction itself added was provided so from its first day
        if one.line_id is None or not before.get(one.pk):
            continue
        began.setdefault(one.line_id, before[one.pk])
        at = one.state_since
        steps.append((at, {"on": _day(at), "kind": lines[0].kind_id, "provide": one.line_channel}))
    return steps, began


def _expected(status: LineStatus) -> _Keys:
    state = status.availability
    return {
        "kind": status.line.kind_id,
        "rule": status.answer.rule,
        "quantity": state.quantity,
        "from": state.from_day or "never",
        "next": status.line.next_on or "never",
        "order_by": status.order_by or "never",
        "held": state.balance.reserved,
        "received": state.balance.received,
    }
