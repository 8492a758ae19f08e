"""How a wait is read from events, and how waits are counted, those that last among them."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.utils import translation

from tirek.core.case.workflow import NEW
from tirek.core.disclosure import told
from tirek.insight import rules
from tirek.insight.rules import Cell, Fact, Wait, blurred, days_for, longest_of, still_waiting, way, within
from tirek.orders.models import Order
from tirek.orders.workflow import ORDER
from tirek.procurement.models import Purchase
from tirek.procurement.workflow import PURCHASE

FIVE = {"ended": 5, "lasts": 5}
TERM, FIRST, SECOND = (UUID(int=n) for n in (1, 2, 3))
DAY = date(2026, 3, 2)


def fact(day: int, kind: str, to: str = "", case: UUID = FIRST, desk: str = "supplier", channel: str = "web") -> Fact:
    return Fact(case, kind, DAY + timedelta(days=day), to, desk, channel)


def opened() -> Fact:
    return fact(0, "orderingterm.open", "running", TERM, "clock")


def at_counter(day: int, kind: str, to: str, case: UUID = FIRST) -> Fact:
    return fact(day, kind, to, case, "officer", "counter")


#: Remission in weeks under 6-mercaptopurine (Freireich and others, 1963): the example of the textbooks.
FREIREICH = [
    *[Wait(days, True) for days in (6, 6, 6, 7, 10, 13, 16, 22, 23)],
    *[Wait(days, False) for days in (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)],
]


def test_estimate__is_that_of_the_textbook() -> None:
    found = still_waiting(FREIREICH)
    known = [(6, 0.857), (7, 0.807), (10, 0.753), (13, 0.690), (16, 0.627), (22, 0.538), (23, 0.448)]
    assert [(days, round(share, 3)) for days, share in found] == known
    assert days_for(found, 0.5) == 23
    assert days_for(found, 0.9) is None, "it has not come so far for nine of ten"


def test_estimate__of_waits_that_all_ended_is_the_plain_middle() -> None:
    found = still_waiting([Wait(days, True) for days in (3, 1, 2, 4)])
    assert (days_for(found, 0.5), days_for(found, 0.9)) == (2, 4)
    assert days_for(still_waiting([Wait(9, True, 90), Wait(30, True, 10)]), 0.9) == 9


def test_who_still_waits__makes_the_middle_longer() -> None:
    quick = [Wait(2, True, 5), Wait(3, True, 1)]
    assert days_for(still_waiting(quick), 0.5) == 2
    assert days_for(still_waiting([*quick, Wait(100, False, 6)]), 0.5) == 3
    assert days_for(still_waiting([*quick, Wait(100, False, 7)]), 0.5) is None


def test_shares_by_days__say_nothing_of_days_that_nobody_has_waited() -> None:
    curve = still_waiting([Wait(5, True, 3), Wait(20, True, 3), Wait(40, False, 4)])
    assert within(curve, 40, (7, 14, 30, 60)) == [30, 30, 60, None]
    assert within(still_waiting([Wait(5, True, 4)]), 5, (7, 60)) == [100, 100], "nobody waits any more"


@pytest.mark.parametrize(
    ("people", "said"), [(0, 0), (1, None), (4, None), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15), (100, 100)]
)
def test_numbers_of_people__are_rounded_and_few_are_not_told(people: int, said: int | None) -> None:
    assert told(people, 5) == said


def test_cell_of_few__tells_no_days() -> None:
    few = Cell(
        waits=[Wait(3, True, 4)], lasting=[(50, 4)], steps=[(2, 4)], visits=[(0, 4)], people={"ended": 4, "lasts": 4}
    ).told(5)
    assert set(vars_of(few).values()) == {None, ()}
    enough = Cell(
        waits=[Wait(3, True, 5)], lasting=[(50, 4), (70, 1)], steps=[(2, 5)], visits=[(0, 5)], people=FIVE
    ).told(5)
    assert (enough.median, enough.ninety, enough.waiting_median, enough.waiting_longest) == (3, None, 50, 50)
    assert (enough.steps, enough.visits) == (2, 0)


def test_days_of_nine_of_ten__are_told_of_twice_as_many_people() -> None:
    waits = [Wait(3, True, 8), Wait(30, True, 1), Wait(90, True, 1)]
    told_of_ten = Cell(waits=waits, people={"ended": 10, "lasts": 0}).told(5)
    assert (told_of_ten.median, told_of_ten.ninety) == (3, 30)
    assert Cell(waits=waits, people={"ended": 9, "lasts": 0}).told(5).ninety is None


def test_one_person_with_many_waits__is_no_five_people() -> None:
    many = Cell(waits=[Wait(3, True, 9)], lasting=[(50, 9)], steps=[(2, 9)], people={"ended": 1, "lasts": 1}).told(5)
    assert set(vars_of(many).values()) == {None, ()}


@pytest.mark.parametrize(
    ("counted", "days"), [([(700, 1), (60, 3), (50, 2)], 50), ([(700, 5), (60, 3)], 700), ([(700, 4)], None)]
)
def test_longest_wait__is_that_of_five(counted: list[tuple[int, int]], days: int | None) -> None:
    assert longest_of(counted, 5) == days


@pytest.mark.parametrize(
    ("people", "shares", "said"),
    [
        (7, [0, 14, 60, 86, None], [0, None, None, 85, None]),
        (60, [1, 14, 97], [None, 15, 95]),
        (1000, [0, 1, 14, 97], [0, 1, 14, 97]),
    ],
)
def test_shares__tell_of_five_people_or_more(people: int, shares: list[int | None], said: list[int | None]) -> None:
    assert blurred(shares, people, 5) == said


def vars_of(one: rules.Told) -> dict[str, object]:
    return {
        name: tuple(value) if isinstance(value := getattr(one, name), list) else value for name in rules.Told.__slots__
    }


def test_way__goes_from_the_term_over_the_order_to_the_receipt() -> None:
    found = way(
        [
            opened(),
            fact(3, "order.submit", "submitted", desk="recipient"),
            fact(5, "order.accept", "accepted"),
            fact(9, "order.hand_over", "awaiting_confirmation"),
            fact(10, "order.confirm", "received", desk="recipient"),
            fact(10, "orderingterm.close", "closed", TERM, "clock"),
            fact(40, "order.submit", "submitted", SECOND, "recipient"),
        ]
    )
    assert found is not None
    assert (found.opened_on, found.ordered_on, found.received_on) == (
        DAY,
        DAY + timedelta(days=3),
        DAY + timedelta(days=10),
    )
    assert found.stays == {"to_order": 3, "submitted": 2, "accepted": 4, "awaiting_confirmation": 1}
    assert (found.place, found.left_on, found.steps, found.visits) == ("received", None, 2, 0)


def test_order_that_comes_to_nothing__does_not_stop_the_clock_of_the_person() -> None:
    found = way(
        [
            opened(),
            fact(1, "order.submit", "submitted", desk="recipient"),
            fact(11, "order.lapse", "cancelled", desk="clock"),
            fact(15, "order.submit", "submitted", SECOND, "recipient"),
        ]
    )
    assert found is not None
    assert (found.ordered_on, found.received_on) == (DAY + timedelta(days=1), None)
    assert (found.place, found.place_since) == ("submitted", DAY + timedelta(days=15))
    assert found.stays == {"to_order": 1 + 4, "submitted": 10}


def test_of_two_orders__the_farther_one_tells_where_the_line_is() -> None:
    found = way(
        [
            opened(),
            fact(1, "order.submit", "submitted"),
            fact(1, "order.submit", "submitted", SECOND),
            fact(2, "order.accept", "accepted"),
            fact(4, "order.decline", "declined", SECOND),
        ]
    )
    assert found is not None
    assert (found.place, found.place_since) == ("accepted", DAY + timedelta(days=2))


def test_counter__counts_a_day_there_once_and_no_work_of_the_office_itself() -> None:
    found = way(
        [
            opened(),
            at_counter(2, "order.submit", "submitted"),
            at_counter(2, "order.cancel", "cancelled"),
            at_counter(2, "order.submit", "submitted", SECOND),
            fact(3, "order.accept", "accepted", SECOND),
            at_counter(6, "order.confirm_hand_over", "awaiting_confirmation", SECOND),
            at_counter(8, "order.confirm", "received", SECOND),
        ]
    )
    assert found is not None
    assert (found.steps, found.visits) == (0, 2)


def test_line_that_ends_without_a_receipt__has_left_and_may_be_received_all_the_same() -> None:
    ended = [opened(), fact(4, "order.submit", "submitted"), fact(20, "orderingterm.close", "closed", TERM)]
    left = way(ended)
    assert left is not None
    assert (left.place, left.left_on, left.stays) == ("left", DAY + timedelta(days=20), {"to_order": 4})
    late = way([*ended, fact(22, "order.accept", "accepted"), fact(30, "order.confirm", "received")])
    assert late is not None
    assert (late.place, late.left_on, late.received_on) == ("received", None, DAY + timedelta(days=30))


def test_line_without_a_term__is_no_wait() -> None:
    assert way([fact(1, "order.submit", "submitted")]) is None
    assert way([]) is None


def test_what_is_bought__is_ordered_with_the_contract_and_waits_since_its_place_in_the_queue() -> None:
    bought = [
        fact(-30, "purchase.record", "needed", desk="clock"),
        fact(10, "purchase.put_in_lot", "in_lot", desk="clock"),
        fact(40, "purchase.contract", "contracted", desk="clock"),
        fact(45, "purchase.propose_times", "fitting", desk="officer"),
        fact(47, "purchase.choose_time", "fitting_agreed", desk="recipient"),
        fact(50, "purchase.hold_fitting", "making", desk="officer"),
        fact(80, "purchase.hand_over", "handed_over", desk="officer"),
        at_counter(81, "purchase.receive", "received"),
    ]
    found = way(bought)
    assert found is not None
    assert found.opened_on == DAY - timedelta(days=30)
    assert found.ordered_on == DAY + timedelta(days=40)
    assert (found.received_on, found.steps, found.visits) == (DAY + timedelta(days=81), 1, 1)
    assert found.stays == {
        "bought_needed": 40, "bought_in_lot": 30, "bought_contracted": 5, "bought_fitting": 2,
        "bought_fitting_agreed": 3, "bought_making": 30, "bought_handed_over": 1,
    }  # fmt: skip
    # the lot has failed: the wait goes on, and the days in one state are added up
    back = way([*bought[:2], fact(20, "purchase.return_to_need", "needed", desk="clock")])
    assert back is not None
    assert (back.place, back.ordered_on, back.stays) == (
        "bought_needed",
        None,
        {"bought_needed": 40, "bought_in_lot": 10},
    )


def test_purchase_that_ends__leaves_unless_it_is_ordered_on_the_portal_then() -> None:
    recorded = fact(0, "purchase.record", "needed", desk="clock")
    ended = fact(5, "purchase.close", "cancelled", desk="clock")
    left = way([recorded, ended])
    assert left is not None
    assert (left.place, left.left_on) == ("left", DAY + timedelta(days=5))
    again = way([recorded, ended, fact(9, "purchase.record", "needed", SECOND, "clock")])
    assert again is not None
    assert (again.place, again.left_on) == ("bought_needed", None)
    assert again.stays == {}, "what an end has cut short says nothing of how long such a stay is"
    opened_then = way([recorded, ended, fact(6, "orderingterm.open", "running", TERM, "clock")])
    assert opened_then is not None
    assert (opened_then.opened_on, opened_then.place, opened_then.left_on) == (DAY, "to_order", None)


def test_what_the_local_body_begins_to_buy__goes_on_waiting() -> None:
    closed = fact(20, "orderingterm.close", "closed", TERM, "clock")
    recorded = fact(21, "purchase.record", "needed", SECOND, "clock")
    found = way([opened(), closed, recorded])
    assert found is not None
    assert (found.opened_on, found.place, found.left_on) == (DAY, "bought_needed", None)
    # the other way about: the term ends while it is being bought
    other = way([opened(), recorded, fact(22, "orderingterm.close", "closed", TERM, "clock")])
    assert other is not None
    assert (other.place, other.left_on) == ("bought_needed", None)


def test_need_that_is_recorded_late__adds_no_days_twice() -> None:
    found = way([opened(), fact(-5, "purchase.record", "needed"), fact(3, "purchase.put_in_lot", "in_lot")])
    assert found is not None
    assert (found.opened_on, found.stays) == (DAY - timedelta(days=5), {"to_order": 0, "bought_needed": 3})


def test_acts_of_the_person__are_those_that_the_process_gives_to_the_person() -> None:
    with translation.override("en"):
        orders, purchases = ORDER.rows(), PURCHASE.rows()
    # a fitting that is moved or missed is recorded by either side: the wait before it is nobody's own
    told = [(name, who) for _state, name, _to, who, *_rest in orders if "supplier" not in who]
    persons = {f"order.{name}" for name, who in told if "recipient" in who}
    bought = {f"purchase.{name}" for _state, name, _to, who, *_rest in purchases if "recipient" in who}
    assert persons | bought - {"purchase.move_fitting", "purchase.miss_fitting"} == rules.ACTS


def test_places__are_the_states_in_which_an_order_is_under_way() -> None:
    bought = {f"{rules.BOUGHT}{state}" for state in set(Purchase.State.values) - Purchase.ENDED}
    assert {one for one in rules.PLACES if one.startswith(rules.BOUGHT)} == bought
    assert set(rules.PLACES) - {rules.TO_ORDER} - bought <= set(Order.State.values) - Order.ENDED
    assert set(rules.ON_THE_WAY) == set(rules.PLACES) - {rules.TO_ORDER} | {rules.RECEIVED}
    over = set(Order.State.values) - set(rules.ON_THE_WAY)
    assert over == {"declined", "cancelled", "money_owed"}, "a new state is told where it belongs"
    assert NEW not in rules.PLACES
