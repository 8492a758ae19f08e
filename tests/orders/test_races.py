"""Two at once, with real threads and real transactions; each with its negative control: without the lock the story goes wrong."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import close_old_connections, connection
from django.db.models import F, QuerySet, Sum
from tests import factories as make

from tirek.catalogue.models import Variant
from tirek.core import clock, drafts, workflow
from tirek.core.actors import Actor
from tirek.core.errors import DomainError
from tirek.entitlements import actions as ledger
from tirek.entitlements.actions import ledger as ledger_room
from tirek.entitlements.models import LedgerEntry, Line
from tirek.orders import actions
from tirek.orders.models import Order

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def at_once(*jobs: Callable[[], object]) -> list[object]:
    """Run jobs in threads that start together; returns results or the errors they raised, in order."""
    gate, results = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(place: int, job: Callable[[], object]) -> None:
        try:
            with clock.at(make.MORNING):
                gate.wait(timeout=20)
                results[place] = job()
        except Exception as error:  # noqa: BLE001 - the error is the result
            results[place] = error
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=run, args=(place, job)) for place, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def _shop(**options: Any) -> make.Shop:
    with clock.at(make.MORNING):
        return make.Shop(**options)


def _submit(shop: make.Shop, quantity: int, *, actor: Actor | None = None) -> Callable[[], object]:
    with clock.at(make.MORNING):
        draft = shop.draft(quantity, actor=actor)
    return lambda: actions.submit_order(actor=actor or shop.actor, draft_key=draft.pk)


def _available(shop: make.Shop) -> int:
    return LedgerEntry.objects.filter(line=shop.line).aggregate(rest=Sum("amount"))["rest"]


def test_last_quota__two_devices_order_it_and_one_gets_it() -> None:
    shop = _shop()
    results = at_once(*[_submit(shop, 365) for _ in range(4)])
    assert sum(isinstance(one, Order) for one in results) == 1, results
    assert all(isinstance(one, Order | DomainError) for one in results), results
    assert _available(shop) == 0


def test_last_quota__without_the_lock_it_is_given_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = _shop()

    def unlocked(key: Any) -> Line:
        return Line.objects.select_related("programme", "kind", "person__territory").get(pk=key)

    monkeypatch.setattr(ledger, "lock_line", unlocked)
    Variant.objects.update(stock=10_000)
    # the stock row would serialise them too: give each an own offer
    jobs = []
    for _ in range(2):
        with clock.at(make.MORNING):
            offer = make.offer(shop.supplier, shop.kind)
            draft = drafts.begin(
                shop.actor,
                form="order",
                form_version=1,
                subject_id=shop.person.pk,
                values=make.answers(shop.line, make.version_of(offer), 365),
            )
        jobs.append(lambda key=draft.pk: actions.submit_order(actor=shop.actor, draft_key=key))
    gate, real = threading.Barrier(2), ledger_room.movements_of

    def read_together(line: Line, *, on: Any) -> Any:
        found = real(line, on=on)
        gate.wait(timeout=20)
        return found

    monkeypatch.setattr(ledger_room, "movements_of", read_together)
    results = at_once(*jobs)
    assert sum(isinstance(one, Order) for one in results) == 2, results
    assert _available(shop) == -365


def test_last_stock__two_people_order_it_and_one_gets_it() -> None:
    shop = _shop(stock=30)
    with clock.at(make.MORNING):
        other = make.person(place=shop.place)
        make.programme(other, shop.kind)
        line = Line.objects.get(person=other)
        draft = drafts.begin(
            make.recipient_of(other), form="order", form_version=1, subject_id=other.pk, values=make.answers(line, shop.version, 30)
        )
    results = at_once(_submit(shop, 30), lambda: actions.submit_order(actor=make.recipient_of(other), draft_key=draft.pk))
    assert sum(isinstance(one, Order) for one in results) == 1, results
    shop.version.variant.refresh_from_db()
    assert shop.version.variant.stock == 0
    assert LedgerEntry.objects.filter(kind="reserve").count() == 1


def test_last_stock__read_then_write_would_sell_it_twice() -> None:
    """The negative control: the same subtraction in two steps loses an update."""
    shop = _shop(stock=30)
    gate = threading.Barrier(2)

    def careless() -> bool:
        rows: QuerySet[Variant] = Variant.objects.filter(pk=shop.version.variant_id)
        left = rows.values_list("stock", flat=True).get()
        gate.wait(timeout=20)
        if left >= 30:
            rows.update(stock=left - 30)
            return True
        return False

    assert at_once(careless, careless) == [True, True]


def test_accept_against_lapse__exactly_one_happens() -> None:
    shop = _shop()
    outcomes = set()
    for _ in range(6):
        with clock.at(make.MORNING):
            order = shop.order(10)
        late = make.MORNING + timedelta(days=11)

        def lapse(key: Any = order.pk) -> object:
            with clock.at(late):
                return workflow.fire("order", key, "lapse")

        def accept(order: Order = order) -> object:
            with clock.at(late):
                return actions.accept_order(actor=shop.supplier_actor, order=order, ready_on=clock.today())

        results = at_once(lapse, accept)
        order.refresh_from_db()
        outcomes.add(order.state)
        accepted = order.state == Order.State.ACCEPTED
        assert isinstance(results[1], Order) is accepted
        released = LedgerEntry.objects.filter(case_id=order.pk, kind="release").count()
        assert released == (0 if accepted else 1)
    assert outcomes <= {Order.State.ACCEPTED, Order.State.CANCELLED}


def test_accept_against_lapse__without_compare_and_swap_both_would_happen() -> None:
    """The negative control: a state that is read first and written later without the lock and the comparison."""
    shop = _shop()
    with clock.at(make.MORNING):
        order = shop.order(10)
    gate = threading.Barrier(2)

    def careless(target: str) -> Callable[[], bool]:
        def run() -> bool:
            rows = Order.objects.filter(pk=order.pk)
            state = rows.values_list("state", flat=True).get()
            gate.wait(timeout=20)
            if state == Order.State.SUBMITTED:
                rows.update(state=target, version=F("version") + 1)
                return True
            return False

        return run

    assert at_once(careless(Order.State.ACCEPTED), careless(Order.State.CANCELLED)) == [True, True]


def test_two_officers__take_up_the_same_form_and_one_gets_it() -> None:
    shop = _shop()
    with clock.at(make.MORNING):
        first, second = make.officer(shop.place), make.officer(shop.place)
        draft = shop.draft(10)
        drafts.hand_to_office(shop.actor, draft.pk, territory_code=shop.place.code)
    results = at_once(lambda: drafts.take(first, draft.pk), lambda: drafts.take(second, draft.pk))
    assert sum(isinstance(one, drafts.Draft) for one in results) == 1, results
    draft.refresh_from_db()
    assert draft.holder_id in {first.user_id, second.user_id}


def test_submit__five_clicks_at_once_give_one_order() -> None:
    shop = _shop()
    with clock.at(make.MORNING):
        draft = shop.draft(10)
    results = at_once(*[lambda: actions.submit_order(actor=shop.actor, draft_key=draft.pk)] * 5)
    assert {one.number for one in results if isinstance(one, Order)} == {Order.objects.get().number}
    assert all(isinstance(one, Order) for one in results), results


def test_submit__without_the_draft_lock_five_clicks_would_give_more(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = _shop()
    with clock.at(make.MORNING):
        draft = shop.draft(10)
    gate = threading.Barrier(2)

    def unlocked(actor: Actor, key: Any) -> drafts.Draft:
        found = drafts.Draft.objects.get(pk=key)
        gate.wait(timeout=20)
        return found

    monkeypatch.setattr(drafts, "_locked", unlocked)
    at_once(*[lambda: actions.submit_order(actor=shop.actor, draft_key=draft.pk)] * 2)
    assert Order.objects.count() == 2
