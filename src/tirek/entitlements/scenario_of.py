"""A line as it stands, as a scenario without personal data: what was given, what happened, and what the rules say.

Left out: names, numbers, IIN, address, date of birth, disability, officers and their words. No rule asks for them.
"""

from collections.abc import Iterable
from datetime import date, datetime

from tirek.core import clock
from tirek.core.case.journal import Event
from tirek.entitlements.asking import Asked
from tirek.entitlements.asking import written as written_asked
from tirek.entitlements.models import LedgerEntry, Line, OrderingTerm, Programme
from tirek.entitlements.queries import LineStatus
from tirek.entitlements.scenarios import written

EntryKind = LedgerEntry.Kind
_Keys = dict[str, object]


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.COUNTRY_ZONE).date()


def scenario_of(status: LineStatus) -> str:
    """The file (five queries)."""
    line, today = status.line, clock.today()
    lines = list(
        Line.objects.filter(person=line.person_id, kind=line.kind_id)
        .select_related("programme", "kind")
        .order_by("created_at", "pk")
    )
    found: _Keys = {
        "title": f"{line.kind_id}, {today.isoformat()}: {status.answer.rule}",
        "on": today,
        "place": f"{line.programme.territory_code[:2]}0000000",
    }
    if line.person.deceased_on is not None:
        found["person"] = {"died": line.person.deceased_on}
    found["programmes"] = [_programme(one, later=lines[n + 1 :]) for n, one in enumerate(lines)]
    steps = [*_movements(lines), *_reopened(lines)]
    if steps:
        found["steps"] = [keys for _at, keys in sorted(steps, key=lambda step: step[0])]
    found["expect"] = [_expected(status)]
    return written(found)


def _programme(line: Line, *, later: Iterable[Line]) -> _Keys:
    programme = line.programme
    given: _Keys = {"kind": line.kind_id, "quantity": line.year_quantity or line.quantity}
    if line.channel != line.kind.channel:
        given["channel"] = line.channel
    if line.recommended:
        given["asks"] = written_asked(Asked.of(line))
    keys: _Keys = {"issued": programme.issued_on, "entered": _day(programme.created_at)}
    if programme.valid_until is not None:
        keys["until"] = programme.valid_until
    if programme.employer_pays:
        keys["employer_pays"] = "yes"
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


def _reopened(lines: list[Line]) -> list[tuple[datetime, _Keys]]:
    terms = OrderingTerm.objects.filter(line__in=lines).values_list("pk", flat=True)
    events = Event.objects.filter(case_type="orderingterm", case_id__in=list(terms), type="orderingterm.reopen")
    return [
        (at, {"on": _day(at), "kind": lines[0].kind_id, "reopen": "yes"}) for at in events.values_list("at", flat=True)
    ]


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
