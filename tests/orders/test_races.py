"""Two at once, with real threads and real transactions; each with its negative control: without the lock the story goes
wrong.

Each story stops whoever has read until the other has read, too: where the product's lock keeps the other out, they wait
a second for nothing; without the lock both go on from what they have read.
"""

import threading
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError
from django.db.models import QuerySet, Sum
from tests import factories as make
from tests.kit.together import FREE, KEPT_OUT, at_once, meeting

from tirek.catalogue import actions as stock
from tirek.catalogue.models import Variant
from tirek.core import clock, drafts
from tirek.core.actors import Actor
from tirek.core.case import deadlines, journal, workflow
from tirek.core.errors import Busy, DomainError, RuleBroken, StaleState
from tirek.entitlements import actions as ledger
from tirek.entitlements.actions import ledger as ledger_room
from tirek.entitlements.models import LedgerEntry, Line
from tirek.orders import actions
from tirek.orders.actions import submitting
from tirek.orders.models import Order
from tirek.orders.requests import FORM, FORM_VERSION

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def _shop(**options: Any) -> make.Shop:
    with clock.at(make.MORNING):
        return make.Shop(**options)


def _submit(shop: make.Shop, quantity: int, *, actor: Actor | None = None) -> Callable[[], object]:
    with clock.at(make.MORNING):
        draft = shop.draft(quantity, actor=actor)
    return lambda: actions.submit_order(actor=actor or shop.actor, draft_key=draft.pk)


def _available(shop: make.Shop) -> int:
    return LedgerEntry.objects.filter(line=shop.line).aggregate(rest=Sum("amount"))["rest"]


def _quota_jobs(shop: make.Shop, count: int) -> list[Callable[[], object]]:
    """Orders of the whole quarter's quota, each from an offer of its own: no stock stands between them."""
    jobs: list[Callable[[], object]] = []
    for _ in range(count):
        with clock.at(make.MORNING):
            version = make.version_of(make.offer(shop.supplier, shop.kind))
            draft = drafts.begin(
                shop.actor,
                form=FORM,
                form_version=FORM_VERSION,
                subject_id=shop.person.pk,
                values=make.answers(shop.line, version, 365),
            )
        # bound now
        jobs.append(lambda key=draft.pk: actions.submit_order(actor=shop.actor, draft_key=key))  # type: ignore[misc]
    return jobs


def test_last_quota__four_devices_order_it_and_one_gets_it() -> None:
    shop = _shop()
    jobs = _quota_jobs(shop, 4)
    with meeting(ledger_room, "movements_of", seconds=KEPT_OUT):
        results = at_once(*jobs)
    assert sum(isinstance(one, Order) for one in results) == 1, results
    assert sum(isinstance(one, RuleBroken) for one in results) == 3, results
    assert _available(shop) == 0


def test_last_quota__without_the_lock_it_is_given_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = _shop()
    jobs = _quota_jobs(shop, 2)

    def unlocked(key: Any) -> Line:
        return Line.objects.select_related("programme", "kind", "person__territory").get(pk=key)

    monkeypatch.setattr(ledger, "lock_line", unlocked)
    with meeting(ledger_room, "movements_of", seconds=FREE):
        results = at_once(*jobs)
    assert sum(isinstance(one, Order) for one in results) == 2, results
    assert _available(shop) == -365


def _stock_jobs(shop: make.Shop) -> list[Callable[[], object]]:
    """Two people who order the last thirty pieces."""
    with clock.at(make.MORNING):
        other = make.person(place=shop.place)
        make.agree(other)
        make.programme(other, shop.kind)
        line, actor = Line.objects.get(person=other), make.recipient_of(other)
        values = make.answers(line, shop.version, 30)
        draft = drafts.begin(actor, form=FORM, form_version=FORM_VERSION, subject_id=other.pk, values=values)
    return [_submit(shop, 30), lambda: actions.submit_order(actor=actor, draft_key=draft.pk)]


