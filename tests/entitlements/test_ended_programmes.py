"""What an order of a programme that has ended still counts for, whatever ended it; and two who enter one at once."""

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from tests import factories as make
from tests.entitlements import papers
from tests.kit.together import FREE, KEPT_OUT, at_once, meeting

from tirek.core import clock, signing
from tirek.core.actors import CLOCK, Actor
from tirek.core.errors import DomainError, RuleBroken
from tirek.entitlements import actions as entitlements
from tirek.entitlements.actions import LineGrant, programmes, register_programme
from tirek.entitlements.actions.programmes import cancel_programme, expire_programme
from tirek.entitlements.models import Correction, Line, Programme
from tirek.entitlements.queries import status_of
from tirek.orders import actions
from tirek.orders.models import Order
from tirek.orders.signing import receipt_document

HOW = pytest.mark.parametrize("how", ["replace", "expire", "cancel"])
ONCE = {"kind_code": "SM-01", "quantity": 1, "months": 24, "price": Decimal(100)}


def _ends(shop: make.Shop, how: str, *, quantity: int, actor: Actor = CLOCK) -> None:
    """The programme of the shop ends in one of the ways, and a new one gives the same kind."""
    known = Programme.objects.get(pk=shop.programme.pk)
    if how == "expire":
        expire_programme(actor=CLOCK, programme=known)
    if how == "cancel":
        cancel_programme(actor=make.officer(shop.place), programme=known, basis="Re-examination")
    _register(shop, quantity=quantity, actor=actor)


def _register(shop: make.Shop, *, quantity: int, actor: Actor = CLOCK, day: date = date(2026, 1, 14)) -> Programme:
    grant = LineGrant(kind=shop.kind, quantity=quantity, recommended={})
    return register_programme(
        actor=actor, person=shop.person, issued_by="МСЭ", issued_on=day, valid_until=None, lines=[grant]
    )


def _available(shop: make.Shop) -> int:
    line = Line.objects.get(person=shop.person, programme__state=Programme.State.ACTIVE)
    return status_of(line).availability.quantity


