"""The norm of a year, whatever somebody tries: orders cancelled after their quarter, what is carried on, programmes
replaced in between.
"""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from tests import factories as make

from tirek.catalogue.models import CarryOver, Kind, Period
from tirek.core import clock
from tirek.core.actors import CLOCK
from tirek.core.errors import RuleBroken
from tirek.core.keys import uuid7
from tirek.entitlements import actions, queries
from tirek.entitlements.actions import ledger
from tirek.entitlements.actions.programmes import add_missing_line
from tirek.entitlements.models import LedgerEntry, Line
from tirek.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.finding("A-norm")]
QUARTERS: Final = [datetime(2027, month, 5, 4, 0, tzinfo=UTC) for month in (1, 4, 7, 10)]
NEXT_QUARTERS: Final = [moment.replace(year=2028) for moment in QUARTERS]
PART: Final = 10


class Year:
    """One person through the quarters of a year, and what the orders of that person hold."""

    def __init__(self, norm: int, carry_over: CarryOver) -> None:
        self.norm, self.quarter, self.orders = norm, 0, list[tuple[UUID, UUID]]()
        with clock.at(QUARTERS[0]):
            self.person, self.kind = make.person(), make.kind("GI-01")
            parts = {"period": Period.YEAR, "norm": 1460, "part": Period.QUARTER, "part_quantity": PART}
            make.terms(self.kind, **parts, carry_over=carry_over)
            make.programme(self.person, self.kind, quantity=norm)

    @property
    def line(self) -> Line:
        """The line of the programme in force."""
        rows = Line.objects.select_related("programme", "kind", "person")
        return rows.get(person=self.person, programme__state="active")

    @property
    def left(self) -> int:
        """What can be ordered now."""
        with clock.at(QUARTERS[self.quarter]):
            return queries.status_of(self.line).availability.quantity

    @property
    def taken(self) -> int:
        """What was received or is held."""
        moves = LedgerEntry.objects.filter(line__person=self.person, cause="order")
        return -int(moves.aggregate(sum=Sum("amount"))["sum"] or 0)

    def order(self) -> None:
        """Order all that can be ordered."""
        line = ledger.lock_line(self.line.pk)
        quantity, case = queries.status_of(self.line).availability.quantity, uuid7()
        try:
            ledger.reserve(line, quantity=quantity, case_id=case, on=clock.today())
        except RuleBroken:
            return
        self.orders.append((case, line.pk))

    def cancel(self) -> None:
        """Cancel the oldest order."""
        if self.orders:
            case, line = self.orders.pop(0)
            ledger.release(case_id=case, line_id=line)

    def receive(self) -> None:
        """Receive the newest order."""
        if self.orders:
            case, line = self.orders.pop()
            held = LedgerEntry.objects.get(case_id=case, kind="reserve").reserved
            ledger.consume(case_id=case, line_id=line, quantity=held, part=1, on=clock.today())

    def replace(self) -> None:
        """A new programme of the same kind."""
        make.programme(self.person, self.kind, quantity=self.norm)

    def night(self) -> None:
        """The daily jobs."""
        actions.open_windows()
        actions.expire_windows()

    def quarter_ends(self) -> None:
        """The next quarter begins."""
        self.quarter = min(self.quarter + 1, 3)

    def go(self, *steps: str) -> None:
        """Take steps one after the other."""
        for step in steps:
            with clock.at(QUARTERS[self.quarter]):
                getattr(self, step)()
            assert 0 <= self.taken <= self.norm, (step, self.taken)


STEPS: Final = ("order", "cancel", "receive", "replace", "night", "quarter_ends")
USUAL: Final = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=60,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)


@USUAL
@given(
    steps=st.lists(st.sampled_from(STEPS), min_size=4, max_size=14),
    norm=st.sampled_from([4 * PART, 2 * PART, 25, 7]),
    carry_over=st.sampled_from(CarryOver.values),
)
@example(
    steps=["order", "quarter_ends", "cancel", "order", "replace", "quarter_ends", "order"],
    norm=2 * PART,
    carry_over=CarryOver.NONE,
)
@example(
    steps=["quarter_ends", "night", "order", "replace", "quarter_ends", "order"],
    norm=2 * PART,
    carry_over=CarryOver.YEAR,
)
def test_year_norm__is_never_exceeded_whatever_is_ordered_cancelled_and_replaced(
    steps: list[str], norm: int, carry_over: str
) -> None:
    with transaction.atomic():
        Year(norm, CarryOver(carry_over)).go(*steps)
        transaction.set_rollback(True)


def _take(line: Line, quantity: int) -> None:
    ledger.reserve(ledger.lock_line(line.pk), quantity=quantity, case_id=uuid7(), on=clock.today())


def _in_force(person: Person, kind: Kind) -> Line:
    rows = Line.objects.select_related("programme", "kind", "person")
    return rows.get(person=person, kind=kind, programme__state="active")


def test_what_is_given_once__is_not_given_again_by_a_third_programme() -> None:
    with clock.at(QUARTERS[0]):
        person, kind = make.person(), make.kind("TR-99")
        make.programme(person, kind, quantity=2)
        _take(_in_force(person, kind), 1)
        for _again in range(2):
            make.programme(person, kind, quantity=2)
            assert queries.status_of(_in_force(person, kind)).availability.quantity == 1


@pytest.mark.parametrize(("code", "quantity", "left"), [("GI-01", 4 * PART, 0), ("TR-99", PART + 2, 2)])
def test_missing_line__that_a_correction_adds_gives_no_second_quota(code: str, quantity: int, left: int) -> None:
    with clock.at(QUARTERS[0]):
        person, kind, other = make.person(), make.kind(code), make.kind("GI-02")
        if code == "GI-01":
            make.terms(kind, period=Period.YEAR, norm=1460, part=Period.QUARTER, part_quantity=PART)
        make.programme(person, kind, quantity=quantity)
        _take(_in_force(person, kind), PART)
        grant = actions.LineGrant(kind=kind, quantity=quantity, recommended={})
        second = make.programme(person, other, quantity=1)
        with pytest.raises(RuleBroken, match="line"):
            add_missing_line(second, grant)
        old = _in_force(person, kind).programme
        actions.replace_programme(actor=CLOCK, programme=old, by=second)
        line = add_missing_line(second, grant)
        assert queries.status_of(_in_force(person, kind)).availability.quantity == left
        assert line.programme == second


def test_year_norm__is_no_larger_by_what_came_back_from_the_year_before_and_was_not_ordered() -> None:
    year = Year(2 * PART, CarryOver.NONE)
    year.quarter = 3
    year.go("order")
    ordered = []
    for moment, steps in zip(NEXT_QUARTERS, (("cancel",), ("night", "order"), ("order",), ("order",)), strict=True):
        with clock.at(moment):
            ordered.append(-year.taken)
            for step in steps:
                getattr(year, step)()
            ordered[-1] += year.taken
    assert ordered == [-PART, PART, PART, 0]