def test_last_stock__two_people_order_it_and_one_gets_it() -> None:
    shop = _shop(stock=30)
    jobs = _stock_jobs(shop)
    with meeting(stock, "take_stock", seconds=FREE, before=True):
        results = at_once(*jobs)
    assert sum(isinstance(one, Order) for one in results) == 1, results
    assert [one.code for one in results if isinstance(one, RuleBroken)] == ["stock"], results
    shop.version.variant.refresh_from_db()
    assert shop.version.variant.stock == 0
    assert LedgerEntry.objects.filter(kind="reserve").count() == 1


def test_last_stock__without_the_condition_the_second_meets_an_error_instead_of_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shop = _shop(stock=30)
    jobs = _stock_jobs(shop)
    monkeypatch.setattr(stock, "_TAKE", stock._TAKE.replace("AND stock >= %s", "AND %s > 0"))
    with meeting(stock, "take_stock", seconds=FREE, before=True):
        results = at_once(*jobs)
    assert sum(isinstance(one, Order) for one in results) == 1, results
    assert sum(isinstance(one, IntegrityError) for one in results) == 1, results


def test_last_stock__read_first_and_written_later_it_is_sold_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = _shop(stock=30)
    jobs, gate = _stock_jobs(shop), threading.Barrier(2)

    def careless(variant_id: Any, quantity: int) -> None:
        rows: QuerySet[Variant] = Variant.objects.filter(pk=variant_id)
        left = rows.values_list("stock", flat=True).get()
        gate.wait(timeout=FREE)
        if left < quantity:
            raise RuleBroken("no")
        rows.update(stock=left - quantity)

    monkeypatch.setattr(stock, "take_stock", careless)
    results = at_once(*jobs)
    assert sum(isinstance(one, Order) for one in results) == 2, results


def _answers_of_both(shop: make.Shop, order: Order) -> list[object]:
    """What the clock's lapse and the supplier's acceptance of one order end with: the press came in time, the clock a
    moment later.
    """
    (term,) = deadlines.open_of(order)
    late, in_time = term.due_at, term.due_at - timedelta(seconds=1)

    def lapse() -> object:
        with clock.at(late):
            return workflow.fire("order", order.pk, "lapse")

    def accept() -> object:
        with clock.at(in_time):
            return actions.accept_order(actor=shop.supplier_actor, order=order, ready_on=clock.today())

    return at_once(lapse, accept)


def test_accept_against_lapse__exactly_one_happens() -> None:
    shop = _shop()
    for _ in range(3):
        with clock.at(make.MORNING):
            order = shop.order(10)
        with meeting(journal, "append", seconds=KEPT_OUT, before=True):
            lapsed, taken = _answers_of_both(shop, order)
        order.refresh_from_db()
        accepted = order.state == Order.State.ACCEPTED
        assert accepted or order.state == Order.State.CANCELLED
        # the one who comes too late is told so in words, or finds nothing to do
        assert lapsed is (not accepted) or isinstance(lapsed, StaleState | Busy), lapsed
        assert isinstance(taken, Order if accepted else StaleState | Busy | RuleBroken), taken
        released = LedgerEntry.objects.filter(case_id=order.pk, kind="release").count()
        assert released == (0 if accepted else 1)
        assert [event.type for event in journal.events_of(order)] == [
            "order.submit",
            "order.accept" if accepted else "order.lapse",
        ]


def test_accept_against_lapse__without_lock_and_comparison_both_go_on_and_only_the_journal_stops_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shop = _shop()
    with clock.at(make.MORNING):
        order = shop.order(10)

    def written(case: Any, _state: str, _version: int, changed: Any) -> None:
        columns = {"state", "state_since", "version", "journal_head", *changed}
        Order.objects.filter(pk=case.pk).update(**{name: getattr(case, name) for name in columns})

    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_of: rows)
    monkeypatch.setattr(workflow, "_swap", written)
    with meeting(journal, "append", seconds=FREE, before=True):
        results = _answers_of_both(shop, order)
    assert sum(isinstance(one, IntegrityError) for one in results) == 1, results


