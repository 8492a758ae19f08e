"""Programmes and the ledger on the real database."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from tests import factories as make

from tirek.core import clock
from tirek.core.case import workflow
from tirek.core.errors import NotFound
from tirek.entitlements import actions, queries, reasons
from tirek.entitlements.case_types import PROGRAMMES
from tirek.entitlements.models import LedgerEntry, Line, Programme
from tirek.entitlements.rules import Reason
from tirek.orders.actions import cancel_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> make.Shop:
    with clock.at(make.MORNING):
        return make.Shop()


def _line(shop: make.Shop) -> Line:
    return Line.objects.select_related("programme", "kind", "person").get(pk=shop.line.pk)


def test_diapers__are_released_a_quarter_while_the_year_norm_stays(shop: make.Shop) -> None:
    assert (shop.line.window, shop.line.quantity, shop.line.year_quantity) == ("quarter", 365, 1460)
    with clock.at(make.MORNING):
        status = queries.status_of(_line(shop))
    assert status.availability.quantity == 365
    assert status.availability.window.end == date(2026, 12, 31)


def test_windows__open_and_expire_by_the_daily_jobs_once(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        shop.order(65)
    with clock.at(datetime(2027, 1, 3, 4, 0, tzinfo=UTC)):
        assert actions.expire_windows() == 1
        assert actions.expire_windows() == 0
        actions.open_windows()
        actions.open_windows()
        kinds = list(LedgerEntry.objects.filter(line=shop.line).order_by("at", "pk").values_list("kind", "amount"))
        assert kinds == [("grant", 365), ("reserve", -65), ("expire", -300), ("grant", 365)]
        assert queries.status_of(_line(shop)).availability.quantity == 365


QUARTERS = [datetime(2027, month, 5, 4, 0, tzinfo=UTC) for month in (1, 4, 7, 10)]


def _ordered_in_a_year(shop: make.Shop, *, skip: int = -1, daily_jobs: bool = True) -> list[int]:
    """Order in each quarter of 2027 all that can be ordered, but nothing in the one to skip; units by quarter."""
    ordered = []
    for number, moment in enumerate(QUARTERS):
        with clock.at(moment):
            if daily_jobs:
                actions.expire_windows()
                actions.open_windows()
            status = queries.status_of(_line(shop))
            [same] = queries.statuses_of(shop.person)
            assert same.availability == status.availability
            if number != skip and status.can_order:
                assert shop.order(status.availability.quantity).quantity == status.availability.quantity
                ordered.append(status.availability.quantity)
            else:
                ordered.append(0)
    return ordered


@pytest.mark.parametrize("daily_jobs", [True, False])
@pytest.mark.parametrize(
    ("norm", "ordered"),
    [
        (1460, [365, 365, 365, 365]),
        (730, [365, 365, 0, 0]),
        (900, [365, 365, 170, 0]),
        (1461, [366, 366, 366, 363]),
        (10, [10, 0, 0, 0]),
    ],
)
def test_year_norm__is_what_the_quarters_of_a_year_come_to(norm: int, ordered: list[int], daily_jobs: bool) -> None:
    with clock.at(make.MORNING):
        shop = make.Shop(quantity=norm, stock=5000)
    assert _ordered_in_a_year(shop, daily_jobs=daily_jobs) == ordered
    with clock.at(datetime(2028, 1, 5, 4, 0, tzinfo=UTC)):
        assert queries.status_of(_line(shop)).availability.quantity == ordered[0]


@pytest.mark.parametrize("daily_jobs", [True, False])
def test_year_norm__a_quarter_in_which_nothing_was_ordered_takes_nothing_from_it(daily_jobs: bool) -> None:
    with clock.at(make.MORNING):
        shop = make.Shop(quantity=730)
    assert _ordered_in_a_year(shop, skip=0, daily_jobs=daily_jobs) == [0, 365, 365, 0]


def test_year_norm__when_it_is_used_the_line_says_so_and_from_when_there_is_more() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop(quantity=365)
    with clock.at(QUARTERS[0]):
        number = shop.order(365)
        assert queries.status_of(_line(shop)).availability.reason is Reason.QUOTA_RESERVED
        assert queries.status_of(_line(shop)).availability.from_day == date(2028, 1, 1)
    with clock.at(QUARTERS[1]):
        status = queries.status_of(_line(shop))
        assert (status.availability.reason, status.availability.from_day) == (Reason.YEAR_USED, date(2028, 1, 1))
        with translation.override("en"):
            assert "this year" in queries.status_of(_line(shop)).explanation
        # what an order of the first quarter gives back can be ordered in the second
        cancel_order(actor=shop.actor, order=number)
        assert queries.status_of(_line(shop)).availability.quantity == 365
        assert shop.order(365)
        assert queries.status_of(_line(shop)).availability.quantity == 0
    with clock.at(QUARTERS[2]):
        assert queries.status_of(_line(shop)).availability.reason is Reason.YEAR_USED


def test_programme__expires_with_its_last_day_and_what_was_not_ordered_with_it() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
        programme = make.programme(make.person(place=shop.place), shop.kind, until=date(2026, 11, 20))
    with clock.at(datetime(2026, 11, 20, 18, 59, tzinfo=UTC)):
        assert workflow.sweep() == 0
    with clock.at(datetime(2026, 11, 20, 19, 0, tzinfo=UTC)):
        assert workflow.sweep() == 1
    programme.refresh_from_db()
    assert programme.state == Programme.State.EXPIRED
    assert LedgerEntry.objects.get(line__programme=programme, kind="expire").amount == -365


def test_replacement_term__starts_with_the_receipt() -> None:
    from tests.orders.test_thread import _sign, _to_handed_over

    from tirek.orders.actions import confirm_receipt

    with clock.at(make.MORNING):
        shop = make.Shop(kind_code="SU-05", quantity=1, months=48)
        order = _to_handed_over(shop, shop.order(1))
        confirm_receipt(actor=shop.actor, order=order, signature_id=_sign(shop, order).pk)
        status = queries.status_of(_line(shop))
    assert (status.availability.reason, status.availability.from_day) == (Reason.TERM_NOT_OVER, date(2030, 11, 9))
    with clock.at(datetime(2030, 11, 9, 4, 0, tzinfo=UTC)):
        assert queries.status_of(_line(shop)).availability.quantity == 1


def test_unknown_replacement_term__does_not_block_but_gives_no_second_one() -> None:
    from tests.orders.test_thread import _sign, _to_handed_over

    from tirek.orders.actions import confirm_receipt

    with clock.at(make.MORNING):
        shop = make.Shop(kind_code="SU-06", quantity=2)
        order = _to_handed_over(shop, shop.order(1))
        confirm_receipt(actor=shop.actor, order=order, signature_id=_sign(shop, order).pk)
        assert queries.status_of(_line(shop)).availability.quantity == 1


def test_ledger__the_database_itself_refuses_wrong_signs_and_changes(shop: make.Shop, app_role: object) -> None:
    common = {"line": shop.line, "window_start": date(2026, 10, 1)}
    for kind, amount, reserved in (
        ("grant", -1, 0),
        ("reserve", -5, 4),
        ("release", 5, 0),
        ("consume", -5, 0),
        ("expire", 5, 0),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            LedgerEntry.objects.create(kind=kind, amount=amount, reserved=reserved, **common)
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.create(
            kind="correct", amount=5, reserved=0, decided_by=shop.person.pk, second_by=shop.person.pk, **common
        )
    with pytest.raises(ProgrammingError), transaction.atomic():
        LedgerEntry.objects.update(amount=1000)


def test_page__takes_the_same_queries_for_one_and_for_three_lines(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        with CaptureQueriesContext(connection) as one:
            assert len(queries.statuses_of(shop.person)) == 1
        for code in ("GI-03", "GI-06"):
            make.programme(shop.person, make.kind(code))
        with CaptureQueriesContext(connection) as three:
            assert len(queries.statuses_of(shop.person)) == 3
    assert len(one) == len(three)


def test_line__is_seen_by_the_person_and_the_office_only(shop: make.Shop) -> None:
    for actor in (shop.actor, make.officer(shop.place)):
        assert queries.line_for(actor, shop.line.pk).pk == shop.line.pk
        assert PROGRAMMES.find(actor, shop.programme.number).pk == shop.programme.pk
    for actor in (make.recipient_of(make.person()), shop.supplier_actor, make.officer(make.district("311000000"))):
        with pytest.raises(NotFound):
            queries.line_for(actor, shop.line.pk)
        with pytest.raises(NotFound):
            PROGRAMMES.find(actor, shop.programme.number)


def test_explanation__is_words_for_every_reason(shop: make.Shop) -> None:
    from django.utils import translation

    from tirek.entitlements.rules import Availability, balance, window_of

    line = _line(shop)
    window = window_of("quarter", date(2026, 11, 9), programme_start=date(2026, 1, 1))
    for language in ("kk", "ru", "en"):
        with translation.override(language):
            for reason in Reason:
                day = date(2027, 1, 1) if reason is Reason.TERM_NOT_OVER else None
                state = Availability(reason, 3, window, balance([]), day)
                assert "%(" not in reasons.of_line(line, state).sentence


# --- a second programme of the same kind, and a part of what is given once


@pytest.mark.finding("I-7")
def test_second_programme__replaces_the_first_and_gives_no_second_quota(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        shop.order(300)
        second = make.programme(shop.person, shop.kind)
        shop.programme.refresh_from_db()
        assert shop.programme.state == Programme.State.REPLACED
        [status] = queries.statuses_of(shop.person)
        assert status.line.programme == second
        assert status.availability.quantity == 65
        line = Line.objects.select_related("programme").get(programme=second)
        taken = queries.movements_of(line, on=clock.today())
        assert taken.taken == 0


@pytest.mark.finding("I-7")
def test_second_programme__counts_what_the_year_had_taken_before() -> None:
    with clock.at(datetime(2027, 1, 5, 4, 0, tzinfo=UTC)):
        shop = make.Shop()
        shop.order(365)
    with clock.at(datetime(2027, 4, 5, 4, 0, tzinfo=UTC)):
        second = make.programme(shop.person, shop.kind)
        line = Line.objects.select_related("programme").get(programme=second)
        assert queries.movements_of(line, on=clock.today()).taken == 365
        assert queries.status_of(_fresh(line)).availability.quantity == 365


@pytest.mark.finding("I-7")
def test_order_of_a_replaced_programme__that_comes_to_nothing_can_be_ordered_by_the_new_one(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        order = shop.order(300)
        second = make.programme(shop.person, shop.kind)
        cancel_order(actor=shop.actor, order=order)
        line = Line.objects.get(programme=second)
        assert queries.status_of(_fresh(line)).availability.quantity == 365


@pytest.mark.finding("I-7")
def test_second_programme__does_not_begin_the_replacement_term_anew() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop(kind_code="TR-99", months=24, quantity=1)
        order = shop.order(1)
        actions.consume(case_id=order.pk, line_id=shop.line.pk, quantity=1, part=1, on=clock.today())
        second = make.programme(shop.person, shop.kind, quantity=1)
        status = queries.status_of(_fresh(Line.objects.get(programme=second)))
    assert (status.availability.reason, status.availability.from_day) == (Reason.TERM_NOT_OVER, date(2028, 11, 9))


@pytest.mark.finding("I-7")
def test_programme_of_other_kinds__replaces_nothing(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        make.programme(shop.person, make.kind("GI-02"))
    shop.programme.refresh_from_db()
    assert shop.programme.state == Programme.State.ACTIVE


@pytest.mark.finding("I-8")
def test_part_of_a_once_line__leaves_the_rest_and_the_term_begins_with_all() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop(kind_code="TR-99", months=24, quantity=2)
        first = shop.order(1)
        actions.consume(case_id=first.pk, line_id=shop.line.pk, quantity=1, part=1, on=clock.today())
        status = queries.status_of(_line(shop))
        assert (status.availability.quantity, status.line.next_on) == (1, None)
        second = shop.order(1)
        actions.consume(case_id=second.pk, line_id=shop.line.pk, quantity=1, part=1, on=clock.today())
        status = queries.status_of(_line(shop))
    assert (status.availability.reason, status.line.next_on) == (Reason.TERM_NOT_OVER, date(2028, 11, 9))


def _fresh(line: Line) -> Line:
    return Line.objects.select_related("programme", "kind", "person").get(pk=line.pk)
