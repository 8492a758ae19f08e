"""Terms of kinds by date and region: what they change for a line, and what a line keeps."""

from datetime import UTC, date, datetime

import pytest
from django.db.models import QuerySet
from django.test import Client
from django.utils import translation
from tests import factories as make
from tests.kit.pages import open_page, read, text
from tests.kit.sign_in import for_years
from tests.kit.together import FREE, KEPT_OUT, at_once, meeting
from tests.orders.test_thread import _sign, _to_handed_over

from tirek.catalogue.models import CarryOver, Period
from tirek.core import clock
from tirek.core.case import effects
from tirek.core.errors import RuleBroken
from tirek.entitlements import actions, queries
from tirek.entitlements.actions import ledger
from tirek.entitlements.models import LedgerEntry, Line
from tirek.orders.actions import confirm_receipt
from tirek.orders.draft_forms import FORM_OF_ORDER

pytestmark = pytest.mark.django_db
QUARTERS = [datetime(2027, month, 5, 4, 0, tzinfo=UTC) for month in (1, 4, 7, 10)]
NEXT_JANUARY = datetime(2028, 1, 5, 4, 0, tzinfo=UTC)
IN_PARTS = {"period": Period.YEAR, "norm": 1460, "part": Period.QUARTER, "part_quantity": 365}
ABAI, ELSEWHERE = "100000000", "310000000"


@pytest.fixture
def shop() -> make.Shop:
    """Diapers, 365 a quarter, in the region Abai; much in stock."""
    with clock.at(make.MORNING):
        return make.Shop(stock=5000)


def line_of(shop: make.Shop) -> Line:
    return Line.objects.select_related("programme", "kind", "person").get(pk=shop.line.pk)


def left(shop: make.Shop) -> int:
    return queries.status_of(line_of(shop)).availability.quantity


def night() -> None:
    """What the daily jobs do."""
    actions.open_windows()
    actions.expire_windows()


def test_rest__is_carried_on_to_the_end_of_the_year_and_the_norm_of_the_year_stays(shop: make.Shop) -> None:
    make.terms(shop.kind, since=date(2027, 1, 1), **IN_PARTS, carry_over=CarryOver.YEAR)
    can_be_ordered = []
    for moment in QUARTERS:
        with clock.at(moment):
            night()
            night()
            can_be_ordered.append(left(shop))
            shop.order(100)
    assert can_be_ordered == [365, 630, 895, 1160]
    with clock.at(QUARTERS[3]):
        assert shop.order(left(shop)).quantity == 1060
        assert left(shop) == 0
    with clock.at(NEXT_JANUARY):
        night()
        assert left(shop) == 365
    carried = LedgerEntry.objects.filter(line=shop.line, cause="carried")
    assert sorted(carried.values_list("kind", "amount")) == [
        ("expire", -795),
        ("expire", -530),
        ("expire", -265),
        ("grant", 265),
        ("grant", 530),
        ("grant", 795),
    ]


def test_rest__ends_with_the_year_and_with_the_programme(shop: make.Shop) -> None:
    make.terms(shop.kind, since=date(2020, 1, 2), **IN_PARTS, carry_over=CarryOver.YEAR)
    with clock.at(QUARTERS[0]):
        night()
        assert left(shop) == 365
    programme = shop.line.programme
    programme.valid_until = date(2027, 4, 2)
    programme.save(update_fields=["valid_until"])
    with clock.at(QUARTERS[1]):
        night()
    ends = LedgerEntry.objects.filter(line=shop.line, kind="expire").order_by("at").values_list("amount", "cause")
    assert list(ends) == [(-365, "window"), (-365, "window")]


def test_rest__is_carried_on_in_one_region_and_written_off_in_another(shop: make.Shop) -> None:
    make.terms(shop.kind, region=ELSEWHERE, **IN_PARTS, carry_over=CarryOver.YEAR)
    with clock.at(QUARTERS[0]):
        night()
    with clock.at(QUARTERS[1]):
        night()
        assert left(shop) == 365
    make.terms(shop.kind, region=ABAI, **IN_PARTS, carry_over=CarryOver.YEAR)
    with clock.at(QUARTERS[2]):
        night()
        assert left(shop) == 730


def test_page__names_the_last_day_of_the_year_where_the_rest_is_carried_on(shop: make.Shop) -> None:
    with clock.at(QUARTERS[0]), translation.override("en"):
        shop.order(65)
        effects.run()
        assert "by 31\u00a0March\u00a02027" in queries.status_of(line_of(shop)).explanation
        make.terms(shop.kind, since=date(2020, 1, 2), **IN_PARTS, carry_over=CarryOver.YEAR)
        status = queries.status_of(line_of(shop))
        assert "by 31\u00a0December\u00a02027" in status.explanation
        assert status.next_from == date(2028, 1, 1)