def _officers_and_a_form(shop: make.Shop) -> tuple[Actor, Actor, drafts.Draft]:
    with clock.at(make.MORNING):
        first, second = make.officer(shop.place), make.officer(shop.place)
        draft = shop.draft(10)
        drafts.hand_to_office(shop.actor, draft.pk, territory_code=shop.place.code)
    return first, second, draft


def test_two_officers__take_up_the_same_form_and_one_gets_it() -> None:
    first, second, draft = _officers_and_a_form(_shop())
    with meeting(drafts.drafts, "_locked", seconds=KEPT_OUT):
        results = at_once(lambda: drafts.take(first, draft.pk), lambda: drafts.take(second, draft.pk))
    (taken,) = [one for one in results if isinstance(one, drafts.Draft)]
    assert sum(isinstance(one, DomainError) for one in results) == 1, results
    draft.refresh_from_db()
    assert draft.holder_id == taken.holder_id


def _read_only(_actor: Actor, key: Any) -> drafts.Draft:
    """A draft as anybody reads it, without a lock."""
    return drafts.Draft.objects.get(pk=key)


def test_two_officers__without_the_lock_both_take_it_up(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, draft = _officers_and_a_form(_shop())
    monkeypatch.setattr(drafts.drafts, "_locked", _read_only)
    with meeting(drafts.drafts, "_locked", seconds=FREE):
        results = at_once(lambda: drafts.take(first, draft.pk), lambda: drafts.take(second, draft.pk))
    assert sum(isinstance(one, drafts.Draft) for one in results) == 2, results


def test_submit__five_clicks_at_once_give_one_order() -> None:
    shop = _shop()
    with clock.at(make.MORNING):
        draft = shop.draft(10)
    with meeting(drafts.drafts, "_locked", seconds=KEPT_OUT):
        results = at_once(*[lambda: actions.submit_order(actor=shop.actor, draft_key=draft.pk)] * 5)
    assert all(isinstance(one, Order) for one in results), results
    assert {one.number for one in results if isinstance(one, Order)} == {Order.objects.get().number}


def test_submit__without_the_draft_lock_five_clicks_would_give_more(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = _shop()
    with clock.at(make.MORNING):
        draft = shop.draft(10)
    monkeypatch.setattr(drafts.drafts, "_locked", _read_only)
    with meeting(drafts.drafts, "_locked", seconds=FREE):
        at_once(*[lambda: actions.submit_order(actor=shop.actor, draft_key=draft.pk)] * 2)
    assert Order.objects.count() == 2


@pytest.mark.mission("S2.13")
def test_price_that_changes_at_the_press__is_that_of_the_order_before_or_refuses_it() -> None:
    shop = _shop(price=Decimal(220))
    change = partial(stock.change_price, actor=shop.supplier_actor, variant=shop.version.variant, price=Decimal(400))
    # who presses has read the price, and goes on when it has changed
    with meeting(submitting, "version_to_order", seconds=KEPT_OUT):
        pressed, changed = at_once(_submit(shop, 30), change)
    assert not isinstance(changed, Exception), changed
    prices = [one.price for one in shop.version.variant.versions.order_by("n")]
    assert prices == [Decimal(220), Decimal(400)]
    assert Order.objects.count() == (not isinstance(pressed, Exception)), pressed
    if isinstance(pressed, RuleBroken):
        assert pressed.code == "offer_changed"
        return
    order = Order.objects.select_related("version_of_offer").get()
    # nobody pays what was not shown: guaranteed 200, 20 for each of 30
    assert (order.version_of_offer_id, order.version_of_offer.price) == (shop.version.pk, Decimal(220))
    assert order.person_part == 30 * 20