def _received(shop: make.Shop, order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(office_task="")
    order.refresh_from_db()
    accepted = actions.accept_order(actor=shop.supplier_actor, order=order, ready_on=clock.today() + timedelta(days=3))
    handed = actions.confirm_hand_over(
        actor=make.officer(shop.place), order=accepted, reason=Order.NoCodeReason.values[0]
    )
    signer = signing.Signer(user_id=shop.actor.user_id, person_id=shop.person.pk)
    paper = signing.record_paper(shop.actor, receipt_document(handed), signer)
    actions.confirm_receipt(actor=make.officer(shop.place), order=handed, signature_id=paper.pk)


@HOW
@pytest.mark.django_db
def test_open_order__of_an_ended_programme_leaves_no_second_one(how: str) -> None:
    with clock.at(make.MORNING):
        shop = make.Shop(**ONCE)
        order = actions.submit_order(actor=shop.actor, draft_key=shop.draft(1).pk)
        _ends(shop, how, quantity=1)
        assert _available(shop) == 0
        _received(shop, order)
        assert _available(shop) == 0
    for days, available in ((700, 0), (800, 1)):
        with clock.at(make.MORNING + timedelta(days=days)):
            entitlements.open_windows()
            entitlements.expire_windows()
            assert _available(shop) == available, days


@HOW
@pytest.mark.django_db
def test_received_before__counts_until_its_term_is_over(how: str) -> None:
    with clock.at(make.MORNING):
        shop = make.Shop(**ONCE)
        _received(shop, actions.submit_order(actor=shop.actor, draft_key=shop.draft(1).pk))
        _ends(shop, how, quantity=1)
        assert _available(shop) == 0
    with clock.at(make.MORNING + timedelta(days=800)):
        entitlements.open_windows()
        assert _available(shop) == 1


@HOW
@pytest.mark.parametrize(("kind", "quantity"), [("GI-01", 1460), ("SM-01", 1)])
@pytest.mark.django_db
def test_order_that_comes_to_nothing__gives_back_to_the_programme_that_counted_it(
    how: str, kind: str, quantity: int
) -> None:
    with clock.at(make.MORNING):
        shop = make.Shop(kind_code=kind, quantity=quantity, months=24 if quantity == 1 else None, price=Decimal(100))
        most = shop.line.quantity
        order = actions.submit_order(actor=shop.actor, draft_key=shop.draft(most).pk)
        _ends(shop, how, quantity=quantity)
        assert _available(shop) == 0
        actions.cancel_order(actor=shop.actor, order=order)
        assert _available(shop) == most


@HOW
@pytest.mark.django_db
def test_third_programme__counts_an_order_of_the_first_once(how: str) -> None:
    with clock.at(make.MORNING):
        shop = make.Shop(**(ONCE | {"quantity": 3}))
        order = actions.submit_order(actor=shop.actor, draft_key=shop.draft(1).pk)
        _ends(shop, how, quantity=3)
        assert _available(shop) == 2
        _register(shop, quantity=3, day=date(2026, 1, 15))
        assert _available(shop) == 2
        actions.cancel_order(actor=shop.actor, order=order)
        assert _available(shop) == 3


# --- the same paper twice, and at once


@pytest.mark.django_db
def test_same_programme_again__is_refused_and_a_corrected_one_replaces_it() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
        clerk = make.officer(shop.place)
        first = _register(shop, quantity=1000, actor=clerk)
        with pytest.raises(RuleBroken) as refused:
            _register(shop, quantity=1000, actor=clerk)
        assert refused.value.code == "known"
        assert first.number in str(refused.value.message)
        _register(shop, quantity=1200, actor=clerk)
        first.refresh_from_db()
        assert first.state == Programme.State.REPLACED


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("had", [False, True])
def test_two_who_register_at_once__give_one_quota(had: bool) -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
        clerks = make.officer(shop.place), make.officer(shop.place)
        if not had:
            shop.person = make.person(place=shop.place)

    def by(clerk: Actor) -> Callable[[], Programme]:
        return lambda: _register(shop, quantity=1460, actor=clerk)

    with meeting(programmes, "_lines_before", seconds=1):
        results = at_once(*map(by, clerks))
    states = list(Programme.objects.filter(person=shop.person).values_list("state", flat=True))
    assert states.count("active") == 1
    [refused] = [one for one in results if isinstance(one, DomainError)]
    assert refused.code == "known"


def _while_it_ends(
    shop: make.Shop, clerk: Actor, *jobs: Callable[[], object], at: datetime = make.MORNING
) -> list[object]:
    """What becomes of jobs that wait for a line while a new programme takes the place of its own."""
    held, real = threading.Event(), programmes.expire_rest

    def holding(programme: Programme, *, cause: str) -> None:
        real(programme, cause=cause)
        held.set()
        threading.Event().wait(KEPT_OUT)

    def after(job: Callable[[], object]) -> Callable[[], object]:
        def begin() -> object:
            assert held.wait(FREE)
            return job()

        return begin

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(programmes, "expire_rest", holding)
        return at_once(lambda: _register(shop, quantity=1460, actor=clerk), *map(after, jobs), at=at)[1:]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_correction__of_a_programme_that_ends_at_this_moment_is_not_signed() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
        clerk, first, second = (make.officer(shop.place) for _n in range(3))
        correction = papers.proposed(shop, first, 30)
    [refused] = _while_it_ends(shop, clerk, lambda: entitlements.sign_correction(actor=second, correction=correction))
    assert isinstance(refused, RuleBroken)
    assert refused.code == "programme"
    correction.refresh_from_db()
    assert correction.state == Correction.State.PROPOSED


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("days", [0, 100])
def test_order_against_a_new_programme__is_never_sent_on_the_one_that_has_ended(days: int) -> None:
    at = make.MORNING + timedelta(days=days)
    with clock.at(make.MORNING):
        shop = make.Shop()
    with clock.at(at):
        draft, clerk = shop.draft(30), make.officer(shop.place)
    [refused] = _while_it_ends(shop, clerk, lambda: actions.submit_order(actor=shop.actor, draft_key=draft.pk), at=at)
    assert isinstance(refused, DomainError)
    active = Line.objects.get(person=shop.person, programme__state=Programme.State.ACTIVE)
    with clock.at(at):
        entitlements.open_windows()
        held = sum(one.quantity for one in Order.objects.filter(person=shop.person))
        full = status_of(active).availability.quantity + held
        assert full == active.quantity