def test_order__takes_no_more_than_one_order_may_and_the_rest_by_another(shop: make.Shop) -> None:
    with clock.at(make.MORNING), translation.override("en"):
        make.terms(shop.kind, since=date(2020, 1, 2), **IN_PARTS, max_per_order=200)
        assert queries.status_of(line_of(shop)).availability.most == 200
        with pytest.raises(RuleBroken, match="quantity") as refused:
            shop.order(201)
        assert str(refused.value.message) == "At most 200 fit into one order."
        assert "another order for the rest" in str(refused.value.next_step)
        assert left(shop) == 365
        shop.order(200)
        with pytest.raises(RuleBroken) as too_many:
            shop.order(166)
        assert str(too_many.value.message) == "You can order from 1 to 165 now."
        assert shop.order(165).quantity == 165


def test_pages__ask_for_no_more_than_one_order_takes(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        make.agree(shop.person)
        make.terms(shop.kind, since=date(2020, 1, 2), **IN_PARTS, max_per_order=200)
        client: Client = for_years(shop.actor)
        assert "At most 200 pieces in one order." in text(client, f"/programme/{shop.line.pk}")
        offer = f"/order/{shop.line.pk}/offers/{shop.offer.pk}"
        page = open_page(client, offer)
        assert "At most now: 200 pieces" in page.text.replace("\u00a0", " ")
        assert 'value="200"' in page.html
        refused = client.post(offer, {"quantity": "201"})
        assert refused.status_code == 422
        # the form that was begun asks for no more either
        step = FORM_OF_ORDER.url("step", shop.draft(30).pk, "quantity")
        assert "At most now: 200 pieces" in text(client, step)
        again = client.post(step, {"quantity": "201"}, follow=True)
        assert "Enter a smaller number." in read(again).text


def test_next_one__is_due_by_the_terms_of_the_day_of_receipt() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop(kind_code="SU-05", quantity=1, months=48)
        make.terms(shop.kind, since=date(2026, 12, 1), replacement_months=12)
        order = _to_handed_over(shop, shop.order(1))
        confirm_receipt(actor=shop.actor, order=order, signature_id=_sign(shop, order).pk)
        assert queries.status_of(line_of(shop)).availability.from_day == date(2030, 11, 9)
        later = make.Shop(kind_code="SU-05", quantity=1)
        handed = _to_handed_over(later, later.order(1))
    with clock.at(datetime(2026, 12, 2, 5, 0, tzinfo=UTC)):
        confirm_receipt(actor=later.actor, order=handed, signature_id=_sign(later, handed).pk)
        assert queries.status_of(line_of(later)).availability.from_day == date(2027, 12, 2)


def test_next_one__is_due_by_the_terms_of_the_region() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop(kind_code="SU-05", quantity=1, months=48)
        make.terms(shop.kind, region=ABAI, replacement_months=24)
        make.terms(shop.kind, region=ELSEWHERE, replacement_months=6)
        order = _to_handed_over(shop, shop.order(1))
        confirm_receipt(actor=shop.actor, order=order, signature_id=_sign(shop, order).pk)
        assert queries.status_of(line_of(shop)).availability.from_day == date(2028, 11, 9)


def test_line__keeps_the_quantity_and_the_parts_that_it_was_given(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        make.terms(shop.kind, since=date(2026, 11, 1), region=ABAI, period=Period.MONTH, norm=100)
        assert (line_of(shop).window, line_of(shop).quantity, left(shop)) == ("quarter", 365, 365)
        [line] = make.programme(make.person(place=shop.place), shop.kind, quantity=90).lines.all()
        assert (line.window, line.quantity, line.year_quantity) == ("month", 90, None)
        [elsewhere] = make.programme(make.person(place=make.district("311010000")), shop.kind).lines.all()
        assert (elsewhere.window, elsewhere.year_quantity) == ("quarter", 1460)


def test_kind_without_terms__is_given_once_as_much_as_the_programme_says() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop(kind_code="SU-06", quantity=3)
        assert (shop.line.window, shop.line.quantity, shop.line.year_quantity) == ("once", 3, None)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("kept_out", "times"), [(True, 1), (False, 2)])
def test_rest__is_carried_on_once_by_two_daily_jobs_at_once(
    monkeypatch: pytest.MonkeyPatch, kept_out: bool, times: int
) -> None:
    """Without the lock on the line, the negative control, both carry it."""
    with clock.at(make.MORNING):
        shop = make.Shop(stock=5000)
    make.terms(shop.kind, since=date(2020, 1, 2), **IN_PARTS, carry_over=CarryOver.YEAR)
    with clock.at(QUARTERS[0]):
        night()
    if not kept_out:
        monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_of: rows)
    with meeting(ledger, "_rest_of", seconds=KEPT_OUT if kept_out else FREE):
        found = at_once(actions.expire_windows, actions.expire_windows, at=QUARTERS[1])
    assert not [one for one in found if isinstance(one, Exception)], found
    assert LedgerEntry.objects.filter(line=shop.line, kind="grant", cause="carried").count() == times
